package main_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

const (
	taskQueue = "test"
	patience  = 30 * time.Second // for a machine that runs many tests at once
	glance    = 20 * time.Millisecond
)

// binary is the program under test, built once.
var binary string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		folder, err := os.MkdirTemp("", "devserver")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(folder)
		binary = filepath.Join(folder, "recourse-devserver")
		build := exec.Command("go", "build", "-ldflags", "-s -w", "-o", binary, ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

// process is a running server, ready.
type process struct {
	*exec.Cmd
	t      *testing.T
	line   string            // what it said when it was ready
	said   map[string]string // the same, by word
	stderr *buffer
}

// launch starts a server on free ports and waits until it says it is ready.
func launch(t *testing.T, args ...string) *process {
	t.Helper()
	args = append([]string{"server", "start-dev", "--port", "0"}, args...)
	p := &process{Cmd: exec.Command(binary, args...), t: t, stderr: new(buffer)}
	p.Stderr = p.stderr
	stdout, err := p.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.Start())
	t.Cleanup(func() {
		_ = p.Process.Kill()
		_ = p.Wait()
	})
	p.line, err = bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err, "not ready: %s", p.stderr)
	p.said = words(p.line)
	return p
}

func words(line string) map[string]string {
	said := map[string]string{}
	for word := range strings.FieldsSeq(line) {
		key, value, _ := strings.Cut(word, "=")
		said[key] = value
	}
	return said
}

// end sends a signal and returns how the process took it.
func (p *process) end(signal os.Signal) error {
	p.t.Helper()
	require.NoError(p.t, p.Process.Signal(signal))
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(patience):
		p.t.Fatalf("still running %s after %s", patience, signal)
		return nil
	}
}

func (p *process) client() client.Client {
	p.t.Helper()
	c, err := client.Dial(client.Options{
		HostPort:  p.said["temporal"],
		Namespace: p.said["namespace"],
		Logger:    log.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	require.NoError(p.t, err)
	p.t.Cleanup(c.Close)
	return c
}

// refuse runs the program to its end and returns its exit code and what it said.
func refuse(t *testing.T, args ...string) (code int, stdout, stderr string, took time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	begin := time.Now()
	_ = cmd.Run()
	return cmd.ProcessState.ExitCode(), out.String(), errs.String(), time.Since(begin)
}

// nap is a workflow that only waits.
func nap(ctx workflow.Context, d time.Duration) (string, error) {
	return "rested", workflow.Sleep(ctx, d)
}

func work(t *testing.T, c client.Client) worker.Worker {
	t.Helper()
	w := worker.New(c, taskQueue, worker.Options{})
	w.RegisterWorkflowWithOptions(nap, workflow.RegisterOptions{Name: "nap"})
	require.NoError(t, w.Start())
	return w
}

// buffer is a bytes.Buffer two goroutines may use.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(text []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(text)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
