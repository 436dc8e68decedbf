package calendar_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
	"recourse/models"
)

// Every instant lies in one stretch, which is open when the wall clock reads so, and a holiday when the
// day differs from a week that would have it open.
func TestStretchesTellEveryInstantApart(t *testing.T) {
	r := rand.New(rand.NewPCG(20261122, 11))
	holidays := 0
	for range 2000 {
		z := zone(t, zones[r.IntN(len(zones))])
		from := near(r, z)
		until := from.Add(time.Duration(r.Int64N(int64(6 * 24 * time.Hour))))
		c := random(r, z, from)
		at := from
		for _, s := range c.Stretches(from, until) {
			require.Equal(t, at, s.From, "without a gap")
			require.True(t, s.Until.After(s.From))
			for range 5 {
				in := s.From.Add(time.Duration(r.Int64N(int64(s.Until.Sub(s.From)))))
				date := calendar.DateOf(in, z)
				require.Equal(t, counted(c, in), s.Kind == models.StretchOpen, "%s in %s", in, z)
				off := len(c.Week[date.Weekday()]) > 0 && len(c.Hours(date)) == 0
				require.Equal(t, off, s.Kind == models.StretchHoliday, "%s in %s", in, z)
				if off {
					holidays++
				}
			}
			at = s.Until
		}
		require.Equal(t, until, at)
	}
	require.Greater(t, holidays, 500)
}
