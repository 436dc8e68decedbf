package main_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
)

func TestATimerStartedBeforeAStopFiresAfterIt(t *testing.T) {
	for name, signal := range map[string]syscall.Signal{
		"when it was asked to stop": syscall.SIGTERM,
		"when it was killed":        syscall.SIGKILL,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "temporal.db")

			before := launch(t, "--headless", "--db-filename", file)
			c := before.client()
			w := work(t, c)
			_, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "sleeper", TaskQueue: taskQueue}, "nap", 2*time.Second)
			require.NoError(t, err)
			require.Eventually(t, func() bool { return timerStarted(t, c, "sleeper") }, patience, glance)
			w.Stop()
			_ = before.end(signal)

			after := launch(t, "--headless", "--db-filename", file)
			c = after.client()
			w = work(t, c)
			defer w.Stop()
			var answer string
			require.NoError(t, c.GetWorkflow(t.Context(), "sleeper", "").Get(t.Context(), &answer))
			require.Equal(t, "rested", answer)
		})
	}
}

func TestACleanStopIsQuietAndLeavesOneFileThatIsWhole(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "temporal.db")
	p := launch(t, "--db-filename", file)
	begin := time.Now()

	require.NoError(t, p.end(syscall.SIGINT), "exit code 0")

	require.Less(t, time.Since(begin), 10*time.Second)
	require.Empty(t, p.stderr.String())
	journal, err := os.Stat(file + "-wal")
	require.NoError(t, err)
	require.Zero(t, journal.Size())
}

func TestAServerStopsWhenTheProcessItBelongsToIsKilled(t *testing.T) {
	t.Parallel()
	ready := filepath.Join(t.TempDir(), "ready")
	parent := shell(t, `"$0" server start-dev --port 0 --headless --parent-pid $$ >"$1" & wait`, binary, ready)
	require.Eventually(t, func() bool { return contents(ready) != "" }, patience, glance)
	frontend := words(contents(ready))["temporal"]
	require.True(t, listens(frontend))

	require.NoError(t, parent.Process.Kill())

	require.Eventually(t, func() bool { return !listens(frontend) }, patience, glance)
}

func timerStarted(t *testing.T, c client.Client, id string) bool {
	t.Helper()
	history := c.GetWorkflowHistory(t.Context(), id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for history.HasNext() {
		event, err := history.Next()
		require.NoError(t, err)
		if event.EventType == enumspb.EVENT_TYPE_TIMER_STARTED {
			return true
		}
	}
	return false
}
