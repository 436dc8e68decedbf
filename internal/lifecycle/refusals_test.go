package lifecycle_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// goodResult is a result with all that the checklist asks for.
var goodResult = models.ResultTold{Channel: models.ChannelEmail, Done: true, Effect: true, FollowUp: true, Thanks: true}

func without(change func(*models.ResultTold)) models.ResultTold {
	d := goodResult
	change(&d)
	return d
}

func eleven() *int { n := 11; return &n }

// refusal is one thing that a verb does not take.
type refusal struct {
	name  string
	lead  func(require.TestingT) *story
	who   models.Actor
	verb  models.Verb
	data  models.Data
	words []string
	code  models.Code
	field string
}

var refusals = []refusal{
	// open
	{"open without a text", blank, intake, models.VerbOpen, complaint(), nil, models.CodeInvalid, "/text"},
	{"open by no channel we know", blank, intake, models.VerbOpen, complaint(func(o *models.Opened) { o.Channel = "pigeon" }), []string{"text"}, models.CodeInvalid, "/channel"},
	{"open with a severity of its own", blank, intake, models.VerbOpen, complaint(func(o *models.Opened) { o.Severity = "mild" }), []string{"text"}, models.CodeInvalid, "/severity"},
	{"open with a nature of its own", blank, intake, models.VerbOpen, complaint(func(o *models.Opened) { o.Nature = "odd" }), []string{"text"}, models.CodeInvalid, "/nature"},
	{"open what is received in the future", blank, intake, models.VerbOpen, complaint(func(o *models.Opened) { o.ReceivedAt = monday.Add(us) }), []string{"text"}, models.CodeInvalid, "/received_at"},
	{"open a letter received in the future", blank, intake, models.VerbOpen, complaint(letter(-us)), []string{"text", "receipt_evidence"}, models.CodeInvalid, "/received_at"},
	{"open a back-dated phone call", blank, intake, models.VerbOpen, complaint(func(o *models.Opened) {
		o.Channel, o.ReceivedAt = models.ChannelPhone, monday.Add(-us)
	}), []string{"text", "receipt_evidence"}, models.CodeInvalid, "/received_at"},
	{"open a letter received earlier without evidence", blank, intake, models.VerbOpen, complaint(letter(time.Hour)), []string{"text"}, models.CodeInvalid, "/receipt_evidence"},
	{"open a letter of the year before last", blank, intake, models.VerbOpen, complaint(letter(366*day + us)), []string{"text", "receipt_evidence"}, models.CodeInvalid, "/received_at"},
	{"open as answered without the answer", blank, intake, models.VerbOpen, complaint(func(o *models.Opened) { o.Answered = true }), []string{"text"}, models.CodeInvalid, "/answer"},
	{"open by a handler", blank, handler, models.VerbOpen, complaint(), []string{"text"}, models.CodeForbidden, ""},

	// dispatch
	{"dispatch to nobody", onRecord, intake, models.VerbDispatch, models.Dispatched{}, []string{"objective"}, models.CodeInvalid, "/department"},
	{"dispatch without an objective", onRecord, intake, models.VerbDispatch, models.Dispatched{Department: repairs}, nil, models.CodeInvalid, "/objective"},
	{"dispatch with a severity of its own", onRecord, intake, models.VerbDispatch, models.Dispatched{Department: repairs, Severity: "mild"}, []string{"objective"}, models.CodeInvalid, "/severity"},
	{"dispatch with a nature of its own", onRecord, intake, models.VerbDispatch, models.Dispatched{Department: repairs, Nature: "odd"}, []string{"objective"}, models.CodeInvalid, "/nature"},
	{"dispatch without a nature", func(t require.TestingT) *story { return begin(t, func(o *models.Opened) { o.Nature = "" }) }, intake, models.VerbDispatch, models.Dispatched{Department: repairs}, []string{"objective"}, models.CodeInvalid, "/nature"},
	{"dispatch at a lowered severity", func(t require.TestingT) *story { return begin(t, important) }, intake, models.VerbDispatch, models.Dispatched{Department: repairs, Severity: models.SeverityGeneral}, []string{"objective"}, models.CodeInvalid, "/severity"},
	{"dispatch with a handling due in the past", onRecord, intake, models.VerbDispatch, models.Dispatched{Department: repairs, HandlingDue: monday}, []string{"objective"}, models.CodeInvalid, "/handling_due"},
	{"dispatch with a handling due less than a microsecond ahead", onRecord, intake, models.VerbDispatch, models.Dispatched{Department: repairs, HandlingDue: monday.Add(999)}, []string{"objective"}, models.CodeInvalid, "/handling_due"},

	// accept
	{"accept by another department", func(t require.TestingT) *story { return atDispatched(t) }, models.Actor{Kind: models.ActorPerson, ID: "x", Roles: []models.Role{models.RoleHandler}, Departments: []string{"sales"}}, models.VerbAccept, models.Accepted{}, nil, models.CodeForbidden, ""},
	{"accept somebody else's work order", func(t require.TestingT) *story { return atDispatched(t) }, member("hank", models.RoleHandler), models.VerbAccept, models.Accepted{}, nil, models.CodeForbidden, ""},

	// words to and from the customer
	{"reply without words", onRecord, intake, models.VerbReply, models.Replied{Channel: models.ChannelPhone}, nil, models.CodeInvalid, "/text"},
	{"reply by no channel we know", onRecord, intake, models.VerbReply, models.Replied{Channel: "pigeon"}, []string{"text"}, models.CodeInvalid, "/channel"},
	{"a contact in no direction", onRecord, intake, models.VerbLogContact, models.ContactLogged{Channel: models.ChannelPhone, Direction: "up"}, []string{"text"}, models.CodeInvalid, "/direction"},
	{"a contact by no channel we know", onRecord, intake, models.VerbLogContact, models.ContactLogged{Direction: models.DirectionIn}, []string{"text"}, models.CodeInvalid, "/channel"},
	{"a contact without words", onRecord, intake, models.VerbLogContact, models.ContactLogged{Channel: models.ChannelPhone, Direction: models.DirectionIn}, nil, models.CodeInvalid, "/text"},
	{"a note for nobody", onRecord, intake, models.VerbNote, models.Noted{Audience: "all"}, []string{"text"}, models.CodeInvalid, "/audience"},
	{"an empty note", onRecord, intake, models.VerbNote, models.Noted{Audience: models.AudienceInternal}, nil, models.CodeInvalid, "/text"},
	{"an empty message", onRecord, customer, models.VerbMessage, models.Messaged{Channel: models.ChannelWeb}, nil, models.CodeInvalid, "/text"},
	{"not solved without words", onRecord, customer, models.VerbNotSolved, models.NotSolved{}, nil, models.CodeInvalid, "/text"},

	// propose
	{"propose nothing", investigated, handler, models.VerbPropose, models.Proposed{}, []string{"solution"}, models.CodeInvalid, "/measures"},
	{"propose a measure of nobody", investigated, handler, models.VerbPropose, measures(models.Measure{Due: monday}), []string{"solution", "measure.0"}, models.CodeInvalid, "/measures/0/owner"},
	{"propose a measure for some day", investigated, handler, models.VerbPropose, measures(models.Measure{Owner: "hal"}), []string{"solution", "measure.0"}, models.CodeInvalid, "/measures/0/due"},
	{"propose a measure before the complaint", investigated, handler, models.VerbPropose, measures(models.Measure{Owner: "hal", Due: monday.Add(-us)}), []string{"solution", "measure.0"}, models.CodeInvalid, "/measures/0/due"},
	{"propose a second measure without words", investigated, handler, models.VerbPropose, measures(models.Measure{Owner: "hal", Due: monday}, models.Measure{Owner: "hal", Due: monday}), []string{"solution", "measure.0"}, models.CodeInvalid, "/measures/1/text"},
	{"propose without describing it", investigated, handler, models.VerbPropose, measures(models.Measure{Owner: "hal", Due: monday}), []string{"measure.0"}, models.CodeInvalid, "/solution"},
	{"propose for an important case without minutes", func(t require.TestingT) *story { return atInvestigating(t, important) }, handler, models.VerbPropose, measures(models.Measure{Owner: "hal", Due: monday}), []string{"solution", "measure.0"}, models.CodeInvalid, "/minutes"},
	{"propose on somebody else's case", investigated, member("hank", models.RoleHandler), models.VerbPropose, measures(models.Measure{Owner: "hal", Due: monday}), []string{"solution", "measure.0"}, models.CodeForbidden, ""},

	// approve and reject
	{"approve one's own proposal", proposedByExecutive, headAndExecutive, models.VerbApprove, models.Approved{}, nil, models.CodeForbidden, ""},
	{"reject one's own proposal", proposedByExecutive, headAndExecutive, models.VerbReject, models.Rejected{}, []string{"reason"}, models.CodeForbidden, ""},
	{"reject without saying why", proposedByExecutive, executive, models.VerbReject, models.Rejected{}, nil, models.CodeInvalid, "/reason"},
	{"approve by a supervisor", proposedByExecutive, supervisor, models.VerbApprove, models.Approved{}, nil, models.CodeForbidden, ""},

	// resolve and tell the result
	{"resolve half done", atImplementing, handler, models.VerbResolve, models.Resolved{Outcome: models.OutcomeUpheld}, []string{"result"}, models.CodeInvalid, "/measures_done"},
	{"resolve without an outcome", atImplementing, handler, models.VerbResolve, models.Resolved{MeasuresDone: true}, []string{"result"}, models.CodeInvalid, "/outcome"},
	{"resolve without the result", atImplementing, handler, models.VerbResolve, models.Resolved{MeasuresDone: true, Outcome: models.OutcomeUpheld}, nil, models.CodeInvalid, "/result"},
	{"resolve with a cause of its own", atImplementing, handler, models.VerbResolve, models.Resolved{MeasuresDone: true, Outcome: models.OutcomeUpheld, Cause: "moon"}, []string{"result"}, models.CodeInvalid, "/cause"},
	{"resolve with an attribution of its own", atImplementing, handler, models.VerbResolve, models.Resolved{MeasuresDone: true, Outcome: models.OutcomeUpheld, Attribution: "fate"}, []string{"result"}, models.CodeInvalid, "/attribution"},
	{"a result that does not say what was done", atResolved, handler, models.VerbTellResult, without(func(r *models.ResultTold) { r.Done = false }), []string{"text"}, models.CodeInvalid, "/done"},
	{"a result that does not say its effect", atResolved, handler, models.VerbTellResult, without(func(r *models.ResultTold) { r.Effect = false }), []string{"text"}, models.CodeInvalid, "/effect"},
	{"a result that does not say what comes next", atResolved, handler, models.VerbTellResult, without(func(r *models.ResultTold) { r.FollowUp = false }), []string{"text"}, models.CodeInvalid, "/follow_up"},
	{"a result without thanks", atResolved, handler, models.VerbTellResult, without(func(r *models.ResultTold) { r.Thanks = false }), []string{"text"}, models.CodeInvalid, "/thanks"},
	{"a result without words", atResolved, handler, models.VerbTellResult, goodResult, nil, models.CodeInvalid, "/text"},
	{"rework without a reason", atResolved, handler, models.VerbRework, models.Reworked{}, nil, models.CodeInvalid, "/reason"},

	// callback and survey
	{"a callback by somebody of the department", atFollowingUp, models.Actor{Kind: models.ActorPerson, ID: "q", Roles: []models.Role{models.RoleQuality}, Departments: []string{repairs}}, models.VerbRecordCallback, models.CallbackRecorded{Outcome: models.CallbackReachedSolved}, nil, models.CodeForbidden, ""},
	{"a callback to an anonymous customer", func(t require.TestingT) *story { return begin(t, anonymous).followUp() }, quality, models.VerbRecordCallback, models.CallbackRecorded{Outcome: models.CallbackNoAnswer}, nil, models.CodeConflict, ""},
	{"a callback with an outcome of its own", atFollowingUp, quality, models.VerbRecordCallback, models.CallbackRecorded{Outcome: "asleep"}, nil, models.CodeInvalid, "/outcome"},
	{"an attempt that is not under way", atFollowingUp, quality, models.VerbRecordCallback, models.CallbackRecorded{Attempt: 2, Outcome: models.CallbackNoAnswer}, nil, models.CodeInvalid, "/attempt"},
	{"an attempt rescheduled to the past", atFollowingUp, quality, models.VerbRecordCallback, models.CallbackRecorded{Outcome: models.CallbackRescheduled, RescheduledTo: monday}, nil, models.CodeInvalid, "/rescheduled_to"},
	{"scores of a customer who was not reached", atFollowingUp, quality, models.VerbRecordCallback, models.CallbackRecorded{Outcome: models.CallbackNoAnswer, Scores: &models.Scores{Result: 5}}, nil, models.CodeInvalid, "/scores"},
	{"a result score of 6", atFollowingUp, quality, models.VerbRecordCallback, models.CallbackRecorded{Outcome: models.CallbackReachedSolved, Scores: &models.Scores{Result: 6}}, nil, models.CodeInvalid, "/scores/result"},
	{"a process score below nothing", atFollowingUp, customer, models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: 1, Scores: models.Scores{Process: -1}}, nil, models.CodeInvalid, "/scores/process"},
	{"a speed score of 6", atFollowingUp, customer, models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: 1, Scores: models.Scores{Speed: 6}}, nil, models.CodeInvalid, "/scores/speed"},
	{"an attitude score of 6", atFollowingUp, customer, models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: 1, Scores: models.Scores{Attitude: 6}}, nil, models.CodeInvalid, "/scores/attitude"},
	{"a recommendation of 11", atFollowingUp, customer, models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: 1, Scores: models.Scores{Recommend: eleven()}}, nil, models.CodeInvalid, "/scores/recommend"},
	{"a survey that was never offered", atFollowingUp, customer, models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: 2}, nil, models.CodeNotFound, ""},
	{"a survey answered before", func(t require.TestingT) *story {
		s := atFollowingUp(t)
		s.answer(5)
		return s
	}, customer, models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: 1}, nil, models.CodeGone, ""},
	{"a survey that has expired", func(t require.TestingT) *story {
		s := closedBy(models.CloseSolved)(t)
		s.wait(7*day + us)
		return s
	}, customer, models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: 1}, nil, models.CodeGone, ""},
	{"a survey of an earlier cycle that has expired", func(t require.TestingT) *story {
		s := atFollowingUp(t)
		s.callBack(models.CallbackReachedUnsolved, nil)
		s.wait(7*day + us)
		return s
	}, customer, models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: 1}, nil, models.CodeGone, ""},

	// the ends
	{"close by hand without a reason", atFollowingUp, supervisor, models.VerbClose, models.Closed{}, nil, models.CodeInvalid, "/reason"},
	{"close by hand by the handler", atFollowingUp, handler, models.VerbClose, models.Closed{}, []string{"reason"}, models.CodeForbidden, ""},
	{"reopen without a reason", closedBy(models.CloseSolved), supervisor, models.VerbReopen, models.Reopened{}, nil, models.CodeInvalid, "/reason"},
	{"archive within the window", closedBy(models.CloseSolved), supervisor, models.VerbArchive, models.Archived{}, nil, models.CodeConflict, ""},
	{"ask for the archive without a reason", closedBy(models.CloseSolved), head, models.VerbArchiveEarly, models.Requested{}, nil, models.CodeInvalid, "/reason"},
	{"ask for the archive twice", askedBySupervisor, head, models.VerbArchiveEarly, models.Requested{}, []string{"reason"}, models.CodeConflict, ""},
	{"decide on what one asked for", askedBySupervisor, supervisor, models.VerbDecide, models.Decided{Request: earlyRequest, Granted: true}, []string{"reason"}, models.CodeForbidden, ""},
	{"decide without saying why", askedBySupervisor, another, models.VerbDecide, models.Decided{Request: earlyRequest, Granted: true}, nil, models.CodeInvalid, "/reason"},
	{"decide on no request", askedBySupervisor, another, models.VerbDecide, models.Decided{Request: 1}, []string{"reason"}, models.CodeInvalid, "/request"},
	{"decide by somebody else's role", askedBySupervisor, models.System(), models.VerbDecide, models.Decided{Request: earlyRequest}, []string{"reason"}, models.CodeForbidden, ""},

	// alerts
	{"acknowledge no alert", onRecord, supervisor, models.VerbAcknowledge, models.Acknowledged{Alert: "1/triage/1/limit/0/0"}, nil, models.CodeConflict, ""},

	// what no verb takes
	{"a verb that nobody knows", onRecord, supervisor, "juggle", models.Noted{Audience: models.AudienceInternal}, []string{"text"}, models.CodeInvalid, "/verb"},
	{"a verb with another verb's data", onRecord, supervisor, models.VerbNote, models.Closed{}, []string{"text"}, models.CodeInvalid, "/verb"},
	{"a verb without data", onRecord, supervisor, models.VerbNote, nil, []string{"text"}, models.CodeInvalid, "/verb"},
}

func measures(m ...models.Measure) models.Proposed { return models.Proposed{Measures: m} }

var headAndExecutive = member("hector", models.RoleDepartmentHead, models.RoleExecutive)

func proposedByExecutive(t require.TestingT) *story {
	s := atInvestigating(t, important)
	d := measures(models.Measure{Owner: "hal", Due: s.now.Add(day)})
	s.do(headAndExecutive, models.VerbPropose, d, models.TextSolution, models.TextMinutes, models.TextMeasure(0))
	return s
}

func atResolved(t require.TestingT) *story {
	s := atImplementing(t)
	s.resolve()
	return s
}

// earlyRequest is the sequence of askedBySupervisor's request.
const earlyRequest = 12

func askedBySupervisor(t require.TestingT) *story {
	s := closedBy(models.CloseSolved)(t)
	s.do(supervisor, models.VerbArchiveEarly, models.Requested{}, models.TextReason)
	require.Equal(t, int64(earlyRequest), s.c.Seq)
	return s
}

func TestEveryRefusalNamesItsFieldAndChangesNothing(t *testing.T) {
	t.Parallel()
	for _, r := range refusals {
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

func TestEachRefusedCommandIsTakenOnceItIsMended(t *testing.T) {
	t.Parallel() // so that no refusal above is refused for another reason than its own
	s := blank(t)
	s.open(complaint(letter(366*day), func(o *models.Opened) { o.Answered = true }))
	s.dispatch(func(d *models.Dispatched) { d.Severity, d.HandlingDue = models.SeverityImportant, s.now.Add(us) })
	s.accept()
	s.propose()
	s.approve()
	s.tellSolution()
	s.resolve()
	s.do(handler, models.VerbTellResult, goodResult, models.TextText, models.TextReason) // by another channel, with the reason
	s.answer(5)
	s.do(supervisor, models.VerbClose, models.Closed{}, models.TextReason)
	s.do(supervisor, models.VerbArchiveEarly, models.Requested{}, models.TextReason)
	s.do(another, models.VerbDecide, models.Decided{Request: s.c.Requests[0].Seq, Granted: true}, models.TextReason)
	require.Equal(t, models.StateArchived, s.c.State)
}

func TestACommandHappenedBetweenReceiptAndNow(t *testing.T) {
	t.Parallel()
	note := func(s *story, happened time.Time) lifecycle.Command {
		cmd := s.command(supervisor, models.VerbNote, models.Noted{Audience: models.AudienceInternal}, models.TextText)
		cmd.HappenedAt = happened
		return cmd
	}
	s := begin(t)
	s.wait(time.Hour)
	for _, tt := range []struct {
		name     string
		happened time.Time
		ok       bool
	}{
		{"before receipt", monday.Add(-us), false},
		{"at receipt", monday, true},
		{"now", s.now, true},
		{"now, told to the nanosecond", s.now.Add(999), true},
		{"in the future", s.now.Add(us), false},
	} {
		cmd := note(s, tt.happened)
		if !tt.ok {
			e := s.turnedDown(cmd)
			require.Equal(t, models.CodeInvalid, e.Code, tt.name)
			require.Equal(t, "/happened_at", e.Field, tt.name)
			continue
		}
		events := s.give(cmd)
		e := events[len(events)-1]
		require.Equal(t, tt.happened.Truncate(us), e.HappenedAt, "shown, cut to microseconds: %s", tt.name)
		require.Equal(t, s.now, e.DecidedAt, "judged: %s", tt.name)
	}
}

func TestAStaleCommandIsRefused(t *testing.T) {
	t.Parallel()
	s := begin(t)
	cmd := s.command(supervisor, models.VerbNote, models.Noted{Audience: models.AudienceInternal}, models.TextText)
	cmd.IfSeq = s.c.Seq + 1
	require.Equal(t, models.CodeStale, s.turnedDown(cmd).Code)
	cmd.IfSeq = s.c.Seq
	s.give(cmd)
	require.Equal(t, models.CodeStale, s.turnedDown(cmd).Code)
}

func TestACommandThatReadBeforeADeadlinePassedIsStale(t *testing.T) {
	t.Parallel()
	s := begin(t)
	cmd := s.command(supervisor, models.VerbNote, models.Noted{Audience: models.AudienceInternal}, models.TextText)
	cmd.IfSeq = s.c.Seq
	s.now = s.run(models.ClockTriage).Limit.Add(us)
	require.Equal(t, models.CodeStale, s.turnedDown(cmd).Code)
}

func TestAnAlertIsAcknowledgedOnceByThoseItWentToOrAboveThem(t *testing.T) {
	t.Parallel()
	alerted := func() (*story, string) {
		s := begin(t, important)
		s.dispatch()
		s.until(s.run(models.ClockFirstResponse).Target.Add(us)) // the escalation manager
		a := s.c.Alerts[len(s.c.Alerts)-1]
		require.Equal(t, []models.Role{models.RoleEscalationManager}, a.Roles)
		return s, a.Key
	}
	for _, tt := range []struct {
		who models.Actor
		may bool
	}{{handler, false}, {head, false}, {supervisor, false}, {manager, true}, {executive, true}, {quality, false}} {
		s, key := alerted()
		if !tt.may {
			require.Equal(t, models.CodeForbidden, s.refused(tt.who, models.VerbAcknowledge, models.Acknowledged{Alert: key}).Code, tt.who.ID)
			continue
		}
		s.do(tt.who, models.VerbAcknowledge, models.Acknowledged{Alert: key})
		require.Equal(t, models.CodeConflict, s.refused(tt.who, models.VerbAcknowledge, models.Acknowledged{Alert: key}).Code, "twice")
	}
}
