package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"recourse/internal/cases"
)

func migrateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database to this release's schema",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load(cmd)
			if err != nil {
				return err
			}
			record, err := openRecord(cmd.Context(), cfg)
			if err != nil {
				return err
			}
			defer func() { _ = record.Close() }()
			if err := record.Migrate(cmd.Context()); err != nil {
				return err
			}
			behind, err := cases.Project(cmd.Context(), record)
			if err != nil {
				return fmt.Errorf("bring the cases in line: %w; run it again, it goes on where it stopped", err)
			}
			refolded, err := rebuildFacts(cmd.Context(), record, false, cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			current, _, err := record.SchemaVersion(cmd.Context())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "the database is at schema %d; cases brought in line: %d, their facts: %d\n", current, behind, refolded)
			return err
		},
	}
}
