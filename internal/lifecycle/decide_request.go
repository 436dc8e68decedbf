package lifecycle

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"recourse/models"
)

// requestOf says what each verb asks for.
var requestOf = map[models.Verb]models.RequestKind{
	models.VerbArchiveEarly:  models.RequestArchiveEarly,
	models.VerbExtend:        models.RequestExtend,
	models.VerbLowerSeverity: models.RequestLowerSeverity,
	models.VerbLongPause:     models.RequestLongPause,
	models.VerbCompensate:    models.RequestCompensation,
	models.VerbNotAccept:     models.RequestNotAccept,
}

// request asks for something that another role decides. The asker gives what is asked for, the kernel
// who decides.
func (b *book) request(d models.Requested) error {
	d.What, d.Decider = requestOf[b.command.Verb], models.RoleSupervisor
	d.Until = cut(d.Until)
	if slices.ContainsFunc(b.c.Requests, func(r Request) bool { return r.What == d.What }) {
		return models.Refuse(models.CodeConflict, fmt.Sprintf("%s has been asked for already and waits for a decision", d.What))
	}
	if err := firstError(b.needText(models.TextReason, "say why"), b.reasonable(&d)); err != nil {
		return err
	}
	if d.What == models.RequestCompensation && d.Money.Minor <= b.plan.MoneyAtMost {
		b.add(models.Compensated{Money: *d.Money})
		return nil
	}
	b.add(d)
	return nil
}

// reasonable judges what is asked for.
func (b *book) reasonable(d *models.Requested) error {
	switch d.What {
	case models.RequestExtend:
		due, running := b.handlingDue()
		switch {
		case !running:
			return models.Refuse(models.CodeConflict, "the handling clock is not running; there is nothing to extend")
		case !d.Until.After(b.now) || !d.Until.After(due):
			return models.Invalid("/until", "lies after now and after the present due, "+due.Format(time.RFC3339))
		}
	case models.RequestLowerSeverity:
		if err := oneOf("/severity", d.Severity, models.Severities()); err != nil {
			return err
		}
		if !lower(d.Severity, b.c.Severity) {
			return models.Invalid("/severity", fmt.Sprintf("the case is %s, which is not above that", b.c.Severity))
		}
	case models.RequestLongPause:
		return b.pausable(models.Paused{Reason: d.Pause, Evidence: d.Evidence, Until: d.Until}, &d.Evidence)
	case models.RequestCompensation:
		if d.Money == nil {
			return models.Invalid("/money", "say how much")
		}
		d.Decider = models.RoleExecutive
		return plausibleMoney("/money", d.Money)
	case models.RequestNotAccept, models.RequestArchiveEarly, models.RequestApproveSolution:
	}
	return nil
}

// handlingDue returns the present handling due: that of a paused clock moves with the time.
func (b *book) handlingDue() (time.Time, bool) {
	r, is := b.c.Latest(models.ClockHandling)
	return asOf(b.plan, r, b.now).Limit, is && r.Running()
}

var currency = regexp.MustCompile(`^[A-Z]{3}$`)

func plausibleMoney(field string, m *models.Money) error {
	switch {
	case m == nil:
		return nil
	case m.Minor <= 0:
		return models.Invalid(field+"/minor", "is a whole number of minor units above zero")
	case !currency.MatchString(m.Currency):
		return models.Invalid(field+"/currency", "is an ISO 4217 code such as CNY")
	}
	return oneOf(field+"/kind", m.Kind, models.MoneyKinds())
}

func (b *book) decideRequest(d models.Decided) error {
	i := slices.IndexFunc(b.c.Requests, func(r Request) bool { return r.Seq == d.Request })
	if i < 0 {
		return models.Invalid("/request", fmt.Sprintf("no request %d waits for a decision", d.Request))
	}
	asked := b.c.Requests[i]
	switch {
	case asked.What == models.RequestApproveSolution:
		return models.Invalid("/request", "a proposed solution is decided with approve or reject")
	case asked.Asker == b.actor.ID:
		return models.Refuse(models.CodeForbidden, "whoever asked does not decide")
	case !b.actor.Is(asked.Decider):
		return models.Refuse(models.CodeForbidden, fmt.Sprintf("this request is decided by a %s", asked.Decider))
	}
	if err := b.needText(models.TextReason, "say why"); err != nil {
		return err
	}
	d.What, d.Asker = asked.What, asked.Asker
	b.add(d)
	if d.Granted {
		b.grant(asked.Asked)
	}
	return nil
}

// grant lets happen what was asked for.
func (b *book) grant(asked models.Requested) {
	switch asked.What {
	case models.RequestArchiveEarly:
		b.follow(models.Archived{Cause: models.ArchiveRequest})
	case models.RequestExtend:
		if due, running := b.handlingDue(); running && asked.Until.After(due) {
			b.follow(models.Extended{Until: asked.Until})
		}
	case models.RequestLowerSeverity:
		if lower(asked.Severity, b.c.Severity) {
			b.follow(models.Reclassified{Severity: asked.Severity})
		}
	case models.RequestLongPause:
		if b.c.Pause.Seq == 0 && asked.Until.After(b.now) && b.runsAny(asked.Pause.Pauses()) {
			b.follow(models.Paused{Reason: asked.Pause, Evidence: asked.Evidence, Until: asked.Until})
		}
	case models.RequestCompensation:
		b.follow(models.Compensated{Money: *asked.Money})
	case models.RequestNotAccept:
		b.resumeBecause(models.ResumeMoved)
		b.follow(models.NotAccepted{})
	case models.RequestApproveSolution:
	}
}

// retract takes a request back; only its asker does.
func (b *book) retract(d models.Retracted) error {
	i := slices.IndexFunc(b.c.Requests, func(r Request) bool {
		return r.Seq == d.Request || d.Request == 0 && r.Asker == b.actor.ID
	})
	if i < 0 {
		return models.Invalid("/request", "no such request of yours waits for a decision")
	}
	asked := b.c.Requests[i]
	if asked.Asker != b.actor.ID {
		return models.Refuse(models.CodeForbidden, "only whoever asked takes a request back")
	}
	b.add(models.Retracted{Request: asked.Seq, What: asked.What})
	return nil
}
