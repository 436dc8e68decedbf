package policy

import (
	"slices"
	"strings"

	"recourse/models"
)

// FallbackRule is the name under which a case is routed that no rule matched.
const FallbackRule = "fallback"

// DispatchTable says which department handles which complaint: the first rule that matches decides,
// and where none does the fallback. It is data: written by operators, kept in versions.
type DispatchTable struct {
	Rules    []DispatchRule `json:"rules"`
	Fallback Destination    `json:"fallback,omitzero"` // empty: the company's first department
}

// DispatchRule sends the complaints that it matches to one place.
type DispatchRule struct {
	Name  string        `json:"name"`
	Match DispatchMatch `json:"match,omitzero"`
	Destination
	Auto     bool              `json:"auto,omitempty"`     // dispatches by itself, nobody need confirm it
	Examples []DispatchExample `json:"examples,omitempty"` // what the rule is meant to do, tried whenever the table changes
}

// DispatchMatch is what a complaint must be for a rule to match. An empty field matches anything.
type DispatchMatch struct {
	Category string          `json:"category,omitempty"` // this category or any below it
	Product  string          `json:"product,omitempty"`  // with * for any letters and ? for one; capitals do not count
	Region   string          `json:"region,omitempty"`   // capitals do not count
	Channel  models.Channel  `json:"channel,omitempty"`
	Severity models.Severity `json:"severity,omitempty"`
}

// Destination is where a case goes.
type Destination struct {
	Department  string `json:"department,omitempty"`
	Team        string `json:"team,omitempty"`        // of the department; empty: anybody of it
	Supervising string `json:"supervising,omitempty"` // empty: whoever supervises the department
}

// DispatchFacts are what a complaint is, as far as the table asks.
type DispatchFacts struct {
	Category string          `json:"category,omitempty"`
	Product  string          `json:"product,omitempty"`
	Region   string          `json:"region,omitempty"`
	Channel  models.Channel  `json:"channel,omitempty"`
	Severity models.Severity `json:"severity,omitempty"`
}

// DispatchExample says where a complaint with these facts must go.
type DispatchExample struct {
	Facts      DispatchFacts `json:"facts"`
	Department string        `json:"department,omitempty"` // empty: the rule's own
}

// Company is the organisation as the table needs it: who is there. The zero value judges nothing and
// knows no tree of categories.
type Company struct {
	Departments map[string]string // id → id of the department that supervises it; nil: every id counts as known
	Teams       map[string]string // id → id of its department
	Categories  map[string]string // id → id of its parent; nil: every id counts as known
	First       string            // the department that gets what nothing else says; empty: there is none
}

// CompanyOf is what the table needs of an organisation: what is switched off is not there.
func CompanyOf(c models.Company) Company {
	in := Company{Departments: map[string]string{}, Teams: map[string]string{}, Categories: map[string]string{}}
	for _, d := range c.Departments {
		if d.DisabledAt != nil {
			continue
		}
		in.Departments[d.ID] = d.Supervising
		if in.First == "" || d.ID < in.First {
			in.First = d.ID
		}
	}
	for _, t := range c.Teams {
		if _, is := in.Departments[t.Department]; is && t.DisabledAt == nil {
			in.Teams[t.ID] = t.Department
		}
	}
	for _, k := range c.Categories {
		in.Categories[k.ID] = k.Parent
	}
	return in
}

// within says whether a category is another one or lies below it. A loop in the tree ends the search.
func (c Company) within(category, above string) bool {
	for range len(c.Categories) + 1 {
		if category == above {
			return category != ""
		}
		if category = c.Categories[category]; category == "" {
			return false
		}
	}
	return false
}

// lost names what a destination points to and the company does not have; empty: nothing.
func (c Company) lost(d Destination) string {
	if c.Departments == nil {
		return ""
	}
	if _, is := c.Departments[d.Department]; !is {
		return "department"
	}
	if d.Team != "" && c.Teams[d.Team] != d.Department {
		return "team"
	}
	return ""
}

// Proposal is what the table says of one complaint, and why.
type Proposal struct {
	Rule string // its name; FallbackRule when none matched
	At   int    // the rule's place in the table, from 0; -1: none matched
	Destination
	Auto   bool
	Passed []Miss // the rules before it, in order
}

// Miss is a rule that did not match, and why.
type Miss struct {
	Rule string
	Why  MissReason
}

// MissReason names what kept a rule from matching.
type MissReason string

// The reasons for which a rule is passed over.
const (
	MissCategory   MissReason = "category"
	MissProduct    MissReason = "product"
	MissRegion     MissReason = "region"
	MissChannel    MissReason = "channel"
	MissSeverity   MissReason = "severity"
	MissDepartment MissReason = "department_gone" // the department it sends to is no longer there
	MissTeam       MissReason = "team_gone"
)

// Propose finds where a complaint goes: the first rule that matches and whose department is there,
// else the fallback, else the company's first department. Without any department it goes nowhere.
func Propose(t DispatchTable, f DispatchFacts, in Company) Proposal {
	p := Proposal{At: -1, Rule: FallbackRule}
	for i, r := range t.Rules {
		if why := r.misses(f, in); why != "" {
			p.Passed = append(p.Passed, Miss{Rule: r.Name, Why: why})
			continue
		}
		p.Rule, p.At, p.Destination, p.Auto = r.Name, i, r.Destination, r.Auto
		return p.supervised(in)
	}
	p.Destination = t.Fallback
	if p.Department == "" || in.lost(p.Destination) != "" {
		p.Destination = Destination{Department: in.First}
	}
	return p.supervised(in)
}

// supervised fills in who supervises, where the rule does not say or names somebody gone.
func (p Proposal) supervised(in Company) Proposal {
	if in.Departments == nil {
		return p
	}
	if _, is := in.Departments[p.Supervising]; !is {
		p.Supervising = in.Departments[p.Department]
	}
	return p
}

// Route is the proposal as it goes on record; the person is chosen by load. Nil: it goes nowhere.
func (p Proposal) Route(person string) *models.Route {
	if p.Department == "" {
		return nil
	}
	return &models.Route{
		Rule: p.Rule, Department: p.Department, Person: person, Supervising: p.Supervising, Auto: p.Auto,
	}
}

// misses says what keeps a rule from matching; empty: it matches.
func (r DispatchRule) misses(f DispatchFacts, in Company) MissReason {
	m := r.Match
	switch {
	case m.Category != "" && !in.within(f.Category, m.Category):
		return MissCategory
	case m.Product != "" && !glob(strings.ToLower(m.Product), strings.ToLower(f.Product)):
		return MissProduct
	case m.Region != "" && !strings.EqualFold(m.Region, f.Region):
		return MissRegion
	case m.Channel != "" && m.Channel != f.Channel:
		return MissChannel
	case m.Severity != "" && m.Severity != f.Severity:
		return MissSeverity
	}
	switch in.lost(r.Destination) {
	case "department":
		return MissDepartment
	case "team":
		return MissTeam
	}
	return ""
}

// glob matches a text with a pattern of * for any letters and ? for one. It takes no longer than the
// product of both lengths, whatever the pattern.
func glob(pattern, text string) bool {
	p, t := []rune(pattern), []rune(text)
	star, again := -1, 0 // the last * and where the text behind it was tried from
	i, j := 0, 0
	for j < len(t) {
		switch {
		case i < len(p) && p[i] == '*':
			star, again = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == t[j]):
			i, j = i+1, j+1
		case star >= 0:
			again++
			i, j = star+1, again
		default:
			return false
		}
	}
	return strings.Trim(string(p[i:]), "*") == ""
}

// Lost says whether a destination points to what the company does not have.
func (c Company) Lost(d Destination) bool { return c.lost(d) != "" }

// Takes says whether some rule is about a category, whatever else it asks for.
func (t DispatchTable) Takes(category string, in Company) bool {
	return slices.ContainsFunc(t.Rules, func(r DispatchRule) bool {
		return !in.Lost(r.Destination) && (r.Match.Category == "" || in.within(category, r.Match.Category))
	})
}
