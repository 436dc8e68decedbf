package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"recourse/internal/report"
	"recourse/models"
)

// atMachine is whoever sits at the machine.
var atMachine = models.Actor{Kind: models.ActorSystem}

func reportCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "report", Short: "Frozen figures of periods"}
	cmd.AddCommand(reportMakeCommand(), reportListCommand(), reportRestateCommand())
	return cmd
}

func reportMakeCommand() *cobra.Command {
	var step, day string
	cmd := &cobra.Command{
		Use:   "make",
		Short: "Make the report of the last period that is over, or of the one that contains a day, and mail it; there is one of each",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				is, err := report.ParseStep(step)
				if err != nil {
					return err
				}
				var r models.Report
				var made bool
				if day == "" {
					r, made, err = s.reports.Make(ctx, atMachine, is, time.Now())
				} else {
					r, made, err = s.reports.MakeOf(ctx, atMachine, is, day)
				}
				if err != nil {
					return err
				}
				if !made {
					_, err = fmt.Fprintf(cmd.OutOrStdout(), "there is one already: %s\n", r.ID)
					return err
				}
				return s.announce(ctx, cmd, r)
			})
		},
	}
	cmd.Flags().StringVar(&step, "step", "month", "week, month, quarter or year")
	cmd.Flags().StringVar(&day, "day", "", "a day of the period, such as 2026-10-01")
	return cmd
}

// announce mails a new report and says what it is.
func (s *stack) announce(ctx context.Context, cmd *cobra.Command, r models.Report) error {
	mails, err := s.reports.Tell(ctx, r.ID)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "made %s, of %s, SHA-256 %s; mails to subscribers: %d\n", r.ID, s.periodOf(r), r.Digest, mails)
	return err
}

// periodOf tells the days of a report, in its own zone: the company's may have become another.
func (s *stack) periodOf(r models.Report) string {
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		zone = s.reports.Zone
	}
	return r.FromAt.In(zone).Format(time.DateOnly) + " to " + r.UntilAt.Add(-1).In(zone).Format(time.DateOnly)
}

func reportListCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List reports, the latest made first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				out := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
				_, _ = fmt.Fprintln(out, "ID\tPERIOD\tSTEP\tDATA CUT\tRESTATES")
				for cursor := ""; ; {
					page, next, err := s.reports.List(ctx, atMachine, cursor, 0)
					if err != nil {
						return err
					}
					for _, r := range page {
						_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", r.ID, s.periodOf(r), r.Step, r.CutAt.Format(time.RFC3339), r.Original)
					}
					if cursor = next; cursor == "" {
						return out.Flush()
					}
				}
			})
		},
	}
}

func reportRestateCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "restate ID",
		Short: "Count the period of a report anew, as a twin beside it that tells why it differs",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				r, _, err := s.reports.Restate(ctx, atMachine, args[0], reason, newID())
				if err != nil {
					return err
				}
				return s.announce(ctx, cmd, r)
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why it is restated; it stands on the report")
	return cmd
}
