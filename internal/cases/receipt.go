package cases

import (
	"context"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// receiptLife is how long whoever put a complaint on record is shown the customer's secret link: long
// enough to read it out and to print it, too short for a way around what a role may see later.
const receiptLife = 30 * time.Minute

// Receipt is what whoever recorded a complaint tells the customer about it.
type Receipt struct {
	Accepted
	Case  models.Case
	Files int // attachments that came with it
}

// Receipt returns what was promised at intake. The customer's link is in it for whoever recorded the
// complaint, and not for long; for everybody else StatusToken is empty.
func (s *Service) Receipt(ctx context.Context, a models.Actor, number string) (Receipt, error) {
	row, err := s.visible(ctx, a, number)
	if err != nil {
		return Receipt{}, err
	}
	c, err := lifecycle.Restore(row)
	if err != nil {
		return Receipt{}, err
	}
	r := Receipt{Accepted: s.accepted(c), Case: row, Files: len(c.Opened.Files)}
	if row.RecordedBy != a.ID || a.ID == "" || s.now().Sub(row.RecordedAt) >= receiptLife {
		r.StatusToken = ""
	}
	return r, nil
}
