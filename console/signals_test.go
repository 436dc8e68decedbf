package console_test

import (
	"html"
	"net/http"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/kpi"
	"recourse/internal/signals"
	"recourse/models"
)

// signalled puts on record what rose: complaints of each chart, in the week before the desk's day.
func (d *desk) signalled(t *testing.T) []models.Signal {
	t.Helper()
	monday := kpi.StepWeek.Begin(d.now().UTC())
	table := kpi.NewTable()
	put := func(week, n int, about models.Case) {
		for i := range n {
			about.ID = strconv.Itoa(table.Len())
			about.ReceivedAt = monday.AddDate(0, 0, -7*week).Add(time.Duration(i) * time.Hour)
			about.RecordedAt, about.State, about.Severity = about.ReceivedAt, models.StateReceived, models.SeverityGeneral
			table.Put(kpi.Record{Case: about})
		}
	}
	for week := 1; week <= 34; week++ {
		n := 3 + week%3
		if week == 1 {
			n = 24
		}
		put(week, n, models.Case{Product: "Kettle <9>", Category: "leak", Cause: models.CauseProductDefect})
		put(week, 5, models.Case{Cause: models.CauseProcess})
	}
	var volumes []models.Volume
	for week := 1; week <= 34; week++ {
		volumes = append(volumes, models.Volume{Product: "Kettle <9>", Kind: models.VolumeUnits, From: monday.AddDate(0, 0, -7*week), Until: monday.AddDate(0, 0, -7*week+7), Count: 5000})
	}
	table.SetVolumes(volumes)
	found, err := signals.Find(table, d.now(), time.UTC)
	require.NoError(t, err)
	require.NoError(t, d.store.PutSignals(t.Context(), found))
	return found
}

func TestSignalsAreListedAndShownWithTheirChart(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "supervisor")
	require.Contains(t, w.get(t, "/signals").Text(), "Nothing stands out")
	found := d.signalled(t)
	require.Len(t, found, 3, "a product, a category and a cause")
	for _, lang := range models.Languages() {
		require.NoError(t, d.store.PutLanguage(t.Context(), "supervisor", lang))
		list := w.get(t, "/signals")
		require.Equal(t, http.StatusOK, list.Code)
		for _, s := range found {
			require.Contains(t, list.Body, `href="/signals/`+s.ID+`"`)
			got := w.get(t, "/signals/"+s.ID)
			require.Equal(t, http.StatusOK, got.Code, got.Text())
			require.Contains(t, got.Body, `data-kind="control"`)
			require.Contains(t, got.Body, "2026-W")
			require.Empty(t, bareKey.FindAllString(got.Text(), -1), lang)
			cases := w.get(t, linkTo(t, got, "/figures/received/cases"))
			require.Equal(t, http.StatusOK, cases.Code, "the address of the cases behind is understood")
		}
		require.Contains(t, list.Body, "Kettle &lt;9&gt;")
	}
	require.NoError(t, d.store.PutLanguage(t.Context(), "supervisor", models.LanguageEN))
	product := w.get(t, "/signals?of=product")
	require.Contains(t, product.Text(), "24, where 4.0 were to be expected")
	require.NotContains(t, product.Text(), "Product defect")
	require.Equal(t, http.StatusNotFound, w.get(t, "/signals/nothing").Code)
	require.Equal(t, http.StatusUnprocessableEntity, w.get(t, "/signals?of=weather").Code)
	require.Equal(t, http.StatusUnprocessableEntity, w.get(t, "/signals?dimension=product").Code, "no filter is passed over")
}

func TestTheComplaintsBehindASignalAreThoseItCounted(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.dispatched(t, told("for everybody"))
	d.act(t, "supervisor", d.open(t, told("for a circle")), cases.Wish{
		Verb: models.VerbDispatch, Words: map[string]string{models.TextObjective: "find out"},
		Data: models.Dispatched{Department: "sales", Severity: models.SeverityGeneral, Nature: models.NatureInternal},
	})
	d.wait(time.Minute)
	w := d.as(t, "supervisor")
	list := func(more string) string { return w.get(t, "/figures/received/cases?period=30"+more).Text() }
	require.Contains(t, list(""), "2 complaints received")
	require.Contains(t, list("&seen=company"), "1 complaint received", "signals leave out what is for a circle only")
	require.Contains(t, list("&seen=company"), "without those for a named circle only")
	require.Equal(t, http.StatusForbidden, d.as(t, "works-handler").get(t, "/figures/received/cases?seen=company").Code, "nobody sees more by it")
	found := d.signalled(t)
	page := w.get(t, "/signals/"+found[0].ID)
	require.Contains(t, linkTo(t, page, "/figures/received/cases"), "seen=company")
	require.Contains(t, page.Text(), "were counted when it was seen; there are 0 by now")
}

func TestSignalsOfSamplesEndWithTheFirstRealCase(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	table := kpi.NewTable()
	monday := kpi.StepWeek.Begin(d.now().UTC())
	for week := 1; week <= 34; week++ {
		for i := range map[bool]int{true: 24, false: 3 + week%3}[week == 1] {
			at := monday.AddDate(0, 0, -7*week).Add(time.Duration(i) * time.Hour)
			table.Put(kpi.Record{Case: models.Case{
				ID: strconv.Itoa(table.Len()), ReceivedAt: at, RecordedAt: at, State: models.StateReceived, Severity: models.SeverityGeneral, Product: "Kettle", Sample: true,
			}})
		}
	}
	found, err := signals.Find(table, d.now(), time.UTC)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.NoError(t, d.store.PutSignals(t.Context(), found))
	w := d.as(t, "supervisor")
	at := "/signals/" + found[0].ID
	require.Contains(t, w.get(t, "/signals").Body, at, "as long as there are samples alone")
	require.Equal(t, http.StatusOK, w.get(t, at).Code)

	d.open(t, told("The first real one."))
	require.NotContains(t, w.get(t, "/signals").Body, at)
	require.Equal(t, http.StatusNotFound, w.get(t, at).Code)

	found[0].Sample = false
	require.NoError(t, d.store.PutSignals(t.Context(), found), "the same rises in real cases")
	require.Contains(t, w.get(t, "/signals").Body, at)
}

func TestSignalsAreForThoseWhoSeeTheWholeCompany(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	found := d.signalled(t)
	w := d.as(t, "handler")
	require.Equal(t, http.StatusForbidden, w.get(t, "/signals").Code)
	require.Equal(t, http.StatusForbidden, w.get(t, "/signals/"+found[0].ID).Code)
	require.NotContains(t, w.get(t, "/figures").Body, `href="/signals"`)
	require.Contains(t, d.as(t, "supervisor").get(t, "/figures").Body, `href="/signals"`)
}

// linkTo is the first address on a page that begins so.
func linkTo(t *testing.T, on answer, path string) string {
	t.Helper()
	found := regexp.MustCompile(`href="(` + regexp.QuoteMeta(path) + `[^"]*)"`).FindStringSubmatch(on.Body)
	require.NotNil(t, found, "no link to %s", path)
	return html.UnescapeString(found[1])
}
