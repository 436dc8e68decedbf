package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"recourse/internal/config"
	"recourse/workflows/contract"
)

// embedded is the Temporal server that `recourse dev` runs beside itself, in a process of its own.
type embedded struct {
	cmd    *exec.Cmd
	ended  chan struct{}
	failed error // why it ended; read after ended
}

// temporalProgram is the file name of the embedded server, beside our own program.
const temporalProgram = "recourse-devserver"

// startTemporal starts the embedded server on its SQLite file and returns when it is ready.
func startTemporal(ctx context.Context, folder string, cfg config.Temporal) (*embedded, error) {
	program, err := findTemporal()
	if err != nil {
		return nil, err
	}
	args, err := temporalArgs(folder, cfg)
	if err != nil {
		return nil, err
	}
	if err := temporalPorts(cfg); err != nil {
		return nil, err
	}
	e := &embedded{cmd: exec.Command(program, args...), ended: make(chan struct{})}
	e.cmd.Stderr = os.Stderr
	e.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us; we stop it last
	out, err := e.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := e.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the embedded Temporal server: %w", err)
	}
	ready := make(chan struct{})
	read := make(chan struct{})
	go func() {
		defer close(read)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "ready ") {
				close(ready)
				break
			}
		}
		for lines.Scan() { // nothing of it is for people
		}
	}()
	go func() {
		<-read
		e.failed = e.cmd.Wait()
		close(e.ended)
	}()
	select {
	case <-ready:
		return e, nil
	case <-e.ended:
		return nil, errors.New("the embedded Temporal server did not start; what it said stands above (RECOURSE_TEMPORAL__ADDRESS uses a server of your own)")
	case <-ctx.Done():
		e.stop()
		return nil, ctx.Err()
	}
}

// findTemporal looks for the embedded server beside our own program, then in the path.
func findTemporal() (string, error) {
	if self, err := os.Executable(); err == nil {
		beside := filepath.Join(filepath.Dir(self), temporalProgram)
		if _, err := os.Stat(beside); err == nil {
			return beside, nil
		}
	}
	found, err := exec.LookPath(temporalProgram)
	if err != nil {
		return "", fmt.Errorf("%s is not here: `make devserver` builds it, or set RECOURSE_TEMPORAL__ADDRESS to a Temporal server of your own", temporalProgram)
	}
	return found, nil
}

func temporalArgs(folder string, cfg config.Temporal) ([]string, error) {
	host, port, err := net.SplitHostPort(cfg.Address)
	if err != nil {
		return nil, fmt.Errorf("RECOURSE_TEMPORAL__ADDRESS: %w", err)
	}
	args := []string{
		"server", "start-dev", "--ip", host, "--port", port, "--namespace", cfg.Namespace,
		"--db-filename", filepath.Join(folder, "temporal.db"), "--log-level", "error",
		"--parent-pid", strconv.Itoa(os.Getpid()),
	}
	ui, err := url.Parse(cfg.UIURL)
	if err != nil || ui.Port() == "" {
		args = append(args, "--headless")
	} else {
		args = append(args, "--ui-ip", ui.Hostname(), "--ui-port", ui.Port())
	}
	for name, kind := range contract.AttributeTypes() {
		args = append(args, "--search-attribute", name+"="+kind)
	}
	return args, nil
}

// temporalPorts says, in words of our settings, when somebody else has a port of the embedded server.
func temporalPorts(cfg config.Temporal) error {
	if taken(cfg.Address) {
		return fmt.Errorf("%s is taken by another program: stop that one, or set RECOURSE_TEMPORAL__ADDRESS to use the Temporal server that runs there; temporal.address in a --config file moves the embedded one", cfg.Address)
	}
	if ui, err := url.Parse(cfg.UIURL); err == nil && ui.Port() != "" && taken(ui.Host) {
		return fmt.Errorf("%s is taken by another program: stop that one, or set RECOURSE_TEMPORAL__UI_URL to another address, such as http://127.0.0.1:8333", ui.Host)
	}
	return nil
}

func taken(address string) bool {
	listener, err := net.Listen("tcp", address)
	if err == nil {
		_ = listener.Close()
	}
	return errors.Is(err, syscall.EADDRINUSE)
}

// stopWithin is how long the server may take to stop before it is killed; its file survives that too.
const stopWithin = 15 * time.Second

func (e *embedded) stop() {
	_ = e.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-e.ended:
	case <-time.After(stopWithin):
		_ = e.cmd.Process.Kill()
		<-e.ended
	}
}

// wait returns when the server has ended, and says so: without it nothing moves.
func (e *embedded) wait() error {
	<-e.ended
	return fmt.Errorf("the embedded Temporal server has ended: %w", errors.Join(e.failed, errors.New("start again")))
}
