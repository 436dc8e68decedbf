package cases

import (
	"context"
	"slices"
	"unicode/utf8"

	"recourse/models"
)

// Waiting is a case in a queue, as one actor may see it.
type Waiting struct {
	Case        models.Case // without its snapshot
	Gist        string      // the first words of the complaint; empty where the sight has no texts
	MayAssign   bool
	MayTransfer bool
	Gone        bool // it is no longer among those asked for; of a single row only
}

// Queue shows a page of cases as List does, with what a queue says of each.
func (s *Service) Queue(ctx context.Context, a models.Actor, q Query) (Page[Waiting], error) {
	page, err := s.List(ctx, a, q)
	if err != nil {
		return Page[Waiting]{}, err
	}
	rows, err := s.queued(ctx, a, page.Items)
	return Page[Waiting]{Items: rows, Next: page.Next}, err
}

// QueueRow shows one case as Queue does; Gone where it is no longer among those asked for. CodeNotFound
// when there is none, or none that the actor may see.
func (s *Service) QueueRow(ctx context.Context, a models.Actor, q Query, number string) (Waiting, error) {
	if !models.ValidNumber(number) {
		return Waiting{}, errNoCase
	}
	q.Exactly, q.Cursor, q.Limit = number, "", 1
	page, err := s.List(ctx, a, q)
	if err != nil {
		return Waiting{}, err
	}
	gone := len(page.Items) == 0
	if gone {
		if page, err = s.List(ctx, a, Query{Exactly: number}); err != nil {
			return Waiting{}, err
		}
	}
	rows, err := s.queued(ctx, a, page.Items)
	if err != nil {
		return Waiting{}, err
	}
	if len(rows) == 0 {
		return Waiting{}, errNoCase
	}
	rows[0].Gone = gone
	return rows[0], nil
}

func (s *Service) queued(ctx context.Context, a models.Actor, cases []models.Case) ([]Waiting, error) {
	gists, err := s.gists(ctx, a, cases)
	if err != nil {
		return nil, err
	}
	rows := make([]Waiting, len(cases))
	for i, c := range cases {
		on := c.Standing()
		may := func(v models.Verb) bool { return models.Lawful(v, on.State) && models.May(a, v, on) == nil }
		rows[i] = Waiting{
			Case: c, Gist: gists[c.ID], MayTransfer: may(models.VerbTransfer),
			MayAssign: c.Department != "" && may(models.VerbAssign),
		}
	}
	return rows, nil
}

// gistRunes is how much of a complaint a queue shows.
const gistRunes = 80

// gists are the first words of cases, of those whose texts the actor may read and that were not erased.
func (s *Service) gists(ctx context.Context, a models.Actor, rows []models.Case) (map[string]string, error) {
	var ids, keyIDs []string
	for _, row := range rows {
		if models.Sees(a, row) >= models.SightMasked {
			ids, keyIDs = append(ids, row.ID), append(keyIDs, row.KeyID)
		}
	}
	gists := map[string]string{}
	if len(ids) == 0 {
		return gists, nil
	}
	keys, err := s.keys(ctx, keyIDs)
	if err != nil {
		return nil, err
	}
	texts, err := s.Store.ComplaintTexts(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, t := range texts {
		if len(t.Sealed) == 0 || len(keys[t.KeyID]) == 0 {
			continue
		}
		words, _, err := s.Vault.OpenText(keys[t.KeyID], t.KeyID, t.Ref, t.Sealed)
		if err != nil {
			return nil, err
		}
		gists[t.CaseID] = beginning(words, gistRunes) // a correction comes later
	}
	return gists, nil
}

// beginning is the first n characters of some words.
func beginning(words string, n int) string {
	if utf8.RuneCountInString(words) <= n {
		return words
	}
	return string([]rune(words)[:n]) + "…"
}

// Standings is how the open cases stand now, of those that the actor may see.
type Standings struct {
	Open models.CaseCount   // all severities together
	By   []models.CaseCount // the gravest first
}

// Standings counts the open cases.
func (s *Service) Standings(ctx context.Context, a models.Actor) (Standings, error) {
	counts, err := s.Store.CaseCounts(ctx, models.CaseQuery{Visible: models.VisibleTo(a), Open: true}, s.now())
	if err != nil {
		return Standings{}, err
	}
	var all Standings
	for _, severity := range slices.Backward(models.Severities()) {
		one := models.CaseCount{Severity: severity}
		if i := slices.IndexFunc(counts, func(c models.CaseCount) bool { return c.Severity == severity }); i >= 0 {
			one = counts[i]
		}
		all.By = append(all.By, one)
		all.Open.Cases, all.Open.Late = all.Open.Cases+one.Cases, all.Open.Late+one.Late
		all.Open.Soon, all.Open.Waiting = all.Open.Soon+one.Soon, all.Open.Waiting+one.Waiting
	}
	return all, nil
}
