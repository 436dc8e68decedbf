package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"recourse/internal/duty"
	"recourse/models"
)

// onDuty finds who is on duty for a role: by the roster of the department, else by the company's. False:
// there is no roster, or nobody of it is there who may see the case; then all who have the role are told. A
// case's handler is whoever is responsible for it, as long as somebody is.
func (d *Dispatcher) onDuty(ctx context.Context, role models.Role, department string, row models.Case) (models.Person, bool, error) {
	if role == models.RoleHandler && row.Assignee != "" {
		return models.Person{}, false, nil
	}
	for _, of := range slices.Compact([]string{department, ""}) {
		kept, err := d.o.Outbox.Roster(ctx, role, of)
		if models.CodeOf(err) == models.CodeNotFound {
			continue
		}
		if err != nil {
			return models.Person{}, false, err
		}
		var r duty.Roster
		if err := json.Unmarshal(kept.Document, &r); err != nil {
			return models.Person{}, false, fmt.Errorf("roster of %s: %w", role, err)
		}
		if p, is, err := d.turn(ctx, r, row); err != nil || is {
			return p, is, err
		}
	}
	return models.Person{}, false, nil
}

// turn is whom a roster means now, of those who are there and may see the case.
func (d *Dispatcher) turn(ctx context.Context, r duty.Roster, row models.Case) (models.Person, bool, error) {
	absent, err := d.o.Outbox.Absent(ctx, d.o.Now())
	if err != nil {
		return models.Person{}, false, err
	}
	known := map[string]models.Person{} // whom the roster asked for
	ask := func(id string) (p models.Person, is bool) {
		if err != nil {
			return p, false
		}
		if p, is, err = d.present(ctx, id); is {
			known[id] = p
		}
		return p, is
	}
	told := r.Reach(d.o.Now(), func(id string) bool {
		p, is := ask(id)
		return is && sees(p, row) && !slices.Contains(absent, id)
	}, func(id string) string {
		p, _ := ask(id)
		return p.Deputy
	})
	return known[told], told != "" && err == nil, err
}
