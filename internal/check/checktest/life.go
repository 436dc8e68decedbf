package checktest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

const (
	day     = 24 * time.Hour
	repairs = "repairs"
)

// The people of all lives.
var (
	ivy   = person("ivy", models.RoleIntake)
	hal   = person("hal", models.RoleHandler, repairs)
	hedy  = person("hedy", models.RoleDepartmentHead, repairs)
	sue   = person("sue", models.RoleSupervisor)
	sam   = person("sam", models.RoleSupervisor)
	max   = person("max", models.RoleEscalationManager)
	eve   = person("eve", models.RoleExecutive)
	quinn = person("quinn", models.RoleQuality, "quality")

	fay     = person("fay", models.RoleIntake, repairs)
	quentin = person("quentin", models.RoleDepartmentHead, "quality")

	sera = person("sera", models.RoleDepartmentHead, "service")

	everybody = []models.Actor{ivy, hal, hedy, sue, sam, max, eve, quinn, fay, quentin, sera}
)

func person(id string, role models.Role, departments ...string) models.Actor {
	return models.Actor{Kind: models.ActorPerson, ID: id, Roles: []models.Role{role}, Departments: departments}
}

// life is one case while it is lived.
type life struct {
	*maker
	c        lifecycle.Case
	keyID    string
	wrapped  []byte
	now      time.Time
	events   []models.Event
	texts    []models.Text
	uploads  []upload // of which the events name some
	commands int
	plan     models.Plan
	planned  time.Time

	elsewhere bool // it began in another system
}

// live lets things happen until Now, some in time and some while nobody looked.
func (l *life) live(number, customer string) error {
	if err := l.begin(number, customer); err != nil || l.c.Seq == 0 {
		return fmt.Errorf("open: %w", err)
	}
	for range 4 + l.rand.IntN(30) {
		l.pass()
		if !l.now.Before(Now) || !l.c.State.Live() {
			break
		}
		verb, cmd := l.choose()
		if err := l.try(cmd); err != nil && models.CodeOf(err) == models.CodeInternal {
			return fmt.Errorf("%s: %w", verb, err)
		}
	}
	l.look(Now)
	l.texts = slices.DeleteFunc(l.texts, func(t models.Text) bool { return t.Seq == 0 })
	return nil
}

// begin puts the case on record, from here or from elsewhere.
func (l *life) begin(number, customer string) error {
	if l.elsewhere {
		return l.adopted(number, customer)
	}
	return l.try(l.opening(number, customer))
}

// pass lets time pass; half of the time somebody looks at the clocks as they come due.
func (l *life) pass() {
	to := l.now.Add(l.upTo(pick(l.maker, time.Minute, time.Hour, 8*time.Hour, 2*day)))
	if to.After(Now) {
		to = Now
	}
	if l.chance(50) {
		for next, _ := lifecycle.Agenda(l.c); !next.IsZero() && next.Before(to); next, _ = lifecycle.Agenda(l.c) {
			l.look(next.Add(time.Microsecond))
		}
	}
	l.now = to
}

func (l *life) look(at time.Time) {
	_, events := lifecycle.FireDue(l.c, at)
	l.apply(events)
}

func (l *life) apply(events []models.Event) {
	for _, e := range events {
		l.c = lifecycle.Evolve(l.c, e)
	}
	l.events = append(l.events, events...)
}

// try gives a command; a refusal is an error and changes nothing.
func (l *life) try(cmd lifecycle.Command) error {
	l.replan(cmd)
	events, err := lifecycle.Decide(l.c, cmd, l.plan, l.now)
	if err != nil {
		return err
	}
	l.c.Plan = l.plan
	for _, e := range events {
		if len(e.Texts) == 0 {
			continue
		}
		for i, t := range l.texts {
			if t.Command == e.Command {
				l.texts[i].Seq = e.Seq
			}
		}
	}
	l.texts = slices.DeleteFunc(l.texts, func(t models.Text) bool { return t.Seq == 0 })
	l.apply(events)
	return nil
}

// replan fetches the plan that a command brings, unless a fresh one is at hand.
func (l *life) replan(cmd lifecycle.Command) {
	version := cmp.Or(l.c.Policy(), versions()[0].Version)
	if d, moves := cmd.Data.(models.DeadlinesMoved); moves {
		switch {
		case d.Policy != "":
			version = d.Policy
		case d.Undoes != 0:
			version = cmp.Or(l.c.Moved.Under, l.c.Opened.Policy)
		}
	}
	if l.plan.Policy != version || l.now.Sub(l.planned) > day {
		l.plan, _ = Plans{}.Plan(version, l.now, shanghai.String())
		l.planned = l.now
	}
}

// adjustment is an adjustment, or takes the last one back.
func (l *life) adjustment() models.DeadlinesMoved {
	d := models.DeadlinesMoved{Adjustment: "b-1", By: "olga"}
	switch {
	case l.c.Moved != nil && l.chance(60):
		d.Undoes = l.c.Moved.Seq
	case l.chance(70):
		d.Policy = pick(l.maker, versions()...).Version
		if l.chance(30) {
			d.Grace = l.upTo(2 * day)
		}
	default:
		d.Later = models.Amount{Of: time.Hour + l.upTo(2*day), Calendar: pick(l.maker, models.CalendarWall, models.CalendarWorking)}
		d.Clocks = []models.Clock{models.ClockHandling, models.ClockTriage, models.ClockCallback}
	}
	return d
}

// say makes a command with its texts sealed.
func (l *life) say(who models.Actor, v models.Verb, d models.Data, names ...string) lifecycle.Command {
	l.texts = slices.DeleteFunc(l.texts, func(t models.Text) bool { return t.Seq == 0 }) // of a refused one
	l.commands++
	cmd := lifecycle.Command{ID: fmt.Sprintf("%s#%d", l.c.ID, l.commands), Verb: v, Actor: who, Data: d}
	for _, name := range names {
		ref := l.uuid()
		sealed, digest, err := l.vault.SealText(l.wrapped, l.keyID, ref, "words of "+name+" 话")
		if err != nil {
			panic(err)
		}
		cmd.Texts = append(cmd.Texts, models.TextRef{Name: name, Ref: ref, Digest: digest})
		l.texts = append(l.texts, models.Text{
			Ref: ref, CaseID: l.c.ID, KeyID: l.keyID, Command: cmd.ID, Name: name, Sealed: sealed, Digest: digest, StagedAt: l.now,
		})
	}
	return cmd
}

func (l *life) opening(number, customer string) lifecycle.Command {
	o := models.Opened{
		Number: number, CustomerID: customer, KeyID: l.keyID, Channel: pick(l.maker, models.Channels()...), Language: models.LanguageZH,
		Zone: shanghai.String(), ReceivedAt: l.now, Severity: pick(l.maker, models.Severities()...), Nature: models.NatureCustomer,
		Category: "billing", Anonymous: customer == "", Answered: l.chance(10),
	}
	if l.chance(50) {
		o.Files = l.upload()
	}
	if l.chance(20) {
		o.Route = &models.Route{Rule: "r", Department: repairs, Supervising: "service", Person: hal.ID, Auto: l.chance(70)}
	}
	if o.Channel.Collected() {
		o.ReceivedAt = l.now.Add(-l.upTo(4 * day))
	}
	return l.say(ivy, models.VerbOpen, o, models.TextText, models.TextEvidence, models.TextAnswer)
}

// head is the head of the department that has the case.
func (l *life) head() models.Actor {
	if l.c.Department == "service" {
		return sera
	}
	return hedy
}

// upload is a new file to name.
func (l *life) upload() []models.FileRef {
	l.uploads = append(l.uploads, l.photo())
	return []models.FileRef{l.uploads[len(l.uploads)-1].file.Ref()}
}

// forward is how the main road goes on.
var forward = map[models.State][]models.Verb{
	models.StateReceived:         {models.VerbDispatch, models.VerbDispatch, models.VerbDispatch, models.VerbSettle},
	models.StateDispatched:       {models.VerbAccept, models.VerbAccept, models.VerbAccept, models.VerbAccept, models.VerbAccept, models.VerbRecall, models.VerbReturn},
	models.StateInvestigating:    {models.VerbPropose, models.VerbPropose, models.VerbPropose, models.VerbPropose, models.VerbTransfer},
	models.StateAwaitingApproval: {models.VerbApprove, models.VerbApprove, models.VerbReject},
	models.StateSolutionReady:    {models.VerbTellSolution},
	models.StateImplementing:     {models.VerbResolve},
	models.StateResolved:         {models.VerbTellResult},
	models.StateFollowingUp:      {models.VerbRecordCallback, models.VerbRecordCallback, models.VerbAnswerSurvey, models.VerbClose, models.VerbConfirm, models.VerbNotSolved},
	models.StateWithdrawn:        {models.VerbReopen},
	models.StateMerged:           {models.VerbUnmerge},
	models.StateNotAccepted:      {models.VerbReopen},
	models.StateClosed:           {models.VerbArchiveEarly, models.VerbDecide, models.VerbReopen, models.VerbAnswerSurvey},
}

func (l *life) choose() (models.Verb, lifecycle.Command) {
	verb := pick(l.maker, models.Possible(l.c.State)...)
	if road := forward[l.c.State]; len(road) > 0 && l.chance(80) {
		verb = pick(l.maker, road...)
	}
	if v := l.awaited(); v != "" && models.Lawful(v, l.c.State) {
		verb = v
	}
	return verb, l.compose(verb)
}

// awaited is, now and then, what something waits for that would come up too rarely by itself.
func (l *life) awaited() models.Verb {
	_, asked := l.asked()
	report, supervised := l.c.Latest(models.ClockReport)
	for _, wait := range []struct {
		is      bool
		percent int
		verb    models.Verb
	}{
		{l.withTheLead() != "", 40, l.withTheLead()},
		{asked && l.c.State == models.StateClosed, 60, models.VerbDecide},
		{!asked && l.c.State == models.StateClosed, 40, models.VerbArchiveEarly},
		{asked, 25, models.VerbDecide},
		{len(l.c.Requests) > 0, 5, models.VerbRetract},
		{l.alarmed(), 20, models.VerbSnooze},
		{l.alarmed(), 20, models.VerbHandOver},
		{len(l.c.Tasks) > 0, 20, models.VerbCancelTask},
		{len(l.c.Tasks) > 0, 30, models.VerbFinishTask},
		{supervised && report.Running(), 20, models.VerbReport},
		{l.c.Callback.Open, 8, models.VerbReschedule},
		{l.c.State == models.StateInvestigating, 10, models.VerbGiveTask},
		{l.c.State.Open(), 8, models.VerbMoveDeadlines},
		{l.c.State == models.StateInvestigating && len(l.c.Requests) == 0, 6, models.VerbExtend},
		{l.c.State == models.StateInvestigating, 4, models.VerbAssign},
		{l.first.Case != "" && len(l.c.Links) == 0, 6, models.VerbLink},
	} {
		if wait.is && l.chance(wait.percent) {
			return wait.verb
		}
	}
	return ""
}

// alarmed says whether an alert waits that somebody must acknowledge.
func (l *life) alarmed() bool {
	return slices.ContainsFunc(l.c.Alerts, func(a lifecycle.Alert) bool { return !a.AckBy.IsZero() })
}

// asked is a request that waits for its decision and is not about a solution.
func (l *life) asked() (lifecycle.Request, bool) {
	for _, r := range l.c.Requests {
		if r.What != models.RequestApproveSolution {
			return r, true
		}
	}
	return lifecycle.Request{}, false
}

// withTheLead is what a member of a group may be told where it stands; nothing when it walks alone.
func (l *life) withTheLead() models.Verb {
	if _, in := l.c.Lead(); !in {
		return ""
	}
	for _, v := range []models.Verb{models.VerbTellSolution, models.VerbTellResult} {
		if models.Lawful(v, l.c.State) {
			return v
		}
	}
	return ""
}

// compose makes a command that mostly goes through.
func (l *life) compose(v models.Verb) lifecycle.Command {
	text, reason := models.TextText, models.TextReason
	switch v { //nolint:exhaustive // the others stand beside the main road
	case models.VerbDispatch:
		d := models.Dispatched{Department: repairs, Supervising: "service", Severity: l.c.Severity}
		if l.chance(30) {
			d.Severity = pick(l.maker, models.Severities()...)
		}
		if l.chance(50) {
			d.Person = hal.ID
		}
		if l.chance(30) {
			d.HandlingDue = l.now.Add(time.Duration(1+l.rand.IntN(12)) * day)
		}
		return l.say(ivy, v, d, models.TextObjective, models.TextFacts)
	case models.VerbAccept:
		return l.say(pick(l.maker, hal, l.head()), v, models.Accepted{})
	case models.VerbReply:
		return l.say(l.head(), v, models.Replied{Channel: pick(l.maker, models.Channels()...)}, text)
	case models.VerbLogContact:
		return l.say(sue, v, models.ContactLogged{Channel: models.ChannelPhone, Direction: models.DirectionOut}, text)
	case models.VerbNote:
		return l.say(quinn, v, models.Noted{Audience: models.AudienceInternal}, text)
	case models.VerbMessage:
		return l.say(models.TheCustomer(), v, models.Messaged{Channel: models.ChannelWeb}, text)
	case models.VerbPropose:
		d := models.Proposed{Measures: []models.Measure{{Owner: hal.ID, Due: l.now.Add(day)}}}
		return l.say(l.head(), v, d, models.TextSolution, models.TextMinutes, models.TextMeasure(0))
	case models.VerbApprove:
		return l.say(eve, v, models.Approved{})
	case models.VerbReject:
		return l.say(eve, v, models.Rejected{}, reason)
	case models.VerbTellSolution, models.VerbTellResult:
		return l.telling(v)
	case models.VerbResolve:
		return l.say(l.head(), v, models.Resolved{MeasuresDone: true, Outcome: models.OutcomeUpheld}, models.TextResult)
	case models.VerbRecordCallback:
		return l.callback()
	case models.VerbAnswerSurvey:
		return l.say(models.TheCustomer(), v, models.SurveyAnswered{SurveyCycle: l.c.Cycle, Scores: models.Scores{Result: 1 + l.rand.IntN(5)}}, text)
	case models.VerbConfirm:
		return l.say(models.TheCustomer(), v, models.Confirmed{})
	case models.VerbNotSolved:
		return l.say(models.TheCustomer(), v, models.NotSolved{}, text)
	case models.VerbClose:
		return l.say(sue, v, models.Closed{}, reason)
	case models.VerbRework:
		return l.say(sue, v, models.Reworked{}, reason)
	case models.VerbReopen:
		return l.say(sue, v, models.Reopened{}, reason)
	case models.VerbArchive:
		return l.say(sue, v, models.Archived{})
	case models.VerbArchiveEarly:
		return l.say(pick(l.maker, sue, l.head()), v, models.Requested{}, reason)
	case models.VerbDecide:
		r, _ := l.asked()
		who := sam
		if r.Decider == models.RoleExecutive {
			who = eve
		}
		return l.say(who, v, models.Decided{Request: r.Seq, Granted: l.chance(60)}, reason)
	case models.VerbMoveDeadlines:
		return l.say(models.System(), v, l.adjustment())
	case models.VerbAcknowledge:
		d := models.Acknowledged{}
		if len(l.c.Alerts) > 0 {
			d.Alert = pick(l.maker, l.c.Alerts...).Key
		}
		return l.say(eve, v, d)
	case models.VerbSnooze, models.VerbHandOver:
		return l.putOff(v)
	default:
		return l.beside(v)
	}
}

// putOff snoozes or hands over an alert that waits.
func (l *life) putOff(v models.Verb) lifecycle.Command {
	snooze, give := models.Snoozed{}, models.HandedOver{Person: hal.ID}
	l.c.Plan = l.plan
	for _, a := range l.c.Alerts {
		if _, latest, may := l.c.MaySnooze(a.Key, l.now); may {
			snooze.Alert, snooze.Until = a.Key, latest
		}
		if l.c.MayHandOver(a.Key) {
			give.Alert = a.Key
		}
	}
	if v == models.VerbSnooze {
		return l.say(pick(l.maker, eve, max), v, snooze, models.TextReason)
	}
	return l.say(pick(l.maker, eve, max), v, give, models.TextReason)
}
