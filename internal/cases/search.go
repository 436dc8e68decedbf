package cases

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"recourse/internal/search"
	"recourse/models"
)

// Hit is a case that a search found, and where.
type Hit struct {
	Case models.Case
	In   []string // facts, text, contact
}

// Count is how many cases there are.
type Count struct {
	Cases int64
	More  bool // there are more than were looked at; of a search only
}

// lookAt bounds how many candidates one page of a search looks at, and countAt how many a count does.
const (
	lookAt  = 1000
	countAt = 1000
	lookBy  = 100 // at a time
)

// finder is what somebody looks for, as they may look for it.
type finder struct {
	actor models.Actor
	query search.Query
	ways  [][]models.Way
}

// levels says how well a case must be seen to be found by what.
var levels = []struct {
	in    kind
	least models.Sight
}{{inFacts, models.SightNoTexts}, {inText, models.SightMasked}, {inContact, models.SightFull}}

// finder reads a query. What is too short to be looked for is refused by its field.
func (s *Service) finder(a models.Actor, q, field string, in ...kind) (finder, error) {
	query, long := search.Parse(q, whole(q))
	if !long {
		return finder{}, models.Invalid(field, "look for at least two Chinese characters, or two letters or digits")
	}
	f := finder{actor: a, query: query}
	for _, p := range query.Parts {
		words, exact := p.Terms(), p.Exact()
		if len(words) > 0 || exact != "" { // a single character is looked for in what the others find
			f.ways = append(f.ways, s.waysTo(a, words, exact, in))
		}
	}
	return f, nil
}

// whole is what a query means as one value: a phone number, or anything without spaces in it.
func whole(q string) string {
	if phone := normalPhone(q); phone != "" && search.Number(q) {
		return phone
	}
	if v := normalEmail(q); len(strings.Fields(v)) == 1 {
		return v
	}
	return ""
}

// waysTo lists where one part of a query may be looked for. Where all that the actor sees is open to
// it, the list has its own condition already.
func (s *Service) waysTo(a models.Actor, words []string, exact string, in []kind) []models.Way {
	open, everywhere := []models.Way{}, models.Way{Visible: models.Visible{Whole: true}}
	for _, l := range levels {
		visible := models.VisibleAs(a, l.least)
		if !slices.Contains(in, l.in) || visible.Nothing() {
			continue
		}
		var sets [][]int64
		if len(words) > 0 {
			sets = append(sets, s.Vault.Terms(string(l.in), words))
		}
		if l.in == inContact && exact != "" {
			sets = append(sets, s.Vault.Terms(string(l.in), []string{exact}))
		}
		switch {
		case len(sets) == 0:
		case reflect.DeepEqual(visible, models.VisibleTo(a)):
			everywhere.Any = append(everywhere.Any, sets...)
		default:
			open = append(open, models.Way{Visible: visible, Any: sets})
		}
	}
	if len(everywhere.Any) > 0 {
		open = append(open, everywhere)
	}
	return open
}

// Search shows the latest cases in which everything that is looked for is found.
func (s *Service) Search(ctx context.Context, a models.Actor, q string, limit int) ([]Hit, error) {
	f, err := s.finder(a, q, "/q", inFacts, inText, inContact)
	if err != nil {
		return nil, err
	}
	hits, _, err := s.seek(ctx, f, models.CaseQuery{Visible: models.VisibleTo(a), Find: f.ways, Limit: limit})
	return hits, err
}

// seek goes along the candidates, newest first, until it has a page of cases that really hold what is
// looked for, or has looked at as many as one page may cost.
func (s *Service) seek(ctx context.Context, f finder, query models.CaseQuery) (hits []Hit, next string, err error) {
	want := query.Limit
	if want <= 0 {
		want = 50
	}
	for looked := 0; ; {
		query.Limit = min(want-len(hits), lookBy)
		rows, after, err := s.Store.Cases(ctx, query)
		if err != nil {
			return nil, "", err
		}
		found, err := s.check(ctx, f, rows)
		if err != nil {
			return nil, "", err
		}
		hits = append(hits, found...)
		looked += len(rows)
		if after == "" || len(hits) >= want || looked >= lookAt {
			return hits, after, nil
		}
		query.Cursor = after
	}
}

// check leaves the candidates that the actor may see and that hold what is looked for where the actor
// may look.
func (s *Service) check(ctx context.Context, f finder, rows []models.Case) ([]Hit, error) {
	words, err := s.wordsOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	var hits []Hit
	for _, row := range rows {
		if in := f.found(row, words[row.ID]); len(in) > 0 {
			hits = append(hits, Hit{Case: row, In: in})
		}
	}
	return hits, nil
}

// found says where a case holds all parts of the query; nothing unless it holds each.
func (f finder) found(row models.Case, texts []heard) (in []string) {
	sight := models.Sees(f.actor, row)
	if sight == models.SightNone {
		return nil
	}
	places := map[kind][]search.Text{inFacts: {search.Read(facts(row))}}
	for _, t := range texts {
		switch {
		case t.contact != nil && sight == models.SightFull:
			places[inContact] = append(places[inContact], search.Read(contactWords(*t.contact), wholes(*t.contact)...))
		case t.contact == nil && sight >= models.SightMasked:
			places[inText] = append(places[inText], search.Read(said(t.name, t.words)))
		}
	}
	seen := map[kind]bool{}
	for _, p := range f.query.Parts {
		there := false
		for k, texts := range places {
			if slices.ContainsFunc(texts, p.In) {
				seen[k], there = true, true
			}
		}
		if !there {
			return nil
		}
	}
	for _, l := range levels {
		if seen[l.in] {
			in = append(in, string(l.in))
		}
	}
	return in
}

// Count counts the cases that the actor may see, of those asked for.
func (s *Service) Count(ctx context.Context, a models.Actor, q Query) (Count, error) {
	query := s.asked(a, q)
	if q.Q == "" {
		n, err := s.Store.CountCases(ctx, query)
		return Count{Cases: n}, err
	}
	f, err := s.finder(a, q.Q, "/q", inFacts, inText, inContact)
	if err != nil {
		return Count{}, err
	}
	query.Find, query.Cursor, query.Limit = f.ways, "", lookBy
	var n Count
	for looked := 0; ; {
		rows, after, err := s.Store.Cases(ctx, query)
		if err != nil {
			return Count{}, err
		}
		hits, err := s.check(ctx, f, rows)
		if err != nil {
			return Count{}, err
		}
		n.Cases += int64(len(hits))
		looked += len(rows)
		if n.More = after != ""; !n.More || looked >= countAt {
			return n, nil
		}
		query.Cursor = after
	}
}

// heard is a text that an event names, opened.
type heard struct {
	name, words string
	contact     *models.Contact // of contact data
}

// wordsOf opens the texts of many cases at once. What was erased is left out.
func (s *Service) wordsOf(ctx context.Context, rows []models.Case) (map[string][]heard, error) {
	return s.heardOf(ctx, rows, s.Store.AllTexts)
}

// heardOf opens those texts of many cases that are read for it.
func (s *Service) heardOf(ctx context.Context, rows []models.Case, read func(context.Context, []string) ([]models.Text, error)) (map[string][]heard, error) {
	ids, keyIDs := make([]string, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		ids[i], keyIDs[i] = row.ID, row.KeyID
	}
	all := map[string][]heard{}
	if len(rows) == 0 {
		return all, nil
	}
	keys, err := s.keys(ctx, keyIDs)
	if err != nil {
		return nil, err
	}
	texts, err := read(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, t := range texts {
		wrapped := keys[t.KeyID]
		if t.Seq == 0 || len(t.Sealed) == 0 || len(wrapped) == 0 {
			continue
		}
		words, _, err := s.Vault.OpenText(wrapped, t.KeyID, t.Ref, t.Sealed)
		if err != nil {
			return nil, err
		}
		h := heard{name: t.Name, words: words}
		if t.Name == models.TextContact {
			h.contact = contactIn(words)
		}
		all[t.CaseID] = append(all[t.CaseID], h)
	}
	return all, nil
}

// keys are wrapped keys by their id.
func (s *Service) keys(ctx context.Context, ids []string) (map[string][]byte, error) {
	slices.Sort(ids)
	rows, err := s.Store.Keys(ctx, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	wrapped := make(map[string][]byte, len(rows))
	for _, k := range rows {
		wrapped[k.ID] = k.Wrapped
	}
	return wrapped, nil
}

// reindexBy is how many cases are indexed at a time.
const reindexBy = 100

// Reindex makes the search index again from the texts on record, with the ways by which corrected
// contact data finds its customer, and tells after every step how many cases it has done. It may run while complaints come in, and again after it was stopped.
func (s *Service) Reindex(ctx context.Context, progress func(cases int)) error {
	for after, done := "", 0; ; {
		rows, err := s.Store.AllCases(ctx, after, reindexBy)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		if err := s.reindex(ctx, rows); err != nil {
			return err
		}
		after, done = rows[len(rows)-1].ID, done+len(rows)
		progress(done)
	}
	if _, err := s.Store.DropStrayTerms(ctx); err != nil {
		return err
	}
	_, err := s.Store.RestoreWays(ctx)
	return err
}

func (s *Service) reindex(ctx context.Context, rows []models.Case) error {
	var (
		index       []models.SearchText
		ids, keyIDs []string
	)
	for _, row := range rows {
		index = append(index, models.SearchText{Ref: row.ID, CaseID: row.ID, Terms: s.factTerms(row)})
		ids, keyIDs = append(ids, row.ID), append(keyIDs, row.KeyID)
	}
	keys, err := s.keys(ctx, keyIDs)
	if err != nil {
		return err
	}
	texts, err := s.Store.AllTexts(ctx, ids)
	if err != nil {
		return err
	}
	for _, t := range texts { // staged ones too: their event may come at any moment
		if len(t.Sealed) == 0 || len(keys[t.KeyID]) == 0 {
			continue
		}
		words, _, err := s.Vault.OpenText(keys[t.KeyID], t.KeyID, t.Ref, t.Sealed)
		if err != nil {
			return err
		}
		index = append(index, models.SearchText{Ref: t.Ref, CaseID: t.CaseID, KeyID: t.KeyID, Terms: s.terms(t.Name, words)})
	}
	return s.Store.Reindex(ctx, index)
}
