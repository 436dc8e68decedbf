package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"recourse/internal/policy"
	"recourse/internal/roster"
	"recourse/internal/store"
	"recourse/models"
)

func knownKind(kind string) error {
	if slices.Contains(roster.Kinds(), kind) {
		return nil
	}
	return fmt.Errorf("%q is none of %v", kind, roster.Kinds())
}

func importFile(ctx context.Context, record *store.Store, out io.Writer, kind, path string, dry bool) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	company, err := companyOf(ctx, record)
	if err != nil {
		return err
	}
	got, err := roster.Read(kind, in, company, time.Now().UTC().Truncate(time.Microsecond))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if len(got.Faults) > 0 {
		printAll(out, got.Faults)
		return fmt.Errorf("%s has %d faults: nothing was changed", path, len(got.Faults))
	}
	printAll(out, got.Changes)
	done := "changed"
	if dry {
		done = "would change"
	} else if err := record.PutCompany(ctx, got.Wish); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: %d %s, %d stand so already\n", kind, len(got.Changes), done, got.Same)
	return err
}

func printAll[T fmt.Stringer](out io.Writer, lines []T) {
	for _, line := range lines {
		_, _ = fmt.Fprintln(out, line)
	}
}

// companyOf reads the whole organisation.
func companyOf(ctx context.Context, record *store.Store) (c models.Company, err error) {
	if c.Departments, err = record.Departments(ctx); err != nil {
		return c, err
	}
	if c.Teams, err = record.Teams(ctx); err != nil {
		return c, err
	}
	if c.People, err = record.People(ctx); err != nil {
		return c, err
	}
	c.Categories, err = record.Categories(ctx)
	return c, err
}

func dispatchCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "dispatch", Short: "The table by which complaints find their department"}
	var (
		onRecord   bool
		categories string
	)
	check := &cobra.Command{
		Use:   "check FILE",
		Short: "Say what is wrong with a dispatch table in YAML or JSON, its examples included",
		Long: "Say what is wrong with a dispatch table in YAML or JSON, its examples included.\n" +
			"Alone, the file is judged without an organisation: any id will do, and a category has nothing above it\n" +
			"unless --categories names the tree. With --record it is held against the organisation on record.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			table, err := readTable(args[0])
			if err != nil {
				return err
			}
			in, err := judgedBy(cmd, onRecord, categories)
			if err != nil {
				return err
			}
			return verdict(cmd.OutOrStdout(), args[0], table, policy.CheckDispatch(table, in))
		},
	}
	check.Flags().BoolVar(&onRecord, "record", false, "hold it against departments, teams and categories on record")
	check.Flags().StringVar(&categories, "categories", "", "CSV `file` with the tree of categories, as `recourse import categories` takes it")
	check.MarkFlagsMutuallyExclusive("record", "categories")
	cmd.AddCommand(check)
	return cmd
}

func verdict(out io.Writer, path string, table policy.DispatchTable, faults []policy.Fault) error {
	printAll(out, faults)
	if policy.Grave(faults) {
		return fmt.Errorf("%s cannot be put in force", path)
	}
	examples := 0
	for _, r := range table.Rules {
		examples += len(r.Examples)
	}
	_, err := fmt.Fprintf(out, "%d rules and %d examples hold\n", len(table.Rules), examples)
	return err
}

// readTable reads a table as the API takes it. JSON is YAML too.
func readTable(path string) (policy.DispatchTable, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return policy.DispatchTable{}, err
	}
	var loose any
	if err := yaml.NewDecoder(bytes.NewReader(content)).Decode(&loose); err != nil {
		return policy.DispatchTable{}, fmt.Errorf("read %s: %w", path, err)
	}
	document, err := json.Marshal(loose)
	if err != nil {
		return policy.DispatchTable{}, fmt.Errorf("read %s: %w", path, err)
	}
	return policy.ReadDispatchTable(document)
}

// judgedBy is the organisation that a table is held against; by itself, none.
func judgedBy(cmd *cobra.Command, onRecord bool, categories string) (in policy.Company, err error) {
	switch {
	case onRecord:
		err = withRecord(cmd, func(ctx context.Context, record *store.Store) error {
			company, err := companyOf(ctx, record)
			in = policy.CompanyOf(company)
			return err
		})
	case categories != "":
		in.Categories, err = readTree(cmd.OutOrStdout(), categories)
	}
	return in, err
}

func readTree(out io.Writer, path string) (map[string]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	got, err := roster.Read("categories", file, models.Company{}, time.Time{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(got.Faults) > 0 {
		printAll(out, got.Faults)
		return nil, errors.New(path + " has faults")
	}
	return policy.CompanyOf(got.Wish).Categories, nil
}
