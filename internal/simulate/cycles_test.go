package simulate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/simulate"
	"recourse/models"
)

func TestAReworkStartsAClockAgainAndTheCaseIsCountedOnce(t *testing.T) {
	t.Parallel()
	at := func(day int) time.Time { return time.Date(2020, 1, day, 0, 0, 0, 0, time.UTC) }
	s, err := simulate.New(simulate.Config{
		Variants: []simulate.Variant{{Name: "flat", Rules: simulate.Under(flat(t))}}, AsOf: at(31), Zone: time.UTC, Temp: t.TempDir(),
	})
	require.NoError(t, err)
	defer s.Close()
	for reference, moves := range map[string][]models.AdoptedMove{
		"late twice":     {{At: at(5), Kind: models.KindSolutionTold}, {At: at(6), Kind: models.KindReworked}, {At: at(10), Kind: models.KindSolutionTold}},
		"late then":      {{At: at(2), Kind: models.KindSolutionTold}, {At: at(6), Kind: models.KindReworked}, {At: at(10), Kind: models.KindSolutionTold}},
		"late at first":  {{At: at(5), Kind: models.KindSolutionTold}, {At: at(6), Kind: models.KindReworked}, {At: at(7), Kind: models.KindSolutionTold}},
		"late never":     {{At: at(2), Kind: models.KindSolutionTold}},
		"waited for her": {{At: at(2), Kind: models.KindPaused, Pause: models.PauseCustomer}, {At: at(9), Kind: models.KindResumed}, {At: at(9), Kind: models.KindSolutionTold}},
	} {
		opened := models.Opened{ReceivedAt: at(1), Zone: "UTC", Severity: models.SeverityGeneral, Channel: models.ChannelAPI}
		require.NoError(t, s.Add(simulate.History(models.Adopted{Source: "s", Reference: reference, Opened: opened, Moves: moves, AsOf: at(31), PausedUntil: at(31)}, "", at(31))))
	}
	r, err := s.Report()
	require.NoError(t, err)
	feedback, response := clock(t, r.Policies[0], models.ClockFeedback), clock(t, r.Policies[0], models.ClockFirstResponse)
	require.Equal(t, []int{8, 5}, []int{feedback.Runs, feedback.Cases})
	require.Equal(t, simulate.Bound{Set: 8, Passed: 4, CasesPassed: 3, FirstPassed: 2, InTime: 4}, feedback.Limit, "net of what she was waited for")
	require.Equal(t, []int{5, 5}, []int{response.Runs, response.Cases})
	require.Equal(t, 3, response.Limit.Passed, "a told solution answers, too; no wait holds it up")
}
