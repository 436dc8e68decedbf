package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"recourse/internal/cases"
	"recourse/models"
)

func templateCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "template", Short: "The words of messages"}
	cmd.AddCommand(templateList(), templateShow(), templatePreview(), templatePublish())
	return cmd
}

func templateList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List every message by language and medium, with the version that holds", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				all, err := s.service.Templates(ctx)
				if err != nil {
					return err
				}
				out := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
				for _, t := range all {
					holds := "the product's own"
					if !t.Own {
						holds = fmt.Sprintf("version %d", t.Version)
					}
					fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", t.Name, t.Medium, t.Language, holds, t.Reason)
				}
				return out.Flush()
			})
		},
	}
}

// keyed adds what says which text of a message is meant.
func keyed(cmd *cobra.Command) func(name string) (cases.TemplateKey, error) {
	medium := cmd.Flags().String("medium", string(models.MediumMail), "mail, chat, sms or voice")
	language := cmd.Flags().String("language", string(models.LanguageZH), "of the reader, zh-CN or en")
	return func(name string) (cases.TemplateKey, error) {
		k := cases.TemplateKey{Name: name, Medium: models.Medium(*medium), Language: models.Language(*language)}
		if !slices.Contains(models.Media(), k.Medium) {
			return k, fmt.Errorf("--medium: %q is none of %v", *medium, models.Media())
		}
		if !slices.Contains(models.Languages(), k.Language) {
			return k, fmt.Errorf("--language: %q is none of %v", *language, models.Languages())
		}
		return k, nil
	}
}

func templateShow() *cobra.Command {
	var values, versions bool
	cmd := &cobra.Command{
		Use: "show NAME", Short: "Print the words of a message; where there is a subject, it is the first line", Args: cobra.ExactArgs(1),
	}
	key := keyed(cmd)
	cmd.Flags().BoolVar(&values, "values", false, "print what it must and may say instead")
	cmd.Flags().BoolVar(&versions, "versions", false, "print who changed it when and why instead")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		k, err := key(args[0])
		if err != nil {
			return err
		}
		return withStack(cmd, func(ctx context.Context, s *stack) error {
			v, err := s.service.Template(ctx, k)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			switch {
			case values:
				fmt.Fprintf(out, "must say: %s\n", strings.Join(v.Must, ", "))
				fmt.Fprintf(out, "one of:   %s\n", strings.Join(v.Either, ", "))
				fmt.Fprintf(out, "may say:  %s\n", strings.Join(v.May, ", "))
			case versions:
				for _, one := range v.Versions {
					fmt.Fprintf(out, "%d  %s  %s  %s\n", one.Version, one.CreatedAt.Format(time.RFC3339), one.Author, one.Reason)
				}
			default:
				printWords(out, k, v.Words)
			}
			return nil
		})
	}
	return cmd
}

// printWords prints words as a file has them.
func printWords(out io.Writer, k cases.TemplateKey, d cases.TemplateDraft) {
	if k.HasSubject() {
		fmt.Fprintln(out, d.Subject)
	}
	fmt.Fprintln(out, strings.TrimRight(d.Body, "\n"))
}

// readWords reads words as a file has them.
func readWords(k cases.TemplateKey, path string) (cases.TemplateDraft, error) {
	content, err := os.ReadFile(path)
	if err != nil || !k.HasSubject() {
		return cases.TemplateDraft{Body: string(content)}, err
	}
	subject, body, _ := strings.Cut(string(content), "\n")
	return cases.TemplateDraft{Subject: subject, Body: body}, nil
}

func templatePreview() *cobra.Command {
	cmd := &cobra.Command{
		Use: "preview NAME FILE", Short: "Say what is wrong with words, and print how they read with sample values; changes nothing", Args: cobra.ExactArgs(2),
	}
	key := keyed(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		k, err := key(args[0])
		if err != nil {
			return err
		}
		words, err := readWords(k, args[1])
		if err != nil {
			return err
		}
		return withStack(cmd, func(ctx context.Context, s *stack) error {
			trial, err := s.service.TryTemplate(ctx, k, words)
			if err != nil {
				return err
			}
			printLines(cmd, "fault", trial.Faults)
			printLines(cmd, "warning", trial.Warnings)
			for _, r := range trial.Readings {
				if r.Sample == "long" {
					continue // 20,000 characters
				}
				fmt.Fprintf(cmd.OutOrStdout(), "--- %s\n", r.Sample)
				printWords(cmd.OutOrStdout(), k, cases.TemplateDraft{Subject: r.Subject, Body: r.Body})
			}
			if len(trial.Faults) > 0 {
				return fmt.Errorf("%s cannot be published", args[1])
			}
			return nil
		})
	}
	return cmd
}

// printLines prints faults with their lines.
func printLines(cmd *cobra.Command, kind string, faults []cases.Fault) {
	for _, f := range faults {
		where := f.Pointer
		if f.Line > 0 {
			where += fmt.Sprintf(" line %d", f.Line)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s %s: %s\n", kind, where, f.Says)
	}
}

func templatePublish() *cobra.Command {
	var reason string
	var own bool
	cmd := &cobra.Command{
		Use: "publish NAME [FILE]", Short: "Put words of your own in place of those of a message, or with --own the product's again", Args: cobra.RangeArgs(1, 2),
	}
	key := keyed(cmd)
	cmd.Flags().StringVar(&reason, "reason", "", "why the words change")
	cmd.Flags().BoolVar(&own, "own", false, "the product's own words again; without a file")
	_ = cmd.MarkFlagRequired("reason")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		k, err := key(args[0])
		if err != nil {
			return err
		}
		if own == (len(args) == 2) {
			return errors.New("name a file, or say --own")
		}
		wish := cases.TemplateWish{TemplateKey: k, Own: own, Reason: reason}
		if !own {
			if wish.Words, err = readWords(k, args[1]); err != nil {
				return err
			}
		}
		return withStack(cmd, func(ctx context.Context, s *stack) error {
			v, err := s.service.PublishTemplate(ctx, host, wish)
			if refused, is := errors.AsType[*cases.Refused](err); is {
				printLines(cmd, "fault", refused.Faults)
				return fmt.Errorf("%s cannot be published", args[1])
			}
			if err != nil {
				return err
			}
			if v.Own {
				_, err = fmt.Fprintln(cmd.OutOrStdout(), "the product's own words hold")
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "version %d holds\n", v.Version)
			return err
		})
	}
	return cmd
}
