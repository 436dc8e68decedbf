package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"recourse/internal/cases"
)

func factsCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "facts", Short: "What figures read beside the cases"}
	cmd.AddCommand(&cobra.Command{
		Use:   "rebuild",
		Short: "Fold the facts of all cases from their events again, while the program works; migrate and restore do it by themselves",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				changed, err := rebuildFacts(ctx, s.store, true, cmd.ErrOrStderr())
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "the facts follow from the events; cases that had others: %d\n", changed)
				return err
			})
		},
	})
	return cmd
}

// rebuildFacts brings the facts in line with the events and shows on out how far it is: by a bar on a terminal,
// else by a line now and then.
func rebuildFacts(ctx context.Context, record cases.Figured, anyway bool, out io.Writer) (changed int, err error) {
	var bar *progressbar.ProgressBar
	told := time.Now()
	changed, err = cases.RebuildFacts(ctx, record, anyway, func(done, of int64) {
		switch {
		case isTerminal(os.Stderr):
			if bar == nil {
				bar = progressbar.NewOptions64(of, progressbar.OptionSetWriter(out), progressbar.OptionSetDescription("facts"),
					progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionThrottle(tellEvery/30))
			}
			_ = bar.Set64(done)
		case time.Since(told) >= tellEvery:
			told = time.Now()
			_, _ = fmt.Fprintf(out, "facts of %d of %d cases\n", done, of)
		}
	})
	if bar != nil {
		_ = bar.Exit()
		_, _ = fmt.Fprintln(out)
	}
	if err != nil {
		return changed, fmt.Errorf("fold the facts from the events: %w; run it again, it goes on where it stopped", err)
	}
	return changed, nil
}
