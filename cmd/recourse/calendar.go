package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"recourse/internal/calendar"
	"recourse/internal/daylist"
	"recourse/internal/policy"
)

func calendarCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "calendar", Short: "When somebody works: days off, make-up working days, closures"}
	cmd.AddCommand(calendarImport())
	return cmd
}

// listOfDays is a file with days, and where they are to go.
type listOfDays struct {
	path, into, name, until string
}

func calendarImport() *cobra.Command {
	var l listOfDays
	cmd := &cobra.Command{
		Use: "import FILE", Short: "Turn a list of days in ICS, CSV or JSON into a part of a policy's calendar",
		Long: "Turn a list of days in ICS, CSV or JSON into a part of a policy's calendar, and print it. With --into it is put\n" +
			"into the calendar of a policy in a file, whose other lines stay as they are; check and publish that by\n" +
			"`recourse policy`. Days that the calendar knows already are left out. A list with a fault changes nothing.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := load(cmd)
			if err != nil {
				return err
			}
			zone, err := policy.Zone(cfg.Company.Zone)
			if err != nil {
				return err
			}
			l.path = args[0]
			return l.add(cmd.OutOrStdout(), zone)
		},
	}
	cmd.Flags().StringVar(&l.into, "into", "", "`file` with a policy in YAML, to put the days in")
	cmd.Flags().StringVar(&l.name, "calendar", "working", "`name` of its calendar")
	cmd.Flags().StringVar(&l.until, "known-until", "", "`date`, such as 2027-12-31, up to which the holidays are entered then")
	return cmd
}

// add prints what the list adds, or puts it into the policy's file.
func (l listOfDays) add(out io.Writer, zone *time.Location) error {
	var known calendar.Date
	if l.until != "" {
		at, err := time.Parse(time.DateOnly, l.until)
		if err != nil {
			return fmt.Errorf("--known-until: %q is no date such as 2027-12-31", l.until)
		}
		known = calendar.DateOf(at, time.UTC)
	}
	c, document, err := l.calendar(zone)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(l.path)
	if err != nil {
		return err
	}
	entries, wrong := daylist.Read(l.path, content, c.Zone)
	printAll(out, wrong)
	a, faults := policy.Add(c, entries, known)
	printAll(out, faults)
	if len(wrong)+len(faults) > 0 {
		return fmt.Errorf("%s has faults; nothing was changed", l.path)
	}
	if l.into == "" {
		_, err = fmt.Fprint(out, a.Fragment())
		return err
	}
	made, err := policy.Insert(document, l.name, a, zone)
	if err != nil {
		return err
	}
	if err := replace(l.into, made); err != nil {
		return err
	}
	fmt.Fprint(out, a.Fragment())
	_, err = fmt.Fprintf(out, "# %d entries are in calendar %s of %s now; %d days were there already\n", len(a.Entries), l.name, l.into, a.Known)
	return err
}

// calendar is the one that the days go into, and the policy that holds it; without one, of the company.
func (l listOfDays) calendar(zone *time.Location) (policy.Calendar, []byte, error) {
	if l.into == "" {
		return policy.Calendar{Calendar: calendar.Calendar{Zone: zone}}, nil, nil
	}
	document, err := os.ReadFile(l.into)
	if err != nil {
		return policy.Calendar{}, nil, err
	}
	p, faults := policy.Reread(document, zone)
	if policy.Grave(faults) {
		return policy.Calendar{}, nil, fmt.Errorf("%s cannot be read: %s", l.into, faults[0])
	}
	c, known := p.Named(l.name)
	if !known {
		return c, nil, fmt.Errorf("%s has no calendar %q", l.into, l.name)
	}
	return c, document, nil
}

// replace writes a file whole, or leaves it as it was.
func replace(path string, content []byte) error {
	mode := os.FileMode(0o600)
	if is, err := os.Stat(path); err == nil {
		mode = is.Mode().Perm()
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".policy-*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(content)
	if err = errors.Join(err, temporary.Chmod(mode), temporary.Close()); err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}
