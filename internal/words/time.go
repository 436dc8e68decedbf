package words

import (
	"fmt"
	"strings"
	"time"
)

// Instant writes t for people, in a time zone that is named. No time is no words.
func (s *Speaker) Instant(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return s.Say("time.instant", "at", s.Moment(t, zone), "zone", s.Zone(t.In(zone)))
}

// Moment writes t to the minute where the zone stands elsewhere.
func (s *Speaker) Moment(t time.Time, zone *time.Location) string {
	return s.format("time.moment", t, zone)
}

// Between writes a stretch of time to the minute; of one that ends on the day on which it begins the day
// once.
func (s *Speaker) Between(from, until time.Time, zone *time.Location) string {
	end := s.Moment(until, zone)
	if s.Day(from, zone) == s.Day(until, zone) {
		end = s.format("time.clock", until, zone)
	}
	return s.Say("time.between", "from", s.Moment(from, zone), "until", end)
}

// Day writes the day of t.
func (s *Speaker) Day(t time.Time, zone *time.Location) string { return s.format("time.day", t, zone) }

// Short writes t where there is little room: the day without its year, and the minute; what lies
// further from now than half a year is told by its day, with the year.
func (s *Speaker) Short(t, now time.Time, zone *time.Location) string {
	if now.Sub(t).Abs() > halfYear {
		return s.format("time.short_day", t, zone)
	}
	return s.format("time.short", t, zone)
}

// halfYear is how far the same day of another year is at least, whichever way one looks.
const halfYear = 182 * 24 * time.Hour

func (s *Speaker) format(layout string, t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(s.Say(layout))
}

// Zone is how people call the zone that t stands in; where there is no such word, its IANA name and
// what it is ahead of UTC at that instant.
func (s *Speaker) Zone(t time.Time) string {
	switch name := t.Location().String(); name {
	case "UTC", "Etc/UTC", "":
		return "UTC"
	case "Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "PRC":
		return s.Say("time.zone_china")
	default:
		return s.Say("time.zone", "name", name, "ahead", t.Format("UTC-07:00"))
	}
}

// Span writes a length of time in its two largest units.
func (s *Speaker) Span(d time.Duration) string {
	units := []struct {
		of  time.Duration
		key string
	}{{24 * time.Hour, "time.days"}, {time.Hour, "time.hours"}, {time.Minute, "time.minutes"}}
	var parts []string
	for _, u := range units {
		n := int(d / u.of)
		d %= u.of
		if n == 0 && len(parts) == 0 {
			continue
		}
		if n > 0 {
			parts = append(parts, s.Say(u.key, "n", n))
		}
		if len(parts) == 2 || n == 0 {
			break
		}
	}
	if len(parts) == 0 {
		return s.Say("time.moment_ago")
	}
	return strings.Join(parts, " ")
}

// Exactly writes a length of time to the second: days in words, the rest as a clock shows it.
func (s *Speaker) Exactly(d time.Duration) string {
	if d < time.Second {
		return s.Say("time.second_ago")
	}
	rest := d % (24 * time.Hour)
	clock := fmt.Sprintf("%02d:%02d:%02d", int(rest/time.Hour), int(rest/time.Minute)%60, int(rest/time.Second)%60)
	if days := int(d / (24 * time.Hour)); days > 0 {
		return s.Say("time.days", "n", days) + " " + clock
	}
	return clock
}

// ToTheSecond writes t with its seconds, where the zone stands elsewhere.
func (s *Speaker) ToTheSecond(t time.Time, zone *time.Location) string {
	return s.format("time.to_the_second", t, zone)
}

// Number writes a number with the separators of the language.
func (s *Speaker) Number(n any) string { return s.numbers.Sprint(n) }
