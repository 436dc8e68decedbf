package policy

import (
	"fmt"
	"time"
	_ "time/tzdata" // zones must not depend on the machine

	"recourse/internal/calendar"
	"recourse/models"
)

// horizon is how far ahead a plan knows its calendars.
const horizon = 90 * 24 * time.Hour

// Policy is one version of the company's rules.
type Policy struct {
	Version           string
	Working           calendar.Calendar // working days of the company, in its zone
	Decent            calendar.Calendar // decent hours, in whichever zone the customer is
	Clocks            []models.ClockRule
	Ladders           []models.Ladder
	Callback          models.CallbackRule
	Survey            models.SurveyRule
	ReopenWithin      time.Duration
	CloseAnonymous    time.Duration
	UnsatisfiedAtMost int
	PauseAtMost       time.Duration // longer is a request
	MoneyAtMost       int64         // minor units; more is a request
	ProblemAfter      int           // reworks, or transfers and returns
	PromiseAgain      time.Duration // to the new date after a broken promise of contact

	told *told
}

// Default is the policy that the product ships with. The 24 h and 48 h promises are the founding
// documents'; what they leave open is ours (product.md, sections 2 to 5) and meant to be changed.
func Default(zone *time.Location) Policy {
	return Policy{
		Version:           "default-1",
		Working:           in(zone, models.CalendarWorking, calendar.AllDay),
		Decent:            in(zone, models.CalendarHalves, morning, afternoon),
		Clocks:            defaultClocks(),
		Ladders:           defaultLadders(),
		Callback:          models.CallbackRule{Attempts: 3},
		Survey:            models.SurveyRule{Expires: 7 * 24 * time.Hour, Remind: 24 * time.Hour},
		ReopenWithin:      30 * 24 * time.Hour,
		CloseAnonymous:    7 * 24 * time.Hour,
		UnsatisfiedAtMost: 2,
		PauseAtMost:       3 * 24 * time.Hour,
		MoneyAtMost:       50_000,
		ProblemAfter:      3,
		PromiseAgain:      24 * time.Hour,
		told:              new(told),
	}
}

// Plan is what a case of a customer in a zone needs to know of the policy from an instant on. rules
// is the version of the kernel's rules. An unknown zone counts as the company's.
func (p Policy) Plan(now time.Time, customerZone string, rules int) models.Plan {
	decent := p.Decent
	if zone, err := Zone(customerZone); err == nil {
		decent.Zone, decent.Holidays = zone, holidaysIn(zone)
	}
	return models.Plan{
		Policy:   p.Version,
		Rules:    rules,
		Clocks:   p.Clocks,
		Ladders:  p.Ladders,
		Callback: p.Callback,
		Survey:   p.Survey,
		Calendars: []models.Calendar{
			p.planned(p.Working, now, lookBack),
			p.planned(decent, now, 0),
		},
		ReopenWithin:      p.ReopenWithin,
		CloseAnonymous:    p.CloseAnonymous,
		UnsatisfiedAtMost: p.UnsatisfiedAtMost,
		PauseAtMost:       p.PauseAtMost,
		MoneyAtMost:       p.MoneyAtMost,
		ProblemAfter:      p.ProblemAfter,
		PromiseAgain:      p.PromiseAgain,
	}
}

// Zone reads an IANA time zone by name.
func Zone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, fmt.Errorf("%q is not an IANA time zone such as Asia/Shanghai", name)
	}
	return zone, nil
}
