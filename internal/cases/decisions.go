package cases

import (
	"context"
	"slices"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// Decision is a case with the requests on it that the actor decides, and all that is needed to: its
// texts without contact data, which no decision needs.
type Decision struct {
	View    View // Requests are those that the actor decides
	Moments []Moment
	Clocks  map[int64]models.ClockSpan // the approval clocks, by request
}

// Due is when the first of the requests should be decided; zero where nothing says so.
func (d Decision) Due() (due time.Time) {
	for _, c := range d.Clocks {
		if _, at := c.FirstBound(); due.IsZero() || at.Before(due) {
			due = at
		}
	}
	return due
}

// mostDecisions bounds of how many cases one page asks something to be decided.
const mostDecisions = 20

// Decisions lists what waits for the actor to decide, the first due first, and on how many cases there
// is something, listed or not.
// It never lists what the actor asked for, nor a case that they are kept away from.
func (s *Service) Decisions(ctx context.Context, a models.Actor) (decisions []Decision, all int, err error) {
	found, err := s.undecided(ctx, a)
	if err != nil {
		return nil, 0, err
	}
	slices.SortStableFunc(found, func(a, b Decision) int { return a.Due().Compare(b.Due()) })
	all = len(found)
	for _, d := range found[:min(all, mostDecisions)] {
		if err := s.brief(ctx, a, &d); err != nil {
			return nil, 0, err
		}
		decisions = append(decisions, d)
	}
	return decisions, all, nil
}

// undecided are the cases on which the actor decides something, without their words. It reads all on
// which something waits for a role of theirs: which request is due first stands in no row.
func (s *Service) undecided(ctx context.Context, a models.Actor) (found []Decision, err error) {
	if len(a.Roles) == 0 {
		return nil, nil
	}
	q := models.CaseQuery{Visible: models.VisibleTo(a), Asks: a.Roles, Limit: models.MaxPage}
	for {
		rows, next, err := s.Store.Cases(ctx, q)
		if err != nil {
			return nil, err
		}
		some, err := s.undecidedOf(ctx, a, rows)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
		if q.Cursor = next; next == "" {
			return found, nil
		}
	}
}

func (s *Service) undecidedOf(ctx context.Context, a models.Actor, rows []models.Case) ([]Decision, error) {
	holds, err := s.agendasOf(ctx, rows)
	var found []Decision
	for _, row := range rows {
		on := holds[row.ID]
		d := Decision{Clocks: map[int64]models.ClockSpan{}}
		d.View.Case, d.View.ProposedBy = row, on.proposedBy
		for _, r := range on.requests {
			if !decides(a, r, row.Standing()) {
				continue
			}
			d.View.Requests = append(d.View.Requests, RequestView{Seq: r.Seq, What: r.What, Asker: r.Asker, Decider: r.Decider, Asked: r.Asked})
			if clock, is := on.clocks[r.Seq]; is {
				d.Clocks[r.Seq] = clock
			}
		}
		if len(d.View.Requests) > 0 {
			found = append(found, d)
		}
	}
	return found, err
}

// decides says whether a request waits for this actor: by their role, by what they may do on the case,
// and never when they asked themselves.
func decides(a models.Actor, r lifecycle.Request, on models.Standing) bool {
	verb := models.VerbDecide
	if r.What == models.RequestApproveSolution {
		verb = models.VerbApprove
	}
	return r.Asker != a.ID && a.Is(r.Decider) && models.May(a, verb, on) == nil && models.Lawful(verb, on.State)
}

// brief adds the words of a case, without contact data.
func (s *Service) brief(ctx context.Context, a models.Actor, d *Decision) error {
	row := d.View.Case
	d.View.Sight, d.View.Possible = models.Sees(a, row), possible(a, row.Standing())
	words := opened{}
	if d.View.Sight != models.SightNoTexts {
		var err error
		if words, err = s.read(ctx, row); err != nil {
			return err
		}
	}
	d.View.Erased = words.erased
	events, err := s.events(ctx, row.ID)
	for _, e := range events {
		m := Moment{Event: e, Words: map[string]string{}}
		for _, t := range e.Texts {
			if said, is := words.words[t.Ref]; is && t.Name != models.TextContact {
				m.Words[t.Name] = said
			}
		}
		switch e.Kind { //nolint:exhaustive // the others bring no words to this view
		case models.KindOpened, models.KindAdopted:
			d.View.Text = m.Words[models.TextText]
		case models.KindProposed:
			d.View.Solution = m.Words[models.TextSolution]
		}
		d.Moments = append(d.Moments, m)
	}
	for i := range d.Moments {
		if err != nil {
			return err
		}
		d.Moments[i].Event.Data, err = s.shown(ctx, a, d.Moments[i].Event.Data)
	}
	return err
}
