package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

// nights is a roster of the executives as its form sends it.
func nights(change ...string) url.Values {
	form := url.Values{
		"known": {""}, "role": {"executive"}, "department": {""}, "turn.0": {"executive"}, "turn.1": {""}, "start": {"2026-03-16"}, "hand_over": {"09:00"},
		"turn_days": {"7"}, "zone": {"UTC"}, "why": {"nights"},
	}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

func TestARosterIsMadeAndSaysWhoIsOnDuty(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "supervisor")
	require.Contains(t, w.get(t, "/organisation/roster").Text(), "No duty roster yet")
	require.Equal(t, http.StatusSeeOther, w.post(t, "/organisation/roster", nights()).Code)
	page := w.get(t, "/organisation/roster")
	require.Contains(t, page.Text(), "On duty: Name of executive, until 23 March 2026, 09:00")
	on, err := d.OnDuty(t.Context(), models.RoleExecutive, "", noon)
	require.NoError(t, err)
	require.Equal(t, "executive", on.Told)

	require.Equal(t, http.StatusForbidden, d.as(t, "ops").post(t, "/organisation/roster", nights("why", "mine")).Code)
	require.NotContains(t, d.as(t, "ops").get(t, "/organisation/roster").Body, `name="turn.0"`)
	require.Equal(t, http.StatusForbidden, d.as(t, "handler").get(t, "/organisation/roster").Code)
}

func TestWhatIsWrongWithARosterStandsBesideItsField(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "supervisor")
	for field, value := range map[string]string{"turn.0": "handler", "start": "tomorrow", "hand_over": "9 o'clock", "turn_days": "0", "zone": "Mars", "why": ""} {
		got := w.post(t, "/organisation/roster", nights(field, value))
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, field)
		require.Contains(t, got.Body, `id="fault-`+field+`"`, field)
		require.Contains(t, got.Body, `<option value="executive" selected>`, "what was typed is kept")
	}
}

var takeBack = regexp.MustCompile(`name="if_version" value="(\d+)"><input type="hidden" name="from" value="([^"]+)"`)

func TestASwapIsMadeAndTakenBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	require.NoError(t, d.PutPerson(t.Context(), d.call(t, "admin").Actor, models.Person{ID: "eva", Name: "Eva", Language: models.LanguageEN, Roles: []models.Role{models.RoleExecutive}}))
	_, err := d.PutRoster(t.Context(), d.call(t, "supervisor").Actor, cases.RosterWish{
		Role: models.RoleExecutive, Reason: "r", Roster: cases.DutyRoster{Zone: "UTC", Start: "2026-03-16", HandOver: "09:00", TurnDays: 7, People: []string{"executive"}},
	})
	require.NoError(t, err)
	w := d.as(t, "supervisor")
	swap := url.Values{
		"known": {"executive/"}, "role": {"executive"}, "department": {""}, "if_version": {"1"}, "person": {"eva"},
		"from": {"2026-03-18T10:00"}, "until": {"2026-03-18T09:00"}, "why": {"dentist"},
	}
	wrong := w.post(t, "/organisation/roster/swap", swap)
	require.Equal(t, http.StatusUnprocessableEntity, wrong.Code)
	require.Contains(t, wrong.Body, `id="fault-until"`)
	swap.Set("until", "2026-03-18T18:00")
	swap.Set("key", "another")
	done := w.post(t, "/organisation/roster/swap", swap)
	require.Equal(t, http.StatusSeeOther, done.Code, done.Text())
	page := w.get(t, "/organisation/roster")
	require.Contains(t, page.Text(), "On duty: Eva, until 18 March 2026, 18:00")

	found := takeBack.FindStringSubmatch(page.Body)
	back := url.Values{"known": {"executive/"}, "role": {"executive"}, "department": {""}, "if_version": {found[1]}, "from": {found[2]}}
	require.Equal(t, http.StatusSeeOther, w.post(t, "/organisation/roster/unswap", back).Code)
	require.Contains(t, w.get(t, "/organisation/roster").Text(), "On duty: Name of executive")
	swap.Set("key", "a third")
	require.Equal(t, http.StatusPreconditionFailed, w.post(t, "/organisation/roster/swap", swap).Code, "the roster has moved on")
}
