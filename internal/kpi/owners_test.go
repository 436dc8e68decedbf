package kpi_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/kpi"
	"recourse/models"
)

func TestALeverCountsForWhoeverUsedIt(t *testing.T) {
	t.Parallel()
	rec := with(func(r *kpi.Record) {
		r.Case.Department, r.Case.Assignee = "A", "handler"
		r.Levers = []models.Lever{
			{Seq: 3, Cycle: 1, Kind: models.LeverPause, At: *after(hours(1)), Department: "B", Person: "first"},
			{Seq: 9, Cycle: 1, Kind: models.LeverPause, At: *after(hours(9)), Department: "C", Person: "last", Bell: true},
		}
	})
	who := func(measure string, cut time.Time) map[string][2]int64 {
		q := asked(cut)
		q.Measures = []string{measure}
		b, err := table(rec).Breakdown(q, kpi.ByPerson)
		require.NoError(t, err)
		out := map[string][2]int64{}
		for _, row := range b.Rows {
			if row.Values[0].N > 0 {
				out[row.Keys[0]] = hitsOf(row.Values[0])
			}
		}
		return out
	}
	require.Equal(t, map[string][2]int64{"last": {1, 1}}, who("lever_pause", until))
	require.Equal(t, map[string][2]int64{"first": {1, 1}}, who("lever_pause", *after(hours(8))))
	require.Equal(t, map[string][2]int64{"handler": {0, 1}}, who("lever_pause", *after(0)))
	require.Equal(t, map[string][2]int64{"first": {0, 1}, "last": {1, 1}}, who("lever_pause_bell", until))
	require.Equal(t, map[string][2]int64{"handler": {0, 1}}, who("lever_merge", until))
}

func TestAFigureCountsForWhoeverHadItAtTheDecisiveMoment(t *testing.T) {
	t.Parallel()
	rec := with(func(r *kpi.Record) {
		r.Case.Department, r.Case.Assignee, r.Case.FirstReplyAt = "now", "N", after(hours(1))
		r.Cycles[0].Response = models.ClockFact{StartedAt: after(0), EndedAt: after(hours(1)), End: models.ClockMet, Department: "then", Person: "T"}
	})
	for measure, department := range map[string]string{
		"first_response_rate": "then", "time_to_first_response": "then", "feedback_rate": "now", "resolution_rate": "now", "urge_rate": "now",
	} {
		q := asked(until)
		q.Filters = map[kpi.Dimension][]string{kpi.ByDepartment: {department}}
		require.Equal(t, int64(1), value(t, table(rec), q, measure).N, measure)
		q.Filters = map[kpi.Dimension][]string{kpi.ByDepartment: {"nobody"}}
		require.Equal(t, int64(0), value(t, table(rec), q, measure).N, measure)
	}
}

func TestSamplesCountUntilTheFirstRealCase(t *testing.T) {
	t.Parallel()
	sample := with(func(r *kpi.Record) { r.Case.ID, r.Case.Sample = "sample", true })
	table := table(sample)
	s := summary(t, table, asked(until))
	require.Equal(t, int64(1), s.Received)
	require.True(t, s.Samples)
	table.Put(with(func(r *kpi.Record) { r.Case.ReceivedAt = from.AddDate(-1, 0, 0) }))
	s = summary(t, table, asked(until))
	require.Zero(t, s.Received, "a real case in another period ends the samples' time as well")
	require.False(t, s.Samples)
}

func TestTheDataRecordedLaterCanBeLeftOut(t *testing.T) {
	t.Parallel()
	table := table(running())
	q := asked(until)
	q.Recorded = received
	require.Equal(t, int64(1), summary(t, table, q).Received)
	q.Recorded = received.Add(-us)
	require.Zero(t, summary(t, table, q).Received)
}

func TestARecordOfARowKnowsWhereItCameFrom(t *testing.T) {
	t.Parallel()
	row := models.FigureRow{Case: models.Case{ID: "a", Source: "their desk"}, FactRows: models.FactRows{Ownerships: []models.Ownership{
		{Part: 1, From: received, Until: after(hours(1))}, {Part: 2, Pause: models.PauseOutside, From: received, Until: after(hours(1))}, {Part: 3, From: received},
	}}}
	r := kpi.RecordOf(row, func(models.Ownership) time.Duration { return time.Minute })
	require.True(t, r.Adopted)
	require.Equal(t, []time.Duration{time.Minute, 0, 0}, []time.Duration{r.Owned[0].Net, r.Owned[1].Net, r.Owned[2].Net}, "a pause is no work, and what lasts is not counted yet")
	row.Case.Source = ""
	require.False(t, kpi.RecordOf(row, func(models.Ownership) time.Duration { return 0 }).Adopted)
}
