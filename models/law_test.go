package models_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

func TestEveryStateButArchivedCanBeLeft(t *testing.T) {
	t.Parallel()
	for _, s := range append([]models.State{models.StateNone}, models.States()...) {
		left := slices.ContainsFunc(models.States(), func(to models.State) bool { return to != s && models.MayBecome(s, to) })
		require.Equal(t, s != models.StateArchived, left, s)
		require.Equal(t, s == models.StateArchived, len(models.Possible(s)) == 0, s)
	}
}

func TestEveryStateOfTheMainRoadCanBeReached(t *testing.T) {
	t.Parallel()
	reached := map[models.State]bool{models.StateNone: true}
	for range models.States() {
		for _, m := range models.Law() {
			for _, from := range m.From {
				for _, to := range m.To {
					reached[to] = reached[to] || reached[from]
				}
			}
		}
	}
	later := []models.State{models.StateWithdrawn, models.StateMerged, models.StateNotAccepted} // their verbs are still to come
	for _, s := range models.States() {
		require.Equal(t, !slices.Contains(later, s), reached[s], s)
	}
}

func TestEveryStateIsOpenEndedOrArchived(t *testing.T) {
	t.Parallel()
	for _, s := range models.States() {
		kinds := 0
		for _, is := range []bool{s.Open(), s.Ended(), s == models.StateArchived} {
			if is {
				kinds++
			}
		}
		require.Equal(t, 1, kinds, s)
		require.Equal(t, s != models.StateArchived, s.Live())
	}
	require.False(t, models.StateNone.Live())
}

func TestTheLawSpeaksOfKnownStatesAndNeverTwiceOfOneMove(t *testing.T) {
	t.Parallel()
	known := append([]models.State{models.StateNone}, models.States()...)
	seen := map[string]bool{}
	for _, m := range models.Law() {
		require.NotEmpty(t, m.Says, m.Verb)
		require.NotEmpty(t, m.From, m.Verb)
		for _, s := range append(slices.Clone(m.From), m.To...) {
			require.Contains(t, known, s, m.Verb)
		}
		for _, s := range m.From {
			require.False(t, seen[string(m.Verb)+" "+string(s)], "%s while %s stands in two lines", m.Verb, s)
			seen[string(m.Verb)+" "+string(s)] = true
		}
	}
}

// roads is product.md's table once more, by hand: what moves a case out of each state, and where to.
// What leaves a case where it is stands in always.
var roads = map[models.State]map[models.Verb][]models.State{
	models.StateNone:             {models.VerbOpen: {models.StateReceived}},
	models.StateReceived:         {models.VerbDispatch: {models.StateDispatched}},
	models.StateDispatched:       {models.VerbAccept: {models.StateInvestigating}},
	models.StateInvestigating:    {models.VerbPropose: {models.StateSolutionReady, models.StateAwaitingApproval}},
	models.StateAwaitingApproval: {models.VerbApprove: {models.StateSolutionReady}, models.VerbReject: {models.StateInvestigating}},
	models.StateSolutionReady: {
		models.VerbTellSolution: {models.StateImplementing}, models.VerbPropose: {models.StateSolutionReady, models.StateAwaitingApproval},
	},
	models.StateImplementing: {
		models.VerbResolve: {models.StateResolved}, models.VerbPropose: {models.StateSolutionReady, models.StateAwaitingApproval},
	},
	models.StateResolved: {models.VerbTellResult: {models.StateFollowingUp}, models.VerbRework: {models.StateInvestigating}},
	models.StateFollowingUp: {
		models.VerbClose: {models.StateClosed}, models.VerbRework: {models.StateInvestigating},
		models.VerbRecordCallback: {models.StateClosed, models.StateInvestigating}, models.VerbConfirm: {models.StateClosed},
		models.VerbAnswerSurvey: {models.StateInvestigating}, models.VerbNotSolved: {models.StateInvestigating},
	},
	models.StateClosed: {
		models.VerbReopen: {models.StateInvestigating, models.StateReceived}, models.VerbArchive: {models.StateArchived},
		models.VerbDecide: {models.StateArchived}, models.VerbAnswerSurvey: {models.StateInvestigating}, models.VerbNotSolved: {models.StateInvestigating},
	},
	models.StateWithdrawn: {
		models.VerbReopen: {models.StateInvestigating, models.StateReceived}, models.VerbArchive: {models.StateArchived},
		models.VerbDecide: {models.StateArchived},
	},
	models.StateMerged: {models.VerbArchive: {models.StateArchived}, models.VerbDecide: {models.StateArchived}},
	models.StateNotAccepted: {
		models.VerbReopen: {models.StateInvestigating, models.StateReceived}, models.VerbArchive: {models.StateArchived},
		models.VerbDecide: {models.StateArchived},
	},
	models.StateArchived: {},
}

// always says what is possible in every state of a kind, and leaves the case where it is.
func always(s models.State) (verbs []models.Verb) {
	if s.Live() {
		verbs = append(verbs, models.VerbAcknowledge)
	}
	if s.Open() || s == models.StateClosed {
		verbs = append(verbs, models.VerbReply, models.VerbLogContact, models.VerbNote, models.VerbMessage, models.VerbNotSolved, models.VerbAnswerSurvey)
	}
	if s.Ended() {
		verbs = append(verbs, models.VerbArchiveEarly)
	}
	if s == models.StateClosed {
		verbs = append(verbs, models.VerbConfirm)
	}
	return verbs
}

func TestTheLawIsWhatTheProductSays(t *testing.T) {
	t.Parallel()
	for _, s := range append([]models.State{models.StateNone}, models.States()...) {
		for _, v := range models.Verbs() {
			to, moves := roads[s][v]
			require.Equal(t, moves || slices.Contains(always(s), v), models.Lawful(v, s), "%s while %s", v, s)
			for _, m := range models.Law() {
				if m.Verb == v && slices.Contains(m.From, s) {
					require.ElementsMatch(t, to, m.To, "%s while %s", v, s)
				}
			}
		}
	}
}

func TestNobodyCanChangeTheLaw(t *testing.T) {
	t.Parallel()
	models.Law()[0].Verb = "juggle"
	require.Equal(t, models.VerbOpen, models.Law()[0].Verb)
}

func TestTheVocabularyImportsNothingButTheStandardLibrary(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	require.NoError(t, err)
	require.Equal(t, []string{"recourse/models"}, strings.Fields(string(out)))
}
