package cases

import (
	"context"
	"slices"
	"time"

	"recourse/internal/search"
	"recourse/models"
)

// Reason is one thing that makes a case look like another.
type Reason string

// The reasons.
const (
	SameCustomer Reason = "same_customer"
	SameProduct  Reason = "same_product"
	WithinWindow Reason = "within_30_days"
	SimilarText  Reason = "similar_text"
)

// Duplicate is a case that a new complaint may be about, too.
type Duplicate struct {
	Case     models.Case
	Reasons  []Reason
	Likeness float64 // of the texts, 0 to 1
}

// Beside is what is shown beside a new complaint before it is put on record.
type Beside struct {
	CustomerID string // whose history it would join; empty: nobody's that the actor may see
	Duplicates []Duplicate
}

const (
	window    = 30 * 24 * time.Hour // around the receipt of the new complaint
	similar   = 0.5                 // of pairs of characters and words in both
	alone     = 0.6                 // of them, so that the text alone is reason enough
	traces    = 8                   // stretches of the text by which others like it are found
	trace     = 4                   // terms in each; a shorter text says too little by itself
	compared  = 200                 // cases of one customer, and of one product, at most
	likest    = 100                 // cases by their texts, at most
	mostAlike = 20
)

// Duplicates looks for cases that a new complaint may repeat. It changes nothing. A case of the same
// customer is one; another customer's is one when product and text are alike, or the text is very much.
func (s *Service) Duplicates(ctx context.Context, a models.Actor, n NewComplaint) (Beside, error) {
	if err := models.May(a, models.VerbOpen, models.Standing{}); err != nil {
		return Beside{}, err
	}
	var beside Beside
	customer, err := s.knownCustomer(ctx, n.Contact)
	if err != nil {
		return beside, err
	}
	rows, err := s.nearby(ctx, a, n, customer)
	if err != nil {
		return beside, err
	}
	told, err := s.heardOf(ctx, rows, func(ctx context.Context, ids []string) ([]models.Text, error) {
		return s.Store.TextsNamed(ctx, ids, models.TextText)
	})
	if err != nil {
		return beside, err
	}
	grams := search.GramsOf(n.Text)
	for _, row := range rows {
		d := alike(a, n, grams, customer, row, told[row.ID])
		if slices.Contains(d.Reasons, SameCustomer) || slices.Contains(d.Reasons, SameProduct) && d.Likeness >= similar || d.Likeness >= alone {
			beside.Duplicates = append(beside.Duplicates, d)
		}
	}
	slices.SortStableFunc(beside.Duplicates, func(x, y Duplicate) int { return len(y.Reasons) - len(x.Reasons) })
	beside.Duplicates = beside.Duplicates[:min(len(beside.Duplicates), mostAlike)]
	if len(customer) > 0 {
		if v, err := s.customerView(ctx, a, customer[0]); err == nil && v.Sight == models.SightFull {
			beside.CustomerID = v.ID
		} else if err != nil && models.CodeOf(err) != models.CodeNotFound {
			return beside, err
		}
	}
	return beside, nil
}

// knownCustomer are the ids of all records of whom the contact data finds, the survivor's first.
func (s *Service) knownCustomer(ctx context.Context, contact models.Contact) (ids []string, err error) {
	digests := s.digests(contact)
	if len(digests) == 0 {
		return nil, nil
	}
	var hashes []string
	for _, d := range digests {
		hashes = append(hashes, d.Digest)
	}
	found, err := s.Store.CustomerByDigest(ctx, hashes)
	if models.CodeOf(err) == models.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	records, err := s.Store.CustomerRecords(ctx, found.ID)
	for _, r := range records {
		ids = append(ids, r.ID)
	}
	return ids, err
}

// nearby are the visible cases within the window that have customer, product or a part of the text in
// common.
func (s *Service) nearby(ctx context.Context, a models.Actor, n NewComplaint, customer []string) ([]models.Case, error) {
	at := n.Opened.ReceivedAt
	if at.IsZero() {
		at = s.now()
	}
	query := models.CaseQuery{
		Visible: models.VisibleTo(a), ReceivedFrom: new(at.Add(-window)), ReceivedUntil: new(at.Add(window)), Limit: compared,
	}
	var ask []models.CaseQuery
	if len(customer) > 0 {
		ask = append(ask, query)
		ask[0].CustomerID = customer[0]
	}
	if n.Opened.Product != "" {
		ask = append(ask, query)
		ask[len(ask)-1].Products = []string{n.Opened.Product}
	}
	var all []models.Case
	for _, q := range ask {
		rows, _, err := s.Store.Cases(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	query.Limit = likest
	rows, err := s.Store.Alike(ctx, query, s.wayToLike(a, n.Text))
	if err != nil {
		return nil, err
	}
	all = append(all, rows...)
	known := map[string]bool{}
	return slices.DeleteFunc(all, func(c models.Case) bool {
		before := known[c.ID]
		known[c.ID] = true
		return before
	}), nil
}

// wayToLike finds texts like one by stretches of it, where the actor may read texts.
func (s *Service) wayToLike(a models.Actor, text string) (way models.Way) {
	for _, stretch := range search.Traces(text, traces, trace) {
		for _, one := range s.waysTo(a, stretch, "", []kind{inText}) {
			way.Visible, way.Any = one.Visible, append(way.Any, one.Any...)
		}
	}
	return way
}

// alike says what a case has in common with a new complaint, as far as the actor may know: who the
// customer is, where contact data is seen in full; what the texts say, where they are seen.
func alike(a models.Actor, n NewComplaint, grams search.Grams, customer []string, row models.Case, texts []heard) Duplicate {
	d := Duplicate{Case: row}
	sight := models.Sees(a, row)
	if sight == models.SightFull && slices.Contains(customer, row.CustomerID) {
		d.Reasons = append(d.Reasons, SameCustomer)
	}
	if n.Opened.Product != "" && row.Product == n.Opened.Product {
		d.Reasons = append(d.Reasons, SameProduct)
	}
	d.Reasons = append(d.Reasons, WithinWindow)
	for _, t := range texts {
		if sight >= models.SightMasked {
			d.Likeness = max(d.Likeness, grams.Likeness(search.GramsOf(t.words)))
		}
	}
	if d.Likeness >= similar {
		d.Reasons = append(d.Reasons, SimilarText)
	}
	return d
}
