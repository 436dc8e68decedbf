package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"recourse/internal/calendar"
	"recourse/models"
)

// Change is one place in which two policies differ.
type Change struct {
	Path    string // JSON pointer
	Was, Is string // as it is written; empty: it was not, or is no longer there
}

// String is the change as a line of text.
func (c Change) String() string {
	switch {
	case c.Was == "":
		return fmt.Sprintf("+ %s: %s", c.Path, c.Is)
	case c.Is == "":
		return fmt.Sprintf("- %s: %s", c.Path, c.Was)
	}
	return fmt.Sprintf("~ %s: %s → %s", c.Path, c.Was, c.Is)
}

// Diff says in what a policy differs from the one before it, in the order of the document. How it is
// written does not count: 1d is 24h.
func Diff(was, is Policy) (changes []Change) {
	before, after := was.lines(), is.lines()
	old := map[string]string{}
	for _, l := range before {
		old[l.path] = l.text
	}
	kept := map[string]bool{}
	for _, l := range after {
		kept[l.path] = true
		if old[l.path] != l.text {
			changes = append(changes, Change{Path: l.path, Was: old[l.path], Is: l.text})
		}
	}
	for _, l := range before {
		if !kept[l.path] {
			changes = append(changes, Change{Path: l.path, Was: l.text})
		}
	}
	return changes
}

// line is one value of a policy, as it is written.
type line struct{ path, text string }

// lines are all values of a policy, in the order of the document.
func (p Policy) lines() (all []line) {
	add := func(path, text string) {
		if text != "" {
			all = append(all, line{path, text})
		}
	}
	for _, r := range p.Clocks {
		for _, s := range models.Severities() {
			add(fmt.Sprintf("/clocks/%s/limit/%s", r.Clock, s), AmountText(r.Limit.For(s)))
			add(fmt.Sprintf("/clocks/%s/target/%s", r.Clock, s), AmountText(r.Target.For(s)))
		}
	}
	for _, l := range p.Ladders {
		for i, r := range l.Rungs {
			add(fmt.Sprintf("/ladders/%s/%s/%d", l.Severity, l.Class, i), rungText(r))
		}
	}
	for _, c := range p.Calendars {
		c.lines(add)
	}
	p.forLines(add)
	add("/callback/attempts", strconv.Itoa(p.Callback.Attempts))
	add("/survey/remind", lengthText(p.Survey.Remind))
	add("/survey/expires", lengthText(p.Survey.Expires))
	add("/reopen_within", lengthText(p.ReopenWithin))
	add("/close_anonymous", lengthText(p.CloseAnonymous))
	add("/unsatisfied_at_most", strconv.Itoa(p.UnsatisfiedAtMost))
	add("/pause_at_most", lengthText(p.PauseAtMost))
	add("/money_at_most", strconv.FormatInt(p.MoneyAtMost, 10))
	add("/problem_after/reworks", strconv.Itoa(p.ProblemAfter))
	add("/problem_after/moves", strconv.Itoa(p.ProblemMoves))
	add("/promise_again", lengthText(p.PromiseAgain))
	if p.SnoozeAtMost > 0 {
		add("/snooze_at_most", lengthText(p.SnoozeAtMost))
	}
	p.Quiet.lines(add)
	if p.EraseAfter > 0 {
		add("/retention/erase_after", lengthText(p.EraseAfter))
	}
	return all
}

// lines are the values of a calendar.
func (c Calendar) lines(add func(path, text string)) {
	at := "/calendars/" + c.Name
	for d := 1; d <= 7; d++ { // from Monday
		add(at+"/hours/"+weekdays[d%7], HoursText(c.Week[d%7]))
	}
	if c.Name != models.CalendarHalves {
		add(at+"/zone", c.Zone.String())
	}
	add(at+"/holidays", string(c.Keeps))
	add(at+"/make_up_days", weekdays[c.Like])
	if c.Known != (calendar.Date{}) {
		add(at+"/known_until", c.Known.String())
	}
	c.dateLines(at, add)
}

// dateLines are the days of a calendar that differ, day by day.
func (c Calendar) dateLines(at string, add func(path, text string)) {
	var days []line
	on := func(section string, d calendar.Date, text string) {
		days = append(days, line{at + "/" + section + "/" + d.String(), text})
	}
	for d, hours := range c.Days {
		on("days", d, HoursText(hours))
	}
	for d, name := range c.Own.Off {
		on("days_off", d, name.EN)
	}
	for d, name := range c.Own.Work {
		on("days_worked", d, name.EN)
	}
	for d, shut := range c.Closures {
		for _, s := range shut {
			on("closures", d, strings.TrimSpace(closureHours(s)+" "+s.Name.EN))
		}
	}
	slices.SortStableFunc(days, func(a, b line) int { return strings.Compare(a.path+a.text, b.path+b.text) })
	for i := 1; i < len(days); i++ { // several closures of one day are one line
		if days[i].path == days[i-1].path {
			days[i].text = days[i-1].text + "; " + days[i].text
			days[i-1].text = ""
		}
	}
	for _, d := range days {
		add(d.path, d.text)
	}
}

// rungText writes a rung in one line.
func rungText(r models.Rung) string {
	text := whenText(r) + ": " + join(r.Roles)
	if r.AckWithin > 0 {
		text += ", acknowledge within " + lengthText(r.AckWithin)
	}
	if len(r.RepeatTo) > 0 {
		text += fmt.Sprintf(", else %s up to %d times", join(r.RepeatTo), r.Repeats)
	}
	if len(r.By) > 0 {
		text += ", by " + join(r.By)
	}
	return text
}
