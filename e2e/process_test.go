package e2e_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A process is one of our programs, as often as it is started. What it says goes to a file, and is
// printed when the test fails. It never outlives the test.
type process struct {
	name    string
	program string
	args    []string
	env     []string
	dir     string
	log     string

	mu    sync.Mutex
	cmd   *exec.Cmd
	ended chan struct{}
	ours  bool // we end it
}

// newProcess describes a process without starting it.
func newProcess(t *testing.T, dir, name, program string, env []string, args ...string) *process {
	t.Helper()
	p := &process{
		name: name, program: program, args: args, env: env, dir: dir,
		log: filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".log"),
	}
	t.Cleanup(func() {
		if p.endedByItself() {
			t.Errorf("%s ended by itself: %v", name, p.cmd.ProcessState)
		}
		p.kill()
		if t.Failed() {
			t.Logf("--- what %s said last:\n%s", name, tail(p.log, 12_000))
		}
	})
	return p
}

// cleanEnv is the environment of every process: ours would bring settings of whoever runs the tests.
func cleanEnv(settings ...string) []string {
	env := settings
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		if value, is := os.LookupEnv(name); is {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func (p *process) start(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	out, err := os.OpenFile(p.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	cmd := exec.Command(p.program, p.args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = p.dir, p.env, out, out
	cmd.SysProcAttr = leash()
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", p.name, err)
	}
	ended := make(chan struct{})
	p.cmd, p.ended, p.ours = cmd, ended, false
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
}

// kill ends the process as a power cut does, and waits until it is gone.
func (p *process) kill() { p.end(syscall.SIGKILL) }

// stop asks the process to end, as Ctrl-C does, and returns its exit code.
func (p *process) stop(t *testing.T) int {
	t.Helper()
	return p.end(syscall.SIGINT)
}

// endWithin is how long a process may take to end when it is asked to.
const endWithin = 60 * time.Second

func (p *process) end(how syscall.Signal) (code int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return 0
	}
	p.ours = true
	_ = p.cmd.Process.Signal(how)
	select {
	case <-p.ended:
	case <-time.After(endWithin):
		_ = p.cmd.Process.Kill()
		<-p.ended
		return -1
	}
	return p.cmd.ProcessState.ExitCode()
}

func (p *process) endedByItself() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil || p.ours {
		return false
	}
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// wait returns the exit code of a process that ends by itself.
func (p *process) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(endWithin):
		t.Fatalf("%s does not end", p.name)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ours = true
	return p.cmd.ProcessState.ExitCode()
}

// await waits until a process that was started is so.
func (p *process) await(t *testing.T, what string, is func() bool) {
	t.Helper()
	await(t, startWithin, what, func() bool {
		if p.endedByItself() {
			t.Fatalf("%s ended by itself before %s", p.name, what)
		}
		return is()
	})
}

// said counts how often the process has said something since it was first started.
func (p *process) said(words string) int {
	log, err := os.ReadFile(p.log)
	if err != nil {
		return 0
	}
	return bytes.Count(log, []byte(words))
}

func tail(file string, most int) string {
	log, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	if len(log) > most {
		log = append([]byte("…"), log[len(log)-most:]...)
	}
	return string(log)
}

// await waits until something is so.
func await(t *testing.T, within time.Duration, what string, is func() bool) {
	t.Helper()
	deadline := time.Now().Add(within)
	for !is() {
		if time.Now().After(deadline) {
			t.Fatalf("after %s it is still not so: %s", within, what)
		}
		<-time.After(25 * time.Millisecond)
	}
}

// freePort finds a port below those that the system hands out to callers, so that nobody takes it
// while its owner is dead.
func freePort(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(12_000))
		if free(address) {
			return address
		}
	}
	t.Fatal(errors.New("no free port"))
	return ""
}

func free(address string) bool {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return false
	}
	return listener.Close() == nil
}
