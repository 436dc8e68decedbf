package kpi

import (
	"cmp"
	"slices"
	"time"

	"recourse/models"
)

// put writes a record over the row of its case.
func (t *Table) put(rec *Record) {
	id := t.keep(rec.Case.ID)
	slot, isNew := t.take(id)
	r := t.row(slot)
	if isNew {
		r.next = nowhere
	} else {
		t.unlink(slot, r)
		if !r.flags.is(isSample) {
			t.real--
		}
		t.aside(slot)
	}
	fresh := row{id: id, number: t.numbered(slot, rec.Case.Number), next: nowhere, answered: r.answered, laters: r.laters, stays: r.stays, used: r.used, alerts: r.alerts}
	*r = fresh
	first, last := ends(rec.Cycles)
	t.columns(r, rec)
	t.instants(r, rec, first)
	t.owners(r, rec, first)
	t.parts(r, rec)
	t.scores(r, rec, last)
	t.beside(slot, r, rec)
	if !r.flags.is(isSample) {
		t.real++
	}
	t.link(slot, r, t.customerNumber(customerOf(rec.Case)))
	if r.customer == 0 {
		t.judge(r, none)
	}
}

// customerOf is by whom a case is found again: anonymous ones never match.
func customerOf(c models.Case) string {
	if c.Anonymous {
		return ""
	}
	return c.CustomerID
}

// ends returns the facts of the first cycle and of the last; empty ones where there are none.
func ends(cycles []models.Fact) (first, last models.Fact) {
	for _, f := range cycles {
		if f.Cycle == 1 {
			first = f
		}
		if f.Cycle >= last.Cycle {
			last = f
		}
	}
	return first, last
}

// columns fills in what is not measured but cut by.
func (t *Table) columns(r *row, rec *Record) {
	c := rec.Case
	r.category, r.product, r.region = t.categories.code(c.Category), t.products.code(c.Product), t.regions.code(c.Region)
	r.policy, r.recorder = t.policies.code(c.Policy), t.people.code(c.RecordedBy)
	r.channel, r.severity = t.enum(ByChannel, string(c.Channel)), t.enum(BySeverity, string(c.Severity))
	r.nature, r.attribution = t.enum(ByNature, string(c.Nature)), t.enum(ByAttribution, string(c.Attribution))
	r.cause, r.language = t.enum(ByCause, string(c.Cause)), t.enum(ByLanguage, string(c.Language))
	r.outcome, r.ending = t.enum(ByOutcome, string(c.Outcome)), t.enum(ByEnding, string(endState(c)))
	r.reason, r.state = t.enum(ByCloseReason, string(c.CloseReason)), t.enum(byState, string(c.State))
	r.transfers, r.returns, r.reworks, r.urges = small(c.Transfers), small(c.Returns), small(c.Reworks), small(c.Urges)
	r.cycle = uint8(min(max(c.Cycle, 1), 255))
	r.flags = flagsOf(rec)
	for _, f := range rec.Cycles {
		r.missing |= uint8(f.Missing) //nolint:gosec // five bits
	}
	for i := range rec.Alerts {
		if !rec.Alerts[i].Superseded {
			r.fired++
		}
	}
}

func small(n int) uint16 { return uint16(min(max(n, 0), 1<<16-1)) }

func flagsOf(rec *Record) flags {
	c, end := &rec.Case, endState(rec.Case)
	interim, settled, late := c.Interim, false, c.Breached
	for i := range rec.Cycles {
		f := &rec.Cycles[i]
		late = late || f.Late
		if f.Cycle == 1 {
			interim, settled = interim || f.Interim, f.Settled
		}
	}
	return flag(isSample, c.Sample) | flag(isMystery, c.MysteryShopper) | flag(isMerged, end == models.StateMerged) |
		flag(isWithdrawn, end == models.StateWithdrawn) | flag(isRefused, end == models.StateNotAccepted) |
		flag(isAnonymous, c.Anonymous) | flag(isAdopted, rec.Adopted) | flag(isInterim, interim) | flag(isSettled, settled) |
		flag(isLate, late) | flag(isEscalated, c.Escalated) | flag(isOpen, c.State.Open()) | flag(isGuarded, c.Nature.Guarded())
}

func flag(f flags, is bool) flags {
	if is {
		return f
	}
	return 0
}

// instants fills in what happened when, by the row of the case and the facts of its first cycle.
func (t *Table) instants(r *row, rec *Record, first models.Fact) {
	c := rec.Case
	r.received, r.recorded = micro(c.ReceivedAt), micro(c.RecordedAt)
	r.reply, r.dispatched, r.accepted = maybe(c.FirstReplyAt), maybe(c.FirstDispatchedAt), maybe(c.FirstAcceptedAt)
	r.solution, r.firstResolved = maybe(c.FirstSolutionAt), maybe(c.FirstResolvedAt)
	r.resolved, r.closed = maybe(c.ResolvedAt), maybe(c.ClosedAt)
	r.responseLimit, r.responseTarget = micro(c.ResponseLimitAt), maybe(c.ResponseTargetAt)
	if r.responseTarget == none || r.responseLimit != none && r.responseLimit < r.responseTarget {
		r.responseTarget = r.responseLimit
	}
	r.feedbackPaused = (c.FeedbackGross - c.FeedbackNet).Microseconds()
	r.handlingPaused = (c.HandlingGross - c.HandlingNet).Microseconds()
	r.pausedFor = c.PausedFor.Microseconds()
	r.feedbackLimit, r.handlingLimit = micro(c.FeedbackLimitAt), micro(c.HandlingDueAt)
	r.feedbackBound = unpaused(first.Feedback, less(r.feedbackLimit, c.FeedbackGross-c.FeedbackNet))
	r.handlingBound = unpaused(first.Handling, less(r.handlingLimit, c.HandlingGross-c.HandlingNet))
	r.kept = keptAt(c, first)
	r.over = overAt(rec)
}

// unpaused is the limit of a clock without what pauses added to it.
func unpaused(k models.ClockFact, otherwise int64) int64 {
	switch {
	case k.StartedAt == nil || k.Limit == nil:
		return otherwise
	case k.Unpaused != nil:
		return micro(*k.Unpaused)
	}
	return micro(*k.Limit)
}

// keptAt is when the promise of feedback was kept: by the solution, or by an interim answer before it.
func keptAt(c models.Case, first models.Fact) int64 {
	at := maybe(c.FirstSolutionAt)
	before := func(other int64) {
		if other != none && (at == none || other < at) {
			at = other
		}
	}
	switch {
	case first.InterimAt != nil:
		before(micro(*first.InterimAt))
	case first.Interim && first.Feedback.End != models.ClockCancelled:
		before(maybe(first.Feedback.EndedAt))
	case c.Interim && c.FeedbackGross > 0:
		before(micro(c.ReceivedAt.Add(c.FeedbackGross)))
	}
	return at
}

// overAt is when a case was no longer open; none while it is.
func overAt(rec *Record) int64 {
	c := rec.Case
	if c.State.Open() {
		return none
	}
	_, last := ends(rec.Cycles)
	for _, at := range []*time.Time{c.ClosedAt, last.EndedAt, c.ArchivedAt} {
		if at != nil {
			return micro(*at)
		}
	}
	return max(micro(c.UpdatedAt), micro(c.ReceivedAt))
}

// owners fills in whose the case was at each decisive moment. Until a clock has had its moment, it is
// whose the case is.
func (t *Table) owners(r *row, rec *Record, first models.Fact) {
	r.department[ownerNow], r.person[ownerNow] = t.departments.code(rec.Case.Department), t.people.code(rec.Case.Assignee)
	r.department[ownerResponse], r.person[ownerResponse] = t.whose(r, first.Response)
	r.department[ownerFeedback], r.person[ownerFeedback] = t.whose(r, first.Feedback)
	r.department[ownerHandling], r.person[ownerHandling] = t.whose(r, first.Handling)
}

// decided says whether the decisive moment of a clock is over: it ended, or ran past its limit.
func decided(k models.ClockFact) bool {
	return k.StartedAt != nil && (k.EndedAt != nil || k.End == models.ClockBreached || k.Department != "" || k.Person != "")
}

// scores fills in what the customer said of it last, and of the cycle it is in.
func (t *Table) scores(r *row, rec *Record, last models.Fact) {
	r.lastScore, r.scoredAt = score(rec.Case.ResultScore), none
	switch {
	case last.Cycle >= rec.Case.Cycle && last.AnsweredAt != nil:
		r.score, r.scoredAt = score(last.Result), micro(*last.AnsweredAt)
	case last.Cycle == 0 && rec.Case.Reworks == 0 && rec.Case.ResultScore > 0: // a row without facts
		r.score, r.scoredAt = r.lastScore, r.received
	}
}

func score(n int) uint8 { return uint8(min(max(n, 0), 10)) }

// beside keeps what only some cases have.
func (t *Table) beside(slot uint32, r *row, rec *Record) {
	c := rec.Case
	if c.GivenMinor != 0 {
		t.money[slot] = money{t.currencies.code(c.GivenCurrency), c.GivenMinor}
		r.flags |= isPaid
	}
	if len(rec.Inspections) > 0 {
		t.inspections[slot] = slices.Clone(rec.Inspections)
	}
	if a, any := guards(c); any {
		t.access[slot] = a
		r.flags |= isNamed
	}
	if c.State.Open() {
		t.live[slot] = live{due: maybe(c.DueAt), soon: maybe(c.SoonAt), paused: c.PauseReason != ""}
	}
}

// parts fills in the cycles, alerts, stays and levers, each in an order of its own.
func (t *Table) parts(r *row, rec *Record) {
	cycles := inOrder(rec.Cycles, func(a, b models.Fact) int { return cmp.Compare(a.Cycle, b.Cycle) })
	var answers []answer
	var laters []later
	previous := models.Fact{}
	for _, f := range cycles {
		if f.OfferedAt != nil || f.AnsweredAt != nil {
			answers = append(answers, t.answerOf(r, f))
		}
		if f.Cycle > 1 {
			laters = append(laters, t.laterOf(r, f, previous))
		}
		previous = f
	}
	r.answered = t.answers.put(r.answered, answers)
	r.laters = t.laters.put(r.laters, laters)
	stays, hands := t.staysOf(rec.Owned)
	r.stays, r.hands = t.stays.put(r.stays, stays), small(hands)
	used := t.leversOf(rec.Levers)
	for _, v := range used {
		r.levers |= 1 << v.kind
	}
	r.used = t.levers.put(r.used, used)
	r.alerts = t.alarms.put(r.alerts, t.alarmsOf(rec.Alerts))
}

// inOrder is a list in an order; most already are.
func inOrder[T any](list []T, compare func(a, b T) int) []T {
	if slices.IsSortedFunc(list, compare) {
		return list
	}
	return slices.SortedStableFunc(slices.Values(list), compare)
}
