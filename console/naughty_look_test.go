package console_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// active are elements that a text must not become, wherever it stands.
var active = []string{"img", "iframe", "object", "embed", "base", "style", "marquee", "audio", "video", "applet", "frame"}

// sight is an answer as somebody sees it.
type sight struct {
	answer

	node   *html.Node
	says   string // everything: its texts, and what stands in its fields
	faults string // what is wrong
}

func (s *seat) read(got answer) sight {
	s.t.Helper()
	page := document(s.t, got.Body)
	return sight{got, page, said(page), faultsOn(page)}
}

// faultsOn is what a page says is wrong.
func faultsOn(page *html.Node) string {
	var all []string
	for n := range page.Descendants() {
		class := attribute(n, "class")
		if n.Data == "h1" || strings.Contains(class, "invalid-feedback") || strings.Contains(class, "alert-danger") || n.Data == "p" && n.Parent.Data == "section" {
			all = append(all, textOf(n))
		}
	}
	return strings.Join(all, " | ")
}

// inert fails when something on a page has become more than text.
func (s *seat) inert(got sight, what string) {
	s.t.Helper()
	if !utf8.ValidString(got.Body) || strings.ContainsRune(got.Body, 0) {
		s.t.Errorf("%s: the answer is no text", what)
	}
	if strings.ContainsAny(got.Body, "\u202d\u202e") {
		s.t.Errorf("%s: letters run backwards from there", what)
	}
	for _, cookie := range got.Header.Values("Set-Cookie") {
		if len(cookie) > 4000 {
			s.t.Errorf("%s: browsers keep no cookie of %d bytes", what, len(cookie))
		}
	}
	for n := range got.node.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		src := attribute(n, "src")
		if slices.Contains(active, n.Data) || n.Data == "script" && (!strings.HasPrefix(src, "/static/") || n.FirstChild != nil) {
			s.t.Errorf("%s: a text became <%s>", what, n.Data)
		}
		for _, a := range n.Attr {
			scheme, _, is := strings.Cut(strings.ToLower(a.Val), ":")
			leads := is && slices.Contains([]string{"href", "src", "action", "formaction", "hx-get", "hx-post"}, a.Key)
			if strings.HasPrefix(a.Key, "on") || leads && slices.Contains([]string{"javascript", "data", "vbscript"}, strings.TrimSpace(scheme)) {
				s.t.Errorf("%s: a text became %s=%q", what, a.Key, a.Val)
			}
		}
	}
}

// said is everything that a page says: its texts, and what stands in its fields.
func said(page *html.Node) string {
	var all strings.Builder
	for n := range page.Descendants() {
		switch n.Type { //nolint:exhaustive // the others say nothing
		case html.TextNode:
			all.WriteString(n.Data + " ")
		case html.ElementNode:
			if n.Data == "input" || n.Data == "option" {
				all.WriteString(attribute(n, "value") + " ")
			}
		}
	}
	return bare(all.String())
}

// bare is a text as far as a page keeps it: spaces are one, and what is no character, or turns those behind
// it, is none.
func bare(s string) string {
	s = strings.NewReplacer("\u202d", "", "\u202e", "").Replace(strings.ToValidUTF8(s, ""))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == 0xfffd }), " ")
}

// ends are the beginning and the end of a text: between them a fold may stand.
func ends(s string) []string {
	runes := []rune(bare(strings.ReplaceAll(s, "\x00", "")))
	if len(runes) <= 200 {
		return []string{string(runes)}
	}
	return []string{string(runes[:150]), string(runes[len(runes)-40:])}
}

// requireSaid fails unless a refusal says what is wrong, by the name of the field, and what was typed is
// still there.
func (s *seat) requireSaid(c control, text string, got sight, what string) {
	s.t.Helper()
	if len(got.faults) < 5 {
		s.t.Errorf("%s: %d says nothing", what, got.Code)
	}
	secret := s.form.action == "/sign-in" || c.kind == "password" || c.name == "secret"
	if c.typed() && !secret && bare(text) != "" && !strings.Contains(got.Body, `id="fault-`+c.name+`"`) && !s.named(c, got) {
		s.t.Errorf("%s: %d does not name the field (%q): %s", what, got.Code, c.label, got.faults)
	}
	for _, other := range s.form.controls {
		if other.name != c.name && other.kind != "password" && s.filled().Get(other.name) == mark(other.name) && !strings.Contains(got.says, mark(other.name)) {
			s.t.Errorf("%s: %d lost what was typed into %s: %s", what, got.Code, other.name, got.faults)
		}
	}
	if c.typed() && !secret && c.name != "website" && // which is there to be left empty
		s.form.method != http.MethodGet && !got.holds(text) {
		s.t.Errorf("%s: %d lost what was typed: %s", what, got.Code, got.faults)
	}
}

// named says whether a refusal that stands beside no field calls it as some form does.
func (s *seat) named(c control, got sight) bool {
	return slices.ContainsFunc(s.labels[c.name], func(label string) bool { return label != "" && strings.Contains(got.faults, bare(label)) })
}

// holds says whether a text is to be read on a page, but for a fold within.
func (p sight) holds(text string) bool {
	return !slices.ContainsFunc(ends(text), func(part string) bool { return !strings.Contains(p.says, part) })
}

// shownNowhere are the fields that no page repeats.
var shownNowhere = []string{"password", "old", "key", "known", "drawn_in", "back", "to", "if_seq", "look", "unmask", "url", "secret"}

// unread says whether what is typed there is read by nobody: the fields of another button, and what is
// only looked for.
func (s *seat) unread(c control) bool {
	return s.form.action == "/queue/assign" && c.name == "reason" || s.form.action == "/intake/beside" || strings.HasSuffix(s.form.action, "/preview") || slices.Contains(shownNowhere, c.name)
}

var aNumber = regexp.MustCompile(`RC\d+-\d+`)

// look fails when what was taken is not to be read afterwards, as it was written.
func (s *seat) look(c control, text string, got sight, what string) {
	s.t.Helper()
	see := func(page sight) sight {
		s.inert(page, what+", and then")
		if page.Code >= http.StatusInternalServerError {
			s.t.Errorf("%s: what was taken breaks a page: %d", what, page.Code)
		}
		return page
	}
	back := see(s.comeBack())
	if !c.typed() || s.unread(c) || bare(text) == "" {
		return
	}
	pages := []sight{got, back}
	if to := got.To(); to != "" && to != s.form.path {
		pages = append(pages, see(s.read(s.w.get(s.t, to))))
	}
	number := aNumber.FindString(s.filled().Get("case") + s.form.action + got.To() + pages[len(pages)-1].says)
	if number != "" {
		if s.form.as == "" {
			s.d.pass(s.t, number)
		}
		pages = append(pages, see(s.read(s.d.as(s.t, "supervisor").get(s.t, "/cases/"+number))))
	}
	for _, page := range pages {
		if page.holds(text) {
			s.shown.Add(1)
			return
		}
	}
	s.t.Errorf("%s: it was taken (%d) and stands nowhere, also not at %s", what, got.Code, number)
}

// unchanged fails when the record is not as it was before what was refused.
func (s *seat) unchanged(when string) {
	s.t.Helper()
	if s.record == "" {
		return // another world
	}
	if now := s.d.onRecord(s.t); now != s.record {
		s.t.Errorf("%s: %s: what was refused has changed the record: %s", s.form, when, firstDifference(s.record, now))
		s.record = now
	}
}

// beside are the tables that say who asked, and what waits until a wish names it: texts and files are
// kept before it is decided, and forgotten by and by, and numbers are drawn once.
var beside = []string{
	"sessions", "idempotency_keys", "contact_reads", "attachments", "keys", "goose_db_version", "texts", "search_texts", "search_terms", "case_numbers",
}

// onRecord is what is on record: of tables that only grow, how much.
func (d *desk) onRecord(t *testing.T) string {
	t.Helper()
	db, err := sql.Open("sqlite", d.file)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	var all strings.Builder
	for _, table := range tablesOf(t, db) {
		ask := "*"
		switch {
		case slices.Contains(beside, table):
			continue
		case table == "entries":
			ask = "count(*)"
		case table == "cases":
			ask = "id, seq, state"
		}
		writeRows(t, db, "SELECT "+ask+" FROM "+table, &all)
	}
	return all.String()
}

func tablesOf(t *testing.T, db *sql.DB) (tables []string) {
	t.Helper()
	names, err := db.QueryContext(t.Context(), "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	require.NoError(t, err)
	defer func() { require.NoError(t, names.Close()) }()
	for names.Next() {
		var name string
		require.NoError(t, names.Scan(&name))
		tables = append(tables, name)
	}
	require.NoError(t, names.Err())
	return tables
}

func writeRows(t *testing.T, db *sql.DB, query string, to *strings.Builder) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	columns, err := rows.Columns()
	require.NoError(t, err)
	cells, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		require.NoError(t, rows.Scan(into...))
		fmt.Fprintf(to, "%s %v\n", query, cells)
	}
	require.NoError(t, rows.Err())
}

func firstDifference(a, b string) string {
	before := strings.Split(a, "\n")
	for line := range strings.Lines(b) {
		if !slices.Contains(before, strings.TrimSuffix(line, "\n")) {
			return line[:min(len(line), 300)]
		}
	}
	return "something is gone"
}
