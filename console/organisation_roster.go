package console

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// rosterPage is who is on duty for which role, now and in the next two weeks.
type rosterPage struct {
	orgPage

	Rosters []rosterCard
	New     *orgForm // nil: not for this visitor
}

// rosterCard is one roster with its forms.
type rosterCard struct {
	cases.Roster

	MayEdit  bool
	Warnings []string
	Edit     *orgForm
	Swap     *orgForm
	Keys     []string // of the forms that take a swap back
}

// rosterForms are where the forms of a roster are sent.
const (
	rosterPath = "/organisation/roster"
	swapPath   = "/organisation/roster/swap"
	unswapPath = "/organisation/roster/unswap"
)

func (c *console) roster(v *visit) error { return c.showRosters(v, nil) }

func (c *console) showRosters(v *visit, refused *orgWish) error {
	page := rosterPage{}
	var err error
	if page.orgPage, err = c.orgPage(v, "roster"); err != nil {
		return err
	}
	all, err := c.Cases.Rosters(v.r.Context())
	if err != nil {
		return err
	}
	people, err := c.Cases.People(v.r.Context(), v.Actor)
	if err != nil {
		return err
	}
	edit := page.Admin || v.Actor.Is(models.RoleSupervisor)
	for _, r := range all {
		card := rosterCard{Roster: r, MayEdit: edit}
		for _, w := range r.Warnings {
			card.Warnings = append(card.Warnings, v.Refusal(&models.Error{Code: models.CodeInvalid, Message: w.Says}))
		}
		if edit {
			held := heldBy(people, r.Role, r.Department)
			card.Edit, card.Swap = c.rosterForm(v, r, held, refused), c.swapForm(v, r, held, refused)
			for range r.Roster.Swaps {
				card.Keys = append(card.Keys, c.NewID())
			}
		}
		page.Rosters = append(page.Rosters, card)
	}
	if edit {
		departments, err := c.Cases.Departments(v.r.Context())
		if err != nil {
			return err
		}
		page.New = c.newRosterForm(v, people, page.departmentsToChoose(departments), refused)
	}
	return v.showAs(refused.status(), "organisation_roster", page)
}

// heldBy are those who may be on duty for a role.
func heldBy(people []models.Person, role models.Role, department string) (options []option) {
	for _, p := range people {
		if p.DisabledAt == nil && !p.Service && p.Actor().Is(role) && (department == "" || p.Actor().In(department)) {
			options = append(options, option{p.ID, p.Name})
		}
	}
	return options
}

// spareTurns is how many turns more than there are a form has room for.
const spareTurns = 3

// rosterDraft begins a form of a roster; known tells the rosters apart.
func (v *visit) rosterDraft(path, what, known string, refused *orgWish) *orgDraft {
	id := what + "-" + strings.NewReplacer("/", "-").Replace(known)
	d := &orgDraft{v: v, form: orgForm{ID: strings.Trim(id, "-"), Path: path, Button: v.Say("org.keep"), Says: v.Say("org." + what)}}
	if refused != nil && refused.path == path && refused.typed.Get("known") == known {
		d.typed, d.form.Faults, d.form.Open = refused.typed, refused.faults, true
	}
	d.form.Hidden = []pair{{"key", d.key()}, {"known", known}}
	return d
}

func knownRoster(r cases.Roster) string { return string(r.Role) + "/" + r.Department }

func (c *console) rosterForm(v *visit, r cases.Roster, held []option, refused *orgWish) *orgForm {
	d := v.rosterDraft(rosterPath, "change_roster", knownRoster(r), refused)
	d.form.Hidden = append(d.form.Hidden, pair{"role", string(r.Role)}, pair{"department", r.Department}, pair{"if_version", strconv.FormatInt(r.Version, 10)})
	return d.turns(r.Roster, held)
}

func (c *console) newRosterForm(v *visit, people []models.Person, departments []option, refused *orgWish) *orgForm {
	d := v.rosterDraft(rosterPath, "new_roster", "", refused)
	d.field(fieldChoice, "role", "", true, closedSet(v, models.EscalationChain())...)
	d.field(fieldChoice, "department", "", false, departments...)
	var held []option
	for _, p := range people {
		if p.DisabledAt == nil && !p.Service && slices.ContainsFunc(models.EscalationChain(), p.Actor().Is) {
			held = append(held, option{p.ID, p.Name})
		}
	}
	return d.turns(cases.DutyRoster{Zone: c.Zone.String(), Start: c.Now().In(c.Zone).Format(time.DateOnly), HandOver: "09:00", TurnDays: 7}, held)
}

// turns draws how people take turns: who comes after whom, and when they hand over.
func (d *orgDraft) turns(r cases.DutyRoster, held []option) *orgForm {
	for i := range len(r.People) + spareTurns {
		person := ""
		if i < len(r.People) {
			person = r.People[i]
		}
		options := held
		if person != "" && !slices.ContainsFunc(held, func(o option) bool { return o.Value == person }) {
			options = append(slices.Clone(held), option{person, person}) // who has not the role any more
		}
		d.field(fieldChoice, "turn."+strconv.Itoa(i), person, false, options...)
		last := &d.form.Fields[len(d.form.Fields)-1]
		last.Label, last.Hint = d.v.Say("org.turn", "n", i+1), ""
	}
	d.field(fieldLine, "start", r.Start, true).field(fieldLine, "hand_over", r.HandOver, true)
	d.field(fieldLine, "turn_days", strconv.Itoa(r.TurnDays), true).field(fieldLine, "zone", r.Zone, true)
	d.field(fieldLine, "why", "", true)
	return &d.form
}

func (c *console) swapForm(v *visit, r cases.Roster, held []option, refused *orgWish) *orgForm {
	d := v.rosterDraft(swapPath, "swap", knownRoster(r), refused)
	d.form.Hidden = append(d.form.Hidden, pair{"role", string(r.Role)}, pair{"department", r.Department}, pair{"if_version", strconv.FormatInt(r.Version, 10)})
	d.field(fieldChoice, "person", "", true, held...).field(fieldInstant, "from", "", true).field(fieldInstant, "until", "", true).field(fieldLine, "why", "", true)
	for i, name := range []string{"duty", "duty_from", "duty_until"} { // as the table of turns calls them
		d.form.Fields[i].Label = v.Say("org." + name)
	}
	return &d.form
}

// rosterAsked reads a form about a roster: what is wished, and the roster as it is.
func (c *console) rosterAsked(v *visit) (a *answers, w cases.RosterWish, kept cases.Roster, err error) {
	if err = v.form(mostLines); err != nil {
		return a, w, kept, err
	}
	a = &answers{form: v.r.PostForm, zone: v.Zone}
	kept, err = c.rosterOnRecord(v)
	return a, c.rosterWish(v, a), kept, err
}

// putRoster puts a roster in force as its form says.
func (c *console) putRoster(v *visit) error {
	a, w, kept, err := c.rosterAsked(v)
	if err != nil {
		return err
	}
	var asked []string // fields of the turns that are taken
	for i := 0; v.r.PostForm.Has("turn." + strconv.Itoa(i)); i++ {
		name := "turn." + strconv.Itoa(i)
		if person := a.line(name); person != "" {
			w.Roster.People, asked = append(w.Roster.People, person), append(asked, name)
		}
	}
	w.Roster.Zone, w.Roster.Start, w.Roster.HandOver, w.Roster.TurnDays = a.line("zone"), a.line("start"), a.line("hand_over"), a.number("turn_days")
	if len(w.Roster.People) > 0 {
		w.Roster.Swaps = kept.Roster.Swaps
	}
	return c.keepRoster(v, a, w, asked)
}

// putSwap puts somebody else on duty for a while.
func (c *console) putSwap(v *visit) error {
	a, w, kept, err := c.rosterAsked(v)
	if err != nil {
		return err
	}
	w.Roster = kept.Roster
	w.Roster.Swaps = append(slices.Clone(kept.Roster.Swaps), cases.DutySwap{Person: a.line("person"), From: a.instant("from"), Until: a.instant("until")})
	return c.keepRoster(v, a, w, nil)
}

// takeSwapBack lets the turns go on as they were.
func (c *console) takeSwapBack(v *visit) error {
	a, w, kept, err := c.rosterAsked(v)
	if err != nil {
		return err
	}
	w.Roster, w.Reason = kept.Roster, v.Say("org.swap_taken_back")
	w.Roster.Swaps = slices.DeleteFunc(slices.Clone(kept.Roster.Swaps), func(s cases.DutySwap) bool {
		return s.From.UTC().Format(time.RFC3339) == a.line("from")
	})
	return c.keepRoster(v, a, w, nil)
}

func (c *console) rosterWish(v *visit, a *answers) cases.RosterWish {
	return cases.RosterWish{Role: models.Role(v.field("role")), Department: v.field("department"), Reason: v.field("why"), IfVersion: int64(a.number("if_version"))}
}

// rosterOnRecord is the roster that a form changes; an empty one for a new roster.
func (c *console) rosterOnRecord(v *visit) (cases.Roster, error) {
	kept, err := c.Cases.Roster(v.r.Context(), models.Role(v.field("role")), v.field("department"))
	if models.CodeOf(err) == models.CodeNotFound {
		return cases.Roster{}, nil
	}
	return kept, err
}

// keepRoster puts a roster on record; what is wrong with it stands beside its field.
func (c *console) keepRoster(v *visit, a *answers, w cases.RosterWish, turns []string) error {
	err := a.fault()
	if err == nil {
		err = v.once(func() error {
			_, err := c.Cases.PutRoster(v.r.Context(), v.Actor, w)
			return err
		})
	}
	if err == nil {
		v.tell("done.roster")
		return v.goTo(rosterPath)
	}
	faults := v.faults(err)
	if faults == nil || models.CodeOf(err) == models.CodeForbidden {
		return err
	}
	beside := map[string]string{}
	for name, says := range faults {
		beside[rosterField(name, turns)] = says
	}
	v.r.PostForm.Set("key", v.keyAfter(err))
	return c.showRosters(v, &orgWish{path: v.r.URL.Path, typed: v.r.PostForm, faults: beside, code: statusOf(err)})
}

// rosterField is the field of a form that a fault of a roster stands beside.
func rosterField(name string, turns []string) string {
	name = strings.TrimPrefix(name, "roster.")
	part := strings.Split(name, ".")
	switch {
	case name == "reason":
		return "why"
	case part[0] == "people" && len(part) > 1:
		if i, err := strconv.Atoi(part[1]); err == nil && i < len(turns) {
			return turns[i]
		}
		return ""
	case part[0] == "people", name == "swaps":
		return ""
	case part[0] == "swaps":
		return part[len(part)-1]
	}
	return name
}

// Exactly is an instant as a form carries it back.
func (rosterPage) Exactly(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Anchor is what a roster is called on the page.
func (r rosterCard) Anchor() string {
	return url.PathEscape("roster-" + string(r.Role) + "-" + r.Department)
}
