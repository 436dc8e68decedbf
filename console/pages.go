package console

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"recourse/internal/words"
	"recourse/models"
)

//go:embed templates
var templates embed.FS

// The frame around every page, and the parts that several pages share.
var shared = []string{"templates/layout.html", "templates/parts/*.html"}

// maxSets bounds for how many languages and time zones the pages are kept in memory; one more, and any
// other is made anew when it is asked for again.
const maxSets = 24

// pages are all templates, made once for each language and time zone in which they are asked for: a
// template says what it says and when with words of its own.
type pages struct {
	assets *assets
	now    func() time.Time

	mu    sync.Mutex
	sets  map[tongue]map[string]*template.Template
	zones map[string]*time.Location
}

type tongue struct {
	language models.Language
	zone     string
}

func newPages(a *assets, now func() time.Time) *pages {
	return &pages{assets: a, now: now, sets: map[tongue]map[string]*template.Template{}, zones: map[string]*time.Location{}}
}

// zone returns the time zone of that name; fallback for one that nobody knows. There are some six
// hundred, and each is read once.
func (p *pages) zone(name string, fallback *time.Location) *time.Location {
	p.mu.Lock()
	zone, is := p.zones[name]
	p.mu.Unlock()
	if is {
		return zone
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return fallback
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.zones[name] = zone
	return zone
}

// in returns a page as somebody reads it who speaks so and lives there.
func (p *pages) in(s *words.Speaker, zone *time.Location, page string) (*template.Template, error) {
	key := tongue{s.Language, zone.String()}
	p.mu.Lock()
	set, made := p.sets[key]
	p.mu.Unlock()
	if !made {
		var err error
		if set, err = p.parse(s, zone); err != nil { // nobody else waits meanwhile; made twice is made alike
			return nil, err
		}
		p.keep(key, set)
	}
	if set[page] == nil {
		return nil, fmt.Errorf("there is no page %s", page)
	}
	return set[page], nil
}

func (p *pages) keep(key tongue, set map[string]*template.Template) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for other := range p.sets {
		if len(p.sets) < maxSets {
			break
		}
		delete(p.sets, other)
	}
	p.sets[key] = set
}

func (p *pages) parse(s *words.Speaker, zone *time.Location) (map[string]*template.Template, error) {
	base, err := template.New("").Funcs(p.funcs(s, zone)).ParseFS(templates, shared...)
	if err != nil {
		return nil, err
	}
	files, err := fs.Glob(templates, "templates/pages/*.html")
	if err != nil {
		return nil, err
	}
	set := map[string]*template.Template{}
	for _, file := range files {
		own, err := base.Clone()
		if err != nil {
			return nil, err
		}
		if own, err = own.ParseFS(templates, file); err != nil {
			return nil, err
		}
		set[strings.TrimSuffix(path.Base(file), ".html")] = own
	}
	return set, nil
}

// funcs are what templates can say.
func (p *pages) funcs(s *words.Speaker, zone *time.Location) template.FuncMap {
	return template.FuncMap{
		"t":       s.Say,                                                       // what stands under a key
		"name":    s.Name,                                                      // a member of a closed set, inside a sentence
		"cap":     capital,                                                     // at the beginning of one
		"instant": func(t any) string { return s.Instant(instantOf(t), zone) }, // with its zone
		"moment":  func(t any) string { return s.Moment(instantOf(t), zone) },
		"short":   func(t any) string { return s.Short(instantOf(t), p.now(), zone) },
		"between": func(from, until any) string { return s.Between(instantOf(from), instantOf(until), zone) },
		"day":     func(t any) string { return s.Day(instantOf(t), zone) },
		"iso":     func(t any) string { return instantOf(t).UTC().Format(time.RFC3339) },
		"local":   func(t any) string { return localTime(instantOf(t), zone) }, // as a form's field holds it
		"drawn":   zone.String,                                                 // its name, by which a form is read
		"zone":    func() string { return s.Zone(p.now().In(zone)) },
		"span":    s.Span,
		"number":  s.Number,
		"percent": func(share float64) string { return s.Number(fmt.Sprintf("%.1f", 100*share)) + " %" },
		"asset":   p.assets.address,
		"fold":    fold,
		"icon":    p.icon,
		"dict":    dict,
		"list":    func(items ...any) []any { return items },
		"in":      func(one string, all []string) bool { return slices.Contains(all, one) },
		"has":     func(one any, all []any) bool { return slices.Contains(all, one) },
		"lang":    func() string { return string(s.Language) },
	}
}

// icon draws one of the icons that `make assets` collects, listed in icons.txt. It says nothing to a
// screen reader: the words beside it do.
func (p *pages) icon(name string) (template.HTML, error) {
	address, err := p.assets.address("vendor/icons.svg")
	if err != nil {
		return "", err
	}
	if !strings.Contains(string(p.assets.byName["vendor/icons.svg"].plain), `id="`+name+`"`) {
		return "", fmt.Errorf("there is no icon %s; add it to console/icons.txt", name)
	}
	return template.HTML(`<svg class="icon" aria-hidden="true" width="20" height="20"><use href="` + address + "#" + name + `"/></svg>`), nil //nolint:gosec // both are ours
}

// dict makes a map for a part that needs more than one value.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("dict needs name, value, name, value")
	}
	made := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		name, is := pairs[i].(string)
		if !is {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		made[name] = pairs[i+1]
	}
	return made, nil
}

// capital makes the first letter a capital one.
func capital(words string) string {
	if words == "" {
		return ""
	}
	runes := []rune(words)
	return strings.ToUpper(string(runes[:1])) + string(runes[1:])
}

// instantOf takes an instant or one that may not have come.
func instantOf(t any) time.Time {
	switch t := t.(type) {
	case time.Time:
		return t
	case *time.Time:
		if t != nil {
			return *t
		}
	}
	return time.Time{}
}

// localLayout is how a form's field holds an instant, without its zone.
const localLayout = "2006-01-02T15:04"

func localTime(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(localLayout)
}
