package cases

import (
	"context"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// Timeline shows every event of a case, with its words where the actor may read them.
func (s *Service) Timeline(ctx context.Context, a models.Actor, number string) ([]Moment, error) {
	return s.moments(ctx, a, number, true)
}

// Story is Timeline without who the customer is, for a page that says so elsewhere.
func (s *Service) Story(ctx context.Context, a models.Actor, number string) ([]Moment, error) {
	return s.moments(ctx, a, number, false)
}

func (s *Service) moments(ctx context.Context, a models.Actor, number string, withContact bool) ([]Moment, error) {
	row, err := s.visible(ctx, a, number)
	if err != nil {
		return nil, err
	}
	sight := models.Sees(a, row)
	words := opened{}
	if sight != models.SightNoTexts {
		if words, err = s.read(ctx, row); err != nil {
			return nil, err
		}
	}
	var (
		moments []Moment
		told    bool // contact data in full
		c       lifecycle.Case
		contact *models.Contact // as it stood before
	)
	changesAs := min(sight, models.SightMasked)
	if withContact {
		changesAs = sight
	}
	err = s.entries(ctx, row.ID, func(entry models.Entry, e models.Event) {
		c = lifecycle.Evolve(c, e)
		m := Moment{Event: e, State: c.State, Hash: entry.Hash, Words: map[string]string{}}
		for _, t := range e.Texts {
			said, is := words.words[t.Ref]
			secret := t.Name == models.TextContact
			if is && (!secret || withContact && sight == models.SightFull) {
				m.Words[t.Name], told = said, told || secret
			}
		}
		if is := words.contact(e); is != nil {
			if contact != nil {
				m.Contact = shownChanges(*contact, *is, changesAs)
			}
			contact = is
		}
		moments = append(moments, m)
	})
	for i := range moments {
		if err != nil {
			return nil, err
		}
		moments[i].Event.Data, err = s.shown(ctx, a, moments[i].Event.Data)
	}
	if err == nil && told {
		err = s.readOf(ctx, a, row, models.ReadTimeline)
	}
	if err != nil {
		return nil, err
	}
	return moments, nil
}
