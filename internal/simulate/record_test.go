package simulate_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/check/checktest"
	"recourse/internal/lifecycle"
	"recourse/internal/simulate"
	"recourse/internal/store"
	"recourse/models"
)

// recorded are the cases of a healthy record, and their events.
func recorded(t *testing.T, n int) []simulate.Case {
	t.Helper()
	s := fresh(t)
	require.NoError(t, checktest.Fill(t.Context(), s, 7, n))
	return casesOf(t, s)
}

// casesOf are all cases of a record, and their events.
func casesOf(t *testing.T, s *store.Store) []simulate.Case {
	t.Helper()
	rows, err := s.AllCases(t.Context(), "", 10_000)
	require.NoError(t, err)
	var all []simulate.Case
	for _, row := range rows {
		entries, err := s.Entries(t.Context(), row.ID, 0, 0)
		require.NoError(t, err)
		c := simulate.Case{Name: row.Number}
		for _, entry := range entries {
			e, err := entry.Event()
			require.NoError(t, err)
			c.Events = append(c.Events, e)
		}
		all = append(all, c)
	}
	return all
}

func asRecorded() lifecycle.Rules {
	return simulate.AsRecorded(func(version string, at time.Time, zone string) models.Plan {
		plan, _ := checktest.Plans{}.Plan(version, at, zone)
		return plan
	})
}

// signal is what went out, or was passed: no more of an event counts.
type signal struct {
	Key   string
	DueAt time.Time
	Roles []models.Role
}

func signals(events []models.Event) []signal {
	var all []signal
	for _, e := range events {
		switch d := e.Data.(type) {
		case models.Breached:
			all = append(all, signal{string(d.Clock) + " " + string(d.Bound), d.DueAt, nil})
		case models.Escalated:
			all = append(all, signal{d.Alert, d.DueAt, d.Roles})
		}
	}
	return all
}

func TestThePolicyThatCasesRanUnderGivesTheAlertsAndBreachesOnRecord(t *testing.T) {
	t.Parallel()
	compared := 0
	for _, c := range recorded(t, 200) {
		again := lifecycle.Replay(c.Events, asRecorded(), checktest.Now)
		require.ElementsMatch(t, signals(c.Events), signals(again.Events), c.Name)
		compared += len(signals(c.Events))
	}
	require.Greater(t, compared, 500)
}

func TestAComparisonNamesTheVerdictsThatChange(t *testing.T) {
	t.Parallel()
	strict, err := simulate.New(simulate.Config{
		Variants: []simulate.Variant{{Name: "as recorded", Rules: asRecorded()}, {Name: "flat", Rules: simulate.Under(flat(t))}},
		AsOf:     checktest.Now, Zone: time.UTC, Temp: t.TempDir(),
	})
	require.NoError(t, err)
	defer func() { require.NoError(t, strict.Close()) }()
	for _, c := range recorded(t, 60) {
		require.NoError(t, strict.Add(c))
	}
	r, err := strict.Report()
	require.NoError(t, err)
	require.Equal(t, 60, r.Cases)
	require.Positive(t, r.Changed.Better, "flat has no shorter targets")
	var out bytes.Buffer
	require.NoError(t, r.WriteJSON(&out))
	var read struct {
		Changes []simulate.Change `json:"changes"`
		Changed simulate.Changed  `json:"changed"`
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &read), out.String())
	require.Len(t, read.Changes, read.Changed.Verdicts)
	for _, change := range read.Changes {
		require.NotEqual(t, change.Was, change.Is)
	}
	require.NoError(t, r.Write(&out))
}
