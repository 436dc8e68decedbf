package kpi_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/kpi"
	"recourse/internal/stats"
	"recourse/models"
)

// daily is a table with so many cases on each of the first days of the period, and of them so many resolved at once.
func daily(received, resolved []int) *kpi.Table {
	var all []kpi.Record
	for day, n := range received {
		for i := range n {
			r := running()
			at := from.AddDate(0, 0, day).Add(time.Duration(i) * time.Minute)
			r.Case.ID, r.Case.Number = "case-"+at.Format(time.RFC3339), models.Number(2026, int64(len(all)))
			r.Case.ReceivedAt, r.Case.RecordedAt = at, at
			if i < resolved[day] {
				done := at.Add(time.Minute)
				r.Case.FirstResolvedAt, r.Case.ResolvedAt = &done, &done
			}
			all = append(all, r)
		}
	}
	return table(all...)
}

func control(t *testing.T, table *kpi.Table, q kpi.Query, key string) kpi.Control {
	t.Helper()
	c, err := table.Control(q, key, kpi.StepDay)
	require.NoError(t, err)
	require.Len(t, c.Chart.Points, len(c.Buckets))
	return c
}

func of(n, times int) []int {
	all := make([]int, times)
	for i := range all {
		all[i] = n
	}
	return all
}

func TestAShareIsChartedByHowManyThereWereEachTime(t *testing.T) {
	t.Parallel()
	received := append(of(20, 10), 40, 0, 10, 3)
	resolved := append(of(10, 10), 20, 0, 0, 1)
	q := asked(from.AddDate(0, 0, 20))
	q.Until = from.AddDate(0, 0, 14)
	c := control(t, daily(received, resolved), q, "resolution_rate")
	require.Equal(t, stats.ChartP, c.Chart.Kind)
	require.Equal(t, 13, c.Judged, "on one day nothing came")
	require.InDelta(t, 121.0/253, c.Chart.Center, 1e-12)
	require.Less(t, c.Chart.Points[10].Upper, c.Chart.Points[0].Upper, "of more, limits are narrower")
	require.Empty(t, c.Chart.Points[0].Rules)
	require.True(t, c.Chart.Points[11].Empty)
	require.Equal(t, []stats.Rule{stats.RuleBeyond}, c.Chart.Points[12].Rules)
	require.Zero(t, c.Chart.Points[13].Lower, "no share is below none")
}

func TestACountIsChartedByHowItMoves(t *testing.T) {
	t.Parallel()
	received := []int{3, 4, 3, 4, 3, 4, 3, 4, 30, 3}
	q := asked(from.AddDate(0, 0, 20))
	q.Until = from.AddDate(0, 0, 10)
	c := control(t, daily(received, of(0, 10)), q, "received")
	require.Equal(t, stats.ChartXmR, c.Chart.Kind)
	require.Equal(t, []stats.Rule{stats.RuleBeyond}, c.Chart.Points[8].Rules)
	require.True(t, c.Jumped(8))
	require.NotEmpty(t, c.Chart.Ranges[9].Rules)
	require.False(t, c.Jumped(9), "it came back")
	require.False(t, c.Jumped(0))
	require.True(t, c.Chart.Ranges[0].Empty)
	require.Zero(t, c.Chart.Points[0].Lower, "no count is below nothing")
}

func TestAStepThatIsNotWholeOrBeforeTheRecordIsNotJudged(t *testing.T) {
	t.Parallel()
	q := asked(from.AddDate(0, 0, 11).Add(12 * time.Hour))
	q.From, q.Until = from.Add(6*time.Hour), from.AddDate(0, 0, 12)
	c := control(t, daily(of(5, 12), of(0, 12)), q, "received")
	require.Equal(t, 10, c.Judged)
	require.True(t, c.Chart.Points[0].Empty, "the period begins in the middle of it")
	require.True(t, c.Chart.Points[11].Empty, "it is not over")
	require.False(t, c.Whole[11])
	q = asked(from.AddDate(0, 0, 12))
	q.From, q.Until = from.AddDate(0, 0, -5), from.AddDate(0, 0, 12)
	c = control(t, daily(of(5, 12), of(0, 12)), q, "received")
	require.Equal(t, 12, c.Judged)
	require.True(t, c.Chart.Points[4].Empty, "nothing was on record yet")
}

func TestTooFewPointsOrPointsThatNeverMoveHaveNoLimits(t *testing.T) {
	t.Parallel()
	q := asked(from.AddDate(0, 0, 20))
	q.Until = from.AddDate(0, 0, kpi.ControlledFrom-1)
	few := control(t, daily([]int{1, 9, 1, 9, 1, 9, 99}, of(0, 7)), q, "received")
	require.Equal(t, kpi.ControlledFrom-1, few.Judged)
	require.False(t, few.Limits())
	require.Empty(t, few.Chart.Points[6].Rules)
	q.Until = from.AddDate(0, 0, 10)
	alike := control(t, daily(of(5, 10), of(0, 10)), q, "received")
	require.False(t, alike.Limits())
	enough := control(t, daily([]int{1, 2, 1, 2, 1, 2, 1, 2, 1, 2}, of(0, 10)), q, "received")
	require.True(t, enough.Limits())
}

func TestEveryFigureButMoneyHasAControlChart(t *testing.T) {
	t.Parallel()
	c, table := company(400)
	kinds := map[stats.ChartKind]int{}
	for _, id := range every() {
		m, err := kpi.Find(id)
		require.NoError(t, err)
		got, err := table.Control(whole(c), id, kpi.StepMonth)
		if m.Unit == kpi.UnitMoney {
			require.ErrorContains(t, err, "has no control chart")
			continue
		}
		require.NoError(t, err, id)
		kinds[got.Chart.Kind]++
		for i, p := range got.Chart.Points {
			require.LessOrEqual(t, p.Lower, p.Upper, id)
			if !p.Empty {
				require.InDelta(t, *got.Values[i].Value, p.Value, 1e-12, id)
			}
		}
	}
	require.Len(t, kinds, 3)
}
