package notify_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

func TestAMessageToSomebodyAbsentIsAlsoForTheirDeputy(t *testing.T) {
	t.Parallel()
	named := func(id, deputy string, away bool, departments ...string) (models.Person, bool) {
		return models.Person{
			ID: id, Name: id, Language: models.LanguageEN, Roles: []models.Role{models.RoleHandler}, Departments: departments, Deputy: deputy,
		}, away
	}
	type colleague struct {
		models.Person

		away bool
	}
	with := func(p models.Person, away bool) colleague { return colleague{p, away} }
	gone := monday
	left, _ := named("dee", "", false, repairs)
	left.DisabledAt = &gone
	for name, tt := range map[string]struct {
		colleagues []colleague
		want       []string
	}{
		"nobody is absent":                       {[]colleague{with(named("hal", "dee", false, repairs)), with(named("dee", "", false, repairs))}, []string{"hal"}},
		"the deputy":                             {[]colleague{with(named("hal", "dee", true, repairs)), with(named("dee", "", false, repairs))}, []string{"dee", "hal"}},
		"the deputy's deputy":                    {[]colleague{with(named("hal", "dee", true, repairs)), with(named("dee", "eli", true, repairs)), with(named("eli", "", false, repairs))}, []string{"eli", "hal"}},
		"no deputy":                              {[]colleague{with(named("hal", "", true, repairs))}, []string{"hal"}},
		"deputies of each other: the head":       {[]colleague{with(named("hal", "dee", true, repairs)), with(named("dee", "hal", true, repairs))}, []string{"hal", "hedy"}},
		"a deputy who left: the head":            {[]colleague{with(named("hal", "dee", true, repairs)), {left, false}}, []string{"hal", "hedy"}},
		"one who may not see the case: the head": {[]colleague{with(named("hal", "dee", true, repairs)), with(named("dee", "", false, "service"))}, []string{"hal", "hedy"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, head, other, sue)
			for _, c := range tt.colleagues {
				c.CreatedAt = monday
				require.NoError(t, w.store.PutPerson(t.Context(), c.Person))
				if c.away {
					require.NoError(t, w.store.PutAbsences(t.Context(), c.ID, []models.Absence{{
						PersonID: c.ID, FromAt: monday, UntilAt: monday.AddDate(0, 0, 14),
					}}))
				}
			}
			c := w.dispatch(w.open("c-1", wang))
			c = w.do(c, handler.Actor(), models.VerbAccept, models.Accepted{})
			w.wait(18*time.Hour + time.Second) // 75 % of the first response: the handler's rung
			c = w.fire(c)
			for range 4 { // a copy of a copy would go on for ever
				w.work()
			}
			var first int64
			for _, m := range w.with(c.ID, func(m models.Message) bool {
				return m.Template == "alert" && len(m.Roles) == 1 && m.Roles[0] == models.RoleHandler
			}) {
				first = m.Seq
			}
			var readers []string
			for _, m := range w.with(c.ID, func(m models.Message) bool { return m.Seq == first && m.Person != "" }) {
				readers = append(readers, m.Person)
			}
			require.ElementsMatch(t, tt.want, readers)
		})
	}
}
