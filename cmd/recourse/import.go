package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"recourse/internal/cases"
	"recourse/internal/document"
	"recourse/internal/history"
	"recourse/internal/roster"
	"recourse/internal/sheet"
	"recourse/internal/store"
	"recourse/models"
)

// importFlags are what the command line says of an import.
type importFlags struct {
	mapping, asOf, json, refused, temp, drop string
	dry                                      bool
}

func importCommand() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import {" + strings.Join(roster.Kinds(), "|") + "} FILE | import FILE… --mapping MAP",
		Short: "Put a part of the organisation, or the history of another system, on record: all of it or nothing",
		Long: `With the name of a part of the organisation: put it on record from a CSV file.

With --mapping: read the log of another system, CSV (also gz and zip) or XLSX, by a mapping that says what its
columns mean. docs/import.md tells how a mapping is written.`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case f.drop != "":
				return nil
			case f.mapping != "" && len(args) == 0:
				return errors.New("name the files of the log")
			case f.mapping == "" && len(args) != 2:
				return fmt.Errorf("name one of %v and a file, or the files of a log and with --mapping what they mean", roster.Kinds())
			case f.mapping == "":
				return knownKind(args[0])
			}
			return nil
		},
		ValidArgs: roster.Kinds(),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.drop != "" {
				return withRecord(cmd, func(ctx context.Context, record *store.Store) error { return record.DropImport(ctx, f.drop) })
			}
			if f.mapping != "" {
				return importHistory(cmd, args, f)
			}
			return withRecord(cmd, func(ctx context.Context, record *store.Store) error {
				return importFile(ctx, record, cmd.OutOrStdout(), args[0], args[1], f.dry)
			})
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.dry, "dry-run", false, "print what would change, and change nothing")
	flags.StringVar(&f.mapping, "mapping", "", "YAML `file` that says what the columns of a log mean")
	flags.StringVar(&f.asOf, "as-of", "", "`instant` up to which the log reaches, in the mapping's zone where it names no offset; what is open in the log was open then")
	flags.StringVar(&f.json, "json", "", "write the report to this `file` as JSON, too")
	flags.StringVar(&f.refused, "refused", "", "write every refused and mended row to this CSV `file`")
	flags.StringVar(&f.temp, "temp", "", "`folder` for temporary files as large as the log")
	flags.StringVar(&f.drop, "drop", "", "forget the import with this `id` that is under way and was not finished")
	return cmd
}

// readHistoryMapping reads a mapping. With a fault it says all that is wrong with it, and with its columns in the files.
func readHistoryMapping(path string, files []string) (*history.Mapping, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m, faults := history.ReadMapping(text)
	if document.Grave(faults) {
		faults = append(faults, m.Misfits(files)...)
		document.Sort(faults)
		return nil, fmt.Errorf("%s: %w", path, &history.ErrMapping{Faults: faults})
	}
	return m, nil
}

// asOfLog reads up to when a log tells.
func asOfLog(m *history.Mapping, text string, now time.Time) (time.Time, error) {
	at, err := m.Instant(text)
	if err != nil {
		return at, fmt.Errorf("--as-of: %w", err)
	}
	if at.After(now) {
		return at, fmt.Errorf("--as-of: %s lies in the future; nobody knows yet what is open then", text)
	}
	return at, nil
}

func importHistory(cmd *cobra.Command, files []string, f importFlags) error {
	m, err := readHistoryMapping(f.mapping, files)
	if err != nil {
		return err
	}
	opt := history.Options{Temp: f.temp, Now: time.Now()}
	if f.asOf != "" {
		if opt.AsOf, err = asOfLog(m, f.asOf, opt.Now); err != nil {
			return err
		}
	}
	switch {
	case m.Volumes() && f.dry:
		return dryRunVolumes(cmd, m, files, opt, f)
	case m.Volumes():
		return importVolumes(cmd, m, files, opt, f)
	case f.dry:
		_, err := dryRun(cmd, m, files, opt, f)
		return err
	}
	return importCases(cmd, m, files, opt, f)
}

// dryRunVolumes reads a table of volumes and tells what it came to.
func dryRunVolumes(cmd *cobra.Command, m *history.Mapping, files []string, opt history.Options, f importFlags) error {
	_, err := readVolumes(cmd, m, files, opt, f)
	return err
}

func readVolumes(cmd *cobra.Command, m *history.Mapping, files []string, opt history.Options, f importFlags) ([]models.Volume, error) {
	faults, err := keepFaults(f.refused, cmd.OutOrStdout())
	if err != nil {
		return nil, err
	}
	opt.Fault = faults.add
	volumes, report, err := m.ReadVolumes(cmd.Context(), files, opt)
	if err := errors.Join(err, faults.close()); err != nil {
		return nil, err
	}
	if report.Volumes == 0 {
		err = fmt.Errorf("no volume is left of %d rows", report.RowsRead)
	}
	return volumes, errors.Join(report.Write(cmd.OutOrStdout()), writeReport(f.json, report, faults), err)
}

// importVolumes puts volumes on record, over what is there of the same product, kind and beginning.
func importVolumes(cmd *cobra.Command, m *history.Mapping, files []string, opt history.Options, f importFlags) error {
	volumes, err := readVolumes(cmd, m, files, opt, f)
	if err != nil {
		return err
	}
	return withRecord(cmd, func(ctx context.Context, record *store.Store) error {
		if err := record.PutVolumes(ctx, volumes); err != nil {
			return err
		}
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "put %d volumes on record\n", len(volumes))
		return err
	})
}

// dryRun reads the log, tells what it came to, and returns whom it names. It changes nothing.
func dryRun(cmd *cobra.Command, m *history.Mapping, files []string, opt history.Options, f importFlags) (names cases.ImportNames, err error) {
	faults, err := keepFaults(f.refused, cmd.OutOrStdout())
	if err != nil {
		return names, err
	}
	opt.Fault, opt.Progress = faults.add, readingProgress(cmd.ErrOrStderr())
	report, err := m.Read(cmd.Context(), files, opt, func(h history.History) error {
		names.Take(h.Adopted, !h.Closed())
		return nil
	})
	if err := errors.Join(err, faults.close()); err != nil {
		return names, err
	}
	if err := tellHistory(cmd.OutOrStdout(), report, faults, f.json); err != nil {
		return names, err
	}
	return names, errors.Join(report.AsOfNeeded(), refusedAll(report))
}

// refusedAll says that nothing is left of a log.
func refusedAll(r history.Report) error {
	if r.Cases > 0 {
		return nil
	}
	return fmt.Errorf("no case is left of %d rows", r.RowsRead)
}

// tellHistory prints the report, and writes it as JSON where that is wanted.
func tellHistory(out io.Writer, report history.Report, faults *faultKeeper, path string) error {
	if err := report.Write(out); err != nil {
		return err
	}
	return writeReport(path, report, faults)
}

// writeReport writes a report with the faults as JSON; without a path it does not.
func writeReport(path string, report any, faults *faultKeeper) error {
	if path == "" {
		return nil
	}
	text, err := json.MarshalIndent(struct {
		Report any             `json:"report"`
		Faults []history.Fault `json:"faults"`
		More   int             `json:"faults_not_shown"`
	}{report, faults.kept, faults.n - len(faults.kept)}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o600)
}

const (
	faultsShown = 1_000   // on the screen
	faultsKept  = 100_000 // for the JSON report
)

// faultKeeper shows the first faults, keeps more of them for the report and writes all to a file.
type faultKeeper struct {
	out    io.Writer
	kept   []history.Fault
	n      int
	file   *os.File
	table  sheet.Writer
	failed error
}

func keepFaults(path string, out io.Writer) (*faultKeeper, error) {
	k := &faultKeeper{out: out, kept: []history.Fault{}}
	if path == "" {
		return k, nil
	}
	var err error
	if k.file, err = os.Create(path); err != nil {
		return nil, err
	}
	k.table, err = sheet.CSV(k.file, false, "file", "line", "row", "case", "column", "mended", "why")
	return k, err
}

func (k *faultKeeper) add(f history.Fault) {
	if k.n++; k.n <= faultsShown {
		_, _ = fmt.Fprintln(k.out, f)
	}
	if len(k.kept) < faultsKept {
		k.kept = append(k.kept, f)
	}
	if k.table != nil {
		k.failed = errors.Join(k.failed, k.table.Row(f.File, f.Line, f.Row, f.Case, f.Column, f.Mended, f.Says))
	}
}

func (k *faultKeeper) close() error {
	if k.n > faultsShown {
		_, _ = fmt.Fprintf(k.out, "… and %d more; --refused FILE writes all of them\n", k.n-faultsShown)
	}
	if k.file == nil {
		return k.failed
	}
	return errors.Join(k.failed, k.table.Close(), k.file.Close())
}

// readingProgress says now and then how many rows were read.
func readingProgress(out io.Writer) func(int) {
	said := time.Now()
	return func(rows int) {
		if now := time.Now(); now.Sub(said) >= 2*time.Second {
			said = now
			_, _ = fmt.Fprintf(out, "read %d rows\n", rows)
		}
	}
}
