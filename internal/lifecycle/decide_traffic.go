package lifecycle

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"recourse/models"
)

// settle solves a complaint in the first contact.
func (b *book) settle(d models.Settled) error {
	if d.Department == "" && len(b.actor.Departments) > 0 {
		d.Department = b.actor.Departments[0]
	}
	d.Nature, d.Category, d.Person = cmp.Or(d.Nature, b.c.Nature), cmp.Or(d.Category, b.c.Category), b.actor.ID
	switch {
	case b.c.Severity != models.SeverityGeneral:
		return models.Refuse(models.CodeConflict, fmt.Sprintf("only a general complaint is settled in the first contact; this one is %s", b.c.Severity))
	case b.c.Nature.Guarded() || d.Nature.Guarded():
		return models.Refuse(models.CodeConflict, "a complaint about staff or with a legal side is not settled in the first contact")
	case !b.c.Milestones.FirstDispatchAt.IsZero():
		return models.Refuse(models.CodeConflict, "this is not the first contact any more: the case was dispatched before")
	case d.Department == "":
		return models.Invalid("/department", "name the department that you settled it for")
	case !b.actor.In(d.Department) && b.actor.Kind == models.ActorPerson:
		return models.Invalid("/department", "a complaint is settled by the department of whoever settles it")
	case b.actor.Kind == models.ActorService:
		return models.Refuse(models.CodeForbidden, "an answer to the customer is given by a person")
	}
	if err := firstError(
		oneOf("/channel", d.Channel, models.Channels()),
		oneOf("/nature", d.Nature, models.Natures()),
		judgement(d.Outcome, d.Cause, d.Attribution),
		b.needText(models.TextText, "say what the customer was told"),
		b.needText(models.TextResult, "record the result"),
	); err != nil {
		return err
	}
	b.add(d)
	b.followUp()
	return nil
}

// judgement checks what the company concluded; cause and attribution may come later.
func judgement(o models.Outcome, c models.Cause, a models.Attribution) error {
	if err := oneOf("/outcome", o, models.Outcomes()); err != nil {
		return err
	}
	return filed("", c, a)
}

// filed checks the axes by which a complaint is filed, where they are given.
func filed(n models.Nature, c models.Cause, a models.Attribution) error {
	var errs []error
	if n != "" {
		errs = append(errs, oneOf("/nature", n, models.Natures()))
	}
	if c != "" {
		errs = append(errs, oneOf("/cause", c, models.Causes()))
	}
	if a != "" {
		errs = append(errs, oneOf("/attribution", a, models.Attributions()))
	}
	return firstError(errs...)
}

// recall takes the work order back; whoever issued it does, or a supervisor.
func (b *book) recall(d models.Recalled) error {
	if by := b.c.DispatchedBy; by != "" && by != b.actor.ID && !b.actor.Is(models.RoleSupervisor) {
		return models.Refuse(models.CodeForbidden, "a work order is taken back by whoever issued it, or by a supervisor")
	}
	return b.withReason(d, "say why the work order is taken back")
}

// notAbout refuses to make somebody responsible for a case that is about them.
func (b *book) notAbout(field, person string) error {
	if person != "" && slices.Contains(b.c.Named, person) {
		return models.Invalid(field, "whoever the complaint is about has no part in handling it")
	}
	return nil
}

func (b *book) transfer(d models.Transferred) error {
	switch d.Department {
	case "":
		return models.Invalid("/department", "name the department that takes over")
	case b.c.Department:
		return models.Invalid("/department", "the case is with this department already; assign it to another person instead")
	}
	if err := b.notAbout("/person", d.Person); err != nil {
		return err
	}
	return b.withReason(d, "say why another department takes over")
}

func (b *book) assign(d models.Assigned) error {
	switch {
	case b.c.Department == "":
		return models.Refuse(models.CodeConflict, "no department has the case yet; dispatch it")
	case d.Person == b.c.Assignee:
		return models.Invalid("/person", "is responsible already")
	}
	if err := b.notAbout("/person", d.Person); err != nil {
		return err
	}
	b.add(d)
	return nil
}

func (b *book) giveTask(d models.TaskGiven) error {
	d.Due = cut(d.Due)
	switch {
	case d.Department == "":
		return models.Invalid("/department", "name the department that gets the task")
	case d.Department == b.c.Department:
		return models.Invalid("/department", "the lead department needs no task: the case is its own")
	case !d.Due.After(b.now):
		return models.Invalid("/due", "lies in the past")
	}
	return b.withText(d, "say what the department is to find out")
}

// task finds an open joint task; without a number, the only one of the actor's departments.
func (b *book) task(seq int64, of func(Task) bool) (Task, error) {
	mine := slices.DeleteFunc(slices.Clone(b.c.Tasks), func(t Task) bool { return seq != 0 && t.Seq != seq || !of(t) })
	switch {
	case len(mine) == 0:
		return Task{}, models.Invalid("/task", "no such joint task of yours is open")
	case len(mine) > 1:
		return Task{}, models.Invalid("/task", fmt.Sprintf("%d joint tasks are open; name one by the number of the entry that gave it", len(mine)))
	}
	return mine[0], nil
}

func (b *book) finishTask(d models.TaskFinished) error {
	t, err := b.task(d.Task, func(t Task) bool { return b.actor.In(t.Department) || b.actor.Kind == models.ActorSystem })
	if err != nil {
		return err
	}
	return b.withText(models.TaskFinished{Task: t.Seq}, "say what was found")
}

func (b *book) cancelTask(d models.TaskCancelled) error {
	t, err := b.task(d.Task, func(Task) bool { return true })
	if err != nil {
		return err
	}
	return b.withReason(models.TaskCancelled{Task: t.Seq}, "say why the task is not needed any more")
}

// tellInterim gives the customer a reasoned answer and a date. The first one before the solution keeps
// the 48 h promise; any other is a contact, and the promise of another.
func (b *book) tellInterim(d models.InterimTold) error {
	d.Until = cut(d.Until)
	if !d.Until.After(b.now) {
		return models.Invalid("/until", "say by when in the future the customer hears more")
	}
	return b.answer(d, d.Channel)
}

func (b *book) promise(d models.ContactPromised) error {
	d.At = cut(d.At)
	if !d.At.After(b.now) {
		return models.Invalid("/at", "lies in the past")
	}
	b.add(d)
	return nil
}

func (b *book) supervise(d models.Supervised) error {
	d.ReportDue = cut(d.ReportDue)
	switch {
	case b.reportOwed():
		return models.Refuse(models.CodeConflict, "the case is under supervision already; its report is still due")
	case !d.ReportDue.After(b.now):
		return models.Invalid("/report_due", "lies in the past")
	}
	return b.withReason(d, "say why the case is put under supervision")
}

func (b *book) report(d models.Reported) error {
	if !b.reportOwed() {
		return models.Refuse(models.CodeConflict, "no report is due: the case is not under supervision")
	}
	return b.withText(d, "write the report")
}

func (b *book) reportOwed() bool {
	r, is := b.c.Latest(models.ClockReport)
	return is && r.Running()
}

func (b *book) reclassify(d models.Reclassified) error {
	if d.Severity != "" {
		if err := firstError(oneOf("/severity", d.Severity, models.Severities()), b.notLowered(d.Severity)); err != nil {
			return err
		}
	}
	if d == (models.Reclassified{}) {
		return models.Invalid("/severity", "say what changes: severity, nature, category, cause or attribution")
	}
	if err := filed(d.Nature, d.Cause, d.Attribution); err != nil {
		return err
	}
	return b.withReason(d, "say why it is filed otherwise")
}

func (b *book) amend(d models.Amended) error {
	changes := make([]models.Change, 0, len(d.Changes))
	for _, change := range d.Changes {
		field := b.c.amendable(change.Field)
		if field == nil {
			return models.Invalid("/"+change.Field, fmt.Sprintf("cannot be amended; these can: %v", models.Amendable()))
		}
		if change.Is == *field {
			return models.Invalid("/"+change.Field, "is what it was")
		}
		change.Was = *field
		changes = append(changes, change)
	}
	texts := slices.ContainsFunc(b.command.Texts, func(t models.TextRef) bool { return t.Name != models.TextReason })
	if len(changes) == 0 && !texts {
		return models.Invalid("/reason", "an amendment changes something")
	}
	return b.withReason(models.Amended{Changes: changes}, "say why it is corrected")
}

func (b *book) void(d models.Voided) error {
	if d.Entry < 2 || d.Entry > b.c.Seq {
		return models.Invalid("/entry", fmt.Sprintf("is the number of an entry, from 2 to %d; the first cannot be voided", b.c.Seq))
	}
	return b.withReason(d, "say what was wrong with it")
}

func (b *book) attach(d models.Attached) error {
	if len(d.Files) == 0 {
		return models.Invalid("/attachments", "name at least one upload")
	}
	b.add(d)
	return nil
}

func (b *book) restrict(d models.Restricted) error {
	for i, id := range d.Named {
		if slices.Contains(d.Circle, id) {
			return models.Invalid(fmt.Sprintf("/named/%d", i), "whoever the complaint is about cannot be in its circle")
		}
		if id == b.c.Assignee && id != "" {
			return models.Invalid(fmt.Sprintf("/named/%d", i), "is responsible for the case; assign it to somebody else first")
		}
	}
	if b.c.Nature.Guarded() && len(d.Circle) == 0 {
		return models.Invalid("/circle", "a complaint about staff or with a legal side has a named circle")
	}
	return b.withReason(d, "say why")
}

func (b *book) reschedule(d models.Rescheduled) error {
	d.To, d.Attempt = cut(d.To), b.c.Callback.Attempt
	switch {
	case !b.c.Callback.Open:
		return models.Refuse(models.CodeConflict, "no call is planned")
	case !d.To.After(b.now):
		return models.Invalid("/to", "lies in the past")
	case d.To.After(b.now.Add(farthestCall)):
		return models.Invalid("/to", "lies more than 14 days ahead")
	}
	b.add(d)
	b.placeCallback(d.To, d.To)
	return nil
}

// farthestCall is how far ahead a customer may put a call off.
const farthestCall = 14 * 24 * time.Hour

// watchProblem makes a case a problem case that was reworked, or handed to and fro, too often, and
// tells whoever stands one above the highest that was told so far.
func (b *book) watchProblem() {
	often := func(cause models.ProblemCause, times int) bool {
		n := b.plan.ProblemFor(cause)
		return n > 0 && times >= n
	}
	var cause models.ProblemCause
	switch {
	case b.c.Problem || !b.c.State.Open():
		return
	case often(models.ProblemReworks, b.c.Reworks):
		cause = models.ProblemReworks
	case often(models.ProblemMoves, b.c.Returns+b.c.Transfers):
		cause = models.ProblemMoves
	default:
		return
	}
	b.follow(models.ProblemDeclared{Cause: cause})
	total, _ := b.c.Latest(models.ClockTotal)
	above := models.Above(cmp.Or(b.c.Highest, models.RoleHandler))
	if len(above) == 0 {
		above = []models.Role{models.RoleExecutive}
	}
	b.alert(models.Escalated{
		Run: total.Key, Clock: models.ClockTotal, Bound: models.BoundLimit, Rung: models.RungProblem,
		Roles: above[:1], DueAt: b.now,
	}, 0)
}
