package console

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// queuePage is a list of cases in the order in which they press.
type queuePage struct {
	Asked    filter
	Tabs     []link // whose cases
	Orders   []link
	Chips    []chip
	Panel    panel
	Rows     []queueRow
	Next     string // address of the next page; empty: this is the last
	First    string // address of the first page
	Later    bool   // this is not the first page
	Empty    string // key of what to do when there is nothing
	Bulk     *bulk  // nil: nobody here whom the reader could hand a case to
	NoFilter string // address without any filter
	Fault    string // of what is searched
}

// link is a place to go to, which may be here.
type link struct {
	Path, Key string
	Here      bool
}

// chip is a filter that is in force, with the way out of it.
type chip struct {
	Key   string // of its name
	Value string
	Off   string // address without it
}

// queueRow is one case of the list, with the names that stand in it.
type queueRow struct {
	cases.Waiting
	Category   string
	Department string
	Person     string
	Chosen     bool   // ticked, in a form that came back
	Again      string // query under which it is asked for again
	Bulk       bool   // there is a column to tick it in
	Now        time.Time
}

// From is since when the clock counts by which it is coloured.
func (r queueRow) From() time.Time { return instantOf(r.Case.DueFrom) }

// Late says whether its clock is past its first bound.
func (r queueRow) Late() bool { return r.Case.DueAt != nil && r.Case.DueAt.Before(r.Now) }

// Span is how long it is to the bound, or since.
func (r queueRow) Span() time.Duration { return r.Now.Sub(instantOf(r.Case.DueAt)).Abs() }

// Ahead is the next bound that a clock will pass, where what presses most has passed its own.
func (r queueRow) Ahead() time.Time { return ahead(r.Case, r.Now) }

// Until is how long it is to an instant ahead.
func (r queueRow) Until(at time.Time) time.Duration { return at.Sub(r.Now) }

// Pressing says how far the clock has come, as console.js does.
func (r queueRow) Pressing() string {
	due, from := instantOf(r.Case.DueAt), r.From()
	switch share := r.Now.Sub(from).Seconds() / max(1, due.Sub(from).Seconds()); {
	case r.Late():
		return "late"
	case share >= 0.75:
		return "soon"
	case share >= 0.5:
		return "half"
	}
	return "calm"
}

// queue shows the cases that somebody asks for.
func (c *console) queue(v *visit) error {
	f, err := readFilter(v.Actor, v.r.URL.Query())
	if err != nil {
		return err
	}
	return c.showQueue(v, http.StatusOK, f, bulk{})
}

func (c *console) showQueue(v *visit, code int, f filter, b bulk) error {
	found, err := c.Cases.Queue(v.r.Context(), v.Actor, f.query(v.Actor))
	fault := ""
	if refused, is := errors.AsType[*models.Error](err); is && refused.Field == "/q" { // what was looked for stays in its field
		code, fault, err = statusOf(err), v.naming(err), nil
	}
	if err != nil {
		return err
	}
	known, err := c.company(v)
	if err != nil {
		return err
	}
	p := queuePage{
		Asked: f, Tabs: f.tabs(v.Actor), Orders: f.orders(), Chips: f.chips(v, known), Panel: f.panel(v.Actor, known),
		First: f.path(""), Later: f.Cursor != "", NoFilter: filter{Who: f.Who, Order: f.Order}.path(""), Empty: f.empty(),
		Fault: fault,
	}
	if found.Next != "" {
		p.Next = f.path(found.Next)
	}
	for _, row := range found.Items {
		if row.MayAssign || row.MayTransfer {
			p.Bulk = &b
		}
	}
	if p.Bulk != nil {
		p.Bulk.offer(c.NewID(), f, known, found.Items)
	}
	for _, row := range found.Items {
		p.Rows = append(p.Rows, c.queueRow(row, known, f, p.Bulk))
	}
	return v.showAs(code, "queue", p)
}

func (c *console) queueRow(w cases.Waiting, known company, f filter, b *bulk) queueRow {
	row := queueRow{
		Waiting: w, Category: known.category[w.Case.Category], Department: known.department[w.Case.Department],
		Person: known.person[w.Case.Assignee], Again: f.values("").Encode(), Now: c.Now(), Bulk: b != nil,
	}
	row.Category = cmp.Or(row.Category, w.Case.Category)
	row.Chosen = b != nil && slices.Contains(b.Chosen, w.Case.Number)
	return row
}

// queueRowAgain shows one row as it is now: also one that is no longer among those asked for, which
// stays where it is being read.
func (c *console) queueRowAgain(v *visit) error {
	asked := v.r.URL.Query()
	ticked := asked.Has("bulk")
	asked.Del("bulk")
	f, err := readFilter(v.Actor, asked)
	if err != nil {
		return err
	}
	found, err := c.Cases.QueueRow(v.r.Context(), v.Actor, f.query(v.Actor), v.r.PathValue("number"))
	if err != nil {
		return err
	}
	known, err := c.company(v)
	if err != nil {
		return err
	}
	var b *bulk
	if ticked {
		b = &bulk{}
	}
	return v.part("queue", "queue-row", c.queueRow(found, known, f, b))
}

// company is what departments, people and categories are, and are called, in the reader's language.
type company struct {
	departments []models.Department
	people      []models.Person
	categories  []models.Category

	department, person, category map[string]string
}

func (c *console) company(v *visit) (n company, err error) {
	ctx := v.r.Context()
	if n.departments, err = c.Cases.Departments(ctx); err != nil {
		return n, err
	}
	if n.people, err = c.Cases.People(ctx, v.Actor); err != nil {
		return n, err
	}
	if n.categories, err = c.Cases.Categories(ctx); err != nil {
		return n, err
	}
	n.department, n.person, n.category = map[string]string{}, map[string]string{}, map[string]string{}
	for _, d := range n.departments {
		n.department[d.ID] = nameIn(v.Language, d.NameZH, d.NameEN, d.ID)
	}
	for _, p := range n.people {
		n.person[p.ID] = p.Name
	}
	for _, k := range n.categories {
		n.category[k.ID] = nameIn(v.Language, k.NameZH, k.NameEN, k.ID)
	}
	return n, nil
}

// empty is the key of what somebody can do who finds nothing.
func (f filter) empty() string {
	switch {
	case f.Cursor != "":
		return "queue.empty_page"
	case f.Q != "":
		return "queue.empty_search"
	case f.narrow():
		return "queue.empty_filter"
	}
	return "queue.empty_" + string(f.Who)
}

// path is an address under which the list is found again.
func (f filter) path(cursor string) string { return "/queue?" + f.values(cursor).Encode() }

// without is the address without one value of one filter.
func (f filter) without(name, value string) string {
	kept := f.values("")
	kept[name] = slices.DeleteFunc(slices.Clone(kept[name]), func(v string) bool { return v == value })
	if len(kept[name]) == 0 {
		kept.Del(name)
	}
	return "/queue?" + kept.Encode()
}

// with is the address with another value of one parameter.
func (f filter) with(name, value string) string {
	changed := f.values("")
	changed.Set(name, value)
	return "/queue?" + changed.Encode()
}
