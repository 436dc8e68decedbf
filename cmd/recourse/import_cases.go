package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"recourse/internal/cases"
	"recourse/internal/history"
	"recourse/internal/sheet"
	"recourse/models"
)

// importCases puts the cases of a log on record. The log is read twice: first to find everything that is wrong
// with it and whom it names, then to stage its cases, which become visible together.
func importCases(cmd *cobra.Command, m *history.Mapping, files []string, opt history.Options, f importFlags) error {
	names, err := dryRun(cmd, m, files, opt, f)
	if err != nil {
		return err
	}
	names.Create = m.Create
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
	wish := models.Import{Source: m.Source, Files: files}
	if !opt.AsOf.IsZero() {
		wish.AsOf = &opt.AsOf
	}
	if wish.Digest, err = logDigest(files, f.mapping, opt.AsOf); err != nil {
		return err
	}
	importing, err := s.service.BeginImport(cmd.Context(), s.store, models.System(), wish, names)
	if err != nil {
		return err
	}
	if importing.Import.State == models.ImportDone {
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "this log, by this mapping, is on record since %s: nothing was changed\n", importing.Import.DoneAt.Format(time.RFC3339))
		return err
	}
	return stageCases(cmd, m, files, opt, importing)
}

// stageCases reads the log again and stages what was not staged before, then puts all of it on record.
func stageCases(cmd *cobra.Command, m *history.Mapping, files []string, opt history.Options, importing *cases.Importing) error {
	began, skip := time.Now(), importing.Import.Visited
	if skip > 0 {
		_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "going on behind the first %d cases\n", skip)
	}
	shown := staging(cmd.ErrOrStderr(), isTerminal(os.Stderr))
	seen := int64(0)
	report, err := m.Read(cmd.Context(), files, opt, func(h history.History) error {
		shown()
		if seen++; seen <= skip {
			return nil
		}
		return importing.Add(cmd.Context(), cases.AdoptedCase{Adopted: h.Adopted, Customer: h.Customer, Closed: h.Closed()})
	})
	if err != nil {
		return stopped(importing, err)
	}
	if err := importing.Finish(cmd.Context()); err != nil {
		return stopped(importing, err)
	}
	took := time.Since(began)
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "put %d cases on record (%d were there already), %d rows in %s: %.0f rows a minute\n",
		importing.Import.Cases, importing.Import.Skipped, report.RowsRead, took.Round(time.Second), float64(report.RowsRead)/took.Minutes())
	return err
}

// stopped says how to go on.
func stopped(importing *cases.Importing, err error) error {
	err = errors.Join(err, importing.Pause())
	if importing.Import.State == models.ImportDone {
		return fmt.Errorf("the log is on record, but running servers may not count and find all of it yet: the same command does the rest: %w", err)
	}
	return fmt.Errorf("nothing of the log is visible yet, %d of its cases are staged: the same command goes on from there, and `recourse import --drop %s` forgets them: %w",
		importing.Import.Cases, importing.Import.ID, err)
}

// staging shows how many cases were read: a bar on a terminal, else a line for every ten thousand.
func staging(out io.Writer, terminal bool) (step func()) {
	if terminal {
		bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(out), progressbar.OptionSetDescription("staging"),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionThrottle(100*time.Millisecond))
		return func() { _ = bar.Add(1) }
	}
	n := 0
	return func() {
		if n++; n%10_000 == 0 {
			_, _ = fmt.Fprintf(out, "staged %d cases\n", n)
		}
	}
}

// logDigest names a log as it is imported: its files whatever their order, its mapping, and up to when it is read.
func logDigest(files []string, mapping string, asOf time.Time) (string, error) {
	var digests []string
	for _, path := range files {
		digest, err := sheet.File{Path: path}.Digest()
		if err != nil {
			return "", err
		}
		digests = append(digests, digest)
	}
	slices.Sort(digests)
	text, err := os.ReadFile(mapping)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	_, err = fmt.Fprintln(sum, digests, asOf.UnixMicro(), hex.EncodeToString(text))
	return hex.EncodeToString(sum.Sum(nil)), err
}
