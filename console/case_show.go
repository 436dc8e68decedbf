package console

import (
	"net/url"
	"strings"

	"recourse/models"
)

// What the template of a case asks for.

// DepartmentName is what a department is called.
func (s *sheet) DepartmentName(id string) string { return s.departmentName(id) }

// PersonName is what somebody is called.
func (s *sheet) PersonName(id string) string { return s.personName(id) }

// CategoryName is what a category is called.
func (s *sheet) CategoryName(id string) string { return s.categoryName(id) }

// ActorName is who did something.
func (s *sheet) ActorName(a models.Actor) string { return s.actorName(a) }

// TargetBound and LimitBound head the table of clocks.
func (s *sheet) TargetBound() models.Bound { return models.BoundTarget }

// LimitBound heads the other column.
func (s *sheet) LimitBound() models.Bound { return models.BoundLimit }

// Since is the sequence at which the page, with its forms, was drawn.
func (p *casePage) Since() int64 {
	if p.Changes != nil {
		return p.Changes.Since
	}
	return p.Case.Seq
}

// Showing is what of the timeline is shown, so that a live page keeps it.
func (p *casePage) Showing() string {
	q := url.Values{}
	for _, name := range []string{"show", "before"} {
		if value := p.v.r.URL.Query().Get(name); value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "&" + q.Encode()
}

// Given is the money that the customer got.
func (s *sheet) Given() []string {
	var given []string
	for _, m := range s.View.Given {
		given = append(given, capital(s.v.Name(m.Kind))+" "+s.amount(m))
	}
	return given
}

// Minutes are those of the meeting that decided on the latest solution.
func (s *sheet) Minutes() string {
	minutes := ""
	for _, m := range s.Moments {
		if m.Event.Kind == models.KindProposed {
			minutes = m.Words["minutes"]
		}
	}
	return minutes
}

// Size is a number of bytes, for people.
func (s *sheet) Size(bytes int64) string {
	if bytes < 1<<20 {
		return s.v.Number(max(1, bytes>>10)) + " KB"
	}
	return s.v.Number(bytes>>20) + " MB"
}

// Particulars are the words of a complaint beside its text.
func (p *casePage) Particulars() []fact {
	l := factList{s: p.sheet}
	c, d := p.Case, p.View.Particulars
	for _, one := range [][2]string{
		{"happened", d.Happened},
		{"product", strings.TrimSpace(c.Product + " " + c.Model)},
		{"serial", d.Serial},
		{"order_number", d.OrderNumber},
		{"purchase_date", d.PurchaseDate},
		{"symptom", d.Symptom},
		{"remedy", d.Remedy},
		{"region", c.Region},
	} {
		l.add(one[0], one[1])
	}
	return l.facts
}

// Contact is who the customer is, as the reader may see them.
func (p *casePage) Contact() []fact {
	c := p.View.Contact
	if p.Shown != nil {
		c = p.Shown
	}
	if c == nil {
		return nil
	}
	l := factList{s: p.sheet}
	l.add("name", c.Name)
	l.add("phone", c.Phone)
	l.add("email", c.Email)
	l.add("external_id", c.ExternalID)
	l.add("address", c.Address)
	if two := c.Second; two != nil {
		key := "second"
		if two.ActsFor {
			key = "acts_for"
		}
		l.add(key, strings.Join(strings.Fields(two.Name+" "+two.Phone+" "+two.Email), " "))
	}
	l.name("language", p.Case.Language)
	l.add("zone", p.Case.Zone)
	return l.facts
}
