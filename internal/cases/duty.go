package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"recourse/internal/duty"
	"recourse/models"
)

// DutyRoster is who is on duty for a role, in turn.
type DutyRoster = duty.Roster

// DutySwap puts somebody else on duty for a while.
type DutySwap = duty.Swap

// DutyTurn is a time in which one person is on duty.
type DutyTurn = duty.Turn

// Roster is the roster of a role as it is shown, with whom it means now.
type Roster struct {
	Role       models.Role
	Department string // empty: the whole company
	Version    int64
	Roster     DutyRoster
	Author     string
	Reason     string
	CreatedAt  time.Time
	Now        OnDuty
	Turns      []DutyTurn // from the beginning of today on, for two weeks
	Warnings   []Fault
}

// OnDuty is whom a roster means at an instant.
type OnDuty struct {
	Role       models.Role
	Department string // of the roster; empty: the whole company's
	At         time.Time
	Person     string // on duty by turn or swap; empty: nobody, alerts go to everybody who has the role
	Until      time.Time
	Swapped    bool
	Told       string // who is told: the person, or whoever stands in; empty: everybody who has the role
}

// RosterWish is a roster that somebody wants to hold from now on.
type RosterWish struct {
	Role       models.Role
	Department string
	Roster     DutyRoster
	Reason     string
	IfVersion  int64 // refuse when another version is the latest; 0: never
}

// dutyAhead is how far ahead turns are shown, and looked at for absences.
const dutyAhead = 14 * 24 * time.Hour

// rolesOnDuty are the roles that have a roster: those that alerts go to.
func rolesOnDuty() []models.Role { return models.EscalationChain() }

// Rosters shows the rosters, without those that have ended.
func (s *Service) Rosters(ctx context.Context) ([]Roster, error) {
	rows, err := s.Store.Rosters(ctx)
	if err != nil {
		return nil, err
	}
	desk, err := s.dutyDesk(ctx, s.now())
	if err != nil {
		return nil, err
	}
	var shown []Roster
	for _, row := range rows {
		one, err := desk.shown(row)
		if err != nil {
			return nil, err
		}
		if len(one.Roster.People) > 0 {
			shown = append(shown, one)
		}
	}
	return shown, nil
}

// Roster shows the roster of a role in a department, or of the whole company when it is empty; CodeNotFound
// when there is none, or it has ended.
func (s *Service) Roster(ctx context.Context, role models.Role, department string) (Roster, error) {
	row, err := s.Store.Roster(ctx, role, department)
	if err != nil {
		return Roster{}, err
	}
	desk, err := s.dutyDesk(ctx, s.now())
	if err != nil {
		return Roster{}, err
	}
	one, err := desk.shown(row)
	if err == nil && len(one.Roster.People) == 0 {
		err = models.Refuse(models.CodeNotFound, "this roster has ended")
	}
	return one, err
}

// OnDuty says who is on duty for a role at an instant: by the roster of the department, else by the company's.
func (s *Service) OnDuty(ctx context.Context, role models.Role, department string, at time.Time) (OnDuty, error) {
	if !slices.Contains(rolesOnDuty(), role) {
		return OnDuty{}, models.Invalid("/role", fmt.Sprintf("%q is not one of %v", role, rolesOnDuty()))
	}
	if at.IsZero() {
		at = s.now()
	}
	desk, err := s.dutyDesk(ctx, at)
	if err != nil {
		return OnDuty{}, err
	}
	for _, of := range []string{department, ""} {
		row, err := s.Store.Roster(ctx, role, of)
		if models.CodeOf(err) == models.CodeNotFound {
			continue
		}
		if err != nil {
			return OnDuty{}, err
		}
		r, err := readRoster(row)
		if err != nil {
			return OnDuty{}, err
		}
		if on := desk.on(row, r, at); on.Person != "" {
			return on, nil
		}
	}
	return OnDuty{Role: role, Department: department, At: at}, nil
}

// PutRoster puts a version of a roster on record, which holds at once; admin and supervisor only. It is
// refused with all its faults. The same roster again is no new version; one without people ends it.
func (s *Service) PutRoster(ctx context.Context, a models.Actor, w RosterWish) (Roster, error) {
	if !a.Is(models.RoleAdmin) && !a.Is(models.RoleSupervisor) {
		return Roster{}, models.Refuse(models.CodeForbidden, "only admin and supervisor change a roster")
	}
	if err := s.rosterOf(ctx, w); err != nil {
		return Roster{}, err
	}
	desk, err := s.dutyDesk(ctx, s.now())
	if err != nil {
		return Roster{}, err
	}
	for i, swap := range w.Roster.Swaps {
		w.Roster.Swaps[i].From, w.Roster.Swaps[i].Until = swap.From.UTC().Truncate(time.Second), swap.Until.UTC().Truncate(time.Second)
	}
	w.Roster.Sort()
	faults, _ := desk.check(w.Role, w.Department, w.Roster)
	if err := refusal(faults); err != nil {
		return Roster{}, err
	}
	row := models.Roster{Role: w.Role, Department: w.Department, Author: a.ID, Reason: strings.TrimSpace(w.Reason), CreatedAt: s.now()}
	if row.Document, err = models.Canonical(w.Roster); err != nil {
		return Roster{}, err
	}
	if row, err = s.addRoster(ctx, row, w.IfVersion); err != nil {
		return Roster{}, err
	}
	return desk.shown(row)
}

// rosterOf checks whose roster it is, and why it changes.
func (s *Service) rosterOf(ctx context.Context, w RosterWish) error {
	if !slices.Contains(rolesOnDuty(), w.Role) {
		return models.Invalid("/role", fmt.Sprintf("%q is not one of %v", w.Role, rolesOnDuty()))
	}
	if strings.TrimSpace(w.Reason) == "" {
		return models.Invalid("/reason", "say why the roster changes")
	}
	if w.Department == "" {
		return nil
	}
	d, err := s.Store.Department(ctx, w.Department)
	return missing(err, d.DisabledAt, "/department", w.Department)
}

// addRoster adds a version after the latest one, unless that says the same already.
func (s *Service) addRoster(ctx context.Context, row models.Roster, ifVersion int64) (models.Roster, error) {
	now, err := s.Store.Roster(ctx, row.Role, row.Department)
	if err != nil && models.CodeOf(err) != models.CodeNotFound {
		return row, err
	}
	if ifVersion != 0 && ifVersion != now.Version {
		return row, models.Refuse(models.CodeStale, fmt.Sprintf("version %d of the roster holds, not %d; read it again", now.Version, ifVersion))
	}
	if string(now.Document) == string(row.Document) {
		return now, nil
	}
	row.Version = now.Version + 1
	return row, s.Store.PutRoster(ctx, row)
}

func readRoster(row models.Roster) (r DutyRoster, err error) {
	if err = json.Unmarshal(row.Document, &r); err != nil {
		err = fmt.Errorf("roster of %s %s: %w", row.Role, row.Department, err)
	}
	return r, err
}

// dutyDesk is what it takes to say who is on duty, read once.
type dutyDesk struct {
	now    time.Time
	people map[string]models.Person
	away   map[string][]duty.Away
}

// dutyDesk reads who there is, and who is away from an instant on.
func (s *Service) dutyDesk(ctx context.Context, from time.Time) (*dutyDesk, error) {
	people, err := s.Store.People(ctx)
	if err != nil {
		return nil, err
	}
	d := &dutyDesk{now: s.now(), people: map[string]models.Person{}, away: map[string][]duty.Away{}}
	absences, err := s.Store.AbsencesFrom(ctx, from)
	for _, a := range absences {
		d.away[a.PersonID] = append(d.away[a.PersonID], duty.Away{From: a.FromAt, Until: a.UntilAt})
	}
	for _, p := range people {
		d.people[p.ID] = p
	}
	return d, err
}

// holds says whether somebody has a role now, in a department unless it is empty.
func (d *dutyDesk) holds(p models.Person, role models.Role, department string) bool {
	return p.DisabledAt == nil && !p.Service && p.Actor().Is(role) && (department == "" || p.Actor().In(department))
}

// there says whether somebody is with us and not away at an instant.
func (d *dutyDesk) there(id string, at time.Time) bool {
	p, known := d.people[id]
	return known && p.DisabledAt == nil && !slices.ContainsFunc(d.away[id], func(a duty.Away) bool { return !at.Before(a.From) && at.Before(a.Until) })
}

func (d *dutyDesk) on(row models.Roster, r DutyRoster, at time.Time) OnDuty {
	on := OnDuty{Role: row.Role, Department: row.Department, At: at}
	if turns := r.Turns(at, at.Add(longestTurn)); len(turns) > 0 && turns[0].From.Equal(at) {
		on.Person, on.Until, on.Swapped = turns[0].Person, turns[0].Until, turns[0].Swapped
		on.Told = r.Reach(at, func(id string) bool { return d.there(id, at) }, func(id string) string { return d.people[id].Deputy })
	}
	return on
}

// longestTurn is how far ahead the end of a turn is looked for.
const longestTurn = 93 * 24 * time.Hour

func (d *dutyDesk) shown(row models.Roster) (Roster, error) {
	one := Roster{
		Role: row.Role, Department: row.Department, Version: row.Version, Author: row.Author, Reason: row.Reason, CreatedAt: row.CreatedAt,
	}
	var err error
	if one.Roster, err = readRoster(row); err != nil {
		return one, err
	}
	one.Now = d.on(row, one.Roster, d.now)
	one.Turns = one.Roster.Turns(d.now, d.now.Add(dutyAhead))
	faults, warnings := d.check(row.Role, row.Department, one.Roster)
	one.Warnings = slices.Concat(faults, warnings) // somebody may have left, or lost the role, since
	return one, nil
}

// check holds a roster against the organisation.
func (d *dutyDesk) check(role models.Role, department string, r DutyRoster) (faults, warnings []Fault) {
	var people []duty.Person
	for id, p := range d.people {
		if p.DisabledAt == nil {
			people = append(people, duty.Person{ID: id, Holds: d.holds(p, role, department), Deputy: p.Deputy, Away: d.away[id]})
		}
	}
	for _, f := range duty.Check(r, people, d.now, dutyAhead) {
		if shown := (Fault{Pointer: "/roster" + f.Path, Says: f.Says}); f.Warning {
			warnings = append(warnings, shown)
		} else {
			faults = append(faults, shown)
		}
	}
	return faults, warnings
}

// gapsOfRosters names whom a roster puts on duty and who is gone, or does not have the role any more.
func (s *Service) gapsOfRosters(ctx context.Context, g *gaps) error {
	rows, err := s.Store.Rosters(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		r, err := readRoster(row)
		if err != nil {
			return err
		}
		named := slices.Clone(r.People)
		slices.Sort(named)
		for _, id := range slices.Compact(named) {
			if !g.anybody(func(p models.Person) bool {
				return p.ID == id && p.Actor().Is(row.Role) && (row.Department == "" || p.Actor().In(row.Department))
			}) {
				g.add(models.GapRosterNamesNobody, string(row.Role), id)
			}
		}
	}
	return nil
}
