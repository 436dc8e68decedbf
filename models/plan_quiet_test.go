package models_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

func TestARemindersNightEndsOnItsOwnMorning(t *testing.T) {
	t.Parallel()
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, time.March, day, hour, minute, 0, 0, time.UTC)
	}
	p := models.Plan{Quiet: models.Quiet{Nights: []models.Nights{{From: at(2, 22, 0), Until: at(3, 8, 0), Days: 3}}}}
	for name, tt := range map[string]struct{ came, told time.Time }{
		"by day":                      {at(2, 12, 0), at(2, 12, 0)},
		"as the night begins":         {at(2, 22, 0), at(3, 8, 0)},
		"before midnight":             {at(3, 23, 59), at(4, 8, 0)},
		"after midnight":              {at(4, 0, 0), at(4, 8, 0)},
		"as the night ends":           {at(4, 8, 0), at(4, 8, 0)},
		"in the last night":           {at(4, 23, 0), at(5, 8, 0)},
		"behind what the plan knows":  {at(5, 23, 0), at(5, 23, 0)},
		"before what the plan knows":  {at(1, 23, 0), at(1, 23, 0)},
		"a moment before the night":   {at(2, 22, 0).Add(-time.Microsecond), at(2, 22, 0).Add(-time.Microsecond)},
		"a moment before the morning": {at(3, 8, 0).Add(-time.Microsecond), at(3, 8, 0)},
	} {
		require.Equal(t, tt.told, p.RemindAt(tt.came, ""), name)
	}
}

func TestQuietIsTheClosedTimeOfACalendarIfThePolicySaysSo(t *testing.T) {
	t.Parallel()
	at := func(day, hour int) time.Time { return time.Date(2026, time.March, day, hour, 0, 0, 0, time.UTC) }
	p := models.Plan{Quiet: models.Quiet{Outside: models.CalendarWorking}, Calendars: []models.Calendar{
		{Name: models.CalendarWorking, Open: []models.Interval{{From: at(2, 9), Until: at(2, 17)}, {From: at(4, 9), Until: at(4, 17)}}},
		{Name: "hotline", Open: []models.Interval{{From: at(3, 6), Until: at(3, 21)}}},
	}}
	require.Equal(t, at(2, 10), p.RemindAt(at(2, 10), models.CalendarWorking))
	require.Equal(t, at(4, 9), p.RemindAt(at(2, 17), models.CalendarWorking), "it closes then")
	require.Equal(t, at(3, 6), p.RemindAt(at(2, 17), "hotline"), "the hours of whoever has the case")
	require.Equal(t, at(4, 18), p.RemindAt(at(4, 18), models.CalendarWorking), "nothing is known of that time")
}

func TestAPlanOfBeforeKeepsNoQuietHours(t *testing.T) {
	t.Parallel()
	var p models.Plan
	require.NoError(t, json.Unmarshal([]byte(`{"policy":"p-1"}`), &p))
	require.True(t, p.Quiet.IsZero())
	body, err := json.Marshal(p)
	require.NoError(t, err)
	require.NotContains(t, string(body), "quiet")

	night := time.Date(2026, time.March, 2, 22, 0, 0, 0, time.UTC)
	p.Quiet.Nights = []models.Nights{{From: night, Until: night.Add(10 * time.Hour), Days: 90}}
	body, err = json.Marshal(p)
	require.NoError(t, err)
	require.Contains(t, string(body), `"quiet":{"nights":[[1772488800,1772524800,90]]}`)
	var again models.Plan
	require.NoError(t, json.Unmarshal(body, &again))
	require.Equal(t, p.Quiet, again.Quiet)
}
