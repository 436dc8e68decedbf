package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"recourse/internal/document"
	"recourse/models"
)

// Fault is what is wrong with a document, and where.
type Fault = document.Fault

// Grave says whether any of the faults is more than a warning.
func Grave(faults []Fault) bool { return document.Grave(faults) }

// maxRules bounds the table: every complaint walks through it.
const maxRules = 1000

// ReadDispatchTable reads a table from JSON. A field that nobody knows is a fault, so that a misspelt
// one is noticed.
func ReadDispatchTable(document []byte) (DispatchTable, error) {
	var t DispatchTable
	in := json.NewDecoder(bytes.NewReader(document))
	in.DisallowUnknownFields()
	if err := in.Decode(&t); err != nil {
		return t, fmt.Errorf("read dispatch table: %w", err)
	}
	if in.More() {
		return t, errors.New("read dispatch table: there is something behind its end")
	}
	return t, nil
}

// CheckDispatch says everything that is wrong with a table: rules without a name or a department,
// ids that the company does not have, rules that no complaint can reach, examples that go elsewhere.
func CheckDispatch(t DispatchTable, in Company) []Fault {
	c := checker{table: t, company: in}
	if len(t.Rules) > maxRules {
		c.fault("/rules", "a table has at most %d rules", maxRules)
		return c.faults
	}
	names := map[string]int{}
	for i, r := range t.Rules {
		at := fmt.Sprintf("/rules/%d", i)
		c.name(at, r.Name, i, names)
		c.match(at+"/match", r.Match)
		c.destination(at, r.Destination)
		c.reachable(at, i)
	}
	if t.Fallback != (Destination{}) {
		c.destination("/fallback", t.Fallback)
	}
	for i, r := range t.Rules {
		c.examples(fmt.Sprintf("/rules/%d/examples", i), r)
	}
	return c.faults
}

type checker struct {
	table   DispatchTable
	company Company
	faults  []Fault
}

func (c *checker) fault(path, says string, args ...any) {
	c.faults = append(c.faults, Fault{Path: path, Says: fmt.Sprintf(says, args...)})
}

func (c *checker) name(at, name string, i int, names map[string]int) {
	first, taken := names[name]
	switch {
	case strings.TrimSpace(name) == "":
		c.fault(at+"/name", "give the rule a name: it goes on record with every case")
	case name == FallbackRule:
		c.fault(at+"/name", "%q is what a case without a rule is called", name)
	case taken:
		c.fault(at+"/name", "%q is the name of rule %d already", name, first)
	default:
		names[name] = i
	}
}

func (c *checker) match(at string, m DispatchMatch) {
	if _, is := c.company.Categories[m.Category]; m.Category != "" && c.company.Categories != nil && !is {
		c.fault(at+"/category", "there is no category %q", m.Category)
	}
	c.closed(at, m.Channel, m.Severity)
}

func (c *checker) closed(at string, channel models.Channel, severity models.Severity) {
	if channel != "" && !slices.Contains(models.Channels(), channel) {
		c.fault(at+"/channel", "%q is none of %v", channel, models.Channels())
	}
	if severity != "" && !slices.Contains(models.Severities(), severity) {
		c.fault(at+"/severity", "%q is none of %v", severity, models.Severities())
	}
}

func (c *checker) destination(at string, d Destination) {
	if d.Department == "" {
		c.fault(at+"/department", "say which department gets these cases")
		return
	}
	switch c.company.lost(d) {
	case "department":
		c.fault(at+"/department", "there is no department %q, or it is switched off", d.Department)
	case "team":
		c.fault(at+"/team", "department %q has no team %q, or it is switched off", d.Department, d.Team)
	}
	if _, is := c.company.Departments[d.Supervising]; d.Supervising != "" && c.company.Departments != nil && !is {
		c.fault(at+"/supervising", "there is no department %q, or it is switched off", d.Supervising)
	}
}

// reachable warns of a rule that an earlier one leaves nothing: allowed, but hardly meant.
func (c *checker) reachable(at string, i int) {
	for j, earlier := range c.table.Rules[:i] {
		if c.wider(earlier.Match, c.table.Rules[i].Match) {
			c.faults = append(c.faults, Fault{Path: at, Warning: true, Says: fmt.Sprintf(
				"no complaint reaches this rule: rule %d (%s) takes all that it matches", j, earlier.Name)})
			return
		}
	}
}

// wider says whether a matches whatever b matches. Of two patterns for products it may not see it.
func (c *checker) wider(a, b DispatchMatch) bool {
	return (a.Category == "" || a.Category == b.Category || c.company.within(b.Category, a.Category)) &&
		widerGlob(strings.ToLower(a.Product), strings.ToLower(b.Product)) &&
		(a.Region == "" || strings.EqualFold(a.Region, b.Region)) &&
		(a.Channel == "" || a.Channel == b.Channel) &&
		(a.Severity == "" || a.Severity == b.Severity)
}

func widerGlob(a, b string) bool {
	if a == "" || a == b {
		return true
	}
	if b == "" || strings.Contains(a, "?") && strings.Contains(b, "*") { // ? stands for one letter, * for any number
		return false
	}
	return glob(a, b)
}

// examples runs what a rule is meant to do.
func (c *checker) examples(at string, r DispatchRule) {
	for i, e := range r.Examples {
		at := fmt.Sprintf("%s/%d", at, i)
		if e.Facts.Category != "" && c.company.Categories != nil {
			if _, is := c.company.Categories[e.Facts.Category]; !is {
				c.fault(at+"/facts/category", "there is no category %q", e.Facts.Category)
				continue
			}
		}
		c.closed(at+"/facts", e.Facts.Channel, e.Facts.Severity)
		want := e.Department
		if want == "" {
			want = r.Department
		}
		if got := Propose(c.table, e.Facts, c.company); got.Department != want {
			c.fault(at, "this complaint goes to %q by %s, and should go to %q", got.Department, ruleInWords(got), want)
		}
	}
}

func ruleInWords(p Proposal) string {
	if p.At < 0 {
		return "the fallback"
	}
	return fmt.Sprintf("rule %d (%s)", p.At, p.Rule)
}
