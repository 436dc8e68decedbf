package extract

import (
	"time"

	"recourse/models"
)

func casesTable() Table {
	is := func(name, says string, of func(models.Case) bool) column[Case] {
		return col(name, says, func(c Case) any { return of(c.Case) })
	}
	word := func(name, says string, of func(models.Case) string) column[Case] {
		return col(name, says, func(c Case) any { return of(c.Case) })
	}
	when := func(name, says string, of func(models.Case) *time.Time) column[Case] {
		return col(name, says, func(c Case) any { return at(of(c.Case)) })
	}
	count := func(name, says string, of func(models.Case) int) column[Case] {
		return col(name, says, func(c Case) any { return of(c.Case) })
	}
	took := func(name, says string, of func(models.Case) time.Duration) column[Case] {
		return derived(name, says, func(c Case) any { return seconds(of(c.Case)) })
	}
	return of("cases", "A case as it stands.", false, func(c Case) []Case { return []Case{c} },
		word("state", "where it stands", func(c models.Case) string { return string(c.State) }),
		word("ending", "how it ended, also when it is archived; empty: it is open", func(c models.Case) string { return string(c.Ending) }),
		word("severity", "now", func(c models.Case) string { return string(c.Severity) }),
		word("nature", "", func(c models.Case) string { return string(c.Nature) }),
		word("attribution", "", func(c models.Case) string { return string(c.Attribution) }),
		word("cause", "", func(c models.Case) string { return string(c.Cause) }),
		word("outcome", "", func(c models.Case) string { return string(c.Outcome) }),
		word("channel", "by which it came", func(c models.Case) string { return string(c.Channel) }),
		word("category", "", func(c models.Case) string { return c.Category }),
		word("product", "", func(c models.Case) string { return c.Product }),
		word("model", "", func(c models.Case) string { return c.Model }),
		word("region", "", func(c models.Case) string { return c.Region }),
		word("language", "of the customer", func(c models.Case) string { return string(c.Language) }),
		word("department", "whose it is, or was last", func(c models.Case) string { return c.Department }),
		word("supervising", "department", func(c models.Case) string { return c.Supervising }),
		word("assignee", "who is responsible, or was last", func(c models.Case) string { return c.Assignee }),
		col("customer", "opaque; empty: anonymous", func(c Case) any { return c.Customer }),
		is("anonymous", "", func(c models.Case) bool { return c.Anonymous }),
		is("confidential", "", func(c models.Case) bool { return c.Confidential }),
		is("mystery_shopper", "", func(c models.Case) bool { return c.MysteryShopper }),
		is("adopted", "it came with the history of another system", func(c models.Case) bool { return c.Source != "" }),
		word("source", "that system, as the mapping called it", func(c models.Case) string { return c.Source }),
		word("reference", "its number there", func(c models.Case) string { return c.Reference }),
		is("sample", "", func(c models.Case) bool { return c.Sample }),
		word("policy", "version of the policy that it runs under", func(c models.Case) string { return c.Policy }),
		word("close_reason", "", func(c models.Case) string { return string(c.CloseReason) }),
		word("merged_into", "id of the case that goes on for it", func(c models.Case) string { return c.MergedInto }),
		count("cycle", "the one it is in: 1, and one more for each rework", func(c models.Case) int { return c.Cycle }),
		count("reworks", "a reopening counts as one", func(c models.Case) int { return c.Reworks }),
		count("returns", "work orders sent back", func(c models.Case) int { return c.Returns }),
		count("transfers", "to another department", func(c models.Case) int { return c.Transfers }),
		count("urges", "how often somebody pressed for it", func(c models.Case) int { return c.Urges }),
		is("problem", "a problem case", func(c models.Case) bool { return c.Problem }),
		col("received_at", "", func(c Case) any { return c.Case.ReceivedAt }),
		col("recorded_at", "", func(c Case) any { return c.Case.RecordedAt }),
		when("first_reply_at", "", func(c models.Case) *time.Time { return c.FirstReplyAt }),
		when("first_dispatched_at", "", func(c models.Case) *time.Time { return c.FirstDispatchedAt }),
		when("first_accepted_at", "", func(c models.Case) *time.Time { return c.FirstAcceptedAt }),
		when("first_solution_at", "the solution was told", func(c models.Case) *time.Time { return c.FirstSolutionAt }),
		when("first_resolved_at", "", func(c models.Case) *time.Time { return c.FirstResolvedAt }),
		when("resolved_at", "of the last cycle; empty while it runs", func(c models.Case) *time.Time { return c.ResolvedAt }),
		when("result_told_at", "of the last cycle", func(c models.Case) *time.Time { return c.ResultToldAt }),
		when("closed_at", "", func(c models.Case) *time.Time { return c.ClosedAt }),
		when("archived_at", "", func(c models.Case) *time.Time { return c.ArchivedAt }),
		col("updated_at", "of the last event", func(c Case) any { return c.Case.UpdatedAt }),
		col("response_limit_at", "the promise of 24 hours", func(c Case) any { return c.Case.ResponseLimitAt }),
		when("response_target_at", "the severity's shorter one", func(c models.Case) *time.Time { return c.ResponseTargetAt }),
		col("feedback_limit_at", "the promise of 48 hours, of cycle 1", func(c Case) any { return c.Case.FeedbackLimitAt }),
		col("handling_due_at", "of cycle 1", func(c Case) any { return c.Case.HandlingDueAt }),
		took("response_seconds", "what the first reply took", func(c models.Case) time.Duration { return c.ResponseGross }),
		took("response_net_seconds", "without pauses", func(c models.Case) time.Duration { return c.ResponseNet }),
		took("feedback_seconds", "what the solution, or an interim answer, took", func(c models.Case) time.Duration { return c.FeedbackGross }),
		took("feedback_net_seconds", "without pauses", func(c models.Case) time.Duration { return c.FeedbackNet }),
		took("handling_seconds", "what the first resolution took", func(c models.Case) time.Duration { return c.HandlingGross }),
		took("handling_net_seconds", "without pauses", func(c models.Case) time.Duration { return c.HandlingNet }),
		took("total_seconds", "what the last resolution took", func(c models.Case) time.Duration { return c.TotalGross }),
		took("paused_seconds", "in all cycles", func(c models.Case) time.Duration { return c.PausedFor }),
		derived("breached", "any clock ever ran past a bound", func(c Case) any { return c.Case.Breached }),
		derived("escalated", "any alert ever went out", func(c Case) any { return c.Case.Escalated }),
	)
}
