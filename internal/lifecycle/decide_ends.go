package lifecycle

import (
	"fmt"
	"slices"

	"recourse/models"
)

// pause lets clocks wait, for no longer than the policy allows without asking.
func (b *book) pause(d models.Paused) error {
	d.Until = cut(d.Until)
	if err := b.pausable(d, &d.Evidence); err != nil {
		return err
	}
	if longest := b.plan.PauseAtMost; d.Until.After(b.now.Add(longest)) {
		return models.Invalid("/until", fmt.Sprintf("a pause lasts at most %s; ask for a long_pause", longest))
	}
	return b.withReason(d, "say what the case waits for")
}

// pausable judges a pause: its reason, its end, and for one that holds the 48 h promise up the proof
// that the customer was asked.
func (b *book) pausable(d models.Paused, evidence *int64) error {
	if err := oneOf("/waiting_for", d.Reason, models.PauseReasons()); err != nil {
		return err
	}
	switch {
	case b.c.Pause.Seq != 0:
		return models.Refuse(models.CodeConflict, "the case is paused already; resume it first")
	case !d.Until.After(b.now):
		return models.Invalid("/until", "say when in the future the case goes on at the latest")
	case !b.runsAny(d.Reason.Pauses()):
		return models.Refuse(models.CodeConflict, fmt.Sprintf("none of the clocks that such a pause stops is running: %v", d.Reason.Pauses()))
	}
	if d.Reason != models.PauseCustomer {
		*evidence = 0
		return nil
	}
	if *evidence == 0 {
		*evidence = b.c.Outbound
	}
	if *evidence == 0 || *evidence != b.c.Outbound {
		return models.Invalid("/evidence", "waiting for the customer needs a contact that asked them: log it first, and name the latest one")
	}
	return nil
}

func (b *book) runsAny(clocks []models.Clock) bool {
	return slices.ContainsFunc(b.c.Runs, func(r Run) bool { return r.Running() && slices.Contains(clocks, r.Clock) })
}

func (b *book) resume() error {
	if b.c.Pause.Seq == 0 {
		return models.Refuse(models.CodeConflict, "the case is not paused")
	}
	b.add(models.Resumed{Cause: models.ResumeByHand})
	return nil
}

// resumeFor ends a pause before a verb that moves the case, and when the customer is heard from.
func (b *book) resumeFor(cmd Command) {
	switch cmd.Verb { //nolint:exhaustive // the others are told by the law
	case models.VerbMessage, models.VerbNotSolved, models.VerbConfirm:
		b.resumeBecause(models.ResumeCustomer)
	case models.VerbDecide: // moves only when it grants; see grant
	default:
		if models.Moves(cmd.Verb, b.c.State) {
			b.resumeBecause(models.ResumeMoved)
		}
	}
}

func (b *book) resumeBecause(cause models.ResumeCause) {
	if b.c.Pause.Seq != 0 {
		b.follow(models.Resumed{Cause: cause})
	}
}

// merge ends the case in another. That one is always the earlier: no promise gets younger, and no
// ring of merges can come about.
func (b *book) merge(d models.Merged) error {
	switch {
	case d.Into.Case == b.c.ID:
		return models.Invalid("/into", "a case is not merged into itself")
	case !models.Earlier(d.Into.Number, b.c.Opened.Number):
		return models.Invalid("/into", "a case is merged into an earlier one; merge the other into this one instead")
	}
	return b.withReason(d, "say why both are one matter")
}

// unmerge takes a merged case up again where it was. A solution that waited for its approval then is
// proposed again: the request ended with the merge.
func (b *book) unmerge() error {
	to := b.c.EndedFrom
	if to == models.StateAwaitingApproval {
		to = models.StateInvestigating
	}
	if err := b.withReason(models.Unmerged{To: to}, "say why they are two matters after all"); err != nil {
		return err
	}
	if to == models.StateFollowingUp && !b.c.Opened.Anonymous {
		b.placeCallback(b.now, b.now) // the call that was planned ended with the merge
	}
	return nil
}

func (b *book) link(d models.Linked) error {
	if err := oneOf("/relation", d.Relation, models.Relations()); err != nil {
		return err
	}
	lead, member := b.c.Lead()
	switch {
	case d.Other.Case == b.c.ID:
		return models.Invalid("/other", "a case is not linked to itself")
	case d.Relation == models.RelationMerged && b.actor.Kind != models.ActorSystem:
		return models.Invalid("/relation", "merged comes of merging")
	case d.Relation == models.RelationLead && member && lead.Case != d.Other.Case:
		return models.Refuse(models.CodeConflict, fmt.Sprintf("this case belongs to the group of %s already", lead.Number))
	case d.Relation == models.RelationLead && len(b.c.Members()) > 0:
		return models.Refuse(models.CodeConflict, "this case leads a group itself")
	case d.Relation == models.RelationLead && !slices.Contains([]models.State{models.StateReceived, models.StateDispatched, models.StateInvestigating}, b.c.State):
		return models.Refuse(models.CodeConflict, "a case joins a group before its own solution is proposed")
	case d.Relation == models.RelationMember && member:
		return models.Refuse(models.CodeConflict, "this case belongs to a group itself and leads none")
	}
	b.add(d)
	return nil
}

// inGroup judges whether a member of a group is told with its lead case. Away from the state in which
// a case walks alone, only a member can be told.
func (b *book) inGroup(g *models.GroupAct, alone models.State) error {
	if g == nil {
		if b.c.State != alone {
			return models.Unlawful(b.command.Verb, b.c.State)
		}
		return nil
	}
	if lead, is := b.c.Lead(); !is || lead.Case != g.Lead.Case {
		return models.Refuse(models.CodeConflict, "the case does not belong to that group")
	}
	return nil
}

// copies judges who is told beside the customer of a lead case.
func (b *book) copies(copies []models.GroupCopy) error {
	members := b.c.Members()
	for _, c := range copies {
		if !slices.Contains(members, c.Other) {
			return models.Refuse(models.CodeConflict, c.Number+" does not belong to this case's group any more; try again")
		}
	}
	return nil
}
