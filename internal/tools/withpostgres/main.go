package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"

	"recourse/internal/pgtest"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: withpostgres VARIABLE COMMAND…")
		os.Exit(2)
	}
	code, err := run(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
	}
	os.Exit(code)
}

// run returns what the command returned, or 1 when it could not be asked.
func run(variable string, command []string) (int, error) {
	if os.Getenv(variable) != "" {
		return follow(command)
	}
	server, err := pgtest.Start("")
	if errors.Is(err, pgtest.ErrNoBinaries) && os.Getenv("CI") != "true" {
		fmt.Fprintf(os.Stderr, "SKIPPED: %s stays empty: %v\n", variable, err)
		return follow(command)
	}
	if err != nil {
		return 1, err
	}
	code, err := follow(command, variable+"="+server.URL)
	return code, errors.Join(err, server.Stop())
}

// follow runs the command to its end; Ctrl-C reaches it too, and it decides.
func follow(command []string, more ...string) (int, error) {
	signal.Ignore(os.Interrupt)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), more...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		exit, is := errors.AsType[*exec.ExitError](err)
		if !is {
			return 1, err
		}
		return max(exit.ExitCode(), 1), nil // killed by a signal is -1
	}
	return 0, nil
}
