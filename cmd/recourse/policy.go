package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"recourse/internal/cases"
	"recourse/internal/policy"
	"recourse/models"
)

func policyCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "policy", Short: "How long things may take, and who is told when they take longer"}
	cmd.AddCommand(policyList(), policyShow(), policyCheck(), policyDiff(), policyPublish())
	return cmd
}

func policyList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List every version, the one published last first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				all, err := s.service.Policies(ctx)
				if err != nil {
					return err
				}
				out := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
				for _, v := range all {
					state, since := "", "from the beginning"
					if v.InForce {
						state = "in force"
					}
					if !v.EffectiveAt.IsZero() {
						since = "from " + v.EffectiveAt.Format(time.RFC3339)
					}
					fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", v.Version, state, since, v.Author, v.Reason)
				}
				return out.Flush()
			})
		},
	}
}

func policyShow() *cobra.Command {
	return &cobra.Command{
		Use: "show [VERSION]", Short: "Print a version as it was written; by default the one in force", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				shown, err := s.service.Policy(ctx, first(args))
				if err != nil {
					return err
				}
				_, err = fmt.Fprint(cmd.OutOrStdout(), shown.Document)
				return err
			})
		},
	}
}

// first is the first of some arguments; empty: there is none.
func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

func policyCheck() *cobra.Command {
	var onRecord bool
	cmd := &cobra.Command{
		Use: "check FILE", Short: "Say what is wrong with a policy in YAML or JSON, its examples included",
		Long: "Say what is wrong with a policy in YAML or JSON, its examples included.\n" +
			"With --record it is held against the people on record too, and what it would change is listed.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			document, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			if onRecord {
				return withStack(cmd, func(ctx context.Context, s *stack) error { return tryPolicy(ctx, cmd, s, args[0], document) })
			}
			cfg, err := load(cmd)
			if err != nil {
				return err
			}
			zone, err := policy.Zone(cfg.Company.Zone)
			if err != nil {
				return err
			}
			p, faults := policy.Read(document, zone)
			printAll(cmd.OutOrStdout(), faults)
			if policy.Grave(faults) {
				return fmt.Errorf("%s cannot be published", args[0])
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s is sound; %d examples hold\n", args[0], len(p.Examples))
			return err
		},
	}
	cmd.Flags().BoolVar(&onRecord, "record", false, "hold it against the people on record, and list what it would change")
	return cmd
}

func tryPolicy(ctx context.Context, cmd *cobra.Command, s *stack, path string, document []byte) error {
	trial, err := s.service.TryPolicy(ctx, document)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	printVerdict(cmd, "fault", trial.Faults)
	printVerdict(cmd, "warning", trial.Warnings)
	if len(trial.Faults) > 0 {
		return fmt.Errorf("%s cannot be published", path)
	}
	fmt.Fprintf(out, "%d changes against %s, which is in force\n", len(trial.Changes), trial.Against)
	printAll(out, trial.Changes)
	return nil
}

func printVerdict(cmd *cobra.Command, kind string, faults []cases.Fault) {
	for _, f := range faults {
		fmt.Fprintf(cmd.OutOrStdout(), "%s %s: %s\n", kind, f.Pointer, f.Says)
	}
}

func policyDiff() *cobra.Command {
	return &cobra.Command{
		Use: "diff FROM [TO]", Short: "Say what differs between two policies, each a version or a file; by default TO is in force", Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				was, err := policyOf(ctx, s, args[0])
				if err != nil {
					return err
				}
				is, err := policyOf(ctx, s, first(args[1:]))
				if err != nil {
					return err
				}
				changes := policy.Diff(was, is)
				if len(changes) == 0 {
					_, err = fmt.Fprintln(cmd.OutOrStdout(), "they say the same")
				}
				printAll(cmd.OutOrStdout(), changes)
				return err
			})
		},
	}
}

// policyOf reads a policy from a file of that name, else the version of that name.
func policyOf(ctx context.Context, s *stack, name string) (policy.Policy, error) {
	zone, err := policy.Zone(s.cfg.Company.Zone)
	if err != nil {
		return policy.Policy{}, err
	}
	document, err := os.ReadFile(name)
	if err != nil {
		shown, err := s.service.Policy(ctx, name)
		if err != nil {
			return policy.Policy{}, err
		}
		document = []byte(shown.Document)
	}
	p, faults := policy.Reread(document, zone)
	if policy.Grave(faults) {
		return p, fmt.Errorf("%s cannot be read: %s", name, faults[0])
	}
	return p, nil
}

func policyPublish() *cobra.Command {
	var reason, effective, after, grace string
	var move bool
	cmd := &cobra.Command{
		Use: "publish FILE", Short: "Put a policy in force for complaints put on record from its effective date on; cases that run keep theirs, or move to it",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			wish := cases.PolicyWish{Reason: reason, After: after}
			var err error
			if wish.Document, err = os.ReadFile(args[0]); err != nil {
				return err
			}
			if effective != "" {
				if wish.EffectiveAt, err = time.Parse(time.RFC3339, effective); err != nil {
					return fmt.Errorf("--effective: %q is no instant such as 2027-01-01T00:00:00+08:00", effective)
				}
			}
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				v, err := s.service.PublishPolicy(ctx, host, wish)
				if err != nil {
					return err
				}
				printVerdict(cmd, "warning", v.Warnings)
				fmt.Fprintf(cmd.OutOrStdout(), "%s holds for complaints put on record from %s on\n", v.Version, v.EffectiveAt.Format(time.RFC3339))
				a, err := s.service.PreviewAdjustment(ctx, cases.Call{Actor: host, Route: "policy publish", Key: uuid.NewString()},
					cases.AdjustmentWish{Kind: models.AdjustPolicy, Policy: v.Version, Grace: grace, Reason: reason})
				if err != nil {
					return err
				}
				fmt.Fprint(cmd.OutOrStdout(), "running cases, were they moved to it: ")
				printAdjustment(cmd.OutOrStdout(), a)
				if !move {
					_, err = fmt.Fprintf(cmd.OutOrStdout(), "they keep theirs; move them with `recourse adjustment start %s`\n", a.ID)
					return err
				}
				if a, err = s.service.StartAdjustment(ctx, host, a.ID); err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "they move; see how far it has come with `recourse adjustment show %s`, take it back with `recourse adjustment undo %s`\n", a.ID, a.ID)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why the policy changes")
	cmd.Flags().StringVar(&effective, "effective", "", "`instant` from which it holds, a minute ahead at the earliest; by default in a minute")
	cmd.Flags().StringVar(&after, "after", "", "`version` that you know to be published last; another one refuses yours")
	cmd.Flags().BoolVar(&move, "move", false, "move running cases to it as well, as soon as it holds")
	cmd.Flags().StringVar(&grace, "grace", "", "`length` such as 4h: no bound of a moved case comes nearer than that")
	_ = cmd.MarkFlagRequired("reason")
	return cmd
}
