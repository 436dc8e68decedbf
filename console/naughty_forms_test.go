package console_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// route is one address as the console registers it.
type route struct{ method, pattern string }

// routes lists the addresses of the console, as its code registers them.
func routes(t *testing.T) (all []route) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "routes.go", nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		if l, is := n.(*ast.BasicLit); is && l.Kind == token.STRING {
			said, _ := strconv.Unquote(l.Value)
			if method, pattern, both := strings.Cut(said, " /"); both && (method == http.MethodGet || method == http.MethodPost) {
				all = append(all, route{method, "/" + pattern})
			}
		}
		return true
	})
	require.Greater(t, len(all), 50)
	return all
}

// whichRoute finds the address that answers a path.
func whichRoute(all []route) func(method, path string) string {
	mux := http.NewServeMux()
	for _, r := range all {
		mux.HandleFunc(r.method+" "+r.pattern, func(http.ResponseWriter, *http.Request) {})
	}
	return func(method, path string) string {
		_, found := mux.Handler(&http.Request{Method: method, URL: &url.URL{Path: path}, Host: "x"})
		_, pattern, _ := strings.Cut(found, " ")
		return pattern
	}
}

// writtenForms lists where the forms lead that templates hold, as they say it: what a page fills in is
// left open.
func writtenForms(t *testing.T) (shapes []*regexp.Regexp) {
	t.Helper()
	files, err := filepath.Glob("templates/*/*.html")
	require.NoError(t, err)
	for _, file := range append(files, "templates/layout.html") {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, found := range leadsTo.FindAllStringSubmatch(string(content), -1) {
			said := strings.Split(filledIn.ReplaceAllString(found[1], "\x00"), "\x00")
			for i := range said {
				said[i] = regexp.QuoteMeta(said[i])
			}
			shapes = append(shapes, regexp.MustCompile("^"+strings.Join(said, ".*")+"$"))
		}
	}
	require.Greater(t, len(shapes), 30)
	return shapes
}

var (
	leadsTo  = regexp.MustCompile(`(?:<form[^>]*? action|formaction|hx-post)="([^"]*)"`)
	filledIn = regexp.MustCompile(`\{\{if .*\{\{end\}\}|\{\{.*?\}\}`)
)

// control is a field of a form as a page draws it.
type control struct {
	name, kind string // kind: the type of an input, or textarea, select
	value      string
	label      string // as a reader is told it
	options    []string
	needed     bool
}

// typed says whether somebody writes into it.
func (c control) typed() bool {
	return slices.Contains([]string{"text", "textarea", "search", "tel", "email", "password"}, c.kind)
}

// formOn is a form on a page, with one of its buttons.
type formOn struct {
	as, path string     // whose page
	sent     url.Values // what was sent to get it; nil: it was asked for
	method   string
	action   string
	controls []control
}

func (f formOn) String() string { return strings.TrimSpace(f.as + " " + f.method + " " + f.action) }

func (f formOn) takesFiles() bool {
	return slices.ContainsFunc(f.controls, func(c control) bool { return c.kind == "file" })
}

// document reads a page.
func document(t *testing.T, body string) *html.Node {
	t.Helper()
	page, err := html.Parse(strings.NewReader(body))
	require.NoError(t, err)
	return page
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttribute(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// textOf is what stands in an element.
func textOf(n *html.Node) string {
	var said strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			said.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(said.String()), " ")
}

// formsOn finds the forms of a page, once for each place that they can be sent to. A form without an
// address leads to those of its buttons.
func formsOn(t *testing.T, page *html.Node) (all []formOn) {
	t.Helper()
	labels := labelsOn(page)
	byID := map[string]formOn{}
	for n := range page.Descendants() {
		if n.Data != "form" {
			continue
		}
		f := formOn{method: strings.ToUpper(attribute(n, "method")), action: attribute(n, "action"), controls: controlsIn(n, labels)}
		if f.method == "" {
			f.method = http.MethodGet
		}
		byID[attribute(n, "id")] = f
		if f.action != "" {
			all = append(all, f)
		}
		for d := range n.Descendants() {
			if d.Data == "button" && attribute(d, "formaction") != "" {
				elsewhere := f
				elsewhere.action = attribute(d, "formaction")
				all = append(all, elsewhere)
			}
		}
	}
	for n := range page.Descendants() {
		if to := attribute(n, "hx-post"); to != "" { // sends the fields of the form that it names
			f := byID[firstID.FindStringSubmatch(attribute(n, "hx-include"))[1]]
			written := slices.DeleteFunc(slices.Clone(f.controls), func(c control) bool { return c.kind == "file" })
			all = append(all, formOn{method: http.MethodPost, action: to, controls: written})
		}
	}
	return all
}

var firstID = regexp.MustCompile(`#([\w-]+)`)

// labelsOn are the labels of a page by the id of their field.
func labelsOn(page *html.Node) map[string]string {
	labels := map[string]string{}
	for n := range page.Descendants() {
		if n.Data == "label" && attribute(n, "for") != "" {
			labels[attribute(n, "for")] = textOf(n)
		}
	}
	return labels
}

// controlsIn lists the fields of a form; those of one name are one.
func controlsIn(form *html.Node, labels map[string]string) (all []control) {
	for n := range form.Descendants() {
		name := attribute(n, "name")
		if name == "" || !slices.Contains([]string{"input", "textarea", "select", "button"}, n.Data) {
			continue
		}
		c := control{name: name, kind: n.Data, value: attribute(n, "value"), label: labelOf(n, labels), needed: hasAttribute(n, "required")}
		switch {
		case n.Data == "input" && attribute(n, "type") == "":
			c.kind = "text"
		case n.Data == "input":
			c.kind = attribute(n, "type")
		case n.Data == "textarea" && n.FirstChild != nil:
			c.value = n.FirstChild.Data
		case n.Data == "select":
			c.options, c.value = optionsOf(n)
		}
		if c.kind == "checkbox" || c.kind == "radio" || c.kind == "button" {
			c.options = []string{c.value}
			if !hasAttribute(n, "checked") {
				c.value = ""
			}
		}
		at := slices.IndexFunc(all, func(o control) bool { return o.name == name })
		if at < 0 {
			all = append(all, c)
			continue
		}
		all[at].options = append(all[at].options, c.options...)
		if all[at].value == "" {
			all[at].value = c.value
		}
	}
	return all
}

// optionsOf are what a list offers, and what of it is chosen at first: as browsers do, the first.
func optionsOf(list *html.Node) (options []string, chosen string) {
	some := false
	for d := range list.Descendants() {
		if d.Data != "option" {
			continue
		}
		value := attribute(d, "value")
		if hasAttribute(d, "selected") || !some {
			chosen, some = value, true
		}
		if value != "" {
			options = append(options, value)
		}
	}
	return options, chosen
}

// labelOf is what a reader is told that a field is.
func labelOf(n *html.Node, labels map[string]string) string {
	if says := attribute(n, "aria-label"); says != "" {
		return says
	}
	if says := labels[attribute(n, "id")]; says != "" {
		return says
	}
	for up := n.Parent; up != nil; up = up.Parent {
		if up.Data == "fieldset" {
			for d := range up.Descendants() {
				if d.Data == "legend" {
					return textOf(d)
				}
			}
		}
	}
	return ""
}
