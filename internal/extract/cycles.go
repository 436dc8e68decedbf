package extract

import (
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

func cyclesTable() Table {
	when := func(name, says string, of func(models.Fact) *time.Time) column[models.Fact] {
		return col(name, says, func(f models.Fact) any { return at(of(f)) })
	}
	columns := []column[models.Fact]{
		col("cycle", "1, and one more for each rework", func(f models.Fact) any { return f.Cycle }),
		col("began_at", "received in cycle 1; taken up again in a later one", func(f models.Fact) any { return f.BeganAt }),
		when("ended_at", "when the case ended, or else the next cycle began", func(f models.Fact) *time.Time { return f.EndedAt }),
	}
	columns = append(columns, promise("response", "first reply; of cycle 1 only", func(f models.Fact) models.ClockFact { return f.Response })...)
	columns = append(columns, promise("feedback", "solution told, or an interim answer", func(f models.Fact) models.ClockFact { return f.Feedback })...)
	columns = append(columns, promise("handling", "resolved", func(f models.Fact) models.ClockFact { return f.Handling })...)
	return of("cycles", "A cycle of a case: its promises and its steps.", false, func(c Case) []models.Fact { return c.Facts }, append(columns,
		when("solution_at", "the solution was told, the first time", func(f models.Fact) *time.Time { return f.SolutionAt }),
		when("interim_at", "the first interim answer before the solution", func(f models.Fact) *time.Time { return f.InterimAt }),
		when("settled_at", "settled at the first contact", func(f models.Fact) *time.Time { return f.SettledAt }),
		when("resolved_at", "", func(f models.Fact) *time.Time { return f.ResolvedAt }),
		when("result_told_at", "", func(f models.Fact) *time.Time { return f.ResultToldAt }),
		when("closed_at", "", func(f models.Fact) *time.Time { return f.ClosedAt }),
		when("contact_at", "the first talk with the customer", func(f models.Fact) *time.Time { return f.ContactAt }),
		when("proposed_at", "the first solution was proposed", func(f models.Fact) *time.Time { return f.ProposedAt }),
		when("minutes_at", "minutes were given with the proposal", func(f models.Fact) *time.Time { return f.MinutesAt }),
		when("approved_at", "", func(f models.Fact) *time.Time { return f.ApprovedAt }),
		when("complete_at", "the result was told with all that belongs to it", func(f models.Fact) *time.Time { return f.CompleteAt }),
		when("called_at", "somebody outside the department, or a supervisor, first tried to call", func(f models.Fact) *time.Time { return f.CalledAt }),
		when("confirmed_at", "the customer called it solved by link", func(f models.Fact) *time.Time { return f.ConfirmedAt }),
		when("offered_at", "the survey", func(f models.Fact) *time.Time { return f.OfferedAt }),
		when("answered_at", "the answer that counts", func(f models.Fact) *time.Time { return f.AnsweredAt }),
		derived("late", "any clock of the cycle ran past a bound", func(f models.Fact) any { return f.Late }),
		derived("missing_contact", "a required step is missing; docs/kpis.md says when", step(models.StepContact)),
		derived("missing_minutes", "", step(models.StepMinutes)),
		derived("missing_progress", "", step(models.StepProgress)),
		derived("missing_result", "", step(models.StepResult)),
		derived("missing_callback", "", step(models.StepCallback)),
	)...)
}

func step(s models.Steps) func(models.Fact) any {
	return func(f models.Fact) any { return f.Missing.Has(s) }
}

// promise are the columns of the first run of a promise's clock in a cycle.
func promise(name, stopped string, of func(models.Fact) models.ClockFact) []column[models.Fact] {
	clock := func(suffix, says string, cell func(models.ClockFact) any) column[models.Fact] {
		return col(name+"_"+suffix, says, func(f models.Fact) any { return cell(of(f)) })
	}
	took := func(suffix, says string, d func(models.ClockFact) time.Duration) column[models.Fact] {
		return derived(name+"_"+suffix, says, func(f models.Fact) any { return seconds(d(of(f))) })
	}
	return []column[models.Fact]{
		clock("started_at", "the clock until: "+stopped, func(c models.ClockFact) any { return at(c.StartedAt) }),
		clock("ended_at", "empty: it runs", func(c models.ClockFact) any { return at(c.EndedAt) }),
		clock("target_at", "empty: none shorter than the limit", func(c models.ClockFact) any { return at(c.Target) }),
		clock("limit_at", "as it stands after pauses and extensions", func(c models.ClockFact) any { return at(c.Limit) }),
		clock("unpaused_limit_at", "as it would stand without pauses; empty: as limit_at", func(c models.ClockFact) any { return at(c.Unpaused) }),
		clock("end", "met, breached or cancelled; empty: it runs", func(c models.ClockFact) any { return string(c.End) }),
		clock("department", "whose it was at the decisive moment", func(c models.ClockFact) any { return c.Department }),
		clock("person", "likewise", func(c models.ClockFact) any { return c.Person }),
		took("seconds", "on the wall, once met or breached", func(c models.ClockFact) time.Duration { return c.Gross }),
		took("net_seconds", "without pauses", func(c models.ClockFact) time.Duration { return c.Net }),
	}
}

func answersTable() Table {
	items := func(c Case) (answers []models.Fact) {
		for _, f := range c.Facts {
			if f.OfferedAt != nil || f.AnsweredAt != nil {
				answers = append(answers, f)
			}
		}
		return answers
	}
	score := func(name string, of func(models.Fact) int) column[models.Fact] {
		return col(name, "1 to 5; empty: not given", func(f models.Fact) any {
			if of(f) == 0 {
				return nil
			}
			return of(f)
		})
	}
	return of("answers", "A customer who was asked how it went, once a cycle, and what they said.", false, items,
		col("cycle", "", func(f models.Fact) any { return f.Cycle }),
		col("offered_at", "the survey; empty: only a callback asked", func(f models.Fact) any { return at(f.OfferedAt) }),
		col("answered_at", "empty: no answer", func(f models.Fact) any { return at(f.AnsweredAt) }),
		col("answered_by", "callback or survey", func(f models.Fact) any { return string(f.AnsweredBy) }),
		score("process", func(f models.Fact) int { return f.Process }),
		score("result", func(f models.Fact) int { return f.Result }),
		score("speed", func(f models.Fact) int { return f.Speed }),
		score("attitude", func(f models.Fact) int { return f.Attitude }),
		col("recommend", "0 to 10; empty: not given", func(f models.Fact) any {
			if f.Recommend == nil {
				return nil
			}
			return *f.Recommend
		}),
	)
}

func leversTable() Table {
	return of("levers", "Something that moves a figure without helping the customer; no reproach.", false, func(c Case) []models.Lever { return c.Levers },
		col("seq", "of the event", func(l models.Lever) any { return l.Seq }),
		col("cycle", "", func(l models.Lever) any { return l.Cycle }),
		col("kind", "", func(l models.Lever) any { return string(l.Kind) }),
		col("at", "", func(l models.Lever) any { return l.At }),
		col("person", "who did it, or asked for what was granted", func(l models.Lever) any { return l.Person }),
		col("department", "whose the case was", func(l models.Lever) any { return l.Department }),
		col("since", "start of the promise's clock that was nearest to its bound", func(l models.Lever) any { return at(l.Since) }),
		col("bound", "of that clock", func(l models.Lever) any { return at(l.Bound) }),
		derived("bell", "in the last tenth of that clock's time, or later", func(l models.Lever) any { return l.Bell }),
	)
}

func alertsTable() Table {
	return of("alerts", "An alert that went out.", false, func(c Case) []models.Alert { return c.Alerts },
		col("key", "", func(a models.Alert) any { return a.Key }),
		col("clock", "", func(a models.Alert) any { return string(a.Clock) }),
		col("bound", "target or limit", func(a models.Alert) any { return string(a.Bound) }),
		col("rung", "", func(a models.Alert) any { return a.Rung }),
		col("repeat", "", func(a models.Alert) any { return a.Repeat }),
		col("roles", "to whom, separated by spaces", func(a models.Alert) any { return list(a.Roles) }),
		col("severity", "then", func(a models.Alert) any { return string(a.Severity) }),
		col("department", "then", func(a models.Alert) any { return a.Department }),
		col("assignee", "then", func(a models.Alert) any { return a.Assignee }),
		col("due_at", "", func(a models.Alert) any { return a.DueAt }),
		col("fired_at", "", func(a models.Alert) any { return a.FiredAt }),
		col("ack_by", "empty: nobody needs to", func(a models.Alert) any { return at(a.AckBy) }),
		col("acknowledged_at", "", func(a models.Alert) any { return at(a.AcknowledgedAt) }),
		col("acknowledged_by", "", func(a models.Alert) any { return a.AcknowledgedBy }),
		col("ended_at", "its clock or case ended first", func(a models.Alert) any { return at(a.EndedAt) }),
		col("superseded", "on record, never delivered", func(a models.Alert) any { return a.Superseded }),
		col("late_reason", "why it went out late", func(a models.Alert) any { return string(a.LateReason) }),
		derived("late_seconds", "how late", func(a models.Alert) any { return seconds(a.LateBy) }),
	)
}

// segment is a while of one kind in somebody's hands.
type segment struct {
	models.Ownership
	models.Stretch
	kind string
}

// segmentsTable cuts the whiles in somebody's hands once more, at the hours of the department: what is open
// adds up to department_time.
func segmentsTable() Table {
	return of("segments", "A while in somebody's hands, of one kind.", false, segments,
		col("part", "1, 2, 3 …: the while in somebody's hands that it is part of", func(s segment) any { return s.Part }),
		col("cycle", "", func(s segment) any { return s.Cycle }),
		col("department", "empty: nobody's yet, with the intake", func(s segment) any { return s.Department }),
		col("person", "empty: whoever of the department", func(s segment) any { return s.Person }),
		col("from", "", func(s segment) any { return s.Stretch.From }),
		col("until", "the cut, where it is theirs still", func(s segment) any { return s.Stretch.Until }),
		col("ended_at", "when it left their hands; empty: it has not", func(s segment) any { return at(s.Ownership.Until) }),
		col("kind", "open, closed, holiday or paused", func(s segment) any { return s.kind }),
		col("pause", "what it waited for", func(s segment) any { return string(s.Pause) }),
	)
}

func segments(c Case) (all []segment) {
	for _, o := range c.Ownerships {
		until := c.Cut
		if o.Until != nil {
			until = *o.Until
		}
		if o.From.After(until) { // behind the cut
			continue
		}
		if o.From.Equal(until) && o.Pause == "" { // a hand-over within a minute of a log is one, too
			all = append(all, segment{o, models.Stretch{From: o.From, Until: until}, string(models.StretchOpen)})
			continue
		}
		if o.Pause != "" {
			all = append(all, segment{o, models.Stretch{From: o.From, Until: until}, "paused"})
			continue
		}
		for _, s := range c.Past.Stretches(c.Case.Policy, c.Past.Working(c.Case.Policy, c.Case.Channel, o.Department), o.From, until) {
			all = append(all, segment{o, s, string(s.Kind)})
		}
	}
	return all
}

// contact is a word to the customer, or a talk with them.
type contact struct {
	cycle int
	at    time.Time
}

func contactsTable() Table {
	items := func(c Case) (all []contact) {
		for _, f := range lifecycle.Facts(lifecycle.Fold(c.Events)).Facts {
			for _, w := range f.Words {
				all = append(all, contact{f.Cycle, w})
			}
		}
		return all
	}
	return of("contacts", "A talk with the customer, or a word to them with content.", true, items,
		col("cycle", "", func(c contact) any { return c.cycle }),
		col("at", "", func(c contact) any { return c.at }),
	)
}
