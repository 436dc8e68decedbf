package policy

import (
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"recourse/internal/calendar"
	"recourse/models"
)

// QuietHours say when nobody is reminded that a clock will run out: on every day between two times of the
// company's zone, or whenever a calendar is closed. Zero: people are reminded at any hour.
type QuietHours struct {
	From, Until int    // minutes of the day; From may be the later one, then they go over midnight
	Outside     string // name of a calendar
}

// IsZero says that people are reminded at any hour.
func (q QuietHours) IsZero() bool { return q == QuietHours{} }

// wholeDay is a day in minutes.
const wholeDay = 24 * 60

// quiet reads "22:00-08:00" or the name of a calendar.
func (r *reader) quiet(n *yaml.Node, at string) (q QuietHours) {
	if n.Kind != yaml.ScalarNode {
		r.Mapping(n, at, fields{"outside": func(n *yaml.Node, at string) { q.Outside, _ = r.Text(n, at) }}, "outside")
		return q
	}
	text, is := r.Text(n, at)
	if !is {
		return q
	}
	from, until, _ := strings.Cut(text, "-")
	a, aIs := minute(from)
	b, bIs := minute(until)
	switch {
	case !aIs || !bIs:
		r.Fault(at, "%q are no hours such as 22:00-08:00", text)
	case a%wholeDay == b%wholeDay:
		r.Fault(at, "%q would be all day or never; without this line people are reminded at any hour", text)
	default:
		q.From, q.Until = a%wholeDay, b
	}
	return q
}

// lines are the values of the quiet hours.
func (q QuietHours) lines(add func(path, text string)) {
	if q.From != q.Until {
		add("/quiet_hours", fmt.Sprintf("%02d:%02d-%02d:%02d", q.From/60, q.From%60, q.Until/60, q.Until%60))
	}
	add("/quiet_hours/outside", q.Outside)
}

// week are the quiet hours as a calendar that is open while it is quiet: whoever knows the days on which the
// wall clock is put forward or back knows them here, too.
func (q QuietHours) week(zone *time.Location) calendar.Calendar {
	windows := []calendar.Window{{From: q.From, Until: q.Until}}
	if q.From > q.Until {
		windows = []calendar.Window{{From: q.From, Until: wholeDay}}
		if q.Until > 0 {
			windows = []calendar.Window{{From: 0, Until: q.Until}, windows[0]}
		}
	}
	c := calendar.Calendar{Name: "quiet hours", Zone: zone} // no calendar of a policy can be called so
	for day := range c.Week {
		c.Week[day] = windows
	}
	return c
}

// quiet tells the quiet hours of a plan from the day before an instant up to the horizon.
func (p Policy) quiet(now time.Time) models.Quiet {
	told := models.Quiet{Outside: p.Quiet.Outside}
	if p.Quiet.From != p.Quiet.Until {
		told.Nights = nights(p.told.open(p.Quiet.week(p.company), calendar.DateOf(now, p.company), day))
	}
	return told
}

// nights puts stretches together that follow each other day by day.
func nights(stretches []models.Interval) (all []models.Nights) {
	for _, s := range stretches {
		if n := len(all); n > 0 {
			last, after := &all[n-1], time.Duration(all[n-1].Days)*day
			if s.From.Equal(last.From.Add(after)) && s.Until.Equal(last.Until.Add(after)) {
				last.Days++
				continue
			}
		}
		all = append(all, models.Nights{From: s.From, Until: s.Until, Days: 1})
	}
	return all
}
