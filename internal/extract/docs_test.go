package extract_test

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/extract"
)

var write = flag.Bool("write", false, "write docs/extracts.md")

func TestTheDocsListEveryColumn(t *testing.T) {
	t.Parallel()
	const page = "../../docs/extracts.md"
	if *write {
		require.NoError(t, os.WriteFile(page, []byte(extract.Docs()), 0o644))
	}
	kept, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Equal(t, string(kept), extract.Docs(), "go generate ./internal/extract")
}

func TestNoTwoColumnsOfATableHaveOneName(t *testing.T) {
	t.Parallel()
	for _, table := range append(extract.Tables(), extract.Answers()...) {
		seen := map[string]bool{}
		for _, name := range table.Names() {
			require.False(t, seen[name], "%s: %s", table.Name, name)
			seen[name] = true
		}
	}
	_, err := extract.Find("tables")
	for _, table := range append(extract.Tables(), extract.Answers()...) {
		require.ErrorContains(t, err, table.Name)
	}
}
