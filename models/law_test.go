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

func TestEveryStateCanBeReached(t *testing.T) {
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
	for _, s := range models.States() {
		require.True(t, reached[s], s)
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

// before is every open state before the result is told, in the order of the road.
var before = []models.State{
	models.StateReceived, models.StateDispatched, models.StateInvestigating, models.StateAwaitingApproval,
	models.StateSolutionReady, models.StateImplementing, models.StateResolved,
}

// open is every open state.
var open = append(slices.Clone(before), models.StateFollowingUp)

// roads is product.md's table once more, by hand: what moves a case out of each state, and where to.
// What moves it out of every state of a kind stands in ends, what leaves it where it is in always.
var roads = map[models.State]map[models.Verb][]models.State{
	models.StateNone: {models.VerbOpen: {models.StateReceived}},
	models.StateReceived: {
		models.VerbDispatch: {models.StateDispatched}, models.VerbSettle: {models.StateFollowingUp},
	},
	models.StateDispatched: {
		models.VerbAccept: {models.StateInvestigating}, models.VerbReturn: {models.StateReceived}, models.VerbRecall: {models.StateReceived},
	},
	models.StateInvestigating: {
		models.VerbPropose:  {models.StateSolutionReady, models.StateAwaitingApproval},
		models.VerbTransfer: {models.StateDispatched},
	},
	models.StateAwaitingApproval: {
		models.VerbApprove: {models.StateSolutionReady}, models.VerbReject: {models.StateInvestigating}, models.VerbRetract: {models.StateInvestigating},
	},
	models.StateSolutionReady: {
		models.VerbTellSolution: {models.StateImplementing}, models.VerbPropose: {models.StateSolutionReady, models.StateAwaitingApproval},
		models.VerbTransfer: {models.StateDispatched},
	},
	models.StateImplementing: {
		models.VerbResolve: {models.StateResolved}, models.VerbPropose: {models.StateSolutionReady, models.StateAwaitingApproval},
		models.VerbTransfer: {models.StateDispatched},
	},
	models.StateResolved: {models.VerbTellResult: {models.StateFollowingUp}, models.VerbRework: {models.StateInvestigating}},
	models.StateFollowingUp: {
		models.VerbClose: {models.StateClosed}, models.VerbRework: {models.StateInvestigating},
		models.VerbRecordCallback: {models.StateClosed, models.StateInvestigating}, models.VerbConfirm: {models.StateClosed},
		models.VerbAnswerSurvey: {models.StateInvestigating}, models.VerbNotSolved: {models.StateInvestigating},
	},
	models.StateClosed: {
		models.VerbReopen:       {models.StateInvestigating, models.StateReceived},
		models.VerbAnswerSurvey: {models.StateInvestigating}, models.VerbNotSolved: {models.StateInvestigating},
	},
	models.StateWithdrawn:   {models.VerbReopen: {models.StateInvestigating, models.StateReceived}},
	models.StateMerged:      {models.VerbUnmerge: open},
	models.StateNotAccepted: {models.VerbReopen: {models.StateInvestigating, models.StateReceived}},
	models.StateArchived:    {},
}

// together is how a member of a group is taken along by its lead case, out of states in which a case
// that walks alone is told nothing.
var together = map[models.State]map[models.Verb][]models.State{
	models.StateReceived:      {models.VerbTellSolution: {models.StateImplementing}},
	models.StateDispatched:    {models.VerbTellSolution: {models.StateImplementing}},
	models.StateInvestigating: {models.VerbTellSolution: {models.StateImplementing}},
	models.StateImplementing:  {models.VerbTellResult: {models.StateFollowingUp}},
}

// ends says what ends a case of a kind of state.
func ends(s models.State) map[models.Verb][]models.State {
	switch {
	case s.Ended():
		return map[models.Verb][]models.State{models.VerbArchive: {models.StateArchived}, models.VerbDecide: {models.StateArchived}}
	case s.Open():
		return map[models.Verb][]models.State{
			models.VerbWithdraw: {models.StateWithdrawn}, models.VerbMerge: {models.StateMerged}, models.VerbDecide: {models.StateNotAccepted},
		}
	}
	return nil
}

// always says what is possible in every state of a kind, and leaves the case where it is.
func always(s models.State) (verbs []models.Verb) {
	if s.Live() {
		verbs = append(verbs, models.VerbAcknowledge, models.VerbRetract, models.VerbLink)
	}
	if s.Open() || s == models.StateClosed {
		verbs = append(verbs, models.VerbReply, models.VerbLogContact, models.VerbNote, models.VerbMessage, models.VerbNotSolved,
			models.VerbAnswerSurvey, models.VerbAmend, models.VerbVoid, models.VerbAttach, models.VerbRestrict)
	}
	if s.Open() {
		verbs = append(verbs, models.VerbAssign, models.VerbReclassify, models.VerbImmediateMeasure, models.VerbTellProgress,
			models.VerbTellInterim, models.VerbPromiseContact, models.VerbPause, models.VerbResume, models.VerbUrge, models.VerbSupervise, models.VerbReport,
			models.VerbFinishTask, models.VerbCancelTask, models.VerbLowerSeverity, models.VerbLongPause, models.VerbSnooze, models.VerbHandOver)
	}
	if slices.Contains(before, s) {
		verbs = append(verbs, models.VerbCompensate)
	}
	if slices.Contains(before[:6], s) {
		verbs = append(verbs, models.VerbExtend) // until it is resolved
	}
	if slices.Contains(before[:3], s) {
		verbs = append(verbs, models.VerbNotAccept) // until a solution is proposed
	}
	if s == models.StateInvestigating {
		verbs = append(verbs, models.VerbGiveTask)
	}
	if s.Ended() {
		verbs = append(verbs, models.VerbArchiveEarly)
	}
	if s == models.StateFollowingUp {
		verbs = append(verbs, models.VerbReschedule)
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
			road, moves := roads[s][v]
			end, over := ends(s)[v]
			taken, along := together[s][v]
			to := slices.Concat(road, end, taken)
			alone := moves || over || slices.Contains(always(s), v)
			require.Equal(t, alone || along, models.Lawful(v, s), "%s while %s", v, s)
			require.Equal(t, alone, slices.Contains(models.Possible(s), v), "%s while %s is not offered to a case that walks alone", v, s)
			require.Equal(t, moves || over || along, models.Moves(v, s), "%s while %s", v, s)
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
