package duty_test

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"recourse/internal/duty"
)

const day = 24 * time.Hour

func weekly(people ...string) duty.Roster {
	return duty.Roster{Zone: "Asia/Shanghai", Start: "2026-11-23", HandOver: "09:00", TurnDays: 7, People: people}
}

func at(t *testing.T, zone, text string) time.Time {
	t.Helper()
	z, err := time.LoadLocation(zone)
	require.NoError(t, err)
	when, err := time.ParseInLocation("2006-01-02 15:04", text, z)
	require.NoError(t, err)
	return when.UTC()
}

func TestTurnsGoRoundAtTheHourOfHandOver(t *testing.T) {
	t.Parallel()
	r := weekly("ann", "bob", "cy")
	for text, want := range map[string]string{
		"2026-11-23 08:59": "",
		"2026-11-23 09:00": "ann",
		"2026-11-30 08:59": "ann",
		"2026-11-30 09:00": "bob",
		"2026-12-07 09:00": "cy",
		"2026-12-14 09:00": "ann",
		"2027-11-22 09:00": "bob", // 52 weeks on
	} {
		got, swapped := r.On(at(t, r.Zone, text))
		require.Equal(t, want, got, text)
		require.False(t, swapped)
	}
}

func TestAHandOverKeepsItsHourWhenTheClocksChange(t *testing.T) {
	t.Parallel()
	r := duty.Roster{Zone: "Europe/Berlin", Start: "2026-10-19", HandOver: "09:00", TurnDays: 7, People: []string{"ann", "bob"}}
	turns := r.Turns(at(t, r.Zone, "2026-10-19 09:00"), at(t, r.Zone, "2026-11-02 09:00"))
	require.Len(t, turns, 2)
	require.Equal(t, at(t, r.Zone, "2026-10-26 09:00"), turns[0].Until)
	require.Equal(t, 7*day+time.Hour, turns[0].Until.Sub(turns[0].From), "summer time ended in between")
	require.Equal(t, 7*day, turns[1].Until.Sub(turns[1].From))
}

func TestASwapPutsSomebodyElseOnDutyForAWhile(t *testing.T) {
	t.Parallel()
	r := weekly("ann", "bob")
	from, until := at(t, r.Zone, "2026-11-25 18:00"), at(t, r.Zone, "2026-11-26 09:00")
	r.Swaps = []duty.Swap{{From: from, Until: until, Person: "bob"}}
	begin, end := at(t, r.Zone, "2026-11-23 09:00"), at(t, r.Zone, "2026-12-07 09:00")
	require.Equal(t, []duty.Turn{
		{"ann", begin, from, false},
		{"bob", from, until, true},
		{"ann", until, at(t, r.Zone, "2026-11-30 09:00"), false},
		{"bob", at(t, r.Zone, "2026-11-30 09:00"), end, false},
	}, r.Turns(begin, end))
	on, swapped := r.On(from)
	require.Equal(t, "bob", on)
	require.True(t, swapped)
	on, _ = r.On(until)
	require.Equal(t, "ann", on)
}

func TestWhoeverIsOnDutyAndAwayIsStoodInForByTheirDeputyThenByTheNext(t *testing.T) {
	t.Parallel()
	r := weekly("ann", "bob", "cy")
	now := at(t, r.Zone, "2026-11-24 12:00")
	deputies := map[string]string{"ann": "dee", "dee": "eve", "eve": "ann"}
	reach := func(away ...string) string {
		return r.Reach(now, func(id string) bool { return !slices.Contains(away, id) }, func(id string) string { return deputies[id] })
	}
	require.Equal(t, "ann", reach())
	require.Equal(t, "dee", reach("ann"))
	require.Equal(t, "eve", reach("ann", "dee"))
	require.Equal(t, "bob", reach("ann", "dee", "eve"), "the chain of deputies runs in a circle")
	require.Equal(t, "cy", reach("ann", "dee", "eve", "bob"))
	require.Empty(t, reach("ann", "dee", "eve", "bob", "cy"))
	require.Empty(t, r.Reach(now.Add(-30*day), func(string) bool { return true }, func(string) string { return "" }), "before the first turn")
}

func TestTurnsCoverEveryInstantOnceAndAgreeWithWhoIsOn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		zone := rapid.SampledFrom([]string{"Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"}).Draw(rt, "zone")
		r := duty.Roster{
			Zone: zone, Start: "2026-03-02", HandOver: rapid.SampledFrom([]string{"00:00", "02:30", "09:00", "23:59"}).Draw(rt, "hand over"),
			TurnDays: rapid.IntRange(1, 20).Draw(rt, "days"), People: []string{"a", "b", "c"}[:rapid.IntRange(1, 3).Draw(rt, "people")],
		}
		begin := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		for range rapid.IntRange(0, 3).Draw(rt, "swaps") {
			from := begin.Add(time.Duration(rapid.IntRange(0, 60*24).Draw(rt, "from")) * time.Hour)
			r.Swaps = append(r.Swaps, duty.Swap{From: from, Until: from.Add(time.Duration(rapid.IntRange(1, 100).Draw(rt, "long")) * time.Hour), Person: "z"})
		}
		turns := r.Turns(begin.Add(3*day), begin.Add(60*day))
		require.Equal(rt, begin.Add(3*day), turns[0].From)
		require.Equal(rt, begin.Add(60*day), turns[len(turns)-1].Until)
		for i, turn := range turns {
			if i > 0 {
				require.Equal(rt, turns[i-1].Until, turn.From, "no gap")
			}
			for _, when := range []time.Time{turn.From, turn.From.Add(turn.Until.Sub(turn.From) / 2), turn.Until.Add(-time.Nanosecond)} {
				on, swapped := r.On(when)
				require.Equal(rt, turn.Person, on)
				require.Equal(rt, turn.Swapped, swapped)
			}
		}
	})
}

func TestEveryFaultOfARosterIsNamedByItsField(t *testing.T) {
	t.Parallel()
	now := at(t, "Asia/Shanghai", "2026-11-24 12:00")
	people := []duty.Person{{ID: "ann", Holds: true}, {ID: "bob", Holds: true}, {ID: "stranger"}}
	good := weekly("ann", "bob")
	require.Empty(t, duty.Check(good, people, now, 14*day))
	for path, spoil := range map[string]func(*duty.Roster){
		"/zone":      func(r *duty.Roster) { r.Zone = "Mars/Olympus" },
		"/start":     func(r *duty.Roster) { r.Start = "2026-02-30" },
		"/hand_over": func(r *duty.Roster) { r.HandOver = "25:00" },
		"/turn_days": func(r *duty.Roster) { r.TurnDays = 0 },
		"/people/1":  func(r *duty.Roster) { r.People = []string{"ann", "nobody"} },
		"/people/0":  func(r *duty.Roster) { r.People = []string{"stranger"} },
		"/people":    func(r *duty.Roster) { r.People = slices.Repeat([]string{"ann"}, 101) },
		"/swaps/0/until": func(r *duty.Roster) {
			r.Swaps = []duty.Swap{{From: now, Until: now, Person: "bob"}}
		},
		"/swaps/0/person": func(r *duty.Roster) {
			r.Swaps = []duty.Swap{{From: now, Until: now.Add(day), Person: "stranger"}}
		},
		"/swaps/1/from": func(r *duty.Roster) {
			r.Swaps = []duty.Swap{{now, now.Add(day), "bob"}, {now.Add(time.Hour), now.Add(2 * day), "ann"}}
		},
		"/swaps": func(r *duty.Roster) { r.People, r.Swaps = nil, []duty.Swap{{now, now.Add(day), "bob"}} },
	} {
		r := good
		spoil(&r)
		faults := duty.Check(r, people, now, 14*day)
		require.Len(t, faults, 1, path)
		require.Equal(t, path, faults[0].Path)
		require.False(t, faults[0].Warning)
	}
	require.Empty(t, duty.Check(duty.Roster{Zone: "UTC", Start: "2026-11-23", HandOver: "09:00", TurnDays: 7}, people, now, 14*day), "an ended one")
}

func TestATurnOfSomebodyAwayWithoutADeputyIsAWarning(t *testing.T) {
	t.Parallel()
	now := at(t, "Asia/Shanghai", "2026-11-24 12:00")
	away := []duty.Away{{From: now.Add(day), Until: now.Add(2 * day)}}
	check := func(p duty.Person) []duty.Fault {
		return duty.Check(weekly("ann", "bob"), []duty.Person{p, {ID: "bob", Holds: true}}, now, 14*day)
	}
	faults := check(duty.Person{ID: "ann", Holds: true, Away: away})
	require.Len(t, faults, 1)
	require.True(t, faults[0].Warning)
	require.Contains(t, faults[0].Says, `"ann" is away`)
	require.Empty(t, check(duty.Person{ID: "ann", Holds: true, Away: away, Deputy: "bob"}))
}
