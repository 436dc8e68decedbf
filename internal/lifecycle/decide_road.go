package lifecycle

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"recourse/models"
)

// earliestReceipt is how far back a collected complaint may have been received; letters lie about,
// but a year-old one is an import.
const earliestReceipt = 366 * 24 * time.Hour

func (b *book) open(d models.Opened) error {
	d.ReceivedAt = cut(d.ReceivedAt)
	if d.Severity == "" {
		d.Severity = models.SeverityGeneral
	}
	d.Policy, d.Rules = b.plan.Policy, b.plan.Rules
	if err := firstError(
		b.needText(models.TextText, "say what the complaint is about"),
		oneOf("/channel", d.Channel, models.Channels()),
		oneOf("/severity", d.Severity, models.Severities()),
		b.receipt(d),
	); err != nil {
		return err
	}
	if d.Nature != "" {
		if err := oneOf("/nature", d.Nature, models.Natures()); err != nil {
			return err
		}
	}
	if d.Answered {
		if err := b.needText(models.TextAnswer, "say what was answered"); err != nil {
			return err
		}
	}
	b.command.HappenedAt = d.ReceivedAt
	b.add(d)
	b.breachAtOnce()
	b.routeAtOnce(d)
	return nil
}

// receipt judges the instant of receipt: it may lie before now only where complaints are collected,
// and then with evidence.
func (b *book) receipt(d models.Opened) error {
	const field = "/received_at"
	early := b.now.Sub(d.ReceivedAt)
	switch {
	case early < 0:
		return models.Invalid(field, "lies in the future")
	case early == 0 || d.Sample:
		return nil
	case !d.Channel.Collected():
		return models.Invalid(field, fmt.Sprintf("a complaint by %s is received when it is recorded; only e-mail and letter box are collected later", d.Channel))
	case early > earliestReceipt:
		return models.Invalid(field, "lies more than a year back; import old complaints instead")
	}
	return b.needText(models.TextEvidence, "say how it is known that the complaint was received earlier than it is recorded")
}

// breachAtOnce records the bounds that were passed before the complaint was on record.
func (b *book) breachAtOnce() {
	for _, r := range b.c.Runs {
		for _, bound := range r.Bounds() {
			if !r.Running() && r.EndedAt.After(r.At(bound)) {
				b.addAt(r.At(bound), models.Breached{Run: r.Key, Clock: r.Clock, Bound: bound, DueAt: r.At(bound)})
			}
		}
	}
}

func (b *book) dispatch(d models.Dispatched) error {
	d.HandlingDue = cut(d.HandlingDue)
	if d.Severity == "" {
		d.Severity = b.c.Severity
	}
	if d.Category == "" {
		d.Category = b.c.Category
	}
	if d.Nature == "" {
		d.Nature = b.c.Nature
	}
	switch {
	case d.Department == "":
		return models.Invalid("/department", "name the department that gets the work order")
	case d.Nature == "":
		return models.Invalid("/nature", "triage confirms the nature")
	case !d.HandlingDue.IsZero() && b.c.OrderedIn == b.c.Cycle:
		return models.Invalid("/handling_due", "a new work order does not move the due of the first; ask to extend it")
	case !d.HandlingDue.IsZero() && !d.HandlingDue.After(b.now):
		return models.Invalid("/handling_due", "lies in the past")
	}
	if err := firstError(
		oneOf("/severity", d.Severity, models.Severities()),
		oneOf("/nature", d.Nature, models.Natures()),
		b.notLowered(d.Severity),
		b.notAbout("/person", d.Person),
		b.needText(models.TextObjective, "say what is to be achieved"),
	); err != nil {
		return err
	}
	b.add(d)
	return nil
}

// routeAtOnce dispatches where a rule of the dispatch table does so by itself.
func (b *book) routeAtOnce(d models.Opened) {
	r := d.Route
	if r == nil || !r.Auto || r.Department == "" || b.c.Nature.Guarded() {
		return
	}
	b.follow(models.Dispatched{
		Department: r.Department, Supervising: r.Supervising, Person: r.Person, Severity: b.c.Severity,
		Nature: cmp.Or(b.c.Nature, models.NatureCustomer), Category: b.c.Category,
	})
}

// needsApproval says whether an executive decides on a solution: by severity, by the money it gives,
// and wherever the company itself is what the complaint is about.
func (b *book) needsApproval(d models.Proposed) bool {
	return b.c.Severity.NeedsApproval() || b.c.Nature.Guarded() || d.Money != nil && d.Money.Minor > b.plan.MoneyAtMost
}

func (b *book) notLowered(s models.Severity) error {
	order := models.Severities()
	if slices.Index(order, s) < slices.Index(order, b.c.Severity) {
		return models.Invalid("/severity", fmt.Sprintf("the case is %s; lowering the severity is a request", b.c.Severity))
	}
	return nil
}

func (b *book) accept(d models.Accepted) error {
	if d.Person == "" {
		d.Person = b.c.Assignee
	}
	if d.Person == "" {
		d.Person = b.actor.ID
	}
	if err := b.notAbout("/person", d.Person); err != nil {
		return err
	}
	b.add(d)
	return nil
}

// answer records words that count as a first reply: a person's, never a program's.
func (b *book) answer(d models.Data, channel models.Channel) error {
	if b.actor.Kind == models.ActorService {
		return models.Refuse(models.CodeForbidden, "an answer to the customer is given by a person; a program may log_contact or note")
	}
	return b.speak(d, channel)
}

// speak records something said to or by the customer, with its words.
func (b *book) speak(d models.Data, channel models.Channel) error {
	if err := firstError(
		oneOf("/channel", channel, models.Channels()),
		b.needText(models.TextText, "say what was said"),
	); err != nil {
		return err
	}
	b.add(d)
	return nil
}

func (b *book) logContact(d models.ContactLogged) error {
	if err := oneOf("/direction", d.Direction, []models.Direction{models.DirectionIn, models.DirectionOut}); err != nil {
		return err
	}
	return b.speak(d, d.Channel)
}

func (b *book) note(d models.Noted) error {
	if err := firstError(
		oneOf("/audience", d.Audience, []models.Audience{models.AudienceInternal, models.AudienceCustomer}),
		b.needText(models.TextText, "an empty note says nothing"),
	); err != nil {
		return err
	}
	b.add(d)
	return nil
}

func (b *book) propose(d models.Proposed) error {
	if n := len(b.c.Tasks); n > 0 {
		return models.Refuse(models.CodeConflict, fmt.Sprintf("%d joint tasks are open; all are finished or cancelled before a solution is proposed", n))
	}
	if err := plausibleMoney("/money", d.Money); err != nil {
		return err
	}
	d.NeedsApproval = b.needsApproval(d)
	d.Measures = slices.Clone(d.Measures)
	if len(d.Measures) == 0 {
		return models.Invalid("/measures", "a solution names its measures")
	}
	for i, m := range d.Measures {
		field := fmt.Sprintf("/measures/%d", i)
		switch {
		case m.Owner == "":
			return models.Invalid(field+"/owner", "name who does it")
		case m.Due.IsZero():
			return models.Invalid(field+"/due", "say until when")
		case m.Due.Before(b.c.Opened.ReceivedAt):
			return models.Invalid(field+"/due", "lies before the complaint was received")
		}
		if err := b.notAbout(field+"/owner", m.Owner); err != nil {
			return err
		}
		if err := b.needText(models.TextMeasure(i), "say what will be done"); err != nil {
			return models.Invalid(field+"/text", "say what will be done")
		}
		d.Measures[i].Due = cut(m.Due)
	}
	if err := b.needText(models.TextSolution, "describe the solution"); err != nil {
		return err
	}
	if d.NeedsApproval {
		if err := b.needText(models.TextMinutes, "this solution is decided in a meeting: add its minutes"); err != nil {
			return err
		}
	}
	b.add(d)
	return nil
}

func (b *book) approve() error {
	if err := b.notProposer(); err != nil {
		return err
	}
	b.add(models.Approved{Request: b.c.Proposal.Seq})
	return nil
}

func (b *book) reject() error {
	if err := firstError(b.notProposer(), b.needText(models.TextReason, "say why, so that it can be mended")); err != nil {
		return err
	}
	b.add(models.Rejected{Request: b.c.Proposal.Seq})
	return nil
}

func (b *book) notProposer() error {
	if b.actor.ID == b.c.Proposal.By {
		return models.Refuse(models.CodeForbidden, "whoever proposed the solution does not decide on it")
	}
	return nil
}

func (b *book) resolve(d models.Resolved) error {
	if !d.MeasuresDone {
		return models.Invalid("/measures_done", "a case is resolved when all measures are done")
	}
	if err := firstError(
		oneOf("/outcome", d.Outcome, models.Outcomes()),
		b.needText(models.TextResult, "record the result"),
	); err != nil {
		return err
	}
	if d.Cause != "" {
		if err := oneOf("/cause", d.Cause, models.Causes()); err != nil {
			return err
		}
	}
	if d.Attribution != "" {
		if err := oneOf("/attribution", d.Attribution, models.Attributions()); err != nil {
			return err
		}
	}
	b.add(d)
	return nil
}

func (b *book) tellSolution(d models.SolutionTold) error {
	if err := b.inGroup(d.Group, models.StateSolutionReady); err != nil {
		return err
	}
	if err := b.copies(d.Copies); err != nil {
		return err
	}
	return b.answer(d, d.Channel)
}

func (b *book) tellResult(d models.ResultTold) error {
	if err := b.inGroup(d.Group, models.StateResolved); err != nil {
		return err
	}
	if err := b.copies(d.Copies); err != nil {
		return err
	}
	switch {
	case !d.Done:
		return models.Invalid("/done", "the result says what was done")
	case !d.Effect:
		return models.Invalid("/effect", "the result says what it brought about")
	case !d.FollowUp:
		return models.Invalid("/follow_up", "the result says what comes next")
	case !d.Thanks:
		return models.Invalid("/thanks", "the result thanks the customer")
	}
	if err := b.sameChannel(d.Channel); err != nil {
		return err
	}
	if err := b.speak(d, d.Channel); err != nil {
		return err
	}
	b.followUp()
	return nil
}

// followUp asks the customer whether it is solved: by survey and by callback.
func (b *book) followUp() {
	if b.c.Opened.Anonymous {
		return // nobody to call or ask; the case closes by itself
	}
	b.follow(models.SurveyOffered{SurveyCycle: b.c.Cycle, ExpiresAt: b.now.Add(b.plan.Survey.Expires)})
	b.placeCallback(b.now, b.now)
}

// sameChannel refuses a result that is told by another channel than the customer's, unless it is
// said why.
func (b *book) sameChannel(used models.Channel) error {
	if b.c.Opened.Anonymous || slices.Contains(b.c.Opened.Channel.AnsweredBy(), used) {
		return nil
	}
	if b.needText(models.TextReason, "") == nil {
		return nil
	}
	return models.Invalid("/channel", fmt.Sprintf("the complaint came by %s, so its result is told by %v; by another channel only with a reason",
		b.c.Opened.Channel, b.c.Opened.Channel.AnsweredBy()))
}
