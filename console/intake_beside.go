package console

import (
	"net/url"

	"recourse/internal/cases"
	"recourse/models"
)

// besidePage stands beside the form: who it is, what they complained of before, what looks alike, and
// where the complaint would go.
type besidePage struct {
	Asked      bool
	Department string // proposed
	Rule       string
	Customers  []cases.CustomerView // found by what is typed, masked
	Customer   string               // id of the one whose history is shown
	History    []models.Case
	More       bool // there are older ones
	Duplicates []cases.Duplicate
}

// historyShown is how many of a customer's cases stand beside the form.
const historyShown = 8

// lookBeside answers with what stands beside the form, while it is being filled in. It is a POST for
// what is typed is about people and has no place in an address.
func (c *console) lookBeside(v *visit) error {
	if err := models.May(v.Actor, models.VerbOpen, models.Standing{}); err != nil {
		return err
	}
	if err := v.form(1 << 20); err != nil {
		return err
	}
	return v.part("intake", "beside", c.beside(v))
}

// beside looks for what the form so far has to do with. It helps and is never in the way: what cannot
// be found is not shown.
func (c *console) beside(v *visit) besidePage {
	page := besidePage{Asked: true}
	ctx, n := v.r.Context(), v.complaint(map[string]string{})
	routing, err := c.Cases.TryDispatch(ctx, cases.Facts{
		Category: n.Opened.Category, Product: n.Opened.Product, Region: n.Opened.Region, Channel: n.Opened.Channel,
		Severity: n.Opened.Severity, Language: n.Opened.Language,
	})
	if err == nil && routing.Route != nil {
		page.Rule = routing.Route.Rule
		if named, err := c.departments(v, []string{routing.Route.Department}); err == nil && len(named) == 1 {
			page.Department = named[0].Label
		}
	}
	c.findCustomers(v, n.Contact, &page)
	if n.Text != "" || n.Opened.Product != "" || n.Contact.Reachable() {
		if found, err := c.Cases.Duplicates(ctx, v.Actor, n); err == nil {
			page.Duplicates = found.Duplicates
			if page.Customer == "" {
				page.Customer = found.CustomerID
			}
		} else {
			c.noteBeside(v, err)
		}
	}
	if page.Customer != "" {
		if past, err := c.Cases.History(ctx, v.Actor, page.Customer, "", historyShown); err == nil {
			page.History, page.More = past.Items, past.Next != ""
		} else {
			c.noteBeside(v, err)
		}
	}
	return page
}

// findCustomers looks by the surest thing that is typed; a customer found by a phone number, address or
// id of theirs is the one, one found by a name may be.
func (c *console) findCustomers(v *visit, contact models.Contact, page *besidePage) {
	for _, by := range []cases.CustomerQuery{
		{ExternalID: contact.ExternalID}, {Phone: contact.Phone}, {Email: contact.Email}, {Name: contact.Name},
	} {
		if by == (cases.CustomerQuery{}) {
			continue
		}
		found, err := c.Cases.Customers(v.r.Context(), v.Actor, by)
		if err != nil {
			c.noteBeside(v, err)
			continue
		}
		if len(found) == 0 {
			continue
		}
		page.Customers = found
		if by.Name == "" {
			page.Customer = found[0].ID
		}
		return
	}
}

// noteBeside logs what went wrong with us; what was not complete enough to look for is no fault.
func (c *console) noteBeside(v *visit, err error) {
	if models.CodeOf(err) == models.CodeInternal && v.r.Context().Err() == nil {
		c.Log.WarnContext(v.r.Context(), "nothing could be shown beside an intake", "error", err)
	}
}

// useCustomer fills in who the clerk chose; that their contact data was read is noted.
func (c *console) useCustomer(v *visit, form url.Values) error {
	id := form.Get("customer")
	if id == "" {
		return nil
	}
	chosen, err := c.Cases.Customer(v.r.Context(), v.Actor, id)
	if err != nil || chosen.Contact == nil || chosen.Sight != models.SightFull {
		return err
	}
	for field, is := range map[string]string{
		"contact.name": chosen.Contact.Name, "contact.phone": chosen.Contact.Phone, "contact.email": chosen.Contact.Email,
		"contact.external_id": chosen.Contact.ExternalID, "contact.address": chosen.Contact.Address,
		"language": string(chosen.Language), "zone": chosen.Zone,
	} {
		if is != "" {
			form.Set(field, is)
		}
	}
	return nil
}
