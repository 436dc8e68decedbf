package cases

import (
	"encoding/json"
	"strings"
	"unicode"

	"recourse/internal/search"
	"recourse/models"
)

// kind is what is searched in. Each has digests of its own, so that who may not search in one cannot
// find by it.
type kind string

const (
	inFacts   kind = "facts"   // number, product, model, number in the system that it came from
	inText    kind = "text"    // what people wrote
	inContact kind = "contact" // who the customer is
)

// terms are the keyed digests by which a text is found.
func (s *Service) terms(name, words string) []int64 {
	switch name {
	case models.TextContact:
		var c models.Contact
		if json.Unmarshal([]byte(words), &c) != nil {
			return nil
		}
		values := wholes(c)
		return s.Vault.Terms(string(inContact), append(search.Exact(values...), search.Terms(contactWords(c))...))
	default:
		return s.Vault.Terms(string(inText), search.Terms(said(name, words)))
	}
}

// said is a text as people read it, without the names of its fields.
func said(name, words string) string {
	if name != models.TextDetails {
		return words
	}
	var p models.Particulars
	if json.Unmarshal([]byte(words), &p) != nil {
		return ""
	}
	return strings.Join([]string{p.Happened, p.Serial, p.OrderNumber, p.PurchaseDate, p.Symptom, p.Remedy}, "\n")
}

// contactWords is contact data as one text; phone numbers stand in it as they are compared, too.
func contactWords(c models.Contact) string {
	words := []string{c.Name, c.Phone, normalPhone(c.Phone), c.Email, c.ExternalID, c.Address}
	if s := c.Second; s != nil {
		words = append(words, s.Name, s.Phone, normalPhone(s.Phone), s.Email)
	}
	return strings.Join(words, "\n")
}

// wholes are the values of contact data by which somebody is found whatever is in them.
func wholes(c models.Contact) []string {
	values := []string{c.Name, normalPhone(c.Phone), normalEmail(c.Email), plain(c.ExternalID)}
	if s := c.Second; s != nil {
		values = append(values, s.Name, normalPhone(s.Phone), normalEmail(s.Email))
	}
	return values
}

// factTerms are the digests by which a case is found by everybody who knows of it.
func (s *Service) factTerms(c models.Case) []int64 {
	return s.Vault.Terms(string(inFacts), search.Terms(facts(c)))
}

// facts is what is no secret of a case as one text. A number is found by its parts, by its digits, and
// by its sequence without the zeros that nobody says; so is the number in the system that it came from.
func facts(c models.Case) string {
	_, sequence, _ := strings.Cut(c.Number, "-")
	digits := strings.NewReplacer("RC", "", "-", "").Replace(c.Number)
	said := []string{c.Number, digits, strings.TrimLeft(sequence, "0"), c.Product, c.Model}
	if c.Reference != "" {
		there := c.Reference[len(strings.TrimRightFunc(c.Reference, unicode.IsDigit)):]
		said = append(said, c.Reference, there, strings.TrimLeft(there, "0"))
	}
	return strings.Join(said, "\n")
}
