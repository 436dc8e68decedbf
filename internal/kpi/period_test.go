package kpi_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/kpi"
	"recourse/models"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

func TestBucketsLieAsTheZoneSays(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	at := func(month time.Month, day int, z *time.Location) time.Time {
		return time.Date(2025, month, day, 0, 0, 0, 0, z)
	}
	lengths := func(from, until time.Time, z *time.Location, step kpi.Step) (labels []string, hours []float64) {
		buckets, err := kpi.Buckets(from, until, z, step)
		require.NoError(t, err)
		for i, b := range buckets {
			labels, hours = append(labels, b.Label), append(hours, b.Until.Sub(b.From).Hours())
			if i > 0 {
				require.Equal(t, buckets[i-1].Until, b.From, "no gap, no overlap")
			}
		}
		require.Equal(t, from.UTC(), buckets[0].From)
		require.Equal(t, until.UTC(), buckets[len(buckets)-1].Until)
		return labels, hours
	}
	labels, hours := lengths(at(3, 29, berlin), at(4, 1, berlin), berlin, kpi.StepDay)
	require.Equal(t, []string{"2025-03-29", "2025-03-30", "2025-03-31"}, labels)
	require.Equal(t, []float64{24, 23, 24}, hours)
	_, hours = lengths(at(10, 25, berlin), at(10, 28, berlin), berlin, kpi.StepDay)
	require.Equal(t, []float64{24, 25, 24}, hours)
	labels, hours = lengths(at(1, 1, time.UTC), at(1, 14, time.UTC), time.UTC, kpi.StepWeek)
	require.Equal(t, []string{"2025-W01", "2025-W02", "2025-W03"}, labels, "the first begins in 2024 and is cut off")
	require.Equal(t, []float64{5 * 24, 7 * 24, 24}, hours)
	labels, _ = lengths(at(12, 1, time.UTC), time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), time.UTC, kpi.StepWeek)
	require.Equal(t, "2026-W01", labels[4], "29 December 2025 is of the first week of 2026")
	labels, _ = lengths(at(2, 15, time.UTC), at(7, 1, time.UTC), time.UTC, kpi.StepQuarter)
	require.Equal(t, []string{"2025-Q1", "2025-Q2"}, labels)
	labels, _ = lengths(at(11, 1, time.UTC), time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), time.UTC, kpi.StepMonth)
	require.Equal(t, []string{"2025-11", "2025-12", "2026-01"}, labels)
}

// Clocks in São Paulo went from 24:00 to 01:00 on 4 November 2018: no 00:00 that day. In Havana they went from
// 01:00 back to 00:00 on that day, and so they did in Amman on 29 October 2021: two of them.
func TestADayBeginsEvenWhenClocksAreTurnedAtMidnight(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		begins string
		hours  float64
	}{
		"America/Sao_Paulo": {"2018-11-04T03:00:00Z", 23},
		"America/Havana":    {"2018-11-04T04:00:00Z", 25},
		"Asia/Amman":        {"2021-10-28T21:00:00Z", 25},
	} {
		z := zone(t, name)
		begins, err := time.Parse(time.RFC3339, want.begins)
		require.NoError(t, err)
		buckets, err := kpi.Buckets(begins.Add(-9*time.Hour), begins.Add(70*time.Hour), z, kpi.StepDay)
		require.NoError(t, err)
		require.Equal(t, want.begins, buckets[1].From.Format(time.RFC3339), name)
		require.InDelta(t, want.hours, buckets[1].Until.Sub(buckets[1].From).Hours(), 0, name)
	}
}

func TestThePeriodBeforeIsOfTheSameKind(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	day := func(month time.Month, day int) time.Time {
		return time.Date(2025, month, day, 0, 0, 0, 0, berlin).UTC()
	}
	for name, p := range map[string]struct{ from, until, before time.Time }{
		"a month":          {day(3, 1), day(4, 1), day(2, 1)},
		"a quarter":        {day(4, 1), day(7, 1), day(1, 1)},
		"a week of change": {day(3, 24), day(3, 31), day(3, 17)},
		"some hours":       {day(3, 1).Add(time.Hour), day(3, 1).Add(3 * time.Hour), day(3, 1).Add(-time.Hour)},
	} {
		from, until := kpi.Previous(p.from, p.until, berlin)
		require.Equal(t, p.before, from, name)
		require.Equal(t, p.from, until, name)
	}
}

func TestWhatDoesNotExistIsRefusedByItsName(t *testing.T) {
	t.Parallel()
	table := table(running())
	q := asked(until)
	tests := map[string]struct {
		field, names string
		ask          func() error
	}{
		"a measure": {"/kpi", `"speed"`, func() error { q := q; q.Measures = []string{"speed"}; _, err := table.Summary(q); return err }},
		"a version": {"/kpi", `"csat@9"`, func() error {
			q := q
			q.Measures = []string{"csat@9"}
			_, err := table.Trend(q, kpi.StepDay)
			return err
		}},
		"a step": {"/step", "day, week, month, quarter", func() error { _, err := table.Trend(q, "fortnight"); return err }},
		"too many days": {"/step", "4000", func() error {
			q := q
			q.From = q.From.AddDate(-20, 0, 0)
			_, err := table.Trend(q, kpi.StepDay)
			return err
		}},
		"a dimension":  {"/by", "department, person", func() error { _, err := table.Breakdown(q, "colour"); return err }},
		"no dimension": {"/by", "", func() error { _, err := table.Breakdown(q); return err }},
		"one twice":    {"/by", "", func() error { _, err := table.Breakdown(q, kpi.ByCause, kpi.ByCause); return err }},
		"a filter": {"/filters/colour", "department", func() error {
			q := q
			q.Filters = map[kpi.Dimension][]string{"colour": {"red"}}
			_, err := table.Summary(q)
			return err
		}},
		"an hour of no day": {"/filters/hour", "22, 23", func() error {
			q := q
			q.Filters = map[kpi.Dimension][]string{kpi.ByHour: {"99"}}
			_, err := table.Summary(q)
			return err
		}},
		"a weekday": {"/filters/weekday", "there are: 1, 2, 3, 4, 5, 6, 7", func() error {
			q := q
			q.Filters = map[kpi.Dimension][]string{kpi.ByWeekday: {"0"}}
			_, err := table.Summary(q)
			return err
		}},
		"one to correlate":       {"/x", "csat", func() error { _, err := table.Correlation(q, "luck", "csat"); return err }},
		"another to correlate":   {"/y", "resolution_time", func() error { _, err := table.Correlation(q, "csat", "luck"); return err }},
		"one of no single case":  {"/y", "flow_ratio says nothing of single cases", func() error { _, err := table.Correlation(q, "csat", "flow_ratio"); return err }},
		"one of no distribution": {"/kpi", "flow_ratio says nothing of single cases", func() error { _, err := table.Distribution(q, "flow_ratio"); return err }},
		"a share":                {"/kpi", "timely_rate is a share", func() error { _, err := table.Distribution(q, "timely_rate"); return err }},
		"money":                  {"/kpi", "compensation_cost is money", func() error { _, err := table.Distribution(q, "compensation_cost"); return err }},
		"a filter within": {"/filters/state", "", func() error {
			q := q
			q.Filters = map[kpi.Dimension][]string{"state": {"received"}}
			_, err := table.Summary(q)
			return err
		}},
		"a severity": {"/filters/severity", "general, important, urgent", func() error {
			q := q
			q.Filters = map[kpi.Dimension][]string{kpi.BySeverity: {"awful"}}
			_, err := table.Summary(q)
			return err
		}},
		"an hour": {"/filters/hour", `"noon"`, func() error {
			q := q
			q.Filters = map[kpi.Dimension][]string{kpi.ByHour: {"noon"}}
			_, err := table.Summary(q)
			return err
		}},
		"a period":   {"/from", "ends before", func() error { q := q; q.Until = q.From; _, err := table.Summary(q); return err }},
		"a part":     {"/part", "numerator", func() error { _, err := table.Cases(q, kpi.List{Measure: "csat", Part: "some"}); return err }},
		"a limit":    {"/limit", "200", func() error { _, err := table.Cases(q, kpi.List{Measure: "csat", Limit: 201}); return err }},
		"a cursor":   {"/cursor", "", func() error { _, err := table.Cases(q, kpi.List{Measure: "csat", Cursor: "x"}); return err }},
		"no measure": {"/kpi", "csat", func() error { _, err := table.Cases(q, kpi.List{}); return err }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := test.ask()
			require.Equal(t, models.CodeInvalid, models.CodeOf(err))
			var refused *models.Error
			require.ErrorAs(t, err, &refused)
			require.Equal(t, test.field, refused.Field)
			require.Contains(t, err.Error(), test.names)
		})
	}
	q.Filters = map[kpi.Dimension][]string{kpi.ByDepartment: {"founded yesterday"}}
	require.Zero(t, summary(t, table, q).Received, "a department that has no case yet is no mistake")
}

func TestAPeriodInWhichNothingHappenedIsZeros(t *testing.T) {
	t.Parallel()
	table := kpi.NewTable()
	q := asked(until)
	q.Measures = every()
	for _, a := range summary(t, table, q).Answers {
		require.Equal(t, []int64{0, 0, 0, 0, 0}, parts(a.Value), a.Key)
		require.Nil(t, a.Value.Stats, a.Key)
		require.Nil(t, a.Value.Interval, a.Key)
		if a.Unit != kpi.UnitCount {
			require.Nil(t, a.Value.Value, a.Key)
		}
	}
	trend, err := table.Trend(q, kpi.StepDay)
	require.NoError(t, err)
	require.Len(t, trend.Series[0].Values, 30)
	b, err := table.Breakdown(q, kpi.ByCause)
	require.NoError(t, err)
	require.Empty(t, b.Rows)
	require.Len(t, b.Total, len(every()))
	backlog, err := table.Backlog(q, kpi.StepMonth)
	require.NoError(t, err)
	require.Equal(t, []kpi.BacklogPoint{{}}, backlog.Points)
	p, err := table.Pareto(q, "received", kpi.ByCause)
	require.NoError(t, err)
	require.Empty(t, p.Rows)
	page, err := table.Cases(q, kpi.List{Measure: "csat"})
	require.NoError(t, err)
	require.Empty(t, page.Items)
}

func TestMatchingNamesAllCasesWhateverFiguresCount(t *testing.T) {
	t.Parallel()
	other := func(id string, change func(c *models.Case)) kpi.Record {
		return with(func(r *kpi.Record) { r.Case.ID = id; change(&r.Case) })
	}
	table := table(
		running(), other("merged", func(c *models.Case) { c.State = models.StateMerged }),
		other("mystery", func(c *models.Case) { c.MysteryShopper = true; c.ReceivedAt = received.Add(-us) }),
		other("elsewhere", func(c *models.Case) { c.ReceivedAt = until }),
		other("0190a5a0-1111-7000-8000-0000000000ff", func(c *models.Case) { c.Severity = models.SeverityUrgent }),
	)
	ids, err := table.Matching(asked(until))
	require.NoError(t, err)
	require.Len(t, ids, 4)
	require.Equal(t, "mystery", ids[0])
	q := asked(until)
	q.Filters = map[kpi.Dimension][]string{kpi.BySeverity: {"urgent"}}
	ids, err = table.Matching(q)
	require.NoError(t, err)
	require.Equal(t, []string{"0190a5a0-1111-7000-8000-0000000000ff"}, ids)
}

func TestRealOnesAreMatchedWithoutSamples(t *testing.T) {
	t.Parallel()
	sample := with(func(r *kpi.Record) { r.Case.ID, r.Case.Sample = "sample", true })
	alone, err := table(sample).MatchingReal(asked(until))
	require.NoError(t, err)
	require.Equal(t, []string{"sample"}, alone, "no real case is on record")
	beside := table(sample, running())
	all, err := beside.Matching(asked(until))
	require.NoError(t, err)
	require.Len(t, all, 2)
	real, err := beside.MatchingReal(asked(until))
	require.NoError(t, err)
	require.Len(t, real, 1)
	require.NotContains(t, real, "sample")
}

func TestAnItemOfAListSaysWhatItIs(t *testing.T) {
	t.Parallel()
	rec := with(func(r *kpi.Record) {
		r.Case.CustomerID, r.Case.Number = "somebody", "RC2026-0000015"
		r.Case.FirstResolvedAt = after(hours(7))
		r.Levers = []models.Lever{{Seq: 4, Cycle: 1, Kind: models.LeverMerge, At: received}}
		r.Alerts = []models.Alert{{ID: "an alert", FiredAt: received, AckBy: after(hours(1)), AcknowledgedAt: after(hours(2))}}
	})
	odd := with(func(r *kpi.Record) { r.Case.ID, r.Case.Number = "odd", "no number of ours" })
	one := func(measure string) kpi.Item {
		page, err := table(rec, odd).Cases(asked(until), kpi.List{Measure: measure, Limit: 1})
		require.NoError(t, err)
		return page.Items[0]
	}
	seven := 7.0 * 3600
	require.Equal(t, kpi.Item{CaseID: "case", Number: "RC2026-0000015", Cycle: 1, Kind: kpi.ItemCases, ReceivedAt: received, Counts: true, Hit: true, Value: &seven}, one("resolution_time"))
	require.Equal(t, "4/merge", one("lever_merge_bell").Ref)
	require.Equal(t, "an alert", one("acknowledge_rate").Ref)
	require.Equal(t, "somebody", one("repeat_complaint_rate").Ref)
	page, err := table(rec, odd).Cases(asked(received), kpi.List{Measure: "first_response_rate", Part: kpi.PartAll})
	require.NoError(t, err)
	require.Equal(t, int64(2), page.Total, "those too that say nothing yet")
	require.False(t, page.Items[0].Counts)
	require.ElementsMatch(t, []string{"RC2026-0000015", "no number of ours"}, []string{page.Items[0].Number, page.Items[1].Number})
}

func TestManyMayAskWhileOneWrites(t *testing.T) {
	t.Parallel()
	c, table := company(300)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 20 {
				s, err := table.Summary(whole(c, "received", "recurrence_rate"))
				if err != nil || s.Received < 200 {
					t.Error(err, s.Received)
				}
			}
		})
	}
	for i := range 200 {
		table.Put(c.Record(i % 300))
		if i%10 == 0 {
			table.SetVolumes(c.Volumes())
			table.SetCustomers(nil)
		}
	}
	group.Wait()
}
