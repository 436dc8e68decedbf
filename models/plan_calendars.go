package models

// CalendarsFor says whose hours are meant by CalendarWorking, where they are not the company's: those of
// the department that has a case, else those of the channel by which it came.
type CalendarsFor struct {
	Channels    map[Channel]string `json:"channels,omitempty"`    // names of calendars
	Departments map[string]string  `json:"departments,omitempty"` // names of calendars, by the department's id
}

// IsZero says that everybody keeps the company's.
func (f CalendarsFor) IsZero() bool { return len(f.Channels) == 0 && len(f.Departments) == 0 }

// Of names the calendar that is meant by CalendarWorking for a case that came by a channel and is in the
// hands of a department; a department may be empty.
func (f CalendarsFor) Of(channel Channel, department string) string {
	if name := f.Departments[department]; name != "" {
		return name
	}
	if name := f.Channels[channel]; name != "" {
		return name
	}
	return CalendarWorking
}

// Counted returns an amount in the calendar in which a clock counts it: where it names CalendarWorking,
// the clock's own. Empty, or unknown to the plan, own stands for none.
func (p Plan) Counted(a Amount, own string) Amount {
	if a.Calendar != CalendarWorking || own == "" {
		return a
	}
	if _, known := p.Calendar(own); known {
		a.Calendar = own
	}
	return a
}

// CountsIn says whether a clock counts in a calendar, for any severity.
func (r ClockRule) CountsIn(calendar string) bool {
	for _, s := range Severities() {
		if r.Limit.For(s).Calendar == calendar || r.Target.For(s).Calendar == calendar {
			return true
		}
	}
	return false
}
