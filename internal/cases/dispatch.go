package cases

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"recourse/internal/policy"
	"recourse/models"
)

// rulesLife is how long an intake may use a dispatch table it has read: a new version counts in every
// process after that, and a rush of complaints reads it once.
const rulesLife = 2 * time.Second

// rules are the dispatch table in force and the company it speaks of.
type rules struct {
	stored  bool // false: no table yet, no rule is asked
	table   policy.DispatchTable
	company policy.Company
	readAt  time.Time
}

// rulesCache keeps the rules between intakes.
type rulesCache struct {
	mu   sync.Mutex
	kept *rules
}

func (c *rulesCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = nil
}

// rulesOfLate returns rules that were read a moment ago, or reads them.
func (s *Service) rulesOfLate(ctx context.Context) (rules, error) {
	s.rules.mu.Lock()
	defer s.rules.mu.Unlock()
	if k := s.rules.kept; k != nil && s.now().Sub(k.readAt) < rulesLife {
		return *k, nil
	}
	r, err := s.readRules(ctx)
	if err == nil {
		s.rules.kept = &r
	}
	return r, err
}

func (s *Service) readRules(ctx context.Context) (rules, error) {
	r := rules{readAt: s.now()}
	row, err := s.Store.DispatchTable(ctx)
	switch {
	case models.CodeOf(err) == models.CodeNotFound:
	case err != nil:
		return r, err
	default:
		r.stored = true
		if r.table, err = policy.ReadDispatchTable(row.Document); err != nil {
			return r, fmt.Errorf("version %d: %w", row.Version, err)
		}
	}
	r.company, err = s.dispatchCompany(ctx)
	return r, err
}

// dispatchCompany is the organisation as far as the table needs it.
func (s *Service) dispatchCompany(ctx context.Context) (in policy.Company, err error) {
	var c models.Company
	if c.Departments, err = s.Store.Departments(ctx); err != nil {
		return in, err
	}
	if c.Teams, err = s.Store.Teams(ctx); err != nil {
		return in, err
	}
	if c.Categories, err = s.Store.Categories(ctx); err != nil {
		return in, err
	}
	return policy.CompanyOf(c), nil
}

// routeAtIntake is what the table proposes for a new complaint, with a person where the rule names a
// team or dispatches by itself. A complaint is taken whatever becomes of the proposal: triage can ask
// for it again.
func (s *Service) routeAtIntake(ctx context.Context, o models.Opened) *models.Route {
	r, err := s.rulesOfLate(ctx)
	if err != nil {
		s.Logger.WarnContext(ctx, "no dispatch rule was asked for a new complaint", "error", err)
		return nil
	}
	if !r.stored {
		return nil
	}
	severity := o.Severity
	if severity == "" {
		severity = models.SeverityGeneral // as the kernel reads it
	}
	p := policy.Propose(r.table, policy.DispatchFacts{
		Category: o.Category, Product: o.Product, Region: o.Region, Channel: o.Channel, Severity: severity,
	}, r.company)
	if !p.Auto && p.Team == "" {
		return p.Route("")
	}
	person, err := s.personFor(ctx, p.Destination, o.Language)
	if err != nil {
		s.Logger.WarnContext(ctx, "nobody was chosen for a new complaint", "error", err)
	}
	return p.Route(person)
}

// personFor chooses by load who of a department or team gets a case now; empty: nobody is there.
func (s *Service) personFor(ctx context.Context, d policy.Destination, language models.Language) (string, error) {
	people, err := s.Store.People(ctx)
	if err != nil {
		return "", err
	}
	absent, err := s.absent(ctx)
	if err != nil {
		return "", err
	}
	open, err := s.Store.OpenByAssignee(ctx)
	if err != nil {
		return "", err
	}
	return policy.PersonFor(people, d, language, policy.Load{Absent: absent, Open: open}), nil
}

func (s *Service) absent(ctx context.Context) (map[string]bool, error) {
	ids, err := s.Store.Absent(ctx, s.now())
	absent := make(map[string]bool, len(ids))
	for _, id := range ids {
		absent[id] = true
	}
	return absent, err
}

// DispatchTable is a version of the table as it is shown.
type DispatchTable struct {
	Version   int64
	Document  json.RawMessage // canonical JSON
	Author    string
	Reason    string
	CreatedAt time.Time
	Warnings  []Fault // what may stand so but is hardly meant
}

// TableWish is a table somebody wants to be in force.
type TableWish struct {
	Document  []byte // JSON
	Reason    string
	IfVersion int64 // refuse when another one is in force; 0: never
}

// DispatchTable shows the table in force; CodeNotFound when none was put yet.
func (s *Service) DispatchTable(ctx context.Context) (DispatchTable, error) {
	row, err := s.Store.DispatchTable(ctx)
	if models.CodeOf(err) == models.CodeNotFound {
		return DispatchTable{}, models.Refuse(models.CodeNotFound, "there is no dispatch table yet: every case is proposed to the first department")
	}
	if err != nil {
		return DispatchTable{}, err
	}
	table, err := policy.ReadDispatchTable(row.Document)
	if err != nil {
		return DispatchTable{}, err
	}
	in, err := s.dispatchCompany(ctx)
	return tableView(row, policy.CheckDispatch(table, in)), err
}

// DispatchTables shows every version of the table as it was put, the one in force first. What is wrong
// with it by now is only said of that one, by DispatchTable.
func (s *Service) DispatchTables(ctx context.Context, cursor string, limit int) (Page[DispatchTable], error) {
	rows, next, err := s.Store.DispatchTables(ctx, cursor, limit)
	page := Page[DispatchTable]{Next: next}
	for _, row := range rows {
		page.Items = append(page.Items, tableView(row, nil))
	}
	return page, err
}

// tableView shows a version with all that is wrong with it by now: what a rule points to may have gone
// since it was put.
func tableView(row models.DispatchTable, faults []policy.Fault) DispatchTable {
	v := DispatchTable{
		Version: row.Version, Document: row.Document, Author: row.Author, Reason: row.Reason, CreatedAt: row.CreatedAt,
	}
	for _, f := range faults {
		v.Warnings = append(v.Warnings, Fault{Pointer: "/table" + f.Path, Says: f.Says})
	}
	return v
}

// PutDispatchTable puts a new version in force; admin and ops only. It is refused with all its faults
// when it points to what is not there or does not do what its examples say. The same table again is
// no new version.
func (s *Service) PutDispatchTable(ctx context.Context, a models.Actor, w TableWish) (DispatchTable, error) {
	if !a.Is(models.RoleAdmin) && !a.Is(models.RoleOps) {
		return DispatchTable{}, models.Refuse(models.CodeForbidden, "only admin and ops change the dispatch table")
	}
	if strings.TrimSpace(w.Reason) == "" {
		return DispatchTable{}, models.Invalid("/reason", "say why the table changes")
	}
	table, err := policy.ReadDispatchTable(w.Document)
	if err != nil {
		return DispatchTable{}, models.Invalid("/table", err.Error())
	}
	in, err := s.dispatchCompany(ctx)
	if err != nil {
		return DispatchTable{}, err
	}
	faults := policy.CheckDispatch(table, in)
	if err := graveOnes(faults); err != nil {
		return DispatchTable{}, err
	}
	row := models.DispatchTable{Author: a.ID, Reason: w.Reason, CreatedAt: s.now()}
	if row.Document, err = models.Canonical(table); err != nil {
		return DispatchTable{}, err
	}
	defer s.rules.forget()
	row, err = s.addTable(ctx, row, w.IfVersion)
	return tableView(row, faults), err
}

func graveOnes(found []policy.Fault) error {
	var faults []Fault
	for _, f := range found {
		if !f.Warning {
			faults = append(faults, Fault{Pointer: "/table" + f.Path, Says: f.Says})
		}
	}
	return refusal(faults)
}

// addTable adds a version after the one in force, unless that says the same already.
func (s *Service) addTable(ctx context.Context, row models.DispatchTable, ifVersion int64) (models.DispatchTable, error) {
	now, err := s.Store.DispatchTable(ctx)
	if err != nil && models.CodeOf(err) != models.CodeNotFound {
		return row, err
	}
	if ifVersion != 0 && ifVersion != now.Version {
		return row, models.Refuse(models.CodeStale, fmt.Sprintf("version %d is in force, not %d; read it again", now.Version, ifVersion))
	}
	if string(now.Document) == string(row.Document) {
		return now, nil
	}
	row.Version = now.Version + 1
	return row, s.Store.PutDispatchTable(ctx, row)
}

// Facts are what the dispatch table asks of a complaint.
type Facts struct {
	Category, Product, Region string
	Channel                   models.Channel
	Severity                  models.Severity
	Language                  models.Language // for the choice of a person; empty: the company's
}

// Routing is where a complaint would go now, and why.
type Routing struct {
	Route  *models.Route // nil: there is no department at all
	Team   string
	At     int // the rule's place in the table, from 0; -1: no rule matched
	Passed []policy.Miss
}

// TryDispatch says where a complaint with these facts would go now. It changes nothing.
func (s *Service) TryDispatch(ctx context.Context, f Facts) (Routing, error) {
	r, err := s.readRules(ctx)
	if err != nil {
		return Routing{}, err
	}
	if f.Category != "" {
		if _, is := r.company.Categories[f.Category]; !is {
			return Routing{}, models.Invalid("/category", fmt.Sprintf("%q is not on record", f.Category))
		}
	}
	p := policy.Propose(r.table, policy.DispatchFacts{
		Category: f.Category, Product: f.Product, Region: f.Region, Channel: f.Channel, Severity: f.Severity,
	}, r.company)
	if f.Language == "" {
		f.Language = s.Language
	}
	person, err := s.personFor(ctx, p.Destination, f.Language)
	return Routing{Route: p.Route(person), Team: p.Team, At: p.At, Passed: p.Passed}, err
}

// Route is the present proposal for a case that waits to be dispatched, for triage.
func (s *Service) Route(ctx context.Context, a models.Actor, number string) (Routing, error) {
	row, err := s.visible(ctx, a, number)
	if err != nil {
		return Routing{}, err
	}
	if row.State != models.StateReceived {
		return Routing{}, models.Unlawful(models.VerbDispatch, row.State)
	}
	r, err := s.TryDispatch(ctx, Facts{
		Category: row.Category, Product: row.Product, Region: row.Region, Channel: row.Channel, Severity: row.Severity,
		Language: row.Language,
	})
	var refused *models.Error
	if errors.As(err, &refused) && refused.Code == models.CodeInvalid { // no rule knows the case's category any more
		return s.TryDispatch(ctx, Facts{Product: row.Product, Region: row.Region, Channel: row.Channel, Severity: row.Severity, Language: row.Language})
	}
	return r, err
}
