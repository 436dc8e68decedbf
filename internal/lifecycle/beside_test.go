package lifecycle_test

import (
	"slices"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// More people of the stories.
var (
	desk      = member("fay", models.RoleIntake) // takes complaints in a department of its own
	seller    = models.Actor{Kind: models.ActorPerson, ID: "sid", Roles: []models.Role{models.RoleDepartmentHead}, Departments: []string{"sales"}}
	everybody = []models.Actor{intake, desk, handler, head, seller, supervisor, another, manager, executive, quality, headAndExecutive}
)

// whoIs returns the person with an id.
func whoIs(id string) (models.Actor, bool) {
	i := slices.IndexFunc(everybody, func(a models.Actor) bool { return a.ID == id })
	if i < 0 {
		return models.Actor{}, false
	}
	return everybody[i], true
}

// head is the head of the department that has the case.
func (s *story) head() models.Actor {
	if d := s.c.Department; d != "" && d != repairs {
		return models.Actor{Kind: models.ActorPerson, ID: "head of " + d, Roles: []models.Role{models.RoleDepartmentHead}, Departments: []string{d}}
	}
	return head
}

// decider is somebody who may decide on a request, and did not ask for it.
func (s *story) decider(r lifecycle.Request) models.Actor {
	switch {
	case r.Decider == models.RoleExecutive:
		return executive
	case r.Asker == supervisor.ID:
		return another
	default:
		return supervisor
	}
}

func (s *story) giveTask(department string) {
	help(s.t)
	s.do(s.head(), models.VerbGiveTask, models.TaskGiven{Department: department, Due: s.now.Add(2 * day)}, models.TextText)
}

func (s *story) settle() []models.Event {
	help(s.t)
	d := models.Settled{Channel: models.ChannelPhone, Outcome: models.OutcomeUpheld}
	return s.do(desk, models.VerbSettle, d, models.TextText, models.TextResult)
}

func (s *story) tellInterim(in time.Duration) {
	help(s.t)
	d := models.InterimTold{Channel: models.ChannelEmail, Until: s.now.Add(in)}
	s.do(s.head(), models.VerbTellInterim, d, models.TextText)
}

// pause lets the case wait for others until an instant.
func (s *story) pause(reason models.PauseReason, until time.Time) {
	help(s.t)
	if reason == models.PauseCustomer {
		s.ask()
	}
	s.do(s.head(), models.VerbPause, models.Paused{Reason: reason, Until: until}, models.TextReason)
}

// ask is an outbound contact that asks the customer for something.
func (s *story) ask() {
	help(s.t)
	d := models.ContactLogged{Channel: models.ChannelEmail, Direction: models.DirectionOut}
	s.do(supervisor, models.VerbLogContact, d, models.TextText)
}

// pausableReason is a reason for which the case can be paused where it stands.
func (s *story) pausableReason() (models.PauseReason, bool) {
	for _, r := range []models.PauseReason{models.PauseOutside, models.PauseWish} {
		if slices.ContainsFunc(s.c.Runs, func(run lifecycle.Run) bool { return run.Running() && slices.Contains(r.Pauses(), run.Clock) }) {
			return r, true
		}
	}
	return "", false
}

// takenAlong is v for a member of a group.
func (s *story) takenAlong(v models.Verb) (lifecycle.Command, string) {
	if _, in := s.c.Lead(); !in {
		return lifecycle.Command{}, "only a member of a group is taken along"
	}
	return s.toldWithTheLead(v), ""
}

// toldWithTheLead is the command that a lead case brings to its member.
func (s *story) toldWithTheLead(v models.Verb) lifecycle.Command {
	lead, _ := s.c.Lead()
	act := &models.GroupAct{Lead: lead, Seq: 7, Department: repairs, Person: handler.ID, Outcome: models.OutcomeUpheld}
	if v == models.VerbTellSolution {
		return s.command(models.System(), v, models.SolutionTold{Channel: models.ChannelEmail, Group: act}, models.TextText)
	}
	d := goodResult
	d.Group = act
	return s.command(models.System(), v, d, models.TextText)
}

// asking is a request, unless the same was asked for already.
func (s *story) asking(who models.Actor, v models.Verb, d models.Requested) (lifecycle.Command, string) {
	what := map[models.Verb]models.RequestKind{
		models.VerbArchiveEarly: models.RequestArchiveEarly, models.VerbExtend: models.RequestExtend, models.VerbLowerSeverity: models.RequestLowerSeverity,
		models.VerbLongPause: models.RequestLongPause, models.VerbCompensate: models.RequestCompensation, models.VerbNotAccept: models.RequestNotAccept,
	}[v]
	if slices.ContainsFunc(s.c.Requests, func(r lifecycle.Request) bool { return r.What == what }) {
		return lifecycle.Command{}, "it has been asked for already"
	}
	return s.command(who, v, d, models.TextReason), ""
}

// puttingOff snoozes or hands over the first alert that somebody must acknowledge.
func (s *story) puttingOff(v models.Verb) (lifecycle.Command, string) {
	s.c.Plan = s.plan()
	for _, a := range s.c.Alerts {
		after, latest, may := s.c.MaySnooze(a.Key, s.now)
		switch {
		case v == models.VerbSnooze && may:
			return s.command(executive, v, models.Snoozed{Alert: a.Key, Until: after.Add(latest.Sub(after) / 2)}, models.TextReason), ""
		case v == models.VerbHandOver && s.c.MayHandOver(a.Key):
			return s.command(executive, v, models.HandedOver{Alert: a.Key, Person: manager.ID}, models.TextReason), ""
		}
	}
	return lifecycle.Command{}, "no alert is out that somebody must acknowledge, or it was done before"
}

// prepare brings about what v needs and the case does not have yet.
func (s *story) prepare(v models.Verb) {
	help(s.t)
	reason, pausable := s.pausableReason()
	switch v { //nolint:exhaustive // the others need nothing
	case models.VerbAcknowledge:
		if len(s.c.Alerts) == 0 {
			s.wait(6 * day)
		}
	case models.VerbSnooze, models.VerbHandOver:
		if s.c.Severity != models.SeverityUrgent {
			s.do(supervisor, models.VerbReclassify, models.Reclassified{Severity: models.SeverityUrgent}, models.TextReason)
		}
		s.wait(us)
	case models.VerbResume:
		if s.c.Pause.Seq == 0 && pausable {
			s.do(supervisor, models.VerbPause, models.Paused{Reason: reason, Until: s.now.Add(day)}, models.TextReason)
		}
	case models.VerbLowerSeverity:
		if s.c.Severity == models.SeverityGeneral {
			s.do(supervisor, models.VerbReclassify, models.Reclassified{Severity: models.SeverityUrgent}, models.TextReason)
		}
	case models.VerbReport:
		s.do(supervisor, models.VerbSupervise, models.Supervised{ReportDue: s.now.Add(day)}, models.TextReason)
	case models.VerbVoid:
		s.do(supervisor, models.VerbNote, models.Noted{Audience: models.AudienceInternal}, models.TextText)
	case models.VerbDecide, models.VerbRetract:
		s.prepareRequest()
	}
}

// prepareRequest asks for something, unless something was asked for.
func (s *story) prepareRequest() {
	help(s.t)
	if len(s.c.Requests) > 0 && s.c.State != models.StateAwaitingApproval {
		return
	}
	if !s.c.State.Open() {
		s.do(supervisor, models.VerbArchiveEarly, models.Requested{}, models.TextReason)
		return
	}
	s.prepare(models.VerbLowerSeverity)
	s.do(supervisor, models.VerbLowerSeverity, models.Requested{Severity: models.SeverityGeneral}, models.TextReason)
}

// lawfullyBeside is lawfully for the verbs beside the main road.
func lawfullyBeside(s *story, v models.Verb) (lifecycle.Command, string) {
	text, reason := models.TextText, models.TextReason
	switch v { //nolint:exhaustive // the others stand elsewhere
	case models.VerbSettle:
		if s.c.Severity != models.SeverityGeneral || !s.c.Milestones.FirstDispatchAt.IsZero() || s.c.Nature.Guarded() {
			return lifecycle.Command{}, "only a general complaint is settled, in the first contact"
		}
		return s.command(desk, v, models.Settled{Channel: models.ChannelPhone, Outcome: models.OutcomeUpheld}, text, models.TextResult), ""
	case models.VerbReturn:
		return s.command(s.head(), v, models.Returned{}, reason), ""
	case models.VerbRecall:
		return s.command(supervisor, v, models.Recalled{}, reason), ""
	case models.VerbTransfer:
		to := "sales"
		if s.c.Department == to {
			to = repairs
		}
		return s.command(s.head(), v, models.Transferred{Department: to}, reason), ""
	case models.VerbAssign:
		if s.c.Department == "" {
			return lifecycle.Command{}, "no department has the case"
		}
		to := "hank"
		if s.c.Assignee == to {
			to = handler.ID
		}
		return s.command(s.head(), v, models.Assigned{Person: to}), ""
	case models.VerbGiveTask:
		to := "law"
		if s.c.Department == to {
			to = repairs
		}
		return s.command(s.head(), v, models.TaskGiven{Department: to, Due: s.now.Add(day)}, text), ""
	case models.VerbFinishTask, models.VerbCancelTask:
		return s.endingTask(v)
	case models.VerbImmediateMeasure:
		return s.command(supervisor, v, models.MeasureTaken{}, text), ""
	case models.VerbTellProgress:
		return s.command(supervisor, v, models.ProgressTold{Channel: models.ChannelPhone}, text), ""
	case models.VerbTellInterim:
		return s.command(supervisor, v, models.InterimTold{Channel: models.ChannelEmail, Until: s.now.Add(day)}, text), ""
	case models.VerbPromiseContact:
		return s.command(supervisor, v, models.ContactPromised{At: s.now.Add(day)}), ""
	case models.VerbReclassify:
		return s.command(supervisor, v, models.Reclassified{Category: "billing"}, reason), ""
	case models.VerbUrge:
		return s.command(manager, v, models.Urged{Channel: models.ChannelPhone}, text), ""
	case models.VerbSupervise:
		if r, is := s.c.Latest(models.ClockReport); is && r.Running() {
			return lifecycle.Command{}, "a report is due already"
		}
		return s.command(supervisor, v, models.Supervised{ReportDue: s.now.Add(day)}, reason), ""
	case models.VerbReport:
		if s.c.Department == "" {
			return lifecycle.Command{}, "no department has the case"
		}
		return s.command(s.head(), v, models.Reported{}, text), ""
	default:
		return lawfullyHolding(s, v)
	}
}

// endingTask finishes or cancels the first joint task.
func (s *story) endingTask(v models.Verb) (lifecycle.Command, string) {
	if len(s.c.Tasks) == 0 {
		return lifecycle.Command{}, "no joint task is open"
	}
	t := s.c.Tasks[0]
	if v == models.VerbCancelTask {
		return s.command(supervisor, v, models.TaskCancelled{Task: t.Seq}, models.TextReason), ""
	}
	who := models.Actor{Kind: models.ActorPerson, ID: "head of " + t.Department, Roles: []models.Role{models.RoleDepartmentHead}, Departments: []string{t.Department}}
	return s.command(who, v, models.TaskFinished{Task: t.Seq}, models.TextText), ""
}

// lawfullyHolding is lawfully for what holds a case up, what is asked for it, and how it ends otherwise.
func lawfullyHolding(s *story, v models.Verb) (lifecycle.Command, string) {
	text, reason := models.TextText, models.TextReason
	why, pausable := s.pausableReason()
	switch v { //nolint:exhaustive // the others stand elsewhere
	case models.VerbPause:
		if s.c.Pause.Seq != 0 || !pausable {
			return lifecycle.Command{}, "it is paused already, or " + noPause
		}
		return s.command(supervisor, v, models.Paused{Reason: why, Until: s.now.Add(day)}, reason), ""
	case models.VerbResume:
		if s.c.Pause.Seq == 0 {
			return lifecycle.Command{}, "it is not paused"
		}
		return s.command(supervisor, v, models.Resumed{}), ""
	case models.VerbLongPause:
		if s.c.Pause.Seq != 0 || !pausable || s.c.Department == "" {
			return lifecycle.Command{}, "it is paused already, or nobody has it, or " + noPause
		}
		return s.asking(s.head(), v, models.Requested{Pause: why, Until: s.now.Add(9 * day)})
	case models.VerbExtend:
		r, is := s.c.Latest(models.ClockHandling)
		if !is || !r.Running() || s.c.Department == "" {
			return lifecycle.Command{}, "the handling clock does not run, or nobody has the case"
		}
		return s.asking(s.head(), v, models.Requested{Until: latestOf(s.now, r.Limit).Add(day)})
	case models.VerbLowerSeverity:
		if s.c.Severity == models.SeverityGeneral {
			return lifecycle.Command{}, "it is general"
		}
		return s.asking(supervisor, v, models.Requested{Severity: models.SeverityGeneral})
	case models.VerbCompensate:
		if s.c.Department == "" {
			return lifecycle.Command{}, "nobody has the case"
		}
		return s.asking(s.head(), v, models.Requested{Money: &models.Money{Minor: 100, Currency: "CNY", Kind: models.MoneyRefund}})
	case models.VerbNotAccept:
		return s.asking(supervisor, v, models.Requested{})
	case models.VerbRetract:
		for _, r := range s.c.Requests {
			if who, known := whoIs(r.Asker); known && models.May(who, v, s.c.Standing()) == nil {
				return s.command(who, v, models.Retracted{Request: r.Seq}), ""
			}
		}
		return lifecycle.Command{}, "nobody asked for anything who could take it back"
	case models.VerbWithdraw:
		return s.command(customer, v, models.Withdrawn{}, text), ""
	case models.VerbMerge:
		return s.command(supervisor, v, models.Merged{Into: earlier}, reason), ""
	case models.VerbUnmerge:
		return s.command(supervisor, v, models.Unmerged{}, reason), ""
	case models.VerbLink:
		return s.command(supervisor, v, models.Linked{Other: models.Other{Case: "c-9", Number: models.Number(2026, 9)}, Relation: models.RelationRelated}), ""
	case models.VerbReschedule:
		if !s.c.Callback.Open {
			return lifecycle.Command{}, "no call is planned"
		}
		return s.command(customer, v, models.Rescheduled{To: s.now.Add(day)}), ""
	default:
		return lawfullyMending(s, v)
	}
}

// lawfullyMending is lawfully for what corrects or restricts the record.
func lawfullyMending(s *story, v models.Verb) (lifecycle.Command, string) {
	reason := models.TextReason
	switch v { //nolint:exhaustive // the others stand elsewhere
	case models.VerbAmend:
		change := models.Change{Field: "region", Is: "east"}
		if s.c.Opened.Region == change.Is {
			change.Is = "west"
		}
		return s.command(supervisor, v, models.Amended{Changes: []models.Change{change}}, reason), ""
	case models.VerbVoid:
		if s.c.Seq < 2 {
			return lifecycle.Command{}, "there is but the first entry"
		}
		return s.command(supervisor, v, models.Voided{Entry: s.c.Seq}, reason), ""
	case models.VerbAttach:
		return s.command(supervisor, v, models.Attached{Files: []models.FileRef{{ID: "f-1", Digest: "d0", Size: 3, MediaType: "text/plain"}}}), ""
	case models.VerbRestrict:
		d := models.Restricted{Named: []string{"nob"}}
		if s.c.Nature.Guarded() {
			for _, a := range everybody {
				d.Circle = append(d.Circle, a.ID)
			}
		}
		return s.command(supervisor, v, d, reason), ""
	}
	return lifecycle.Command{}, "nobody taught the test " + string(v)
}
