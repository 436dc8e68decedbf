package kpi_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/kpi"
	"recourse/internal/kpi/kpitest"
	"recourse/models"
)

// company is a small company with everything that can happen, and its table.
func company(cases int) (kpitest.Company, *kpi.Table) {
	c := kpitest.Year(7, cases)
	t := kpi.NewTable()
	for r := range c.Records() {
		t.Put(r)
	}
	t.SetVolumes(c.Volumes())
	return c, t
}

// every is every measure by its id, retired ones too.
func every() []string {
	var ids []string
	for _, m := range append(kpi.Measures(), kpi.Retired()...) {
		ids = append(ids, m.ID())
	}
	return ids
}

func whole(c kpitest.Company, measures ...string) kpi.Query {
	return kpi.Query{From: c.From, Until: c.Until, Cut: c.AsOf, Visible: models.Visible{Whole: true}, Measures: measures}
}

func summary(t *testing.T, table *kpi.Table, q kpi.Query) kpi.Summary {
	t.Helper()
	s, err := table.Summary(q)
	require.NoError(t, err)
	return s
}

// told is a summary without its definitions, which hold functions and are never equal.
func told(t *testing.T, table *kpi.Table, q kpi.Query) map[string]any {
	t.Helper()
	s := summary(t, table, q)
	out := map[string]any{"counts": []int64{s.Received, s.Withdrawn, s.NotAccepted, s.Merged, s.Anonymous, s.Open, s.Resolved}}
	for _, a := range s.Answers {
		out[a.ID()] = []any{a.Value, a.Anonymous, a.Previous}
		for _, b := range a.Beside {
			out[a.ID()+" beside "+b.ID()] = []any{b.Value, b.Anonymous, b.Previous}
		}
	}
	return out
}

func dimensions() []kpi.Dimension {
	var all []kpi.Dimension
	for _, d := range kpi.Dimensions() {
		all = append(all, d.Key)
	}
	return all
}

// parts are the sums of a value that add up.
func parts(v kpi.Value) []int64 {
	var money int64
	for _, m := range v.Money {
		money += m.Minor
	}
	return []int64{v.N, v.Hits, v.Numerator, v.Denominator, money}
}

func TestEveryFigureOfTheCompanySaysSomething(t *testing.T) {
	t.Parallel()
	c, table := company(3000)
	for _, a := range summary(t, table, whole(c, every()...)).Answers {
		if a.Key == "csat_composite" || a.Key == "deviation_progress" || a.Key == "deviation_callback" {
			continue // nothing of theirs is made up
		}
		require.Positive(t, a.Value.N, a.Key)
		if !strings.HasSuffix(a.Key, "_bell") { // some levers never ring
			require.Positive(t, a.Value.Hits, a.Key)
		}
		if a.Unit != kpi.UnitMoney {
			require.NotNil(t, a.Value.Value, a.Key)
		}
	}
}

func TestTheListsBehindAFigureAreAsLongAsItSays(t *testing.T) {
	t.Parallel()
	c, table := company(1500)
	for _, cut := range []time.Time{c.AsOf, c.From.AddDate(0, 7, 3)} {
		q := whole(c, every()...)
		q.Cut = cut
		for _, a := range summary(t, table, q).Answers {
			for part, want := range map[kpi.Part]int64{kpi.PartDenominator: a.Value.N, kpi.PartNumerator: a.Value.Hits} {
				seen := walk(t, table, q, a.ID(), part)
				require.Len(t, seen, int(want), "%s %s", a.ID(), part)
			}
		}
	}
}

// walk reads all pages of a list, which must be in order and name nothing twice.
func walk(t *testing.T, table *kpi.Table, q kpi.Query, measure string, part kpi.Part) []kpi.Item {
	t.Helper()
	var all []kpi.Item
	seen := map[string]bool{}
	for l := (kpi.List{Measure: measure, Part: part, Limit: 170}); ; {
		page, err := table.Cases(q, l)
		require.NoError(t, err)
		for _, i := range page.Items {
			key := fmt.Sprint(i.CaseID, i.Cycle, i.Ref)
			require.False(t, seen[key], key)
			seen[key] = true
			if n := len(all); n > 0 {
				require.False(t, i.ReceivedAt.Before(all[n-1].ReceivedAt))
			}
			all = append(all, i)
		}
		if l.Cursor = page.Next; l.Cursor == "" {
			require.Len(t, all, int(page.Total))
			return all
		}
	}
}

func TestAllPartsOfABreakdownAddUpToTheWhole(t *testing.T) {
	t.Parallel()
	c, table := company(1500)
	s := summary(t, table, whole(c, every()...))
	by := [][]kpi.Dimension{{kpi.BySeverity, kpi.ByDepartment}, {kpi.ByWeekday, kpi.ByHour}, {kpi.ByPerson, kpi.ByCycle}}
	for _, d := range dimensions() {
		by = append(by, []kpi.Dimension{d})
	}
	for _, d := range by {
		b, err := table.Breakdown(whole(c, every()...), d...)
		require.NoError(t, err)
		for i, m := range b.Measures {
			sum := make([]int64, 5)
			for _, row := range b.Rows {
				for j, n := range parts(row.Values[i]) {
					sum[j] += n
				}
			}
			if m.Additive() {
				require.Equal(t, parts(s.Answers[i].Value), sum, "%s by %s", m.Key, d)
			}
			if d[0] != kpi.ByProduct || m.Unit != kpi.UnitRatio {
				require.Equal(t, s.Answers[i].Value, b.Total[i], "%s by %s", m.Key, d)
			}
		}
	}
}

func TestARowOfABreakdownIsTheSummaryWithItsKeysAsFilters(t *testing.T) {
	t.Parallel()
	c, table := company(800)
	for _, d := range dimensions() {
		b, err := table.Breakdown(whole(c, every()...), d)
		require.NoError(t, err)
		for _, row := range b.Rows[:min(4, len(b.Rows))] {
			q := whole(c, every()...)
			q.Filters = map[kpi.Dimension][]string{d: row.Keys}
			for i, a := range summary(t, table, q).Answers {
				if a.Key == "complaint_rate" || a.Key == "complaint_rate_orders" || a.Key == "complaint_rate_customers" {
					continue // business is not cut by everything
				}
				require.Equal(t, row.Values[i], a.Value, "%s of %s", a.Key, row.Keys)
			}
		}
	}
}

func TestTheBucketsOfATrendAddUpToTheWhole(t *testing.T) {
	t.Parallel()
	c, table := company(1200)
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	q := whole(c, every()...)
	q.Zone = zone
	s := summary(t, table, q)
	for _, step := range kpi.Steps() {
		trend, err := table.Trend(q, step)
		require.NoError(t, err)
		for i, series := range trend.Series {
			sum := make([]int64, 5)
			for b, v := range series.Values {
				for j, n := range parts(v) {
					sum[j] += n
				}
				if b%17 == 3 {
					part := q
					part.From, part.Until, part.Measures = trend.Buckets[b].From, trend.Buckets[b].Until, []string{series.ID()}
					require.Equal(t, summary(t, table, part).Answers[0].Value, v, "%s in %s", series.Key, trend.Buckets[b].Label)
				}
			}
			if series.Additive() {
				require.Equal(t, parts(s.Answers[i].Value), sum, "%s by %s", series.Key, step)
			}
			require.Equal(t, s.Answers[i].Value, series.Total, "%s by %s", series.Key, step)
		}
	}
}

func TestNeitherOrderNorRepetitionChangesAnything(t *testing.T) {
	t.Parallel()
	c, table := company(1000)
	records := slices.Collect(c.Records())
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	other := kpi.NewTable()
	other.Put(records...)
	stranger := records[5]
	stranger.Case.ID = "not-of-this-company"
	other.Put(stranger)
	for _, r := range records[:300] { // again, and first as it was not
		changed := r
		changed.Case.Severity, changed.Cycles, changed.Levers, changed.Case.CustomerID = models.SeverityUrgent, nil, nil, "x"
		other.Put(changed)
	}
	other.Put(records[:300]...)
	other.Remove("not-of-this-company", "never-seen")
	other.SetVolumes(c.Volumes())
	require.Equal(t, 1000, other.Len())
	require.Equal(t, told(t, table, whole(c, every()...)), told(t, other, whole(c, every()...)))
	want, err := table.Breakdown(whole(c, every()...), kpi.ByPerson)
	require.NoError(t, err)
	got, err := other.Breakdown(whole(c, every()...), kpi.ByPerson)
	require.NoError(t, err)
	require.Equal(t, want.Rows, got.Rows)
	require.Equal(t, want.Total, got.Total)
	for _, measure := range []string{"csat", "lever_pause_bell", "acknowledge_rate", "repeat_complaint_rate", "flow_ratio"} {
		require.Equal(t, walk(t, table, whole(c), measure, kpi.PartDenominator), walk(t, other, whole(c), measure, kpi.PartDenominator))
	}
}

func TestWhoSeesLessCountsWhatTheySeeAlone(t *testing.T) {
	t.Parallel()
	c := kpitest.Year(3, 800)
	records := slices.Collect(c.Records())
	r := rand.New(rand.NewPCG(2, 2))
	for i := range records { // some are about somebody, or for a circle
		who := func() []string { return []string{fmt.Sprintf("person-%02d-%d", r.IntN(12), r.IntN(9))} }
		switch r.IntN(8) {
		case 0:
			records[i].Case.Named = who()
		case 1:
			records[i].Case.Circle = who()
		case 2:
			records[i].Case.Tasks = []string{fmt.Sprintf("department-%02d", r.IntN(12))}
		}
	}
	table := kpi.NewTable()
	table.Put(records...)
	for i, role := range []models.Role{
		models.RoleIntake, models.RoleHandler, models.RoleDepartmentHead, models.RoleSupervisor, models.RoleQuality,
		models.RoleHR, models.RoleAuditor, models.RoleEscalationManager, models.RoleExecutive, models.RoleOps, models.RoleAdmin,
	} {
		a := models.Actor{Kind: models.ActorPerson, ID: fmt.Sprintf("person-%02d-%d", i%4, i%9), Roles: []models.Role{role}, Departments: []string{fmt.Sprintf("department-%02d", i%4)}}
		seen := kpi.NewTable()
		for _, rec := range records {
			if models.See(a, rec.Case.Standing()) != models.SightNone {
				seen.Put(rec)
			}
		}
		q, all := whole(c, "received", "csat", "department_time", "lever_transfer", "repeat_complaint_rate"), whole(c, "received", "csat", "department_time", "lever_transfer", "repeat_complaint_rate")
		q.Visible = models.VisibleTo(a)
		require.Equal(t, told(t, seen, all), told(t, table, q), role)
	}
}

func TestACutIsThePast(t *testing.T) {
	t.Parallel()
	full := kpitest.Year(11, 1500)
	past := full
	past.AsOf = full.From.AddDate(0, 6, 0)
	now, then := kpi.NewTable(), kpi.NewTable()
	for i := range full.Cases {
		now.Put(full.Record(i))
		if r := past.Record(i); !r.Case.ReceivedAt.After(past.AsOf) {
			then.Put(r)
		}
	}
	for _, key := range []string{
		"first_response_rate", "first_response_target_rate", "response_rate", "acceptance_rate", "time_to_first_response",
		"time_to_solution", "resolution_time", "process_csat", "lever_transfer", "lever_interim_bell",
	} {
		q := whole(full, key)
		q.Cut = past.AsOf
		mine, theirs := summary(t, now, q).Answers[0].Value, summary(t, then, q).Answers[0].Value
		if key == "first_response_rate" || key == "first_response_target_rate" || key == "response_rate" {
			// who withdrew later had not done so yet: the row alone says that they did
			require.InDelta(t, float64(theirs.N), float64(mine.N), float64(theirs.N)/50, key)
			continue
		}
		require.Equal(t, theirs, mine, key)
	}
}

func TestACustomerWhoComesAgainIsSeenInEachOrder(t *testing.T) {
	t.Parallel()
	first := with(func(r *kpi.Record) {
		r.Case.ID, r.Case.CustomerID, r.Case.Category = "a", "c1", "x"
		r.Case.ResolvedAt, r.Case.FirstResolvedAt = after(hours(1)), after(hours(1))
		r.Cycles[0].Settled = true
	})
	again := func(d time.Duration, customer, category string, change func(c *models.Case)) kpi.Record {
		return with(func(r *kpi.Record) {
			r.Case.ID, r.Case.CustomerID, r.Case.Category, r.Case.ReceivedAt = "b", customer, category, *after(d)
			change(&r.Case)
		})
	}
	nothing := func(*models.Case) {}
	month := 30 * 24 * time.Hour
	tests := map[string]struct {
		r    kpi.Record
		cut  time.Duration
		came bool
	}{
		"after a day":                    {again(hours(25), "c1", "x", nothing), 2 * month, true},
		"after thirty days":              {again(hours(1)+month, "c1", "x", nothing), 2 * month, true},
		"a microsecond later":            {again(hours(1)+month+us, "c1", "x", nothing), 2 * month, false},
		"before it was resolved":         {again(us, "c1", "x", nothing), 2 * month, false},
		"with something else":            {again(hours(25), "c1", "y", nothing), 2 * month, false},
		"another customer":               {again(hours(25), "c2", "x", nothing), 2 * month, false},
		"another record, merged into it": {again(hours(25), "c3", "x", nothing), 2 * month, true},
		"anonymously":                    {again(hours(25), "c1", "x", func(c *models.Case) { c.Anonymous = true }), 2 * month, false},
		"not yet at the cut":             {again(hours(25), "c1", "x", nothing), hours(24), false},
		"but taken back":                 {again(hours(25), "c1", "x", func(c *models.Case) { c.State = models.StateWithdrawn }), 2 * month, true},
		"and merged":                     {again(hours(25), "c1", "x", func(c *models.Case) { c.State = models.StateMerged }), 2 * month, false},
		"a mystery shopper's":            {again(hours(25), "c1", "x", func(c *models.Case) { c.MysteryShopper = true }), 2 * month, false},
	}
	for name, test := range tests {
		for _, order := range [][]kpi.Record{{first, test.r}, {test.r, first}} {
			table := kpi.NewTable()
			table.SetCustomers(map[string]string{"c3": "c1"})
			for _, r := range order {
				table.Put(r)
			}
			q := asked(received.Add(test.cut))
			q.Until = received.Add(hours(1)) // the first alone
			came := int64(0)
			if test.came {
				came = 1
			}
			require.Equal(t, [2]int64{came, 1}, hitsOf(value(t, table, q, "recurrence_rate")), name)
			require.Equal(t, [2]int64{1 - came, 1}, hitsOf(value(t, table, q, "fcr")), name)
			mature := int64(1)
			if test.cut < month {
				mature = 0
			}
			require.Equal(t, mature, value(t, table, q, "recurrence_rate_mature").N, name)
			require.Equal(t, mature, value(t, table, q, "fcr_mature").N, name)
		}
	}
	reworked := first
	reworked.Case.Reworks = 1
	require.Equal(t, [2]int64{0, 1}, hitsOf(value(t, table(reworked), asked(until), "fcr")), "done again is not settled for good")
	table := table(first, tests["after a day"].r)
	require.Equal(t, [2]int64{1, 1}, hitsOf(value(t, table, asked(until), "repeat_complaint_rate")))
	table.Remove("b")
	require.Equal(t, [2]int64{0, 1}, hitsOf(value(t, table, asked(until), "recurrence_rate")), "what is gone never came")
	table.Put(again(hours(25), "c9", "x", nothing))
	require.Equal(t, [2]int64{0, 2}, hitsOf(value(t, table, asked(until), "repeat_complaint_rate")))
	table.SetCustomers(map[string]string{"c9": "c1"})
	require.Equal(t, [2]int64{1, 1}, hitsOf(value(t, table, asked(until), "repeat_complaint_rate")))
	require.Equal(t, [2]int64{1, 1}, hitsOf(value(t, table, asked(until.AddDate(0, 2, 0)), "recurrence_rate")))
}

func hitsOf(v kpi.Value) [2]int64 { return [2]int64{v.Hits, v.N} }
