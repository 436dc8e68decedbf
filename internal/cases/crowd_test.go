package cases_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/cases/casestest"
	"recourse/internal/files"
	"recourse/internal/lifecycle"
	"recourse/models"
)

// crowd is a house full of cases of every kind, and everybody who may look at them.
type crowd struct {
	*desk

	random  *rand.Rand
	people  []models.Actor      // who look
	rows    []models.Case       // all cases, as they stand
	sent    map[string][]string // ids of the cases by who got a message about them
	alerted map[string]int      // how many alerts of the case there are
	files   map[string]string   // an attachment of the case

	texts, names, phones map[string]string // what the case can be found by
	like                 string            // the text of one that few may read
}

// groups is how many customers, names and products there are: what is looked for is in one case of so
// many.
const groups = 25

// boss puts cases where they stand, so their circles hold the boss, who looks at none.
var boss = models.Actor{Kind: models.ActorPerson, ID: "boss", Roles: []models.Role{models.RoleSupervisor}}

// everybody is one of each role in a department, and some of another reach: of several roles, of other
// departments, of several, of none.
func everybody() []models.Actor {
	var all []models.Actor
	for _, r := range models.Roles() {
		all = append(all, as(r, "sales"))
	}
	more := func(id string, departments []string, roles ...models.Role) {
		all = append(all, models.Actor{Kind: models.ActorPerson, ID: id, Roles: roles, Departments: departments})
	}
	more("h-1", []string{"works"}, models.RoleHandler)
	more("h-2", []string{"sales"}, models.RoleHandler, models.RoleQuality)
	more("h-3", []string{"works"}, models.RoleDepartmentHead, models.RoleAdmin)
	more("h-4", nil, models.RoleIntake, models.RoleOps)
	more("h-5", []string{"law", "works"}, models.RoleDepartmentHead)
	more("h-6", []string{"law"}, models.RoleIntake, models.RoleHandler)
	more("h-7", nil, models.RoleHandler)
	more("h-8", []string{"works"}, models.RoleSupervisor, models.RoleOps)
	more("h-9", []string{"law"}, models.RoleAuditor, models.RoleIntake)
	more("nobody", []string{"sales"})
	return all
}

// newCrowd puts n cases on record. One in ten goes through every door with an attachment, the others
// come with their past at once.
func newCrowd(t *testing.T, h *desk, n int) *crowd {
	t.Helper()
	c := &crowd{desk: h, random: rand.New(rand.NewPCG(3, 4)), people: everybody(), sent: map[string][]string{}, files: map[string]string{}}
	c.alerted = map[string]int{}
	c.texts, c.names, c.phones = map[string]string{}, map[string]string{}, map[string]string{}
	c.Engine = casestest.Engine{Record: h.store, Now: func() time.Time { return h.now }}
	c.Files = files.In(filepath.Join(t.TempDir(), "files"))
	require.NoError(t, h.store.PutDepartment(t.Context(), models.Department{ID: "law", NameZH: "法务", NameEN: "law", CreatedAt: noon}))
	for _, a := range append(slices.Clone(c.people), boss, as(models.RoleHandler, "sales", "works", "law")) {
		p := models.Person{ID: a.ID, Roles: a.Roles, Departments: a.Departments, CreatedAt: noon}
		require.NoError(t, h.store.PutPerson(t.Context(), p))
	}
	gone := models.Person{ID: "gone", Roles: []models.Role{models.RoleHandler}, Departments: []string{"sales"}, CreatedAt: noon, DisabledAt: &noon}
	require.NoError(t, h.store.PutPerson(t.Context(), gone))
	for i := range n {
		h.now = noon.Add(time.Duration(i) * time.Minute)
		if i%10 == 0 {
			c.live(t, i)
		} else {
			c.tell(t, i)
		}
	}
	h.now = noon.AddDate(0, 0, 20)
	for after := ""; ; {
		page, err := h.store.AllCases(t.Context(), after, 500)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		c.rows, after = append(c.rows, page...), page[len(page)-1].ID
	}
	require.Len(t, c.rows, n)
	for cursor := ""; ; {
		page, next, err := h.store.Alerts(t.Context(), models.AlertQuery{Visible: models.Visible{Whole: true}, Cursor: cursor, Limit: models.MaxPage})
		require.NoError(t, err)
		for _, alert := range page {
			c.alerted[alert.CaseID]++
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	c.requireOfEveryKind(t)
	return c
}

// requireOfEveryKind fails when chance left something out that tests count on.
func (c *crowd) requireOfEveryKind(t *testing.T) {
	t.Helper()
	for what, is := range map[string]func(models.Case) bool{
		"anonymous":    func(r models.Case) bool { return r.Anonymous },
		"confidential": func(r models.Case) bool { return r.Confidential },
		"internal":     func(r models.Case) bool { return r.Nature == models.NatureInternal && len(r.Circle) == 0 },
		"special":      func(r models.Case) bool { return r.Nature == models.NatureSpecial && len(r.Circle) > 0 },
		"circle":       func(r models.Case) bool { return r.Nature == models.NatureCustomer && len(r.Circle) > 0 },
		"recusal":      func(r models.Case) bool { return len(r.Named) > 0 && len(r.Circle) == 0 },
		"task":         func(r models.Case) bool { return len(r.Tasks) > 0 },
		"left behind":  func(r models.Case) bool { return r.Assignee == "gone" },
		"received":     func(r models.Case) bool { return r.State == models.StateReceived },
		"merged":       func(r models.Case) bool { return r.State == models.StateMerged },
		"withdrawn":    func(r models.Case) bool { return r.State == models.StateWithdrawn },
		"archived":     func(r models.Case) bool { return r.State == models.StateArchived },
		"alert":        func(r models.Case) bool { return c.alerted[r.ID] > 0 },
		"attachment":   func(r models.Case) bool { return c.files[r.ID] != "" },
	} {
		require.True(t, slices.ContainsFunc(c.rows, is), what)
	}
}

func (c *crowd) chance(percent int) bool    { return c.random.IntN(100) < percent }
func (c *crowd) pick(from ...string) string { return from[c.random.IntN(len(from))] }
func (c *crowd) anyone() models.Actor       { return c.people[c.random.IntN(len(c.people))] }
func (c *crowd) of(prefix string) string    { return c.grouped(prefix, c.random.IntN(groups)) }
func (c *crowd) soon(minutes int) time.Time { return c.now.Add(time.Duration(minutes) * time.Second) }

func (*crowd) grouped(prefix string, group int) string { return fmt.Sprintf("%s%02d", prefix, group) }

// note keeps what a case can be found by.
func (c *crowd) note(id string, n cases.NewComplaint) {
	if c.like == "" && n.Opened.Nature.Guarded() {
		c.like = n.Text
	}
	c.texts[id], c.names[id], c.phones[id] = strings.Fields(n.Text)[1], n.Contact.Name, n.Contact.Phone
}

func handlerOf(id, department string) models.Actor {
	return models.Actor{Kind: models.ActorPerson, ID: id, Roles: []models.Role{models.RoleHandler}, Departments: []string{department}}
}

// complaint is what somebody complains about, anonymous ones among them.
func (c *crowd) complaint() cases.NewComplaint {
	n := told("跳闸 "+c.of("story")+" "+story(c.random), c.of("name"), c.of("138001380"))
	n.Opened.ReceivedAt = c.now
	n.Opened.Product, n.Opened.Confidential = c.of("product"), c.chance(25)
	n.Opened.Nature = models.Nature(c.pick("customer", "customer", "systemic", "internal", "special"))
	if c.chance(10) {
		n.Opened.Anonymous, n.Contact = true, models.Contact{}
	}
	return n
}

// a step is something that is done to a case.
type step struct {
	by models.Actor
	cases.Wish
}

func reason(words string) map[string]string { return map[string]string{models.TextReason: words} }

// life is what becomes of a case: restricted or not, as far along the road as chance will have it.
func (c *crowd) life(nature models.Nature) (steps []step) {
	do := func(by models.Actor, v models.Verb, d models.Data, words map[string]string) {
		steps = append(steps, step{by, cases.Wish{Verb: v, Data: d, Words: words}})
	}
	department, assignee := c.pick("sales", "works", "law"), c.pick("h-1", "h-2", "h-3", "h-6", "handler", "gone")
	open := !nature.Guarded()
	if c.chance(40) {
		open = true // to whoever is in the circle
		d := models.Restricted{Circle: []string{boss.ID, assignee, c.anyone().ID, c.anyone().ID, c.anyone().ID}}
		if !nature.Guarded() && c.chance(30) {
			d.Circle = nil
		}
		if id := c.anyone().ID; !slices.Contains(d.Circle, id) && id != assignee {
			d.Named = []string{id}
		}
		if assignee == "gone" { // whoever left is named by nobody
			d.Circle = slices.DeleteFunc(d.Circle, func(id string) bool { return id == "gone" })
			open = len(d.Circle) == 0
		}
		do(boss, models.VerbRestrict, d, reason("不宜公开"))
	}
	if c.chance(25) {
		return steps // it waits
	}
	do(boss, models.VerbDispatch, models.Dispatched{Department: department, Severity: models.SeverityGeneral, Nature: nature},
		map[string]string{models.TextObjective: "查明原因"})
	if !open || c.chance(25) {
		return steps
	}
	do(handlerOf(assignee, department), models.VerbAccept, models.Accepted{}, nil)
	for _, other := range []string{"sales", "works", "law"} {
		if other != department && c.chance(30) {
			do(handlerOf(assignee, department), models.VerbGiveTask, models.TaskGiven{Department: other, Due: c.now.AddDate(0, 0, 3)},
				map[string]string{models.TextText: "请协助"})
		}
	}
	if c.chance(20) {
		do(boss, models.VerbWithdraw, models.Withdrawn{}, map[string]string{models.TextText: "来电撤诉"})
	}
	return steps
}

// tell puts a case on record with its past, and its messages into random inboxes: who got one once may
// not see the case any more.
func (c *crowd) tell(t *testing.T, i int) {
	t.Helper()
	n, id := c.complaint(), uuid.Must(uuid.NewV7()).String()
	recorder := models.Actor{Kind: models.ActorPerson, ID: c.pick("intake", "h-4", "h-6", "h-9", "elsewhere"), Roles: []models.Role{models.RoleIntake}}
	sample := cases.Sample{ID: id, New: n, By: recorder, RecordedAt: c.now}
	for j, s := range c.life(n.Opened.Nature) {
		sample.Acts = append(sample.Acts, cases.Act{At: c.soon(j + 1), Actor: s.by, Wish: s.Wish})
	}
	c.note(id, n)
	until := c.now.Add(time.Duration(1+c.random.IntN(40)) * time.Hour)
	if i%7 == 0 {
		until = c.now.AddDate(0, 0, 45) // what ended is archived by then
	}
	err := c.PutSample(t.Context(), sample, until, func(_ lifecycle.Case, m models.Message) []models.Message {
		m.State = models.MessageSent
		if m.Channel == models.MessageInbox {
			m.Person, m.Roles, m.Department = c.anyone().ID, nil, ""
			c.sent[m.Person] = append(c.sent[m.Person], id)
		}
		return []models.Message{m}
	})
	require.NoError(t, err, "case %d", i)
}

// live lets a case come in with an attachment and live by commands; then it is merged into the one
// before, linked to it, or neither.
func (c *crowd) live(t *testing.T, i int) {
	t.Helper()
	by := as(models.RoleIntake)
	up, err := c.Upload(t.Context(), c.call(by), cases.Upload{Name: "漏水.png", Content: []byte(png)})
	require.NoError(t, err)
	n := c.complaint()
	n.Attachments = []string{up.ID}
	accepted, err := c.Open(t.Context(), c.call(by), n)
	require.NoError(t, err)
	c.files[accepted.ID] = up.ID
	c.note(accepted.ID, n)
	steps := c.life(n.Opened.Nature)
	if before, err := c.store.AllCases(t.Context(), "", 1); i > 0 && err == nil {
		first := models.Other{Number: before[0].Number}
		steps = append(steps, step{boss, cases.Wish{Verb: models.VerbLink, Data: models.Linked{Other: first, Relation: models.RelationRelated}}})
		if before[0].State.Open() && c.chance(50) {
			steps = append(steps, step{boss, cases.Wish{Verb: models.VerbMerge, Data: models.Merged{Into: first}, Words: reason("同一件事")}})
		}
	}
	for _, s := range steps {
		_, err := c.Do(t.Context(), c.call(s.by), accepted.Number, s.Wish)
		if models.CodeOf(err) != models.CodeUnlawful {
			require.NoError(t, err, "case %d: %s", i, s.Verb)
		}
	}
}
