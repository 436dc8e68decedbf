package lifecycle_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// lawfully gives v in the state where the story is, with all it needs; a line of the law is done
// when it has no error.
func lawfully(s *story, v models.Verb) (lifecycle.Command, string) {
	text, reason := models.TextText, models.TextReason
	switch v { //nolint:exhaustive // the others stand beside the main road
	case models.VerbOpen:
		return s.command(intake, v, complaint(), text), ""
	case models.VerbDispatch:
		return s.command(intake, v, models.Dispatched{Department: repairs, Supervising: "service"}, models.TextObjective), ""
	case models.VerbAccept:
		if s.c.Department != repairs {
			return s.command(s.head(), v, models.Accepted{}), ""
		}
		return s.command(handler, v, models.Accepted{}), ""
	case models.VerbReply:
		return s.command(supervisor, v, models.Replied{Channel: models.ChannelPhone}, text), ""
	case models.VerbLogContact:
		return s.command(supervisor, v, models.ContactLogged{Channel: models.ChannelPhone, Direction: models.DirectionOut, Held: true}, text), ""
	case models.VerbNote:
		return s.command(quality, v, models.Noted{Audience: models.AudienceInternal}, text), ""
	case models.VerbMessage:
		return s.command(customer, v, models.Messaged{Channel: models.ChannelWeb}, text), ""
	case models.VerbPropose:
		if len(s.c.Tasks) > 0 {
			return lifecycle.Command{}, "joint tasks are open"
		}
		d := models.Proposed{Measures: []models.Measure{{Owner: "hal", Due: s.now.Add(day)}}}
		return s.command(s.head(), v, d, models.TextSolution, models.TextMinutes, models.TextMeasure(0)), ""
	case models.VerbApprove:
		return s.command(executive, v, models.Approved{}), ""
	case models.VerbReject:
		return s.command(executive, v, models.Rejected{}, reason), ""
	case models.VerbTellSolution:
		if s.c.State != models.StateSolutionReady {
			return s.takenAlong(v)
		}
		return s.command(s.head(), v, models.SolutionTold{Channel: models.ChannelPhone}, text), ""
	case models.VerbResolve:
		return s.command(s.head(), v, models.Resolved{MeasuresDone: true, Outcome: models.OutcomeUpheld}, models.TextResult), ""
	case models.VerbTellResult:
		if s.c.State != models.StateResolved {
			return s.takenAlong(v)
		}
		return s.command(s.head(), v, models.ResultTold{Channel: models.ChannelEmail, Done: true, Effect: true, FollowUp: true, Thanks: true}, text), ""
	case models.VerbRework:
		return s.command(supervisor, v, models.Reworked{}, reason), ""
	case models.VerbRecordCallback:
		if s.c.Opened.Anonymous {
			return lifecycle.Command{}, "nobody calls an anonymous customer"
		}
		return s.command(quality, v, models.CallbackRecorded{Outcome: models.CallbackReachedSolved}), ""
	case models.VerbAnswerSurvey:
		if len(s.c.Surveys) == 0 {
			return lifecycle.Command{}, "no survey was offered yet"
		}
		return s.command(customer, v, models.SurveyAnswered{SurveyCycle: s.c.Surveys[0].Cycle, Scores: models.Scores{Result: 5}}), ""
	case models.VerbConfirm:
		return s.command(customer, v, models.Confirmed{}), ""
	case models.VerbNotSolved:
		return s.command(customer, v, models.NotSolved{}, text), ""
	case models.VerbClose:
		return s.command(supervisor, v, models.Closed{}, reason), ""
	case models.VerbReopen:
		return s.command(supervisor, v, models.Reopened{}, reason), ""
	case models.VerbArchive:
		s.now = s.c.Milestones.EndedAt.Add(30 * day)
		return s.command(supervisor, v, models.Archived{}), ""
	case models.VerbArchiveEarly:
		return s.asking(supervisor, v, models.Requested{})
	case models.VerbDecide:
		i := slices.IndexFunc(s.c.Requests, func(r lifecycle.Request) bool { return r.What != models.RequestApproveSolution })
		if i < 0 {
			return lifecycle.Command{}, "nothing was asked for"
		}
		return s.command(s.decider(s.c.Requests[i]), v, models.Decided{Request: s.c.Requests[i].Seq, Granted: true}, reason), ""
	case models.VerbAcknowledge:
		if len(s.c.Alerts) == 0 {
			return lifecycle.Command{}, "no alert is out"
		}
		return s.command(executive, v, models.Acknowledged{Alert: s.c.Alerts[0].Key}), ""
	case models.VerbSnooze, models.VerbHandOver:
		return s.puttingOff(v)
	default:
		return lawfullyBeside(s, v)
	}
}

// cell is a verb that is lawful in a prepared case.
type cell struct {
	prepared

	verb models.Verb
}

// idle says why the verb has nothing to do in the case, such as finishing a joint task where none is open;
// empty: it has.
func (c cell) idle(t require.TestingT) string {
	s := c.lead(t)
	s.prepare(c.verb)
	_, not := lawfully(s, c.verb)
	return not
}

// lawfulCells are the verbs that are lawful in the prepared cases: those that have something to do there,
// and how many have not.
func lawfulCells(t require.TestingT) (cells []cell, idle int) {
	for _, p := range preparedCases() {
		for _, v := range models.Verbs() {
			c := cell{p, v}
			switch {
			case !models.Lawful(v, p.state):
			case c.idle(t) != "":
				idle++
			default:
				cells = append(cells, c)
			}
		}
	}
	return cells, idle
}

func TestEveryLawfulMoveOfEveryStateWorks(t *testing.T) {
	t.Parallel()
	cells, idle := lawfulCells(t)
	require.Equal(t, []int{lawfulMovesMade, lawfulMovesIdle}, []int{len(cells), idle}, "another verb, state or prepared case changes these; see that none is lost")
	for _, c := range cells {
		t.Run(fmt.Sprintf("%s while %s", c.verb, c.name), func(t *testing.T) {
			t.Parallel()
			v, s := c.verb, c.lead(t)
			s.prepare(v)
			cmd, not := lawfully(s, v)
			require.Empty(t, not)
			before := s.c
			events := s.give(cmd)
			own := ownEvent(events, cmd)
			require.Contains(t, putsOnRecord(v), own.Kind)
			require.Equal(t, cmd.Actor, own.Actor)
			require.Equal(t, cmd.Texts, own.Texts)
			require.True(t, mayBecomeBy(v, before.State, s.c.State), "%s leads from %s to %s", v, before.State, s.c.State)
			decided, known := s.c.DecidedAs(cmd.ID)
			require.True(t, known)
			require.Equal(t, s.c.Seq, decided.Seq)
		})
	}
}

// How many verbs of the law are given in the prepared cases, and how many have nothing to do there: no task
// is open, nothing was asked for, no clock runs that a pause stops. TestEveryLineOfTheLawIsWalked proves that
// what is idle in one case of a state is walked in another, or pointless in that state.
const (
	lawfulMovesMade = 919
	lawfulMovesIdle = 126
)

// ownEvent is what a command put on record first; what resumed the case before it is not its own.
func ownEvent(events []models.Event, cmd lifecycle.Command) models.Event {
	return events[slices.IndexFunc(events, func(e models.Event) bool {
		return e.Command == cmd.ID && (e.Kind != models.KindResumed || cmd.Verb == models.VerbResume)
	})]
}

// putsOnRecord lists the kinds that a verb puts on record: compensation within the limit is given at
// once, above it is asked for.
func putsOnRecord(v models.Verb) []models.Kind {
	kinds := []models.Kind{lifecycle.KindOf(v)}
	if v == models.VerbCompensate {
		kinds = append(kinds, models.KindCompensated)
	}
	return kinds
}

// mayBecomeBy says whether the law lets v lead from one state to another.
func mayBecomeBy(v models.Verb, from, to models.State) bool {
	return slices.ContainsFunc(models.Law(), func(m models.Move) bool {
		return m.Verb == v && slices.Contains(m.From, from) && (from == to || slices.Contains(m.To, to))
	})
}

// TestEveryLineOfTheLawIsWalked fails when a verb is lawful in a state and no prepared case of that
// state can use it.
func TestEveryLineOfTheLawIsWalked(t *testing.T) {
	t.Parallel()
	for _, state := range models.States() {
		for _, v := range models.Verbs() {
			line := fmt.Sprintf("%s %s", v, state)
			if !models.Lawful(v, state) || pointless[line] != "" {
				continue
			}
			if v == models.VerbAnswerSurvey && !slices.Contains([]models.State{models.StateFollowingUp, models.StateClosed, models.StateInvestigating}, state) {
				continue // a late answer to an earlier cycle: see TestASurveyOfAnEarlierCycleTriggersNothing
			}
			walked := slices.ContainsFunc(preparedCases(), func(p prepared) bool {
				if p.state != state {
					return false
				}
				s := p.lead(t)
				s.prepare(v)
				_, not := lawfully(s, v)
				return not == ""
			})
			require.True(t, walked, line)
		}
	}
}

// pointless says why a verb that is lawful in a state has nothing to do there.
var pointless = map[string]string{
	"finish_task awaiting_approval": noTask, "finish_task solution_ready": noTask, "finish_task implementing": noTask,
	"finish_task resolved": noTask, "finish_task following_up": noTask,
	"cancel_task awaiting_approval": noTask, "cancel_task solution_ready": noTask, "cancel_task implementing": noTask,
	"cancel_task resolved": noTask, "cancel_task following_up": noTask,
	"snooze resolved": noPromise, "snooze following_up": noPromise, "hand_over resolved": noPromise, "hand_over following_up": noPromise,
	"pause resolved": noPause, "resume resolved": noPause, "long_pause resolved": noPause,
}

const (
	noTask    = "no solution is proposed or told while joint tasks are open"
	noPromise = "by the policy as shipped only alerts about promises are to be acknowledged, and all are kept"
	noPause   = "none of the clocks runs that a pause stops"
)

func TestEveryUnlawfulPairIsRefusedWithWhatIsPossibleAndChangesNothing(t *testing.T) {
	t.Parallel()
	for _, p := range preparedCases() {
		for _, v := range models.Verbs() {
			if models.Lawful(v, p.state) {
				continue
			}
			t.Run(fmt.Sprintf("%s while %s", v, p.name), func(t *testing.T) {
				t.Parallel()
				s := p.lead(t)
				e := s.turnedDown(unlawfully(s, v))
				require.Equal(t, models.CodeUnlawful, e.Code)
				require.Equal(t, p.state, e.State)
				require.Equal(t, models.Possible(p.state), e.Possible)
				require.Contains(t, e.Message, string(p.state))
				for _, possible := range e.Possible {
					require.Contains(t, e.Message, string(possible))
				}
			})
		}
	}
}

// unlawfully is v with data of its kind, whether or not anything else about it is right.
func unlawfully(s *story, v models.Verb) lifecycle.Command {
	data, err := models.ReadData(lifecycle.KindOf(v), 1, []byte("{}"))
	require.NoError(s.t, err)
	return s.command(models.System(), v, data)
}

func TestOnlyOpeningIsPossibleBeforeACaseIsOnRecord(t *testing.T) {
	t.Parallel()
	require.Equal(t, []models.Verb{models.VerbOpen}, models.Possible(models.StateNone))
	for _, v := range models.Verbs()[1:] {
		s := blank(t)
		e := s.turnedDown(unlawfully(s, v))
		require.Equal(t, models.CodeUnlawful, e.Code, v)
		require.Contains(t, e.Message, "not on record")
	}
}

func TestAnArchivedCaseSaysThatNothingIsPossible(t *testing.T) {
	t.Parallel()
	require.Contains(t, models.Unlawful(models.VerbNote, models.StateArchived).Message, "nothing is possible any more")
}

func TestADecisionIsTheSameHoweverOftenItIsMade(t *testing.T) {
	t.Parallel()
	for _, p := range preparedCases() {
		for _, v := range models.Possible(p.state) {
			s := p.lead(t)
			s.prepare(v)
			cmd, not := lawfully(s, v)
			if not != "" {
				continue
			}
			plan := s.plan()
			once, err := lifecycle.Decide(s.c, cmd, plan, s.now)
			require.NoError(t, err)
			var again lifecycle.Command
			require.NoError(t, jsonCopy(cmd, &again))
			twice, err := lifecycle.Decide(s.c, again, plan, s.now.In(time.FixedZone("elsewhere", 3600)))
			require.NoError(t, err)
			require.Equal(t, bytesOf(t, once), bytesOf(t, twice), "%s while %s", v, p.name)
		}
	}
}
