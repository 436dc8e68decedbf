package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
)

// written is a file of the test with this content.
func written(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestAFileIsImportedWholeOrNotAtAllAndOnlyOnce(t *testing.T) {
	t.Parallel()
	record, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "r.db"), store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, record.Close()) })
	require.NoError(t, record.Migrate(t.Context()))
	load := func(content string, dry bool) (string, error) {
		var out bytes.Buffer
		err := importFile(t.Context(), record, &out, "departments", written(t, "d.csv", content), dry)
		return out.String(), err
	}
	count := func() int {
		all, err := record.Departments(t.Context())
		require.NoError(t, err)
		return len(all)
	}
	const good = "编号,名称,英文名称\nsales,销售部,Sales\n"
	said, err := load(good, true)
	require.NoError(t, err)
	require.Contains(t, said, `+ sales: name_zh "销售部", name_en "Sales"`)
	require.Contains(t, said, "1 would change")
	require.Zero(t, count(), "a dry run")

	said, err = load("id,name_zh,name_en\nworks,工程部,Works\nlost,,Lost\n", false)
	require.ErrorContains(t, err, "nothing was changed")
	require.Contains(t, said, "line 3, column 2 (name_zh)")
	require.Zero(t, count())

	for _, want := range []string{"1 changed, 0 stand so already", "0 changed, 1 stand so already"} {
		said, err = load(good, false)
		require.NoError(t, err)
		require.Contains(t, said, want)
		require.Equal(t, 1, count())
	}
}

func TestADispatchTableIsCheckedAsYAMLOrJSON(t *testing.T) {
	t.Parallel()
	const tree = "id,parent,name_zh,name_en\na,,甲,A\na.b,a,乙,B\n"
	for name, table := range map[string]string{
		"t.yaml": "rules:\n  - name: r\n    match: { category: a }\n    department: d\n    examples: [{ facts: { category: a.b } }]\n",
		"t.json": `{"rules":[{"name":"r","match":{"category":"a"},"department":"d","examples":[{"facts":{"category":"a.b"}}]}]}`,
	} {
		path := written(t, name, table)
		check := func(flags ...string) (string, error) {
			var out bytes.Buffer
			cmd := dispatchCommand()
			cmd.SetOut(&out)
			cmd.SetErr(&out)
			cmd.SetArgs(append([]string{"check", path}, flags...))
			err := cmd.ExecuteContext(t.Context())
			return out.String(), err
		}
		said, err := check("--categories", written(t, "c.csv", tree))
		require.NoError(t, err)
		require.Contains(t, said, "1 rules and 1 examples hold")
		said, err = check()
		require.ErrorContains(t, err, "cannot be put in force")
		require.Contains(t, said, "/rules/0/examples/0", "without the tree a.b is not below a")
	}
	_, err := readTable(written(t, "bad.yaml", "rules: ["))
	require.ErrorContains(t, err, "read ")
	_, err = readTable(written(t, "odd.yaml", "rulez: []"))
	require.ErrorContains(t, err, "rulez")
	_, err = readTable(written(t, "empty.yaml", ""))
	require.Error(t, err)
}
