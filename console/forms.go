package console

import (
	"slices"

	"recourse/internal/cases"
	"recourse/models"
)

// fieldKind is how a field is filled in.
type fieldKind string

// The kinds of field.
const (
	fieldWords   fieldKind = "words"   // several lines
	fieldLine    fieldKind = "line"    // one
	fieldChoice  fieldKind = "choice"  // one of a list
	fieldMany    fieldKind = "many"    // several of a list
	fieldInstant fieldKind = "instant" // in the reader's zone
	fieldTick    fieldKind = "tick"    // yes or no
	fieldFiles   fieldKind = "files"
	fieldHidden  fieldKind = "hidden"
	fieldSet     fieldKind = "set"  // fields that belong together
	fieldLink    fieldKind = "link" // to where that is asked
)

// A field is one thing that a form asks for. Its name is where the rule points that refuses it, with
// dots for slashes, so that a refusal stands beside it.
type field struct {
	Name     string
	Kind     fieldKind
	Required bool
	Folded   bool                  // a set that is seldom needed
	Options  func(*sheet) []option // of a choice
	Value    func(*sheet) string   // what stands there before anybody typed; nil: nothing
	Must     func(*sheet) bool     // required only then
	When     func(*sheet) bool     // asked only then
	Parts    []field               // of a set
	Wide     bool                  // words of which there are many
	Stays    bool                  // hidden: what stood there when the form was drawn first, however often it is refused
}

// option is one thing to choose.
type option struct{ Value, Says string }

// A form is how somebody uses a verb: what it asks for, and what is made of the answers.
type form struct {
	Verb    models.Verb
	Fields  []field
	Fits    func(*sheet) bool          // whether it can come to anything now; nil: wherever it is lawful
	Beside  bool                       // it stands beside what it is about, a request or a task, and not among the acts
	Make    func(*answers) models.Data // may be nil: Files
	Contact bool                       // it may correct contact data
}

// What most forms share.
var (
	reason   = field{Name: "reason", Kind: fieldWords, Required: true}
	maybeWhy = field{Name: "reason", Kind: fieldWords}
	said     = field{Name: "text", Kind: fieldWords, Required: true}
	when     = field{Name: "happened_at", Kind: fieldInstant}
	channel  = field{Name: "channel", Kind: fieldChoice, Required: true, Options: among(models.Channels()), Value: usualChannel}

	department  = field{Name: "department", Kind: fieldChoice, Required: true, Options: departmentsToChoose}
	supervising = field{Name: "supervising", Kind: fieldChoice, Options: departmentsToChoose}
	category    = field{Name: "category", Kind: fieldChoice, Options: categoriesToChoose}
	nature      = field{Name: "nature", Kind: fieldChoice, Options: among(models.Natures())}
	severity    = field{Name: "severity", Kind: fieldChoice, Options: among(models.Severities())}
	outcome     = field{Name: "outcome", Kind: fieldChoice, Required: true, Options: among(models.Outcomes())}
	cause       = field{Name: "cause", Kind: fieldChoice, Options: among(models.Causes())}
	attribution = field{Name: "attribution", Kind: fieldChoice, Options: among(models.Attributions())}
	anybody     = field{Name: "person", Kind: fieldChoice, Options: handlersToChoose}
	colleague   = field{Name: "person", Kind: fieldChoice, Options: colleaguesToChoose}
	until       = field{Name: "until", Kind: fieldInstant, Required: true}
	waitingFor  = field{Name: "waiting_for", Kind: fieldChoice, Required: true, Options: among(models.PauseReasons())}
	toAll       = field{Name: "to_all", Kind: fieldTick, When: func(s *sheet) bool { return s.View.LeadsGroup }}
	request     = field{Name: "request", Kind: fieldHidden}
	money       = field{Name: "money", Kind: fieldSet, Parts: []field{
		{Name: "money.minor", Kind: fieldLine},
		{Name: "money.currency", Kind: fieldLine, Value: func(*sheet) string { return "CNY" }},
		{Name: "money.kind", Kind: fieldChoice, Options: among(models.MoneyKinds()), Value: func(*sheet) string { return string(models.MoneyCompensation) }},
	}}
	scores = field{Name: "scores", Kind: fieldSet, Parts: []field{
		score("process", 1, 5), score("result", 1, 5), score("speed", 1, 5), score("attitude", 1, 5), score("recommend", 0, 10),
	}}
)

// forms are all verbs that a person may use on a case, each with its form, in the order in which they
// are offered.
var forms = []form{
	{Verb: models.VerbDispatch, Fields: []field{
		with(department, proposed(func(r models.Route) string { return r.Department })),
		with(anybody, proposed(func(r models.Route) string { return r.Person })),
		with(supervising, proposed(func(r models.Route) string { return r.Supervising })),
		must(with(severity, func(s *sheet) string { return string(s.View.Case.Severity) })),
		must(with(nature, ofCustomer)), with(category, func(s *sheet) string { return s.View.Case.Category }),
		{Name: "objective", Kind: fieldWords, Required: true},
		{Name: "facts", Kind: fieldWords},
		{Name: "handling_due", Kind: fieldInstant, When: func(s *sheet) bool { return s.View.Case.FirstDispatchedAt == nil }},
	}, Make: func(a *answers) models.Data {
		return models.Dispatched{
			Department: a.line("department"), Supervising: a.line("supervising"), Person: a.line("person"), Severity: models.Severity(a.line("severity")),
			Nature: models.Nature(a.line("nature")), Category: a.line("category"), HandlingDue: a.instant("handling_due"),
		}
	}},
	{Verb: models.VerbSettle, Fields: []field{
		channel, said,
		{Name: "result", Kind: fieldWords, Required: true},
		outcome,
		must(with(nature, ofCustomer)), with(category, func(s *sheet) string { return s.View.Case.Category }), cause, attribution,
		{Name: "department", Kind: fieldChoice, Required: true, Options: ownDepartments},
	}, Fits: fitsSettle, Make: func(a *answers) models.Data {
		return models.Settled{
			Channel: models.Channel(a.line("channel")), Department: a.line("department"), Nature: models.Nature(a.line("nature")),
			Category: a.line("category"), Outcome: models.Outcome(a.line("outcome")), Cause: models.Cause(a.line("cause")),
			Attribution: models.Attribution(a.line("attribution")),
		}
	}},
	{Verb: models.VerbAccept, Fields: []field{asked(colleague, isHead)}, Make: func(a *answers) models.Data {
		return models.Accepted{Person: a.line("person")}
	}},
	{Verb: models.VerbReturn, Fields: []field{reason}, Make: always(models.Returned{})},
	{Verb: models.VerbRecall, Fields: []field{reason}, Make: always(models.Recalled{})},
	{Verb: models.VerbPropose, Fields: []field{
		{Name: "solution", Kind: fieldWords, Required: true, Wide: true},
		measure(0), measure(1), measure(2), measure(3), measure(4), folded(money),
		{Name: "minutes", Kind: fieldWords, Must: func(s *sheet) bool { return s.View.Case.Severity.NeedsApproval() || s.View.Case.Nature.Guarded() }},
	}, Fits: func(s *sheet) bool { return len(s.View.Tasks) == 0 }, Make: func(a *answers) models.Data {
		return models.Proposed{Measures: a.measures(), Money: a.money("money")}
	}},
	{Verb: models.VerbApprove, Beside: true, Fields: []field{maybeWhy}, Fits: decidesSolution, Make: always(models.Approved{})},
	{Verb: models.VerbReject, Beside: true, Fields: []field{reason}, Fits: decidesSolution, Make: always(models.Rejected{})},
	{Verb: models.VerbTellSolution, Fields: []field{
		channel, {Name: "text", Kind: fieldWords, Required: true, Wide: true, Value: func(s *sheet) string { return s.View.Solution }}, toAll,
	}, Make: func(a *answers) models.Data { return models.SolutionTold{Channel: models.Channel(a.line("channel"))} }},
	{Verb: models.VerbResolve, Fields: []field{
		{Name: "measures_done", Kind: fieldTick, Required: true},
		{Name: "result", Kind: fieldWords, Required: true, Wide: true},
		outcome,
		with(cause, func(s *sheet) string { return string(s.View.Case.Cause) }),
		with(attribution, func(s *sheet) string { return string(s.View.Case.Attribution) }),
	}, Make: func(a *answers) models.Data {
		return models.Resolved{
			MeasuresDone: a.ticked("measures_done"), Outcome: models.Outcome(a.line("outcome")), Cause: models.Cause(a.line("cause")),
			Attribution: models.Attribution(a.line("attribution")),
		}
	}},
	{Verb: models.VerbTellResult, Fields: []field{
		channel,
		{Name: "text", Kind: fieldWords, Required: true, Wide: true, Value: func(s *sheet) string { return s.View.Result }},
		{Name: "done", Kind: fieldTick, Required: true},
		{Name: "effect", Kind: fieldTick, Required: true},
		{Name: "follow_up", Kind: fieldTick, Required: true},
		{Name: "thanks", Kind: fieldTick, Required: true},
		maybeWhy, toAll,
	}, Make: func(a *answers) models.Data {
		return models.ResultTold{
			Channel: models.Channel(a.line("channel")), Done: a.ticked("done"), Effect: a.ticked("effect"), FollowUp: a.ticked("follow_up"),
			Thanks: a.ticked("thanks"),
		}
	}},
	{Verb: models.VerbRecordCallback, Fields: []field{
		{Name: "outcome", Kind: fieldChoice, Required: true, Options: among(models.CallbackOutcomes())},
		scores,
		{Name: "text", Kind: fieldWords},
		{Name: "rescheduled_to", Kind: fieldInstant},
		{Name: "other_channel", Kind: fieldTick},
		when,
		{Name: "attempt", Kind: fieldHidden, Value: attemptNow},
	}, Fits: fitsCallback, Make: func(a *answers) models.Data {
		return models.CallbackRecorded{
			Attempt: a.number("attempt"), Outcome: models.CallbackOutcome(a.line("outcome")), Scores: a.scores("scores"),
			RescheduledTo: a.instant("rescheduled_to"), OtherChannel: a.ticked("other_channel"),
		}
	}},

	{Verb: models.VerbReply, Fields: []field{channel, wide(said), when}, Make: func(a *answers) models.Data {
		return models.Replied{Channel: models.Channel(a.line("channel"))}
	}},
	{Verb: models.VerbLogContact, Fields: []field{
		channel,
		{Name: "direction", Kind: fieldChoice, Required: true, Options: among([]models.Direction{models.DirectionOut, models.DirectionIn}), Value: func(*sheet) string { return string(models.DirectionOut) }},
		{Name: "held", Kind: fieldTick},
		said, when,
	}, Make: func(a *answers) models.Data {
		return models.ContactLogged{Channel: models.Channel(a.line("channel")), Direction: models.Direction(a.line("direction")), Held: a.ticked("held")}
	}},
	{Verb: models.VerbMessage, Fields: []field{channel, said, when}, Make: func(a *answers) models.Data {
		return models.Messaged{Channel: models.Channel(a.line("channel"))}
	}},
	{Verb: models.VerbTellProgress, Fields: []field{channel, said, when}, Make: func(a *answers) models.Data {
		return models.ProgressTold{Channel: models.Channel(a.line("channel"))}
	}},
	{Verb: models.VerbTellInterim, Fields: []field{channel, said, until}, Make: func(a *answers) models.Data {
		return models.InterimTold{Channel: models.Channel(a.line("channel")), Until: a.instant("until")}
	}},
	{Verb: models.VerbPromiseContact, Fields: []field{{Name: "at", Kind: fieldInstant, Required: true}}, Make: func(a *answers) models.Data {
		return models.ContactPromised{At: a.instant("at")}
	}},
	{Verb: models.VerbUrge, Fields: []field{channel, said, when}, Make: func(a *answers) models.Data {
		return models.Urged{Channel: models.Channel(a.line("channel"))}
	}},
	{Verb: models.VerbWithdraw, Fields: []field{said}, Make: always(models.Withdrawn{})},

	{Verb: models.VerbNote, Fields: []field{
		said, {Name: "audience", Kind: fieldChoice, Required: true, Options: among([]models.Audience{models.AudienceInternal, models.AudienceCustomer}), Value: func(*sheet) string { return string(models.AudienceInternal) }},
	}, Make: func(a *answers) models.Data { return models.Noted{Audience: models.Audience(a.line("audience"))} }},
	{Verb: models.VerbAttach, Fields: []field{{Name: "attachments", Kind: fieldFiles, Required: true}}, Make: always(models.Attached{})},
	{Verb: models.VerbAssign, Fields: []field{colleague}, Fits: func(s *sheet) bool { return s.View.Case.Department != "" }, Make: func(a *answers) models.Data {
		return models.Assigned{Person: a.line("person")}
	}},
	{Verb: models.VerbTransfer, Fields: []field{department, anybody, supervising, reason, {Name: "objective", Kind: fieldWords}}, Make: func(a *answers) models.Data {
		return models.Transferred{Department: a.line("department"), Supervising: a.line("supervising"), Person: a.line("person")}
	}},
	{Verb: models.VerbGiveTask, Fields: []field{department, said, {Name: "due", Kind: fieldInstant, Required: true}}, Make: func(a *answers) models.Data {
		return models.TaskGiven{Department: a.line("department"), Due: a.instant("due")}
	}},
	{Verb: models.VerbFinishTask, Beside: true, Fields: []field{said, {Name: "task", Kind: fieldHidden}}, Fits: hasOwnTask, Make: func(a *answers) models.Data {
		return models.TaskFinished{Task: int64(a.number("task"))}
	}},
	{Verb: models.VerbCancelTask, Beside: true, Fields: []field{reason, {Name: "task", Kind: fieldHidden}}, Fits: hasTask, Make: func(a *answers) models.Data {
		return models.TaskCancelled{Task: int64(a.number("task"))}
	}},
	{Verb: models.VerbImmediateMeasure, Fields: []field{said, when}, Make: always(models.MeasureTaken{})},
	{Verb: models.VerbReclassify, Fields: []field{severity, nature, category, cause, attribution, reason}, Make: func(a *answers) models.Data {
		return models.Reclassified{
			Severity: models.Severity(a.line("severity")), Nature: models.Nature(a.line("nature")), Category: a.line("category"),
			Cause: models.Cause(a.line("cause")), Attribution: models.Attribution(a.line("attribution")),
		}
	}},
	{Verb: models.VerbPause, Fields: []field{waitingFor, until, reason}, Fits: notPaused, Make: func(a *answers) models.Data {
		return models.Paused{Reason: models.PauseReason(a.line("waiting_for")), Until: a.instant("until")}
	}},
	{Verb: models.VerbResume, Fits: func(s *sheet) bool { return s.View.Case.PauseReason != "" }, Make: always(models.Resumed{})},

	{Verb: models.VerbExtend, Fields: []field{until, reason}, Fits: notAsked(models.RequestExtend), Make: func(a *answers) models.Data {
		return models.Requested{Until: a.instant("until")}
	}},
	{Verb: models.VerbLongPause, Fields: []field{waitingFor, until, reason}, Fits: both(notPaused, notAsked(models.RequestLongPause)), Make: func(a *answers) models.Data {
		return models.Requested{Pause: models.PauseReason(a.line("waiting_for")), Until: a.instant("until")}
	}},
	{Verb: models.VerbLowerSeverity, Fields: []field{must(severity), reason}, Fits: both(canBeLower, notAsked(models.RequestLowerSeverity)), Make: func(a *answers) models.Data {
		return models.Requested{Severity: models.Severity(a.line("severity"))}
	}},
	{Verb: models.VerbCompensate, Fields: []field{money, reason}, Fits: notAsked(models.RequestCompensation), Make: func(a *answers) models.Data {
		return models.Requested{Money: a.money("money")}
	}},
	{Verb: models.VerbNotAccept, Fields: []field{reason}, Fits: notAsked(models.RequestNotAccept), Make: always(models.Requested{})},
	{Verb: models.VerbArchiveEarly, Fields: []field{reason}, Fits: notAsked(models.RequestArchiveEarly), Make: always(models.Requested{})},
	{Verb: models.VerbDecide, Beside: true, Fields: []field{
		{Name: "granted", Kind: fieldChoice, Required: true, Options: yesOrNo}, reason, request,
	}, Fits: decidesSomething, Make: func(a *answers) models.Data {
		if a.line("granted") != "yes" && a.line("granted") != "no" {
			a.refuse("granted", "grant it or refuse it")
		}
		return models.Decided{Request: int64(a.number("request")), Granted: a.line("granted") == "yes"}
	}},
	{Verb: models.VerbRetract, Beside: true, Fields: []field{maybeWhy, request}, Fits: askedSomething, Make: func(a *answers) models.Data {
		return models.Retracted{Request: int64(a.number("request"))}
	}},

	{Verb: models.VerbSupervise, Fields: []field{{Name: "report_due", Kind: fieldInstant, Required: true}, reason}, Fits: func(s *sheet) bool { return s.View.ReportDue.IsZero() }, Make: func(a *answers) models.Data {
		return models.Supervised{ReportDue: a.instant("report_due")}
	}},
	{Verb: models.VerbReport, Fields: []field{wide(said)}, Fits: func(s *sheet) bool { return !s.View.ReportDue.IsZero() }, Make: always(models.Reported{})},
	{Verb: models.VerbAcknowledge, Beside: true, Fields: []field{{Name: "alert", Kind: fieldHidden}}, Fits: func(s *sheet) bool { return len(s.View.Waiting) > 0 }, Make: func(a *answers) models.Data {
		return models.Acknowledged{Alert: a.line("alert")}
	}},
	{Verb: models.VerbLink, Fields: []field{
		{Name: "other", Kind: fieldLine, Required: true}, {Name: "relation", Kind: fieldChoice, Required: true, Options: among(byHand)},
	}, Make: func(a *answers) models.Data {
		return models.Linked{Other: models.Other{Number: a.line("other")}, Relation: models.Relation(a.line("relation"))}
	}},
	{Verb: models.VerbMerge, Fields: []field{{Name: "into", Kind: fieldLine, Required: true}, reason}, Make: func(a *answers) models.Data {
		return models.Merged{Into: models.Other{Number: a.line("into")}}
	}},
	{Verb: models.VerbUnmerge, Fields: []field{reason}, Make: always(models.Unmerged{})},
	{Verb: models.VerbAmend, Fields: []field{
		{Name: "product", Kind: fieldLine},
		{Name: "model", Kind: fieldLine},
		{Name: "region", Kind: fieldLine},
		{Name: "department_concerned", Kind: fieldChoice, Options: departmentsToChoose},
		{Name: "language", Kind: fieldChoice, Options: among(models.Languages())},
		{Name: "zone", Kind: fieldLine},
		{Name: "text", Kind: fieldWords},
		contactSet, contactDrawn, contactLater,
		reason,
	}, Contact: true, Make: func(a *answers) models.Data { return models.Amended{Changes: a.changes()} }},
	{Verb: models.VerbVoid, Fields: []field{{Name: "entry", Kind: fieldChoice, Required: true, Options: entriesToVoid}, reason}, Make: func(a *answers) models.Data {
		return models.Voided{Entry: int64(a.number("entry"))}
	}},
	{Verb: models.VerbRestrict, Fields: []field{
		{Name: "circle", Kind: fieldMany, Options: everybodyToChoose}, {Name: "named", Kind: fieldMany, Options: everybodyToChoose}, reason,
	}, Make: func(a *answers) models.Data {
		return models.Restricted{Circle: a.several("circle"), Named: a.several("named")}
	}},

	{Verb: models.VerbClose, Fields: []field{reason}, Make: always(models.Closed{})},
	{Verb: models.VerbRework, Fields: []field{reason}, Make: always(models.Reworked{})},
	{Verb: models.VerbReopen, Fields: []field{reason}, Make: always(models.Reopened{})},
	{Verb: models.VerbArchive, Make: always(models.Archived{})},
}

// byHand are the relations that people choose; merged comes of merging.
var byHand = []models.Relation{models.RelationRelated, models.RelationRepeat, models.RelationLead, models.RelationMember, models.RelationNone}

func formOf(verb models.Verb) (form, bool) {
	for _, f := range forms {
		if f.Verb == verb {
			return f, true
		}
	}
	return form{}, false
}

// takesFiles says whether it asks for files.
func (f form) takesFiles() bool {
	return slices.ContainsFunc(f.Fields, func(one field) bool { return one.Kind == fieldFiles })
}

// wish is what somebody wishes who filled this form in so.
func (f form) wish(a *answers) (cases.Wish, error) {
	w := cases.Wish{Verb: f.Verb, Data: f.Make(a), Words: a.words(f.Fields), ToAll: a.ticked("to_all"), HappenedAt: a.instant("happened_at"), IfSeq: a.seq()}
	if f.Contact {
		w.Contact = a.correctedContact()
	}
	return w, a.fault()
}

func always(d models.Data) func(*answers) models.Data { return func(*answers) models.Data { return d } }

func with(f field, value func(*sheet) string) field { f.Value = value; return f }
func must(f field) field                            { f.Required = true; return f }
func wide(f field) field                            { f.Wide = true; return f }
func folded(f field) field                          { f.Folded = true; return f }
func asked(f field, when func(*sheet) bool) field   { f.When = when; return f }

func score(of string, least, most int) field {
	return field{Name: "scores." + of, Kind: fieldChoice, Options: func(*sheet) []option { return numbers(least, most) }}
}
