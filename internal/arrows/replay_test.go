package arrows_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// calm is what of the standard library has neither clock, chance, world nor threads.
var calm = []string{
	"bytes", "cmp", "crypto/hmac", "crypto/sha256", "encoding", "encoding/base64", "encoding/binary", "encoding/hex",
	"encoding/json", "errors", "fmt", "hash", "iter", "maps", "math", "math/bits", "regexp", "slices", "sort", "strconv",
	"strings", "time", "unicode", "unicode/utf8",
}

// replayed are the folders whose code runs again and must decide the same, with
// what else they may import; a path that ends in / stands for all below it.
var replayed = map[string][]string{
	"internal/lifecycle": {"recourse/models"},
	"workflows": {
		"recourse/models", "recourse/internal/lifecycle", "recourse/workflows/contract",
		"go.temporal.io/sdk/workflow", "go.temporal.io/sdk/temporal", "go.temporal.io/sdk/log", "go.temporal.io/sdk/converter",
		"go.temporal.io/api/",
	},
}

func TestWhatIsReplayedImportsOnlyWhatCanBeRepeated(t *testing.T) {
	t.Parallel()
	for folder, more := range replayed {
		for _, at := range packages(t, folder) {
			for _, imported := range imports(t, at) {
				if !listed(imported, more) {
					t.Errorf("%s imports %s, which is not on the allow-list of %s", at, imported, folder)
				}
			}
		}
	}
}

func TestTheAllowListKeepsOutWhatCannotBeRepeated(t *testing.T) {
	t.Parallel()
	for folder, more := range replayed {
		for _, wild := range []string{
			"os", "os/exec", "net", "net/http", "database/sql", "gorm.io/gorm", "github.com/gin-gonic/gin", "time/tzdata",
			"math/rand", "math/rand/v2", "crypto/rand", "sync", "sync/atomic", "io/ioutil", "context", "runtime", "unsafe",
			"go.temporal.io/sdk/client", "go.temporal.io/sdk/activity", "recourse/internal/store", "recourse/internal/policy",
		} {
			require.False(t, listed(wild, more), "%s may import %s", folder, wild)
		}
	}
}

func TestWhatIsReplayedDoesOnlyWhatCanBeRepeated(t *testing.T) {
	t.Parallel()
	for folder := range replayed {
		for _, at := range packages(t, folder) {
			t.Run(at, func(t *testing.T) {
				t.Parallel()
				fset := token.NewFileSet()
				var files []*ast.File
				for _, name := range goFiles(t, at) {
					file, err := parser.ParseFile(fset, filepath.Join(root, at, name), nil, parser.ParseComments)
					require.NoError(t, err)
					files = append(files, file)
				}
				for _, fault := range unrepeatable(t, fset, files, compiled(t, fset, "./"+at)) {
					t.Error(fault)
				}
			})
		}
	}
}

func TestWhatCannotBeRepeatedIsTold(t *testing.T) {
	t.Parallel()
	fset := token.NewFileSet()
	library := compiled(t, fset, "maps", "slices", "time")
	for body, want := range map[string]string{
		`_ = time.Now()`:                                "3: reads time.Now",
		`_ = time.Since(at)`:                            "3: reads time.Since",
		`_ = time.Until(at)`:                            "3: reads time.Until",
		`_, _ = time.LoadLocation("Asia/Shanghai")`:     "3: reads time.LoadLocation",
		`_ = at.In(time.Local)`:                         "3: reads time.Local",
		`_ = at.Local()`:                                "3: reads time.Local",
		`time.Sleep(1)`:                                 "3: reads time.Sleep",
		`now := time.Now; _ = now`:                      "3: reads time.Now",
		`for range byName {}`:                           "3: ranges over a map",
		`for k, v := range named { _, _ = k, v }`:       "3: ranges over a map",
		`for k := range maps.Keys(byName) { _ = k }`:    "3: reads a map in no order",
		`_ = slices.Collect(maps.Values(byName))`:       "3: reads a map in no order",
		`go func() {}()`:                                "3: starts a goroutine",
		`_ = make(chan int)`:                            "3: speaks of a channel",
		`line <- 1`:                                     "3: speaks of a channel",
		`<-line`:                                        "3: speaks of a channel",
		`for range line {}`:                             "3: speaks of a channel",
		`select {}`:                                     "3: selects",
		`_ = at.After(at)`:                              "",
		`_ = at.UTC().In(time.UTC)`:                     "",
		`for range list {}; for range 3 {}`:             "",
		`_ = slices.Sorted(maps.Keys(byName))`:          "",
		`for range byName {} //workflowcheck:ignore: a`: "",
	} {
		file, err := parser.ParseFile(fset, "", fmt.Sprintf(snippet, body), parser.ParseComments)
		require.NoError(t, err, body)
		told := unrepeatable(t, fset, []*ast.File{file}, library)
		told = slices.DeleteFunc(told, func(fault string) bool { return !strings.HasPrefix(fault, "3: ") })
		if want == "" {
			require.Empty(t, told, body)
		} else {
			require.Contains(t, told, want, body)
		}
	}
}

// snippet has what is looked at in its third line.
const snippet = `package x; import ("maps"; "slices"; "time")
func f() {
%s
}
type names map[string]int
var ( at time.Time; byName map[string]int; named names; list []int; line chan int )
var _, _ = maps.Clone(byName), slices.Max(list)
`

func listed(imported string, more []string) bool {
	return slices.Contains(calm, imported) || slices.ContainsFunc(more, func(allowed string) bool {
		return imported == allowed || strings.HasSuffix(allowed, "/") && strings.HasPrefix(imported, allowed)
	})
}
