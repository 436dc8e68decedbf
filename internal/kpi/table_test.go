package kpi_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/kpi"
	"recourse/models"
)

var (
	from     = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	until    = from.AddDate(0, 1, 0)
	received = from.AddDate(0, 0, 9)
)

const us = time.Microsecond

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

func after(d time.Duration) *time.Time {
	at := received.Add(d)
	return &at
}

// running is a case that was received and nothing else, with the facts of its only cycle.
func running() kpi.Record {
	return kpi.Record{
		Case: models.Case{
			ID: "case", Number: "RC2026-0000015", State: models.StateReceived, Severity: models.SeverityImportant, Cycle: 1,
			ReceivedAt: received, RecordedAt: received,
			ResponseLimitAt: *after(hours(24)), ResponseTargetAt: after(hours(8)),
			FeedbackLimitAt: *after(hours(48)), HandlingDueAt: *after(hours(120)),
		},
		Cycles: []models.Fact{{CaseID: "case", Cycle: 1, BeganAt: received}},
	}
}

func with(change func(r *kpi.Record)) kpi.Record {
	r := running()
	change(&r)
	return r
}

func table(records ...kpi.Record) *kpi.Table {
	t := kpi.NewTable()
	t.Put(records...)
	return t
}

// asked is everything of the period, at a data cut.
func asked(cut time.Time) kpi.Query {
	return kpi.Query{From: from, Until: until, Cut: cut, Visible: models.Visible{Whole: true}}
}

func value(t *testing.T, table *kpi.Table, q kpi.Query, key string) kpi.Value {
	t.Helper()
	q.Measures = []string{key}
	s, err := table.Summary(q)
	require.NoError(t, err)
	return s.Answers[0].Value
}

// first changes the facts of the first cycle.
func first(change func(f *models.Fact)) kpi.Record {
	return with(func(r *kpi.Record) { change(&r.Cycles[0]) })
}

func TestAFigureCountsWhatItSays(t *testing.T) {
	t.Parallel()
	late := hours(24 * 15)
	row := func(change func(c *models.Case)) kpi.Record { return with(func(r *kpi.Record) { change(&r.Case) }) }
	replied := func(d time.Duration) kpi.Record { return row(func(c *models.Case) { c.FirstReplyAt = after(d) }) }
	told := func(d time.Duration) kpi.Record { return row(func(c *models.Case) { c.FirstSolutionAt = after(d) }) }
	interim := func(d time.Duration) kpi.Record {
		return first(func(f *models.Fact) {
			f.Interim = true
			f.Feedback = models.ClockFact{StartedAt: after(0), EndedAt: after(d), Limit: after(hours(48)), End: models.ClockMet, Gross: d, Net: d}
		})
	}
	resolved := func(d time.Duration) kpi.Record {
		return row(func(c *models.Case) { c.FirstResolvedAt, c.ResolvedAt = after(d), after(d) })
	}
	scored := func(result int) kpi.Record {
		return with(func(r *kpi.Record) {
			r.Case.ResolvedAt, r.Case.FirstResolvedAt, r.Case.ResultScore = after(hours(50)), after(hours(50)), result
			r.Cycles[0].OfferedAt, r.Cycles[0].AnsweredAt, r.Cycles[0].Result = after(hours(51)), after(hours(60)), result
		})
	}
	recommended := func(n int) kpi.Record {
		return first(func(f *models.Fact) { f.OfferedAt, f.AnsweredAt, f.Recommend = after(0), after(1), &n })
	}
	rework := func(end models.ClockEnd, at time.Duration) kpi.Record {
		return with(func(r *kpi.Record) {
			r.Case.Cycle, r.Case.Reworks = 2, 1
			began := after(hours(100))
			limit := began.Add(hours(48))
			r.Cycles = append(r.Cycles, models.Fact{CaseID: "case", Cycle: 2, BeganAt: *began, Feedback: models.ClockFact{
				StartedAt: began, EndedAt: after(hours(100) + at), Limit: &limit, End: end,
			}, Handling: models.ClockFact{StartedAt: began, EndedAt: after(hours(100) + at), Limit: &limit, End: end}})
		})
	}
	alert := func(change func(a *models.Alert)) kpi.Record {
		return with(func(r *kpi.Record) {
			a := models.Alert{ID: "alert", CaseID: "case", FiredAt: *after(hours(1)), AckBy: after(hours(3))}
			change(&a)
			r.Alerts = []models.Alert{a}
		})
	}
	used := func(kind models.LeverKind, bell bool) kpi.Record {
		return with(func(r *kpi.Record) {
			r.Levers = []models.Lever{{CaseID: "case", Seq: 7, Cycle: 1, Kind: kind, At: *after(hours(5)), Bell: bell}}
		})
	}
	unlike := func(s models.State) kpi.Record { return row(func(c *models.Case) { c.State, c.Ending = s, s }) }
	tests := map[string]struct {
		r    kpi.Record
		cut  time.Duration
		key  string
		want [2]int64
	}{
		"a reply at the limit is in time":                 {replied(hours(24)), late, "first_response_rate", [2]int64{1, 1}},
		"a reply a microsecond later is late":             {replied(hours(24) + us), late, "first_response_rate", [2]int64{0, 1}},
		"no reply before the limit says nothing":          {running(), hours(23), "first_response_rate", [2]int64{0, 0}},
		"no reply at the limit says nothing yet":          {running(), hours(24), "first_response_rate", [2]int64{0, 0}},
		"no reply a microsecond after the limit is late":  {running(), hours(24) + us, "first_response_rate", [2]int64{0, 1}},
		"an early reply counts before the limit":          {replied(hours(1)), hours(2), "first_response_rate", [2]int64{1, 1}},
		"a reply after the data cut has not happened yet": {replied(hours(30)), hours(20), "first_response_rate", [2]int64{0, 0}},
		"a reply at the target is in time":                {replied(hours(8)), late, "first_response_target_rate", [2]int64{1, 1}},
		"a reply after the target misses the target":      {replied(hours(8) + us), late, "first_response_target_rate", [2]int64{0, 1}},
		"without a target the limit is the target":        {row(func(c *models.Case) { c.ResponseTargetAt = nil; c.FirstReplyAt = after(hours(24)) }), late, "first_response_target_rate", [2]int64{1, 1}},
		"a solution told at 48 hours is in time":          {told(hours(48)), late, "feedback_rate", [2]int64{1, 1}},
		"a solution told after 48 hours is late":          {told(hours(48) + us), late, "feedback_rate", [2]int64{0, 1}},
		"an interim answer keeps the promise":             {interim(hours(48)), late, "feedback_rate", [2]int64{1, 1}},
		"a late interim answer does not":                  {interim(hours(48) + us), late, "feedback_rate", [2]int64{0, 1}},
		"by version 1 only a solution did":                {interim(hours(48)), late, "feedback_rate@1", [2]int64{0, 1}},
		"the interim answer is counted apart":             {interim(hours(48)), late, "feedback_interim_share", [2]int64{1, 1}},
		"a solution in time is no interim answer":         {told(hours(1)), late, "feedback_interim_share", [2]int64{0, 1}},
		"no solution yet and not due says nothing":        {running(), hours(48), "feedback_rate", [2]int64{0, 0}},
		"no solution and due is late":                     {running(), hours(48) + us, "feedback_rate", [2]int64{0, 1}},
		"a pause does not move the bound": {first(func(f *models.Fact) {
			f.Interim = true
			f.Feedback = models.ClockFact{StartedAt: after(0), EndedAt: after(hours(60)), Limit: after(hours(68)), Unpaused: after(hours(48)), End: models.ClockMet, Gross: hours(60), Net: hours(40)}
		}), late, "feedback_rate", [2]int64{0, 1}},
		"net it does": {with(func(r *kpi.Record) {
			r.Case.FirstSolutionAt, r.Case.FeedbackLimitAt = after(hours(60)), *after(hours(68))
			r.Case.FeedbackGross, r.Case.FeedbackNet = hours(60), hours(40)
		}), late, "feedback_rate_net", [2]int64{1, 1}},
		"a later cycle's feedback in time":            {rework(models.ClockMet, hours(48)), late, "feedback_rate_later", [2]int64{1, 1}},
		"a later cycle's feedback late":               {rework(models.ClockBreached, hours(49)), late, "feedback_rate_later", [2]int64{0, 1}},
		"one cancelled before its bound says nothing": {rework(models.ClockCancelled, hours(3)), late, "feedback_rate_later", [2]int64{0, 0}},
		"one cancelled after its bound was late":      {rework(models.ClockCancelled, hours(50)), late, "feedback_rate_later", [2]int64{0, 1}},
		"the first cycle is no later one":             {told(hours(1)), late, "feedback_rate_later", [2]int64{0, 0}},
		"a later cycle's handling in time":            {rework(models.ClockMet, hours(48)), late, "timely_rate_later", [2]int64{1, 1}},
		"resolved at the due is on time":              {resolved(hours(120)), late, "timely_rate", [2]int64{1, 1}},
		"resolved after the due is late":              {resolved(hours(120) + us), late, "timely_rate", [2]int64{0, 1}},
		"strict counts what still runs":               {running(), hours(1), "timely_rate", [2]int64{0, 1}},
		"due-only does not":                           {running(), hours(1), "timely_rate_due", [2]int64{0, 0}},
		"due-only counts what is due":                 {running(), hours(121), "timely_rate_due", [2]int64{0, 1}},
		"resolved-only counts what is resolved":       {resolved(hours(121)), late, "timely_rate_resolved", [2]int64{0, 1}},
		"resolved-only leaves the overdue out":        {running(), late, "timely_rate_resolved", [2]int64{0, 0}},
		"a pause of handling does not move the due": {row(func(c *models.Case) {
			c.FirstResolvedAt, c.HandlingDueAt, c.HandlingGross, c.HandlingNet = after(hours(130)), *after(hours(140)), hours(130), hours(110)
		}), late, "timely_rate", [2]int64{0, 1}},
		"net and by version 1 it does": {row(func(c *models.Case) {
			c.FirstResolvedAt, c.HandlingDueAt, c.HandlingGross, c.HandlingNet = after(hours(130)), *after(hours(140)), hours(130), hours(110)
		}), late, "timely_rate_net", [2]int64{1, 1}},
		"a pause is told as a share": {row(func(c *models.Case) {
			c.FirstResolvedAt, c.HandlingGross, c.HandlingNet = after(hours(100)), hours(100), hours(75)
		}), late, "pause_share", [2]int64{hours(25).Microseconds(), hours(100).Microseconds()}},
		"a rework does not make a first resolution late": {row(func(c *models.Case) { c.FirstResolvedAt = after(hours(100)) }), late, "timely_rate", [2]int64{1, 1}},
		"but a rework that runs is not resolved":         {row(func(c *models.Case) { c.FirstResolvedAt = after(hours(100)) }), late, "resolution_rate", [2]int64{0, 1}},
		"resolved is resolved":                           {resolved(hours(300)), late, "resolution_rate", [2]int64{1, 1}},
		"resolved after the data cut is not":             {resolved(hours(300)), hours(299), "resolution_rate", [2]int64{0, 1}},
		"a 4 is a success":                               {scored(4), late, "success_rate", [2]int64{1, 1}},
		"a 3 is none":                                    {scored(3), late, "success_rate", [2]int64{0, 1}},
		"a 5 that came after the cut is none":            {scored(5), hours(59), "success_rate", [2]int64{0, 1}},
		"no answer is not satisfied":                     {resolved(hours(1)), late, "success_rate", [2]int64{0, 1}},
		"a 5 for the cycle before counts by version 1":   {with(func(r *kpi.Record) { *r = scored(5); r.Case.Cycle = 2 }), late, "success_rate@1", [2]int64{1, 1}},
		"but not any more":                               {with(func(r *kpi.Record) { *r = scored(5); r.Case.Cycle = 2 }), late, "success_rate", [2]int64{0, 1}},
		"who was asked and answered":                     {scored(1), late, "answer_rate", [2]int64{1, 1}},
		"who was asked and did not":                      {first(func(f *models.Fact) { f.OfferedAt = after(0) }), late, "answer_rate", [2]int64{0, 1}},
		"who was not asked":                              {running(), late, "answer_rate", [2]int64{0, 0}},
		"csat counts answers":                            {scored(4), late, "csat", [2]int64{1, 1}},
		"csat leaves silence out":                        {resolved(hours(1)), late, "csat", [2]int64{0, 0}},
		"csat counted cases once":                        {scored(4), late, "csat@1", [2]int64{1, 1}},
		"a 5 weighs eight tenths":                        {scored(5), late, "csat_weighted", [2]int64{8, 8}},
		"a 1 weighs eight tenths":                        {scored(1), late, "csat_weighted", [2]int64{0, 8}},
		"a 4 weighs ten tenths":                          {scored(4), late, "csat_weighted", [2]int64{10, 10}},
		"a 9 is a promoter":                              {recommended(9), late, "nps", [2]int64{1, 1}},
		"an 8 is passive":                                {recommended(8), late, "nps", [2]int64{0, 1}},
		"a 6 is a detractor":                             {recommended(6), late, "nps", [2]int64{-1, 1}},
		"a 0 is a detractor, not silence":                {recommended(0), late, "nps", [2]int64{-1, 1}},
		"the process has a score of its own":             {first(func(f *models.Fact) { f.AnsweredAt, f.Process = after(1), 4 }), late, "process_csat", [2]int64{1, 1}},
		"so has the speed":                               {first(func(f *models.Fact) { f.AnsweredAt, f.Speed = after(1), 3 }), late, "speed_csat", [2]int64{0, 1}},
		"and the attitude":                               {first(func(f *models.Fact) { f.AnsweredAt, f.Attitude = after(1), 5 }), late, "attitude_csat", [2]int64{1, 1}},
		"accepted of dispatched":                         {row(func(c *models.Case) { c.FirstDispatchedAt, c.FirstAcceptedAt = after(1), after(2) }), late, "acceptance_rate", [2]int64{1, 1}},
		"dispatched and not accepted":                    {row(func(c *models.Case) { c.FirstDispatchedAt = after(1) }), late, "acceptance_rate", [2]int64{0, 1}},
		"never dispatched":                               {running(), late, "acceptance_rate", [2]int64{0, 0}},
		"completed of accepted":                          {row(func(c *models.Case) { c.FirstAcceptedAt, c.ResolvedAt = after(1), after(2) }), late, "completion_rate", [2]int64{1, 1}},
		"not accepted, not completed":                    {resolved(1), late, "completion_rate", [2]int64{0, 0}},
		"answered late is answered":                      {replied(hours(200)), late, "response_rate", [2]int64{1, 1}},
		"returned":                                       {row(func(c *models.Case) { c.Returns = 2 }), late, "return_rate", [2]int64{1, 1}},
		"transferred":                                    {row(func(c *models.Case) { c.Transfers = 3 }), late, "transfer_rate", [2]int64{1, 1}},
		"reworked":                                       {row(func(c *models.Case) { c.Reworks = 1 }), late, "rework_rate", [2]int64{1, 1}},
		"escalated":                                      {row(func(c *models.Case) { c.Escalated = true }), late, "escalation_rate", [2]int64{1, 1}},
		"urged":                                          {row(func(c *models.Case) { c.Urges = 1 }), late, "urge_rate", [2]int64{1, 1}},
		"withdrawn":                                      {unlike(models.StateWithdrawn), late, "withdrawn_rate", [2]int64{1, 1}},
		"withdrawn leaves the rates of quality":          {unlike(models.StateWithdrawn), late, "first_response_rate", [2]int64{0, 0}},
		"archived, it does so still":                     {row(func(c *models.Case) { c.State, c.Ending = models.StateArchived, models.StateWithdrawn }), late, "first_response_rate", [2]int64{0, 0}},
		"not accepted":                                   {unlike(models.StateNotAccepted), late, "not_accepted_rate", [2]int64{1, 1}},
		"a refused case can still deviate":               {with(func(r *kpi.Record) { r.Case.State, r.Case.Breached = models.StateNotAccepted, true }), late, "deviation_rate", [2]int64{1, 1}},
		"merged":                                         {unlike(models.StateMerged), late, "merge_rate", [2]int64{1, 1}},
		"merged is not received":                         {unlike(models.StateMerged), late, "urge_rate", [2]int64{0, 0}},
		"a mystery shopper's is nobody's":                {row(func(c *models.Case) { c.MysteryShopper = true }), late, "merge_rate", [2]int64{0, 0}},
		"an interim answer, by rate":                     {interim(hours(1)), late, "interim_rate", [2]int64{1, 1}},
		"still open":                                     {running(), late, "open_rate", [2]int64{1, 1}},
		"closed is not open":                             {row(func(c *models.Case) { c.State, c.ClosedAt = models.StateClosed, after(1) }), late, "open_rate", [2]int64{0, 1}},
		"but it was before":                              {row(func(c *models.Case) { c.State, c.ClosedAt = models.StateClosed, after(hours(9)) }), hours(8), "open_rate", [2]int64{1, 1}},
		"a step is missing":                              {first(func(f *models.Fact) { f.Missing = models.StepMinutes }), late, "deviation_rate", [2]int64{1, 1}},
		"no step is missing":                             {running(), late, "deviation_rate", [2]int64{0, 1}},
		"late anywhere":                                  {first(func(f *models.Fact) { f.Late = true }), late, "deviation_late", [2]int64{1, 1}},
		"no contact":                                     {first(func(f *models.Fact) { f.Missing = models.StepContact }), late, "deviation_contact", [2]int64{1, 1}},
		"no minutes":                                     {first(func(f *models.Fact) { f.Missing = models.StepMinutes }), late, "deviation_minutes", [2]int64{1, 1}},
		"no progress":                                    {first(func(f *models.Fact) { f.Missing = models.StepProgress }), late, "deviation_progress", [2]int64{1, 1}},
		"no whole result":                                {first(func(f *models.Fact) { f.Missing = models.StepResult }), late, "deviation_result", [2]int64{1, 1}},
		"no callback":                                    {first(func(f *models.Fact) { f.Missing = models.StepCallback }), late, "deviation_callback", [2]int64{1, 1}},
		"acknowledged in time":                           {alert(func(a *models.Alert) { a.AcknowledgedAt = after(hours(3)) }), late, "acknowledge_rate", [2]int64{1, 1}},
		"acknowledged late":                              {alert(func(a *models.Alert) { a.AcknowledgedAt = after(hours(3) + us) }), late, "acknowledge_rate", [2]int64{0, 1}},
		"not acknowledged yet":                           {alert(func(*models.Alert) {}), hours(3), "acknowledge_rate", [2]int64{0, 0}},
		"never acknowledged":                             {alert(func(*models.Alert) {}), late, "acknowledge_rate", [2]int64{0, 1}},
		"ended before anybody had to":                    {alert(func(a *models.Alert) { a.EndedAt = after(hours(2)) }), late, "acknowledge_rate", [2]int64{0, 0}},
		"superseded":                                     {alert(func(a *models.Alert) { a.Superseded = true }), late, "acknowledge_rate", [2]int64{0, 0}},
		"nobody has to acknowledge it":                   {alert(func(a *models.Alert) { a.AckBy = nil }), late, "acknowledge_rate", [2]int64{0, 0}},
		"a lever used":                                   {used(models.LeverPause, false), late, "lever_pause", [2]int64{1, 1}},
		"a lever not used yet":                           {used(models.LeverPause, false), hours(4), "lever_pause", [2]int64{0, 1}},
		"another lever":                                  {used(models.LeverPause, false), late, "lever_merge", [2]int64{0, 1}},
		"a lever at the bell":                            {used(models.LeverInterim, true), late, "lever_interim_bell", [2]int64{1, 1}},
		"a lever before the bell":                        {used(models.LeverInterim, false), late, "lever_interim_bell", [2]int64{0, 1}},
		"another lever at the bell":                      {used(models.LeverInterim, true), late, "lever_pause_bell", [2]int64{0, 0}},
		"resolved in the period":                         {resolved(1), late, "flow_ratio", [2]int64{1, 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := value(t, table(test.r), asked(received.Add(test.cut)), test.key)
			require.Equal(t, test.want, [2]int64{v.Numerator, v.Denominator})
		})
	}
}
