package notify_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"text/template"
	"text/template/parse"
	"unicode"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/internal/notify"
	"recourse/models"
)

// fields lists the fields of Values that a template reads, in all its branches.
func fields(t *testing.T, lang models.Language, name string) []string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("templates", string(lang), name+".txt"))
	require.NoError(t, err)
	parsed, err := template.New(name).Parse(string(content))
	require.NoError(t, err)
	found := map[string]bool{}
	var visit func(n parse.Node)
	visit = func(n parse.Node) {
		switch n := n.(type) {
		case *parse.ListNode:
			if n != nil {
				for _, below := range n.Nodes {
					visit(below)
				}
			}
		case *parse.ActionNode:
			visit(n.Pipe)
		case *parse.IfNode:
			visit(n.Pipe)
			visit(n.List)
			visit(n.ElseList)
		case *parse.WithNode:
			visit(n.Pipe)
			visit(n.List)
			visit(n.ElseList)
		case *parse.PipeNode:
			for _, c := range n.Cmds {
				for _, a := range c.Args {
					visit(a)
				}
			}
		case *parse.FieldNode:
			found[n.Ident[0]] = true
		case *parse.VariableNode: // $.Field
			found[n.Ident[1]] = true
		case *parse.DotNode, *parse.TextNode:
		default:
			t.Fatalf("%s uses %T, which this test does not know", name, n)
		}
	}
	visit(parsed.Root)
	var names []string
	for f := range found {
		names = append(names, f)
	}
	slices.Sort(names)
	return names
}

func TestBothLanguagesHaveEveryMessageAndSayTheSame(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, lang := range models.Languages() {
		entries, err := os.ReadDir(filepath.Join("templates", string(lang)))
		require.NoError(t, err)
		var names []string
		for _, e := range entries {
			names = append(names, strings.TrimSuffix(e.Name(), ".txt"))
		}
		require.ElementsMatch(t, lifecycle.Templates(), names, "%s: the kernel's templates, no other", lang)
	}
	for _, name := range lifecycle.Templates() {
		zh, en := fields(t, models.LanguageZH, name), fields(t, models.LanguageEN, name)
		require.Equal(t, zh, en, name)
		for _, f := range zh {
			used[f] = true
		}
	}
	for f := range reflect.TypeFor[notify.Values]().Fields() {
		require.True(t, used[f.Name], "nobody says %s", f.Name)
	}
}

// full has something to say in every field.
func full() notify.Values {
	var v notify.Values
	fill := reflect.ValueOf(&v).Elem()
	for i := range fill.NumField() {
		if f := fill.Field(i); f.Kind() == reflect.Bool {
			f.SetBool(true)
		} else {
			f.SetString(fmt.Sprintf("<%s>", fill.Type().Field(i).Name))
		}
	}
	return v
}

func TestEveryMessageReadsWellWithAllValuesAndWithFew(t *testing.T) {
	t.Parallel()
	for _, lang := range models.Languages() {
		for _, name := range lifecycle.Templates() {
			for _, v := range []notify.Values{full(), {Number: "RC2026-0000016", Text: "words", StatusURL: "s", SurveyURL: "s"}} {
				subject, body, err := notify.Render(name, lang, v)
				require.NoError(t, err)
				require.NotEmpty(t, subject)
				require.Greater(t, len(body), 20)
				require.NotContains(t, body, "\n\n\n", "%s/%s has a hole", lang, name)
				require.NotContains(t, body, "<no value>")
			}
			subject, body, err := notify.Render(name, lang, full())
			require.NoError(t, err)
			require.Contains(t, subject, "<Number>")
			require.Contains(t, body, "<Number>")
			han := strings.ContainsFunc(subject+body, func(r rune) bool { return unicode.Is(unicode.Han, r) })
			require.Equal(t, lang == models.LanguageZH, han, "%s/%s speaks one language", lang, name)
		}
	}
}

func TestAnUnknownMessageIsAnError(t *testing.T) {
	t.Parallel()
	_, _, err := notify.Render("receipt", "fr", notify.Values{})
	require.Error(t, err)
	_, _, err = notify.Render("../receipt", models.LanguageEN, notify.Values{})
	require.Error(t, err)
}

func TestASubjectIsOneLineWhateverTheValuesHold(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{"a\r\nBcc: x@example.com", "a\nb", "a\x00b", "a\u2028b", "a\u0085b", "\x1b[31ma"} {
		v := full()
		v.CompanyName, v.Number, v.Request = evil, evil, evil
		for _, name := range lifecycle.Templates() {
			for _, lang := range models.Languages() {
				subject, _, err := notify.Render(name, lang, v)
				require.NoError(t, err)
				require.False(t, strings.ContainsFunc(subject, unicode.IsControl), "%q", subject)
				require.NotContains(t, subject, "\u2028")
			}
		}
	}
}

func TestWordsFromPeopleAreNeverTemplates(t *testing.T) {
	t.Parallel()
	_, body, err := notify.Render("reply", models.LanguageEN, notify.Values{Number: "1", Text: "use {{.StatusURL}} & <b>"})
	require.NoError(t, err)
	require.Contains(t, body, "use {{.StatusURL}} & <b>")
}
