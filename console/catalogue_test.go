package console_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"recourse/internal/words"
	"recourse/models"
)

func TestEveryKeyThatTemplatesNameHasWords(t *testing.T) {
	t.Parallel()
	named := 0
	for _, page := range readTemplates(t) {
		page.calls(func(function string, literal string, whole bool) {
			if function != "t" {
				return
			}
			named++
			requireWords(t, page.file, literal, whole)
		})
	}
	require.NotZero(t, named)
}

func TestEveryKeyThatPagesNameHasWords(t *testing.T) {
	t.Parallel()
	named := 0
	for _, file := range readGo(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, is := n.(*ast.CallExpr)
			if !is || len(call.Args) == 0 || !slices.Contains([]string{"Say", "tell"}, method(call)) {
				return true
			}
			if key, whole := literalOf(call.Args[0]); key != "" {
				named++
				requireWords(t, file.Name.Name, key, whole)
			}
			return true
		})
	}
	require.NotZero(t, named)
}

// requireWords fails unless a key has words in both languages. A key of which only the beginning is
// written down must be the beginning of some.
func requireWords(t *testing.T, where, key string, whole bool) {
	t.Helper()
	for _, lang := range models.Languages() {
		says := slices.ContainsFunc(words.Keys(lang), func(k string) bool { return k == key || !whole && strings.HasPrefix(k, key) })
		if !says {
			t.Errorf("%s says %q, which has no words in %s", where, key, lang)
		}
	}
}

func TestTemplatesHoldNoWordsOfTheirOwn(t *testing.T) {
	t.Parallel()
	for _, page := range readTemplates(t) {
		page.elements(func(tag html.Token, text string) {
			if wordy(text) {
				t.Errorf("%s says %q itself: words belong to internal/words/locales", page.file, strings.TrimSpace(text))
			}
			for _, a := range tag.Attr {
				if slices.Contains([]string{"alt", "aria-description", "aria-label", "aria-roledescription", "placeholder", "title"}, a.Key) && wordy(a.Val) {
					t.Errorf("%s says %s=%q itself: words belong to internal/words/locales", page.file, a.Key, a.Val)
				}
			}
		})
		page.walk(func(n parse.Node) {
			if l, is := n.(*parse.StringNode); is && spoken.MatchString(l.Text) {
				t.Errorf("%s says %q itself", page.file, l.Text)
			}
		})
		if strings.ContainsFunc(page.source, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s speaks Chinese itself", page.file)
		}
	}
}

func TestPagesHoldNoChineseOfTheirOwn(t *testing.T) {
	t.Parallel()
	for _, file := range readGo(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			if l, is := n.(*ast.BasicLit); is && strings.ContainsFunc(l.Value, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("console says %s itself", l.Value)
			}
			return true
		})
	}
}

// inheritable are attributes of htmx that say something about a request. On an element that makes
// none they do nothing at all, unless they say that they are meant for those inside.
var inheritable = []string{
	"hx-boost", "hx-confirm", "hx-encoding", "hx-headers", "hx-include", "hx-indicator", "hx-push-url", "hx-replace-url", "hx-select",
	"hx-swap", "hx-sync", "hx-target", "hx-trigger", "hx-vals", "hx-validate", "hx-disable",
}

func TestWhatHTMXInheritsSaysSo(t *testing.T) {
	t.Parallel()
	for _, page := range readTemplates(t) {
		page.elements(func(tag html.Token, _ string) {
			asks := slices.ContainsFunc(tag.Attr, func(a html.Attribute) bool {
				return slices.Contains([]string{"hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete", "hx-action"}, a.Key)
			})
			for _, a := range tag.Attr {
				if !asks && slices.Contains(inheritable, a.Key) {
					t.Errorf("%s: <%s %s=%q> makes no request; did you mean %s:inherited?", page.file, tag.Data, a.Key, a.Val, a.Key)
				}
			}
		})
	}
}

func TestTemplatesHoldNoScriptAndNoStyle(t *testing.T) {
	t.Parallel()
	for _, page := range readTemplates(t) {
		page.elements(func(tag html.Token, text string) {
			if tag.Data == "script" && strings.TrimSpace(text) != "" {
				t.Errorf("%s holds a script; the content policy refuses it", page.file)
			}
			for _, a := range tag.Attr {
				if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") || a.Key == "style" ||
					strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
					t.Errorf("%s: <%s %s=%q>: a class or console.js does that", page.file, tag.Data, a.Key, a.Val)
				}
			}
		})
	}
}

func TestEveryIconAndAssetThatTemplatesNameExists(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile("icons.txt")
	require.NoError(t, err)
	icons := strings.Fields(string(list))
	require.Equal(t, slices.Compact(slices.Sorted(slices.Values(icons))), slices.Sorted(slices.Values(icons)), "an icon is listed once")
	named := map[string]int{}
	for _, page := range readTemplates(t) {
		page.calls(func(function, literal string, whole bool) {
			named[function]++
			switch {
			case function == "icon" && whole && !slices.Contains(icons, literal):
				t.Errorf("%s draws the icon %s, which is not in icons.txt", page.file, literal)
			case function == "asset" && whole:
				_, err := os.Stat(filepath.Join("static", filepath.FromSlash(literal)))
				require.NoError(t, err, page.file)
			}
		})
	}
	require.NotZero(t, named["icon"])
	require.NotZero(t, named["asset"])
}

func TestEveryFunctionAndPartThatTemplatesNameExists(t *testing.T) {
	t.Parallel()
	shared, pages := map[string]bool{}, readTemplates(t)
	for _, page := range pages {
		if !page.isPage() {
			for name := range page.trees {
				shared[name] = true
			}
		}
	}
	for _, page := range pages {
		if page.isPage() {
			require.Contains(t, page.trees, "title", page.file)
			require.Contains(t, page.trees, "content", page.file)
		}
		page.walk(func(n parse.Node) {
			if called, is := n.(*parse.TemplateNode); is && page.isPage() && page.trees[called.Name] == nil && !shared[called.Name] {
				t.Errorf("%s shows a part %q that is not there", page.file, called.Name)
			}
		})
	}
}

func TestWhatIsNoKeyOrNoWordsIsTold(t *testing.T) {
	t.Parallel()
	for text, is := range map[string]bool{"Save": true, "保存": true, "Recourse ": false, " · ": false, "%": false, "\n\t": false, "￼": false, "– 5 / 3": false, `aria-invalid="true"`: false} {
		require.Equal(t, is, wordy(text), text)
	}
}

// ours is what is called the same in every language, and attributes that a part puts into an element.
var ours = regexp.MustCompile(`\b(Recourse|Temporal|ID|UTC|CSV|API)\b|[\w:-]+="[^"]*"`)

// spoken is a text that begins as a sentence does.
var spoken = regexp.MustCompile(`^[A-Z][a-z]+($|[ .,])`)

// wordy says whether a text that stands in a template is for people to read.
func wordy(text string) bool {
	return strings.ContainsFunc(ours.ReplaceAllString(text, ""), unicode.IsLetter)
}

// source is one file of templates, read but not run.
type source struct {
	file   string
	source string
	trees  map[string]*parse.Tree
}

func (s source) isPage() bool { return strings.Contains(s.file, "pages") }

func readTemplates(t *testing.T) (read []source) {
	t.Helper()
	var files []string
	for _, pattern := range []string{"templates/*.html", "templates/parts/*.html", "templates/pages/*.html"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		files = append(files, found...)
	}
	require.NotEmpty(t, files)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		top := parse.New(file)
		top.Mode = parse.SkipFuncCheck
		trees := map[string]*parse.Tree{}
		_, err = top.Parse(string(content), "", "", trees)
		require.NoError(t, err)
		read = append(read, source{file: file, source: string(content), trees: trees})
	}
	return read
}

// walk visits every node of every template in the file.
func (s source) walk(see func(parse.Node)) {
	for _, tree := range s.trees {
		walk(tree.Root, see)
	}
}

func walk(n parse.Node, see func(parse.Node)) {
	see(n)
	branch := func(b *parse.BranchNode) {
		walk(b.Pipe, see)
		walk(b.List, see)
		if b.ElseList != nil {
			walk(b.ElseList, see)
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, inner := range n.Nodes {
			walk(inner, see)
		}
	case *parse.ActionNode:
		walk(n.Pipe, see)
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.TemplateNode:
		if n.Pipe != nil {
			walk(n.Pipe, see)
		}
	case *parse.PipeNode:
		for _, command := range n.Cmds {
			walk(command, see)
		}
	case *parse.CommandNode:
		for _, arg := range n.Args {
			walk(arg, see)
		}
	}
}

// calls tells which functions are called with which text. Of `t (print "a." .B)` only the beginning
// is known: it is not the whole.
func (s source) calls(tell func(function, literal string, whole bool)) {
	s.walk(func(n parse.Node) {
		command, is := n.(*parse.CommandNode)
		if !is || len(command.Args) < 2 {
			return
		}
		function, is := command.Args[0].(*parse.IdentifierNode)
		if !is {
			return
		}
		switch arg := command.Args[1].(type) {
		case *parse.StringNode:
			tell(function.Ident, arg.Text, true)
		case *parse.PipeNode:
			if made := arg.Cmds[0].Args; len(made) > 1 && made[0].String() == "print" {
				if beginning, is := made[1].(*parse.StringNode); is {
					tell(function.Ident, beginning.Text, false)
				}
			}
		}
	})
}

// elements tells the elements that stand in the file, and the text behind each, with one sign in
// place of what is worked out.
func (s source) elements(tell func(tag html.Token, text string)) {
	actions := regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	reader := html.NewTokenizer(strings.NewReader(actions.ReplaceAllString(s.source, "￼")))
	var last html.Token
	for {
		switch reader.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			last = reader.Token()
			tell(last, "")
		case html.TextToken:
			tell(html.Token{Data: last.Data}, reader.Token().Data)
		case html.EndTagToken:
			last = html.Token{}
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

// readGo reads the console's own code, tests apart.
func readGo(t *testing.T) (read []*ast.File) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		read = append(read, parsed)
	}
	return read
}

// method is the name of what is called.
func method(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// literalOf is a text as it stands in the code, and whether it is all of it.
func literalOf(x ast.Expr) (text string, whole bool) {
	switch x := x.(type) {
	case *ast.BasicLit:
		text, _ = strconv.Unquote(x.Value)
		return text, true
	case *ast.BinaryExpr:
		text, _ = literalOf(x.X)
		return text, false
	}
	return "", false
}
