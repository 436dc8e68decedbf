package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"recourse/internal/cases"
	"recourse/models"
)

func rosterCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "roster", Short: "Who is on duty for a role: alerts go to them"}
	cmd.AddCommand(rosterShow(), rosterSet(), rosterSwap())
	return cmd
}

// whose is the role, and the department, that a roster is of.
func whose(cmd *cobra.Command, department *string) {
	cmd.Flags().StringVar(department, "department", "", "`id` of a department; by default the roster of the whole company")
}

func rosterShow() *cobra.Command {
	var department string
	cmd := &cobra.Command{
		Use: "show [ROLE]", Short: "Say who is on duty and when turns change; by default for every roster", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				return showRosters(ctx, s.service, cmd.OutOrStdout(), models.Role(first(args)), department)
			})
		},
	}
	whose(cmd, &department)
	return cmd
}

// rosters is what these commands ask of the service.
type rosters interface {
	Rosters(ctx context.Context) ([]cases.Roster, error)
	Roster(ctx context.Context, role models.Role, department string) (cases.Roster, error)
	PutRoster(ctx context.Context, a models.Actor, w cases.RosterWish) (cases.Roster, error)
}

func showRosters(ctx context.Context, s rosters, out io.Writer, role models.Role, department string) error {
	if role != "" {
		one, err := s.Roster(ctx, role, department)
		if err != nil {
			return err
		}
		return printRoster(out, one)
	}
	all, err := s.Rosters(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		_, err = fmt.Fprintln(out, "there is no roster: alerts go to everybody who has the role")
	}
	for _, one := range all {
		if department == "" || one.Department == department {
			if err := printRoster(out, one); err != nil {
				return err
			}
		}
	}
	return err
}

// printRoster says who is on duty by a roster now and for two weeks, in its own zone.
func printRoster(out io.Writer, r cases.Roster) error {
	of := string(r.Role)
	if r.Department != "" {
		of += " of " + r.Department
	}
	fmt.Fprintf(out, "%s, version %d by %s: %s\n", of, r.Version, r.Author, r.Reason)
	zone, err := time.LoadLocation(r.Roster.Zone)
	if err != nil {
		return fmt.Errorf("roster of %s: %w", of, err)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, turn := range r.Turns {
		note := ""
		if turn.Swapped {
			note = "swapped"
		}
		if !r.Now.At.Before(turn.From) && r.Now.At.Before(turn.Until) {
			note = strings.TrimSpace(note + " now" + toldInstead(r.Now))
		}
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", turn.From.In(zone).Format(time.RFC3339), turn.Until.In(zone).Format(time.RFC3339), turn.Person, note)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(out, "  warning %s: %s\n", w.Pointer, w.Says)
	}
	return nil
}

// toldInstead says who gets the alerts of whoever is on duty and away.
func toldInstead(on cases.OnDuty) string {
	switch on.Told {
	case on.Person:
		return ""
	case "":
		return ", away: everybody who has the role is told"
	}
	return ", away: " + on.Told + " is told"
}

func rosterSet() *cobra.Command {
	var department, reason string
	cmd := &cobra.Command{
		Use: "set ROLE FILE", Short: "Put a roster in YAML or JSON in force at once; the one before stays on record",
		Long: "Put a roster in YAML or JSON in force at once; the one before stays on record. A roster has a zone, the day of\n" +
			"the first hand-over (start), the time of day of every hand-over (hand_over), the days of a turn (turn_days), the ids\n" +
			"of people in the order of their turns, and perhaps swaps. One without people ends it.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			roster, err := readRoster(args[1])
			if err != nil {
				return err
			}
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				return putRoster(ctx, s.service, cmd.OutOrStdout(), cases.RosterWish{
					Role: models.Role(args[0]), Department: department, Roster: roster, Reason: reason,
				})
			})
		},
	}
	whose(cmd, &department)
	cmd.Flags().StringVar(&reason, "reason", "", "why the roster changes")
	_ = cmd.MarkFlagRequired("reason")
	return cmd
}

func putRoster(ctx context.Context, s rosters, out io.Writer, w cases.RosterWish) error {
	kept, err := s.PutRoster(ctx, host, w)
	if err != nil {
		return err
	}
	if len(kept.Roster.People) == 0 {
		_, err = fmt.Fprintf(out, "the roster of %s has ended: alerts go to everybody who has the role\n", kept.Role)
		return err
	}
	return printRoster(out, kept)
}

// readRoster reads a roster as the API takes it. JSON is YAML too.
func readRoster(path string) (r cases.DutyRoster, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return r, err
	}
	file := struct {
		Zone     string
		Start    string
		HandOver string `yaml:"hand_over"`
		TurnDays int    `yaml:"turn_days"`
		People   []string
		Swaps    []struct {
			From, Until time.Time
			Person      string
		}
	}{}
	in := yaml.NewDecoder(strings.NewReader(string(content)))
	in.KnownFields(true)
	if err := in.Decode(&file); err != nil {
		return r, fmt.Errorf("%s: %w", path, err)
	}
	r = cases.DutyRoster{Zone: file.Zone, Start: file.Start, HandOver: file.HandOver, TurnDays: file.TurnDays, People: file.People}
	for _, s := range file.Swaps {
		r.Swaps = append(r.Swaps, cases.DutySwap{From: s.From, Until: s.Until, Person: s.Person})
	}
	return r, nil
}

func rosterSwap() *cobra.Command {
	var department, reason, from, until string
	cmd := &cobra.Command{
		Use: "swap ROLE PERSON", Short: "Put somebody else on duty for a while; the turns go on afterwards", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			swap := cases.DutySwap{Person: args[1]}
			for flag, at := range map[string]struct {
				said string
				into *time.Time
			}{"from": {from, &swap.From}, "until": {until, &swap.Until}} {
				var err error
				if *at.into, err = time.Parse(time.RFC3339, at.said); err != nil {
					return fmt.Errorf("--%s: %q is no instant such as 2027-01-01T09:00:00+08:00", flag, at.said)
				}
			}
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				return swapDuty(ctx, s.service, cmd.OutOrStdout(), cases.RosterWish{Role: models.Role(args[0]), Department: department, Reason: reason}, swap)
			})
		},
	}
	whose(cmd, &department)
	cmd.Flags().StringVar(&reason, "reason", "", "why they swap")
	cmd.Flags().StringVar(&from, "from", "", "`instant` from which they are on duty")
	cmd.Flags().StringVar(&until, "until", "", "`instant` up to which they are")
	for _, flag := range []string{"reason", "from", "until"} {
		_ = cmd.MarkFlagRequired(flag)
	}
	return cmd
}

// swapDuty adds a swap to the roster that holds.
func swapDuty(ctx context.Context, s rosters, out io.Writer, w cases.RosterWish, swap cases.DutySwap) error {
	holds, err := s.Roster(ctx, w.Role, w.Department)
	if err != nil {
		return err
	}
	w.Roster, w.IfVersion = holds.Roster, holds.Version
	w.Roster.Swaps = append(w.Roster.Swaps, swap)
	return putRoster(ctx, s, out, w)
}
