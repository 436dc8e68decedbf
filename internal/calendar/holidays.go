package calendar

import (
	"embed"
	"fmt"
	"strings"
	"time"
)

//go:embed holidays/*.tsv
var files embed.FS

// Holidays are the days off of a country and the weekends on which it works instead.
type Holidays struct {
	Off, Work           map[Date]Name
	FirstYear, LastYear int // complete
}

// HolidaysOf returns the official holidays of a country by its ISO 3166 code: CN is there.
func HolidaysOf(country string) (*Holidays, error) {
	data, err := files.ReadFile("holidays/" + country + ".tsv")
	if err != nil {
		return nil, fmt.Errorf("no holidays of %q are known", country)
	}
	h := &Holidays{Off: map[Date]Name{}, Work: map[Date]Name{}}
	for n, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		if err := h.read(line); err != nil {
			return nil, fmt.Errorf("holidays of %s, line %d: %w", country, n+1, err)
		}
	}
	return h, nil
}

// read takes in a line of a file of holidays; its first lines say what they mean.
func (h *Holidays) read(line string) error {
	if _, err := fmt.Sscanf(line, "# complete %d %d", &h.FirstYear, &h.LastYear); err == nil || strings.HasPrefix(line, "#") {
		return nil
	}
	fields := strings.Split(line, "\t")
	if len(fields) != 5 {
		return fmt.Errorf("%d fields where five are", len(fields))
	}
	from, err := time.Parse(time.DateOnly, fields[0])
	if err != nil {
		return err
	}
	until, err := time.Parse(time.DateOnly, fields[1])
	if err != nil {
		return err
	}
	into := map[string]map[Date]Name{"off": h.Off, "work": h.Work}[fields[2]]
	if into == nil {
		return fmt.Errorf("%q is neither off nor work", fields[2])
	}
	for day := from; !day.After(until); day = day.AddDate(0, 0, 1) {
		into[DateOf(day, time.UTC)] = Name{EN: fields[3], ZH: fields[4]}
	}
	return nil
}
