package console

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"recourse/internal/cases"
	"recourse/models"
)

// whose says whose cases are asked for.
type whose string

const (
	whoMine       whose = "mine"       // the reader is responsible for them, or put them on record
	whoDepartment whose = "department" // of the reader's departments
	whoAll        whose = "all"        // whatever the reader may see
)

// anyState asks for ended cases as well.
const anyState = "any"

// filter is what an address asks for: it holds nothing else, so that whoever gets it sent asks the same.
type filter struct {
	Who        whose
	Q          string
	AnyState   bool // ended ones as well, where no state is named
	States     []models.State
	Severities []models.Severity
	Natures    []models.Nature
	Channels   []models.Channel
	Department string
	Assignee   string
	Category   string
	Breached   string // yes, no
	Overdue    bool
	Soon       bool
	Paused     bool
	Order      models.Order
	Cursor     string
}

// firstWho is whose cases somebody is shown who does not say.
func firstWho(a models.Actor) whose {
	switch {
	case a.Is(models.RoleDepartmentHead):
		return whoDepartment
	case a.Is(models.RoleHandler):
		return whoMine
	}
	return whoAll
}

// readFilter reads an address. What it does not know is refused by its name: a link with a misspelt
// filter must not show other cases than meant.
func readFilter(a models.Actor, asked url.Values) (f filter, err error) {
	if err := plainText(asked); err != nil {
		return f, err
	}
	r := reader{asked: asked}
	f = filter{
		Who: oneOf(&r, "who", firstWho(a), []whose{whoMine, whoDepartment, whoAll}), Q: strings.TrimSpace(asked.Get("q")),
		Severities: anyOf(&r, "severity", models.Severities()), Natures: anyOf(&r, "nature", models.Natures()),
		Channels: anyOf(&r, "channel", models.Channels()), Department: asked.Get("department"), Assignee: asked.Get("assignee"),
		Category: asked.Get("category"), Breached: oneOf(&r, "breached", "", []string{"yes", "no"}), Cursor: asked.Get("cursor"),
		Overdue: oneOf(&r, "overdue", "", []string{"1"}) != "", Soon: oneOf(&r, "soon", "", []string{"1"}) != "",
		Paused: oneOf(&r, "paused", "", []string{"1"}) != "",
	}
	if f.AnyState = slices.Contains(asked["state"], anyState); !f.AnyState {
		f.States = anyOf(&r, "state", models.States())
	}
	usual := models.OrderDue
	if f.Q != "" {
		usual = models.OrderReceived // who searches rarely looks for what presses
	}
	f.Order = oneOf(&r, "sort", usual, models.Orders())
	if utf8.RuneCountInString(f.Q) > maxSearch {
		return f, models.Invalid("/q", fmt.Sprintf("look for at most %d characters", maxSearch))
	}
	return f, r.err
}

// maxSearch is how long a search may be.
const maxSearch = 200

// reader keeps the first fault of an address.
type reader struct {
	asked url.Values
	err   error
}

func (r *reader) refuse(name string) {
	if r.err == nil {
		r.err = models.Invalid("/"+name, fmt.Sprintf("the address asks for a %s that there is not", name))
	}
}

// oneOf is the value of a parameter that has one of a closed set; usual where it is not given.
func oneOf[T ~string](r *reader, name string, usual T, set []T) T {
	given := T(r.asked.Get(name))
	switch {
	case given == "":
		return usual
	case !slices.Contains(set, given):
		r.refuse(name)
	}
	return given
}

// anyOf are the values of a parameter that may have several of a closed set, in its order.
func anyOf[T ~string](r *reader, name string, set []T) (given []T) {
	for _, value := range r.asked[name] {
		if value != "" && !slices.Contains(set, T(value)) {
			r.refuse(name)
		}
	}
	for _, member := range set {
		if slices.Contains(r.asked[name], string(member)) {
			given = append(given, member)
		}
	}
	return given
}

// open says whether only open cases are asked for: where nothing else is said and nothing is searched.
func (f filter) open() bool { return len(f.States) == 0 && !f.AnyState && f.Q == "" }

// query asks the record.
func (f filter) query(a models.Actor) cases.Query {
	q := cases.Query{
		Q: f.Q, States: f.States, Severities: f.Severities, Natures: f.Natures, Channels: f.Channels, Department: f.Department,
		Assignee: f.Assignee, Category: f.Category, Open: f.open(), Paused: f.Paused, Late: f.Overdue, Soon: f.Soon,
		Order: f.Order, Cursor: f.Cursor, Mine: f.Who == whoMine,
	}
	if f.Who == whoDepartment {
		q.Departments = append([]string{}, a.Departments...)
	}
	if f.Breached != "" {
		breached := f.Breached == "yes"
		q.Breached = &breached
	}
	return q
}

// values are the filter as it stands in an address.
func (f filter) values(cursor string) url.Values {
	in := url.Values{"who": {string(f.Who)}, "sort": {string(f.Order)}}
	set := func(name, value string) {
		if value != "" {
			in.Set(name, value)
		}
	}
	flag := func(name string, is bool) {
		if is {
			in.Set(name, "1")
		}
	}
	add(in, "state", f.States)
	if f.AnyState {
		in.Set("state", anyState)
	}
	add(in, "severity", f.Severities)
	add(in, "nature", f.Natures)
	add(in, "channel", f.Channels)
	set("q", f.Q)
	set("department", f.Department)
	set("assignee", f.Assignee)
	set("category", f.Category)
	set("breached", f.Breached)
	flag("overdue", f.Overdue)
	flag("soon", f.Soon)
	flag("paused", f.Paused)
	set("cursor", cursor)
	return in
}

func add[T ~string](in url.Values, name string, members []T) {
	for _, m := range members {
		in.Add(name, string(m))
	}
}

// narrow says whether anything but whose cases, their order and that they are open is asked for.
func (f filter) narrow() bool {
	return f.Q != "" || len(f.States)+len(f.Severities)+len(f.Natures)+len(f.Channels) > 0 || f.Overdue || f.Soon || f.Paused ||
		f.Department+f.Assignee+f.Category+f.Breached != ""
}

// chips are the filters in force, each with the way out of it.
func (f filter) chips(v *visit, n company) (chips []chip) {
	put := func(name, value, says string) {
		chips = append(chips, chip{Key: "queue.by_" + name, Value: capital(says), Off: f.without(name, value)})
	}
	if f.open() {
		chips = append(chips, chip{Key: "queue.by_state", Value: capital(v.Say("queue.open")), Off: f.with("state", anyState)})
	}
	if f.Q != "" {
		put("q", f.Q, f.Q)
	}
	if f.AnyState {
		put("state", anyState, v.Say("queue.any_state"))
	}
	several(put, v, "state", f.States)
	several(put, v, "severity", f.Severities)
	several(put, v, "nature", f.Natures)
	several(put, v, "channel", f.Channels)
	for name, one := range map[string][2]string{
		"department": {f.Department, n.department[f.Department]},
		"assignee":   {f.Assignee, n.person[f.Assignee]},
		"category":   {f.Category, n.category[f.Category]},
	} {
		if one[0] != "" {
			says := one[1]
			if says == "" {
				says = one[0]
			}
			put(name, one[0], says)
		}
	}
	if f.Breached != "" {
		put("breached", f.Breached, v.Say("queue."+f.Breached))
	}
	for name, is := range map[string]bool{"overdue": f.Overdue, "soon": f.Soon, "paused": f.Paused} {
		if is {
			put(name, "1", v.Say("queue.yes"))
		}
	}
	slices.SortStableFunc(chips, func(a, b chip) int { return strings.Compare(a.Key, b.Key) })
	return chips
}

func several[T ~string](put func(name, value, says string), v *visit, name string, members []T) {
	for _, m := range members {
		put(name, string(m), v.Name(m))
	}
}

// tabs are whose cases can be asked for.
func (f filter) tabs(a models.Actor) (tabs []link) {
	for _, who := range []whose{whoMine, whoDepartment, whoAll} {
		if who == whoDepartment && len(a.Departments) == 0 {
			continue
		}
		tabs = append(tabs, link{Path: f.with("who", string(who)), Key: "queue.who_" + string(who), Here: who == f.Who})
	}
	return tabs
}

// orders are how the list can be sorted.
func (f filter) orders() (orders []link) {
	for _, order := range models.Orders() {
		orders = append(orders, link{Path: f.with("sort", string(order)), Key: "queue.sort_" + string(order), Here: order == f.Order})
	}
	return orders
}

// panel is the form in which filters are chosen.
type panel struct {
	States      []models.State
	Severities  []models.Severity
	Natures     []models.Nature
	Channels    []models.Channel
	Departments []option
	People      []option
	Categories  []option
}

func (f filter) panel(a models.Actor, n company) panel {
	p := panel{States: models.States(), Severities: models.Severities(), Natures: models.Natures(), Channels: models.Channels()}
	for _, d := range n.departments {
		if f.Who != whoDepartment || slices.Contains(a.Departments, d.ID) {
			p.Departments = append(p.Departments, option{d.ID, n.department[d.ID]})
		}
	}
	for _, person := range n.people {
		if worksOnCases(person) {
			p.People = append(p.People, option{person.ID, person.Name})
		}
	}
	for _, k := range n.categories {
		p.Categories = append(p.Categories, option{k.ID, n.category[k.ID]})
	}
	return p
}

// worksOnCases says whether somebody can be responsible for a case.
func worksOnCases(p models.Person) bool {
	return p.DisabledAt == nil && !p.Service && len(p.Departments) > 0 &&
		(slices.Contains(p.Roles, models.RoleHandler) || slices.Contains(p.Roles, models.RoleDepartmentHead))
}

// Has says whether a filter has a value, for the form.
func (f filter) Has(name, value string) bool { return slices.Contains(f.values("")[name], value) }
