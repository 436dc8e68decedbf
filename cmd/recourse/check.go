package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"recourse/internal/backup"
	"recourse/internal/cases"
	"recourse/internal/check"
	"recourse/internal/config"
	"recourse/internal/files"
	"recourse/internal/policies"
	"recourse/internal/store"
	"recourse/models"
)

func checkCommand() *cobra.Command {
	asJSON, withoutEngine := false, false
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Prove that rows, events, clocks, alerts, messages and workflows agree",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				report, err := s.prove(ctx, !withoutEngine)
				if err != nil {
					return err
				}
				if asJSON {
					err = json.NewEncoder(cmd.OutOrStdout()).Encode(report)
				} else {
					err = report.Write(cmd.OutOrStdout())
				}
				if err == nil && !report.OK() {
					err = errFound
				}
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	cmd.Flags().BoolVar(&withoutEngine, "without-temporal", false, "check the record alone")
	return cmd
}

// prove runs the checker over the whole record.
func (s *stack) prove(ctx context.Context, withEngine bool) (check.Report, error) {
	var engine check.Engine
	if withEngine {
		if err := s.engine.Reachable(ctx); err != nil {
			return check.Report{}, fmt.Errorf("temporal at %s does not answer (--without-temporal checks the record alone): %w", s.cfg.Temporal.Address, err)
		}
		engine = s.engine
	}
	return check.Run(ctx, s.store, engine, check.Config{Now: time.Now, Plans: versions{s.plans}, Vault: s.vault, Files: s.files})
}

// versions knows the policies that cases ever ran under.
type versions struct{ *policies.Book }

// Plan implements check.Plans.
func (v versions) Plan(version string, at time.Time, customerZone string) (models.Plan, bool) {
	if version == "" { // every case says which
		return models.Plan{}, false
	}
	plan, err := v.Book.Plan(context.Background(), version, at, customerZone)
	return plan, err == nil
}

// withStack puts everything together for one act of an operator.
func withStack(cmd *cobra.Command, do func(context.Context, *stack) error) error {
	cfg, err := load(cmd)
	if err != nil {
		return err
	}
	s, err := openStack(cmd.Context(), cfg)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.check(cmd.Context()); err != nil {
		return err
	}
	return do(cmd.Context(), s)
}

// journalFlag names the journal of erasures; by default it lies beside the master key.
func journalFlag(cmd *cobra.Command) func() (*backup.Journal, error) {
	path := cmd.Flags().String("journal", "", "`file` that lists erased customers (default: erasures.jsonl beside the master key)")
	return func() (*backup.Journal, error) {
		if *path == "" {
			cfg, err := load(cmd)
			if err != nil {
				return nil, err
			}
			*path = journalOf(cfg)
		}
		return backup.OpenJournal(*path), nil
	}
}

// journalOf is where erased customers are written down: beside the master key.
func journalOf(cfg config.Config) string {
	return filepath.Join(filepath.Dir(cfg.Vault.KeyFile), "erasures.jsonl")
}

func eraseCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "erase CUSTOMER-ID",
		Short: "Make everything a customer ever told us unreadable for good; the chain and the figures stay",
		Args:  cobra.ExactArgs(1),
	}
	journal := journalFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return withRecord(cmd, func(ctx context.Context, record *store.Store) error {
			j, err := journal()
			if err != nil {
				return err
			}
			if err := backup.Erase(ctx, record, j, args[0], time.Now().UTC().Truncate(time.Microsecond)); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "customer %s is erased\n", args[0])
			return err
		})
	}
	return cmd
}

func backupCommand() *cobra.Command {
	var records, keys string
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "Write the record and its keys, apart, as they stand at one instant",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withRecord(cmd, func(ctx context.Context, record *store.Store) error {
				now := time.Now().UTC()
				made, err := backup.Backup(ctx, record, backup.Name(records, keys, now), now)
				if err != nil {
					return err
				}
				copied, err := copyFiles(cmd, filepath.Join(records, filesFolder))
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\t%d rows\n%s\t%d new attachments\n%s\t%d keys\nkeep records and keys apart, and the master key with the keys\n",
					made.Files.Records, made.RecordLines, filepath.Join(records, filesFolder), copied, made.Files.Keys, made.KeyLines)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&records, "records", "", "`folder` for the records")
	cmd.Flags().StringVar(&keys, "keys", "", "`folder` for the keys")
	return required(cmd, "records", "keys")
}

// filesFolder is where attachments lie beside the backups of the records: one folder for all of them,
// to which each adds what is new.
const filesFolder = "files"

// copyFiles copies attachments behind the rows that name them: what is bound is never removed.
func copyFiles(cmd *cobra.Command, to string) (int, error) {
	cfg, err := load(cmd)
	if err != nil {
		return 0, err
	}
	copied, err := files.Copy(files.In(cfg.Files.Dir), files.In(to))
	if err != nil {
		return 0, fmt.Errorf("backup of attachments: %w", err)
	}
	return copied, nil
}

func restoreCommand() *cobra.Command {
	var from backup.Files
	cmd := &cobra.Command{
		Use:   "restore",
		Short: "Put a backup back into an empty database of either kind, and check it",
		Args:  cobra.NoArgs,
	}
	journal := journalFlag(cmd)
	cmd.Flags().StringVar(&from.Records, "records", "", "`file` with the records")
	cmd.Flags().StringVar(&from.Keys, "keys", "", "`file` with the keys")
	attachments := cmd.Flags().String("files", "", "`folder` with the attachments (default: files beside the records)")
	withoutKeys := cmd.Flags().Bool("without-missing-keys", false, "go on although keys are missing: what they sealed stays unreadable")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load(cmd)
		if err != nil {
			return err
		}
		s, err := openStack(cmd.Context(), cfg)
		if err != nil {
			return err
		}
		defer s.close()
		if err := s.store.Migrate(cmd.Context()); err != nil {
			return err
		}
		j, err := journal()
		if err != nil {
			return err
		}
		if *attachments == "" {
			*attachments = filepath.Join(filepath.Dir(from.Records), filesFolder)
		}
		copied, err := files.Copy(files.In(*attachments), s.files)
		if err != nil {
			return fmt.Errorf("restore attachments: %w", err)
		}
		restored, err := backup.Restore(cmd.Context(), s.store, from, backup.Options{
			Journal: j, WithoutKeys: *withoutKeys, Check: func(ctx context.Context) error { return s.provedOnRestore(ctx, cmd) },
		})
		if err != nil {
			return err
		}
		if err := s.service.Reindex(cmd.Context(), func(int) {}); err != nil { // a backup holds no index
			return fmt.Errorf("the record is back; `recourse search rebuild` is still to be done: %w", err)
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "restored %d rows of %s and %d attachments; erased again: %d\n",
			restored.Rows, restored.CreatedAt.Format(time.RFC3339), copied, len(restored.Erased))
		return err
	}
	return required(cmd, "records", "keys")
}

// provedOnRestore checks the record alone: Temporal knows nothing of it yet.
func (s *stack) provedOnRestore(ctx context.Context, cmd *cobra.Command) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	if _, err := cases.Project(ctx, s.store); err != nil { // an older backup is behind
		return err
	}
	if _, err := rebuildFacts(ctx, s.store, false, cmd.ErrOrStderr()); err != nil {
		return err
	}
	report, err := s.prove(ctx, false)
	if err != nil {
		return err
	}
	if err := report.Write(cmd.OutOrStdout()); err != nil {
		return err
	}
	if !report.OK() {
		return errors.New("the restored record does not hold; what is wrong stands above")
	}
	return nil
}

func required(cmd *cobra.Command, flags ...string) *cobra.Command {
	for _, f := range flags {
		if err := cmd.MarkFlagRequired(f); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	return cmd
}
