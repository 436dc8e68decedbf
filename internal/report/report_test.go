package report_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/kpi"
	"recourse/internal/kpi/kpitest"
	"recourse/internal/report"
	"recourse/models"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

// made is a company with March of it frozen.
type made struct {
	table   *kpi.Table
	records []kpi.Record
	ask     report.Ask
	body    report.Body
}

func march(t *testing.T, measures ...string) made {
	t.Helper()
	company := kpitest.Year(7, 3000)
	m := made{table: kpi.NewTable(), records: slices.Collect(company.Records())}
	m.table.Put(m.records...)
	from, until := report.StepMonth.Containing(time.Date(2025, time.March, 15, 0, 0, 0, 0, time.UTC), shanghai)
	m.ask = report.Ask{
		Step: report.StepMonth, From: from, Until: until, Zone: shanghai, Cut: until.Add(6 * time.Hour), Measures: measures,
		Names: func(_ kpi.Dimension, key string) report.Text { return report.Text{EN: key, ZH: key} },
	}
	var err error
	m.body, err = report.Make(m.table, m.ask)
	require.NoError(t, err)
	require.Greater(t, m.body.Counts.Received, int64(100))
	return m
}

// restate restates March at a data cut by today's definitions, and proves that what is told of each figure adds up.
func (m made) restate(t *testing.T, cut time.Time) (report.Body, []report.Difference) {
	t.Helper()
	ask := m.ask
	ask.Cut, ask.Measures = cut, nil
	twin, changes, err := report.Restate(m.table, m.body, ask)
	require.NoError(t, err)
	require.Len(t, changes, len(m.body.Figures))
	for _, c := range changes {
		_, was, found := m.body.Find(c.Was)
		require.True(t, found)
		require.Equal(t, was.Now, c.Then)
		n, hits, by := c.Then.N, c.Then.Hits, 0.0
		for _, s := range c.Steps {
			n, hits = n+s.N, hits+s.Hits
			if s.By != nil {
				by += *s.By
			}
		}
		require.Equal(t, c.Now.N, n, c.Was)
		require.Equal(t, c.Now.Hits, hits, c.Was)
		if c.Then.Value != nil && c.Now.Value != nil {
			require.InDelta(t, *c.Now.Value-*c.Then.Value, by, 1e-12, c.Was)
		}
		if _, is, found := twin.Find(c.Is); found {
			require.Equal(t, is.Now, c.Now, "the difference ends at what the twin says of %s", c.Is)
		}
	}
	return twin, changes
}

// moved are the causes that moved any figure.
func moved(changes []report.Difference) (causes []report.Cause) {
	for _, c := range changes {
		for _, s := range c.Steps {
			if (s.N != 0 || s.Hits != 0) && !slices.Contains(causes, s.Cause) {
				causes = append(causes, s.Cause)
			}
		}
	}
	slices.Sort(causes)
	return causes
}

func TestAReportRestatedAtOnceSaysTheSame(t *testing.T) {
	t.Parallel()
	m := march(t)
	twin, changes := m.restate(t, m.ask.Cut)
	require.Empty(t, moved(changes))
	require.Equal(t, m.body, twin)
	for _, c := range changes {
		require.False(t, c.Changed(), c.Was)
	}
}

func TestWhatCameOnRecordLateIsToldAsThat(t *testing.T) {
	t.Parallel()
	m := march(t)
	late := m.records[0]
	late.Case.ID, late.Case.Number = "late", "RC2025-9999999"
	late.Case.ReceivedAt, late.Case.RecordedAt = m.ask.From.Add(time.Hour), m.ask.Cut.Add(time.Second)
	m.table.Put(late)
	_, changes := m.restate(t, m.ask.Cut)
	require.Empty(t, moved(changes), "it was not on record at this cut")
	twin, changes := m.restate(t, m.ask.Cut.Add(2*time.Second))
	require.Contains(t, moved(changes), report.CauseLate)
	require.NotContains(t, moved(changes), report.CauseRecord)
	require.NotContains(t, moved(changes), report.CauseDefinition)
	require.Equal(t, m.body.Counts.Received+1, twin.Counts.Received)
}

func TestWhatWasCorrectedIsToldAsThat(t *testing.T) {
	t.Parallel()
	m := march(t)
	i := slices.IndexFunc(m.records, func(r kpi.Record) bool {
		in := !r.Case.ReceivedAt.Before(m.ask.From) && r.Case.ReceivedAt.Before(m.ask.Until) && r.Case.RecordedAt.Before(m.ask.Cut)
		return in && !r.Case.State.Open() && r.Case.State != models.StateWithdrawn && r.Case.Ending != models.StateWithdrawn
	})
	require.GreaterOrEqual(t, i, 0)
	changed := m.records[i]
	changed.Case.State, changed.Case.Ending = models.StateWithdrawn, models.StateWithdrawn
	m.table.Put(changed)
	_, changes := m.restate(t, m.ask.Cut)
	require.Equal(t, []report.Cause{report.CauseRecord}, moved(changes))
}

func TestStepsAddUpWhereOneLeavesNothingToDivideBy(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, time.October, 1, 0, 0, 0, 0, shanghai)
	m := made{table: kpi.NewTable(), ask: report.Ask{
		Step: report.StepMonth, From: from, Until: from.AddDate(0, 1, 0), Zone: shanghai, Cut: from.AddDate(0, 1, 1), Measures: []string{"resolution_rate"},
		Names: func(_ kpi.Dimension, key string) report.Text { return report.Text{EN: key, ZH: key} },
	}}
	received, solved := from.AddDate(0, 0, 3), from.AddDate(0, 0, 4)
	only := models.Case{
		ID: "only", Number: "RC2026-0000001", State: models.StateClosed, Ending: models.StateClosed, Cycle: 1,
		ReceivedAt: received, RecordedAt: received, FirstResolvedAt: &solved, ResolvedAt: &solved, ClosedAt: &solved,
	}
	m.table.Put(kpi.Record{Case: only})
	var err error
	m.body, err = report.Make(m.table, m.ask)
	require.NoError(t, err)
	only.State, only.Ending = models.StateWithdrawn, models.StateWithdrawn
	m.table.Put(kpi.Record{Case: only}, kpi.Record{Case: models.Case{
		ID: "late", Number: "RC2026-0000002", State: models.StateReceived, Cycle: 1, ReceivedAt: received, RecordedAt: m.ask.Cut.Add(time.Hour),
	}})
	_, changes := m.restate(t, m.ask.Cut.AddDate(0, 0, 9))
	require.Nil(t, changes[0].Steps[0].By, "the only case is withdrawn")
	require.InDelta(t, -1, *changes[0].Steps[1].By, 0, "one more is not resolved: 0 of 1 after 1 of 1")
	require.InDelta(t, 0, *changes[0].Steps[2].By, 0)
}

func TestWhatHappenedAfterTheCutIsToldAsThat(t *testing.T) {
	t.Parallel()
	m := march(t)
	_, changes := m.restate(t, m.ask.Cut.AddDate(0, 2, 0))
	require.Contains(t, moved(changes), report.CauseTime)
	require.NotContains(t, moved(changes), report.CauseRecord)
	require.NotContains(t, moved(changes), report.CauseDefinition)
}

func TestAChangedDefinitionIsToldAsThat(t *testing.T) {
	t.Parallel()
	m := march(t, "csat@1", "feedback_rate@1", "timely_rate@1", "success_rate@1")
	require.Equal(t, "csat@1", m.body.Definition("csat@1").ID)
	twin, changes := m.restate(t, m.ask.Cut)
	require.Equal(t, []report.Cause{report.CauseDefinition}, moved(changes))
	for _, c := range changes {
		require.NotEqual(t, c.Was, c.Is)
		require.True(t, c.Changed())
		_, _, found := twin.Find(c.Is)
		require.True(t, found, "the twin shows %s", c.Is)
	}
}

func TestWhatCanBeCountedNoMoreIsToldAsARest(t *testing.T) {
	t.Parallel()
	m := march(t, "csat@1")
	old := &m.body.Definitions[0]
	old.ID, m.body.Figures[0].ID = "csat@0", "csat@0"
	_, changes := m.restate(t, m.ask.Cut)
	require.Len(t, changes[0].Steps, 1)
	require.Equal(t, report.CauseRest, changes[0].Steps[0].Cause)
	require.Equal(t, "csat@2", changes[0].Is)
}

func TestPeriodsAreThoseOfTheZone(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	at := time.Date(2026, time.April, 1, 4, 0, 0, 0, time.UTC)
	for _, one := range []struct {
		step        report.Step
		zone        *time.Location
		from, until string
	}{
		{report.StepMonth, berlin, "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"}, // clocks were turned in it
		{report.StepMonth, shanghai, "2026-02-28T16:00:00Z", "2026-03-31T16:00:00Z"},
		{report.StepWeek, shanghai, "2026-03-22T16:00:00Z", "2026-03-29T16:00:00Z"},
		{report.StepQuarter, shanghai, "2025-12-31T16:00:00Z", "2026-03-31T16:00:00Z"},
		{report.StepYear, shanghai, "2024-12-31T16:00:00Z", "2025-12-31T16:00:00Z"},
	} {
		from, until := one.step.Before(at, one.zone)
		require.Equal(t, one.from, from.Format(time.RFC3339), one.step)
		require.Equal(t, one.until, until.Format(time.RFC3339), one.step)
		again, _ := one.step.Containing(from, one.zone)
		require.Equal(t, from, again, one.step)
	}
}
