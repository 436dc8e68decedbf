package extract_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/extract"
	"recourse/models"
)

// always is a policy by which every department is open at every hour.
type always struct{}

func (always) Rule(string, models.Clock) models.ClockRule          { return models.ClockRule{} }
func (always) Working(_ string, _ models.Channel, _ string) string { return "always" }
func (always) Stretches(_, _ string, from, until time.Time) []models.Stretch {
	if !from.Before(until) {
		return nil
	}
	return []models.Stretch{{From: from, Until: until, Kind: models.StretchOpen}}
}

// A log whose instants are minutes tells of departments that had a case for no time at all; hand-overs are counted
// by these whiles.
func TestAWhileOfNoLengthIsASegment(t *testing.T) {
	t.Parallel()
	minute := func(n int) *time.Time { return new(time.Date(2026, 3, 2, 9, n, 0, 0, time.UTC)) }
	c := extract.Case{Past: always{}, Cut: *minute(30)}
	for i, o := range []models.Ownership{
		{Department: "desk", From: *minute(0), Until: minute(5)},
		{Department: "gas", From: *minute(5), Until: minute(5)},
		{Department: "water", From: *minute(5), Until: minute(9)},
		{Department: "water", Pause: models.PauseCustomer, From: *minute(9), Until: minute(9)},
		{Department: "roads", From: *minute(30)},
		{Department: "late", From: *minute(31)},
	} {
		o.Part = i + 1
		c.Ownerships = append(c.Ownerships, o)
	}
	var told []string
	for _, s := range extract.Segments(c) {
		told = append(told, fmt.Sprintf("%d %s %s %d %d", s.Part, s.Department, s.Kind(), s.Stretch.From.Minute(), s.Stretch.Until.Minute()))
	}
	require.Equal(t, []string{"1 desk open 0 5", "2 gas open 5 5", "3 water open 5 9", "4 water paused 9 9", "5 roads open 30 30"}, told)
}
