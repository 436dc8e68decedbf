package e2e_test

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"recourse/models"
	"recourse/workflows/contract"
)

func TestTheProgramStartsAgainWhereItStopped(t *testing.T) {
	d := newDev(t)
	d.start(t)
	d.requireURLsToAnswer(t)
	cases := d.cases(t)
	require.Len(t, cases, 20)
	live := d.awaitWorkflows(t, cases)
	timers := d.timers(t, live)
	promises := d.requirePromisesToTick(t, live, timers)
	d.end(t)

	d.start(t)
	again := d.cases(t)
	require.Equal(t, numbersOf(cases), numbersOf(again), "the same samples, and no second ones")
	require.Equal(t, live, d.awaitWorkflows(t, again))
	require.Equal(t, timers, d.timers(t, live), "the timers of the first start still tick, and no others")
	d.checkClean(t)
	d.end(t)
	t.Logf("twenty samples, %d live, each with workflow and summary; %d promise timers of %d tick on after Ctrl-C and a second start", len(live), promises, sum(timers))
}

func TestATakenPortIsSaidInOneSentenceAndNothingIsLeftRunning(t *testing.T) {
	for _, taken := range []string{"API", "Temporal", "metrics", "Temporal UI"} {
		t.Run(taken, func(t *testing.T) {
			d := newDev(t)
			port := map[string]string{"API": d.door, "Temporal": d.engine, "metrics": d.inner, "Temporal UI": d.ui}[taken]
			listener, err := net.Listen("tcp", port)
			require.NoError(t, err)
			defer func() { _ = listener.Close() }()
			d.process.start(t) // it never says that it runs
			code := d.wait(t)
			require.Equal(t, 1, code)
			said := strings.TrimSpace(tail(d.log, 10_000))
			require.Contains(t, said, port, "it says which port")
			require.NotContains(t, said, "\n", "one sentence")
			d.requireNothingLeft(t, port)
			t.Logf("exit %d: %s", code, said)
		})
	}
}

// dev is `recourse dev` in a folder of its own.
type dev struct {
	*process

	folder, settings        string
	door, engine, ui, inner string
	client                  client.Client
}

func newDev(t *testing.T) *dev {
	t.Helper()
	d := &dev{folder: t.TempDir(), door: freePort(t), engine: freePort(t), ui: freePort(t), inner: freePort(t)}
	// RECOURSE_TEMPORAL__ADDRESS would mean a server of one's own; the file moves the embedded one.
	d.settings = filepath.Join(d.folder, "settings.yaml")
	require.NoError(t, os.WriteFile(d.settings, []byte(fmt.Sprintf(
		"temporal:\n  address: %s\n  ui_url: http://%s\nhttp:\n  listen: %s\nadmin:\n  listen: %s\n", d.engine, d.ui, d.door, d.inner)), 0o600))
	d.process = newProcess(t, d.folder, "recourse dev", program(t, "recourse"), cleanEnv(), "dev", "--config", d.settings)
	var err error
	d.client, err = client.NewLazyClient(client.Options{HostPort: d.engine, Logger: silent})
	require.NoError(t, err)
	t.Cleanup(d.client.Close)
	return d
}

func (d *dev) start(t *testing.T) {
	t.Helper()
	before := d.said("Recourse is running")
	d.process.start(t)
	d.await(t, "it says that it runs", func() bool { return d.said("Recourse is running") > before })
}

// end stops it as Ctrl-C does and looks for what it may have left behind.
func (d *dev) end(t *testing.T) {
	t.Helper()
	require.Equal(t, 0, d.stop(t), "Ctrl-C is a clean end")
	d.requireNothingLeft(t, "")
}

func (d *dev) requireNothingLeft(t *testing.T, but string) {
	t.Helper()
	for _, port := range []string{d.door, d.engine, d.ui, d.inner} {
		if port != but {
			await(t, 10*time.Second, port+" is free again", func() bool { return free(port) })
		}
	}
	if runtime.GOOS != "linux" {
		return
	}
	folders, err := filepath.Glob("/proc/[0-9]*/cwd")
	require.NoError(t, err)
	for _, link := range folders {
		if at, err := os.Readlink(link); err == nil {
			require.NotEqual(t, d.folder, at, "a process is left: %s", link)
		}
	}
}

func (d *dev) requireURLsToAnswer(t *testing.T) {
	t.Helper()
	anybody := caller{door: "http://" + d.door}
	for _, path := range []string{"/healthz", "/readyz", "/openapi.json", "/docs", "http://" + d.ui, "http://" + d.inner + "/metrics"} {
		require.Equal(t, http.StatusOK, anybody.get(t, path).status, path)
	}
	said := tail(d.log, 100_000)
	for line := range strings.FieldsSeq(said) {
		if at, err := url.Parse(line); err == nil && at.Scheme == "http" && !strings.Contains(line, "/api/v1") {
			require.Equal(t, http.StatusOK, anybody.get(t, line).status, line)
		}
	}
}

// tokens is the private file with the sample people's tokens.
func (d *dev) tokens() string { return filepath.Join(d.folder, "data", "sample-people.txt") }

// checkClean asks the product's own checker.
func (d *dev) checkClean(t *testing.T) {
	t.Helper()
	checkClean(t, d.folder, d.env, "--config", d.settings)
}

// token is the supervisor's, from the private file.
func (d *dev) token(t *testing.T) string {
	t.Helper()
	file := d.tokens()
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "the tokens are private")
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	for line := range strings.Lines(string(content)) {
		if fields := strings.Fields(line); fields[0] == string(models.RoleSupervisor) {
			return fields[len(fields)-1]
		}
	}
	t.Fatal("no token of a supervisor")
	return ""
}

func (d *dev) supervisor(t *testing.T) caller {
	t.Helper()
	return caller{door: "http://" + d.door, token: d.token(t)}
}

func (d *dev) cases(t *testing.T) []standing {
	t.Helper()
	return all[standing](t, d.supervisor(t), "/api/v1/complaints?limit=7")
}

func numbersOf(cases []standing) []string {
	var numbers []string
	for _, c := range cases {
		numbers = append(numbers, c.Number)
	}
	slices.Sort(numbers)
	return numbers
}

// awaitWorkflows waits until every live case has its workflow and no other case has, and returns the
// numbers of the live ones by workflow. Each must have a summary that a person can read.
func (d *dev) awaitWorkflows(t *testing.T, cases []standing) map[string]string {
	t.Helper()
	live := map[string]string{}
	for _, c := range cases {
		id := contract.WorkflowID(c.ID)
		if c.State == models.StateArchived {
			require.False(t, runs(t, d.client, id), "%s is sealed", c.Number)
			continue
		}
		live[id] = c.Number
		await(t, settleWithin, "the workflow of "+c.Number+" runs", func() bool { return runs(t, d.client, id) })
		desc, err := d.client.WorkflowService().DescribeWorkflowExecution(t.Context(), describing(id))
		require.NoError(t, err)
		var summary string
		require.NoError(t, converter.GetDefaultDataConverter().FromPayload(desc.GetExecutionConfig().GetUserMetadata().GetSummary(), &summary))
		require.Contains(t, summary, c.Number)
		require.Contains(t, summary, c.Severity)
	}
	require.NotEmpty(t, live)
	return live
}

// timers are the timers that tick for each workflow, by the event that started them and its summary.
func (d *dev) timers(t *testing.T, live map[string]string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for id := range live {
		var ticking map[int64]string
		await(t, settleWithin, "its first task is done", func() bool {
			var settled bool
			ticking, settled = d.ticking(t, id)
			return settled
		})
		for event, summary := range ticking {
			all[id] = append(all[id], fmt.Sprintf("%d %s", event, summary))
		}
		slices.Sort(all[id])
	}
	return all
}

// ticking returns the timers of a workflow that neither fired nor were cancelled, and whether the
// worker has nothing left to do for it.
func (d *dev) ticking(t *testing.T, id string) (timers map[int64]string, settled bool) {
	t.Helper()
	timers = map[int64]string{}
	for _, e := range eventsOf(t, d.client, id, "") {
		switch e.GetEventType() { //nolint:exhaustive // the others are not about timers
		case enumspb.EVENT_TYPE_TIMER_STARTED:
			var summary string
			require.NoError(t, converter.GetDefaultDataConverter().FromPayload(e.GetUserMetadata().GetSummary(), &summary))
			timers[e.GetEventId()] = summary
		case enumspb.EVENT_TYPE_TIMER_FIRED:
			delete(timers, e.GetTimerFiredEventAttributes().GetStartedEventId())
		case enumspb.EVENT_TYPE_TIMER_CANCELED:
			delete(timers, e.GetTimerCanceledEventAttributes().GetStartedEventId())
		case enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
			settled = true
		}
	}
	desc, err := d.client.WorkflowService().DescribeWorkflowExecution(t.Context(), describing(id))
	require.NoError(t, err)
	return timers, settled && desc.GetPendingWorkflowTask() == nil && len(desc.GetPendingActivities()) == 0
}

func describing(id string) *workflowservice.DescribeWorkflowExecutionRequest {
	r := &workflowservice.DescribeWorkflowExecutionRequest{Namespace: "default", Execution: execution(id)}
	return r
}

// requirePromisesToTick fails unless each promise that still runs has exactly one named timer.
func (d *dev) requirePromisesToTick(t *testing.T, live map[string]string, timers map[string][]string) (promises int) {
	t.Helper()
	for id, number := range live {
		var clocks struct {
			Items []struct {
				Clock       models.Clock `json:"clock"`
				End         string       `json:"end"`
				LimitMissed bool         `json:"limit_missed"`
			}
		}
		d.supervisor(t).get(t, "/api/v1/complaints/"+number+"/clocks").into(t, &clocks)
		for clock, name := range map[models.Clock]string{models.ClockFirstResponse: "24 h promise", models.ClockFeedback: "48 h promise"} {
			want := 0
			for _, run := range clocks.Items {
				if run.Clock == clock && run.End == "running" && !run.LimitMissed {
					want++
				}
			}
			have := 0
			for _, timer := range timers[id] {
				if strings.Contains(timer, name) {
					have++
				}
			}
			require.Equal(t, want, have, "%s of %s: %v", name, number, timers[id])
			promises += have
		}
	}
	require.NotZero(t, promises)
	return promises
}

func sum(timers map[string][]string) (n int) {
	for _, of := range timers {
		n += len(of)
	}
	return n
}
