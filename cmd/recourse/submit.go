package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"recourse/internal/engine"
	"recourse/internal/sheet"
	"recourse/internal/submit"
)

func submitCommand() *cobra.Command {
	var (
		file           sheet.File
		cfg            submit.Config
		mapping        string
		refused        string
		tokenFile      string
		countFirstTask bool
	)
	cmd := &cobra.Command{
		Use:   "submit FILE",
		Short: "Send the rows of a CSV file through the API, each once however often it is tried",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file.Path = args[0]
			m, err := readMapping(mapping)
			if err != nil {
				return err
			}
			if tokenFile != "" {
				token, err := os.ReadFile(tokenFile)
				if err != nil {
					return err
				}
				cfg.Token = strings.TrimSpace(string(token))
			}
			cfg.Now, cfg.Progress, cfg.Terminal = time.Now, cmd.ErrOrStderr(), isTerminal(os.Stderr)
			if countFirstTask {
				settings, err := load(cmd)
				if err != nil {
					return err
				}
				counter, err := newFirstTasks(settings.Temporal.Address, settings.Temporal.Namespace)
				if err != nil {
					return err
				}
				defer counter.engine.Close()
				cfg.Counter = counter
			}
			report, err := submit.Run(cmd.Context(), file, m, cfg)
			return tell(cmd.OutOrStdout(), report, refused, err)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&mapping, "mapping", "", "YAML `file` that says how columns become fields")
	flags.StringVar(&file.Encoding, "encoding", "", fmt.Sprintf("how the file is written: %v", sheet.Encodings()))
	flags.StringVar(&cfg.Server, "server", "http://127.0.0.1:8080", "`address` of the API")
	flags.StringVar(&cfg.Token, "token", "", "of somebody who may put complaints on record")
	flags.StringVar(&tokenFile, "token-file", "", "`file` that holds the token, so that no list of processes shows it")
	flags.IntVar(&cfg.Clients, "clients", 4, "how many send at a time")
	flags.IntVar(&cfg.Limit, "limit", 0, "send at most so many rows; 0: all")
	flags.Float64Var(&cfg.RepeatShare, "repeat-share", 0, "share of the rows to send twice with the same key")
	flags.StringVar(&refused, "refused", "", "write refused rows to this `file`")
	flags.BoolVar(&countFirstTask, "count-first-tasks", false, "count at Temporal how many workflows completed their first task")
	return required(cmd, "mapping")
}

func readMapping(path string) (submit.Mapping, error) {
	in, err := os.Open(path)
	if err != nil {
		return submit.Mapping{}, err
	}
	defer func() { _ = in.Close() }()
	return submit.ReadMapping(in)
}

// tell prints the report, whatever ended the sending, and judges it.
func tell(out io.Writer, report submit.Report, refused string, failed error) error {
	if err := report.Write(out); err != nil {
		return err
	}
	if refused != "" {
		to, err := os.Create(refused)
		if err != nil {
			return err
		}
		defer func() { _ = to.Close() }()
		if err := report.WriteRefused(to); err != nil {
			return err
		}
	}
	if failed != nil {
		return failed
	}
	return report.Verdict()
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// firstTasks counts workflows that completed their first task; whoever was counted is not asked again.
type firstTasks struct {
	engine *engine.Engine
	done   map[string]struct{}
}

func newFirstTasks(address, namespace string) (*firstTasks, error) {
	e, err := engine.New(engine.Config{Address: address, Namespace: namespace, Logger: quiet(), Now: time.Now})
	return &firstTasks{engine: e, done: map[string]struct{}{}}, err
}

// FirstTasks implements submit.Counter.
func (f *firstTasks) FirstTasks(ctx context.Context) (int, error) {
	running, err := f.engine.Running(ctx)
	if err != nil {
		return 0, err
	}
	for _, id := range running {
		if _, counted := f.done[id]; counted {
			continue
		}
		done, err := f.engine.FirstTaskDone(ctx, id)
		if err != nil {
			return 0, err
		}
		if done {
			f.done[id] = struct{}{}
		}
	}
	return len(f.done), nil
}

func healthCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "health URL",
		Short: "Exit 0 when an address answers 2xx, for health checks without a shell",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), 3*time.Second)
			defer cancel()
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, args[0], nil)
			if err != nil {
				return err
			}
			answer, err := http.DefaultClient.Do(req)
			if err != nil {
				return err
			}
			defer func() { _ = answer.Body.Close() }()
			if answer.StatusCode/100 != 2 {
				return fmt.Errorf("%s answers %s", args[0], answer.Status)
			}
			return nil
		},
	}
}
