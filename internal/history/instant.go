package history

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones must not depend on the machine
)

// form is one way in which a log writes an instant. The zero offset result says that the text names no
// offset, so that the wall clock of the zone counts.
type form struct {
	name   string
	tokens []token
	read   func(text string, epoch1904 bool) (civil, bool) // of a form that is no pattern
}

// civil is what a text says: a wall clock, or an instant when it names its offset.
type civil struct {
	year, month, day, hour, minute, second, nano int

	offset  int // seconds east of UTC
	instant bool
}

type token struct {
	kind    string // one of tokens; empty: the literal
	literal string
}

// tokens are what a pattern is made of, the longest first.
var tokens = []string{"YYYY", "YY", "dddd", "ddd", "MMMM", "MMM", "MM", "M", "DD", "D", "HH", "H", "hh", "h", "mm", "m", "ss", "s", "S", "A", "Z"}

// named are the forms that are no patterns.
var named = map[string]func(string, bool) (civil, bool){
	"iso":     readISO,
	"unix":    func(text string, _ bool) (civil, bool) { return readUnix(text, time.Second) },
	"unix_ms": func(text string, _ bool) (civil, bool) { return readUnix(text, time.Millisecond) },
	"excel":   readExcel,
}

// parseForm reads a form as a mapping writes it, such as D/M/YYYY HH:mm.
func parseForm(text string) (form, error) {
	if read, is := named[text]; is {
		return form{name: text, read: read}, nil
	}
	f := form{name: text}
	seen := map[byte]bool{}
	for rest := text; rest != ""; {
		if rest[0] == '\'' {
			words, after, closed := strings.Cut(rest[1:], "'")
			if !closed {
				return f, fmt.Errorf("the quote in %q is not closed", text)
			}
			f.tokens, rest = append(f.tokens, token{literal: words}), after
			continue
		}
		kind := ""
		for _, t := range tokens {
			if strings.HasPrefix(rest, t) {
				kind = t
				break
			}
		}
		if kind == "" {
			f.tokens, rest = append(f.tokens, token{literal: rest[:1]}), rest[1:]
			continue
		}
		part := kind[0]
		if part == 'h' {
			part = 'H'
		}
		if seen[part] && part != 'S' {
			return f, fmt.Errorf("%q says %s twice", text, kind)
		}
		seen[part] = true
		if kind == "S" { // as many digits as there are
			rest = strings.TrimLeft(rest, "S")
		} else {
			rest = rest[len(kind):]
		}
		f.tokens = append(f.tokens, token{kind: kind})
	}
	if !seen['Y'] || !seen['M'] {
		return f, fmt.Errorf("%q is neither iso, unix, unix_ms, excel nor a form with a year (YYYY) and a month such as D/M/YYYY HH:mm", text)
	}
	if strings.Contains(strings.ReplaceAll(text, "hh", "h"), "h") != seen['A'] {
		return f, fmt.Errorf("%q: hours of a half day (h, hh) and AM or PM (A) belong together", text)
	}
	return f, nil
}

// parse reads a text that is written in the form, whole.
func (f form) parse(text string, epoch1904 bool) (civil, bool) {
	if f.read != nil {
		return f.read(text, epoch1904)
	}
	c := civil{month: 1, day: 1}
	var half *halfDay
	for _, t := range f.tokens {
		if t.kind == "" {
			after, is := strings.CutPrefix(text, t.literal)
			if !is {
				return c, false
			}
			text = after
			continue
		}
		var ok bool
		switch t.kind {
		case "A":
			half, text = readHalf(text)
			ok = half != nil
		case "Z":
			c.instant = true
			c.offset, text, ok = readOffset(text)
		case "MMM", "MMMM":
			c.month, text, ok = readMonth(text, t.kind == "MMMM")
		case "ddd", "dddd":
			text, ok = readWeekday(text, t.kind == "dddd")
		case "S":
			c.nano, text, ok = readFraction(text)
		default:
			ok = c.number(t.kind, &text)
		}
		if !ok {
			return c, false
		}
	}
	if half != nil {
		if !slices.Contains(half.hours, c.hour) {
			return c, false
		}
		c.hour %= 12
		if half.after || half.noon && c.hour < 3 {
			c.hour += 12
		}
	}
	return c, text == "" && c.real()
}

// number reads the digits of one part: a doubled letter wants both, a single one takes one or two.
func (c *civil) number(kind string, text *string) bool {
	least, most := 1, 2
	if len(kind) > 1 {
		least, most = len(kind), len(kind)
	}
	n, rest, ok := digits(*text, least, most)
	if !ok {
		return false
	}
	*text = rest
	switch kind {
	case "YYYY":
		c.year = n
	case "YY": // as POSIX reads them
		c.year = 2000 + n
		if n >= 69 {
			c.year = 1900 + n
		}
	case "MM", "M":
		c.month = n
	case "DD", "D":
		c.day = n
	case "HH", "H", "hh", "h":
		c.hour = n
	case "mm", "m":
		c.minute = n
	case "ss", "s":
		c.second = n
	}
	return true
}

// real says whether the day and the time exist on a calendar and a clock.
func (c civil) real() bool {
	day := time.Date(c.year, time.Month(c.month), c.day, 0, 0, 0, 0, time.UTC)
	return day.Day() == c.day && int(day.Month()) == c.month && c.year >= 1900 && c.year <= 2200 &&
		c.hour < 24 && c.minute < 60 && c.second < 60
}

func digits(text string, least, most int) (n int, rest string, ok bool) {
	i := 0
	for i < len(text) && i < most && text[i] >= '0' && text[i] <= '9' {
		n = n*10 + int(text[i]-'0')
		i++
	}
	return n, text[i:], i >= least
}

func readFraction(text string) (nano int, rest string, ok bool) {
	i, unit := 0, int(time.Second)
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		unit /= 10
		nano += int(text[i]-'0') * unit
		i++
	}
	return nano, text[i:], i > 0
}

// halfDay is a half of a day, or a part of it, and the hours from 1 to 12 that are said with its name. Other hours
// with that name would be a guess: 晚上12点 is midnight to some, and 1 at night is the next day.
type halfDay struct {
	name        string
	hours       []int
	after, noon bool // it is behind noon; noon: from 12 to 2 only
}

var (
	anyHour  = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	halfDays = []halfDay{
		{name: "AM", hours: anyHour},
		{name: "PM", hours: anyHour, after: true},
		{name: "上午", hours: anyHour},
		{name: "下午", hours: anyHour, after: true},
		{name: "凌晨", hours: []int{12, 1, 2, 3, 4, 5, 6}},
		{name: "早上", hours: []int{4, 5, 6, 7, 8, 9, 10, 11}},
		{name: "中午", hours: []int{11, 12, 1, 2}, noon: true},
		{name: "晚上", hours: []int{5, 6, 7, 8, 9, 10, 11}, after: true},
	}
)

// readHalf reads the name of a half of a day; nil: there is none.
func readHalf(text string) (half *halfDay, rest string) {
	for i, h := range halfDays {
		if n := len(h.name); len(text) >= n && strings.EqualFold(text[:n], h.name) {
			return &halfDays[i], text[n:]
		}
	}
	return nil, text
}

// readMonth reads the English name of a month, whole or its first three letters.
func readMonth(text string, whole bool) (month int, rest string, ok bool) {
	for m := time.January; m <= time.December; m++ {
		name := m.String()
		if !whole {
			name = name[:3]
		}
		if len(text) >= len(name) && strings.EqualFold(text[:len(name)], name) {
			return int(m), text[len(name):], true
		}
	}
	return 0, text, false
}

// readWeekday reads the English name of a day of the week, which says nothing that the date does not say.
func readWeekday(text string, whole bool) (rest string, ok bool) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := d.String()
		if !whole {
			name = name[:3]
		}
		if len(text) >= len(name) && strings.EqualFold(text[:len(name)], name) {
			return text[len(name):], true
		}
	}
	return text, false
}

// readOffset reads Z, UTC, GMT, +08, +0800 or +08:00.
func readOffset(text string) (seconds int, rest string, ok bool) {
	for _, zero := range []string{"Z", "UTC", "GMT"} {
		if after, is := strings.CutPrefix(text, zero); is {
			return 0, after, true
		}
	}
	if text == "" || text[0] != '+' && text[0] != '-' {
		return 0, text, false
	}
	hours, rest, ok := digits(text[1:], 2, 2)
	if !ok || hours > 14 {
		return 0, text, false
	}
	seconds = hours * 3600
	after, colon := strings.CutPrefix(rest, ":")
	if minutes, end, is := digits(after, 2, 2); is && minutes < 60 {
		seconds, rest = seconds+minutes*60, end
	} else if colon {
		return 0, text, false
	}
	if text[0] == '-' {
		seconds = -seconds
	}
	return seconds, rest, true
}

// readISO reads what ISO 8601 and RFC 3339 write: a day, or a day and a time behind T or a space, with or
// without seconds, a fraction and an offset.
func readISO(text string, _ bool) (civil, bool) {
	c := civil{}
	var ok bool
	part := func(into *int, size int, before string) bool {
		text, ok = strings.CutPrefix(text, before)
		if ok {
			*into, text, ok = digits(text, size, size)
		}
		return ok
	}
	if !part(&c.year, 4, "") || !part(&c.month, 2, "-") || !part(&c.day, 2, "-") {
		return c, false
	}
	if text == "" {
		return c, c.real()
	}
	if text[0] != 'T' && text[0] != 't' && text[0] != ' ' {
		return c, false
	}
	if !part(&c.hour, 2, text[:1]) || !part(&c.minute, 2, ":") {
		return c, false
	}
	if strings.HasPrefix(text, ":") && !part(&c.second, 2, ":") {
		return c, false
	}
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, ",") {
		if c.nano, text, ok = readFraction(text[1:]); !ok {
			return c, false
		}
	}
	if text = strings.TrimPrefix(text, " "); text != "" {
		c.instant = true
		if c.offset, text, ok = readOffset(text); !ok {
			return c, false
		}
	}
	return c, text == "" && c.real()
}

func readUnix(text string, unit time.Duration) (civil, bool) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Abs(n) > 1e14 || math.IsNaN(n) {
		return civil{}, false
	}
	micros := int64(math.Round(n * float64(unit/time.Microsecond)))
	return civilOf(time.UnixMicro(micros).UTC(), true)
}

// readExcel reads a number of days as a workbook keeps dates, to the nearest second.
func readExcel(text string, epoch1904 bool) (civil, bool) {
	n, ok := excelDays(text)
	if !ok || math.IsNaN(n) || n < 1 || n > 110_000 {
		return civil{}, false
	}
	if epoch1904 {
		n += 1462
	}
	days := math.Floor(n)
	if days < 61 { // before the day that only Excel knows, 29 February 1900
		days++
		n++
	}
	seconds := int64(math.Round((n - days) * 86400))
	return civilOf(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days)).Add(time.Duration(seconds)*time.Second), false)
}

// excelDays reads a number of days, or a day and behind a space the time in a cell of its own.
func excelDays(text string) (days float64, ok bool) {
	day, clock, apart := strings.Cut(text, " ")
	days, err := strconv.ParseFloat(day, 64)
	if err != nil || !apart {
		return days, err == nil
	}
	part, ok := partOfDay(clock)
	if !ok {
		part, ok = clockPart(clock)
	}
	return days + part, ok && days == math.Floor(days)
}

// partOfDay reads a time as a workbook keeps it.
func partOfDay(text string) (float64, bool) {
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil && n >= 0 && n < 1
}

// clockPart reads a time that is written out, as the part of a day that it is.
func clockPart(text string) (float64, bool) {
	for _, layout := range []string{"15:04", "15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil {
			return float64(at.Hour()*3600+at.Minute()*60+at.Second()) / 86400, true
		}
	}
	return 0, false
}

// withTime reads a day in the form, and behind a space the time as a workbook keeps it in a cell of its own.
func (f form) withTime(text string) (civil, bool) {
	i := strings.LastIndexByte(text, ' ')
	if i < 0 {
		return civil{}, false
	}
	part, is := partOfDay(text[i+1:])
	c, ok := f.parse(strings.TrimSpace(text[:i]), false)
	if !is || !ok || c.instant || c.hour+c.minute+c.second+c.nano > 0 {
		return c, false
	}
	day := time.Date(c.year, time.Month(c.month), c.day, 0, 0, 0, 0, time.UTC)
	return civilOf(day.Add(time.Duration(math.Round(part*86400))*time.Second), false)
}

func civilOf(t time.Time, instant bool) (civil, bool) {
	return civil{
		t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), 0, instant,
	}, t.Year() >= 1900 && t.Year() <= 2200
}

// turn says what the zone's clock did where a wall clock stands on no instant, or on two.
type turn int

const (
	turnNone  turn = iota
	turnGap        // the clock was put forward: there was no such time. It is read as if nobody had
	turnTwice      // the clock was put back: there were two. The earlier is meant
)

// in is the instant that a wall clock means in a zone.
func (c civil) in(zone *time.Location) (time.Time, turn) {
	if c.instant {
		return time.Date(c.year, time.Month(c.month), c.day, c.hour, c.minute, c.second, c.nano, time.UTC).
			Add(-time.Duration(c.offset) * time.Second).Truncate(time.Microsecond), turnNone
	}
	wall := time.Date(c.year, time.Month(c.month), c.day, c.hour, c.minute, c.second, c.nano, time.UTC)
	_, before := wall.Add(-24 * time.Hour).In(zone).Zone()
	_, after := wall.Add(24 * time.Hour).In(zone).Zone()
	early := wall.Add(-time.Duration(max(before, after)) * time.Second)
	late := wall.Add(-time.Duration(min(before, after)) * time.Second)
	fits := func(at time.Time) bool {
		_, offset := at.In(zone).Zone()
		return at.Add(time.Duration(offset) * time.Second).Equal(wall)
	}
	switch {
	case before == after:
		return early.Truncate(time.Microsecond), turnNone
	case fits(early) && fits(late):
		return early.Truncate(time.Microsecond), turnTwice
	case fits(early):
		return early.Truncate(time.Microsecond), turnNone
	case fits(late):
		return late.Truncate(time.Microsecond), turnNone
	default: // the offset before the change
		return wall.Add(-time.Duration(before) * time.Second).Truncate(time.Microsecond), turnGap
	}
}

var errForm = errors.New("it is written in none of the listed forms")

// instant reads a cell in the first form that it is written in. A cell that two forms read differently is
// refused: which one is meant would be a guess.
func instant(text string, forms []form, zone *time.Location, epoch1904 bool) (time.Time, turn, error) {
	var (
		found time.Time
		what  turn
		by    string
	)
	excel := slices.ContainsFunc(forms, func(f form) bool { return f.name == "excel" })
	for _, f := range forms {
		c, ok := f.parse(text, epoch1904)
		if !ok && excel {
			c, ok = f.withTime(text)
		}
		if !ok {
			continue
		}
		at, t := c.in(zone)
		if by == "" {
			found, what, by = at, t, f.name
		} else if !at.Equal(found) {
			return found, what, fmt.Errorf("%q is one instant as %s and another as %s; list one form for this column", text, by, f.name)
		}
	}
	if by == "" {
		names := make([]string, len(forms))
		for i, f := range forms {
			names[i] = f.name
		}
		return found, what, fmt.Errorf("%q: %w: %s", text, errForm, strings.Join(names, ", "))
	}
	return found, what, nil
}
