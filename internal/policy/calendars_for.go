package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"recourse/internal/document"
	"recourse/models"
)

// maxChosen bounds the departments with a calendar of their own: a plan brings the whole list.
const maxChosen = 200

// calendarsFor reads whose hours count where they are not the company's.
func (r *reader) calendarsFor(n *yaml.Node, at string) (f models.CalendarsFor) {
	r.Mapping(n, at, fields{
		"channels": func(n *yaml.Node, at string) {
			f.Channels = map[models.Channel]string{}
			known := fields{}
			for _, channel := range models.Channels() {
				known[string(channel)] = func(n *yaml.Node, at string) { f.Channels[channel], _ = r.Text(n, at) }
			}
			r.Mapping(n, at, known)
		},
		"departments": func(n *yaml.Node, at string) {
			f.Departments = map[string]string{}
			r.Pairs(n, at, func(department string, n *yaml.Node, at string) { f.Departments[department], _ = r.Text(n, at) })
			if len(f.Departments) > maxChosen {
				r.Fault(at, "at most %d are possible", maxChosen)
			}
		},
	})
	return f
}

// chosen says what is wrong with the calendars that stand in for the company's or keep people from being
// reminded, and with the number of those that travel.
func (r *reader) chosen(p Policy) {
	judge := func(at, name string) {
		switch {
		case !p.knows(name):
			r.Fault(at, "there is no calendar %q", name)
		case name == models.CalendarHalves:
			r.Fault(at, "%s are the customer's half-days, nobody's working hours", name)
		}
	}
	for channel, name := range p.CalendarsFor.Channels {
		judge("/calendars_for/channels/"+string(channel), name)
	}
	for department, name := range p.CalendarsFor.Departments {
		judge("/calendars_for/departments/"+document.Pointer(department), name)
	}
	if p.Quiet.Outside != "" {
		judge("/quiet_hours/outside", p.Quiet.Outside)
	}
	if needed := p.needed(); len(needed) > maxPlanned {
		r.Fault("/calendars", "clocks, calendars_for and quiet_hours use %d calendars, and every case brings them along: at most %d are possible (%s)",
			len(needed), maxPlanned, strings.Join(slices.Sorted(maps.Keys(needed)), ", "))
	}
	if !p.CalendarsFor.IsZero() && !p.counts(models.CalendarWorking) && p.Quiet.Outside != models.CalendarWorking {
		r.Warn("/calendars_for", "no clock counts in %s, so that this changes nothing", models.CalendarWorking)
	}
}

// counts says whether a clock counts in a calendar.
func (p Policy) counts(name string) bool {
	return slices.ContainsFunc(p.Clocks, func(rule models.ClockRule) bool { return rule.CountsIn(name) })
}

// Lost says which departments of the document the company does not have.
func Lost(p Policy, departments map[string]bool) (faults []Fault) {
	for _, department := range slices.Sorted(maps.Keys(p.CalendarsFor.Departments)) {
		if !departments[department] {
			at := "/calendars_for/departments/" + document.Pointer(department)
			faults = append(faults, Fault{Path: at, Line: p.written.Of(at), Says: fmt.Sprintf("there is no department %q, or it is switched off", department)})
		}
	}
	return faults
}

// forLines are the values of the choice.
func (p Policy) forLines(add func(path, text string)) {
	for _, channel := range models.Channels() {
		add("/calendars_for/channels/"+string(channel), p.CalendarsFor.Channels[channel])
	}
	for _, department := range slices.Sorted(maps.Keys(p.CalendarsFor.Departments)) {
		add("/calendars_for/departments/"+document.Pointer(department), p.CalendarsFor.Departments[department])
	}
}
