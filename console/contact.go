package console

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"recourse/internal/cases"
	"recourse/models"
)

// Contact data, as forms ask for it and pages show how it was corrected.

// contactFrom reads contact data from the fields of a form.
func contactFrom(line func(name string) string) models.Contact {
	contact := models.Contact{
		Name: line("contact.name"), Phone: line("contact.phone"), Email: line("contact.email"),
		ExternalID: line("contact.external_id"), Address: line("contact.address"),
	}
	second := models.SecondContact{
		Name: line("contact.second.name"), Phone: line("contact.second.phone"), Email: line("contact.second.email"),
		ActsFor: line("contact.second.acts_for") != "",
	}
	if second.Name != "" || second.Phone != "" || second.Email != "" {
		contact.Second = &second
	}
	return contact
}

// contactSet asks for all contact data of a case, as it stands there; contactDrawn says what stood
// there, so that a form in which nobody touched it corrects none, whatever others did meanwhile.
var (
	contactSet = field{Name: "contact", Kind: fieldSet, Folded: true, When: showsContact, Parts: []field{
		contactPart("name", func(c models.Contact, _ models.SecondContact) string { return c.Name }),
		contactPart("phone", func(c models.Contact, _ models.SecondContact) string { return c.Phone }),
		contactPart("email", func(c models.Contact, _ models.SecondContact) string { return c.Email }),
		contactPart("external_id", func(c models.Contact, _ models.SecondContact) string { return c.ExternalID }),
		contactPart("address", func(c models.Contact, _ models.SecondContact) string { return c.Address }),
		contactPart("second.name", func(_ models.Contact, two models.SecondContact) string { return two.Name }),
		contactPart("second.phone", func(_ models.Contact, two models.SecondContact) string { return two.Phone }),
		contactPart("second.email", func(_ models.Contact, two models.SecondContact) string { return two.Email }),
		contactPart("second.acts_for", func(_ models.Contact, two models.SecondContact) string { return ticked(two.ActsFor) }),
	}}
	contactDrawn = field{Name: "contact_drawn", Kind: fieldHidden, When: showsContact, Stays: true, Value: func(s *sheet) string { return digestOf(*s.View.Contact) }}
	// A live page asks for its forms again without contact data: whoever wants to correct it loads the page.
	contactLater = field{Name: "contact_later", Kind: fieldLink, When: showsContactLater, Value: func(s *sheet) string {
		return "/cases/" + s.View.Case.Number + "#act-" + string(models.VerbAmend)
	}}
)

func contactPart(name string, of func(models.Contact, models.SecondContact) string) field {
	kind := fieldLine
	if strings.HasSuffix(name, "acts_for") {
		kind = fieldTick
	}
	return field{Name: "contact." + name, Kind: kind, Value: func(s *sheet) string {
		var two models.SecondContact
		if s.View.Contact.Second != nil {
			two = *s.View.Contact.Second
		}
		return of(*s.View.Contact, two)
	}}
}

func ticked(is bool) string {
	if is {
		return "yes"
	}
	return ""
}

func showsContact(s *sheet) bool { return s.View.Sight == models.SightFull && s.View.Contact != nil }

func showsContactLater(s *sheet) bool {
	return s.View.Sight == models.SightFull && s.View.Contact == nil && !s.View.Case.Anonymous && !s.View.Erased
}

// correctedContact is the contact data of a form; nil when it was not asked for or is what was drawn.
func (a *answers) correctedContact() *models.Contact {
	contact := contactFrom(a.line)
	drawn := a.line(contactDrawn.Name)
	if drawn == digestOf(contact) || drawn == "" && contact == (models.Contact{}) {
		return nil
	}
	return &contact
}

// digestOf tells contact data apart that reads differently; a field of one line keeps no line ends.
func digestOf(c models.Contact) string {
	var two models.SecondContact
	if c.Second != nil {
		two = *c.Second
	}
	h := sha256.New()
	for _, part := range []string{c.Name, c.Phone, c.Email, c.ExternalID, c.Address, two.Name, two.Phone, two.Email, ticked(two.ActsFor)} {
		h.Write([]byte(strings.Join(strings.Fields(part), "") + "\n"))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// correctedFacts are what a correction changed in the contact data, as the reader may see it.
func (s *sheet) correctedFacts(changes []models.Change) (facts []fact) {
	for _, c := range changes {
		acts := strings.HasSuffix(c.Field, ".acts_for")
		if acts {
			c.Was, c.Is = s.yesNo(c.Was), s.yesNo(c.Is)
		}
		says := s.v.Say("case.was_is", "was", c.Was, "is", c.Is)
		switch {
		case acts && (c.Was == "" || c.Is == ""):
			continue // a second contact came or went, which says enough
		case c.Was == "":
			says = s.v.Say("case.added", "is", c.Is)
		case c.Is == "":
			says = s.v.Say("case.removed", "was", c.Was)
		}
		facts = append(facts, fact{s.label("field.", models.VerbAmend, c.Field), says})
	}
	return facts
}

func (s *sheet) yesNo(is string) string {
	switch is {
	case "true":
		return s.v.Say("case.yes")
	case "false":
		return s.v.Say("case.no")
	}
	return ""
}

// correction is one time that the contact data was corrected, as the page shows it.
type correction struct {
	cases.Correction

	By    string
	Facts []fact
}

// Corrections are those of the contact data, latest first.
func (p *casePage) Corrections() (all []correction) {
	for _, c := range slices.Backward(p.View.Corrections) {
		all = append(all, correction{c, p.actorName(c.Event.Actor), p.correctedFacts(c.Changes)})
	}
	return all
}

// retold says whether the text of the complaint was corrected: then the first one stands with its event.
func (s *sheet) retold() bool {
	return slices.ContainsFunc(s.Moments, func(m cases.Moment) bool {
		return m.Event.Kind == models.KindAmended && m.Words[models.TextText] != ""
	})
}
