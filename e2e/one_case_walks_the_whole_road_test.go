package e2e_test

import (
	"context"
	"os/exec"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
	"recourse/workflows/contract"
)

// The example is what a newcomer runs first, so it runs here as they run it: against `recourse dev`
// and the sample people.
func TestOneCaseWalksTheWholeRoad(t *testing.T) {
	d := newDev(t)
	d.start(t)
	before := numbersOf(d.cases(t))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	example := exec.CommandContext(ctx, "go", "run", "-buildvcs=false", "recourse/examples/one-case",
		"-server", "http://"+d.door, "-tokens", d.tokens())
	said, err := example.CombinedOutput()
	require.NoError(t, err, "%s", said)

	number := ""
	for _, c := range numbersOf(d.cases(t)) {
		if !slices.Contains(before, c) {
			require.Empty(t, number, "one case and no other")
			number = c
		}
	}
	require.Regexp(t, regexp.QuoteMeta(number), string(said))
	supervisor := d.supervisor(t)
	var c standing
	supervisor.get(t, "/api/v1/complaints/"+number).into(t, &c)
	require.Equal(t, models.StateArchived, c.State)
	var timeline struct{ Items []moment }
	supervisor.get(t, "/api/v1/complaints/"+number+"/timeline").into(t, &timeline)
	for _, kind := range []models.Kind{
		models.KindOpened, models.KindDispatched, models.KindAccepted, models.KindReplied, models.KindProposed, models.KindApproved,
		models.KindSolutionTold, models.KindResolved, models.KindResultTold, models.KindSurveyOffered, models.KindCallbackPlaced,
		models.KindCallbackRecorded, models.KindClosed, models.KindRequested, models.KindDecided, models.KindArchived,
	} {
		require.NotZero(t, count(timeline.Items, kind), "the road leads through %s", kind)
	}
	await(t, settleWithin, "its workflow has ended", func() bool { return !runs(t, d.client, contract.WorkflowID(c.ID)) })
	history := eventsOf(t, d.client, contract.WorkflowID(c.ID), "")
	d.checkClean(t)
	d.end(t)
	t.Logf("%s: %d events on record, %d in the history of its workflow, archived; check clean", number, len(timeline.Items), len(history))
}
