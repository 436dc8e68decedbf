package policy

import (
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"recourse/internal/document"
	"recourse/models"
)

// maxRungs bounds a ladder, and how often its last alert is repeated.
const maxRungs = 24

// policy reads the whole document.
func (r *reader) policy(p *Policy, n *yaml.Node) {
	length := func(into *time.Duration) func(*yaml.Node, string) {
		return func(n *yaml.Node, at string) { *into = r.length(n, at) }
	}
	number := func(into *int, from, to int64) func(*yaml.Node, string) {
		return func(n *yaml.Node, at string) { *into = int(r.Number(n, at, from, to)) }
	}
	r.Mapping(n, "", fields{
		"clocks":        func(n *yaml.Node, at string) { p.Clocks = r.clocks(n, at) },
		"ladders":       func(n *yaml.Node, at string) { p.Ladders = r.ladders(n, at) },
		"calendars":     func(n *yaml.Node, at string) { p.Calendars = r.calendars(n, at) },
		"calendars_for": func(n *yaml.Node, at string) { p.CalendarsFor = r.calendarsFor(n, at) },
		"callback": func(n *yaml.Node, at string) {
			r.Mapping(n, at, fields{"attempts": number(&p.Callback.Attempts, 1, 20)}, "attempts")
		},
		"survey": func(n *yaml.Node, at string) {
			r.Mapping(n, at, fields{"expires": length(&p.Survey.Expires), "remind": length(&p.Survey.Remind)}, "expires")
		},
		"reopen_within":       length(&p.ReopenWithin),
		"close_anonymous":     length(&p.CloseAnonymous),
		"unsatisfied_at_most": number(&p.UnsatisfiedAtMost, 0, 5),
		"pause_at_most":       length(&p.PauseAtMost),
		"money_at_most":       func(n *yaml.Node, at string) { p.MoneyAtMost = r.Number(n, at, 0, 1e15) },
		"problem_after":       func(n *yaml.Node, at string) { r.problemAfter(p, n, at) },
		"promise_again":       length(&p.PromiseAgain),
		"snooze_at_most":      length(&p.SnoozeAtMost),
		"quiet_hours":         func(n *yaml.Node, at string) { p.Quiet = r.quiet(n, at) },
		"retention": func(n *yaml.Node, at string) {
			r.Mapping(n, at, fields{"erase_after": length(&p.EraseAfter)}, "erase_after")
		},
		"examples": func(n *yaml.Node, at string) { p.Examples = r.examples(n, at) },
	}, "clocks", "ladders", "calendars", "callback", "survey", "reopen_within", "close_anonymous", "unsatisfied_at_most",
		"pause_at_most", "money_at_most", "problem_after", "promise_again")
}

// problemAfter reads after how many reworks, and after how many transfers and returns, a case is a problem
// case: one number for both, or one for each.
func (r *reader) problemAfter(p *Policy, n *yaml.Node, at string) {
	times := func(into *int) func(*yaml.Node, string) {
		return func(n *yaml.Node, at string) { *into = int(r.Number(n, at, 1, 100)) }
	}
	if n.Kind == yaml.ScalarNode {
		times(&p.ProblemAfter)(n, at)
		p.ProblemMoves = p.ProblemAfter
		return
	}
	r.Mapping(n, at, fields{"reworks": times(&p.ProblemAfter), "moves": times(&p.ProblemMoves)}, "reworks", "moves")
}

// ruled are the clocks whose bounds a policy sets; those of the others come from people.
func ruled() []models.Clock {
	return []models.Clock{
		models.ClockRecord, models.ClockTriage, models.ClockAcceptance, models.ClockFirstResponse, models.ClockFeedback,
		models.ClockApproval, models.ClockHandling, models.ClockResult, models.ClockNextReply, models.ClockCallback,
	}
}

// clocks reads how long clocks may run, in the order of the way of a case.
func (r *reader) clocks(n *yaml.Node, at string) (rules []models.ClockRule) {
	known, required := fields{}, make([]string, 0, len(ruled()))
	for _, clock := range ruled() {
		required = append(required, string(clock))
		known[string(clock)] = func(n *yaml.Node, at string) {
			rule := models.ClockRule{Clock: clock}
			r.Mapping(n, at, fields{
				"limit":  func(n *yaml.Node, at string) { rule.Limit = r.bySeverity(n, at) },
				"target": func(n *yaml.Node, at string) { rule.Target = r.bySeverity(n, at) },
			}, "limit")
			rules = append(rules, rule)
		}
	}
	r.Mapping(n, at, known, required...)
	slices.SortFunc(rules, func(a, b models.ClockRule) int {
		return slices.Index(ruled(), a.Clock) - slices.Index(ruled(), b.Clock)
	})
	return rules
}

// ladders reads a ladder of each class for each severity.
func (r *reader) ladders(n *yaml.Node, at string) (ladders []models.Ladder) {
	severities, required := fields{}, []string{}
	for _, severity := range models.Severities() {
		required = append(required, string(severity))
		severities[string(severity)] = func(n *yaml.Node, at string) {
			class := func(class models.LadderClass) func(*yaml.Node, string) {
				return func(n *yaml.Node, at string) {
					ladders = append(ladders, models.Ladder{Severity: severity, Class: class, Rungs: r.rungs(n, at)})
				}
			}
			r.Mapping(n, at, fields{
				string(models.LadderPromise): class(models.LadderPromise), string(models.LadderStep): class(models.LadderStep),
			}, string(models.LadderPromise), string(models.LadderStep))
		}
	}
	r.Mapping(n, at, severities, required...)
	slices.SortFunc(ladders, func(a, b models.Ladder) int { return ladderAt(a) - ladderAt(b) })
	return ladders
}

// ladderAt is the place of a ladder among all.
func ladderAt(l models.Ladder) int {
	at := 2 * slices.Index(models.Severities(), l.Severity)
	if l.Class == models.LadderStep {
		at++
	}
	return at
}

func (r *reader) rungs(n *yaml.Node, at string) (rungs []models.Rung) {
	r.List(n, at, maxRungs, func(n *yaml.Node, at string) {
		var rung models.Rung
		r.Mapping(n, at, fields{
			"at":         func(n *yaml.Node, at string) { r.when(&rung, n, at) },
			"roles":      func(n *yaml.Node, at string) { rung.Roles = r.roles(n, at) },
			"ack_within": func(n *yaml.Node, at string) { rung.AckWithin = r.length(n, at) },
			"repeat_to":  func(n *yaml.Node, at string) { rung.RepeatTo = r.roles(n, at) },
			"repeats":    func(n *yaml.Node, at string) { rung.Repeats = int(r.Number(n, at, 1, maxRungs)) },
			"by":         func(n *yaml.Node, at string) { rung.By = r.by(n, at) },
		}, "at", "roles")
		rungs = append(rungs, rung)
	})
	return rungs
}

func (r *reader) roles(n *yaml.Node, at string) (roles []models.Role) {
	r.List(n, at, maxRungs, func(n *yaml.Node, at string) {
		role := document.OneOf(&r.Reader, n, at, models.EscalationChain())
		if slices.Contains(roles, role) {
			r.Fault(at, "%q stands here twice", role)
		}
		roles = append(roles, role)
	})
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		r.Fault(at, "name at least one role")
	}
	return roles
}
