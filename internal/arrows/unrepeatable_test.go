package arrows_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// clock is what of package time asks this machine: what time it is, where it
// stands, or to wake us.
var clock = []string{
	"Now", "Since", "Until", "Local", "LoadLocation",
	"After", "AfterFunc", "NewTicker", "NewTimer", "Sleep", "Tick",
}

// unrepeatable tells what in the files of one package a replay could not repeat.
func unrepeatable(t *testing.T, fset *token.FileSet, files []*ast.File, library types.Importer) []string {
	t.Helper()
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	_, err := (&types.Config{Importer: library}).Check("x", fset, files, info)
	require.NoError(t, err)

	var told []string
	for _, file := range files {
		r := reader{fset: fset, info: info, ignored: ignored(fset, file), sorted: map[ast.Expr]bool{}}
		ast.Inspect(file, r.read)
		told = append(told, r.told...)
	}
	return told
}

type reader struct {
	fset    *token.FileSet
	info    *types.Info
	ignored map[int]bool      // lines whose map is said not to matter
	sorted  map[ast.Expr]bool // what is sorted at once may come in any order
	told    []string
}

func (r *reader) read(node ast.Node) bool {
	switch node := node.(type) {
	case *ast.GoStmt:
		r.tell(node, "starts a goroutine")
	case *ast.SelectStmt:
		r.tell(node, "selects")
	case *ast.ChanType:
		r.tell(node, "speaks of a channel")
	case *ast.RangeStmt:
		if r.isMap(node.X) && !r.ignored[r.line(node)] {
			r.tell(node, "ranges over a map")
		}
	case *ast.CallExpr:
		r.readCall(node)
	case *ast.Ident:
		r.readIdent(node)
	}
	return true
}

func (r *reader) readCall(call *ast.CallExpr) {
	if len(call.Args) > 0 && r.calls(call, "slices", "Sorted", "SortedFunc", "SortedStableFunc") {
		r.sorted[call.Args[0]] = true
	}
	if r.calls(call, "maps", "All", "Keys", "Values") && !r.sorted[call] {
		r.tell(call, "reads a map in no order")
	}
}

func (r *reader) readIdent(name *ast.Ident) {
	used := r.info.Uses[name]
	if used == nil {
		return
	}
	if variable, is := used.(*types.Var); is && isChannel(variable.Type()) {
		r.tell(name, "speaks of a channel")
	}
	// A method of time.Time computes, but for Local, which asks where we are.
	f, is := used.(*types.Func)
	method := is && f.Signature().Recv() != nil
	if from(used, "time") && slices.Contains(clock, used.Name()) && (!method || used.Name() == "Local") {
		r.tell(name, "reads time."+used.Name())
	}
}

func (r *reader) calls(call *ast.CallExpr, pkg string, names ...string) bool {
	selector, is := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return is && from(r.info.Uses[selector.Sel], pkg) && slices.Contains(names, selector.Sel.Name)
}

func (r *reader) isMap(x ast.Expr) bool {
	_, is := r.info.Types[x].Type.Underlying().(*types.Map)
	return is
}

func (r *reader) line(node ast.Node) int { return r.fset.Position(node.Pos()).Line }

func (r *reader) tell(node ast.Node, what string) {
	at := r.fset.Position(node.Pos())
	at.Column = 0
	r.told = append(r.told, fmt.Sprintf("%s: %s", at, what))
}

func from(used types.Object, pkg string) bool {
	return used != nil && used.Pkg() != nil && used.Pkg().Path() == pkg
}

func isChannel(t types.Type) bool {
	_, is := t.Underlying().(*types.Chan)
	return is
}

// ignored lists the lines on which, or above which, workflowcheck is told that
// the order of a map does not matter there. One exception for both checks.
func ignored(fset *token.FileSet, file *ast.File) map[int]bool {
	lines := map[int]bool{}
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if strings.HasPrefix(comment.Text, "//workflowcheck:ignore") {
				line := fset.Position(comment.Pos()).Line
				lines[line], lines[line+1] = true, true
			}
		}
	}
	return lines
}

// compiled imports from what the go command has compiled, so that types are the
// real ones, those of other people's packages too.
func compiled(t *testing.T, fset *token.FileSet, packages ...string) types.Importer {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go",
		append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}, packages...)...)
	list.Dir = root
	list.Stderr = os.Stderr
	out, err := list.Output()
	require.NoError(t, err)

	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[path] = file
	}
	return importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(files[path]) })
}
