package activities_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/activities"
	"recourse/internal/lifecycle"
	"recourse/internal/store"
	"recourse/models"
	"recourse/workflows/contract"
)

// noon is a Wednesday.
var noon = time.Date(2026, time.March, 18, 12, 0, 0, 0, time.UTC)

// quality is somebody who calls customers back; one of the case's own department may not.
func quality(id, department string) models.Person {
	return models.Person{ID: id, Roles: []models.Role{models.RoleQuality}, Departments: []string{department}}
}

func supervisor(id, department string) models.Person {
	return models.Person{ID: id, Roles: []models.Role{models.RoleSupervisor}, Departments: []string{department}}
}

// away is a person with a deputy, absent over noon.
func away(p models.Person, deputy string) models.Person {
	p.Deputy, p.Email = deputy, "away"
	return p
}

func TestACallbackIsForSomebodyOutsideWhoIsThereAndMayComeNear(t *testing.T) {
	t.Parallel()
	plain := models.Case{Nature: models.NatureCustomer}
	guarded := models.Case{Nature: models.NatureInternal, Circle: []string{"q2"}}
	for name, tt := range map[string]struct {
		people []models.Person
		row    models.Case
		want   string // caller; empty: whoever of the roles comes back first
	}{
		"quality before a supervisor":                     {[]models.Person{quality("q1", "q"), supervisor("s1", "s")}, plain, "q1"},
		"not quality of the handling department":          {[]models.Person{quality("q1", "repairs"), supervisor("s1", "s")}, plain, "s1"},
		"a supervisor of another department before":       {[]models.Person{supervisor("s1", "repairs"), supervisor("s2", "s")}, plain, "s2"},
		"a supervisor of the only department":             {[]models.Person{quality("q1", "repairs"), supervisor("s1", "repairs")}, plain, "s1"},
		"not who is away":                                 {[]models.Person{away(quality("q1", "q"), ""), quality("q2", "q")}, plain, "q2"},
		"the deputy of who is away":                       {[]models.Person{away(quality("q1", "q"), "q3"), quality("q2", "q"), quality("q3", "q")}, plain, "q3"},
		"the deputy's deputy":                             {[]models.Person{away(quality("q1", "q"), "q2"), away(quality("q2", "q"), "q4"), quality("q3", "q"), quality("q4", "q")}, plain, "q4"},
		"deputies of each other are both away":            {[]models.Person{away(quality("q1", "q"), "q2"), away(quality("q2", "q"), "q1"), quality("q3", "q")}, plain, "q3"},
		"not a deputy of the handling department":         {[]models.Person{away(quality("q1", "q"), "q3"), quality("q2", "q"), quality("q3", "repairs")}, plain, "q2"},
		"a supervisor when all of quality are away":       {[]models.Person{away(quality("q1", "q"), ""), supervisor("s1", "s")}, plain, "s1"},
		"nobody is there":                                 {[]models.Person{away(quality("q1", "q"), ""), away(supervisor("s1", "s"), "")}, plain, ""},
		"not whom it is about":                            {[]models.Person{quality("q1", "q"), quality("q2", "q")}, models.Case{Nature: models.NatureCustomer, Named: []string{"q1"}}, "q2"},
		"not a deputy whom it is about":                   {[]models.Person{away(quality("q1", "q"), "q2"), quality("q2", "q"), supervisor("s1", "s")}, models.Case{Named: []string{"q2"}}, "s1"},
		"one of the circle":                               {[]models.Person{quality("q1", "q"), quality("q2", "q"), supervisor("s1", "s")}, guarded, "q2"},
		"a supervisor before a circle is named":           {[]models.Person{quality("q1", "q"), supervisor("s1", "s")}, models.Case{Nature: models.NatureSpecial}, "s1"},
		"nobody of a circle that neither calls nor leads": {[]models.Person{quality("q1", "q"), supervisor("s1", "s")}, models.Case{Nature: models.NatureInternal, Circle: []string{"hal"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, a := office(t, tt.people) // it is the first one's turn in case x
			c := followedUp(t, s, tt.row)
			place(t, a, 1)
			place(t, a, 1) // tried again
			c = happen(t, s, c, models.CallbackRecorded{Attempt: 1, Outcome: models.CallbackNoAnswer}, models.CallbackPlaced{Attempt: 2})
			place(t, a, 2)
			tasks, err := s.CallTasks(t.Context(), c.ID)
			require.NoError(t, err)
			require.Len(t, tasks, 2)
			messages, err := s.Messages(t.Context(), c.ID)
			require.NoError(t, err)
			messages = slices.DeleteFunc(messages, func(m models.Message) bool { return m.Template != lifecycle.TellCallback })
			require.Len(t, messages, 2)
			for i := range tasks {
				require.Equal(t, tt.want, tasks[i].Caller, "the same for all attempts")
				require.Equal(t, tt.want, messages[i].Person)
				require.Equal(t, tt.want == "", len(messages[i].Roles) > 0)
			}
		})
	}
}

// office is a record with its people, and activities at noon.
func office(t *testing.T, people []models.Person) (*store.Store, *activities.Activities) {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "record.db"), store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Migrate(t.Context()))
	for _, p := range people {
		absent := p.Email == "away"
		p.CreatedAt, p.Email = noon, ""
		require.NoError(t, s.PutPerson(t.Context(), p))
		if absent {
			require.NoError(t, s.PutAbsences(t.Context(), p.ID, []models.Absence{{
				PersonID: p.ID, FromAt: noon.Add(-time.Hour), UntilAt: noon.Add(time.Hour),
			}}))
		}
	}
	return s, &activities.Activities{Store: s, Now: func() time.Time { return noon }}
}

// followedUp puts a case on record that waits for its first call.
func followedUp(t *testing.T, s *store.Store, row models.Case) lifecycle.Case {
	t.Helper()
	c, rec, err := lifecycle.Write(lifecycle.Case{ID: "x"}, eventsOf(lifecycle.Case{ID: "x"},
		models.Opened{Number: models.Number(2026, 1), KeyID: "k"}, models.Dispatched{Department: "repairs", Nature: row.Nature},
		models.Restricted{Circle: row.Circle, Named: row.Named}, models.ResultTold{}, models.CallbackPlaced{Attempt: 1},
	))
	require.NoError(t, err)
	require.NoError(t, s.AcceptIntake(t.Context(), models.Intake{
		Recording: rec, Key: &models.Key{ID: "k", Wrapped: []byte("w"), CreatedAt: noon}, Start: models.StartIntent{CaseID: "x", CreatedAt: noon, NextAt: noon},
	}))
	return c
}

// happen puts events of a case on record.
func happen(t *testing.T, s *store.Store, c lifecycle.Case, data ...models.Data) lifecycle.Case {
	t.Helper()
	c, rec, err := lifecycle.Write(c, eventsOf(c, data...))
	require.NoError(t, err)
	require.NoError(t, s.Record(t.Context(), rec))
	return c
}

// eventsOf are the next events of a case.
func eventsOf(c lifecycle.Case, data ...models.Data) (events []models.Event) {
	for i, d := range data {
		seq := c.Seq + int64(i) + 1
		events = append(events, models.Event{
			ID: models.EventID(c.ID, seq, string(d.Kind())), Case: c.ID, Seq: seq, Cycle: 1, Kind: d.Kind(), Version: 1,
			Actor: models.System(), DecidedAt: noon, HappenedAt: noon, Data: d,
		})
	}
	return events
}

// place gives an attempt to somebody, as the workflow does.
func place(t *testing.T, a *activities.Activities, attempt int) {
	t.Helper()
	require.NoError(t, a.PlaceCallback(t.Context(), contract.CallbackInput{
		CaseID: "x", Department: "repairs", Language: models.LanguageZH,
		PlaceCallback: lifecycle.PlaceCallback{Cycle: 1, Attempt: attempt, NotBefore: noon, Until: noon.Add(time.Hour)},
	}))
}

// A slow activity gives a call to somebody after the case has gone on: nobody waits for it any more.
func TestACallThatEndedBeforeItWasGivenIsKeptAsItEnded(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		then []models.Data
		want []models.CallbackOutcome
	}{
		"withdrawn": {[]models.Data{models.Withdrawn{}}, []models.CallbackOutcome{""}},
		"merged":    {[]models.Data{models.Merged{Into: models.Other{Case: "x"}}, models.Unmerged{To: models.StateFollowingUp}, models.CallbackPlaced{Attempt: 2}}, []models.CallbackOutcome{"", ""}},
		"made":      {[]models.Data{models.CallbackRecorded{Attempt: 1, Outcome: models.CallbackWrongNumber}}, []models.CallbackOutcome{models.CallbackWrongNumber}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, a := office(t, []models.Person{quality("q1", "q")})
			c := happen(t, s, followedUp(t, s, models.Case{}), tt.then...)
			for i := range tt.want {
				place(t, a, i+1)
			}
			tasks, err := s.CallTasks(t.Context(), "x")
			require.NoError(t, err)
			require.Len(t, tasks, len(tt.want))
			for i, task := range tasks {
				require.Equal(t, tt.want[i], task.Outcome)
				require.Equal(t, c.Awaits(1, i+1), task.DoneAt == nil)
			}
		})
	}
}
