package console

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// peoplePage is everybody of the company.
type peoplePage struct {
	orgPage

	People []models.Person
	New    *orgForm
}

func (c *console) people(v *visit) error { return c.showPeople(v, nil) }

func (c *console) showPeople(v *visit, refused *orgWish) error {
	page := peoplePage{}
	var err error
	if page.orgPage, err = c.orgPage(v, "people"); err != nil {
		return err
	}
	if page.People, err = c.Cases.People(v.r.Context(), v.Actor); err != nil {
		return err
	}
	if page.Admin {
		if page.New, err = c.personForm(v, models.Person{Language: c.Language}, page.orgPage, page.People, refused); err != nil {
			return err
		}
	}
	return v.showAs(refused.status(), "organisation_people", page)
}

func (c *console) personForm(v *visit, p models.Person, org orgPage, people []models.Person, refused *orgWish) (*orgForm, error) {
	departments, err := c.Cases.Departments(v.r.Context())
	if err != nil {
		return nil, err
	}
	teams, err := c.Cases.Teams(v.r.Context())
	if err != nil {
		return nil, err
	}
	var inTeams, deputies []option
	for _, t := range teams {
		inTeams = append(inTeams, option{t.ID, org.Department(t.Department) + " / " + org.named(t.ID, t.NameZH, t.NameEN)})
	}
	for _, one := range people {
		if one.DisabledAt == nil && !one.Service && one.ID != p.ID {
			deputies = append(deputies, option{one.ID, one.Name})
		}
	}
	d := v.draft("/organisation/people", "person", p.ID, refused)
	d.field(fieldLine, "name", p.Name, true).field(fieldLine, "email", p.Email, false).field(fieldLine, "phone", p.Phone, false)
	d.field(fieldChoice, "language", string(p.Language), true, closedSet(v, models.Languages())...)
	d.many("languages", asStrings(p.Languages), closedSet(v, models.Languages()))
	d.many("roles", asStrings(p.Roles), closedSet(v, models.Roles()))
	d.many("departments", p.Departments, org.departmentsToChoose(departments))
	if len(inTeams) > 0 {
		d.many("teams", p.Teams, inTeams)
	}
	d.field(fieldChoice, "deputy", p.Deputy, false, deputies...).tick("service", p.Service).tick("disabled", p.DisabledAt != nil)
	return &d.form, nil
}

func (c *console) putPerson(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	people, err := c.Cases.People(v.r.Context(), v.Actor)
	if err != nil {
		return err
	}
	p := models.Person{ID: v.field("id")}
	known, taken := v.field("known"), false
	if i := slices.IndexFunc(people, func(one models.Person) bool { return one.ID == p.ID }); i >= 0 {
		p.Sample = people[i].Sample
		taken = known != p.ID
	}
	p.Name, p.Email, p.Phone = v.field("name"), v.field("email"), v.field("phone")
	p.Language, p.Deputy = models.Language(v.field("language")), v.field("deputy")
	p.Languages, p.Roles = fromStrings[models.Language](v.several("languages")), fromStrings[models.Role](v.several("roles"))
	p.Departments, p.Teams, p.Service, p.DisabledAt = v.several("departments"), v.several("teams"), v.ticked("service"), c.off(v)
	err = v.putOnce(taken, func() error { return c.Cases.PutPerson(v.r.Context(), v.Actor, p) })
	again, path := c.showPeople, "/organisation/people/"+url.PathEscape(p.ID)
	if known != "" {
		again = func(v *visit, refused *orgWish) error { return c.showPerson(v, known, refused, nil) }
	}
	return c.kept(v, err, path, again)
}

// personPage is one person, with what an admin does about them.
type personPage struct {
	orgPage

	Person   models.Person
	Form     *orgForm
	Absences []models.Absence
	Away     *orgForm
	Leave    *orgForm
	Token    *orgForm
	Reset    string // key of the form that gives a new password
	Tokens   []models.Token
	Now      time.Time
	Secret   string // told once: a password or a token
	SecretOf string // key of what it is
	Left     *cases.Left
}

func (c *console) person(v *visit) error { return c.showPerson(v, v.r.PathValue("id"), nil, nil) }

func (c *console) showPerson(v *visit, id string, refused *orgWish, change func(*personPage)) error {
	ctx := v.r.Context()
	page := personPage{Now: c.Now()}
	var err error
	if page.orgPage, err = c.orgPage(v, "people"); err != nil {
		return err
	}
	people, err := c.Cases.People(ctx, v.Actor)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(people, func(p models.Person) bool { return p.ID == id })
	if i < 0 {
		return models.Refuse(models.CodeNotFound, "there is nobody of this id")
	}
	page.Person = people[i]
	if page.Absences, err = c.Cases.Absences(ctx, v.Actor, id); err != nil {
		return err
	}
	if page.Admin {
		if page.Form, err = c.personForm(v, page.Person, page.orgPage, people, refused); err != nil {
			return err
		}
		page.adminForms(v, people, refused)
		if page.Tokens, err = c.Cases.Tokens(ctx, v.Actor, id); err != nil {
			return err
		}
	}
	if change != nil {
		change(&page)
	}
	return v.showAs(refused.status(), "organisation_person", page)
}

// adminForms are those beside the person's own.
func (p *personPage) adminForms(v *visit, people []models.Person, refused *orgWish) {
	path := "/organisation/people/" + url.PathEscape(p.Person.ID)
	begin := func(act, what string) *orgDraft {
		d := &orgDraft{v: v, form: orgForm{ID: act, Path: path + "/" + act, Button: v.Say("org." + what), Says: v.Say("org." + what)}}
		if refused != nil && refused.path == d.form.Path {
			d.typed, d.form.Faults, d.form.Open = refused.typed, refused.faults, true
		}
		d.form.Hidden = []pair{{"key", d.key()}}
		return d
	}
	away := begin("absences", "add_absence").field(fieldInstant, "from", "", true).field(fieldInstant, "until", "", true).field(fieldLine, "reason", "", false)
	p.Away = &away.form
	var successors []option
	for _, one := range people {
		if one.DisabledAt == nil && !one.Service && one.ID != p.Person.ID && handles(one) {
			successors = append(successors, option{one.ID, one.Name})
		}
	}
	leave := begin("leave", "let_go").field(fieldChoice, "successor", "", false, successors...)
	p.Leave = &leave.form
	token := begin("tokens", "new_token").field(fieldLine, "days", "90", true)
	p.Token, p.Reset = &token.form, v.c.NewID()
}

// putAbsences adds one absence, or takes one away.
func (c *console) putAbsences(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	id := v.r.PathValue("id")
	now, err := c.Cases.Absences(v.r.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	given := &answers{form: v.r.PostForm, zone: v.Zone}
	if gone := v.field("remove"); gone != "" {
		now = slices.DeleteFunc(now, func(a models.Absence) bool { return a.FromAt.UTC().Format(time.RFC3339Nano) == gone })
	} else {
		now = append(now, models.Absence{FromAt: given.instant("from"), UntilAt: given.instant("until"), Reason: v.field("reason")})
	}
	if err = given.fault(); err == nil {
		err = v.once(func() error { return c.Cases.PutAbsences(v.r.Context(), v.Actor, id, now) })
	}
	v.r.PostForm.Set("id", id)
	return c.kept(v, withoutItems(err), "/organisation/people/"+url.PathEscape(id), func(v *visit, refused *orgWish) error { return c.showPerson(v, id, refused, nil) })
}

// withoutItems points the faults of a list at the form by which one thing is added to it.
func withoutItems(err error) error {
	refused, is := errors.AsType[*cases.Refused](err)
	if !is {
		return err
	}
	plain := &cases.Refused{Base: refused.Base}
	for _, f := range refused.Faults {
		plain.Faults = append(plain.Faults, cases.Fault{Pointer: itemPath.ReplaceAllString(f.Pointer, ""), Says: f.Says})
	}
	return plain
}

func (c *console) leave(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	id := v.r.PathValue("id")
	left, err := c.Cases.Leave(v.r.Context(), v.call("leave "+id), id, v.field("successor"))
	if err == nil {
		return c.showPerson(v, id, nil, func(p *personPage) { p.Left = &left })
	}
	return c.kept(v, err, "", func(v *visit, refused *orgWish) error { return c.showPerson(v, id, refused, nil) })
}

// resetPassword tells a new password once.
func (c *console) resetPassword(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	id := v.r.PathValue("id")
	plain, err := c.Cases.ResetPassword(v.r.Context(), v.keyed("reset password of "+id), id)
	if err != nil {
		return err
	}
	return c.showPerson(v, id, nil, func(p *personPage) { p.Secret, p.SecretOf = plain, "org.secret_password" })
}

// newToken tells a new token once.
func (c *console) newToken(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	id := v.r.PathValue("id")
	days, _ := strconv.ParseInt(v.field("days"), 10, 16) // what is no number of days is none
	secret, err := c.Cases.NewToken(v.r.Context(), v.keyed("new token of "+id), id, time.Duration(days)*24*time.Hour)
	if err == nil {
		return c.showPerson(v, id, nil, func(p *personPage) { p.Secret, p.SecretOf = secret, "org.secret_token" })
	}
	return c.kept(v, err, "", func(v *visit, refused *orgWish) error { return c.showPerson(v, id, refused, nil) })
}

// tokensPage is all tokens that let in.
type tokensPage struct {
	orgPage

	Tokens []models.Token
	Now    time.Time
}

func (c *console) tokens(v *visit) error {
	page := tokensPage{Now: c.Now()}
	var err error
	if page.orgPage, err = c.orgPage(v, "tokens"); err != nil {
		return err
	}
	people, err := c.Cases.People(v.r.Context(), v.Actor)
	if err != nil {
		return err
	}
	for _, p := range people {
		own, err := c.Cases.Tokens(v.r.Context(), v.Actor, p.ID)
		if err != nil {
			return err
		}
		page.Tokens = append(page.Tokens, own...)
	}
	return v.show("organisation_tokens", page)
}

func (c *console) revokeToken(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	if err := c.Cases.RevokeToken(v.r.Context(), v.Actor, v.r.PathValue("id")); err != nil {
		return err
	}
	v.tell("done.token_revoked")
	return v.goTo(ours(v.field("to")))
}

// NameOf is how somebody else is called: the page's own person is Person.
func (p personPage) NameOf(id string) string { return p.directory.Person(id) }

// Exactly is an instant to its last digit, by which an absence is told from another.
func (p personPage) Exactly(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// Names are those of everybody.
func (p personPage) Names() directory { return p.directory }
