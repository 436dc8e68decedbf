package workflows_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"recourse/workflows"
	"recourse/workflows/contract"
)

// Every history that a release recorded must still replay: a worker of today takes over cases that
// a worker of then began. A change of the order of commands fails here.
func TestEveryRecordedHistoryStillReplays(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files, "record them with go test ./workflows -run Histories -record v0.1.0")
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			replayer := worker.NewWorkflowReplayer()
			replayer.RegisterWorkflowWithOptions(workflows.Complaint, workflow.RegisterOptions{Name: contract.WorkflowComplaint})
			replayer.RegisterWorkflowWithOptions(workflows.Signals, workflow.RegisterOptions{Name: contract.WorkflowSignals})
			replayer.RegisterWorkflowWithOptions(workflows.Report, workflow.RegisterOptions{Name: contract.WorkflowReport})
			require.NoError(t, replayer.ReplayWorkflowHistoryFromJSONFile(nil, file))
		})
	}
}
