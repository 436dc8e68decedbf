package console

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"recourse/internal/cases"
	"recourse/models"
)

// readsCompany are the roles that look at how the company is organised. What each may change, the
// service says.
var readsCompany = []models.Role{models.RoleAdmin, models.RoleHR, models.RoleSupervisor, models.RoleOps}

// ofCompany keeps the pages of the organisation for those who look after it.
func (c *console) ofCompany(h handler) handler {
	return func(v *visit) error {
		if !slices.ContainsFunc(readsCompany, v.Actor.Is) {
			return models.Refuse(models.CodeForbidden, "the organisation is shown to those who look after it")
		}
		return h(v)
	}
}

// orgPage is what every page of the organisation begins with.
type orgPage struct {
	directory

	Tab   string
	Tabs  []string
	Admin bool // the visitor may change it
}

func (c *console) orgPage(v *visit, tab string) (orgPage, error) {
	p := orgPage{Tab: tab, Tabs: []string{"gaps", "departments", "people", "categories", "roster", "dispatch", "policy", "calendars", "templates"}, Admin: v.Actor.Is(models.RoleAdmin)}
	if cases.MaySeeAdjustments(v.Actor) {
		p.Tabs = append(p.Tabs, "adjustments")
	}
	if cases.MaySeeEndpoints(v.Actor) {
		p.Tabs = append(p.Tabs, "endpoints")
	}
	if p.Admin {
		p.Tabs = append(p.Tabs, "tokens")
	}
	var err error
	p.directory, err = v.directory(v.r.Context())
	return p, err
}

// gapsPage is where the organisation points to nobody.
type gapsPage struct {
	orgPage

	Gaps []gap
}

// gap is one such place, with its names and where it is mended.
type gap struct {
	Kind   models.GapKind
	Who    string
	To     string
	Path   string
	Number bool // it is a case
}

func (c *console) gaps(v *visit) error {
	page := gapsPage{}
	var err error
	if page.orgPage, err = c.orgPage(v, "gaps"); err != nil {
		return err
	}
	found, err := c.Cases.Gaps(v.r.Context(), v.Actor)
	for _, g := range found {
		page.Gaps = append(page.Gaps, page.gap(v, g))
	}
	if err != nil {
		return err
	}
	return v.show("organisation", page)
}

func (p gapsPage) gap(v *visit, g models.Gap) gap {
	one := gap{Kind: g.Kind, Who: g.ID, To: g.To}
	switch g.Kind {
	case models.GapDepartmentWithoutHead, models.GapDepartmentWithoutHandler, models.GapDepartmentUnsupervised:
		one.Who, one.To, one.Path = p.Department(g.ID), p.Department(g.To), "/organisation/departments"
	case models.GapTeamWithoutHandler:
		one.To, one.Path = p.Department(g.To), "/organisation/departments"
	case models.GapRoleWithoutPerson:
		one.Who, one.To, one.Path = v.Name(models.Role(g.ID)), v.Name(models.Role(g.To)), "/organisation/people"
	case models.GapDeputyGone:
		one.Who, one.To, one.Path = p.Person(g.ID), p.Person(g.To), "/organisation/people/"+url.PathEscape(g.ID)
	case models.GapCaseOfSomebodyGone:
		one.To, one.Path, one.Number = p.Person(g.To), "/cases/"+g.ID, true
	case models.GapCaseOfDepartmentGone:
		one.To, one.Path, one.Number = p.Department(g.To), "/cases/"+g.ID, true
	case models.GapNoDispatchTable:
		one.Who, one.To, one.Path = "", p.Department(g.To), "/organisation/dispatch"
	case models.GapRuleWithoutDepartment:
		one.To, one.Path = p.Department(g.To), "/organisation/dispatch"
	case models.GapCategoryWithoutRule:
		one.Who, one.To, one.Path = p.Category(g.ID), p.Department(g.To), "/organisation/dispatch"
	case models.GapRosterNamesNobody:
		one.Who, one.To, one.Path = v.Name(models.Role(g.ID)), p.Person(g.To), "/organisation/roster"
	}
	return one
}

// orgForm is a form by which a part of the organisation is changed.
type orgForm struct {
	ID, Path string
	Says     string // what it is about
	Button   string
	Fields   []drawn
	Hidden   []pair
	Faults   map[string]string
	Open     bool
}

// orgWish is a form of the organisation that was refused: shown again with what was typed.
type orgWish struct {
	path   string
	typed  url.Values
	faults map[string]string
	code   int
}

// refusedForm takes a refusal back to its form; nil for what is no fault of the form.
func (v *visit) refusedForm(err error) *orgWish {
	faults := v.faults(err)
	if faults == nil || models.CodeOf(err) == models.CodeForbidden {
		return nil
	}
	v.r.PostForm.Set("key", v.keyAfter(err))
	return &orgWish{path: v.r.URL.Path, typed: v.r.PostForm, faults: ofLists(faults), code: statusOf(err)}
}

var inList = regexp.MustCompile(`\.\d+$`)

// itemPath is where a member of a list stands in a wish.
var itemPath = regexp.MustCompile(`^/items/\d+`)

// ofLists puts the fault of one member of a list beside the list.
func ofLists(faults map[string]string) map[string]string {
	found := map[string]string{}
	for name, says := range faults {
		found[inList.ReplaceAllString(name, "")] = says
	}
	return found
}

func (w *orgWish) status() int {
	if w == nil {
		return http.StatusOK
	}
	return w.code
}

// orgDraft draws one form of the organisation: of a row on record, or of a new one.
type orgDraft struct {
	v     *visit
	form  orgForm
	typed url.Values // nil: nothing was typed into this one
}

// draft begins a form. id is what the row on record is called by; "" is a new one.
func (v *visit) draft(path, what, id string, refused *orgWish) *orgDraft {
	d := &orgDraft{v: v, form: orgForm{ID: strings.Trim(what+"-"+id, "-"), Path: path, Button: v.Say("org.keep"), Says: v.Say("org.new_" + what)}}
	if refused != nil && refused.path == path && refused.typed.Get("known") == id {
		d.typed, d.form.Faults, d.form.Open = refused.typed, refused.faults, true
	}
	d.form.Hidden = []pair{{"key", d.key()}, {"known", id}}
	if id != "" {
		d.form.Hidden = append(d.form.Hidden, pair{"id", id})
	} else {
		d.field(fieldLine, "id", "", true)
	}
	return d
}

// key is by which the form is known again when it is sent twice.
func (d *orgDraft) key() string {
	if d.typed != nil {
		return d.typed.Get("key")
	}
	return d.v.c.NewID()
}

// keyed is the visitor's wish, once for each form that was drawn: a form without its key is a wish of its
// own.
func (v *visit) keyed(route string) cases.Call {
	call := v.call(route)
	if v.field("key") == "" {
		call.Key = v.c.NewID()
	}
	return call
}

// once does what a form asks for the first time that it is sent.
func (v *visit) once(do func() error) error {
	return v.c.Cases.Once(v.r.Context(), v.keyed("POST "+v.r.URL.Path), do)
}

// putOnce puts a part of the organisation on record. taken: there is one of this id already, and the form
// is one for a new one.
func (v *visit) putOnce(taken bool, put func() error) error {
	return v.once(func() error {
		if taken {
			return models.Invalid("/id", "there is one of this id already")
		}
		return put()
	})
}

func (d *orgDraft) field(kind fieldKind, name, value string, required bool, options ...option) *orgDraft {
	if d.typed != nil {
		value = d.typed.Get(name)
	}
	d.form.Fields = append(d.form.Fields, drawn{
		Name: name, ID: d.form.ID + "-" + name, Kind: kind, Required: required, Value: value, Options: options, Label: d.v.Say("org." + plain(name)), Hint: d.hint(name),
	})
	return d
}

func (d *orgDraft) many(name string, values []string, options []option) {
	if d.typed != nil {
		values = d.typed[name]
	}
	d.form.Fields = append(d.form.Fields, drawn{
		Name: name, ID: d.form.ID + "-" + name, Kind: fieldMany, Values: values, Options: options, Label: d.v.Say("org." + plain(name)), Hint: d.hint(name),
	})
}

func (d *orgDraft) hint(name string) string {
	if key := "org.hint_" + plain(name); d.v.Has(key) {
		return d.v.Say(key)
	}
	return ""
}

// plain is the name of a field as the catalogue has it.
func plain(name string) string { return strings.ReplaceAll(name, ".", "_") }

func (d *orgDraft) tick(name string, on bool) *orgDraft {
	value := ""
	if on {
		value = "yes"
	}
	return d.field(fieldTick, name, value, false)
}

// ticked says whether a box was ticked.
func (v *visit) ticked(name string) bool { return v.r.PostForm.Get(name) != "" }

// several are the values chosen from a list.
func (v *visit) several(name string) []string {
	return slices.DeleteFunc(slices.Clone(v.r.PostForm[name]), func(one string) bool { return one == "" })
}

// asStrings are the values of a closed set.
func asStrings[T ~string](set []T) []string {
	values := make([]string, len(set))
	for i, one := range set {
		values[i] = string(one)
	}
	return values
}

func fromStrings[T ~string](values []string) []T {
	var set []T
	for _, one := range values {
		set = append(set, T(one))
	}
	return set
}

// closedSet offers the members of one by their names.
func closedSet[T ~string](v *visit, set []T) []option {
	options := make([]option, len(set))
	for i, one := range set {
		options[i] = option{string(one), capital(v.Name(one))}
	}
	return options
}
