package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	uiversion "github.com/temporalio/ui-server/v2/server/version"
	"go.temporal.io/server/common/headers"
)

const (
	exitOK     = 0
	exitFailed = 1 // something broke
	exitUsage  = 2 // the caller can put it right: a flag, a port, a file

	// Supervisors commonly kill what has not stopped after ten seconds.
	stopWithin = 8 * time.Second
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 1 && (args[0] == "version" || args[0] == "--version") {
		fmt.Fprintf(stdout, "server %s\nui %s\n%s\n", headers.ServerVersion, uiversion.UIVersion, runtime.Version())
		return exitOK
	}
	opts, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		printHelp(stdout)
		return exitOK
	}
	if err == nil {
		err = serve(opts, stdout, stderr)
	}
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(stderr, err)
	if _, ok := errors.AsType[*usageError](err); ok {
		return exitUsage
	}
	return exitFailed
}

// serve runs the server until a signal, or the end of the parent, asks it to stop.
func serve(opts options, stdout, stderr io.Writer) error {
	ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer restore()
	if opts.parentPID != 0 {
		ctx = whileAlive(ctx, opts.parentPID)
	}
	logger := newLogger(stderr, opts)
	s, err := start(ctx, opts, logger, stderr)
	if ctx.Err() != nil && s == nil {
		return nil // asked to stop before there was anything to stop
	}
	if err != nil {
		return err
	}
	if ctx.Err() == nil {
		fmt.Fprintln(stdout, s.readyLine())
	}
	<-ctx.Done()
	restore() // a second signal kills: nothing is lost, the file is written ahead
	return stopInTime(s)
}

func stopInTime(s *server) error {
	stopped := make(chan error, 1)
	go func() { stopped <- s.stop() }()
	select {
	case err := <-stopped:
		return err
	case <-time.After(stopWithin):
		return fmt.Errorf("the server did not stop within %s; leaving anyway, the database is safe", stopWithin)
	}
}
