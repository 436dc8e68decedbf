package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"recourse/models"
)

// Correction is one time that the contact data of a case was corrected.
type Correction struct {
	Event   models.Event
	Changes []models.Change // by field, such as contact.phone; masked unless the sight is full
}

// mayCorrect refuses contact data that a case cannot have, and those who may not see what they would
// overwrite.
func mayCorrect(a models.Actor, row models.Case, contact models.Contact) error {
	switch {
	case row.Anonymous:
		return models.Invalid("/contact", "an anonymous complaint has no contact data")
	case models.Sees(a, row) != models.SightFull:
		return models.Refuse(models.CodeForbidden, "the contact data of this case is not for you")
	case !contact.Reachable():
		return models.Invalid("/contact", "leave a way to reach the customer: a phone number, e-mail address, postal address or external id")
	}
	return nil
}

// corrected are the words of a wish with the contact data that it corrects. What is as it was is left
// out, unless this very command put it there before.
func (s *Service) corrected(ctx context.Context, row models.Case, command string, w Wish) (map[string]string, error) {
	if w.Contact == nil {
		return w.Words, nil
	}
	kept, err := s.read(ctx, row)
	if err != nil || kept.erased {
		return w.Words, err // staging refuses what was erased
	}
	now := kept.contactNow()
	if now != nil && kept.contactText.Command != command && len(contactChanges(*now, *w.Contact)) == 0 {
		return w.Words, nil
	}
	contact, err := json.Marshal(w.Contact)
	if err != nil {
		return nil, fmt.Errorf("write contact: %w", err)
	}
	words := maps.Clone(w.Words)
	if words == nil {
		words = map[string]string{}
	}
	words[models.TextContact] = string(contact)
	return words, nil
}

// contactNow is contact data as it was last corrected; nil when there is none or it cannot be read.
func (o opened) contactNow() *models.Contact { return contactIn(o.words[o.contactText.Ref]) }

// corrections are all corrections of contact data, oldest first, as they may be seen so well. What was
// erased is not told.
func (o opened) corrections(events []models.Event, sight models.Sight) (all []Correction) {
	var was *models.Contact
	for _, e := range events {
		is := o.contact(e)
		if is == nil {
			continue
		}
		if was != nil {
			all = append(all, Correction{Event: e, Changes: shownChanges(*was, *is, sight)})
		}
		was = is
	}
	return all
}

// shownChanges are the changes of contact data as they may be seen so well: what differs by its values,
// shown masked unless the sight is full, and not at all without texts.
func shownChanges(was, is models.Contact, sight models.Sight) []models.Change {
	changes := contactChanges(was, is)
	switch sight {
	case models.SightFull:
		return changes
	case models.SightMasked:
		before, after := contactFields(*masked(&was)), contactFields(*masked(&is))
		for i, c := range changes {
			at := slices.IndexFunc(before, func(f contactField) bool { return f.name == c.Field })
			changes[i].Was, changes[i].Is = before[at].value, after[at].value
		}
		return changes
	case models.SightNone, models.SightNoTexts:
	}
	return nil
}

// contactChanges are the fields in which contact data differs.
func contactChanges(was, is models.Contact) (changes []models.Change) {
	before, after := contactFields(was), contactFields(is)
	for i, f := range before {
		if f.value != after[i].value {
			changes = append(changes, models.Change{Field: f.name, Was: f.value, Is: after[i].value})
		}
	}
	return changes
}

// contactField is a part of contact data by its name in a wish, with dots.
type contactField struct{ name, value string }

// contactFields are all parts of contact data, in one order.
func contactFields(c models.Contact) []contactField {
	var two models.SecondContact
	actsFor := ""
	if c.Second != nil {
		two, actsFor = *c.Second, strconv.FormatBool(c.Second.ActsFor)
	}
	return []contactField{
		{"contact.name", c.Name},
		{"contact.phone", c.Phone},
		{"contact.email", c.Email},
		{"contact.external_id", c.ExternalID},
		{"contact.address", c.Address},
		{"contact.second.name", two.Name},
		{"contact.second.phone", two.Phone},
		{"contact.second.email", two.Email},
		{"contact.second.acts_for", actsFor},
	}
}

// findable gives the staged texts of a correction what the case is found by: contact data its customer,
// a corrected product the case. A product is no text, so the reason of its correction carries it.
func (s *Service) findable(row models.Case, texts []models.Text, words map[string]string, data models.Data) {
	product, model := row.Product, row.Model
	if d, is := data.(models.Amended); is {
		for _, c := range d.Changes {
			switch c.Field {
			case "product":
				product = c.Is
			case "model":
				model = c.Is
			}
		}
	}
	for i, t := range texts {
		switch t.Name {
		case models.TextContact:
			if contact := contactIn(words[t.Name]); contact != nil {
				texts[i].Ways = s.digests(*contact)
			}
		case models.TextReason:
			if product != row.Product || model != row.Model {
				texts[i].Terms = append(texts[i].Terms, s.factTerms(models.Case{Number: row.Number, Reference: row.Reference, Product: product, Model: model})...)
			}
		}
	}
}

// namesakes are the other customers on record whom the contact data of a case finds, of those whose
// contact data the actor may see: one person with two records, perhaps.
func (s *Service) namesakes(ctx context.Context, a models.Actor, row models.Case, contact models.Contact) (ids []string, err error) {
	own, err := s.Store.CustomerRecords(ctx, row.CustomerID)
	if err != nil {
		return nil, err
	}
	for _, d := range s.digests(contact) {
		found, err := s.Store.CustomerByDigest(ctx, []string{d.Digest})
		if models.CodeOf(err) == models.CodeNotFound || err == nil && (found.ID == own[0].ID || slices.Contains(ids, found.ID)) {
			continue
		}
		if err != nil {
			return nil, err
		}
		switch sight, err := s.sightOf(ctx, a, found.ID); {
		case err != nil:
			return nil, err
		case sight == models.SightFull:
			ids = append(ids, found.ID)
		}
	}
	return ids, nil
}

// correctCustomer shows a customer with the contact data that was corrected last, of the cases that the
// actor sees as well as the customer; the record keeps what was given first.
func (s *Service) correctCustomer(ctx context.Context, a models.Actor, v *CustomerView) error {
	if v.Sight < models.SightMasked || v.Contact == nil {
		return nil
	}
	texts, err := s.Store.CorrectedContacts(ctx, append([]string{v.ID}, v.Merged...))
	if err != nil || len(texts) == 0 {
		return err
	}
	var caseIDs, keyIDs []string
	for _, t := range texts {
		caseIDs, keyIDs = append(caseIDs, t.CaseID), append(keyIDs, t.KeyID)
	}
	rows, err := s.Store.RowsOf(ctx, caseIDs)
	if err != nil {
		return err
	}
	keys, err := s.keys(ctx, keyIDs)
	if err != nil {
		return err
	}
	for _, t := range slices.Backward(texts) {
		if models.Sees(a, rows[t.CaseID]) < v.Sight || len(t.Sealed) == 0 || len(keys[t.KeyID]) == 0 {
			continue
		}
		words, _, err := s.Vault.OpenText(keys[t.KeyID], t.KeyID, t.Ref, t.Sealed)
		if err != nil {
			return err
		}
		if contact := contactIn(words); contact != nil {
			v.Contact, v.Also = contact, append([]models.Contact{*v.Contact}, v.Also...)
			return nil
		}
	}
	return nil
}
