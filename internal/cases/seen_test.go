package cases_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/cases/casestest"
	"recourse/models"
)

func TestNoWayToCasesShowsMoreThanMayBeSeen(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		c := newCrowd(t, h, 1000)
		for _, a := range c.people {
			r := reach{T: t, crowd: c, actor: a}
			r.lists()
			r.searches()
			r.inbox()
			r.alerts()
			r.customers()
			r.duplicates()
			r.attachments()
			r.views()
			r.organisation()
		}
	})
}

func TestACaseThatMayNotBeSeenIsAnsweredLikeOneThatIsNotThere(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		c := newCrowd(t, h, 200)
		asked := 0
		for _, a := range c.people {
			r := reach{T: t, crowd: c, actor: a}
			for _, row := range r.unseen(12) {
				asked += r.refusals(row)
			}
		}
		require.Greater(t, asked, 5000)
	})
}

// reach is what one actor gets at by each way to cases.
type reach struct {
	*testing.T
	*crowd

	actor models.Actor
}

// known are the ids of the cases of which the actor may know so much.
func (r reach) known(least int, like func(models.Case) bool) (ids []string) {
	for _, row := range r.rows {
		if like(row) && mayKnow(r.actor, row) >= least {
			ids = append(ids, row.ID)
		}
	}
	return ids
}

func all(models.Case) bool { return true }

// unseen are some cases of which the actor may know nothing, those with an attachment first.
func (r reach) unseen(most int) (rows []models.Case) {
	for _, row := range r.rows {
		if mayKnow(r.actor, row) == nothing {
			rows = append(rows, row)
		}
	}
	slices.SortStableFunc(rows, func(x, y models.Case) int { return len(r.files[y.ID]) - len(r.files[x.ID]) })
	return rows[:min(most, len(rows))]
}

func (r reach) exactly(want, got []string, way string) {
	r.Helper()
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		require.ElementsMatch(r, want, got, "%s by %s", r.actor.ID, way)
	}
}

// list goes through all pages.
func (r reach) list(q cases.Query) (ids []string) {
	for q.Limit = 200; ; {
		page, err := r.List(r.Context(), r.actor, q)
		require.NoError(r, err)
		for _, row := range page.Items {
			ids = append(ids, row.ID)
		}
		if q.Cursor = page.Next; page.Next == "" {
			return ids
		}
	}
}

func (r reach) lists() {
	for way, q := range map[string]struct {
		cases.Query
		like func(models.Case) bool
	}{
		"list":                  {cases.Query{}, all},
		"list of a department":  {cases.Query{Department: "works"}, func(c models.Case) bool { return c.Department == "works" }},
		"list of a person":      {cases.Query{Assignee: "h-1"}, func(c models.Case) bool { return c.Assignee == "h-1" }},
		"list of what is inner": {cases.Query{Natures: []models.Nature{models.NatureInternal}}, func(c models.Case) bool { return c.Nature == models.NatureInternal }},
		"list of what is over":  {cases.Query{States: []models.State{models.StateArchived, models.StateMerged}}, func(c models.Case) bool { return !c.State.Live() || c.State == models.StateMerged }},
	} {
		want := r.known(standing, q.like)
		r.exactly(want, r.list(q.Query), way)
		n, err := r.Count(r.Context(), r.actor, q.Query)
		require.NoError(r, err)
		require.EqualValues(r, len(want), n.Cases, "%s counts %s", r.actor.ID, way)
	}
}

func (r reach) searches() {
	for group := 1; group < groups; group += 12 {
		like := func(field func(models.Case) string, prefix string) func(models.Case) bool {
			return func(c models.Case) bool { return field(c) == r.grouped(prefix, group) }
		}
		for q, want := range map[string][]string{
			r.grouped("product", group):   r.known(standing, like(func(c models.Case) string { return c.Product }, "product")),
			r.grouped("story", group):     r.known(words, func(c models.Case) bool { return r.texts[c.ID] == r.grouped("story", group) }),
			r.grouped("name", group):      r.known(everything, func(c models.Case) bool { return r.names[c.ID] == r.grouped("name", group) }),
			r.grouped("138001380", group): r.known(everything, func(c models.Case) bool { return r.phones[c.ID] == r.grouped("138001380", group) }),
		} {
			hits, err := r.Search(r.Context(), r.actor, q, 200)
			require.NoError(r, err)
			var got []string
			for _, hit := range hits {
				got = append(got, hit.Case.ID)
			}
			r.exactly(want, got, "a search for "+q)
			r.exactly(want, r.list(cases.Query{Q: q}), "a list with "+q)
			n, err := r.Count(r.Context(), r.actor, cases.Query{Q: q})
			require.NoError(r, err)
			require.EqualValues(r, len(want), n.Cases, "%s counts what has %s", r.actor.ID, q)
		}
	}
}

func (r reach) inbox() {
	var want, got []string
	for _, id := range r.sent[r.actor.ID] {
		at := slices.IndexFunc(r.rows, func(c models.Case) bool { return c.ID == id })
		if mayKnow(r.actor, r.rows[at]) > nothing {
			want = append(want, id)
		}
	}
	for cursor := ""; ; {
		page, err := r.Inbox(r.Context(), r.actor, cursor, 200)
		require.NoError(r, err)
		for _, n := range page.Items {
			got = append(got, n.Message.CaseID)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	r.exactly(want, got, "the inbox")
}

func (r reach) alerts() {
	var want, got []string
	for _, id := range r.known(standing, all) {
		want = append(want, slices.Repeat([]string{id}, r.alerted[id])...)
	}
	for cursor := ""; ; {
		page, err := r.Alerts(r.Context(), r.actor, cases.AlertQuery{Cursor: cursor, Limit: 200})
		require.NoError(r, err)
		for _, alert := range page.Items {
			got = append(got, alert.CaseID)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	r.exactly(want, got, "the alerts")
}

// customers looks at every customer's history, and looks for them by what is known of them.
func (r reach) customers() {
	var asked []string
	for _, row := range r.rows {
		if row.CustomerID == "" || slices.Contains(asked, row.CustomerID) {
			continue
		}
		asked = append(asked, row.CustomerID)
		theirs := func(c models.Case) bool { return c.CustomerID == row.CustomerID }
		want := r.known(standing, theirs)
		var got []string
		page, err := r.History(r.Context(), r.actor, row.CustomerID, "", 200)
		for _, one := range page.Items {
			got = append(got, one.ID)
		}
		r.exactly(want, got, "a customer's history")
		_, nowhere := r.History(r.Context(), r.actor, "nobody", "", 200)
		if len(want) == 0 {
			require.Equal(r, nowhere, err)
			continue
		}
		require.NoError(r, err)
		if len(asked) > groups/5 {
			continue
		}
		found, err := r.Customers(r.Context(), r.actor, cases.CustomerQuery{Phone: r.phones[row.ID]})
		if models.CodeOf(err) != models.CodeForbidden {
			require.NoError(r, err)
			require.Equal(r, len(r.known(everything, theirs)) > 0, len(found) > 0, "%s finds a customer", r.actor.ID)
		}
	}
}

func (r reach) duplicates() {
	n := told(r.like, "name03", r.grouped("138001380", 3))
	n.Opened.Product = r.grouped("product", 4)
	beside, err := r.Duplicates(r.Context(), r.actor, n)
	if err != nil {
		require.Equal(r, models.CodeForbidden, models.CodeOf(err))
	}
	for _, d := range beside.Duplicates {
		least := standing
		if slices.Contains(d.Reasons, cases.SimilarText) {
			least = words
		}
		if slices.Contains(d.Reasons, cases.SameCustomer) {
			least = everything
		}
		require.GreaterOrEqual(r, mayKnow(r.actor, d.Case), least, "%s by duplicates: %v", r.actor.ID, d.Reasons)
	}
}

// attachments follows every link to an attachment.
func (r reach) attachments() {
	for _, row := range r.rows {
		file, has := r.files[row.ID]
		if !has {
			continue
		}
		_, _, err := r.Attachment(r.Context(), r.actor, row.Number, file)
		list, listErr := r.Attachments(r.Context(), r.actor, row.Number)
		if level := mayKnow(r.actor, row); level >= words {
			require.NoError(r, errors.Join(err, listErr))
			require.Len(r, list, 1)
		} else {
			require.Error(r, err, "%s by the link to an attachment", r.actor.ID)
			require.Error(r, listErr)
			require.Equal(r, level == nothing, models.CodeOf(err) == models.CodeNotFound)
			require.Equal(r, models.CodeOf(err), models.CodeOf(listErr))
		}
		for _, other := range r.rows[:5] { // by way of another case
			if other.ID != row.ID && mayKnow(r.actor, other) >= words {
				_, _, err := r.Attachment(r.Context(), r.actor, other.Number, file)
				require.Equal(r, models.CodeNotFound, models.CodeOf(err))
			}
		}
	}
}

// views opens cases and looks for the names of others in them.
func (r reach) views() {
	hidden := map[string]bool{}
	for _, row := range r.rows {
		if mayKnow(r.actor, row) == nothing {
			hidden[row.ID] = true
		}
	}
	for _, row := range r.rows {
		if _, linked := r.files[row.ID]; !linked || hidden[row.ID] {
			continue
		}
		v, err := r.Case(r.Context(), r.actor, row.Number)
		require.NoError(r, err)
		moments, err := r.Timeline(r.Context(), r.actor, row.Number)
		require.NoError(r, err)
		others := slices.Clone(v.Links)
		for _, m := range moments {
			switch d := m.Event.Data.(type) {
			case models.Linked:
				others = append(others, d)
			case models.Merged:
				others = append(others, models.Linked{Other: d.Into})
			}
		}
		for _, l := range others {
			require.False(r, hidden[l.Other.Case], "%s by a link", r.actor.ID)
			require.Equal(r, l.Other.Case == "", l.Other.Number == "")
		}
	}
}

// organisation looks for cases where people and departments are put in order.
func (r reach) organisation() {
	gaps, err := r.Gaps(r.Context(), r.actor)
	if err != nil {
		require.Equal(r, models.CodeForbidden, models.CodeOf(err))
	}
	known := r.known(standing, all)
	for _, g := range gaps {
		if g.Kind == models.GapCaseOfSomebodyGone || g.Kind == models.GapCaseOfDepartmentGone {
			require.True(r, slices.ContainsFunc(r.rows, func(c models.Case) bool { return c.Number == g.ID && slices.Contains(known, c.ID) }),
				"%s by the gaps", r.actor.ID)
		}
	}
}

// nowhere is a number that no case has.
var nowhere = models.Number(2019, 4711)

// refusals asks for a case that the actor may know nothing of in every way, and for one that is not
// there: the answers are the same. It says how many ways there are.
func (r reach) refusals(row models.Case) (asked int) {
	ctx, a := r.Context(), r.actor
	same := func(way string, ask func(number string) error) {
		r.Helper()
		asked++
		there, missing := ask(row.Number), ask(nowhere)
		require.Error(r, missing, way)
		require.Equal(r, missing, there, "%s by %s", a.ID, way)
	}
	for way, ask := range r.questions(ctx) {
		same(way, ask)
	}
	for _, v := range models.Verbs() {
		same(string(v), func(number string) error {
			_, err := r.Do(ctx, r.call(a), number, cases.Wish{Verb: v, Words: reason("让我看看")})
			return err
		})
	}
	file := r.files[row.ID]
	same("the link to an attachment", func(number string) error { _, _, err := r.Attachment(ctx, a, number, file); return err })
	alerts, err := r.store.AlertsOf(ctx, row.ID)
	require.NoError(r, err)
	if len(alerts) > 0 {
		_, there := r.Acknowledge(ctx, r.call(a), alerts[0].ID)
		_, missing := r.Acknowledge(ctx, r.call(a), "nothing")
		require.Equal(r, missing, there)
	}
	r.byAnother(same)
	if row.CustomerID != "" && len(r.known(standing, func(c models.Case) bool { return c.CustomerID == row.CustomerID })) == 0 {
		r.ofTheCustomer(row.CustomerID)
	}
	return asked
}

// questions are the ways to ask for a case by its number.
func (r reach) questions(ctx context.Context) map[string]func(number string) error {
	a := r.actor
	return map[string]func(number string) error{
		"case":        func(n string) error { _, err := r.Case(ctx, a, n); return err },
		"timeline":    func(n string) error { _, err := r.Timeline(ctx, a, n); return err },
		"clocks":      func(n string) error { _, err := r.Clocks(ctx, a, n); return err },
		"work order":  func(n string) error { _, err := r.WorkOrder(ctx, a, n); return err },
		"route":       func(n string) error { _, err := r.Route(ctx, a, n); return err },
		"attachments": func(n string) error { _, err := r.Attachments(ctx, a, n); return err },
		"letter":      func(n string) error { _, err := r.Letter(ctx, a, n, cases.LetterReceipt); return err },
		"reads":       func(n string) error { _, err := r.Reads(ctx, a, n, "", 0); return err },
		"unmask":      func(n string) error { _, err := r.Unmask(ctx, a, n, "回访"); return err },
	}
}

// byAnother names the case asked for in a verb on one that the actor may see.
func (r reach) byAnother(same func(string, func(string) error)) {
	for _, mine := range r.rows {
		d := models.Linked{Relation: models.RelationRelated}
		if models.May(r.actor, models.VerbLink, mine.Standing()) != nil || !mine.State.Live() {
			continue
		}
		same("a link", func(number string) error {
			d.Other.Number = number
			_, err := r.Do(r.Context(), r.call(r.actor), mine.Number, cases.Wish{Verb: models.VerbLink, Data: d})
			return err
		})
		return
	}
}

// ofTheCustomer asks for the customer of whom the actor sees no case in every way.
func (r reach) ofTheCustomer(id string) {
	ctx, a := r.Context(), r.actor
	for _, ask := range []func(id string) error{
		func(id string) error { _, err := r.Customer(ctx, a, id); return err },
		func(id string) error { _, err := r.History(ctx, a, id, "", 0); return err },
		func(id string) error { _, err := r.Hold(ctx, r.call(a), id, "诉讼"); return err },
		func(id string) error { _, err := r.Release(ctx, r.call(a), id, "结案"); return err },
		func(id string) error { _, err := r.EraseCustomer(ctx, r.call(a), id); return err },
		func(id string) error { _, err := r.Merge(ctx, r.call(a), id, id, "同一人"); return err },
	} {
		require.Equal(r, ask("nobody"), ask(id), "%s asks for a customer", a.ID)
	}
}

func TestARefusalNamesNoCaseThatMayNotBeSeen(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		h.Engine = casestest.Engine{Record: h.store, Now: func() time.Time { return h.now }}
		lead, other, mine := h.open(t, told("漏电", "甲", "13800138000")), h.open(t, told("跳闸", "乙", "13900139000")), h.open(t, told("冒烟", "丙", "13700137000"))
		join := func(by models.Actor, to string) error {
			_, err := h.Do(t.Context(), h.call(by), mine.Number, cases.Wish{
				Verb: models.VerbLink, Data: models.Linked{Other: models.Other{Number: to}, Relation: models.RelationLead},
			})
			return err
		}
		require.NoError(t, join(supervisor, lead.Number))
		require.ErrorContains(t, join(clerk, other.Number), lead.Number)
		_, err := h.Do(t.Context(), h.call(supervisor), lead.Number, cases.Wish{
			Verb: models.VerbRestrict, Words: reason("不宜公开"), Data: models.Restricted{Named: []string{clerk.ID}},
		})
		require.Equal(t, models.CodeInvalid, models.CodeOf(err), "nobody of that name is on record")
		require.NoError(t, h.store.PutPerson(t.Context(), models.Person{ID: clerk.ID, Roles: clerk.Roles, CreatedAt: noon}))
		_, err = h.Do(t.Context(), h.call(supervisor), lead.Number, cases.Wish{
			Verb: models.VerbRestrict, Words: reason("不宜公开"), Data: models.Restricted{Named: []string{clerk.ID}},
		})
		require.NoError(t, err)
		err = join(clerk, other.Number)
		require.Equal(t, models.CodeConflict, models.CodeOf(err))
		require.ErrorContains(t, err, "the group of another case already")
		require.ErrorContains(t, join(supervisor, other.Number), lead.Number)
	})
}

func TestAnOpenCaseThatNobodyAsksAboutStillKeepsItsCustomer(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		over := h.dispatched(t, told("漏电", "王小明", "13800138000"), "")
		n := told("员工无礼", "王小明", "13800138000")
		n.Opened.Nature = models.NatureInternal
		h.open(t, n) // the admin may know nothing of it
		kept, err := h.store.Case(t.Context(), over.ID)
		require.NoError(t, err)
		end(t, h, kept, models.StateClosed, noon)
		_, err = h.EraseCustomer(t.Context(), h.call(administrator), over.CustomerID)
		require.ErrorContains(t, err, "still open")
	})
}
