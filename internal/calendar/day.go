package calendar

// Kind says why a day has the hours that it has.
type Kind string

// What a day can be, the weakest first.
const (
	KindWeek    Kind = "week"    // as every week
	KindWorked  Kind = "worked"  // a make-up working day, with the hours of another weekday
	KindOff     Kind = "off"     // a holiday
	KindSpecial Kind = "special" // hours of its own
)

// Day is a day of a calendar, and why it is as it is.
type Day struct {
	Date     Date
	Kind     Kind
	Name     Name      // of the holiday, or of that for which it makes up; empty: it has none
	Official bool      // the holiday is one of the country's
	Hours    []Window  // when it is open, closures taken out
	Closures []Closure // what was taken out
}

// Day returns what a day is, and its hours.
func (c Calendar) Day(d Date) Day {
	day := c.before(d)
	day.Date, day.Closures = d, c.Closures[d]
	if len(day.Closures) > 0 {
		day.Hours = without(day.Hours, day.Closures)
	}
	return day
}

// Hours returns the windows of a day, in order.
func (c Calendar) Hours(d Date) []Window { return c.Day(d).Hours }

// before is a day without its closures.
func (c Calendar) before(d Date) Day {
	if hours, own := c.Days[d]; own {
		return Day{Kind: KindSpecial, Hours: hours}
	}
	if day, found := c.Own.day(d, c.Week[c.Like]); found {
		return day
	}
	if c.Holidays != nil {
		if day, found := c.Holidays.day(d, c.Week[c.Like]); found {
			day.Official = true
			return day
		}
	}
	return Day{Kind: KindWeek, Hours: c.Week[d.Weekday()]}
}

// day is a day that is a holiday, or makes up for one with the hours like.
func (h *Holidays) day(d Date, like []Window) (Day, bool) {
	if name, off := h.Off[d]; off {
		return Day{Kind: KindOff, Name: name}, true
	}
	if name, work := h.Work[d]; work {
		return Day{Kind: KindWorked, Name: name, Hours: like}, true
	}
	return Day{}, false
}

// without takes closures out of the hours of a day.
func without(open []Window, shut []Closure) []Window {
	for _, s := range shut {
		var left []Window
		for _, w := range open {
			if w.From < s.From {
				left = append(left, Window{w.From, min(w.Until, s.From)})
			}
			if s.Until < w.Until {
				left = append(left, Window{max(w.From, s.Until), w.Until})
			}
		}
		open = left
	}
	return open
}
