package activities

import (
	"context"
	"fmt"
	"slices"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// PlaceCallback gives somebody a call to make: quality outside the handling department first, then a
// supervisor outside it, then any; the same person for all attempts of a case while they are there.
// Nobody calls in a case that they may not come near. A call that came to its end meanwhile is kept with
// that; a case that moves on in between is read again, by the next try.
func (a *Activities) PlaceCallback(ctx context.Context, in contract.CallbackInput) error {
	row, err := a.Store.Case(ctx, in.CaseID)
	if err != nil {
		return err
	}
	caller, err := a.caller(ctx, in, row)
	if err != nil {
		return fmt.Errorf("find a caller: %w", err)
	}
	task := models.CallTask{
		CaseID: in.CaseID, Cycle: in.Cycle, Attempt: in.Attempt, Caller: caller,
		NotBefore: in.NotBefore, Until: in.Until, Script: "callback",
	}
	if task.Outcome, task.DoneAt, err = a.callEnd(ctx, in, row); err != nil {
		return fmt.Errorf("find what became of the call: %w", err)
	}
	message := models.Message{
		ID: models.EventID(in.CaseID, int64(in.Cycle), fmt.Sprintf("message callback %d", in.Attempt)), CaseID: in.CaseID,
		Template: lifecycle.TellCallback, Channel: models.MessageInbox, Person: caller, Language: in.Language,
		State: models.MessagePending, NextAt: a.now(), CreatedAt: a.now(),
	}
	if caller == "" { // nobody is there now: whoever comes back first
		message.Roles = []models.Role{models.RoleQuality, models.RoleSupervisor}
	}
	return a.Store.PutCallTask(ctx, task, row.Seq, []models.Message{message})
}

// callEnd is what became of a call before it was given to anybody; nothing while the case waits for it.
func (a *Activities) callEnd(ctx context.Context, in contract.CallbackInput, row models.Case) (models.CallbackOutcome, *time.Time, error) {
	c, err := lifecycle.Restore(row)
	if err != nil || c.Awaits(in.Cycle, in.Attempt) {
		return "", nil, err
	}
	entries, err := a.Store.Entries(ctx, row.ID, 0, 0)
	if err != nil {
		return "", nil, err
	}
	events := make([]models.Event, len(entries))
	for i, entry := range entries {
		if events[i], err = entry.Event(); err != nil {
			return "", nil, err
		}
	}
	end, _ := lifecycle.CallEnd(events, in.Cycle, in.Attempt)
	return end.Outcome, end.DoneAt, nil
}

// caller picks who calls; empty when nobody who may is there.
func (a *Activities) caller(ctx context.Context, in contract.CallbackInput, row models.Case) (string, error) {
	// Who is away now may be back by the time of the call; but a call is handed over now, and an attempt
	// has half a day.
	absent, err := a.Store.Absent(ctx, a.now())
	if err != nil {
		return "", err
	}
	outside := func(p models.Person) bool { return !p.Actor().In(in.Department) }
	anybody := func(models.Person) bool { return true }
	for _, from := range []struct {
		role  models.Role
		where func(models.Person) bool
	}{{models.RoleQuality, outside}, {models.RoleSupervisor, outside}, {models.RoleSupervisor, anybody}} {
		people, err := a.Store.PeopleIn(ctx, from.role, "")
		if err != nil {
			return "", err
		}
		people = slices.DeleteFunc(people, func(p models.Person) bool {
			return !from.where(p) || models.May(p.Actor(), models.VerbRecordCallback, row.Standing()) != nil
		})
		if caller := present(people, absent, spread(in.CaseID, len(people))); caller != "" {
			return caller, nil
		}
	}
	return "", nil
}

// present is the one of those who may call whose turn it is; while they are away their deputy, if the
// deputy may call as well, else the next one who is there. Empty: they are all away.
func present(people []models.Person, absent []string, turn int) string {
	if len(people) == 0 {
		return ""
	}
	find := func(id string) int { return slices.IndexFunc(people, func(p models.Person) bool { return p.ID == id }) }
	for at, asked := turn, []int(nil); at >= 0 && !slices.Contains(asked, at); at = find(people[at].Deputy) {
		if !slices.Contains(absent, people[at].ID) {
			return people[at].ID
		}
		asked = append(asked, at)
	}
	for i := range people {
		if p := people[(turn+i)%len(people)]; !slices.Contains(absent, p.ID) {
			return p.ID
		}
	}
	return ""
}

// spread maps a case id evenly onto 0…n-1, so that retries and later attempts find the same.
func spread(caseID string, n int) int {
	sum := 0
	for _, b := range []byte(caseID) {
		sum = (sum*31 + int(b)) % 1_000_003
	}
	return sum % max(n, 1)
}
