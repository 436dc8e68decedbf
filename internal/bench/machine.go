package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// program is a process of ours under load.
type program struct {
	cmd *exec.Cmd
	log *os.File
}

// start runs a program with settings on top of the environment; what it says goes to a file.
func start(folder, name string, settings []string, path string, args ...string) (*program, error) {
	log, err := os.Create(filepath.Join(folder, name+".log"))
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), settings...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", name, err), log.Close())
	}
	return &program{cmd: cmd, log: log}, nil
}

// stop asks the program to end and waits for it.
func (p *program) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
	_ = p.log.Close()
}

// memory returns the resident memory of the program in MiB.
func (p *program) memory() float64 {
	status, err := os.Open(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	defer status.Close()
	lines := bufio.NewScanner(status)
	for lines.Scan() {
		var kib float64
		if _, err := fmt.Sscanf(lines.Text(), "VmRSS: %f kB", &kib); err == nil {
			return kib / 1024
		}
	}
	return 0
}

// temporal runs the embedded server on a store and returns its address.
func temporal(folder, path, database string, shards int) (*program, string, error) {
	p, err := start(folder, "temporal", nil, path, "server", "start-dev", "--port", "0", "--headless", "--log-level", "error",
		"--db-postgres", database, "--shards", strconv.Itoa(shards), "--parent-pid", strconv.Itoa(os.Getpid()))
	if err != nil {
		return nil, "", err
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		said, err := os.ReadFile(p.log.Name())
		if err != nil {
			return p, "", err
		}
		if _, rest, is := strings.Cut(string(said), "ready temporal="); is {
			address, _, _ := strings.Cut(rest, " ")
			return p, address, nil
		}
	}
	return p, "", errors.New("temporal did not start; see its log")
}

// freeAddress returns a loopback address that nobody listens on now.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// awaitOK waits until an address answers 200.
func awaitOK(ctx context.Context, url string) error {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			continue
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return nil
		}
	}
	return fmt.Errorf("%s did not come up", url)
}
