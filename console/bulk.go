package console

import (
	"cmp"
	"context"
	"crypto/sha256"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"recourse/internal/cases"
	"recourse/models"
)

// bulk is the form that hands several cases to somebody at once, as it was filled in.
type bulk struct {
	Key    string
	Back   string   // query of the list it stands under
	Chosen []string // numbers
	Person string
	Reason string
	To     string // department
	Faults map[string]string

	MayAssign   bool
	MayTransfer bool
	People      []crew
	Departments []option
}

// crew are the people of a department.
type crew struct {
	Name   string
	People []option
}

// Chose says whether one of several is chosen, for the form.
func (b bulk) Chose(field, id string) bool {
	return id != "" && (field == "person" && b.Person == id || field == "department" && b.To == id)
}

// offer fills in who and which department can be chosen: those of the cases that are shown, and that
// the reader may hand over.
func (b *bulk) offer(key string, f filter, n company, rows []cases.Waiting) {
	b.Key, b.Back = key, f.values(f.Cursor).Encode()
	var at []string
	for _, row := range rows {
		b.MayAssign, b.MayTransfer = b.MayAssign || row.MayAssign, b.MayTransfer || row.MayTransfer
		if row.MayAssign && !slices.Contains(at, row.Case.Department) {
			at = append(at, row.Case.Department)
		}
	}
	for _, d := range n.departments {
		if d.DisabledAt == nil {
			b.Departments = append(b.Departments, option{d.ID, n.department[d.ID]})
		}
		if !slices.Contains(at, d.ID) {
			continue
		}
		one := crew{Name: n.department[d.ID]}
		for _, p := range n.people {
			if worksOnCases(p) && slices.Contains(p.Departments, d.ID) {
				one.People = append(one.People, option{p.ID, p.Name})
			}
		}
		b.People = append(b.People, one)
	}
}

// handedPage says what became of each case.
type handedPage struct {
	Act   string   // assign or transfer
	To    string   // the name of whom they went to
	Done  []string // numbers
	Not   []notHanded
	Back  string
	Again bulk // what was sent, for those that stayed
}

// notHanded is a case that stayed where it was, and why.
type notHanded struct{ Number, Why string }

// assignMany makes one person responsible for the ticked cases.
func (c *console) assignMany(v *visit) error {
	return c.handOver(v, "assign", func(b bulk) (cases.Wish, map[string]string) {
		return cases.Wish{Verb: models.VerbAssign, Data: models.Assigned{Person: b.Person}}, v.lacking("person", b.Person)
	})
}

// transferMany hands the ticked cases to another department.
func (c *console) transferMany(v *visit) error {
	return c.handOver(v, "transfer", func(b bulk) (cases.Wish, map[string]string) {
		return cases.Wish{
			Verb: models.VerbTransfer, Data: models.Transferred{Department: b.To}, Words: map[string]string{models.TextReason: b.Reason},
		}, v.lacking("department", b.To, "reason", b.Reason)
	})
}

// lacking are the faults of fields that are empty; they come as name, value, name, value.
func (v *visit) lacking(fields ...string) map[string]string {
	faults := map[string]string{}
	for pair := range slices.Chunk(fields, 2) {
		if pair[1] == "" {
			faults[pair[0]] = v.Say("queue.lacks_" + pair[0])
		}
	}
	return faults
}

// handOver does one wish to each ticked case. Each is decided by itself: that one is refused says
// nothing about the others.
func (c *console) handOver(v *visit, act string, wish func(bulk) (cases.Wish, map[string]string)) error {
	if err := v.form(1 << 20); err != nil {
		return err
	}
	asked, err := url.ParseQuery(v.field("back"))
	if err != nil {
		return models.Refuse(models.CodeMalformed, "the form could not be read")
	}
	f, err := readFilter(v.Actor, asked)
	if err != nil {
		return err
	}
	chosen := slices.Clone(v.r.PostForm["case"])
	slices.Sort(chosen)
	b := bulk{Chosen: slices.Compact(chosen), Person: v.field("person"), To: v.field("department"), Reason: v.field("reason")}
	w, faults := wish(b)
	if len(b.Chosen) == 0 {
		faults["case"] = v.Say("queue.lacks_case")
	}
	if len(b.Chosen) > models.MaxPage {
		faults["case"] = v.Say("queue.too_many", "most", models.MaxPage)
	}
	if len(faults) > 0 {
		b.Faults = faults
		return c.showQueue(v, http.StatusUnprocessableEntity, f, b)
	}
	return c.handed(v, act, f, b, w)
}

// handed carries it out and says what became of it.
func (c *console) handed(v *visit, act string, f filter, b bulk, w cases.Wish) error {
	n, err := c.company(v)
	if err != nil {
		return err
	}
	if act == "assign" { // both stand in one form
		b.To, b.Reason = "", ""
	} else {
		b.Person = ""
	}
	p := handedPage{
		Act: act, To: cmp.Or(n.person[b.Person], n.department[b.To], b.Person, b.To), Back: f.path(f.Cursor),
		Again: bulk{Key: c.NewID(), Back: f.values(f.Cursor).Encode(), Person: b.Person, To: b.To, Reason: b.Reason},
	}
	for _, number := range b.Chosen {
		if err := c.hand(v, act, number, b, w); err != nil {
			if unsure(err) {
				p.Again.Key = v.keyAfter(err)
			}
			if models.CodeOf(err) == models.CodeInternal {
				c.Log.ErrorContext(v.r.Context(), "a case was not handed over", "number", number, "error", err)
			}
			p.Not = append(p.Not, notHanded{number, cmp.Or(v.why(err), v.Name(models.CodeOf(err)))})
			p.Again.Chosen = append(p.Again.Chosen, number)
			continue
		}
		p.Done = append(p.Done, number)
	}
	if len(p.Not) == 0 {
		v.tell("done."+act, "count", v.Number(len(p.Done)), "to", p.To)
		return v.goTo(p.Back)
	}
	return v.showAs(http.StatusOK, "handed", p)
}

// hand does the wish to one case. The key of the form and the number are its key: the same form sent
// again finds what it did the first time.
func (c *console) hand(v *visit, act, number string, b bulk, w cases.Wish) error {
	call := v.call("POST /queue/" + act + "/" + number)
	if call.Key == "" {
		return models.Refuse(models.CodeKeyMissing, "the form was sent without its key; load the page again")
	}
	body := sha256.Sum256([]byte(strings.Join([]string{act, number, b.Person, b.To, b.Reason}, "\x00")))
	call.Body = body[:]
	_, err := c.Cases.Do(context.WithoutCancel(v.r.Context()), call, number, w) // half a list is worse than a window that was closed
	return err
}
