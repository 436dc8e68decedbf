package main_test

import (
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
)

func TestTheSDKCanStartIt(t *testing.T) {
	t.Parallel()
	urgency := temporal.NewSearchAttributeKeyKeyword("Urgency")

	s, err := testsuite.StartDevServer(t.Context(), testsuite.DevServerOptions{
		ExistingPath:     binary,
		ClientOptions:    &client.Options{Namespace: "complaints", Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler))},
		DBFilename:       filepath.Join(t.TempDir(), "temporal.db"),
		EnableUI:         true,
		LogLevel:         "error",
		LogFormat:        "json",
		SearchAttributes: temporal.NewSearchAttributes(urgency.ValueSet("")),
		Stdout:           io.Discard,
		Stderr:           os.Stderr,
	})
	require.NoError(t, err)
	w := work(t, s.Client())
	run, err := s.Client().ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
		TaskQueue:             taskQueue,
		TypedSearchAttributes: temporal.NewSearchAttributes(urgency.ValueSet("high")),
	}, "nap", time.Millisecond)
	require.NoError(t, err)
	require.NoError(t, run.Get(t.Context(), nil))
	w.Stop()
	require.NoError(t, s.Stop())
}

func TestWhatTheReadyLinePromisesAnswers(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "with # and %.db")
	p := launch(t, "--db-filename", file, "--metrics-port", "0", "--namespace", "one", "--namespace", "two", "--ui-disable-writes")

	require.Regexp(t, `^ready temporal=127\.0\.0\.1:\d+ ui=http://127\.0\.0\.1:\d+ metrics=http://127\.0\.0\.1:\d+/metrics namespace=one db=.+ %\.db\n$`, p.line)
	require.Contains(t, get(t, p.said["metrics"]), "service_requests")
	require.Contains(t, get(t, p.said["ui"]), "<html")
	settings := get(t, p.said["ui"]+"/api/v1/settings")
	require.Contains(t, settings, `"DefaultNamespace":"one"`)
	require.Contains(t, settings, `"DisableWriteActions":true`)
	for _, namespace := range []string{"one", "two"} {
		require.Equal(t, 720*time.Hour, retention(t, p, namespace))
	}
	require.FileExists(t, file)
}

func TestAnAttributeAndARetentionCanComeWithARestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "temporal.db")
	first := launch(t, "--headless", "--db-filename", file, "--search-attribute", "Urgency=Keyword")
	require.NoError(t, first.end(syscall.SIGTERM))

	second := launch(t, "--headless", "--db-filename", file, "--search-attribute", "Score=Int", "--retention", "48h")

	c := second.client()
	known, err := c.OperatorService().ListSearchAttributes(t.Context(), &operatorservice.ListSearchAttributesRequest{Namespace: "default"})
	require.NoError(t, err)
	require.Equal(t, enumspb.INDEXED_VALUE_TYPE_KEYWORD, known.CustomAttributes["Urgency"])
	require.Equal(t, enumspb.INDEXED_VALUE_TYPE_INT, known.CustomAttributes["Score"])
	require.Equal(t, 48*time.Hour, retention(t, second, "default"))
	score := temporal.NewSearchAttributeKeyInt64("Score")
	_, err = c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
		TaskQueue: taskQueue, TypedSearchAttributes: temporal.NewSearchAttributes(score.ValueSet(7)),
	}, "nap", time.Hour)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		found, err := c.CountWorkflow(t.Context(), &workflowservice.CountWorkflowExecutionsRequest{Query: "Score = 7"})
		return err == nil && found.Count == 1
	}, patience, glance)
	require.NoError(t, second.end(syscall.SIGTERM))

	code, _, stderr, _ := refuse(t, "server", "start-dev", "--port", "0", "--db-filename", file, "--search-attribute", "Score=Keyword")
	require.Equal(t, 2, code)
	require.Equal(t, "--search-attribute Score=Keyword: namespace default already has it as Int\n", stderr)
}

func TestADatabaseOfAnotherVersionIsMovedAside(t *testing.T) {
	t.Parallel()
	for written, aside := range map[string]string{"1.31.0": ".1.31.0.bak", "": ".unknown.bak"} {
		t.Run("written by "+written, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "temporal.db")
			for suffix, text := range map[string]string{"": "old", "-wal": "old journal", ".version": written} {
				require.NoError(t, os.WriteFile(file+suffix, []byte(text), 0o600))
			}

			p := launch(t, "--headless", "--db-filename", file)

			require.Contains(t, p.stderr.String(), "moved it to "+file+aside+" and began an empty one")
			require.Equal(t, "old", contents(file+aside))
			require.Equal(t, "old journal", contents(file+aside+"-wal"))
			require.NotEqual(t, written, contents(file+".version"))
			_, err := p.client().CheckHealth(t.Context(), nil)
			require.NoError(t, err)
		})
	}
}

func retention(t *testing.T, p *process, namespace string) time.Duration {
	t.Helper()
	found, err := p.client().WorkflowService().DescribeNamespace(t.Context(), &workflowservice.DescribeNamespaceRequest{Namespace: namespace})
	require.NoError(t, err)
	return found.Config.WorkflowExecutionRetentionTtl.AsDuration()
}

func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode)
	return string(body)
}
