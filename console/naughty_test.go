package console_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/console"
)

// naughtyFile lies beside the project where its makers work.
const naughtyFile = "../../shared/data/naughty-strings/blns.json"

// naughty are what is typed into every field: what is no text at all, or far too long, and what would be
// more than text or turns what stands around it. The first ones are never taken.
var naughty = []struct{ kind, text string }{
	{"a zero", "a\x00b"},
	{"no text", "a\xff\xfeb\xc0\xaf"},
	{"nothing", "\u00a0\u3000 \t\r\n\u2003"},
	{"9,000 characters", strings.Repeat("电饭煲的内胆涂层大面积脱落而且客服没有给出任何答复", 375)[:3*9000]},
	{"one long word", strings.Repeat("W", 9000)},
	{"markup", `=1+1 "><img src=x onerror=alert(1)><script>alert(1)</script>{{.}}${7*7}' OR 1=1;-- <b>漏`},
	{"turned letters", "@x \u202e\u2066abc\u2069 مرحبا שלום 👩‍👩‍👧‍👦🏳️‍🌈 é̴̢ \ufeff\u200b</textarea></select></title></form> end"},
}

// noText says whether nothing of that kind is ever taken.
func noText(kind string) bool { return kind == "a zero" || kind == "no text" }

// matrix sends every form of the console with every one of its fields filled in so.
type matrix struct {
	*world

	route  func(method, path string) string
	listed []string            // of the naughty strings that others collected
	labels map[string][]string // what the fields of a name are called
	desks  chan *desk

	posts, refused, taken, shown, next atomic.Int64
}

func TestNothingThatIsTypedIntoAnyFormIsMoreThanText(t *testing.T) {
	t.Parallel()
	began := time.Now()
	m := &matrix{world: newWorld(t), route: whichRoute(routes(t)), listed: collected(t), labels: map[string][]string{}}
	m.desks = make(chan *desk, runtime.GOMAXPROCS(0)+1)
	for range cap(m.desks) {
		m.desks <- m.fresh(t, nil)
	}
	t.Cleanup(func() {
		for range cap(m.desks) {
			require.NoError(t, (<-m.desks).store.Close())
		}
	})
	forms := m.everyForm(t)
	made := time.Since(began)
	fields := 0
	for _, f := range forms {
		fields += len(f.controls)
	}
	t.Run("forms", func(t *testing.T) {
		for _, f := range forms {
			t.Run(strings.ReplaceAll(f.String(), "/", "."), func(t *testing.T) {
				t.Parallel()
				m.fill(t, f)
			})
		}
	})
	t.Logf("%d forms with %d fields (found in %s), sent %d times: %d refused, %d taken, of which %d were looked for and found; in %s",
		len(forms), fields, made.Round(time.Millisecond), m.posts.Load(), m.refused.Load(), m.taken.Load(), m.shown.Load(), time.Since(began).Round(time.Millisecond))
}

// collected are the naughty strings that others collected, where they are.
func collected(t *testing.T) (all []string) {
	t.Helper()
	content, err := os.ReadFile(naughtyFile)
	if err != nil {
		t.Logf("NOT TESTED: there are no naughty strings at %s", naughtyFile)
		return nil
	}
	require.NoError(t, json.Unmarshal(content, &all))
	return slices.DeleteFunc(all, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// everyForm finds every form of the console on its pages, and fails for one that is on none.
func (m *matrix) everyForm(t *testing.T) (all []formOn) {
	t.Helper()
	d := <-m.desks
	defer func() { m.desks <- d }()
	known := map[string]bool{}
	take := func(from formOn, page answer) {
		for _, f := range formsOn(t, document(t, page.Body)) {
			f.as, f.path, f.sent = from.as, from.path, from.sent
			if fields := m.namesOf(f); slices.ContainsFunc(fields, func(name string) bool { return !known[name] }) {
				for _, name := range fields {
					known[name] = true
				}
				all = slices.DeleteFunc(all, func(less formOn) bool { return m.holds(f, less) })
				all = append(all, f)
			}
			for _, c := range f.controls {
				m.labels[c.name] = append(m.labels[c.name], c.label)
			}
		}
	}
	take(formOn{as: "clerk", path: "/intake", sent: refusedSettling}, d.as(t, "clerk").post(t, "/intake", maps.Clone(refusedSettling)))
	for _, r := range routes(t) { // what stands at one address first
		if r.method == http.MethodGet && !strings.Contains(r.pattern, "{") {
			m.goAround(t, d, r.pattern, take)
		}
	}
	for _, r := range routes(t) {
		if r.method == http.MethodGet && strings.Contains(r.pattern, "{") && len(m.missing(t, known)) > 0 {
			m.goAround(t, d, r.pattern, take)
		}
	}
	require.Empty(t, m.missing(t, known), "nobody in the world is shown these: put a case there where they are, in naughty_world_test.go")
	for _, shape := range writtenForms(t) {
		require.True(t, slices.ContainsFunc(all, func(f formOn) bool { return shape.MatchString(f.action) }), "no page of the world has a form that leads to %s", shape)
	}
	return all
}

// goAround lets everybody look at the pages of an address.
func (m *matrix) goAround(t *testing.T, d *desk, pattern string, take func(formOn, answer)) {
	t.Helper()
	for _, as := range m.peopled() {
		if pattern != "/sign-in" && (as == "") != publicly(pattern) {
			continue
		}
		w := d.as(t, as)
		for _, path := range m.visits(pattern) {
			d.wait(time.Second) // customers are slowed down
			if page := w.get(t, path); page.Code == http.StatusOK && strings.HasPrefix(page.Body, "<!doctype") {
				take(formOn{as: as, path: path}, page)
			}
		}
	}
}

// missing are the forms of the product that nobody was shown yet: each address that takes one, each verb,
// and each of its fields.
func (m *matrix) missing(t *testing.T, known map[string]bool) (names []string) {
	t.Helper()
	for _, r := range routes(t) {
		if r.method == http.MethodPost && r.pattern != "/cases/{number}/{verb}" {
			names = append(names, "POST "+strings.Replace(r.pattern, "{verb}", "approve", 1))
		}
	}
	for verb, fields := range console.Asked() {
		at := "POST /cases/{number}/" + string(verb)
		names = append(names, at)
		for _, name := range fields {
			names = append(names, at+" "+name)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return known[name] })
}

// holds says whether a form asks for all that another does, too.
func (m *matrix) holds(f, less formOn) bool {
	has := m.namesOf(f)
	return !slices.ContainsFunc(m.namesOf(less), func(name string) bool { return !slices.Contains(has, name) })
}

// publicly says whether an address is for everybody.
func publicly(pattern string) bool {
	return pattern == "/sign-in" || pattern == "/complain" || strings.HasPrefix(pattern, "/t/") || strings.HasPrefix(pattern, "/s/") || strings.HasPrefix(pattern, "/a/")
}

// namesOf are the fields of a form, each with where it is sent to.
func (m *matrix) namesOf(f formOn) []string {
	at := f.method + " " + m.keyOf(f)
	names := []string{at}
	for _, c := range f.controls {
		names = append(names, at+" "+c.name)
	}
	return names
}

// keyOf is the address of a form without what tells one case or person from another.
func (m *matrix) keyOf(f formOn) string {
	path, _, _ := strings.Cut(f.action, "?")
	pattern := m.route(f.method, path)
	return strings.Replace(pattern, "{verb}", path[strings.LastIndex(path, "/")+1:], 1)
}

// fill sends one form with each of its fields filled in with each of the strings.
func (m *matrix) fill(t *testing.T, f formOn) {
	t.Helper()
	s := &seat{matrix: m, t: t, form: f, d: <-m.desks}
	defer func() { m.desks <- s.d }()
	s.anew()
	if plain := s.read(s.send("", "", "")); plain.Code >= http.StatusBadRequest && !strings.HasSuffix(f.action, "/archive") { // which the clock does
		t.Errorf("%s is refused as it was meant to be filled in, %v: %d %s", f, s.filled(), plain.Code, plain.faults)
		return
	}
	s.anew()
	for _, c := range f.controls {
		if c.kind == "button" {
			continue
		}
		s.record = s.d.onRecord(t)
		for _, one := range naughty {
			if c.typed() || c.kind == "file" || one.kind == "a zero" || one.kind == "markup" {
				s.try(c, one.kind, one.text)
			}
			if noText(one.kind) {
				s.unchanged("after " + c.name)
			}
		}
		if len(m.listed) > 0 && c.typed() {
			s.try(c, "one of the list", m.listed[int(m.next.Add(7))%len(m.listed)])
		}
		s.unchanged("after " + c.name)
	}
}

// seat is somebody before one form, in a world of their own.
type seat struct {
	*matrix

	t      *testing.T
	form   formOn
	d      *desk
	w      *window
	record string // as it was when nothing was taken yet; empty: something was
	serial int
}

// anew begins in another copy of the world.
func (s *seat) anew() {
	s.t.Helper()
	if strings.Contains("/sign-in /account/password", s.form.action) { // slowed down by whom they are about
		require.NoError(s.t, s.d.store.Close())
		s.d = nil
	}
	s.d = s.fresh(s.t, s.d)
	s.w = s.d.as(s.t, s.form.as)
	s.w.from = "[2001:db8::" + uuid.NewString()[:4] + "]:1234"
	require.True(s.t, s.stands(s.comeBack()), "%s is there again", s.form)
	s.record = ""
}

// comeBack asks for the page of the form anew.
func (s *seat) comeBack() sight {
	s.t.Helper()
	s.d.wait(time.Minute) // whoever asks often is slowed down
	if s.form.sent != nil {
		return s.read(s.w.post(s.t, s.form.path, maps.Clone(s.form.sent)))
	}
	return s.read(s.w.get(s.t, s.form.path))
}

// stands says whether the form still stands on its page, and takes its keys from there.
func (s *seat) stands(page sight) bool {
	s.t.Helper()
	for _, f := range formsOn(s.t, page.node) {
		if s.keyOf(f) == s.keyOf(s.form) && slices.EqualFunc(f.controls, s.form.controls, func(a, b control) bool {
			return a.name == b.name && (len(a.options) == len(b.options) || a.name == "until")
		}) { // to when an alert may be put off depends on when one asks
			f.as, f.path, f.sent = s.form.as, s.form.path, s.form.sent
			s.form = f
			return true
		}
	}
	return false
}

// try sends the form with one field filled in so, and looks at what comes of it.
func (s *seat) try(c control, kind, text string) {
	s.t.Helper()
	what := fmt.Sprintf("%s with %s in %s (%s)", s.form, kind, c.name, c.kind)
	got := s.read(s.send(c.name, c.kind, text))
	s.posts.Add(1)
	s.inert(got, what)
	switch {
	case got.Code >= http.StatusInternalServerError:
		s.t.Errorf("%s: %d %s", what, got.Code, got.faults)
	case s.form.action == "/intake" && got.says != "" && strings.Contains(got.faults, "On record: "): // and not settled
		s.anew()
	case got.Code >= http.StatusBadRequest:
		s.refused.Add(1)
		s.requireSaid(c, text, got, what)
		s.d.wait(time.Minute)
	case noText(kind) && c.kind != "file":
		s.t.Errorf("%s was taken: %d", what, got.Code)
	default:
		s.taken.Add(1)
		s.look(c, text, got, what)
		s.anew()
	}
}
