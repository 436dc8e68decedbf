package figures

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"recourse/internal/kpi"
	"recourse/models"
)

// Ask is what somebody asks figures of, as an address says it. What is zero has a default.
type Ask struct {
	From, Until time.Time // received at or after, and before; by themselves the thirty days up to now
	Cut         time.Time // clocks that still run are judged as of then; by itself now
	Zone        string    // IANA zone in which days begin; by itself the company's
	Filters     []string  // dimension:value
	Measures    []string  // keys, or key@version; by themselves the headline figures
}

// lately is how far back a period reaches that nobody gave a beginning.
const lately = 30 * 24 * time.Hour

// Query makes of what an actor asks a query for the table, of no more than they may see. CodeInvalid at
// /from, /cut, /zone or /filter.
func (s *Service) Query(a models.Actor, ask Ask) (kpi.Query, error) {
	now := s.Now()
	q := kpi.Query{From: ask.From, Until: ask.Until, Cut: ask.Cut, Zone: s.Zone, Visible: models.VisibleTo(a), Measures: ask.Measures}
	if q.Until.IsZero() {
		q.Until = now
	}
	if q.From.IsZero() {
		q.From = q.Until.Add(-lately)
	}
	if q.Cut.IsZero() {
		q.Cut = now
	}
	if !q.From.Before(q.Until) {
		return q, models.Invalid("/from", "the period ends before it begins")
	}
	if q.Cut.After(now) {
		return q, models.Invalid("/cut", "the data cut lies in the future")
	}
	var err error
	if q.Zone, err = ZoneOf(ask.Zone, s.Zone); err != nil {
		return q, err
	}
	q.Filters, err = Filters(ask.Filters)
	return q, err
}

// ZoneOf is the zone of an IANA name; usual where none is given. CodeInvalid at /zone: there is none.
func ZoneOf(name string, usual *time.Location) (*time.Location, error) {
	if name == "" {
		return usual, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || nowhere(name) {
		return nil, models.Invalid("/zone", fmt.Sprintf("there is no time zone %q; name one of the IANA list, such as Asia/Shanghai or Europe/Berlin", name))
	}
	return zone, nil
}

// nowhere says whether a name that a system knows is no place of the IANA list: its own zone, or one of its own making.
func nowhere(name string) bool {
	return slices.Contains([]string{"Local", "localtime", "posixrules", "Factory"}, name) ||
		strings.HasPrefix(name, "posix/") || strings.HasPrefix(name, "right/")
}

// Filters reads filters, each as dimension:value. CodeInvalid at /filter: one is not.
func Filters(asked []string) (map[kpi.Dimension][]string, error) {
	all := map[kpi.Dimension][]string{}
	for _, f := range asked {
		dimension, value, is := strings.Cut(f, ":")
		if !is {
			return nil, models.Invalid("/filter", fmt.Sprintf("%q is not a dimension and a value, such as severity:urgent", f))
		}
		all[kpi.Dimension(dimension)] = append(all[kpi.Dimension(dimension)], value)
	}
	return all, nil
}
