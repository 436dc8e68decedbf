package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

// tellEvery is how often a rebuild says how far it is.
const tellEvery = 2 * time.Second

func searchCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "search", Short: "The index by which cases are found"}
	cmd.AddCommand(&cobra.Command{
		Use:   "rebuild",
		Short: "Make the index again from the texts on record, while the program works; needed once after an upgrade",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				all, told := 0, time.Now()
				err := s.service.Reindex(ctx, func(done int) {
					if all = done; time.Since(told) >= tellEvery {
						told = time.Now()
						_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "%d cases\n", done)
					}
				})
				if err != nil {
					return fmt.Errorf("after %d cases: %w; do it again", all, err)
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d cases can be found\n", all)
				return err
			})
		},
	})
	return cmd
}
