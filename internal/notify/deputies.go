package notify

import (
	"context"
	"slices"

	"recourse/models"
)

// forStandIns are copies of a message to somebody who is absent, for whoever stands in for them.
func (d *Dispatcher) forStandIns(ctx context.Context, m models.Message, row models.Case, p models.Person) ([]models.Message, error) {
	if p.Deputy == "" {
		return nil, nil
	}
	absent, err := d.o.Outbox.Absent(ctx, d.o.Now())
	if err != nil || !slices.Contains(absent, p.ID) {
		return nil, err
	}
	people, err := d.standIns(ctx, row, p, absent)
	copies := make([]models.Message, len(people))
	for i, one := range people {
		copies[i] = d.copyFor(m, row, one, models.MessageInbox)
	}
	return copies, err
}

// standIns finds the first deputy who is present, along the chain of deputies. One who may not see
// the case gets nothing of it: then, or when the chain ends, it is for who leads the department.
func (d *Dispatcher) standIns(ctx context.Context, row models.Case, p models.Person, absent []string) ([]models.Person, error) {
	for asked := []string{p.ID}; p.Deputy != "" && !slices.Contains(asked, p.Deputy); asked = append(asked, p.ID) {
		deputy, is, err := d.present(ctx, p.Deputy)
		if err != nil {
			return nil, err
		}
		if !is || !sees(deputy, row) {
			break
		}
		if !slices.Contains(absent, deputy.ID) {
			return []models.Person{deputy}, nil
		}
		p = deputy
	}
	heads, err := d.reach(ctx, models.Message{}, models.RoleDepartmentHead, row.Department, row)
	return slices.DeleteFunc(heads, func(h models.Person) bool { return slices.Contains(absent, h.ID) }), err
}
