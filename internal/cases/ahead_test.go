package cases_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

func TestWhatFallsDueIsCountedByHourClockAndSeverity(t *testing.T) {
	t.Parallel()
	h := newDesk(t, t.TempDir()+"/ahead.db")
	for range 2 {
		h.open(t, told("urgent smoke", "Wang", "13800000001"))
	}
	ahead, err := h.Ahead(t.Context(), supervisor, 0)
	require.NoError(t, err)
	require.Equal(t, 24*time.Hour, ahead.Until.Sub(ahead.From))
	found := map[cases.DueCount]time.Duration{}
	for _, hour := range ahead.Hours {
		total := 0
		for _, due := range hour.Due {
			found[due] = hour.From.Sub(ahead.From.Truncate(time.Hour))
			total += due.Count
		}
		require.Equal(t, total, hour.Total)
	}
	require.Equal(t, map[cases.DueCount]time.Duration{
		{Clock: models.ClockTriage, Severity: models.SeverityGeneral, Bound: models.BoundLimit, Count: 2}: 4 * time.Hour,
	}, found, "the first response is due exactly a day on, which is no longer within it")
	ahead, err = h.Ahead(t.Context(), supervisor, 50)
	require.NoError(t, err)
	total := 0
	for _, hour := range ahead.Hours {
		total += hour.Total
	}
	require.Equal(t, 6, total, "triage, first response and feedback of two cases")

	ahead, err = h.Ahead(t.Context(), as(models.RoleHandler, "sales"), 50)
	require.NoError(t, err)
	for _, hour := range ahead.Hours {
		require.Zero(t, hour.Total, "nobody counts what they may not see")
	}
	_, err = h.Ahead(t.Context(), supervisor, 169)
	require.Equal(t, models.CodeInvalid, models.CodeOf(err))
}
