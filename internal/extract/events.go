package extract

import (
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

func eventsTable() Table {
	return of("events", "An event of a case: what was decided, when, and by whom.", true, func(c Case) []models.Event { return c.Events },
		col("seq", "1, 2, 3 … without gaps", func(e models.Event) any { return e.Seq }),
		col("cycle", "", func(e models.Event) any { return e.Cycle }),
		col("kind", "as in docs/events.md", func(e models.Event) any { return string(e.Kind) }),
		col("decided_at", "by this instant clocks are judged", func(e models.Event) any { return e.DecidedAt }),
		col("happened_at", "in the world", func(e models.Event) any { return e.HappenedAt }),
		col("actor_kind", "person, service, customer or system", func(e models.Event) any { return string(e.Actor.Kind) }),
		col("actor", "", func(e models.Event) any { return e.Actor.ID }),
		col("actor_roles", "separated by spaces", func(e models.Event) any { return list(e.Actor.Roles) }),
		col("actor_departments", "separated by spaces", func(e models.Event) any { return list(e.Actor.Departments) }),
		col("texts", "names of the texts that belong to it; the texts are not here", func(e models.Event) any {
			names := make([]string, len(e.Texts))
			for i, t := range e.Texts {
				names[i] = t.Name
			}
			return list(names)
		}),
		col("data", "JSON, as in docs/events.md", func(e models.Event) any {
			data, err := models.Canonical(e.Data)
			if err != nil {
				return nil // what was read from the record can be written again
			}
			return string(data)
		}),
	)
}

// run is a run of a clock with what became of it.
type run struct {
	lifecycle.Run
	sums   lifecycle.Sums
	passed map[models.Bound]time.Time // when it ran past its bounds
}

func clocksTable() Table {
	items := func(c Case) []run {
		ledgers := lifecycle.Ledgers(c.Events, c.Past, c.Cut)
		runs := make([]run, len(ledgers))
		for i, l := range ledgers {
			runs[i] = run{l.Run, l.Sums, map[models.Bound]time.Time{}}
			for _, b := range l.Breaches {
				runs[i].passed[b.Bound] = b.DueAt
			}
		}
		return runs
	}
	return of("clocks", "A run of a clock, in the order in which they started.", true, items,
		col("clock", "", func(r run) any { return string(r.Clock) }),
		col("cycle", "", func(r run) any { return r.Cycle }),
		col("started_at", "", func(r run) any { return r.StartedAt }),
		col("target_at", "empty: none shorter than the limit", func(r run) any { return r.Target }),
		col("limit_at", "empty: it is never late; as it stands after pauses and extensions", func(r run) any { return r.Limit }),
		col("ended_at", "empty: it runs", func(r run) any { return r.EndedAt }),
		col("end", "met, breached or cancelled; empty: it runs", func(r run) any { return string(r.End) }),
		col("target_passed_at", "when it ran past its target, whatever moved that since", func(r run) any { return r.passed[models.BoundTarget] }),
		col("limit_passed_at", "likewise its limit", func(r run) any { return r.passed[models.BoundLimit] }),
		derived("target_missed", "", func(r run) any { return r.TargetMissed }),
		derived("limit_missed", "", func(r run) any { return r.LimitMissed }),
		derived("gross_seconds", "on the wall, up to the end or the cut", func(r run) any { return seconds(r.sums.Gross) }),
		derived("net_seconds", "that counted", func(r run) any { return seconds(r.sums.Net) }),
		derived("paused_seconds", "", func(r run) any { return seconds(r.sums.Paused) }),
		derived("closed_seconds", "outside the hours of its calendar, days off included", func(r run) any { return seconds(r.sums.Closed + r.sums.Holiday) }),
	)
}

// payment is money given by an event.
type payment struct {
	event models.Event
	money models.Money
}

func paymentsTable() Table {
	items := func(c Case) (given []payment) {
		for _, e := range c.Events {
			if d, is := e.Data.(models.Compensated); is {
				given = append(given, payment{e, d.Money})
			}
		}
		return given
	}
	return of("payments", "Money given to a customer.", true, items,
		col("seq", "of the event", func(p payment) any { return p.event.Seq }),
		col("cycle", "", func(p payment) any { return p.event.Cycle }),
		col("at", "", func(p payment) any { return p.event.DecidedAt }),
		col("by", "", func(p payment) any { return p.event.Actor.ID }),
		col("kind", "refund, compensation, goodwill or voucher", func(p payment) any { return string(p.money.Kind) }),
		col("currency", "ISO 4217", func(p payment) any { return p.money.Currency }),
		col("minor", "in minor units, such as cents", func(p payment) any { return p.money.Minor }),
	)
}

// request is something asked for, and what became of it.
type request struct {
	asked   models.Event
	what    models.RequestKind
	decider models.Role
	settled models.Event // Seq 0: it waits, or its case ended
	result  string
}

func requestsTable() Table {
	return of("requests", "Something that one of us asked for and another decided.", true, requests,
		col("seq", "of the event that asked", func(r request) any { return r.asked.Seq }),
		col("what", "", func(r request) any { return string(r.what) }),
		col("decider", "the role that decides", func(r request) any { return string(r.decider) }),
		col("asked_at", "", func(r request) any { return r.asked.DecidedAt }),
		col("asked_by", "", func(r request) any { return r.asked.Actor.ID }),
		col("settled_at", "empty: it waits, or the case ended first", func(r request) any { return r.settled.DecidedAt }),
		col("settled_by", "", func(r request) any { return r.settled.Actor.ID }),
		col("result", "granted, refused or retracted", func(r request) any { return r.result }),
	)
}

// requests reads the requests of a case from its events.
func requests(c Case) (all []request) {
	settle := func(seq int64, e models.Event, result string) {
		for i := range all {
			if all[i].asked.Seq == seq {
				all[i].settled, all[i].result = e, result
			}
		}
	}
	for _, e := range c.Events {
		switch d := e.Data.(type) {
		case models.Requested:
			all = append(all, request{asked: e, what: d.What, decider: d.Decider})
		case models.Proposed:
			if d.NeedsApproval {
				all = append(all, request{asked: e, what: models.RequestApproveSolution, decider: models.RoleExecutive})
			}
		case models.Approved:
			settle(d.Request, e, "granted")
		case models.Rejected:
			settle(d.Request, e, "refused")
		case models.Decided:
			settle(d.Request, e, map[bool]string{true: "granted", false: "refused"}[d.Granted])
		case models.Retracted:
			settle(d.Request, e, "retracted")
		}
	}
	return all
}
