package policy

import (
	"fmt"
	"slices"
	"time"

	"recourse/models"
)

// promised is how long the promises of the founding documents allow, whatever the severity.
var promised = map[models.Clock]time.Duration{models.ClockFirstResponse: 24 * time.Hour, models.ClockFeedback: 48 * time.Hour}

// contradictions says where a policy that can be read says what cannot be meant.
func (r *reader) contradictions(p Policy) {
	for _, rule := range p.Clocks {
		r.bounds(p, rule)
	}
	for _, l := range p.Ladders {
		r.climbing(l)
	}
	if p.Survey.Remind >= p.Survey.Expires {
		r.fault("/survey/remind", "the survey has expired by then")
	}
	if !Grave(r.faults) {
		r.tryExamples(p)
	}
}

// bounds judges one clock.
func (r *reader) bounds(p Policy, rule models.ClockRule) {
	at := "/clocks/" + string(rule.Clock)
	r.where(at+"/limit", "it is missing", func(s models.Severity) bool { return rule.Limit.For(s).IsZero() })
	if most, is := promised[rule.Clock]; is {
		r.where(at+"/limit", fmt.Sprintf("the promise is %d hours of the wall clock, and no policy makes it longer", int(most.Hours())),
			func(s models.Severity) bool {
				limit := rule.Limit.For(s)
				return limit.Calendar != models.CalendarWall || limit.Of > most
			})
	}
	r.where(at+"/target", "a target comes before the limit", func(s models.Severity) bool {
		limit, target := rule.Limit.For(s), rule.Target.For(s)
		return !target.IsZero() && target.Calendar == limit.Calendar && target.Of >= limit.Of
	})
	for name, b := range map[string]models.BySeverity{"/limit": rule.Limit, "/target": rule.Target} {
		for _, s := range models.Severities() {
			if c := b.For(s).Calendar; c != models.CalendarWall && !p.knows(c) {
				r.fault(at+name, "there is no calendar %q", c)
				break
			}
		}
	}
}

// where says what is wrong, and for which severities.
func (r *reader) where(at, says string, wrong func(models.Severity) bool) {
	if found := slices.DeleteFunc(models.Severities(), func(s models.Severity) bool { return !wrong(s) }); len(found) > 0 {
		r.fault(at, "for %s: %s", join(found), says)
	}
}

// knows says whether a calendar is one of the policy.
func (p Policy) knows(calendar string) bool {
	for _, c := range p.Calendars {
		if c.Name == calendar {
			return true
		}
	}
	return false
}
