package console_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// asksFor finds what the code reads of an address behind its question mark.
var asksFor = regexp.MustCompile(`(?:Query\(\)|asked)(?:\.Get|\.Has|\.Del)?[(\[]"(\w+)"|(?:oneOf|anyOf)\(&r, "(\w+)"`)

// parameters are all that addresses of the console may ask for.
func parameters(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, found := range asksFor.FindAllStringSubmatch(string(content), -1) {
			names = append(names, found[1]+found[2])
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	require.Greater(t, len(names), 20)
	require.Contains(t, names, "cursor")
	return names
}

func TestNothingInAnyAddressIsMoreThanText(t *testing.T) {
	t.Parallel()
	m := &matrix{world: newWorld(t), route: whichRoute(routes(t))}
	d := m.fresh(t, nil)
	defer func() { require.NoError(t, d.store.Close()) }()
	names, asked := parameters(t), 0
	windows := map[string]*window{}
	for _, as := range []string{"", "supervisor", "admin"} {
		windows[as] = d.as(t, as)
	}
	ask := func(pattern, path string, most int) {
		for as, w := range windows {
			if pattern != "/sign-in" && (as == "") != publicly(pattern) || as == "admin" && !strings.HasPrefix(pattern, "/organisation") {
				continue
			}
			d.wait(2e9)
			s := &seat{matrix: m, t: t, d: d, w: w}
			got := s.read(w.get(t, path))
			asked++
			s.inert(got, path)
			if got.Code >= most {
				t.Errorf("%s as %q: %d %s", path, as, got.Code, got.faults)
			}
		}
	}
	for _, r := range routes(t) {
		paths := m.visits(r.pattern)
		if r.method != http.MethodGet || len(paths) == 0 {
			continue
		}
		for i, name := range names {
			text := naughty[(i+asked)%len(naughty)].text
			ask(r.pattern, paths[0]+"?"+url.Values{name: {text}, "try": {"1"}}.Encode(), http.StatusInternalServerError)
		}
		for _, one := range naughty {
			if at := anyValue.ReplaceAllString(r.pattern, strings.ReplaceAll(url.PathEscape(one.text), "$", "$$")); strings.Contains(r.pattern, "{") {
				ask(r.pattern, strings.TrimSuffix(at, "{$}"), http.StatusInternalServerError)
			}
		}
	}
	t.Logf("%d addresses asked for, with %d parameters", asked, len(names))
}

var anyValue = regexp.MustCompile(`\{\w+\}`)
