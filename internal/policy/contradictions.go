package policy

import (
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
	r.chosen(p)
	if p.Survey.Remind >= p.Survey.Expires {
		r.Fault("/survey/remind", "the survey has expired by then")
	}
	if p.EraseAfter > 0 && p.EraseAfter < p.ReopenWithin {
		r.Fault("/retention/erase_after", "a case can still be reopened by then")
	}
	if !Grave(r.Faults) {
		r.tryExamples(p)
	}
}

// bounds judges one clock.
func (r *reader) bounds(p Policy, rule models.ClockRule) {
	at := "/clocks/" + string(rule.Clock)
	missing := func(s models.Severity) bool { return rule.Limit.For(s).IsZero() }
	if found := where(missing); found != "" {
		r.Fault(at+"/limit", "it is missing for %s", found)
	}
	if most, is := promised[rule.Clock]; is {
		longer := func(s models.Severity) bool {
			limit := rule.Limit.For(s)
			return limit.Calendar != models.CalendarWall || limit.Of > most
		}
		if found := where(longer); found != "" {
			r.Fault(at+"/limit", "the promise is %d hours of the wall clock, and no policy makes it longer, not for %s", int(most.Hours()), found)
		}
	}
	late := func(s models.Severity) bool {
		limit, target := rule.Limit.For(s), rule.Target.For(s)
		return !limit.IsZero() && !target.IsZero() && target.Calendar == limit.Calendar && target.Of >= limit.Of
	}
	if found := where(late); found != "" {
		r.Fault(at+"/target", "a target comes before the limit, for %s too", found)
	}
	for name, b := range map[string]models.BySeverity{"/limit": rule.Limit, "/target": rule.Target} {
		for _, s := range models.Severities() {
			if c := b.For(s).Calendar; c != models.CalendarWall && !p.knows(c) {
				r.Fault(at+name, "there is no calendar %q", c)
				break
			}
		}
	}
}

// where lists the severities for which something is wrong.
func where(wrong func(models.Severity) bool) string {
	return join(slices.DeleteFunc(models.Severities(), func(s models.Severity) bool { return !wrong(s) }))
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
