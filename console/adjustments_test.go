package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// typhoon is a day more for complaints by phone.
func typhoon() url.Values {
	return url.Values{"later": {"1d"}, "clocks": {"handling"}, "filter.channels": {"phone"}, "filter.regions": {"south\r\nnorth"}, "reason": {"typhoon day"}}
}

func TestAnAdjustmentIsPreviewedCarriedOutAndTakenBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	south := told("a")
	south.Opened.Region = "south"
	number, other := d.dispatched(t, south), d.dispatched(t, told("b"))
	due := d.row(t, number).HandlingDueAt
	w := d.as(t, "supervisor")
	require.NotContains(t, w.get(t, "/organisation/adjustments").Body, `action="/organisation/adjustments/policy"`, "that is for admin and ops")
	got := w.post(t, "/organisation/adjustments/later", typhoon())
	require.Equal(t, http.StatusSeeOther, got.Code, got.Body)
	at := got.Header.Get("Location")
	page := w.get(t, at)
	require.Contains(t, page.Text(), "This is a preview")
	require.Contains(t, page.Text(), number)
	require.NotContains(t, page.Text(), other)
	require.Contains(t, page.Text(), "Carry it out on 1 case")
	require.Equal(t, due, d.row(t, number).HandlingDueAt)

	got = w.post(t, at+"/start", url.Values{})
	require.Equal(t, http.StatusSeeOther, got.Code)
	require.Contains(t, w.get(t, at).Body, "/so-far", "it goes on by itself")
	d.carryOut(t, at, false)
	require.Contains(t, w.get(t, at+"/so-far").Text(), "Carried out")
	require.NotContains(t, w.get(t, at+"/so-far").Body, "hx-get", "it is done")
	require.Equal(t, due.AddDate(0, 0, 1), d.row(t, number).HandlingDueAt)
	require.Contains(t, w.get(t, at+"?state=done").Text(), number)

	require.Equal(t, http.StatusForbidden, d.as(t, "ops").post(t, at+"/undo", url.Values{}).Code, "who may not grant it may not take it back")
	require.Equal(t, http.StatusSeeOther, w.post(t, at+"/undo", url.Values{}).Code)
	d.carryOut(t, at, true)
	require.Contains(t, w.get(t, at).Text(), "Taken back by Name of supervisor")
	require.Equal(t, due, d.row(t, number).HandlingDueAt)
}

// carryOut is what the workflow of the adjustment at an address does.
func (d *desk) carryOut(t *testing.T, at string, undo bool) {
	t.Helper()
	so, err := d.Adjust(t.Context(), at[len("/organisation/adjustments/"):], undo, func() {})
	require.NoError(t, err)
	require.Zero(t, so.Left)
}

func TestAnAdjustmentThatIsRefusedKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "supervisor")
	for field, change := range map[string]func(url.Values){
		"later":           func(f url.Values) { f.Set("later", "soonish") },
		"clocks":          func(f url.Values) { f.Set("clocks", "first_response") },
		"filter.channels": func(f url.Values) { f.Set("filter.channels", "smoke") },
		"filter.regions":  func(f url.Values) { f.Set("filter.regions", "north\n"+strings.Repeat("南", 201)) },
		"reason":          func(f url.Values) { f.Set("reason", " ") },
	} {
		form := typhoon()
		change(form)
		got := w.post(t, "/organisation/adjustments/later", form)
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, field)
		require.Contains(t, got.Body, `id="fault-`+field+`"`)
		require.Contains(t, got.Text(), "north", field)
	}
	require.Equal(t, http.StatusForbidden, w.post(t, "/organisation/adjustments/policy", url.Values{"policy": {"default-1"}, "reason": {"r"}}).Code)
	require.Equal(t, http.StatusNotFound, w.post(t, "/organisation/adjustments/nonsense", typhoon()).Code)
	require.Equal(t, http.StatusNotFound, w.get(t, "/organisation/adjustments/none").Code)
	require.Equal(t, http.StatusForbidden, d.as(t, "hr").get(t, "/organisation/adjustments").Code)
	all, err := d.Adjustments(t.Context(), models.Actor{Kind: models.ActorPerson, ID: "supervisor", Roles: []models.Role{models.RoleSupervisor}})
	require.NoError(t, err)
	require.Empty(t, all)
}

func TestTwiceTheSameFormIsOnePreview(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w, form := d.as(t, "supervisor"), typhoon()
	form.Set("key", "k-1")
	first, second := w.post(t, "/organisation/adjustments/later", form), w.post(t, "/organisation/adjustments/later", form)
	require.Equal(t, http.StatusSeeOther, second.Code)
	require.Equal(t, first.Header.Get("Location"), second.Header.Get("Location"))
}
