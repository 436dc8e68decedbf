package policy

import (
	"bytes"
	_ "embed" // the policy that the product ships with
	"fmt"
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // zones must not depend on the machine

	"recourse/internal/document"
	"recourse/models"
)

const day = 24 * time.Hour

// horizon is how far ahead a plan knows its calendars.
const horizon = 90 * day

// Policy is one version of the company's rules.
type Policy struct {
	Version           string
	Calendars         []Calendar // CalendarWorking and CalendarHalves first
	CalendarsFor      models.CalendarsFor
	Clocks            []models.ClockRule
	Ladders           []models.Ladder
	Callback          models.CallbackRule
	Survey            models.SurveyRule
	ReopenWithin      time.Duration
	CloseAnonymous    time.Duration
	UnsatisfiedAtMost int
	PauseAtMost       time.Duration // longer is a request
	MoneyAtMost       int64         // minor units; more is a request
	ProblemAfter      int           // reworks
	ProblemMoves      int           // transfers and returns
	PromiseAgain      time.Duration // to the new date after a broken promise of contact
	SnoozeAtMost      time.Duration // for which an alert may be put off; zero: none may
	Quiet             QuietHours    // when nobody is reminded
	EraseAfter        time.Duration // from a customer's last event to their erasure; zero: nobody is erased unasked
	Examples          []Example

	company *time.Location
	told    *told
	written document.Lines
}

// DefaultVersion is the version of the policy that the product ships with.
const DefaultVersion = "default-1"

//go:embed default.yaml
var defaultDocument []byte

// DefaultDocument is the policy that the product ships with, as it is written.
func DefaultDocument() []byte { return bytes.Clone(defaultDocument) }

// Default is the policy that the product ships with. The 24 h and 48 h promises are the founding
// documents'; what they leave open is ours (product.md, sections 2 to 5) and meant to be changed.
func Default(company *time.Location) Policy {
	read, _ := defaults.LoadOrStore(company.String(), sync.OnceValue(func() Policy { return readDefault(company) }))
	p := read.(func() Policy)() //nolint:forcetypeassert // nobody else puts anything there
	p.Clocks, p.Ladders, p.told = slices.Clone(p.Clocks), slices.Clone(p.Ladders), new(told)
	for i, l := range p.Ladders {
		p.Ladders[i].Rungs = slices.Clone(l.Rungs)
	}
	return p
}

// defaults are the policies as shipped, by the company's zone.
var defaults sync.Map

func readDefault(company *time.Location) Policy {
	p, faults := Read(defaultDocument, company)
	if Grave(faults) { // it is embedded, and a test reads it in every zone
		panic(fmt.Sprint(faults))
	}
	p.Version = DefaultVersion
	return p
}

// Plan is what a case of a customer in a zone needs to know of the policy from an instant on. rules
// is the version of the kernel's rules. An unknown zone counts as the company's.
func (p Policy) Plan(now time.Time, customerZone string, rules int) models.Plan {
	return models.Plan{
		Policy:            p.Version,
		Rules:             rules,
		Clocks:            p.Clocks,
		Ladders:           p.Ladders,
		Callback:          p.Callback,
		Survey:            p.Survey,
		Calendars:         p.planned(now, customerZone),
		CalendarsFor:      p.CalendarsFor,
		ReopenWithin:      p.ReopenWithin,
		CloseAnonymous:    p.CloseAnonymous,
		UnsatisfiedAtMost: p.UnsatisfiedAtMost,
		PauseAtMost:       p.PauseAtMost,
		MoneyAtMost:       p.MoneyAtMost,
		ProblemAfter:      p.ProblemAfter,
		ProblemMoves:      p.problemMoves(),
		PromiseAgain:      p.PromiseAgain,
		SnoozeAtMost:      p.SnoozeAtMost,
		Quiet:             p.quiet(now),
	}
}

// problemMoves is left out of a plan where it says no more than the number of reworks does: plans travel
// with every command.
func (p Policy) problemMoves() int {
	if p.ProblemMoves == p.ProblemAfter {
		return 0
	}
	return p.ProblemMoves
}

// Zone reads an IANA time zone by name.
func Zone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, fmt.Errorf("%q is not an IANA time zone such as Asia/Shanghai", name)
	}
	return zone, nil
}
