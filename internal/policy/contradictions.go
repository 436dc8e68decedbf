package policy

import (
	"time"

	"recourse/models"
)

// promised is how long the promises of the founding documents allow, whatever the severity.
var promised = map[models.Clock]time.Duration{models.ClockFirstResponse: 24 * time.Hour, models.ClockFeedback: 48 * time.Hour}

// contradictions says where a policy that can be read says what cannot be meant.
func (r *reader) contradictions(p Policy) {
	for _, rule := range p.Clocks {
		for _, s := range models.Severities() {
			r.bounds(p, rule, s)
		}
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

// bounds judges one clock for one severity.
func (r *reader) bounds(p Policy, rule models.ClockRule, s models.Severity) {
	at := "/clocks/" + string(rule.Clock)
	limit, target := rule.Limit.For(s), rule.Target.For(s)
	if limit.IsZero() {
		r.fault(at+"/limit", "it is missing for %s", s)
		return
	}
	r.calendarOf(p, at+"/limit", limit, s)
	r.calendarOf(p, at+"/target", target, s)
	if most, is := promised[rule.Clock]; is && (limit.Calendar != models.CalendarWall || limit.Of > most) {
		r.fault(at+"/limit", "for %s: the promise is %d hours of the wall clock, and no policy makes it longer", s, int(most.Hours()))
	}
	if !target.IsZero() && target.Calendar == limit.Calendar && target.Of >= limit.Of {
		r.fault(at+"/target", "for %s: a target comes before the limit", s)
	}
}

func (r *reader) calendarOf(p Policy, at string, a models.Amount, s models.Severity) {
	if a.Calendar != models.CalendarWall && !p.knows(a.Calendar) {
		r.fault(at, "for %s: there is no calendar %q", s, a.Calendar)
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
