package main

import (
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"recourse/internal/bench"
)

func benchCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "bench", Short: "Measure what this machine can do"}
	var b bench.Intake
	intake := &cobra.Command{
		Use:   "intake",
		Short: "Intake on Postgres, as a ratio to bare workflow starts",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if b.Recourse, err = os.Executable(); err != nil {
				return err
			}
			if b.Temporal, err = findTemporal(); err != nil {
				return err
			}
			if b.Folder, err = os.MkdirTemp("", "recourse-bench-"); err != nil {
				return err
			}
			defer func() { _ = os.RemoveAll(filepath.Clean(b.Folder)) }()
			b.Out = cmd.OutOrStdout()
			return b.Run(cmd.Context())
		},
	}
	intake.Flags().IntVar(&b.Clients, "clients", 32, "clients at a time")
	intake.Flags().IntVar(&b.Bare, "bare", 2000, "empty workflows to start")
	intake.Flags().DurationVar(&b.For, "for", 20*time.Second, "how long the load lasts")
	cmd.AddCommand(intake)
	return cmd
}
