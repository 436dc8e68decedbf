package arrows_test

import (
	"errors"
	"fmt"
	"go/build"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	module = "recourse"
	root   = "../.." // of the module, seen from this folder
)

func TestEveryPackageImportsOnlyWhatItsArrowsAllow(t *testing.T) {
	t.Parallel()
	folders := packages(t, ".")
	require.Contains(t, folders, "internal/arrows", "the test looks at the module it stands in")
	for _, folder := range folders {
		for _, fault := range faults(folder, imports(t, folder)) {
			t.Error(fault)
		}
	}
}

func TestAnImportAgainstTheArrowsIsTold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ folder, imported, want string }{
		{"models", "recourse/internal/lifecycle", "models may not import internal/lifecycle"},
		{"models", "github.com/google/uuid", "models may not import github.com/google/uuid"},
		{"internal/lifecycle", "recourse/workflows/contract", "internal/lifecycle may not import workflows/contract"},
		{"internal/policy", "recourse/internal/kpi", "internal/policy may not import internal/kpi"},
		{"workflows", "recourse/internal/policy", "workflows may not import internal/policy"},
		{"workflows", "recourse/activities", "workflows may not import activities"},
		{"workflows", "github.com/google/uuid", "workflows may not import github.com/google/uuid"},
		{"workflows/contract", "recourse/workflows", "workflows/contract may not import workflows"},
		{"activities", "recourse/workflows", "activities may not import workflows"},
		{"activities", "recourse/internal/store", "activities may not import internal/store"},
		{"worker", "recourse/internal/store", "worker may not import internal/store"},
		{"api", "recourse/console", "api may not import console"},
		{"api", "recourse/internal/store", "api may not import internal/store"},
		{"api/openapi", "go.temporal.io/sdk/client", "api/openapi may not import go.temporal.io/sdk/client"},
		{"console", "recourse/api", "console may not import api"},
		{"console", "gorm.io/gorm", "console may not import gorm.io/gorm"},
		{"internal/cases", "recourse/workflows", "internal/cases may not import workflows"},
		{"internal/store", "recourse/internal/cases", "internal/store may not import internal/cases"},
		{"cmd/recourse", "gorm.io/gorm", "cmd/recourse may not import gorm.io/gorm"},
		{"devserver", "recourse/models", "devserver may not import models"},
		{"internal/helpers", "fmt", "internal/helpers has no row in the table of arrows"},
	} {
		require.Contains(t, strings.Join(faults(tt.folder, []string{tt.imported}), "\n"), tt.want)
	}
}

func TestAnImportAlongTheArrowsPasses(t *testing.T) {
	t.Parallel()
	for folder, imported := range map[string][]string{
		"models":                   {"time", "encoding/json"},
		"internal/lifecycle":       {"recourse/models"},
		"workflows":                {"recourse/workflows/contract", "recourse/models", "go.temporal.io/sdk/workflow"},
		"worker":                   {"recourse/workflows", "recourse/activities", "go.temporal.io/sdk/worker"},
		"api":                      {"recourse/api/openapi", "recourse/internal/cases", "github.com/gin-gonic/gin"},
		"internal/store":           {"gorm.io/gorm", "recourse/internal/store/migrations"},
		"internal/store/storetest": {"gorm.io/gorm", "recourse/internal/store"},
		"cmd/recourse":             {"recourse/worker", "recourse/internal/store", "go.temporal.io/sdk/client"},
		"devserver":                {"recourse/devserver/flags", "go.temporal.io/server/temporal"},
	} {
		require.Empty(t, faults(folder, imported), folder)
	}
}

// faults tells which imports of a package go against the table.
func faults(folder string, imported []string) []string {
	arrows, known := rowOf(folder)
	if !known {
		return []string{folder + " has no row in the table of arrows: say what it may import"}
	}
	var told []string
	for _, path := range imported {
		if !arrows.allow(path) || !roomFor(folder, path) {
			told = append(told, fmt.Sprintf("%s may not import %s (the table of arrows, internal/arrows/table_test.go)",
				folder, strings.TrimPrefix(path, module+"/")))
		}
	}
	return told
}

// rowOf returns the nearest row: a package's own, or that of a folder above it.
func rowOf(folder string) (row, bool) {
	for at := folder; at != "."; at = path.Dir(at) {
		if i := slices.IndexFunc(table, func(r row) bool { return r.from == at }); i >= 0 {
			return table[i], true
		}
	}
	return row{}, false
}

func (r row) allow(imported string) bool {
	if ours, is := strings.CutPrefix(imported, module+"/"); is {
		to, known := rowOf(ours)
		return known && (to.from == r.from || slices.Contains(r.ours, to.from) || slices.Equal(r.ours, everything))
	}
	return standard(imported) || slices.Equal(r.others, everything) ||
		slices.ContainsFunc(r.others, func(prefix string) bool { return strings.HasPrefix(imported, prefix) })
}

func roomFor(folder, imported string) bool {
	within := func(above string) bool { return folder == above || strings.HasPrefix(folder, above+"/") }
	for _, room := range rooms {
		if !strings.HasPrefix(imported, room.library) {
			continue
		}
		if slices.ContainsFunc(room.never, within) || room.only != nil && !slices.ContainsFunc(room.only, within) {
			return false
		}
	}
	return true
}

// standard tells the standard library by its first element, which has no dot.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// packages lists the folders with Go files at and below one. It reads the files
// itself, rather than ask the go command, so that Go's test cache sees them too.
func packages(t *testing.T, below string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(filepath.Join(root, below), func(at string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // not built yet
		}
		if err != nil || !entry.IsDir() {
			return err
		}
		folder, err := filepath.Rel(root, at)
		if err != nil {
			return err
		}
		folder = filepath.ToSlash(folder)
		if name := entry.Name(); slices.Contains([]string{"testdata", "bin", "data", "node_modules"}, name) ||
			folder != "." && strings.HasPrefix(name, ".") && name != ".." {
			return fs.SkipDir
		}
		if len(goFiles(t, folder)) > 0 {
			found = append(found, folder)
		}
		return nil
	})
	require.NoError(t, err)
	return found
}

func imports(t *testing.T, folder string) []string {
	t.Helper()
	return read(t, folder).Imports
}

func goFiles(t *testing.T, folder string) []string {
	t.Helper()
	return read(t, folder).GoFiles
}

// read returns what a folder holds for this platform, tests apart.
func read(t *testing.T, folder string) *build.Package {
	t.Helper()
	found, err := build.ImportDir(filepath.Join(root, folder), 0)
	var none *build.NoGoError
	if err != nil && !errors.As(err, &none) {
		require.NoError(t, err, folder)
	}
	return found
}
