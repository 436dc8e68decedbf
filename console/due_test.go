package console_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

func TestAListAndACaseTellTheSameDue(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.open(t, told("the kettle leaks"))
	d.act(t, "supervisor", number, dispatchTo("sales", models.SeverityImportant))
	d.act(t, "handler", number, cases.Wish{Verb: models.VerbAccept, Data: models.Accepted{}})
	w := d.as(t, "handler")
	pages := []string{"/queue?who=all", "/cases/" + number}
	for _, path := range pages {
		got := w.get(t, path)
		require.Contains(t, got.Body, `data-due="2026-03-18T20:00:00Z"`, path)
		require.NotContains(t, got.Text(), "next:", path)
	}
	d.wait(9 * time.Hour) // the target is 8 hours, the limit 24
	d.act(t, "handler", number, noted("still looking"))
	for _, path := range pages {
		got := w.get(t, path)
		require.Contains(t, got.Body, `data-due="2026-03-18T20:00:00Z"`, "%s: what was missed stays in sight", path)
		require.Contains(t, got.Text(), "late by 1 hour", path)
		require.Contains(t, got.Text(), "next: 15 hours", "%s: and the limit is ahead", path)
	}
	require.Contains(t, w.get(t, pages[1]).Text(), "First response · target missed late by 1 hour")
}

func TestTheOldestDecisionIsNeverLostAmongMany(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.join(t, "another", models.RoleSupervisor, "")
	refusal := func(n int) string {
		number := d.open(t, told(fmt.Sprint("complaint ", n)))
		d.act(t, "supervisor", number, cases.Wish{
			Verb: models.VerbNotAccept, Words: map[string]string{models.TextReason: "not ours"}, Data: models.Requested{},
		})
		return number
	}
	oldest := refusal(0)
	d.wait(time.Hour)
	for n := range models.MaxPage {
		refusal(n + 1)
	}
	found, all, err := d.Decisions(t.Context(), d.call(t, "another").Actor)
	require.NoError(t, err)
	require.Equal(t, models.MaxPage+1, all)
	require.Equal(t, oldest, found[0].View.Case.Number)
	got := d.as(t, "another").get(t, "/decisions").Text()
	require.Contains(t, got, "on 201 cases. The first due of them are shown here.")
}

func TestAnEmptyPageThatPromisesToTellIsLive(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "supervisor")
	for _, path := range []string{"/alerts", "/decisions", "/callbacks"} {
		got := w.get(t, path)
		require.Contains(t, got.Text(), "by themselves", path)
		require.Contains(t, got.Body, "data-live-list", path)
	}
	number := d.asked(t)
	require.Contains(t, w.get(t, "/decisions").Body, number)
	require.Regexp(t, `<li [^>]*id="request-`+number+`-4"[^>]* data-keep>`, w.get(t, "/decisions").Body, "what is being filled in is not swapped")
}

func TestWhoWasSignedOutComesBackToTheirPage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for from, to := range map[string]string{
		"http://example.com/cases/RC2026-0000001?show=all": "/sign-in?to=%2Fcases%2FRC2026-0000001%3Fshow%3Dall",
		"http://elsewhere.example/x":                       "/sign-in?to=%2F",
		"":                                                 "/sign-in?to=%2F",
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://example.com/cases/RC2026-0000001/note", strings.NewReader(""))
		r.Header.Set("Referer", from)
		got := d.as(t, "").send(t, r)
		require.Equal(t, http.StatusUnauthorized, got.Code)
		require.Contains(t, got.Body, `href="`+to+`"`)
	}
}

func TestOneClickPrintsOnce(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("static/console.js")
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(script), "print()"))
}
