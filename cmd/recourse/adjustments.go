package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"recourse/internal/cases"
	"recourse/models"
)

func adjustmentCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "adjustment", Short: "Change the deadlines of many running cases: preview, start, take back"}
	cmd.AddCommand(adjustmentList(), adjustmentPreview(), adjustmentShow(), adjustmentTurn(
		"start ID", "Let a previewed adjustment come over its cases", (*cases.Service).StartAdjustment,
	), adjustmentTurn(
		"undo ID", "Take an adjustment back: due instants are as before", (*cases.Service).UndoAdjustment,
	))
	return cmd
}

func adjustmentList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the latest adjustments, the last one first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				all, err := s.service.Adjustments(ctx, host)
				if err != nil {
					return err
				}
				out := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
				for _, a := range all {
					fmt.Fprintf(out, "%s\t%s\t%s\t%d cases\t%s\t%s\n", a.ID, what(a), a.State, a.Cases, a.Author, a.Reason)
				}
				return out.Flush()
			})
		},
	}
}

// what says in a word or two what an adjustment does.
func what(a cases.Adjustment) string {
	switch a.Kind {
	case models.AdjustPolicy:
		return "to " + a.Policy
	case models.AdjustLater:
		return "+" + a.LaterText()
	case models.AdjustPause:
		return "pause until " + a.Until.Format(time.RFC3339)
	}
	return string(a.Kind)
}

func adjustmentPreview() *cobra.Command {
	var w cases.AdjustmentWish
	var kind, until string
	var clocks []string
	cmd := &cobra.Command{
		Use: "preview", Short: "Say of every running case what an adjustment would do; nothing changes before it is started", Args: cobra.NoArgs,
		Example: "  recourse adjustment preview --policy policy-3 --grace 4h --reason 'the season'\n" +
			"  recourse adjustment preview --later '1d working' --clock handling --channel phone --region south --reason 'typhoon day'",
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case w.Policy != "":
				kind = string(models.AdjustPolicy)
			case w.Later != "":
				kind = string(models.AdjustLater)
			default:
				kind = string(models.AdjustPause)
			}
			w.Kind = models.AdjustmentKind(kind)
			for _, k := range clocks {
				w.Clocks = append(w.Clocks, models.Clock(k))
			}
			if until != "" {
				var err error
				if w.Until, err = time.Parse(time.RFC3339, until); err != nil {
					return fmt.Errorf("--pause-until: %q is no instant such as 2027-01-01T00:00:00+08:00", until)
				}
			}
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				a, err := s.service.PreviewAdjustment(ctx, cases.Call{Actor: host, Route: "adjustment preview", Key: uuid.NewString()}, w)
				if err != nil {
					return err
				}
				printAdjustment(cmd.OutOrStdout(), a)
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "see each case with `recourse adjustment show %s --cases`; carry it out with `recourse adjustment start %s`\n", a.ID, a.ID)
				return err
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&w.Policy, "policy", "", "`version` of the policy to which the cases move")
	f.StringVar(&w.Grace, "grace", "", "`length` such as 4h: no bound comes nearer than that")
	f.StringVar(&w.Later, "later", "", "`amount` such as 24h or '1d working' by which deadlines move")
	f.StringArrayVar(&clocks, "clock", nil, "`clock` that gets more time, such as handling; may be given several times")
	f.StringVar(&until, "pause-until", "", "`instant` until which the clocks wait")
	f.BoolVar(&w.Tell, "tell", false, "tell the customers that it takes longer")
	f.StringArrayVar(&w.Filter.Channels, "channel", nil, "only cases of this `channel`; may be given several times, as the next ones")
	f.StringArrayVar(&w.Filter.Regions, "region", nil, "only cases of this `region`")
	f.StringArrayVar(&w.Filter.Departments, "department", nil, "only cases that this `department` handles")
	f.StringArrayVar(&w.Filter.Categories, "category", nil, "only cases of this `category`")
	f.StringArrayVar(&w.Filter.Products, "product", nil, "only cases about this `product`")
	f.StringArrayVar(&w.Filter.Severities, "severity", nil, "only cases of this `severity`")
	f.StringVar(&w.Reason, "reason", "", "why deadlines move")
	_ = cmd.MarkFlagRequired("reason")
	cmd.MarkFlagsOneRequired("policy", "later", "pause-until")
	cmd.MarkFlagsMutuallyExclusive("policy", "later", "pause-until")
	return cmd
}

func adjustmentShow() *cobra.Command {
	var each bool
	cmd := &cobra.Command{
		Use: "show ID", Short: "Say how far an adjustment has come", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				a, err := s.service.Adjustment(ctx, host, args[0])
				if err != nil {
					return err
				}
				printAdjustment(cmd.OutOrStdout(), a)
				if !each {
					return nil
				}
				return printAdjusted(ctx, cmd.OutOrStdout(), s, a.ID)
			})
		},
	}
	cmd.Flags().BoolVar(&each, "cases", false, "list each case with its bounds before and after")
	return cmd
}

// adjustmentTurn is a command that moves an adjustment on.
func adjustmentTurn(use, short string, turn func(*cases.Service, context.Context, models.Actor, string) (cases.Adjustment, error)) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				a, err := turn(s.service, ctx, host, args[0])
				if err == nil {
					printAdjustment(cmd.OutOrStdout(), a)
				}
				return err
			})
		},
	}
}

func printAdjustment(out io.Writer, a cases.Adjustment) {
	fmt.Fprintf(out, "%s  %s  %s: %d cases, %d due earlier, %d due later, %d late at once\n", a.ID, what(a), a.State, a.Cases, a.Earlier, a.LaterBy, a.AtOnce)
	for _, state := range models.AdjustedStates() {
		if n := a.By[state]; n > 0 {
			fmt.Fprintf(out, "  %s: %d\n", state, n)
		}
	}
}

// printAdjusted lists every case of an adjustment.
func printAdjusted(ctx context.Context, w io.Writer, s *stack, id string) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for after := ""; ; {
		page, err := s.service.AdjustedCases(ctx, host, id, after, 0, "")
		if err != nil {
			return err
		}
		for _, c := range page.Items {
			moves := c.Planned
			if c.State != models.AdjustedPlanned {
				moves = c.Moved
			}
			fmt.Fprintf(out, "%s\t%s\t%s\n", c.Number, c.State, c.Why)
			for _, m := range moves {
				fmt.Fprintf(out, "\t%s %s\t%s → %s\n", m.Clock, m.Bound, stampOr(m.From), stampOr(m.To))
			}
		}
		if after = page.Next; after == "" {
			return out.Flush()
		}
	}
}

// stampOr writes an instant, or that there is none.
func stampOr(at time.Time) string {
	if at.IsZero() {
		return "none"
	}
	return at.Format(time.RFC3339)
}
