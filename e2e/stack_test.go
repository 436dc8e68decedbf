package e2e_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"recourse/internal/check"
	"recourse/internal/store"
	"recourse/internal/vault"
)

// How long things may take on a machine that does other things too.
const (
	startWithin  = 90 * time.Second
	settleWithin = 90 * time.Second
)

// master is the master key of every stack.
var master = bytes.Repeat([]byte{0xE2}, vault.MasterSize)

// A stack is the product as a small company runs it: a Temporal server, an API and a worker, each a
// process of its own, over one database.
type stack struct {
	folder   string
	url      string // of the database
	env      []string
	temporal *process
	api      *process
	worker   *process

	engine  string // address of Temporal
	door    string // URL of the API
	metrics []string
	tokens  map[string]string // by person
	client  client.Client
	vault   *vault.Vault
}

// newStack starts the product over an empty database, with some more settings.
func newStack(t *testing.T, url string, settings ...string) *stack {
	t.Helper()
	s := describe(t, url, settings...)
	s.recourse(t, "migrate")
	s.company(t)
	s.startTemporal(t)
	s.startAPI(t)
	s.startWorker(t)
	return s
}

// describe says where everything will be, and starts nothing.
func describe(t *testing.T, url string, settings ...string) *stack {
	t.Helper()
	s := &stack{folder: t.TempDir(), url: url, engine: freePort(t), tokens: map[string]string{}}
	door, inner := freePort(t), []string{freePort(t), freePort(t)}
	s.door = "http://" + door
	s.metrics = []string{"http://" + inner[0] + "/metrics", "http://" + inner[1] + "/metrics"}
	s.env = cleanEnv(
		"RECOURSE_DATABASE__URL="+url, "RECOURSE_TEMPORAL__ADDRESS="+s.engine, "RECOURSE_HTTP__LISTEN="+door,
		"RECOURSE_VAULT__KEY="+hex.EncodeToString(master), "RECOURSE_COMPANY__LANGUAGE=en", "RECOURSE_LOG__FORMAT=json",
		"RECOURSE_OUTGOING__ALLOW=127.0.0.1",
	)
	s.env = append(s.env, settings...)
	main := program(t, "recourse")
	s.temporal = newProcess(t, s.folder, "temporal", program(t, "recourse-devserver"), cleanEnv(),
		"server", "start-dev", "--headless", "--log-level", "error", "--db-filename", s.history(),
		"--port", s.engine[strings.LastIndex(s.engine, ":")+1:])
	s.api = newProcess(t, s.folder, "api", main, slices.Concat(s.env, []string{"RECOURSE_ADMIN__LISTEN=" + inner[0]}), "serve")
	s.worker = newProcess(t, s.folder, "worker", main, slices.Concat(s.env, []string{"RECOURSE_ADMIN__LISTEN=" + inner[1]}), "worker")
	var err error
	s.vault, err = vault.New(master)
	require.NoError(t, err)
	s.client, err = client.NewLazyClient(client.Options{HostPort: s.engine, Logger: silent})
	require.NoError(t, err)
	t.Cleanup(s.client.Close)
	return s
}

// history is the file in which Temporal keeps everything.
func (s *stack) history() string { return filepath.Join(s.folder, "temporal.db") }

func (s *stack) startTemporal(t *testing.T) {
	t.Helper()
	ready := s.temporal.said("ready temporal=")
	s.temporal.start(t)
	s.temporal.await(t, "Temporal is ready", func() bool { return s.temporal.said("ready temporal=") > ready })
}

func (s *stack) startAPI(t *testing.T) {
	t.Helper()
	s.api.start(t)
	s.api.await(t, "the API answers", func() bool { return s.nobody().get(t, "/healthz").status == http.StatusOK })
}

func (s *stack) startWorker(t *testing.T) {
	t.Helper()
	ready := s.worker.said("worker ready")
	s.worker.start(t)
	s.worker.await(t, "the worker is ready", func() bool { return s.worker.said("worker ready") > ready })
}

// record opens the stack's record from here, for what no door shows.
func (s *stack) record(t *testing.T) *store.Store {
	t.Helper()
	record, err := store.Open(t.Context(), s.url, store.Options{Connections: 2})
	require.NoError(t, err)
	t.Cleanup(func() { _ = record.Close() })
	return record
}

// recourse runs one of the operator's tools and returns what it said; it must succeed.
func (s *stack) recourse(t *testing.T, args ...string) string {
	t.Helper()
	said, complained, err := s.try(t, args...)
	require.NoError(t, err, "recourse %s\n%s%s", strings.Join(args, " "), said, complained)
	return said
}

// try runs one of the operator's tools.
func (s *stack) try(t *testing.T, args ...string) (said, complained string, err error) {
	t.Helper()
	return runTool(t, s.folder, s.env, args...)
}

func runTool(t *testing.T, folder string, env []string, args ...string) (said, complained string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(t, "recourse"), args...)
	var out, bad bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = folder, env, &out, &bad
	err = cmd.Run()
	return out.String(), bad.String(), err
}

// checkClean ends every test.
func (s *stack) checkClean(t *testing.T) check.Report {
	t.Helper()
	return checkClean(t, s.folder, s.env)
}

// checkClean asks the product's own checker, and believes it only when it has looked at everything.
func checkClean(t *testing.T, folder string, env []string, args ...string) check.Report {
	t.Helper()
	said, complained, err := runTool(t, folder, env, append([]string{"check", "--json"}, args...)...)
	var report check.Report
	require.NoError(t, json.Unmarshal([]byte(said), &report), "recourse check: %v\n%s%s", err, said, complained)
	for _, v := range report.Verdicts {
		if v.Broken > 0 || v.Skipped {
			t.Errorf("check %s: broken %d, skipped %t %s: %+v", v.Key, v.Broken, v.Skipped, v.Note, v.Findings)
		}
	}
	require.NoError(t, err, "recourse check ends with a fault: %s", complained)
	require.True(t, report.OK())
	require.Len(t, report.Verdicts, len(check.Invariants()))
	t.Logf("check: %d cases, %d events, %d messages, %d verdicts clean, %s",
		report.Cases, report.Events, report.Messages.Created, len(report.Verdicts), report.Took.Round(time.Millisecond))
	return report
}

// saidByAll is everything that the processes have said and shown of themselves.
func (s *stack) saidByAll(t *testing.T) map[string][]byte {
	t.Helper()
	said := map[string][]byte{}
	for _, p := range []*process{s.temporal, s.api, s.worker} {
		log, err := os.ReadFile(p.log)
		require.NoError(t, err)
		said["log of "+p.name] = log
	}
	for _, url := range s.metrics {
		answer, err := http.Get(url) //nolint:noctx // a test
		require.NoError(t, err)
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Contains(t, string(body), "recourse_")
		said[url] = body
	}
	return said
}
