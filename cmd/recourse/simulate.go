package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"recourse/internal/history"
	"recourse/internal/policy"
	"recourse/internal/simulate"
)

// simulateFlags are what the command line says of a simulation.
type simulateFlags struct {
	mapping, policy, compare, asOf, json, temp, zone string
	fromStore, usage                                 bool
	from, until                                      string
	departments, severities, channels, filters       []string
	rosters                                          []string
	memory                                           int
}

func simulateCommand() *cobra.Command {
	var f simulateFlags
	cmd := &cobra.Command{
		Use:   "simulate {FILE… --mapping MAP | --from-store} [--policy POLICY] [--compare POLICY]",
		Short: "Say what a policy would have made of cases that happened",
		Long: `Say what a policy would have made of cases that happened: those of another system's log, read by a mapping as
recourse import reads it, or those on record. Nothing is written but the report. docs/simulate.md tells more.`,
		Args: func(_ *cobra.Command, args []string) error { return f.sound(args) },
		RunE: func(cmd *cobra.Command, args []string) error { return f.simulate(cmd, args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.mapping, "mapping", "", "YAML `file` that says what the columns of a log mean")
	flags.StringVar(&f.policy, "policy", "", "policy `file` to try; with --from-store it may be left out: every case then runs as it did")
	flags.StringVar(&f.compare, "compare", "", "another policy `file`: what it would change is listed")
	flags.StringVar(&f.asOf, "as-of", "", "`instant` up to which clocks run, in the mapping's zone where it names no offset (on record: now)")
	flags.StringVar(&f.json, "json", "", "write the report to this `file` as JSON, with every changed verdict")
	flags.StringVar(&f.temp, "temp", "", "`folder` for temporary files")
	flags.StringVar(&f.zone, "zone", "", "IANA `zone` of the policy's calendars and of the hours of alerts (default: the company's)")
	flags.BoolVar(&f.usage, "usage", false, "tell at the end how much processor time and memory it took")
	flags.BoolVar(&f.fromStore, "from-store", false, "over the cases on record")
	flags.StringVar(&f.from, "from", "", "with --from-store: received at or after this `instant`")
	flags.StringVar(&f.until, "until", "", "with --from-store: received before this `instant`")
	flags.StringArrayVar(&f.filters, "filter", nil, "with --from-store: of this `dimension:value`, as figures are filtered, such as category:billing; by department and person, whoever has them now")
	flags.StringArrayVar(&f.rosters, "roster", nil, "`ROLE=FILE` or ROLE/DEPARTMENT=FILE: a roster as recourse roster set takes it, of whom alerts to a role go to; with --from-store by itself those on record")
	flags.IntVar(&f.memory, "memory", simulate.DefaultMemory>>20, "`megabytes` that KPIs may take, which need every case at once: about 600 bytes for each case and policy")
	flags.StringSliceVar(&f.departments, "department", nil, "with --from-store: of these departments")
	flags.StringSliceVar(&f.severities, "severity", nil, "with --from-store: of these severities")
	flags.StringSliceVar(&f.channels, "channel", nil, "with --from-store: that came by these channels")
	return cmd
}

// sound says what is wrong with a command line.
func (f simulateFlags) sound(files []string) error {
	if f.memory < 1 {
		return errors.New("--memory is at least one megabyte")
	}
	switch filtered := f.from+f.until != "" || len(f.chosen()) > 0; {
	case f.fromStore && (len(files) > 0 || f.mapping != ""):
		return errors.New("name the files of a log and --mapping, or --from-store, not both")
	case !f.fromStore && (len(files) == 0 || f.mapping == ""):
		return errors.New("name the files of a log and with --mapping what they mean, or --from-store")
	case !f.fromStore && f.policy == "":
		return errors.New("name with --policy the policy to try")
	case !f.fromStore && filtered:
		return errors.New("--from, --until, --filter, --department, --severity and --channel choose cases on record; a mapping has where")
	}
	return nil
}

// chosen are all filters, as figures take them.
func (f simulateFlags) chosen() []string {
	all := slices.Clone(f.filters)
	for dimension, values := range map[string][]string{"department": f.departments, "severity": f.severities, "channel": f.channels} {
		for _, value := range values {
			all = append(all, dimension+":"+value)
		}
	}
	return all
}

func (f simulateFlags) simulate(cmd *cobra.Command, files []string) error {
	if f.fromStore {
		return withStack(cmd, func(ctx context.Context, s *stack) error { return f.overRecord(ctx, cmd, s) })
	}
	return f.overLog(cmd, files)
}

// variants reads the policies to try.
func (f simulateFlags) variants(zone *time.Location) ([]simulate.Variant, error) {
	var all []simulate.Variant
	for _, path := range []string{f.policy, f.compare} {
		if path == "" {
			continue
		}
		document, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		p, faults := policy.Read(document, zone)
		if policy.Grave(faults) {
			lines := make([]string, len(faults))
			for i, fault := range faults {
				lines[i] = fault.String()
			}
			return nil, fmt.Errorf("%s cannot be tried:\n%s", path, strings.Join(lines, "\n"))
		}
		p.Version = filepath.Base(path)
		all = append(all, simulate.Variant{Name: p.Version, Rules: simulate.Under(p), Open: openBy(p)})
	}
	return all, nil
}

// located is the zone of the simulation.
func (f simulateFlags) located(cmd *cobra.Command) (*time.Location, error) {
	name := f.zone
	if name == "" {
		cfg, err := load(cmd)
		if err != nil {
			return nil, err
		}
		name = cfg.Company.Zone
	}
	return policy.Zone(name)
}

// overLog simulates the cases of another system's log.
func (f simulateFlags) overLog(cmd *cobra.Command, files []string) error {
	zone, err := f.located(cmd)
	if err != nil {
		return err
	}
	m, err := readHistoryMapping(f.mapping, files)
	if err != nil {
		return err
	}
	asOf := time.Now().UTC()
	opt := history.Options{Temp: f.temp, Now: asOf, Progress: readingProgress(cmd.ErrOrStderr())}
	if f.asOf != "" {
		if opt.AsOf, err = asOfLog(m, f.asOf, opt.Now); err != nil {
			return err
		}
		asOf = opt.AsOf
	}
	variants, err := f.variants(zone)
	if err != nil {
		return err
	}
	cfg := simulate.Config{Variants: variants, AsOf: asOf, Zone: zone, Temp: f.temp, Memory: int64(f.memory) << 20}
	if cfg.Rosters, err = f.onDuty(); err != nil {
		return err
	}
	return f.run(cmd, cfg, func(s *simulate.Simulation) error {
		report, err := m.Read(cmd.Context(), files, opt, func(h history.History) error {
			return s.Add(simulate.History(h.Adopted, h.Customer, asOf))
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%d rows read, %d refused; `recourse import --dry-run` names them\n", report.RowsRead, report.RowsRefused)
		return errors.Join(report.AsOfNeeded(), refusedAll(report))
	})
}

// besideKPIs is what else a simulation needs of memory, with room for what nobody uses any more.
const besideKPIs = 120 << 20

// run simulates what fill adds, and tells what it came to.
func (f simulateFlags) run(cmd *cobra.Command, cfg simulate.Config, fill func(*simulate.Simulation) error) (err error) {
	debug.SetMemoryLimit(cfg.Memory + besideKPIs)
	s, err := simulate.New(cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := fill(s); err != nil {
		return err
	}
	report, err := s.Report()
	if err != nil {
		return err
	}
	if f.json != "" {
		if err := writeTo(f.json, report.WriteJSON); err != nil {
			return err
		}
	}
	if err := report.Write(cmd.OutOrStdout()); err != nil || !f.usage {
		return err
	}
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d.%03d s of processor time, %d MB of memory at most\n", used.Utime.Sec, used.Utime.Usec/1000, used.Maxrss/1024)
	return err
}

// writeTo writes a file whole.
func writeTo(path string, write func(io.Writer) error) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return write(file)
}
