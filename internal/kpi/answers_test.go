package kpi_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/kpi"
	"recourse/models"
)

// lasting are cases that took so many hours to be resolved.
func lasting(took ...int) *kpi.Table {
	t := kpi.NewTable()
	for i, n := range took {
		t.Put(with(func(r *kpi.Record) {
			r.Case.ID = string(rune('a' + i))
			r.Case.FirstResolvedAt, r.Case.ResolvedAt = after(hours(n)), after(hours(n))
		}))
	}
	return t
}

func TestADurationIsToldByItsMeanAndItsQuantiles(t *testing.T) {
	t.Parallel()
	v := value(t, lasting(1, 2, 3, 4, 100, 10), asked(until), "resolution_time")
	require.Equal(t, int64(6), v.N)
	require.InDelta(t, 20*3600, *v.Value, 0)
	require.InDelta(t, 3.5*3600, v.Stats.Median, 0, "the mean of the two in the middle")
	require.InDelta(t, 100*3600, v.Stats.P90, 0, "the sixth of six: 5.4 is rounded up")
	require.InDelta(t, 3600, v.Stats.Min, 0)
	require.InDelta(t, 100*3600, v.Stats.Max, 0)
	require.InDelta(t, 39.3192*3600, v.Stats.SD, 1, "of a sample")
	require.InDelta(t, 120*3600, v.Stats.Sum, 0)

	odd := value(t, lasting(5, 1, 9), asked(until), "resolution_time")
	require.InDelta(t, 5*3600, odd.Stats.Median, 0)
	one := value(t, lasting(7), asked(until), "resolution_time")
	require.Zero(t, one.Stats.SD)
	none := value(t, lasting(), asked(until), "resolution_time")
	require.Equal(t, kpi.Value{}, none)
}

func TestNetLeavesPausesOut(t *testing.T) {
	t.Parallel()
	table := table(with(func(r *kpi.Record) {
		c := &r.Case
		c.FirstReplyAt, c.FirstSolutionAt, c.FirstResolvedAt, c.ResolvedAt, c.ClosedAt = after(hours(1)), after(hours(20)), after(hours(50)), after(hours(70)), after(hours(80))
		c.FeedbackGross, c.FeedbackNet, c.HandlingGross, c.HandlingNet, c.PausedFor = hours(20), hours(15), hours(50), hours(40), hours(12)
	}))
	for key, want := range map[string]int{
		"time_to_first_response": 1, "time_to_first_response_net": 1, "time_to_solution": 20, "time_to_solution_net": 15,
		"resolution_time": 50, "resolution_time_net": 40, "closing_time": 80, "closing_time_net": 68, "total_time": 70, "total_time_net": 58,
	} {
		require.InDelta(t, want*3600, *value(t, table, asked(until), key).Value, 0, key)
		require.Nil(t, value(t, table, asked(received), key).Value, key)
	}
}

func TestADistributionHasItsBinsWhateverTheData(t *testing.T) {
	t.Parallel()
	d, err := lasting(1, 1, 3, 23, 24, 9000).Distribution(asked(until.AddDate(3, 0, 0)), "resolution_time")
	require.NoError(t, err)
	require.Equal(t, int64(6), d.N)
	counts := map[float64]int64{}
	for _, b := range d.Bins {
		counts[b.From/3600] = b.N
	}
	require.Len(t, d.Bins, 20)
	require.Equal(t, int64(2), counts[1])
	require.Equal(t, int64(1), counts[2])
	require.Equal(t, int64(1), counts[12])
	require.Equal(t, int64(1), counts[24], "at the edge it is in the next")
	require.Equal(t, int64(1), counts[8760])
	require.Nil(t, d.Bins[19].Until)
	require.Equal(t, kpi.Percentile{Percent: 25, Value: 3600}, d.Percentiles[1], "the second of six")
	require.InDelta(t, 13*3600, d.Percentiles[2].Value, 0)

	empty, err := kpi.NewTable().Distribution(asked(until), "resolution_time")
	require.NoError(t, err)
	require.Empty(t, empty.Percentiles)
	require.Nil(t, empty.Stats)
	require.Len(t, empty.Bins, 20)
	_, err = kpi.NewTable().Distribution(asked(until), "timely_rate")
	require.Equal(t, models.CodeInvalid, models.CodeOf(err))
}

func TestDepartmentTimeCountsStaysThatAreOver(t *testing.T) {
	t.Parallel()
	held := func(part int, department, person string, from, until int, net int) kpi.Held {
		h := kpi.Held{Ownership: models.Ownership{Part: part, Cycle: 1, Department: department, Person: person, From: *after(hours(from))}, Net: hours(net)}
		if until > 0 {
			h.Until = after(hours(until))
		}
		return h
	}
	table := table(with(func(r *kpi.Record) {
		r.Owned = []kpi.Held{
			held(3, "A", "p", 3, 5, 2), held(1, "", "", 0, 1, 1), held(2, "A", "", 1, 3, 1), held(4, "B", "q", 5, 9, 4), held(5, "A", "p", 9, 0, 0),
		}
	}))
	b, err := table.Breakdown(kpi.Query{From: from, Until: until, Cut: until, Visible: models.Visible{Whole: true}, Measures: []string{"department_time", "department_time_gross"}}, kpi.ByDepartment)
	require.NoError(t, err)
	got := map[string][3]float64{}
	for _, row := range b.Rows {
		if row.Values[0].N > 0 {
			got[row.Keys[0]] = [3]float64{float64(row.Values[0].N), *row.Values[0].Value / 3600, *row.Values[1].Value / 3600}
		}
	}
	require.Equal(t, map[string][3]float64{"": {1, 1, 1}, "A": {1, 3, 4}, "B": {1, 4, 4}}, got)
	require.InDelta(t, 2, *value(t, table, asked(until), "hand_overs").Value, 0, "from A to B and back; the first dispatch is none")
}

func TestAStayEndsWithTheCaseAndBeginsAnewWhenItComesBack(t *testing.T) {
	t.Parallel()
	held := func(part, from, until int) kpi.Held {
		return kpi.Held{Ownership: models.Ownership{Part: part, Department: "A", From: *after(hours(from)), Until: after(hours(until))}, Net: hours(until - from)}
	}
	v := value(t, table(with(func(r *kpi.Record) { r.Owned = []kpi.Held{held(1, 0, 2), held(2, 10, 13)} })), asked(until), "department_time_gross")
	require.Equal(t, int64(2), v.N)
	require.InDelta(t, 5*3600, v.Stats.Sum, 0, "what lay between was nobody's")
}

func TestALeverUsedAfterAllElseWasDoneIsOfItsOwnTime(t *testing.T) {
	t.Parallel()
	done := with(func(r *kpi.Record) {
		c := &r.Case
		c.State, c.FirstReplyAt, c.FirstSolutionAt, c.FirstResolvedAt, c.ClosedAt = models.StateClosed, after(1), after(1), after(1), after(1)
		r.Levers = []models.Lever{{Seq: 9, Kind: models.LeverHandClose, At: *after(hours(5))}}
	})
	require.Equal(t, int64(0), value(t, table(done), asked(*after(hours(4))), "lever_hand_close").Hits)
	require.Equal(t, int64(1), value(t, table(done), asked(*after(hours(5))), "lever_hand_close").Hits)
}

func TestMoneyIsToldByCurrency(t *testing.T) {
	t.Parallel()
	paid := func(id, currency string, minor int64) kpi.Record {
		return with(func(r *kpi.Record) { r.Case.ID, r.Case.GivenCurrency, r.Case.GivenMinor = id, currency, minor })
	}
	v := value(t, table(paid("a", "CNY", 500), paid("b", "CNY", 700), paid("c", "EUR", 9), paid("d", "", 0)), asked(until), "compensation_cost")
	require.Equal(t, int64(3), v.N)
	require.Equal(t, []kpi.Money{{Currency: "CNY", Cases: 2, Minor: 1200}, {Currency: "EUR", Cases: 1, Minor: 9}}, v.Money)
	require.Nil(t, v.Value, "currencies are never added up")
}

func TestComplaintsAreSetAgainstVolumes(t *testing.T) {
	t.Parallel()
	of := func(id, product string, at time.Time) kpi.Record {
		return with(func(r *kpi.Record) { r.Case.ID, r.Case.Product, r.Case.ReceivedAt = id, product, at })
	}
	half := from.AddDate(0, 0, 14)
	table := table(of("a", "kettle", from), of("b", "kettle", half), of("c", "fan", from), of("d", "", from))
	volume := func(product string, from, until time.Time, n int64) models.Volume {
		return models.Volume{Product: product, Kind: models.VolumeUnits, From: from, Until: until, Count: n}
	}
	kettles := []models.Volume{
		volume("kettle", from, half, 100), volume("kettle", half, until.AddDate(0, 0, 1), 1000), volume("iron", from, half, 50),
	}
	table.SetVolumes(kettles)
	q := asked(until)
	v := value(t, table, q, "complaint_rate")
	require.Equal(t, []int64{1, 150}, []int64{v.Numerator, v.Denominator}, "what reaches beyond the period does not count, nor its cases")
	require.InDelta(t, 1.0/150, *v.Value, 1e-15)
	require.InDelta(t, 0.0253/150, v.Interval.Low, 1e-6)
	require.Equal(t, int64(0), value(t, table, q, "complaint_rate_orders").Denominator)
	require.Nil(t, value(t, table, q, "complaint_rate_orders").Value)
	b, err := table.Breakdown(kpi.Query{From: from, Until: until, Visible: q.Visible, Measures: []string{"complaint_rate"}}, kpi.ByProduct)
	require.NoError(t, err)
	for _, row := range b.Rows {
		want := map[string][]int64{"kettle": {1, 100}, "fan": {0, 0}, "": {0, 0}}[row.Keys[0]]
		require.Equal(t, want, []int64{row.Values[0].Numerator, row.Values[0].Denominator}, row.Keys)
	}
	all := append(kettles, volume("", from, until, 4000))
	table.SetVolumes(all)
	v = value(t, table, q, "complaint_rate")
	require.Equal(t, []int64{4, 4000}, []int64{v.Numerator, v.Denominator}, "of all products together, where nobody asks by product")
	q.Filters = map[kpi.Dimension][]string{kpi.ByProduct: {"kettle"}}
	v = value(t, table, q, "complaint_rate")
	require.Equal(t, []int64{1, 100}, []int64{v.Numerator, v.Denominator})
	volumes, err := table.VolumesIn(q)
	require.NoError(t, err)
	require.Equal(t, []models.Volume{{Product: "kettle", Kind: models.VolumeUnits, From: from, Until: until, Count: 100}}, volumes)
}

func TestTheCompositeNeedsInspections(t *testing.T) {
	t.Parallel()
	rec := with(func(r *kpi.Record) {
		r.Cycles[0].AnsweredAt, r.Cycles[0].Result = after(hours(1)), 5
		r.Inspections = []kpi.Inspection{{Cycle: 1, At: *after(hours(2)), Score: 3}, {Cycle: 1, At: *after(hours(3)), Score: 4}}
	})
	v := value(t, table(rec), asked(until), "csat_composite")
	require.InDelta(t, 0.85, *v.Value, 1e-12, "0.7 of 1 and 0.3 of a half")
	require.Nil(t, value(t, table(rec), asked(*after(hours(1))), "csat_composite").Value, "no inspection yet")
}

func TestParetoMarksTheFirstFifth(t *testing.T) {
	t.Parallel()
	table := kpi.NewTable()
	n := 0
	for product, cases := range map[string]int{"a": 6, "b": 2, "c": 1, "d": 1, "e": 0, "f": 2} {
		for range cases {
			n++
			table.Put(with(func(r *kpi.Record) { r.Case.ID, r.Case.Product = string(rune('A'+n)), product }))
		}
	}
	p, err := table.Pareto(asked(until), "received", kpi.ByProduct)
	require.NoError(t, err)
	require.InDelta(t, 12, p.Total, 0)
	require.Equal(t, kpi.ParetoRow{Key: "a", Amount: 6, Share: 0.5, Cumulative: 0.5, First: true}, p.Rows[0])
	require.Equal(t, "b", p.Rows[1].Key, "equal ones by their names")
	require.False(t, p.Rows[1].First)
	require.InDelta(t, 1, p.Rows[4].Cumulative, 0)
	require.Len(t, p.Rows, 5)
	_, err = table.Pareto(asked(until), "compensation_cost", kpi.ByProduct)
	require.Equal(t, models.CodeInvalid, models.CodeOf(err))
}

// Spearman's own example of ranks, and a line: Anscombe's first quartet (The American Statistician 27, 1973)
// correlates at 0.81642.
func TestCorrelationAgreesWithAnscombe(t *testing.T) {
	t.Parallel()
	x := []int{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5}
	y := []int{804, 695, 758, 881, 833, 996, 724, 426, 1084, 482, 568}
	table := kpi.NewTable()
	for i := range x {
		table.Put(with(func(r *kpi.Record) {
			r.Case.ID = string(rune('a' + i))
			r.Case.FirstReplyAt, r.Case.FirstResolvedAt = after(hours(x[i])), after(hours(y[i]))
		}))
	}
	c, err := table.Correlation(asked(until.AddDate(1, 0, 0)), "time_to_first_response", "resolution_time")
	require.NoError(t, err)
	require.Equal(t, int64(11), c.N)
	require.InDelta(t, 0.81642, *c.Pearson, 0.000005)
	require.InDelta(t, 0.81818, *c.Spearman, 0.000005)
	require.InDelta(t, 0.4244, c.Interval.Low, 0.0005)
	require.InDelta(t, 0.9507, c.Interval.High, 0.0005)

	flat, err := table.Correlation(asked(until), "time_to_first_response", "csat")
	require.NoError(t, err)
	require.Zero(t, flat.N)
	require.Nil(t, flat.Pearson)
	require.Nil(t, flat.Interval)
	_, err = table.Correlation(asked(until), "csat", "complaint_rate")
	require.Equal(t, models.CodeInvalid, models.CodeOf(err))
}

func TestLiveCountsWhatIsOpen(t *testing.T) {
	t.Parallel()
	open := func(id string, severity models.Severity, soon, due int, change func(c *models.Case)) kpi.Record {
		return with(func(r *kpi.Record) {
			r.Case.ID, r.Case.Severity, r.Case.SoonAt, r.Case.DueAt = id, severity, after(hours(soon)), after(hours(due))
			change(&r.Case)
		})
	}
	nothing := func(*models.Case) {}
	table := table(
		open("a", models.SeverityUrgent, 1, 2, nothing), open("b", models.SeverityUrgent, 5, 10, nothing),
		open("c", models.SeverityGeneral, 11, 12, func(c *models.Case) { c.PauseReason = models.PauseCustomer }),
		open("d", models.SeverityGeneral, 1, 2, func(c *models.Case) { c.State = models.StateClosed }),
		open("e", models.SeverityGeneral, 1, 2, func(c *models.Case) { c.Sample = true }),
	)
	now := kpi.Query{Cut: *after(hours(10)), Visible: models.Visible{Whole: true}}
	of := func(d kpi.Dimension, value string) kpi.Query {
		q := now
		q.Filters = map[kpi.Dimension][]string{d: {value}}
		return q
	}
	l, err := table.Live(now)
	require.NoError(t, err)
	require.Equal(t, kpi.LiveCount{Open: 3, Soon: 1, Overdue: 1, Paused: 1}, l.All)
	require.Equal(t, kpi.LiveRow{Severity: models.SeverityUrgent, LiveCount: kpi.LiveCount{Open: 2, Soon: 1, Overdue: 1}}, l.By[0])
	require.Equal(t, kpi.LiveRow{Severity: models.SeverityGeneral, LiveCount: kpi.LiveCount{Open: 1, Paused: 1}}, l.By[2])
	l, err = table.Live(of(kpi.BySeverity, "general"))
	require.NoError(t, err)
	require.Equal(t, int64(1), l.All.Open)
	table.Remove("a")
	l, err = table.Live(now)
	require.NoError(t, err)
	require.Equal(t, int64(2), l.All.Open)
}

func TestLiveKnowsHoursAndWeekdaysInTheZoneAsked(t *testing.T) {
	t.Parallel()
	table := table(with(func(r *kpi.Record) { r.Case.ReceivedAt = time.Date(2026, 1, 5, 23, 30, 0, 0, time.UTC) })) // a Monday
	for zone, at := range map[string][2]string{"UTC": {"1", "23"}, "Asia/Shanghai": {"2", "7"}, "America/New_York": {"1", "18"}} {
		there, err := time.LoadLocation(zone)
		require.NoError(t, err)
		for day := 1; day <= 7; day++ {
			for hour := range 24 {
				q := kpi.Query{Cut: until, Zone: there, Visible: models.Visible{Whole: true}, Filters: map[kpi.Dimension][]string{
					kpi.ByWeekday: {strconv.Itoa(day)}, kpi.ByHour: {strconv.Itoa(hour)},
				}}
				l, err := table.Live(q)
				require.NoError(t, err)
				require.Equal(t, at == [2]string{strconv.Itoa(day), strconv.Itoa(hour)}, l.All.Open == 1, "%s weekday %d hour %d", zone, day, hour)
			}
		}
	}
}

func TestACaseClosedAtTheCutIsNotOpenBecauseItIsTakenUpAgainLater(t *testing.T) {
	t.Parallel()
	day := func(n int) *time.Time { at := from.AddDate(0, 0, n); return &at }
	table := table(with(func(r *kpi.Record) { // closed on the third, taken up again on the fifth, closed on the sixth
		r.Case.ReceivedAt, r.Case.State, r.Case.ClosedAt, r.Case.Cycle = *day(1), models.StateClosed, day(5), 2
		r.Cycles = []models.Fact{{Cycle: 1, BeganAt: *day(1), ClosedAt: day(2), EndedAt: day(2)}, {Cycle: 2, BeganAt: *day(4), ClosedAt: day(5), EndedAt: day(5)}}
	}))
	for days, want := range map[int]kpi.BacklogPoint{
		2: {Opened: 1, Closed: 1, Peak: 1, PeakAt: *day(1)},
		3: {Opened: 1, Closed: 1, Peak: 1, PeakAt: *day(1)},
		4: {Opened: 2, Closed: 1, Open: 1, Peak: 1, PeakAt: *day(1)},
		5: {Opened: 2, Closed: 2, Peak: 1, PeakAt: *day(1)},
	} {
		q := asked(*day(days))
		q.Until = from.AddDate(0, 0, 7)
		b, err := table.Backlog(q, kpi.StepMonth)
		require.NoError(t, err)
		require.Equal(t, []kpi.BacklogPoint{want}, b.Points, "cut after %d days", days)
		q.Measures = []string{"open_rate"}
		s, err := table.Summary(q)
		require.NoError(t, err)
		require.Equal(t, want.Open, s.Answers[0].Value.Hits, "cut after %d days", days)
	}
}

func TestTheBacklogKnowsItsPeak(t *testing.T) {
	t.Parallel()
	day := func(n int) *time.Time { at := from.AddDate(0, 0, n); return &at }
	spell := func(id string, opened, closed *time.Time) kpi.Record {
		return with(func(r *kpi.Record) {
			r.Case.ID, r.Case.ReceivedAt = id, *opened
			if closed != nil {
				r.Case.State, r.Case.ClosedAt = models.StateClosed, closed
			}
		})
	}
	again := with(func(r *kpi.Record) { // closed on the third, taken up again on the fifth, closed on the sixth
		r.Case.ID, r.Case.ReceivedAt, r.Case.State, r.Case.ClosedAt, r.Case.Cycle = "again", *day(1), models.StateClosed, day(5), 2
		r.Cycles = []models.Fact{{Cycle: 1, BeganAt: *day(1), ClosedAt: day(2), EndedAt: day(2)}, {Cycle: 2, BeganAt: *day(4), ClosedAt: day(5), EndedAt: day(5)}}
	})
	table := table(spell("old", day(-9), nil), spell("a", day(0), day(2)), spell("b", day(2), day(3)), again)
	q := asked(until)
	q.Until = from.AddDate(0, 0, 7)
	b, err := table.Backlog(q, kpi.StepDay)
	require.NoError(t, err)
	want := []kpi.BacklogPoint{
		{Opened: 1, Open: 2, Peak: 2, PeakAt: *day(0)},
		{Opened: 1, Open: 3, Peak: 3, PeakAt: *day(1)},
		{Opened: 1, Closed: 2, Open: 2, Peak: 3}, // what ends makes room for what begins at the same instant
		{Closed: 1, Open: 1, Peak: 2},
		{Opened: 1, Open: 2, Peak: 2, PeakAt: *day(4)},
		{Closed: 1, Open: 1, Peak: 2},
		{Open: 1, Peak: 1},
	}
	require.Equal(t, want, b.Points)
	b, err = table.Backlog(q, kpi.StepMonth)
	require.NoError(t, err)
	require.Equal(t, []kpi.BacklogPoint{{Opened: 4, Closed: 4, Open: 1, Peak: 3, PeakAt: *day(1)}}, b.Points)
	table.Put(spell("c", day(4), day(5)))
	b, err = table.Backlog(q, kpi.StepMonth)
	require.NoError(t, err)
	require.Equal(t, *day(1), b.Points[0].PeakAt, "for the first time")
}

func TestASurveyIsToldScoreByScore(t *testing.T) {
	t.Parallel()
	ten, six := 10, 6
	answered := func(id string, result int, recommend *int, by models.AnswerSource) kpi.Record {
		return with(func(r *kpi.Record) {
			r.Case.ID = id
			f := &r.Cycles[0]
			f.OfferedAt, f.AnsweredAt, f.AnsweredBy, f.Result, f.Recommend = after(0), after(hours(1)), by, result, recommend
		})
	}
	table := table(
		answered("a", 5, &ten, models.AnswerSurvey), answered("b", 4, nil, models.AnswerCallback), answered("c", 1, &six, models.AnswerSurvey),
		first(func(f *models.Fact) { f.OfferedAt = after(0) }),
	)
	v, err := table.Survey(asked(until))
	require.NoError(t, err)
	require.Equal(t, [2]int64{3, 4}, hitsOf(v.Rate))
	require.Equal(t, []int64{3, 1}, []int64{v.Answered, v.ByCallback})
	result := v.Scores[1]
	require.Equal(t, "result", result.Key)
	require.Equal(t, [5]int64{1, 0, 0, 1, 1}, result.Distribution)
	require.InDelta(t, 10.0/3, *result.Mean, 1e-12)
	require.InDelta(t, 88.0/26, *result.Weighted, 1e-12, "(8·5 + 10·4 + 8·1) ÷ 26")
	require.InDelta(t, 2.081666, *result.SD, 1e-6)
	require.Zero(t, v.Scores[0].N)
	require.Nil(t, v.Scores[0].Mean)
	require.Equal(t, int64(1), v.Recommend[10])
	require.Equal(t, int64(1), v.Recommend[6])
	require.InDelta(t, 0, *v.NPS.Value, 0)
}
