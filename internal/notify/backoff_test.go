package notify_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/notify"
)

func TestAMessageIsTriedForAboutADay(t *testing.T) {
	t.Parallel()
	var total time.Duration
	for attempt := 1; attempt < notify.Attempts; attempt++ {
		wait := notify.Backoff(attempt)
		require.GreaterOrEqual(t, wait, time.Minute)
		require.Less(t, wait, 5*time.Hour)
		total += wait
	}
	require.InDelta(t, 25, total.Hours(), 2)
	require.Less(t, notify.Backoff(1), 2*time.Minute)
	require.Less(t, notify.Backoff(1000), 5*time.Hour)
}
