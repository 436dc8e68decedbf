package console_test

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/models"
)

// simulatorKeys finds keys of the catalogue that stand where words should.
var simulatorKeys = regexp.MustCompile(`\b(?:simulator|figures|overview|clock|severity|role)\.[a-z_]+`)

func TestAMilderPromiseIsTriedOnTheCasesOfAPeriod(t *testing.T) {
	t.Parallel()
	d := countedDesk(t)
	w := d.as(t, "supervisor")
	unchanged := w.get(t, "/simulator?period=30&run=1")
	require.Equal(t, http.StatusOK, unchanged.Code, unchanged.Text())
	require.Contains(t, unchanged.Text(), "0 verdicts change, in 0 cases")
	require.Contains(t, unchanged.Text(), "No promise comes to another verdict.")

	mild := "/simulator?period=30&run=1&first_response-general=2000&first_response-important=2000&first_response-urgent=2000"
	got := w.get(t, mild)
	require.Equal(t, http.StatusOK, got.Code, got.Text())
	cell := regexp.MustCompile(`First response</th><td data-n="(\d+)">[^<]*</td><td data-n="(\d+)">`).FindStringSubmatch(got.Body)
	require.Len(t, cell, 3, "first response has its row of late ones")
	require.NotEqual(t, "0", cell[1])
	require.Equal(t, "0", cell[2], "2000 hours are kept")
	changed := regexp.MustCompile(`<td><a href="(/cases/[^"]+)">`).FindAllStringSubmatch(got.Body, -1)
	require.NotEmpty(t, changed, "cases whose verdict changes")
	require.Equal(t, http.StatusOK, w.get(t, changed[0][1]).Code)
	require.Contains(t, got.Body, `name="first_response-general" value="2000"`, "the form keeps what was tried")
	require.Contains(t, got.Body, "first_response-general=2000&amp;", "and so do the other periods")
	for _, lang := range models.Languages() {
		require.NoError(t, d.store.PutLanguage(t.Context(), "supervisor", lang))
		page := w.get(t, mild)
		require.Empty(t, simulatorKeys.FindAllString(page.Text(), -1))
		require.NotContains(t, page.Body, "NaN")
		require.NotRegexp(t, "上期|as before|than before", page.Text(), "policies are compared, no periods")
	}
}

func TestTheSimulatorLeavesSamplesOutBesideRealCases(t *testing.T) {
	t.Parallel()
	d := countedDesk(t)
	w := d.as(t, "supervisor")
	sample := told("made up")
	sample.Opened.ReceivedAt = d.now()
	require.NoError(t, d.PutSample(t.Context(), cases.Sample{ID: uuid.Must(uuid.NewV7()).String(), New: sample, By: d.call(t, "intake").Actor, RecordedAt: d.now()}, d.now(),
		func(lifecycle.Case, models.Message) []models.Message { return nil }))
	d.wait(time.Minute)
	unreal := false
	real, err := d.store.CountCases(t.Context(), models.CaseQuery{Visible: models.Visible{Whole: true}, Sample: &unreal, Limit: 100})
	require.NoError(t, err)
	require.Contains(t, w.get(t, "/simulator?period=30&run=1").Text(), strconv.Itoa(int(real))+" cases lived once more", "a sample is no case of the company")
}

func TestTheSimulatorBeginsWithTheLastQuarterAndRunsNothingUnasked(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.simulations.Policy = func(context.Context, string) (policy.Policy, error) { panic("nothing was asked") }
	got := d.as(t, "executive").get(t, "/simulator")
	require.Equal(t, http.StatusOK, got.Code, got.Text())
	require.Contains(t, got.Body, `period=last_quarter" aria-current="true"`)
	require.Contains(t, got.Body, `href="/simulator`)
}

func TestTheSimulatorRefusesWhatItCannotTry(t *testing.T) {
	t.Parallel()
	d := countedDesk(t)
	w := d.as(t, "supervisor")
	for query, says := range map[string]string{
		"handling-urgent=soon": "A limit is a number of hours", "handling-urgent=NaN": "A limit is a number of hours",
		"handling-urgent=-1": "A limit is a number of hours", "handling-urgent=9000": "A limit is a number of hours", "severity=grave": "grave",
	} {
		got := w.get(t, "/simulator?period=30&run=1&"+query)
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, query)
		require.Contains(t, got.Text(), says, query)
	}
	unknown := w.get(t, "/simulator?period=30&run=1&version=nope")
	require.Equal(t, http.StatusUnprocessableEntity, unknown.Code, "another policy is not tried in its place")
	require.Contains(t, unknown.Text(), `"nope"`)
	d.simulations.Most = 1
	got := w.get(t, "/simulator?period=30&run=1")
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	require.Contains(t, got.Text(), "at most 1 are simulated at once")
	d.simulations.Most = mostTried

	under, release, answered := make(chan struct{}), make(chan struct{}), make(chan struct{})
	real := d.simulations.Policy
	d.simulations.Policy = func(ctx context.Context, version string) (policy.Policy, error) {
		if version == "" {
			close(under)
			<-release
		}
		return real(ctx, version)
	}
	go func() {
		defer close(answered)
		w.get(t, "/simulator?period=30&run=1")
	}()
	<-under
	got = w.get(t, "/simulator?period=30&run=1")
	require.Equal(t, http.StatusTooManyRequests, got.Code)
	require.Contains(t, got.Text(), "nother simulation is under way")
	close(release)
	<-answered

	for _, who := range []string{"handler", "intake", "department_head"} {
		refused := d.as(t, who)
		require.Equal(t, http.StatusForbidden, refused.get(t, "/simulator").Code, who)
		require.NotContains(t, refused.get(t, "/figures").Body, `href="/simulator`, who)
	}
}
