package console

import (
	"slices"
	"time"

	"recourse/models"
)

// unitsPage is the departments with their teams.
type unitsPage struct {
	orgPage

	Units []unit
	New   []orgForm // a department, a team
}

// unit is a department or a team, or a category, in its table.
type unit struct {
	ID, Name, Other string // Other: its name in the other language
	Above           string // who supervises it, or where it lies
	Off             bool
	Depth           int
	Teams           []unit
	Form            *orgForm // nil: not for this visitor
}

func (c *console) departmentsPage(v *visit) error { return c.showDepartments(v, nil) }

func (c *console) showDepartments(v *visit, refused *orgWish) error {
	ctx := v.r.Context()
	page := unitsPage{}
	var err error
	if page.orgPage, err = c.orgPage(v, "departments"); err != nil {
		return err
	}
	all, err := c.Cases.Departments(ctx)
	if err != nil {
		return err
	}
	teams, err := c.Cases.Teams(ctx)
	if err != nil {
		return err
	}
	choose := page.departmentsToChoose(all)
	for _, d := range all {
		u := unit{ID: d.ID, Name: page.Department(d.ID), Other: page.other(d.NameZH, d.NameEN), Above: page.Department(d.Supervising), Off: d.DisabledAt != nil}
		if page.Admin {
			u.Form = c.departmentForm(v, d, choose, refused)
		}
		for _, t := range teams {
			if t.Department != d.ID {
				continue
			}
			team := unit{ID: t.ID, Name: page.named(t.ID, t.NameZH, t.NameEN), Other: page.other(t.NameZH, t.NameEN), Off: t.DisabledAt != nil}
			if page.Admin {
				team.Form = c.teamForm(v, t, choose, refused)
			}
			u.Teams = append(u.Teams, team)
		}
		page.Units = append(page.Units, u)
	}
	if page.Admin {
		page.New = []orgForm{*c.departmentForm(v, models.Department{}, choose, refused), *c.teamForm(v, models.Team{}, choose, refused)}
	}
	return v.showAs(refused.status(), "organisation_units", page)
}

// other is the name in the language that is not the reader's.
func (d directory) other(zh, en string) string {
	if d.language == models.LanguageZH {
		return en
	}
	return zh
}

// departmentsToChoose offers those that are not switched off.
func (d directory) departmentsToChoose(all []models.Department) []option {
	var options []option
	for _, one := range all {
		if one.DisabledAt == nil {
			options = append(options, option{one.ID, d.Department(one.ID)})
		}
	}
	return options
}

func (c *console) departmentForm(v *visit, d models.Department, choose []option, refused *orgWish) *orgForm {
	draft := v.draft("/organisation/departments", "department", d.ID, refused)
	draft.field(fieldLine, "name_zh", d.NameZH, true).field(fieldLine, "name_en", d.NameEN, true)
	draft.field(fieldChoice, "supervising", d.Supervising, false, choose...).tick("disabled", d.DisabledAt != nil)
	return &draft.form
}

func (c *console) teamForm(v *visit, t models.Team, choose []option, refused *orgWish) *orgForm {
	draft := v.draft("/organisation/teams", "team", t.ID, refused)
	draft.field(fieldChoice, "department", t.Department, true, choose...).field(fieldLine, "name_zh", t.NameZH, true)
	draft.field(fieldLine, "name_en", t.NameEN, true).tick("disabled", t.DisabledAt != nil)
	return &draft.form
}

// off is since when something is switched off; the record keeps the first instant.
func (c *console) off(v *visit) *time.Time {
	if !v.ticked("disabled") {
		return nil
	}
	now := c.Now().UTC()
	return &now
}

// kept ends a form of the organisation: back to its page, or shown again.
func (c *console) kept(v *visit, err error, path string, again func(*visit, *orgWish) error) error {
	if err == nil {
		v.tell("done.kept", "what", v.field("id"))
		return v.goTo(path)
	}
	if refused := v.refusedForm(err); refused != nil {
		return again(v, refused)
	}
	return err
}

func (c *console) putDepartment(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	all, err := c.Cases.Departments(v.r.Context())
	if err != nil {
		return err
	}
	d := models.Department{ID: v.field("id")}
	taken := false
	if i := slices.IndexFunc(all, func(one models.Department) bool { return one.ID == d.ID }); i >= 0 {
		d.Sample = all[i].Sample
		taken = v.field("known") != d.ID
	}
	d.NameZH, d.NameEN, d.Supervising, d.DisabledAt = v.field("name_zh"), v.field("name_en"), v.field("supervising"), c.off(v)
	err = v.putOnce(taken, func() error { return c.Cases.PutDepartment(v.r.Context(), v.Actor, d) })
	return c.kept(v, err, "/organisation/departments", c.showDepartments)
}

func (c *console) putTeam(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	all, err := c.Cases.Teams(v.r.Context())
	if err != nil {
		return err
	}
	t := models.Team{ID: v.field("id")}
	taken := false
	if i := slices.IndexFunc(all, func(one models.Team) bool { return one.ID == t.ID }); i >= 0 {
		t.Sample = all[i].Sample
		taken = v.field("known") != t.ID
	}
	t.Department, t.NameZH, t.NameEN, t.DisabledAt = v.field("department"), v.field("name_zh"), v.field("name_en"), c.off(v)
	err = v.putOnce(taken, func() error { return c.Cases.PutTeam(v.r.Context(), v.Actor, t) })
	return c.kept(v, err, "/organisation/departments", c.showDepartments)
}

func (c *console) categoriesPage(v *visit) error { return c.showCategories(v, nil) }

// showCategories shows the tree, every category below its parent.
func (c *console) showCategories(v *visit, refused *orgWish) error {
	page := unitsPage{}
	var err error
	if page.orgPage, err = c.orgPage(v, "categories"); err != nil {
		return err
	}
	all, err := c.Cases.Categories(v.r.Context())
	if err != nil {
		return err
	}
	var choose []option
	for _, k := range all {
		choose = append(choose, option{k.ID, page.Category(k.ID)})
	}
	var hang func(parent string, depth int)
	hang = func(parent string, depth int) {
		for _, k := range all {
			if k.Parent != parent && (parent != "" || slices.ContainsFunc(all, func(o models.Category) bool { return o.ID == k.Parent })) || depth > len(all) {
				continue
			}
			u := unit{ID: k.ID, Name: page.Category(k.ID), Other: page.other(k.NameZH, k.NameEN), Depth: depth}
			if page.Admin {
				u.Form = c.categoryForm(v, k, choose, refused)
			}
			page.Units = append(page.Units, u)
			hang(k.ID, depth+1)
		}
	}
	hang("", 0)
	if page.Admin {
		page.New = []orgForm{*c.categoryForm(v, models.Category{}, choose, refused)}
	}
	return v.showAs(refused.status(), "organisation_categories", page)
}

func (c *console) categoryForm(v *visit, k models.Category, choose []option, refused *orgWish) *orgForm {
	draft := v.draft("/organisation/categories", "category", k.ID, refused)
	draft.field(fieldLine, "name_zh", k.NameZH, true).field(fieldLine, "name_en", k.NameEN, true)
	draft.field(fieldChoice, "parent", k.Parent, false, choose...)
	return &draft.form
}

func (c *console) putCategory(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	all, err := c.Cases.Categories(v.r.Context())
	if err != nil {
		return err
	}
	k := models.Category{ID: v.field("id")}
	taken := false
	if i := slices.IndexFunc(all, func(one models.Category) bool { return one.ID == k.ID }); i >= 0 {
		k.Sample = all[i].Sample
		taken = v.field("known") != k.ID
	}
	k.Parent, k.NameZH, k.NameEN = v.field("parent"), v.field("name_zh"), v.field("name_en")
	err = v.putOnce(taken, func() error { return c.Cases.PutCategory(v.r.Context(), v.Actor, k) })
	return c.kept(v, err, "/organisation/categories", c.showCategories)
}
