package kpi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/kpi"
)

func TestAScatterCountsThePairsOfItsCorrelationCellByCell(t *testing.T) {
	t.Parallel()
	c, table := company(2000)
	for _, of := range [][2]string{{"resolution_time", "csat"}, {"csat", "nps"}, {"first_response_rate", "resolution_time"}, {"hand_overs", "time_to_first_response"}} {
		got, err := table.Scatter(whole(c), of[0], of[1], nil, 10)
		require.NoError(t, err, of)
		want, err := table.Correlation(whole(c), of[0], of[1])
		require.NoError(t, err)
		require.Equal(t, want.Spearman, got.Spearman)
		require.Equal(t, want.N, got.Total)
		require.Positive(t, got.N, of)
		require.Len(t, got.Pairs, 10)
		require.Len(t, got.Counts, len(got.YBins))
		var sum int64
		for y, row := range got.Counts {
			require.Len(t, row, len(got.XBins))
			for x, n := range row {
				sum += n
				cell, err := table.Scatter(whole(c), of[0], of[1], &kpi.CellOf{X: x, Y: y}, 5000)
				require.NoError(t, err)
				require.Equal(t, n, cell.Total, "%v: %d, %d", of, x, y)
				require.Len(t, cell.Pairs, int(n))
				for _, p := range cell.Pairs {
					within(t, got.XBins[x], p.X)
					within(t, got.YBins[y], p.Y)
				}
			}
		}
		require.Equal(t, got.N, sum)
		_, err = table.Scatter(whole(c), of[0], of[1], &kpi.CellOf{X: len(got.XBins)}, 10)
		require.ErrorContains(t, err, "no cell")
	}
	none, err := table.Scatter(kpi.Query{From: c.Until, Until: c.Until.AddDate(0, 1, 0), Visible: whole(c).Visible}, "resolution_time", "csat", nil, 10)
	require.NoError(t, err)
	require.Empty(t, none.Pairs)
	require.Nil(t, none.Spearman)
}

func within(t *testing.T, b kpi.Bin, v float64) {
	t.Helper()
	require.GreaterOrEqual(t, v, b.From)
	if b.Until != nil {
		require.Less(t, v, *b.Until)
	}
}

func TestTheListBehindABinIsAsLongAsTheBin(t *testing.T) {
	t.Parallel()
	c, table := company(1000)
	for _, m := range kpi.Measures() {
		if !m.Valued() {
			_, err := table.Cases(whole(c), kpi.List{Measure: m.Key, Bin: 1})
			require.Error(t, err, m.Key)
			continue
		}
		d, err := table.Distribution(whole(c), m.Key)
		require.NoError(t, err)
		for i, bin := range d.Bins {
			got, err := table.Cases(whole(c), kpi.List{Measure: m.Key, Bin: i + 1, Limit: 10})
			require.NoError(t, err)
			require.Equal(t, bin.N, got.Total, "%s: %d", m.Key, i)
			for _, item := range got.Items {
				within(t, bin, *item.Value)
			}
		}
		_, err = table.Cases(whole(c), kpi.List{Measure: m.Key, Bin: len(d.Bins) + 1})
		require.ErrorContains(t, err, "the distribution has parts")
	}
}
