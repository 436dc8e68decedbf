package browser_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/browser"
	"recourse/internal/words"
	"recourse/models"
)

const axe = "../../console/testdata/axe.min.js"

// seenBy says who looks at a page first, where the order of all roles does not choose well.
var seenBy = map[string]models.Role{
	"/intake":                        models.RoleIntake,
	"/alerts":                        models.RoleExecutive,
	"/decisions":                     models.RoleExecutive,
	"/callbacks":                     models.RoleQuality,
	"/queue":                         models.RoleSupervisor,
	"/organisation":                  models.RoleAdmin,
	"/organisation/templates/{name}": models.RoleAdmin,
	"/system":                        models.RoleOps,
	"/system/outbox":                 models.RoleOps,
	"/cases/{number}":                models.RoleSupervisor,
	"/overview":                      models.RoleExecutive,
	"/figures":                       models.RoleExecutive,
	"/account":                       models.RoleHandler,
	"/sign-in":                       "",
	"/complain":                      "",
	"/t/{token}":                     "",
	"/s/{token}":                     "",
	"/a/{token}":                     "",
	"/survey/{token}":                "",
	"/there-is-nothing":              models.RoleHandler,
}

// onlookers see every page between them: signing in is slowed down, so the fewer, the faster.
var onlookers = []models.Role{
	models.RoleSupervisor, models.RoleAdmin, models.RoleOps, models.RoleQuality, models.RoleExecutive, models.RoleHandler, models.RoleIntake,
}

// alike are addresses that are no pages of their own, or are said otherwise here.
var alike = []string{"/", "/{$}", "/live", "/static/{address...}", "/cases/{number}/attachments/{id}", "/reports/{id}/pdf"}

// paper are pages to be printed: light in every theme, and in the language of whom they are for.
var paper = []string{"/cases/{number}/letters/{kind}", "/cases/{number}/receipt"}

// page is one page that is looked at.
type page struct {
	path    string // with its values
	as      models.Role
	status  int
	pattern string // how the console registers it
}

func (p page) String() string { return fmt.Sprintf("%s as %s", p.path, cmpOr(string(p.as), "anybody")) }

func cmpOr(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// looks are the ways in which every page is looked at.
func looks() (all []browser.Look) {
	for _, size := range []browser.Look{browser.Desk, browser.Phone} {
		for _, dark := range []bool{false, true} {
			look := size
			look.Dark = dark
			all = append(all, look)
		}
	}
	return all
}

func TestEveryPageIsFitForEverybody(t *testing.T) {
	p := open(t)
	pages := p.pages(t)
	began := time.Now()
	var loads, faults atomic.Int64
	for _, lang := range models.Languages() {
		for _, role := range onlookers {
			p.speak(t, role, lang)
		}
		work := make(chan page)
		var hands sync.WaitGroup
		for range 2 {
			windows := map[models.Role]*browser.Window{}
			hands.Go(func() {
				for at := range work {
					if windows[at.as] == nil {
						windows[at.as] = p.window(t, at.as, browser.Desk)
					}
					for _, look := range looks() {
						look.Language = string(lang)
						loads.Add(1)
						faults.Add(p.look(t, windows[at.as], at, look))
					}
				}
			})
		}
		for _, at := range pages {
			work <- at
		}
		close(work)
		hands.Wait()
	}
	t.Logf("%d pages loaded %d times in 2 languages, 2 themes and 2 widths and checked for accessibility, with %d faults, in %s",
		len(pages), loads.Load(), faults.Load(), time.Since(began).Round(time.Second))
}

// look opens a page in one way and tells whatever is wrong with it.
func (p *program) look(t *testing.T, w *browser.Window, at page, look browser.Look) (faults int64) {
	t.Helper()
	theme, size := "light", "desk"
	if look.Dark {
		theme = "dark"
	}
	if look.Touch {
		size = "phone"
	}
	fault := func(format string, values ...any) {
		faults++
		t.Errorf("%s (%s, %s, %s): %s", at, look.Language, theme, size, fmt.Sprintf(format, values...))
	}
	if err := w.Become(look); err != nil {
		fault("%v", err)
		return faults
	}
	if err := p.enter(w, at.path); err != nil {
		fault("%v", err)
		return faults
	}
	var seen struct {
		Lang, Theme, Text string
		Wide              int
	}
	if err := w.Ask(`({Lang: document.documentElement.lang, Theme: document.documentElement.dataset.bsTheme, Text: document.body.innerText,
		Wide: Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)})`, &seen); err != nil {
		fault("%v", err)
		return faults
	}
	if seen.Wide > 0 {
		fault("is %d px wider than its window", seen.Wide)
	}
	if seen.Theme != theme && !slices.Contains(paper, at.pattern) {
		fault("is shown in the theme %s", seen.Theme)
	}
	if at.as != "" && !slices.Contains(paper, at.pattern) && seen.Lang != look.Language {
		fault("is shown in %s", seen.Lang)
	}
	if bare := bareKeys(seen.Text); len(bare) > 0 {
		fault("says keys instead of words: %s", bare)
	}
	violations, err := w.Axe(axe)
	if err != nil {
		fault("%v", err)
	}
	for _, v := range violations {
		fault("%s", v)
	}
	for _, said := range w.Faults() {
		if !expected(said, at.status) {
			fault("%s", said)
		}
	}
	return faults
}

// expected says whether the browser only complains that an error page is one.
func expected(said string, status int) bool {
	return status >= 400 && strings.Contains(said, "the server responded with a status of "+strconv.Itoa(status))
}

var dotted = regexp.MustCompile(`\b[a-z_]+(?:\.[a-z_]+)+\b`)

var catalogue = sync.OnceValue(func() map[string]bool {
	parts := map[string]bool{}
	for _, key := range words.Keys(models.LanguageEN) {
		part, _, _ := strings.Cut(key, ".")
		parts[part] = true
	}
	return parts
})

// bareKeys finds keys of the catalogue that are shown in place of their words.
func bareKeys(text string) (found []string) {
	for _, key := range dotted.FindAllString(text, -1) {
		if part, _, _ := strings.Cut(key, "."); catalogue()[part] && !strings.HasSuffix(key, ".example") {
			found = append(found, key)
		}
	}
	return found
}

// pages lists every whole page of the console: each address that it registers, as somebody who sees it,
// with values that links or samples lead to.
func (p *program) pages(t *testing.T) (all []page) {
	t.Helper()
	links := p.links(t)
	var parts []string
	for _, pattern := range routes(t) {
		if slices.Contains(alike, pattern) {
			continue
		}
		found, whole := p.find(t, pattern, links)
		switch {
		case whole:
			all = append(all, found...)
		case len(found) > 0:
			parts = append(parts, pattern)
		default:
			t.Errorf("nobody sees %s, and no page links to it: say in links where one is", pattern)
		}
	}
	all = append(all, page{"/there-is-nothing", models.RoleHandler, http.StatusNotFound, ""})
	t.Logf("%d pages; no whole pages: %s", len(all), parts)
	return all
}

// find looks for somebody who sees what stands at an address: a whole page, or something else.
func (p *program) find(t *testing.T, pattern string, links []string) (found []page, whole bool) {
	t.Helper()
	roles := append(slices.Clone(onlookers), "")
	if first, is := seenBy[pattern]; is {
		roles = []models.Role{first}
	}
	for _, path := range fitting(pattern, links) {
		for _, as := range roles {
			status, body := p.patient(t, as, path)
			if status != http.StatusOK {
				continue
			}
			if strings.HasPrefix(strings.TrimSpace(body), "<!doctype html>") {
				return []page{{path, as, status, pattern}}, true
			}
			found = []page{{path, as, status, pattern}}
		}
	}
	return found, false
}

// patient asks for a page until it is not too often: strangers may come once a second, and no answer of
// that kind says whether there is a page.
func (p *program) patient(t *testing.T, as models.Role, path string) (status int, body string) {
	t.Helper()
	await(t, time.Minute, path+" may be asked for", func() bool {
		status, body = p.get(t, as, path)
		return status != http.StatusTooManyRequests
	})
	return status, body
}

// fitting lists what a pattern of addresses may stand for.
func fitting(pattern string, links []string) (paths []string) {
	if !strings.Contains(pattern, "{") {
		return []string{pattern}
	}
	shape := regexp.MustCompile("^" + anyValue.ReplaceAllString(pattern, `[^/?#]+`) + "$")
	for _, link := range links {
		if path, _, _ := strings.Cut(link, "?"); shape.MatchString(path) {
			paths = append(paths, link)
		}
	}
	return paths
}

var anyValue = regexp.MustCompile(`\{[^}]*\}`)

// links are addresses that lead somewhere: of each case, of its customer, and those on the pages.
func (p *program) links(t *testing.T) (links []string) {
	t.Helper()
	p.call(t, models.RoleSupervisor, http.MethodPost, "/adjustments", map[string]any{ // nothing else is previewed in the samples
		"kind": "later", "later": "1d working", "clocks": []string{"handling", "acceptance"}, "reason": "台风停工", "filter": map[string]any{"channels": []string{"phone", "web"}},
	}, nil)
	p.call(t, models.RoleOps, http.MethodPost, "/endpoints", map[string]any{ // samples have none: nothing of theirs may leave
		"name": "运营预警群", "channel": "wecom", "url": "https://robots.example.com/send?key=0ec2sifa5aaa",
	}, nil)
	var made struct {
		ID string `json:"id"`
	}
	p.call(t, models.RoleSupervisor, http.MethodPost, "/reports", map[string]any{"day": time.Now().AddDate(0, -2, 0).Format(time.DateOnly)}, &made)
	p.call(t, models.RoleSupervisor, http.MethodPost, "/reports/"+made.ID+"/restatements", map[string]any{"reason": "迟录"}, nil)
	for _, c := range p.cases(t) {
		at := "/cases/" + c.Number
		links = append(links, at, at+"/saved", at+"/receipt", "/callbacks/"+c.Number, p.statusLink(c.ID), p.surveyLink(c.ID, max(1, c.Cycle)))
	}
	links = append(links, p.alertLink(t), p.signalLink(t))
	for _, pattern := range routes(t) {
		if strings.Contains(pattern, "{") || slices.Contains(alike, pattern) {
			continue
		}
		for _, as := range onlookers {
			if status, body := p.get(t, as, pattern); status == http.StatusOK {
				for _, found := range href.FindAllStringSubmatch(body, -1) {
					links = append(links, html.UnescapeString(found[1]))
				}
			}
		}
	}
	for _, link := range slices.Clone(links) {
		if strings.HasPrefix(link, "/organisation/adjustments/") && strings.Count(link, "/") == 3 {
			links = append(links, link+"/so-far") // asked for while it goes on
		}
		if strings.HasPrefix(link, "/cases/") && strings.Count(link, "/") == 2 {
			_, body := p.get(t, models.RoleSupervisor, link)
			for _, found := range href.FindAllStringSubmatch(body, -1) {
				links = append(links, html.UnescapeString(found[1]))
			}
		}
	}
	slices.Sort(links)
	return slices.Compact(links)
}

var href = regexp.MustCompile(`(?:href|hx-get|action)="(/[^"]*)"`)

// routes lists the addresses that the console answers to GET, as its code registers them.
func routes(t *testing.T) (patterns []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../console/routes.go", nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		call, is := n.(*ast.CallExpr)
		if !is || len(call.Args) < 2 {
			return true
		}
		if l, is := call.Args[0].(*ast.BasicLit); is && l.Kind == token.STRING {
			pattern, _ := strconv.Unquote(l.Value)
			if path, get := strings.CutPrefix(pattern, "GET "); get {
				patterns = append(patterns, path)
			}
		}
		return true
	})
	require.NotEmpty(t, patterns)
	return patterns
}
