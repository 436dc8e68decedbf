package kpi_test

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/kpi"
)

var update = flag.Bool("update", false, "write docs/kpis.md again")

const page = "../../docs/kpis.md"

func TestDocsAreCurrent(t *testing.T) {
	t.Parallel()
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(kpi.Docs()), 0o644))
	}
	written, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Equal(t, kpi.Docs(), string(written), "run go generate ./internal/kpi")
}

func TestEveryMeasureSaysAllInBothLanguages(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, m := range append(kpi.Measures(), kpi.Retired()...) {
		require.False(t, seen[m.ID()], m.ID())
		seen[m.ID()] = true
		for _, text := range []kpi.Text{m.Title, m.Question, m.Population, m.Numerator, m.Denominator} {
			require.NotEmpty(t, text.EN, m.Key)
			require.NotEmpty(t, text.ZH, m.Key)
		}
		require.Positive(t, m.Version, m.Key)
		require.NotEmpty(t, m.Unit, m.Key)
		require.NotEmpty(t, m.Cycle, m.Key)
		require.NotEmpty(t, m.Of, m.Key)
		require.NotEmpty(t, m.Whose, m.Key)
		if m.Kind != kpi.KindNone {
			require.NotEmpty(t, m.From.EN, m.Key)
			require.NotEmpty(t, m.To.ZH, m.Key)
		}
		for _, key := range m.Beside {
			_, err := kpi.Find(key)
			require.NoError(t, err, m.Key)
		}
		found, err := kpi.Find(m.ID())
		require.NoError(t, err)
		require.Equal(t, m.Title, found.Title)
	}
}

// The contract of shared/product.md, section 6, word by word.
func TestEveryFigureOfTheContractIsThere(t *testing.T) {
	t.Parallel()
	for key, target := range map[string]float64{
		"first_response_rate": 0.95, "first_response_target_rate": 0, "feedback_rate": 0.95, "timely_rate": 0, "success_rate": 0,
		"resolution_rate": 0.95, "csat": 0.85, "process_csat": 0, "nps": 0, "answer_rate": 0, "time_to_first_response": 0,
		"time_to_solution": 0, "resolution_time": 0, "closing_time": 0, "total_time": 0, "fcr": 0, "recurrence_rate": 0,
		"repeat_complaint_rate": 0, "acceptance_rate": 0, "return_rate": 0, "transfer_rate": 0, "rework_rate": 0, "escalation_rate": 0,
		"acknowledge_rate": 0, "ack_time": 0, "urge_rate": 0, "withdrawn_rate": 0, "not_accepted_rate": 0, "merge_rate": 0,
		"interim_rate": 0, "pause_share": 0, "completion_rate": 0, "response_rate": 0, "deviation_rate": 0.05, "complaint_rate": 0,
		"department_time": 0, "compensation_cost": 0,
	} {
		m, err := kpi.Find(key)
		require.NoError(t, err)
		require.InDelta(t, target, m.Target, 0, key)
		require.Equal(t, key == "deviation_rate", m.Alarm, key)
	}
	require.Len(t, kpi.Headline(), 6)
}
