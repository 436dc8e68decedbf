package console_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

func TestTheCalendarsPageShowsAYearAndCountsWithItsReasons(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "supervisor")
	got := w.get(t, "/organisation/calendars?year=2026")
	require.Equal(t, http.StatusOK, got.Code)
	require.Contains(t, got.Text(), "working")
	require.NotContains(t, got.Body, `action="/organisation/calendars/import"`, "who may not change the policy brings no days")
	for _, unknown := range []string{"?calendar=moon", "?version=policy-9"} {
		require.Equal(t, http.StatusNotFound, w.get(t, "/organisation/calendars"+unknown).Code, unknown)
	}
	require.Equal(t, http.StatusOK, w.get(t, "/organisation/calendars?year=nonsense").Code)

	// Friday 14:00 and four hours of half-days: until 18:00; ten hours: until Monday, three hours into its day.
	tried := func(amount string) string {
		return w.get(t, "/organisation/calendars?"+url.Values{"calendar": {"halves"}, "from": {"2026-03-06T14:00"}, "amount": {amount}}.Encode()).Text()
	}
	require.Contains(t, tried("4h"), "2026-03-06 18:00")
	long := tried("10h")
	require.Contains(t, long, "2026-03-09 13:00")
	require.Contains(t, long, "2026-03-07 – 2026-03-08 Closed every week nothing", "the weekend is one line, with its reason")
	require.Contains(t, tried("soon"), "is not a length")
	require.Contains(t, w.get(t, "/organisation/calendars?from=tomorrow&amount=1h").Text(), "is no instant")
}

func TestDaysOfAListComeIntoThePolicysFormAndNowhereElse(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	require.NoError(t, d.store.PutPerson(t.Context(), models.Person{ID: "top", Name: "Top", Roles: []models.Role{models.RoleExecutive}, CreatedAt: noon}))
	w := d.as(t, "ops")
	form := url.Values{"calendar": {"working"}, "list": {"date,kind,name\n2026-12-24,off,Christmas Eve\n2026-12-26,worked,for it\n"}, "known_until": {"2027-12-31"}}
	got := w.post(t, "/organisation/calendars/import", form)
	require.Equal(t, http.StatusOK, got.Code, got.Text())
	require.Contains(t, got.Body, "    days_off:\n      2026-12-24: Christmas Eve\n", "in the text of the policy")
	require.Contains(t, got.Body, "# off is one of the zone", "whose comments stay")
	require.Contains(t, got.Text(), "3 places differ from default-1")
	require.Contains(t, got.Text(), "/calendars/working/days_worked/2026-12-26")
	versions, err := d.Policies(t.Context())
	require.NoError(t, err)
	require.Len(t, versions, 1, "nothing is published yet")

	for _, tt := range []struct{ list, until, calendar, says string }{
		{"date,name\n2026-12-24,x\n2026-02-30,y\n", "", "working", "Line 3"},
		{"", "", "working", "It is empty"},
		{"date,name\n2026-12-24,x\n", "soon", "working", "no date such as 2027-12-31"},
		{"date,name\n2026-12-24,x\n", "", "moon", "no such calendar"},
	} {
		got := w.post(t, "/organisation/calendars/import", url.Values{"calendar": {tt.calendar}, "list": {tt.list}, "known_until": {tt.until}})
		require.Contains(t, []int{http.StatusUnprocessableEntity, http.StatusNotFound}, got.Code, tt.says)
		require.Contains(t, got.Text(), tt.says)
	}
	require.Equal(t, http.StatusForbidden, d.as(t, "supervisor").post(t, "/organisation/calendars/import", form).Code)
}
