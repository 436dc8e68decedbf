package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"recourse/internal/export"
)

func exportCommand() *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:   "export-case NUMBER",
		Short: "Write one case with its words and attachments, in the clear, into one file that proves itself",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				made, err := s.export(ctx, args[0], to)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\t%d events, %d attachments\nit holds personal data in the clear; `recourse verify %s` proves it anywhere\n",
					to, made.Events, len(made.Attachments), to)
				return err
			})
		},
	}
	cmd.Flags().StringVarP(&to, "output", "o", "", "`file` to write; one that is there is not overwritten")
	return required(cmd, "output")
}

// export writes a case beside its place first: a file of that name is whole.
func (s *stack) export(ctx context.Context, number, to string) (made export.Manifest, err error) {
	if _, err := os.Lstat(to); !errors.Is(err, os.ErrNotExist) {
		return made, fmt.Errorf("%s is there already; an export overwrites nothing", to)
	}
	draft, err := os.CreateTemp(filepath.Dir(to), "."+filepath.Base(to)+".*") // 0600
	if err != nil {
		return made, err
	}
	from := export.Source{Record: s.store, Vault: s.vault, Files: s.files}
	made, err = export.Write(ctx, draft, from, number, time.Now().UTC().Truncate(time.Second))
	if err = errors.Join(err, draft.Sync(), draft.Close()); err == nil {
		err = os.Rename(draft.Name(), to)
	}
	if err != nil {
		return made, errors.Join(err, os.Remove(draft.Name()))
	}
	return made, nil
}

func verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify FILE",
		Short: "Prove an exported case by itself, without database or key; exit 1 when a byte was changed",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer file.Close()
			info, err := file.Stat()
			if err != nil {
				return err
			}
			report, err := export.Verify(file, info.Size())
			if err != nil {
				return fmt.Errorf("read %s: %w", args[0], err)
			}
			if err := report.Write(cmd.OutOrStdout()); err != nil {
				return err
			}
			if !report.OK() {
				return errFound
			}
			return nil
		},
	}
}
