package words_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"recourse/internal/words"
	"recourse/models"
)

// Where refusals are written that a person may come to read.
var refusing = []string{
	"models", "internal/lifecycle", "internal/cases", "internal/roster", "internal/duty", "internal/policy", "internal/password", "internal/files",
	"internal/store", "internal/daylist", "internal/document", "internal/endpoints", "internal/extract", "internal/figures", "internal/kpi", "internal/report", "internal/simulate", "internal/templates", "console",
}

func TestEveryRefusalIsSaidInChinese(t *testing.T) {
	t.Parallel()
	said, written := chinese(t), map[string]string{}
	for _, folder := range refusing {
		maps.Copy(written, sentencesIn(t, folder))
	}
	require.Greater(t, len(written), 200)
	var missing []string
	for sentence, at := range written {
		if said[sentence] == "" {
			missing = append(missing, at+": "+strconv.Quote(sentence))
		}
	}
	slices.Sort(missing)
	for _, m := range missing {
		t.Errorf("not said in Chinese: %s", m)
	}
	for sentence := range said {
		if _, is := written[sentence]; !is {
			t.Errorf("said in Chinese, but nowhere refused: %q", sentence)
		}
	}
}

var formatted = regexp.MustCompile(`%(?:\[\d\])?[-+# 0]*\d*(?:\.\d+)?[a-zA-Z]`)

// inBraces is how values are written in templates, in every language.
var inBraces = regexp.MustCompile(`\{\{[^}]*\}\}`)

func TestChineseRefusalsHaveTheValuesOfTheEnglishOnes(t *testing.T) {
	t.Parallel()
	for english, chinese := range chinese(t) {
		require.True(t, strings.ContainsFunc(chinese, func(r rune) bool { return unicode.Is(unicode.Han, r) }), english)
		require.NotRegexp(t, `[,;!?]|:[^0-9]|[^0-9a-z]\.`, inBraces.ReplaceAllString(formatted.ReplaceAllString(chinese, "x"), "x"), "Chinese has signs of its own: %s", chinese)
		values := len(formatted.FindAllString(english, -1))
		var places []string
		for i, v := range formatted.FindAllString(chinese, -1) {
			if v == "%s" {
				v = "%[" + strconv.Itoa(i+1) + "]s"
			}
			places = append(places, v)
		}
		slices.Sort(places)
		require.Len(t, slices.Compact(places), values, "%s -> %s", english, chinese)
	}
}

func TestARefusalIsSaidWithItsValues(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	for english, want := range map[string]string{
		"there is no such page": "没有这个页面。",
		"merge is not possible while the case is closed; possible now: reopen, archive":     "案件“已结案”时不能并案。现在可以重新打开、归档。",
		"dispatch is not possible while the case is archived; nothing is possible any more": "案件“已归档”时不能派单。案件已不能再办理任何事项。",
		"accept is not possible while the case is not on record; possible now: open":        "案件“未登记”时不能签收。现在可以登记。",
		`"boss" is none of [intake handler]`:                                                "“boss”不在可选范围内，可选值有登记员、经办人。",
		"a pause lasts at most 72h0m0s; ask for a long_pause":                               "暂停最长 3 天，更长的请申请长时间暂停。",
		"lies after now and after the present due, 2026-03-18T12:00:00Z":                    "须晚于现在，也晚于当前期限2026年3月18日 20:00（北京时间）。",
		`this complaint goes to "sales" by rule 2 (my rule), and should go to "works"`:      "按规则 2（my rule），这件投诉会派给“sales”，应当派给“works”。",
		"RC2026-000017-3 does not belong to this case's group any more; try again":          "RC2026-000017-3 已不在本案的案件组内，请再试一次。",
		"/people/3/name: must not be blank (and 3 more)":                                    "不能为空（另有 3 处）。",
		`there is no table "nope"`:                                                          "没有表 “nope”。",
		"nobody wrote this down":                                                            "案件目前的状态不允许此操作。",
	} {
		require.Equal(t, want, words.In(models.LanguageZH).Refusal(models.Refuse(models.CodeUnlawful, english), zone))
	}
	en := words.In(models.LanguageEN)
	require.Equal(t, "There is no such page.", en.Refusal(models.Refuse(models.CodeNotFound, "there is no such page"), zone))
	for raw, want := range map[string]string{
		"tell_result is not possible while the case is awaiting_approval; possible now: give_task, record_callback": "Tell the result is not possible while the case is awaiting approval; possible now: give a joint task, record the callback.",
		"dispatch is not possible while the case is archived; nothing is possible any more":                         "Dispatch is not possible while the case is archived; nothing is possible any more.",
		"accept is not possible while the case is not on record; possible now: open":                                "Accept is not possible while the case is not on record; possible now: register.",
	} {
		require.Equal(t, want, en.Refusal(models.Refuse(models.CodeUnlawful, raw), zone))
	}
	require.Equal(t, "Lies after now and after the present due, 18 March 2026, 20:00 (China Standard Time, UTC+08:00).",
		en.Refusal(models.Invalid("/until", "lies after now and after the present due, 2026-03-18T12:00:00Z"), zone))
}

func TestTheSentencesOfRefusalsAreFound(t *testing.T) {
	t.Parallel()
	const code = `package x
const fixed = "a constant"
var laws = map[string]string{"a": "from a map"}
func f(n int, err error) {
	models.Refuse(c, "as it is")
	models.Invalid("/x", fmt.Sprintf("with %d of %s", n, part(n)))
	models.Refuse(c, "before "+name+" after")
	models.Refuse(c, fixed)
	wrong("through a helper")
	says := "one way"
	if n > 1 { says = "or another" } else { says += fmt.Sprintf(" (and %d more)", n) }
	models.Refuse(c, says)
	models.Refuse(c, chosen(n))
	h.far("/x", "through %s", n)
	_ = Fault{Says: "of a field"}
	_ = Error{Message: fmt.Sprintf("of %s field", n)}
	models.Refuse(c, laws[n])
	models.Refuse(c, err.Error())
}
func wrong(says string) error { return models.Refuse(c, says) }
func (h) far(at, says string, values ...any) error { return wrong(fmt.Sprintf(says, values...)) }
func chosen(n int) string { if n > 2 { return "if chosen" }; return "or this" }
func part(n int) string { return "a part" }
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "x.go", code, 0)
	require.NoError(t, err)
	require.Equal(t, []string{
		"%s (and %d more)", "a constant", "a part", "as it is", "before %s after", "from a map", "if chosen", "of %s field", "of a field", "one way", "or another", "or this",
		"through %s", "through a helper", "with %d of %s",
	}, slices.Sorted(maps.Keys(newReader(fset, []*ast.File{file}).sentences())))
}

func chinese(t *testing.T) map[string]string {
	t.Helper()
	content, err := os.ReadFile("refusals.zh-CN.json")
	require.NoError(t, err)
	said := map[string]string{}
	require.NoError(t, json.Unmarshal(content, &said))
	return said
}

func sentencesIn(t *testing.T, folder string) map[string]string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("../..", folder, "*.go"))
	require.NoError(t, err)
	require.NotEmpty(t, names, folder)
	fset, files := token.NewFileSet(), []*ast.File(nil)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, 0)
		require.NoError(t, err)
		files = append(files, file)
	}
	return newReader(fset, files).sentences()
}

// reader finds the sentences that a package refuses with: what is given to models.Refuse and
// models.Invalid, to a document.Reader, to a field Says, and to functions of the package that pass it on to those.
type reader struct {
	fset   *token.FileSet
	files  []*ast.File
	says   map[string]int           // functions that refuse, by name: which argument is the sentence
	funcs  map[string]*ast.FuncDecl // of the package, by name
	values map[string][]ast.Expr    // what its constants and variables hold
	found  map[string]string
}

func newReader(fset *token.FileSet, files []*ast.File) *reader {
	r := &reader{
		fset: fset, files: files, says: map[string]int{"Refuse": 1, "Invalid": 1, "Fault": 1, "Warn": 1}, funcs: map[string]*ast.FuncDecl{},
		values: map[string][]ast.Expr{}, found: map[string]string{},
	}
	for _, file := range files {
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				r.funcs[d.Name.Name] = d
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if v, is := spec.(*ast.ValueSpec); is {
						for i, name := range v.Names {
							if i < len(v.Values) {
								r.values[name.Name] = append(r.values[name.Name], v.Values[i])
							}
						}
					}
				}
			}
		}
	}
	return r
}

// sentences returns what is refused with, and where.
func (r *reader) sentences() map[string]string {
	for known := 0; known < len(r.says); { // until no more functions turn out to pass a sentence on
		known = len(r.says)
		for _, file := range r.files {
			for _, d := range file.Decls {
				if f, is := d.(*ast.FuncDecl); is && f.Body != nil {
					r.read(f, f.Body)
				} else if !is {
					r.read(nil, d)
				}
			}
		}
	}
	return r.found
}

func (r *reader) read(in *ast.FuncDecl, n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if at, is := r.says[called(n)]; is && at < len(n.Args) {
				r.take(in, n.Args[at], 0)
				for _, value := range n.Args[at+1:] {
					r.value(in, value, 1)
				}
			}
		case *ast.KeyValueExpr:
			if key, is := n.Key.(*ast.Ident); is && (key.Name == "Says" || key.Name == "Message") {
				r.take(in, n.Value, 0)
			}
		}
		return true
	})
}

// take follows an expression to the sentences that it may be.
func (r *reader) take(in *ast.FuncDecl, x ast.Expr, depth int) {
	if depth > 6 {
		return
	}
	switch x := x.(type) {
	case *ast.BasicLit, *ast.BinaryExpr:
		sentence := r.pattern(x)
		if fixed := formatted.ReplaceAllString(sentence, ""); strings.Contains(sentence, " ") && strings.ContainsFunc(fixed, unicode.IsLetter) {
			r.found[sentence] = r.fset.Position(x.Pos()).String()
		}
	case *ast.ParenExpr:
		r.take(in, x.X, depth)
	case *ast.IndexExpr:
		r.take(in, x.X, depth+1)
	case *ast.CompositeLit:
		for _, e := range x.Elts {
			if kv, is := e.(*ast.KeyValueExpr); is {
				e = kv.Value
			}
			r.take(in, e, depth+1)
		}
	case *ast.CallExpr:
		switch name := called(x); {
		case name == "Sprintf":
			r.take(in, x.Args[0], depth+1)
			for _, value := range x.Args[1:] {
				r.value(in, value, depth+1)
			}
		case r.funcs[name] != nil:
			r.returns(r.funcs[name], depth+1)
		}
	case *ast.Ident:
		r.name(in, x.Name, depth)
	}
}

// value takes what is put into a sentence, where it is a part of one itself.
func (r *reader) value(in *ast.FuncDecl, x ast.Expr, depth int) {
	switch x := x.(type) {
	case *ast.CallExpr:
		r.take(in, x, depth)
	case *ast.Ident:
		if in != nil && !slices.ContainsFunc(in.Type.Params.List, func(f *ast.Field) bool {
			return slices.ContainsFunc(f.Names, func(n *ast.Ident) bool { return n.Name == x.Name })
		}) {
			r.name(in, x.Name, depth)
		}
	}
}

// name follows a name: of an argument, of what the function keeps, or of what the package holds.
func (r *reader) name(in *ast.FuncDecl, name string, depth int) {
	if in != nil {
		at := 0
		for _, field := range in.Type.Params.List {
			for _, p := range field.Names {
				if p.Name == name {
					r.says[in.Name.Name] = at
					return
				}
				at++
			}
		}
		ast.Inspect(in.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				r.assigned(in, n, name, depth)
			case *ast.RangeStmt:
				if value, is := n.Value.(*ast.Ident); is && value.Name == name {
					r.take(in, n.X, depth+1)
				}
			}
			return true
		})
	}
	for _, value := range r.values[name] {
		r.take(nil, value, depth+1)
	}
}

func (r *reader) assigned(in *ast.FuncDecl, n *ast.AssignStmt, name string, depth int) {
	for i, left := range n.Lhs {
		id, is := left.(*ast.Ident)
		if !is || id.Name != name {
			continue
		}
		if n.Tok == token.ADD_ASSIGN {
			r.take(in, &ast.BinaryExpr{X: left, Y: n.Rhs[0], OpPos: n.TokPos}, depth+1)
			continue
		}
		if len(n.Rhs) == len(n.Lhs) {
			r.take(in, n.Rhs[i], depth+1)
		} else {
			r.take(in, n.Rhs[0], depth+1)
		}
	}
}

// returns takes what a function may return.
func (r *reader) returns(f *ast.FuncDecl, depth int) {
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if back, is := n.(*ast.ReturnStmt); is {
			for _, result := range back.Results {
				r.take(f, result, depth)
			}
		}
		return true
	})
}

// pattern is a sentence with %s for what is put into it.
func (r *reader) pattern(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.BasicLit:
		text, _ := strconv.Unquote(x.Value)
		return text
	case *ast.BinaryExpr:
		return r.pattern(x.X) + r.pattern(x.Y)
	case *ast.CallExpr:
		if called(x) == "Sprintf" {
			return r.pattern(x.Args[0])
		}
	}
	return "%s"
}

func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}
