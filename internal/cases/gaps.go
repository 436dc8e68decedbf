package cases

import (
	"context"
	"slices"

	"recourse/internal/policy"
	"recourse/models"
)

// Gaps lists where the organisation points to nobody. It names cases, so it is for those whose roles
// let them know of every case; those that they are kept away from are left out.
func (s *Service) Gaps(ctx context.Context, a models.Actor) ([]models.Gap, error) {
	if !models.VisibleTo(a).All {
		return nil, models.Refuse(models.CodeForbidden, "the gaps of the organisation are for those who may know of every case")
	}
	company, err := s.company(ctx)
	if err != nil {
		return nil, err
	}
	rules, err := s.readRules(ctx)
	if err != nil {
		return nil, err
	}
	g := gaps{company: company, in: rules.company}
	g.departments()
	g.teams()
	g.roles()
	g.deputies()
	g.rules(rules)
	if err := s.gapsOfRosters(ctx, &g); err != nil {
		return nil, err
	}
	if err := s.gapsOfCases(ctx, a, &g); err != nil {
		return nil, err
	}
	return g.found, nil
}

func (s *Service) gapsOfCases(ctx context.Context, a models.Actor, g *gaps) error {
	behind, err := s.Store.LeftBehind(ctx, "")
	if err != nil {
		return err
	}
	behind, err = s.behind(ctx, a, behind)
	if err != nil {
		return err
	}
	for _, b := range behind {
		g.add(models.GapCaseOfSomebodyGone, b.Number, b.Assignee)
	}
	open, err := s.Store.OpenByDepartment(ctx)
	if err != nil {
		return err
	}
	for _, d := range g.company.Departments {
		if d.DisabledAt == nil || open[d.ID] == 0 {
			continue
		}
		if err := s.casesOf(ctx, a, d.ID, func(number string) { g.add(models.GapCaseOfDepartmentGone, number, d.ID) }); err != nil {
			return err
		}
	}
	return nil
}

// behind leaves of the cases left behind those that the actor may know of.
func (s *Service) behind(ctx context.Context, a models.Actor, all []models.LeftBehind) (seen []models.LeftBehind, err error) {
	for _, b := range all {
		row, err := s.Store.Case(ctx, b.CaseID)
		if err != nil {
			return nil, err
		}
		if models.See(a, row.Standing()) != models.SightNone {
			seen = append(seen, b)
		}
	}
	return seen, nil
}

// casesOf visits the open cases of a department that the actor may know of.
func (s *Service) casesOf(ctx context.Context, a models.Actor, department string, visit func(number string)) error {
	q := models.CaseQuery{
		Visible: models.VisibleTo(a), Departments: []string{department}, States: models.OpenStates(), Limit: models.MaxPage,
	}
	for {
		page, next, err := s.Store.Cases(ctx, q)
		if err != nil {
			return err
		}
		for _, row := range page {
			visit(row.Number)
		}
		if next == "" {
			return nil
		}
		q.Cursor = next
	}
}

// gaps collects what is missing in a company.
type gaps struct {
	company models.Company
	in      policy.Company
	found   []models.Gap
}

func (g *gaps) add(kind models.GapKind, id, to string) {
	g.found = append(g.found, models.Gap{Kind: kind, ID: id, To: to})
}

// anybody says whether there is a person, present or absent, of whom something holds.
func (g *gaps) anybody(is func(models.Person) bool) bool {
	return slices.ContainsFunc(g.company.People, func(p models.Person) bool { return p.DisabledAt == nil && !p.Service && is(p) })
}

func (g *gaps) departments() {
	for _, d := range g.company.Departments {
		if d.DisabledAt != nil {
			continue
		}
		if !g.anybody(func(p models.Person) bool { return p.Actor().Is(models.RoleDepartmentHead) && p.Actor().In(d.ID) }) {
			g.add(models.GapDepartmentWithoutHead, d.ID, "")
		}
		if !g.anybody(func(p models.Person) bool { return policy.Handles(p, policy.Destination{Department: d.ID}) }) {
			g.add(models.GapDepartmentWithoutHandler, d.ID, "")
		}
		if _, is := g.in.Departments[d.Supervising]; d.Supervising != "" && !is {
			g.add(models.GapDepartmentUnsupervised, d.ID, d.Supervising)
		}
	}
}

func (g *gaps) teams() {
	for _, t := range g.company.Teams {
		at := policy.Destination{Department: t.Department, Team: t.ID}
		if t.DisabledAt == nil && !g.anybody(func(p models.Person) bool { return policy.Handles(p, at) }) {
			g.add(models.GapTeamWithoutHandler, t.ID, t.Department)
		}
	}
}

// roles names for a role without anybody who of the chain gets its messages meanwhile.
func (g *gaps) roles() {
	held := func(r models.Role) bool {
		return g.anybody(func(p models.Person) bool { return p.Actor().Is(r) })
	}
	for _, r := range models.Roles() {
		if held(r) {
			continue
		}
		instead := ""
		if slices.Contains(models.EscalationChain(), r) {
			above := models.Above(r)
			if i := slices.IndexFunc(above, held); i >= 0 {
				instead = string(above[i])
			}
		}
		g.add(models.GapRoleWithoutPerson, string(r), instead)
	}
}

func (g *gaps) deputies() {
	for _, p := range g.company.People {
		there := g.anybody(func(d models.Person) bool { return d.ID == p.Deputy })
		if p.DisabledAt == nil && p.Deputy != "" && !there {
			g.add(models.GapDeputyGone, p.ID, p.Deputy)
		}
	}
}

// rules looks for rules that send nowhere and categories that only the first department takes.
func (g *gaps) rules(r rules) {
	if !r.stored {
		g.add(models.GapNoDispatchTable, "dispatch-table", r.company.First)
		return
	}
	for _, rule := range r.table.Rules {
		if r.company.Lost(rule.Destination) {
			g.add(models.GapRuleWithoutDepartment, rule.Name, rule.Department)
		}
	}
	if r.table.Fallback.Department != "" && !r.company.Lost(r.table.Fallback) {
		return
	}
	for _, c := range g.company.Categories {
		if !r.table.Takes(c.ID, r.company) {
			g.add(models.GapCategoryWithoutRule, c.ID, r.company.First)
		}
	}
}
