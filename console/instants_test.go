package console_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// shanghai is eight hours ahead of where the console of these tests is.
const shanghai = "Asia/Shanghai"

func TestAWishForACallIsReadInTheZoneInWhichItsFormWasDrawn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.resulted(t)
	w, path := d.as(t, ""), "/t/"+d.token(t, number)
	form := url.Values{"to": {"2026-03-20T10:00"}, "drawn_in": {w.get(t, path).Hidden("drawn_in")}}
	w.cookies["zone"] = shanghai // console.js learns it after the page was drawn
	require.Equal(t, path, w.post(t, path+"/reschedule", form).To())
	all, err := d.store.Incomings(t.Context(), d.row(t, number).ID)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Contains(t, string(all[0].Command), "2026-03-20T10:00:00Z")
	again := w.post(t, path+"/reschedule", url.Values{"to": {"soon"}, "drawn_in": {"UTC"}})
	require.Equal(t, "UTC", again.Hidden("drawn_in"), "what is shown again is in the zone in which it was typed")
}

func TestTypedInstantsAreReadInTheZoneInWhichTheirFormWasDrawn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("the kettle leaks"))
	w := d.as(t, "handler")
	got := w.get(t, "/cases/"+number)
	form := url.Values{
		"drawn_in": {got.Hidden("drawn_in")}, "if_seq": {got.Hidden("if_seq")}, "waiting_for": {string(models.PauseOutside)},
		"until": {"2026-03-19T10:00"}, "reason": {"they send a picture"},
	}
	w.cookies["zone"] = shanghai
	require.Equal(t, http.StatusSeeOther, w.post(t, "/cases/"+number+"/pause", form).Code)
	view, err := d.Case(t.Context(), d.call(t, "handler").Actor, number)
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, time.March, 19, 10, 0, 0, 0, time.UTC), view.PausedUntil.UTC())

	admin := d.as(t, "admin")
	away := url.Values{"from": {"2026-03-19T10:00"}, "until": {"2026-03-20T10:00"}, "drawn_in": {admin.get(t, "/organisation/people/handler").Hidden("drawn_in")}}
	admin.cookies["zone"] = shanghai
	require.Equal(t, http.StatusSeeOther, admin.post(t, "/organisation/people/handler/absences", away).Code)
	absences, err := d.Absences(t.Context(), d.call(t, "admin").Actor, "handler")
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, time.March, 19, 10, 0, 0, 0, time.UTC), absences[0].FromAt.UTC())

	clerk := d.as(t, "intake")
	letter := url.Values{
		"channel": {"email"}, "severity": {"general"}, "language": {"en"}, "zone": {"UTC"}, "text": {"it leaks"}, "contact.name": {"Wang Wu"},
		"contact.phone": {"13800138000"}, "received_at": {"2026-03-18T09:00"}, "receipt_evidence": {"the head of the mail"},
		"drawn_in": {clerk.get(t, "/intake").Hidden("drawn_in")},
	}
	clerk.cookies["zone"] = shanghai
	saved := clerk.post(t, "/intake", letter)
	require.Equal(t, http.StatusSeeOther, saved.Code, saved.Text())
	row := d.row(t, saved.To()[len("/cases/"):len(saved.To())-len("/saved")])
	require.Equal(t, time.Date(2026, time.March, 18, 9, 0, 0, 0, time.UTC), row.ReceivedAt.UTC())
}

func TestATimeThatTheClocksSkipIsRefusedBesideItsField(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("the kettle leaks"))
	w := d.as(t, "handler")
	w.cookies["zone"] = "Europe/Berlin" // on 29 March, 02:00 is followed by 03:00
	got := w.post(t, "/cases/"+number+"/pause", url.Values{
		"if_seq": {w.get(t, "/cases/"+number).Hidden("if_seq")}, "waiting_for": {string(models.PauseOutside)}, "until": {"2026-03-29T02:30"},
		"reason": {"they send a picture"},
	})
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	require.Contains(t, got.Body, `id="fault-until"`)
	require.Contains(t, got.Text(), "There is no such time on that day")
	require.Empty(t, d.row(t, number).PauseReason)

	customer, path := d.as(t, ""), "/t/"+d.token(t, d.resulted(t))
	for _, typed := range []string{"2026-03-29T02:30", "10000-01-01T10:00", "9999-12-31T10:00"} {
		got := customer.post(t, path+"/reschedule", url.Values{"to": {typed}, "drawn_in": {"Europe/Berlin"}})
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, typed)
		require.Contains(t, got.Body, `id="fault-to"`)
	}
	customer.cookies["language"] = string(models.LanguageZH)
	got = customer.post(t, path+"/reschedule", url.Values{"to": {"2026-03-29T02:30"}, "drawn_in": {"Europe/Berlin"}})
	require.Contains(t, got.Text(), "当天没有这个时刻")
}
