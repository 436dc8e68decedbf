package policy

import (
	"fmt"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"recourse/internal/document"
	"recourse/models"
)

// Example says when a clock must be due: what the policy is meant to do, tried before it is published.
type Example struct {
	Clock      models.Clock
	Severity   models.Severity
	Bound      models.Bound
	Channel    models.Channel // by which the case came; empty: by any
	Department string         // that has it; empty: none
	From, Due  time.Time
}

// maxExamples bounds the examples of a policy.
const maxExamples = 500

// exampleTime is how an instant of an example is written, in the company's zone.
const exampleTime = "2006-01-02 15:04"

func (r *reader) examples(n *yaml.Node, at string) (found []Example) {
	r.List(n, at, maxExamples, func(n *yaml.Node, at string) {
		e := Example{Bound: models.BoundLimit}
		instant := func(into *time.Time) func(*yaml.Node, string) {
			return func(n *yaml.Node, at string) {
				text, is := r.Text(n, at)
				when, err := time.ParseInLocation(exampleTime, text, r.company)
				if is && err != nil {
					r.Fault(at, "%q is no instant such as %s", text, exampleTime)
				}
				*into = when
			}
		}
		r.Mapping(n, at, fields{
			"clock":    func(n *yaml.Node, at string) { e.Clock = document.OneOf(&r.Reader, n, at, ruled()) },
			"severity": func(n *yaml.Node, at string) { e.Severity = document.OneOf(&r.Reader, n, at, models.Severities()) },
			"bound": func(n *yaml.Node, at string) {
				e.Bound = document.OneOf(&r.Reader, n, at, []models.Bound{models.BoundTarget, models.BoundLimit})
			},
			"channel":    func(n *yaml.Node, at string) { e.Channel = document.OneOf(&r.Reader, n, at, models.Channels()) },
			"department": func(n *yaml.Node, at string) { e.Department, _ = r.Text(n, at) },
			"from":       instant(&e.From),
			"due":        instant(&e.Due),
		}, "clock", "severity", "from", "due")
		found = append(found, e)
	})
	return found
}

// tryExamples holds the policy against its examples.
func (r *reader) tryExamples(p Policy) {
	for i, e := range p.Examples {
		at := fmt.Sprintf("/examples/%d", i)
		due, is := p.due(e)
		switch {
		case !is:
			r.Fault(at, "%s has no %s for %s", e.Clock, e.Bound, e.Severity)
		case !due.Equal(e.Due):
			r.Fault(at, "%s of %s for %s would be due %s, not %s", e.Bound, e.Clock, e.Severity,
				due.In(r.company).Format(exampleTime), e.Due.Format(exampleTime))
		}
	}
}

// due is when a clock of an example is due by the policy; false when it has no such bound.
func (p Policy) due(e Example) (time.Time, bool) {
	i := slices.IndexFunc(p.Clocks, func(r models.ClockRule) bool { return r.Clock == e.Clock })
	if i < 0 {
		return time.Time{}, false
	}
	amount := p.Clocks[i].Limit.For(e.Severity)
	if e.Bound == models.BoundTarget {
		amount = p.Clocks[i].Target.For(e.Severity)
	}
	if amount.IsZero() {
		return time.Time{}, false
	}
	plan := p.Plan(e.From, p.company.String(), 0)
	return plan.Add(e.From, plan.Counted(amount, p.CalendarsFor.Of(e.Channel, e.Department))), true
}
