package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"recourse/internal/bench"
)

func benchCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "bench", Short: "Measure what this machine can do"}
	var (
		in  bench.Intake
		com bench.Commands
		clk bench.Clocks
	)
	intake := benchRun("intake", "Intake on Postgres, as a ratio to bare workflow starts", &in.Programs, func(ctx context.Context) error { return in.Run(ctx) })
	intake.Flags().IntVar(&in.Clients, "clients", 32, "clients at a time")
	intake.Flags().IntVar(&in.Bare, "bare", 2000, "empty workflows to start")
	intake.Flags().DurationVar(&in.For, "for", 20*time.Second, "how long the load lasts")
	commands := benchRun("commands", "A command on Postgres, as a ratio to a bare update", &com.Programs, func(ctx context.Context) error { return com.Run(ctx) })
	commands.Flags().IntVar(&com.N, "n", 500, "commands to measure")
	clocks := benchRun("clocks", "Thousands of deadlines, timers, idling, and moving cases to another policy", &clk.Programs, func(ctx context.Context) error { return clk.Run(ctx) })
	for shards, of := range map[*int]*cobra.Command{&in.Shards: intake, &com.Shards: commands} {
		of.Flags().IntVar(shards, "shards", 1, "shards of Temporal's history")
	}
	clocks.Flags().IntVar(&clk.Shards, "shards", 16, "shards of Temporal's history")
	clocks.Flags().IntVar(&clk.Burst, "burst", 1000, "deadlines at one instant")
	clocks.Flags().IntVar(&clk.Many, "many", 10_000, "deadlines within a minute")
	clocks.Flags().IntVar(&clk.Open, "open", 20_000, "cases open in all")
	clocks.Flags().IntVar(&clk.Moved, "moved", 5000, "cases to move to another version of the policy")
	clocks.Flags().DurationVar(&clk.Idle, "idle", 30*time.Second, "how long idling is watched")
	cmd.AddCommand(intake, commands, clocks)
	return cmd
}

// benchRun is a command that runs a bench in a folder of its own.
func benchRun(use, short string, p *bench.Programs, run func(ctx context.Context) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if p.Recourse, err = os.Executable(); err != nil {
				return err
			}
			if p.Temporal, err = findTemporal(); err != nil {
				return err
			}
			if p.Folder, err = os.MkdirTemp("", "recourse-bench-"); err != nil {
				return err
			}
			defer func() { _ = os.RemoveAll(filepath.Clean(p.Folder)) }()
			p.Out = cmd.OutOrStdout()
			return run(cmd.Context())
		},
	}
}
