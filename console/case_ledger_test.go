package console_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

func TestTheLedgerOfACaseAddsUpAndSaysWhyABreachWasNoticedLate(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	opened := d.now()
	number := d.dispatched(t, told("It leaks."))
	for _, up := range []models.Uptime{
		{ID: "1", Part: models.PartWorker, Since: opened.Add(-time.Hour), Until: opened.Add(20 * time.Hour)},
		{ID: "2", Part: models.PartWorker, Since: opened.Add(26 * time.Hour), Until: opened.Add(99 * time.Hour)},
		{ID: "3", Part: models.PartTemporal, Since: opened.Add(-time.Hour), Until: opened.Add(20 * time.Hour)},
		{ID: "4", Part: models.PartTemporal, Since: opened.Add(26 * time.Hour), Until: opened.Add(99 * time.Hour)},
	} {
		require.NoError(t, d.store.Beat(t.Context(), up))
	}
	d.wait(time.Hour)
	d.act(t, "department_head", number, cases.Wish{
		Verb: models.VerbPause, Words: map[string]string{models.TextReason: "parts"}, Data: models.Paused{Reason: models.PauseOutside, Until: d.now().Add(48 * time.Hour)},
	})
	d.wait(25*time.Hour + 30*time.Minute + 15*time.Second)
	d.act(t, "department_head", number, cases.Wish{Verb: models.VerbResume, Data: models.Resumed{}})
	d.wait(time.Hour)

	w := d.as(t, "supervisor")
	page := w.get(t, "/cases/"+number)
	require.Equal(t, http.StatusOK, page.Code)
	text := page.Text()
	require.Contains(t, text, "1 day 03:30:15 = 02:00:00 counted + 1 day 01:30:15 paused", "handling")
	require.Contains(t, text, "noticed "+opened.Add(26*time.Hour+30*time.Minute+15*time.Second).Format("2 Jan 2006, 15:04:05")+", 02:30:15 later: the system was down (the worker, Temporal: ")
	require.Regexp(t, `paused .* 1 day 01:30:15 no waiting for others, Name of department_head #\d`, text)
	require.Contains(t, page.Body, `fill="url(#ledger-paused)"`)
	require.Contains(t, page.Body, `class="seg-down"`)
	for _, x := range regexp.MustCompile(`<rect x="(-?[0-9.]+)%"`).FindAllStringSubmatch(page.Body, -1) {
		require.NotContains(t, x[1], "-", "nothing begins before the band")
	}
	live := w.get(t, "/cases/"+number+"?part=live&since=1")
	require.Contains(t, live.Body, `id="ledger-paused"`, "the patterns come with what is drawn in them")

	require.NoError(t, d.store.PutLanguage(t.Context(), "supervisor", models.LanguageZH))
	chinese := w.get(t, "/cases/"+number).Text()
	require.Contains(t, chinese, "计时明细")
	require.Contains(t, chinese, "系统停机（工作进程、Temporal：")
	require.NotContains(t, chinese, "ledger.")
}

func TestABandShowsWhatLiesAhead(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.open(t, told("It leaks."))
	d.wait(6 * time.Hour)
	page := d.as(t, "supervisor").get(t, "/cases/"+number)
	require.Contains(t, page.Body, `<rect x="25.00%" y="1" width="100%" height="18" class="seg-ahead"/>`, "six of twenty-four hours")
	require.Contains(t, page.Body, `<rect x="100.00%" y="0" width="2"`, "the limit")
	require.Equal(t, 1, strings.Count(page.Body, `id="ledger-paused"`))
}
