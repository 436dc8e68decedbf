package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var caseAlertForms = regexp.MustCompile(`action="(/cases/[^"]+/alerts/[^"]+)/(snooze|hand-over)"`)

func TestAnAlertIsSnoozedAndHandedOverOnThePageOfItsCase(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.urgent(t)
	w := d.as(t, "department_head")
	at := "/cases/" + number
	forms := caseAlertForms.FindAllStringSubmatch(w.get(t, at).Body, -1)
	require.Len(t, forms, 2)
	path := forms[0][1]
	_, until := alertWith(t, w.get(t, "/alerts"))

	refused := w.post(t, path+"/snooze", url.Values{"until": {until[0]}})
	require.Equal(t, http.StatusUnprocessableEntity, refused.Code)
	require.Contains(t, refused.Text(), "Say why the alert is put off")
	require.Contains(t, refused.Body, `<option value="`+until[0]+`" selected>`)
	require.Regexp(t, `<details class="fold" open><summary>.*\s*<form method="post" action="`+path+`/snooze"`, refused.Body)

	done := w.post(t, path+"/snooze", url.Values{"until": {until[0]}, "reason": {"In a meeting"}})
	require.Equal(t, http.StatusSeeOther, done.Code)
	require.Equal(t, at, done.To())
	after := w.get(t, at)
	require.Regexp(t, "snoozed by Name of department_head until [^.]*12:31", after.Text())
	require.Len(t, caseAlertForms.FindAllString(after.Body, -1), 1, "once")

	again := w.post(t, path+"/snooze", url.Values{"until": {until[1]}, "reason": {"Still in a meeting"}})
	require.Equal(t, http.StatusConflict, again.Code)
	require.Contains(t, again.Text(), "was put off before")
	require.Contains(t, again.Text(), "Still in a meeting", "what was typed is not lost")

	foreign := w.post(t, path+"/hand-over", url.Values{"person": {"works-handler"}, "reason": {"You know it best"}})
	require.Equal(t, http.StatusUnprocessableEntity, foreign.Code)
	require.Contains(t, foreign.Body, "You know it best", "what was typed is not lost")
	require.Equal(t, at, w.post(t, path+"/hand-over", url.Values{"person": {"handler"}, "reason": {"You know it best"}}).To())
	require.Contains(t, d.as(t, "handler").get(t, at).Text(), "handed it over to you")
}

func TestAPageOfACaseOffersAnAlertToThoseItWaitsForAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.urgent(t)
	for id, forms := range map[string]int{"department_head": 2, "escalation_manager": 2, "executive": 2, "supervisor": 2, "handler": 0, "auditor": 0} {
		page := d.as(t, id).get(t, "/cases/"+number)
		require.Len(t, caseAlertForms.FindAllString(page.Body, -1), forms, id)
	}
	path := caseAlertForms.FindStringSubmatch(d.as(t, "department_head").get(t, "/cases/"+number).Body)[1]
	require.Equal(t, http.StatusNotFound, d.as(t, "works-head").post(t, path+"/snooze", url.Values{"reason": {"r"}}).Code)
	require.Equal(t, http.StatusForbidden, d.as(t, "auditor").post(t, path+"/hand-over", url.Values{"person": {"handler"}, "reason": {"r"}}).Code)
}
