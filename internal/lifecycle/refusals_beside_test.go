package lifecycle_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// cny is an amount of money in fen.
func cny(minor int64) *models.Money {
	return &models.Money{Minor: minor, Currency: "CNY", Kind: models.MoneyCompensation}
}

const (
	limitOfMoney = 50_000 // of the default policy: more is asked for
	longestPause = 3 * day
)

func about(nature models.Nature) func(require.TestingT) *story {
	return func(t require.TestingT) *story { return begin(t, func(o *models.Opened) { o.Nature = nature }) }
}

// paused is an investigated case that waits for others.
func paused(t require.TestingT) *story {
	s := atInvestigating(t)
	s.pause(models.PauseOutside, s.now.Add(day))
	return s
}

// asked is an investigated case with a request of its head.
func asked(v models.Verb, d models.Requested) func(require.TestingT) *story {
	return func(t require.TestingT) *story {
		s := atInvestigating(t)
		s.do(head, v, d, models.TextReason)
		return s
	}
}

// askedFor is the number of asked's request.
const askedFor = 4

var longPause = asked(models.VerbLongPause, models.Requested{Pause: models.PauseOutside, Until: monday.Add(10 * day)})

// namedHank is an investigated case that is about hank.
func namedHank(lead func(require.TestingT) *story) func(require.TestingT) *story {
	return func(t require.TestingT) *story {
		s := lead(t)
		s.do(supervisor, models.VerbRestrict, models.Restricted{Named: []string{"hank"}}, models.TextReason)
		return s
	}
}

func supervised(t require.TestingT) *story {
	s := atInvestigating(t)
	s.do(supervisor, models.VerbSupervise, models.Supervised{ReportDue: s.now.Add(day)}, models.TextReason)
	return s
}

func settledWith(change func(*models.Settled)) models.Settled {
	d := models.Settled{Channel: models.ChannelPhone, Outcome: models.OutcomeUpheld}
	change(&d)
	return d
}

func sameSettled(*models.Settled) {}

var (
	reason      = []string{models.TextReason}
	words       = []string{models.TextText}
	settleTexts = []string{models.TextText, models.TextResult}
)

var refusalsBeside = []refusal{
	// settle
	{"settle an important case", func(t require.TestingT) *story { return begin(t, important) }, desk, models.VerbSettle, settledWith(sameSettled), settleTexts, models.CodeConflict, ""},
	{"settle a case about staff", about(models.NatureInternal), desk, models.VerbSettle, settledWith(sameSettled), settleTexts, models.CodeForbidden, ""},
	{"settle as one about staff", onRecord, desk, models.VerbSettle, settledWith(func(d *models.Settled) { d.Nature = models.NatureInternal }), settleTexts, models.CodeConflict, ""},
	{"settle what was dispatched before", func(t require.TestingT) *story {
		s := atDispatched(t)
		s.do(head, models.VerbReturn, models.Returned{}, reason...)
		return s
	}, desk, models.VerbSettle, settledWith(sameSettled), settleTexts, models.CodeConflict, ""},
	{"settle in no department", onRecord, intake, models.VerbSettle, settledWith(sameSettled), settleTexts, models.CodeInvalid, "/department"},
	{"settle in another's department", onRecord, desk, models.VerbSettle, settledWith(func(d *models.Settled) { d.Department = "sales" }), settleTexts, models.CodeInvalid, "/department"},
	{"settle by a program", onRecord, models.Actor{Kind: models.ActorService, ID: "bot", Roles: []models.Role{models.RoleIntake}, Departments: []string{repairs}}, models.VerbSettle, settledWith(sameSettled), settleTexts, models.CodeForbidden, ""},
	{"settle without an outcome", onRecord, desk, models.VerbSettle, settledWith(func(d *models.Settled) { d.Outcome = "" }), settleTexts, models.CodeInvalid, "/outcome"},
	{"settle without the words", onRecord, desk, models.VerbSettle, settledWith(sameSettled), []string{"result"}, models.CodeInvalid, "/text"},
	{"settle without the result", onRecord, desk, models.VerbSettle, settledWith(sameSettled), words, models.CodeInvalid, "/result"},
	{"settle for a cause of its own", onRecord, desk, models.VerbSettle, settledWith(func(d *models.Settled) { d.Cause = "moon" }), settleTexts, models.CodeInvalid, "/cause"},

	// work that changes hands
	{"return without a reason", dispatched, head, models.VerbReturn, models.Returned{}, nil, models.CodeInvalid, "/reason"},
	{"recall without a reason", dispatched, supervisor, models.VerbRecall, models.Recalled{}, nil, models.CodeInvalid, "/reason"},
	{"recall what another dispatched", recordedByFay, desk, models.VerbRecall, models.Recalled{}, reason, models.CodeForbidden, ""},
	{"dispatch a second time with a due of its own", func(t require.TestingT) *story {
		s := atDispatched(t)
		s.do(head, models.VerbReturn, models.Returned{}, reason...)
		return s
	}, intake, models.VerbDispatch, models.Dispatched{Department: repairs, HandlingDue: monday.Add(9 * day)}, []string{"objective"}, models.CodeInvalid, "/handling_due"},
	{"transfer to nobody", investigated, head, models.VerbTransfer, models.Transferred{}, reason, models.CodeInvalid, "/department"},
	{"transfer to the same department", investigated, head, models.VerbTransfer, models.Transferred{Department: repairs}, reason, models.CodeInvalid, "/department"},
	{"transfer without a reason", investigated, head, models.VerbTransfer, models.Transferred{Department: "sales"}, nil, models.CodeInvalid, "/reason"},
	{"assign what no department has", onRecord, supervisor, models.VerbAssign, models.Assigned{Person: "hal"}, nil, models.CodeConflict, ""},
	{"assign to whoever is responsible", investigated, head, models.VerbAssign, models.Assigned{Person: "hal"}, nil, models.CodeInvalid, "/person"},
	{"a joint task for nobody", investigated, head, models.VerbGiveTask, models.TaskGiven{Due: monday.Add(day)}, words, models.CodeInvalid, "/department"},
	{"a joint task for the lead itself", investigated, head, models.VerbGiveTask, models.TaskGiven{Department: repairs, Due: monday.Add(day)}, words, models.CodeInvalid, "/department"},
	{"a joint task due in the past", investigated, head, models.VerbGiveTask, models.TaskGiven{Department: "sales", Due: monday}, words, models.CodeInvalid, "/due"},
	{"a joint task without words", investigated, head, models.VerbGiveTask, models.TaskGiven{Department: "sales", Due: monday.Add(day)}, nil, models.CodeInvalid, "/text"},
	{"finish another department's task", withTask(models.StateInvestigating), member("hank", models.RoleHandler), models.VerbFinishTask, models.TaskFinished{}, words, models.CodeForbidden, ""},
	{"finish a task that was not given", withTask(models.StateInvestigating), seller, models.VerbFinishTask, models.TaskFinished{Task: 1}, words, models.CodeInvalid, "/task"},
	{"finish a task without words", withTask(models.StateInvestigating), seller, models.VerbFinishTask, models.TaskFinished{}, nil, models.CodeInvalid, "/text"},
	{"finish one of two tasks without saying which", func(t require.TestingT) *story {
		s := withTask(models.StateInvestigating)(t)
		s.giveTask("sales")
		return s
	}, seller, models.VerbFinishTask, models.TaskFinished{}, words, models.CodeInvalid, "/task"},
	{"cancel a task that was not given", investigated, head, models.VerbCancelTask, models.TaskCancelled{}, reason, models.CodeInvalid, "/task"},
	{"cancel a task without a reason", withTask(models.StateInvestigating), head, models.VerbCancelTask, models.TaskCancelled{}, nil, models.CodeInvalid, "/reason"},
	{"propose while a joint task is open", withTask(models.StateInvestigating), handler, models.VerbPropose, measures(models.Measure{Owner: "hal", Due: monday}), []string{"solution", "measure.0"}, models.CodeConflict, ""},
	{"propose money without a currency", investigated, handler, models.VerbPropose, models.Proposed{Money: &models.Money{Minor: 1, Kind: models.MoneyRefund}}, []string{"solution"}, models.CodeInvalid, "/money/currency"},
	{"propose much money without minutes", investigated, handler, models.VerbPropose, models.Proposed{
		Measures: []models.Measure{{Owner: "hal", Due: monday}}, Money: cny(limitOfMoney + 1),
	}, []string{"solution", "measure.0"}, models.CodeInvalid, "/minutes"},

	// words with the customer
	{"an immediate measure without words", investigated, head, models.VerbImmediateMeasure, models.MeasureTaken{}, nil, models.CodeInvalid, "/text"},
	{"progress by no channel we know", investigated, head, models.VerbTellProgress, models.ProgressTold{Channel: "pigeon"}, words, models.CodeInvalid, "/channel"},
	{"an interim answer until the past", investigated, head, models.VerbTellInterim, models.InterimTold{Channel: models.ChannelPhone, Until: monday}, words, models.CodeInvalid, "/until"},
	{"promise contact in the past", investigated, head, models.VerbPromiseContact, models.ContactPromised{At: monday}, nil, models.CodeInvalid, "/at"},
	{"a result by another channel without a reason", atResolved, handler, models.VerbTellResult, without(func(r *models.ResultTold) { r.Channel = models.ChannelPhone }), words, models.CodeInvalid, "/channel"},
	{"urge without words", investigated, head, models.VerbUrge, models.Urged{Channel: models.ChannelPhone}, nil, models.CodeInvalid, "/text"},
	{"supervise twice", supervised, another, models.VerbSupervise, models.Supervised{ReportDue: monday.Add(2 * day)}, reason, models.CodeConflict, ""},
	{"supervise with a report due in the past", investigated, supervisor, models.VerbSupervise, models.Supervised{ReportDue: monday}, reason, models.CodeInvalid, "/report_due"},
	{"report what nobody asked for", investigated, head, models.VerbReport, models.Reported{}, words, models.CodeConflict, ""},
	{"an empty report", supervised, head, models.VerbReport, models.Reported{}, nil, models.CodeInvalid, "/text"},
	{"call back by the handling department", atFollowingUp, models.Actor{Kind: models.ActorPerson, ID: "q", Roles: []models.Role{models.RoleQuality}, Departments: []string{"quality", repairs}}, models.VerbRecordCallback, models.CallbackRecorded{Outcome: models.CallbackReachedSolved}, nil, models.CodeForbidden, ""},
	{"put a call off to the past", atFollowingUp, customer, models.VerbReschedule, models.Rescheduled{To: monday}, nil, models.CodeInvalid, "/to"},
	{"put a call off for weeks", atFollowingUp, customer, models.VerbReschedule, models.Rescheduled{To: monday.Add(20 * day)}, nil, models.CodeInvalid, "/to"},
	{"put off a call that nobody will make", func(t require.TestingT) *story { return begin(t, anonymous).followUp() }, customer, models.VerbReschedule, models.Rescheduled{To: monday.Add(day)}, nil, models.CodeConflict, ""},

	// pauses
	{"pause for a reason of its own", investigated, head, models.VerbPause, models.Paused{Reason: "holiday", Until: monday.Add(day)}, reason, models.CodeInvalid, "/waiting_for"},
	{"pause until the past", investigated, head, models.VerbPause, models.Paused{Reason: models.PauseOutside, Until: monday}, reason, models.CodeInvalid, "/until"},
	{"pause for too long", investigated, head, models.VerbPause, models.Paused{Reason: models.PauseOutside, Until: monday.Add(longestPause + us)}, reason, models.CodeInvalid, "/until"},
	{"pause without a reason", investigated, head, models.VerbPause, models.Paused{Reason: models.PauseOutside, Until: monday.Add(day)}, nil, models.CodeInvalid, "/reason"},
	{"wait for a customer whom nobody asked", investigated, head, models.VerbPause, models.Paused{Reason: models.PauseCustomer, Until: monday.Add(day)}, reason, models.CodeInvalid, "/evidence"},
	{"wait for a customer, on the word of another entry", func(t require.TestingT) *story {
		s := atInvestigating(t)
		s.ask()
		return s
	}, head, models.VerbPause, models.Paused{Reason: models.PauseCustomer, Evidence: 1, Until: monday.Add(day)}, reason, models.CodeInvalid, "/evidence"},
	{"pause twice", paused, head, models.VerbPause, models.Paused{Reason: models.PauseOutside, Until: monday.Add(day)}, reason, models.CodeConflict, ""},
	{"pause what does not run", atResolved, head, models.VerbPause, models.Paused{Reason: models.PauseOutside, Until: monday.Add(day)}, reason, models.CodeConflict, ""},
	{"resume what is not paused", investigated, head, models.VerbResume, models.Resumed{}, nil, models.CodeConflict, ""},

	// requests
	{"extend to the present due", investigated, head, models.VerbExtend, models.Requested{Until: monday.Add(7 * day)}, reason, models.CodeInvalid, "/until"},
	{"extend to before the present due", investigated, head, models.VerbExtend, models.Requested{Until: monday.Add(6 * day)}, reason, models.CodeInvalid, "/until"},
	{"extend without a reason", investigated, head, models.VerbExtend, models.Requested{Until: monday.Add(8 * day)}, nil, models.CodeInvalid, "/reason"},
	{"lower to the same severity", investigated, head, models.VerbLowerSeverity, models.Requested{Severity: models.SeverityGeneral}, reason, models.CodeInvalid, "/severity"},
	{"lower to a severity of its own", investigated, head, models.VerbLowerSeverity, models.Requested{Severity: "mild"}, reason, models.CodeInvalid, "/severity"},
	{"a long pause without evidence", investigated, head, models.VerbLongPause, models.Requested{Pause: models.PauseCustomer, Until: monday.Add(9 * day)}, reason, models.CodeInvalid, "/evidence"},
	{"a long pause of a paused case", paused, head, models.VerbLongPause, models.Requested{Pause: models.PauseOutside, Until: monday.Add(9 * day)}, reason, models.CodeConflict, ""},
	{"no money at all", investigated, head, models.VerbCompensate, models.Requested{}, reason, models.CodeInvalid, "/money"},
	{"less than nothing", investigated, head, models.VerbCompensate, models.Requested{Money: cny(-1)}, reason, models.CodeInvalid, "/money/minor"},
	{"money of no kind", investigated, head, models.VerbCompensate, models.Requested{Money: &models.Money{Minor: 1, Currency: "CNY"}}, reason, models.CodeInvalid, "/money/kind"},
	{"ask for the same twice", longPause, head, models.VerbLongPause, models.Requested{Pause: models.PauseOutside, Until: monday.Add(9 * day)}, reason, models.CodeConflict, ""},
	{"refuse a complaint without a reason", investigated, head, models.VerbNotAccept, models.Requested{}, nil, models.CodeInvalid, "/reason"},
	{"decide by the asker", func(t require.TestingT) *story {
		s := atInvestigating(t)
		s.do(supervisor, models.VerbNotAccept, models.Requested{}, reason...)
		return s
	}, supervisor, models.VerbDecide, models.Decided{Request: askedFor, Granted: true}, reason, models.CodeForbidden, ""},
	{"decide in another's role", longPause, executive, models.VerbDecide, models.Decided{Request: askedFor}, reason, models.CodeForbidden, ""},
	{"decide on much money as a supervisor", asked(models.VerbCompensate, models.Requested{Money: cny(limitOfMoney + 1)}), supervisor, models.VerbDecide, models.Decided{Request: askedFor}, reason, models.CodeForbidden, ""},
	{"decide on a solution", atAwaitingApproval, executive, models.VerbDecide, models.Decided{Request: 4}, reason, models.CodeInvalid, "/request"},
	{"retract what another asked for", longPause, handler, models.VerbRetract, models.Retracted{Request: askedFor}, nil, models.CodeForbidden, ""},
	{"retract what nobody asked for", investigated, handler, models.VerbRetract, models.Retracted{}, nil, models.CodeInvalid, "/request"},

	// how it is filed
	{"reclassify nothing", investigated, head, models.VerbReclassify, models.Reclassified{}, reason, models.CodeInvalid, "/severity"},
	{"lower the severity by filing", func(t require.TestingT) *story { return atInvestigating(t, urgent) }, head, models.VerbReclassify, models.Reclassified{Severity: models.SeverityGeneral}, reason, models.CodeInvalid, "/severity"},
	{"file under a nature of its own", investigated, head, models.VerbReclassify, models.Reclassified{Nature: "odd"}, reason, models.CodeInvalid, "/nature"},
	{"file under an attribution of its own", investigated, head, models.VerbReclassify, models.Reclassified{Attribution: "fate"}, reason, models.CodeInvalid, "/attribution"},
	{"file otherwise without a reason", investigated, head, models.VerbReclassify, models.Reclassified{Category: "x"}, nil, models.CodeInvalid, "/reason"},
	{"amend what cannot be", investigated, head, models.VerbAmend, models.Amended{Changes: []models.Change{{Field: "severity", Is: "general"}}}, reason, models.CodeInvalid, "/severity"},
	{"amend to what it was", investigated, head, models.VerbAmend, models.Amended{Changes: []models.Change{{Field: "language", Is: "zh-CN"}}}, reason, models.CodeInvalid, "/language"},
	{"amend nothing", investigated, head, models.VerbAmend, models.Amended{}, reason, models.CodeInvalid, "/reason"},
	{"void the first entry", investigated, head, models.VerbVoid, models.Voided{Entry: 1}, reason, models.CodeInvalid, "/entry"},
	{"void an entry that is not there", investigated, head, models.VerbVoid, models.Voided{Entry: 99}, reason, models.CodeInvalid, "/entry"},
	{"attach nothing", investigated, head, models.VerbAttach, models.Attached{}, nil, models.CodeInvalid, "/attachments"},

	// who may see it
	{"a named person in the circle", investigated, supervisor, models.VerbRestrict, models.Restricted{Circle: []string{"sue", "nob"}, Named: []string{"ann", "nob"}}, reason, models.CodeInvalid, "/named/1"},
	{"name whoever is responsible", investigated, supervisor, models.VerbRestrict, models.Restricted{Named: []string{"hal"}}, reason, models.CodeInvalid, "/named/0"},
	{"a case about staff without a circle", about(models.NatureInternal), supervisor, models.VerbRestrict, models.Restricted{Named: []string{"nob"}}, reason, models.CodeInvalid, "/circle"},
	{"restrict without a reason", investigated, supervisor, models.VerbRestrict, models.Restricted{Named: []string{"nob"}}, nil, models.CodeInvalid, "/reason"},
	{"assign to a named person", namedHank(investigated), head, models.VerbAssign, models.Assigned{Person: "hank"}, nil, models.CodeInvalid, "/person"},
	{"transfer to a named person", namedHank(investigated), head, models.VerbTransfer, models.Transferred{Department: "sales", Person: "hank"}, reason, models.CodeInvalid, "/person"},
	{"dispatch to a named person", namedHank(onRecord), intake, models.VerbDispatch, models.Dispatched{Department: repairs, Person: "hank"}, []string{"objective"}, models.CodeInvalid, "/person"},
	{"accept for a named person", namedHank(dispatched), head, models.VerbAccept, models.Accepted{Person: "hank"}, nil, models.CodeInvalid, "/person"},
	{"a measure of a named person", namedHank(investigated), handler, models.VerbPropose, measures(models.Measure{Owner: "hank", Due: monday}), []string{"solution", "measure.0"}, models.CodeInvalid, "/measures/0/owner"},
	{"a named person comes near", namedHank(investigated), member("hank", models.RoleDepartmentHead), models.VerbNote, models.Noted{Audience: models.AudienceInternal}, words, models.CodeForbidden, ""},

	// other ends, other cases
	{"withdraw without the customer's word", investigated, supervisor, models.VerbWithdraw, models.Withdrawn{}, nil, models.CodeInvalid, "/text"},
	{"merge into itself", investigated, supervisor, models.VerbMerge, models.Merged{Into: models.Other{Case: "c-1", Number: models.Number(2026, 1)}}, reason, models.CodeInvalid, "/into"},
	{"merge into a later case", investigated, supervisor, models.VerbMerge, models.Merged{Into: models.Other{Case: "c-2", Number: models.Number(2026, 2)}}, reason, models.CodeInvalid, "/into"},
	{"merge without a reason", investigated, supervisor, models.VerbMerge, models.Merged{Into: earlier}, nil, models.CodeInvalid, "/reason"},
	{"unmerge without a reason", merged(investigated), supervisor, models.VerbUnmerge, models.Unmerged{}, nil, models.CodeInvalid, "/reason"},
	{"link to itself", investigated, supervisor, models.VerbLink, models.Linked{Other: models.Other{Case: "c-1"}, Relation: models.RelationRelated}, nil, models.CodeInvalid, "/other"},
	{"link in a way of its own", investigated, supervisor, models.VerbLink, models.Linked{Other: earlier, Relation: "cousin"}, nil, models.CodeInvalid, "/relation"},
	{"link as merged by hand", investigated, supervisor, models.VerbLink, models.Linked{Other: earlier, Relation: models.RelationMerged}, nil, models.CodeInvalid, "/relation"},
	{"join a group with a solution of its own", atSolutionReady, supervisor, models.VerbLink, models.Linked{Other: earlier, Relation: models.RelationLead}, nil, models.CodeConflict, ""},
	{"join a second group", inGroup(investigated), supervisor, models.VerbLink, models.Linked{Other: models.Other{Case: "c-9", Number: models.Number(2026, 9)}, Relation: models.RelationLead}, nil, models.CodeConflict, ""},
	{"lead a group out of a group", inGroup(investigated), supervisor, models.VerbLink, models.Linked{Other: models.Other{Case: "c-9", Number: models.Number(2026, 9)}, Relation: models.RelationMember}, nil, models.CodeConflict, ""},
	{"be told with a group that it does not belong to", investigated, models.System(), models.VerbTellSolution, models.SolutionTold{Channel: models.ChannelEmail, Group: &models.GroupAct{Lead: earlier}}, words, models.CodeConflict, ""},
	{"be told alone before its solution", inGroup(investigated), handler, models.VerbTellSolution, models.SolutionTold{Channel: models.ChannelEmail}, words, models.CodeUnlawful, ""},
	{"tell a case that is no member", atSolutionReady, handler, models.VerbTellSolution, models.SolutionTold{Channel: models.ChannelEmail, Copies: []models.GroupCopy{{Other: earlier}}}, words, models.CodeConflict, ""},
}

// recordedByFay is a case that fay recorded and ivy dispatched.
func recordedByFay(t require.TestingT) *story {
	s := blank(t)
	s.give(s.command(desk, models.VerbOpen, complaint(), models.TextText))
	s.dispatch()
	return s
}

func TestEveryRefusalBesideTheMainRoadNamesItsFieldAndChangesNothing(t *testing.T) {
	t.Parallel()
	for _, r := range refusalsBeside {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			s := r.lead(t)
			e := s.refused(r.who, r.verb, r.data, r.words...)
			require.Equal(t, r.code, e.Code, e.Message)
			require.Equal(t, r.field, e.Field, e.Message)
			require.NotEmpty(t, e.Message)
		})
	}
}

func TestWhatIsJustWithinItsLimitsIsTaken(t *testing.T) {
	t.Parallel() // so that no refusal above is refused for another reason than its own
	s := atInvestigating(t)
	s.do(head, models.VerbPause, models.Paused{Reason: models.PauseOutside, Until: s.now.Add(longestPause)}, reason...)
	s.do(head, models.VerbResume, models.Resumed{})
	s.ask()
	s.do(head, models.VerbPause, models.Paused{Reason: models.PauseCustomer, Evidence: s.c.Outbound, Until: s.now.Add(us)}, reason...)
	s.do(head, models.VerbExtend, models.Requested{Until: monday.Add(7*day + us)}, reason...)
	events := s.do(head, models.VerbCompensate, models.Requested{Money: cny(limitOfMoney)}, reason...)
	require.Equal(t, []models.Kind{models.KindCompensated}, kinds(events), "within the limit it is given at once")
	events = s.do(head, models.VerbCompensate, models.Requested{Money: cny(limitOfMoney + 1)}, reason...)
	require.Equal(t, []models.Kind{models.KindRequested}, kinds(events), "above it, it is asked for")
	require.Equal(t, models.RoleExecutive, s.c.Requests[len(s.c.Requests)-1].Decider)
	s.do(head, models.VerbAmend, models.Amended{}, models.TextReason, models.TextContact) // the contact is corrected outside the chain
	s.do(head, models.VerbVoid, models.Voided{Entry: 2}, reason...)
	s.do(intake, models.VerbUrge, models.Urged{Channel: models.ChannelPhone}, words...)
	s.do(head, models.VerbTellInterim, models.InterimTold{Channel: models.ChannelPhone, Until: s.now.Add(us)}, words...)
	s.wait(time.Second)

	s = atDispatched(t)
	s.do(intake, models.VerbRecall, models.Recalled{}, reason...)
	require.Equal(t, models.StateReceived, s.c.State, "whoever issued the work order takes it back")

	s = atFollowingUp(t)
	s.do(customer, models.VerbReschedule, models.Rescheduled{To: s.now.Add(14 * day)})
}
