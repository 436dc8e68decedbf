package kpi

import (
	"cmp"
	"slices"

	"recourse/models"
)

func (t *Table) answerOf(r *row, f models.Fact) answer {
	a := answer{
		offered: maybe(f.OfferedAt), answered: maybe(f.AnsweredAt), cycle: small(f.Cycle),
		byCallback: f.AnsweredBy == models.AnswerCallback,
		process:    score(f.Process), result: score(f.Result), speed: score(f.Speed), attitude: score(f.Attitude), recommend: -1,
	}
	if f.Recommend != nil {
		a.recommend = int8(min(max(*f.Recommend, 0), 10))
	}
	a.handlingDepartment, a.handlingOwner = t.whose(r, f.Handling)
	return a
}

// whose is whose a clock was at its decisive moment, else whose the case is.
func (t *Table) whose(r *row, k models.ClockFact) (department, person uint32) {
	if decided(k) {
		return t.departments.code(k.Department), t.people.code(k.Person)
	}
	return r.department[ownerNow], r.person[ownerNow]
}

func (t *Table) laterOf(r *row, f, previous models.Fact) later {
	l := later{
		began: micro(f.BeganAt), previousClosed: maybe(previous.ClosedAt), cycle: small(f.Cycle),
		feedbackBound: unpaused(f.Feedback, none), handlingBound: unpaused(f.Handling, none), closed: maybe(f.ClosedAt),
	}
	l.feedback, l.feedbackCancelled = endOf(f.Feedback)
	l.handling, l.handlingCancelled = endOf(f.Handling)
	l.feedbackDepartment, l.feedbackOwner = t.whose(r, f.Feedback)
	l.handlingDepartment, l.handlingOwner = t.whose(r, f.Handling)
	return l
}

// endOf is when a clock reached its milestone, or when it was cancelled.
func endOf(k models.ClockFact) (ended, cancelled int64) {
	if k.End == models.ClockCancelled {
		return none, maybe(k.EndedAt)
	}
	return maybe(k.EndedAt), none
}

// staysOf joins whiles that follow each other in one department, and counts how often a case went from
// one department to another. A stay is the last person's who had it in the department.
func (t *Table) staysOf(owned []Held) (stays []stay, hands int) {
	owned = inOrder(owned, func(a, b Held) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Part, b.Part))
	})
	for i, h := range owned {
		department := t.departments.code(h.Department)
		if i > 0 && h.Department != owned[i-1].Department && owned[i-1].Department != "" && h.Department != "" {
			hands++
		}
		if n := len(stays); n > 0 && stays[n-1].department == department && stays[n-1].until == micro(h.From) {
			s := &stays[n-1]
			s.until, s.net, s.person = maybe(h.Until), s.net+h.Net.Microseconds(), t.people.code(h.Person)
			continue
		}
		stays = append(stays, stay{
			from: micro(h.From), until: maybe(h.Until), net: h.Net.Microseconds(), department: department,
			person: t.people.code(h.Person), cycle: small(h.Cycle),
		})
	}
	return stays, hands
}

func (t *Table) leversOf(levers []models.Lever) []lever {
	var used []lever
	for _, v := range levers {
		kind := slices.Index(models.LeverKinds(), v.Kind)
		if kind < 0 {
			continue // of a later version
		}
		used = append(used, lever{
			at: micro(v.At), seq: v.Seq, department: t.departments.code(v.Department), person: t.people.code(v.Person),
			cycle: small(v.Cycle), kind: uint8(kind), bell: v.Bell, //nolint:gosec // eleven kinds
		})
	}
	slices.SortFunc(used, func(a, b lever) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.seq, b.seq), cmp.Compare(a.kind, b.kind))
	})
	return used
}

// alarmsOf are the alerts that ask to be acknowledged and went out.
func (t *Table) alarmsOf(alerts []models.Alert) []alarm {
	var asked []alarm
	for _, a := range alerts {
		if a.Superseded || a.AckBy == nil {
			continue
		}
		asked = append(asked, alarm{
			id: t.keep(a.ID), fired: micro(a.FiredAt), by: maybe(a.AckBy), acknowledged: maybe(a.AcknowledgedAt), ended: maybe(a.EndedAt),
			department: t.departments.code(a.Department), assignee: t.people.code(a.Assignee), acknowledgedBy: t.people.code(a.AcknowledgedBy),
		})
	}
	slices.SortFunc(asked, func(a, b alarm) int {
		return cmp.Or(cmp.Compare(a.fired, b.fired), slices.Compare(a.id[:], b.id[:]))
	})
	return asked
}
