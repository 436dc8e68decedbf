package browser_test

import (
	"cmp"
	"fmt"
	"html"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
	"recourse/models"
)

// What the walk goes through. RECOURSE_E2E_LONG says how many cases there shall be instead (1: 20,000);
// RECOURSE_WALK_FOLDER is the folder of a program that runs already, with RECOURSE_WALK_URL.
const (
	walkedCrowd = 300 // generated cases
	walkedAlike = 6   // pages of one kind that each role is led to
	walkedLong  = 25
)

// Everybody signs in and follows every link that they are shown, and the links there, through a house full
// of cases with long texts. Nothing leads nowhere, and nothing is said in keys.
func TestEveryLinkLeadsSomewhereForEverybody(t *testing.T) {
	p, crowd := walked(t)
	alikeMost := walkedAlike
	if crowd > walkedCrowd {
		alikeMost = walkedLong
	}
	shapes, all := shapesOf(t), map[string]*times{}
	for at, role := range models.Roles() {
		p.speak(t, role, models.Languages()[at%len(models.Languages())])
		w := walk{p: p, as: role, most: alikeMost, shapes: shapes, seen: map[string]int{}, told: map[string]bool{}, took: map[string]*times{}}
		w.from(t, "/")
		t.Logf("%s\n%s", role, table(w.took))
		for shape, took := range w.took {
			if all[shape] == nil {
				all[shape] = &times{}
			}
			all[shape].spans = append(all[shape].spans, took.spans...)
		}
	}
	pages := 0
	for _, took := range all {
		pages += len(took.spans)
	}
	t.Logf("everybody\n%s", table(all))
	t.Logf("%d pages walked as %d roles among %d generated cases; kinds of pages: %d", pages, len(models.Roles()), crowd, len(all))
}

// walked is the program that the walk goes through, and how many generated cases it has.
func walked(t *testing.T) (*program, int) {
	t.Helper()
	crowd := walkedCrowd
	if long := os.Getenv("RECOURSE_E2E_LONG"); long != "" {
		crowd = 20000
		if n, err := strconv.Atoi(long); err == nil && n > 1 {
			crowd = n
		}
	}
	p := &program{people: map[models.Role]person{}, sessions: map[models.Role]string{}}
	t.Cleanup(p.stop)
	if folder := os.Getenv("RECOURSE_WALK_FOLDER"); folder != "" {
		p.url = os.Getenv("RECOURSE_WALK_URL")
		require.NoError(t, p.meet(folder, time.Second))
		return p, crowd
	}
	server, err := filepath.Abs(rig.Program("recourse-devserver"))
	require.NoError(t, err)
	if _, err := os.Stat(server); err != nil && os.Getenv("CI") == "" {
		t.Skip("SKIPPED: bin/recourse-devserver is not built; run `make devserver`")
	}
	require.NoError(t, p.startDev(server, 30*time.Minute, "--crowd", strconv.Itoa(crowd)))
	return p, crowd
}

// walk is one role's way through the pages.
type walk struct {
	p      *program
	as     models.Role
	most   int // pages of a kind
	shapes []shape
	seen   map[string]int // pages by kind
	told   map[string]bool
	took   map[string]*times
}

// shape is a kind of page: how the console registers it.
type shape struct {
	pattern string
	is      *regexp.Regexp
}

func shapesOf(t *testing.T) (all []shape) {
	t.Helper()
	for _, pattern := range routes(t) {
		all = append(all, shape{pattern, regexp.MustCompile("^" + anyValue.ReplaceAllString(strings.TrimSuffix(pattern, "{$}"), `[^/?#]+`) + "$")})
	}
	return all
}

// kind names pages that are alike: the pattern of the address, and which filters it asks for.
func (w *walk) kind(link string) string {
	path, query, _ := strings.Cut(link, "?")
	for _, s := range w.shapes {
		if s.is.MatchString(path) {
			path = s.pattern
			break
		}
	}
	var names []string
	for pair := range strings.SplitSeq(query, "&") {
		if name, _, _ := strings.Cut(pair, "="); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if len(names) > 0 {
		path += "?" + strings.Join(names, "&")
	}
	return path
}

// aside are links that are no pages: what never ends, and what only changes something.
var aside = regexp.MustCompile(`^/(live|static/|docs|api/)`)

// from follows links in the order in which they are shown.
func (w *walk) from(t *testing.T, first string) {
	t.Helper()
	for next := []string{first}; len(next) > 0; next = next[1:] {
		link := next[0]
		kind := w.kind(link)
		if w.seen[kind] >= w.most {
			continue
		}
		w.seen[kind]++
		for _, shown := range w.look(t, kind, link) {
			if !w.told[shown] && !aside.MatchString(shown) {
				w.told[shown] = true
				next = append(next, shown)
			}
		}
	}
}

// look opens a page, tells what is wrong with it, and returns where it leads.
func (w *walk) look(t *testing.T, kind, link string) (shown []string) {
	t.Helper()
	began := time.Now()
	status, body, to := w.p.fetch(t, w.as, http.MethodGet, link, nil)
	took := time.Since(began)
	if w.took[kind] == nil {
		w.took[kind] = &times{}
	}
	w.took[kind].spans = append(w.took[kind].spans, took)
	switch {
	case status == http.StatusSeeOther:
		return []string{to}
	case status != http.StatusOK:
		t.Errorf("%s is shown %s, which answers %d", w.as, link, status)
		return nil
	}
	if !strings.HasPrefix(strings.TrimSpace(body), "<") { // a file, and no page
		return nil
	}
	text := html.UnescapeString(tags.ReplaceAllString(scripts.ReplaceAllString(body, " "), " "))
	for _, wrong := range []string{"<no value>", "%!", "ZgotmplZ"} {
		if strings.Contains(text, wrong) {
			t.Errorf("%s reads %q on %s", w.as, wrong, link)
		}
	}
	if bare := slices.DeleteFunc(bareKeys(text), inTexts); len(bare) > 0 {
		t.Errorf("%s reads keys instead of words on %s: %s", w.as, link, bare)
	}
	for _, found := range leads.FindAllStringSubmatch(body, -1) {
		to, _, _ := strings.Cut(html.UnescapeString(found[1]), "#")
		shown = append(shown, to)
	}
	return shown
}

// inTexts says whether it is what generated customers write.
func inTexts(key string) bool { return strings.HasPrefix(key, "customer.with.a.rather") }

var (
	leads   = regexp.MustCompile(`(?:href|hx-get)="(/[^"]*)"`)
	scripts = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>`)
	tags    = regexp.MustCompile(`<[^>]*>`)
)

// times are how long pages of a kind took.
type times struct{ spans []time.Duration }

func (s *times) median() time.Duration {
	slices.Sort(s.spans)
	return s.spans[len(s.spans)/2]
}

// slow is what a page may take at the median: more is pointed to.
const slow = 50 * time.Millisecond

// table is what somebody waited for, the slowest first.
func table(took map[string]*times) string {
	kinds := slices.SortedFunc(maps.Keys(took), func(a, b string) int { return cmp.Compare(took[b].median(), took[a].median()) })
	var b strings.Builder
	for _, kind := range kinds {
		mark := ""
		if took[kind].median() > slow {
			mark = "  SLOW"
		}
		spans := took[kind].spans
		fmt.Fprintf(&b, "%8.1f ms median %8.1f ms at most %4d× %s%s\n", ms(took[kind].median()), ms(slices.Max(spans)), len(spans), kind, mark)
	}
	return b.String()
}

func ms(span time.Duration) float64 { return float64(span.Microseconds()) / 1000 }
