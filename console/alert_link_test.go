package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/vault"
	"recourse/models"
)

// alertLink keeps a link of the alert on a case that must be acknowledged, as the dispatcher does, and returns
// its token.
func (d *desk) alertLink(tb testing.TB, number, person string) string {
	tb.Helper()
	alerts, err := d.store.AlertsOf(tb.Context(), d.row(tb, number).ID)
	require.NoError(tb, err)
	for _, a := range alerts {
		if a.AckBy == nil || a.EndedAt != nil {
			continue
		}
		token := d.vault.LinkToken(models.AlertLinkTo(a.ID, person)...)
		require.NoError(tb, d.store.PutAlertLink(tb.Context(), models.AlertLink{
			Hash: vault.TokenHash(token), CaseID: a.CaseID, AlertID: a.ID, PersonID: person, CreatedAt: d.now(), ExpiresAt: d.now().Add(models.AlertLinkLife),
		}))
		return token
	}
	require.Fail(tb, "no alert waits on "+number)
	return ""
}

func TestALinkShowsItsAlertAndNothingOfTheCustomer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.urgent(t)
	path := "/a/" + d.alertLink(t, number, "department_head")
	seq := d.row(t, number).Seq
	w := d.as(t, "")
	for range 3 { // a program that looks after mail, and then somebody
		page := w.get(t, path)
		require.Equal(t, http.StatusOK, page.Code)
		require.Contains(t, page.Text(), "Alert on complaint "+number)
		require.Contains(t, page.Text(), "If nobody acts, it climbs to executive")
		require.NotContains(t, page.Text(), "smoke")
		require.NotContains(t, page.Text(), "13800")
		require.NotContains(t, page.Body, "class=\"me\"", "nobody is signed in")
		require.Equal(t, "noindex, nofollow", page.Header.Get("X-Robots-Tag"))
	}
	require.Equal(t, seq, d.row(t, number).Seq, "looking changes nothing")
	require.Contains(t, w.get(t, path).Body, path+"/acknowledge", "it still works")
}

func TestALinkAcknowledgesOnceAsThePersonWhomItWasSentTo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.urgent(t)
	path := "/a/" + d.alertLink(t, number, "department_head")
	w := d.as(t, "")
	for range 2 { // a click too many
		done := w.post(t, path+"/acknowledge", url.Values{})
		require.Equal(t, http.StatusSeeOther, done.Code)
		require.Equal(t, path, done.To())
	}
	page := w.get(t, path)
	require.Contains(t, page.Text(), "You acknowledged this alert.")
	require.NotContains(t, page.Body, "<form method=\"post\" action=\"/a/")
	require.Contains(t, d.as(t, "department_head").get(t, "/alerts").Text(), "Acknowledged by you "+number)
	require.Contains(t, d.as(t, "supervisor").get(t, "/cases/"+number).Text(), "Name of department_head")

	other := w.post(t, path+"/hand-over", url.Values{"person": {"handler"}, "reason": {"You know it best"}})
	require.Equal(t, http.StatusGone, other.Code)
	require.Contains(t, other.Text(), "You know it best", "what was typed is not lost")
}

var instantOffered = regexp.MustCompile(`<option value="(2026-[^"]+)"`)

func TestALinkSnoozesOrHandsOverByTheRulesOfTheOtherDoors(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.urgent(t)
	head, above := "/a/"+d.alertLink(t, number, "department_head"), "/a/"+d.alertLink(t, number, "escalation_manager")
	w := d.as(t, "")
	until := instantOffered.FindStringSubmatch(w.get(t, head).Body)[1]

	post := func(path string, form url.Values) answer {
		d.wait(time.Second) // whoever asks often is slowed down
		return w.post(t, path, form)
	}
	get := func(path string) answer {
		d.wait(time.Second)
		return w.get(t, path)
	}
	refused := post(head+"/snooze", url.Values{"until": {until}})
	require.Equal(t, http.StatusUnprocessableEntity, refused.Code)
	require.Contains(t, refused.Text(), "Say why the alert is put off")
	require.Equal(t, http.StatusUnprocessableEntity, post(head+"/snooze", url.Values{"until": {"soon"}, "reason": {"r"}}).Code)
	snoozed := post(head+"/snooze", url.Values{"until": {until}, "reason": {"In a meeting"}})
	require.Equal(t, http.StatusSeeOther, snoozed.Code, "a refusal uses nothing up: %s", snoozed.Text())
	require.Contains(t, get(head).Text(), "You snoozed this alert until")
	require.Equal(t, http.StatusGone, post(head+"/acknowledge", url.Values{}).Code, "once")

	again := post(above+"/snooze", url.Values{"until": {until}, "reason": {"Mine as well"}})
	require.Equal(t, http.StatusConflict, again.Code)
	require.Contains(t, again.Text(), "was put off before")
	require.Contains(t, again.Text(), "Mine as well")
	foreign := post(above+"/hand-over", url.Values{"person": {"works-handler"}, "reason": {"You know it best"}})
	require.Equal(t, http.StatusUnprocessableEntity, foreign.Code)
	require.Contains(t, foreign.Body, "You know it best")
	require.Equal(t, above, post(above+"/hand-over", url.Values{"person": {"handler"}, "reason": {"You know it best"}}).To())
	require.Regexp(t, "You handed this alert over to Name of handler, to be acknowledged by", get(above).Text())
	require.Contains(t, d.as(t, "handler").get(t, "/alerts").Text(), "handed it over to you")
}

func TestALinkSaysInPlainWordsWhyItDoesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.urgent(t)
	w := d.as(t, "")
	link := func(person string) string { return "/a/" + d.alertLink(t, number, person) }
	head, manager, handler, stranger := link("department_head"), link("escalation_manager"), link("handler"), link("works-head")
	try := func(path, says string, look, act int) {
		t.Helper()
		d.wait(time.Second)
		got := w.get(t, path)
		require.Equal(t, look, got.Code, got.Text())
		require.Contains(t, got.Text(), says)
		d.wait(time.Second)
		done := w.post(t, path+"/acknowledge", url.Values{})
		require.Equal(t, act, done.Code, done.Text())
	}
	try("/a/nonsense", "does not lead to an alert of yours", http.StatusNotFound, http.StatusNotFound)
	try(stranger, "does not lead to an alert of yours", http.StatusNotFound, http.StatusNotFound)
	try(handler, "not yours to take on", http.StatusOK, http.StatusForbidden)

	p, err := d.store.Person(t.Context(), "escalation_manager")
	require.NoError(t, err)
	now := d.now()
	p.DisabledAt = &now
	require.NoError(t, d.store.PutPerson(t.Context(), p))
	try(manager, "has no access any more", http.StatusForbidden, http.StatusForbidden)

	form := acknowledgeForm.FindStringSubmatch(d.as(t, "executive").get(t, "/alerts").Body)[1]
	require.Equal(t, http.StatusSeeOther, d.as(t, "executive").post(t, form, url.Values{}).Code)
	try(head, "Name of executive acknowledged this alert already", http.StatusOK, http.StatusConflict)
	d.wait(models.AlertLinkLife)
	try(head, "was used or has expired", http.StatusGone, http.StatusGone)
}

func TestALinkSpeaksTheLanguageOfItsReader(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.urgent(t)
	path := "/a/" + d.alertLink(t, number, "department_head")
	require.NoError(t, d.store.PutLanguage(t.Context(), "department_head", models.LanguageZH))
	require.Contains(t, d.as(t, "").get(t, path).Text(), "投诉 "+number+" 的预警")
}

func TestStrangersWhoTryLinksAreSlowedDown(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "")
	var slowed answer
	for range 200 {
		if slowed = w.get(t, "/a/"+strings.Repeat("x", 32)); slowed.Code == http.StatusTooManyRequests {
			break
		}
	}
	require.Equal(t, http.StatusTooManyRequests, slowed.Code)
	require.Contains(t, slowed.Text(), "One moment, please")
}
