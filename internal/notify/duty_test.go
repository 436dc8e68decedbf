package notify_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/duty"
	"recourse/models"
)

// colleague is somebody with a role of the whole company.
func colleague(id string, role models.Role, deputy string) models.Person {
	return models.Person{ID: id, Name: id, Language: models.LanguageEN, Roles: []models.Role{role}, Deputy: deputy}
}

// roster keeps who is on duty for a role from long ago on, a week each.
func (w *world) roster(role models.Role, department string, people ...string) {
	w.t.Helper()
	document, err := models.Canonical(duty.Roster{Zone: "Asia/Shanghai", Start: "2026-03-02", HandOver: "09:00", TurnDays: 7, People: people})
	require.NoError(w.t, err)
	require.NoError(w.t, w.store.PutRoster(w.t.Context(), models.Roster{Role: role, Department: department, Version: 1, Document: document, CreatedAt: monday}))
}

func TestAnAlertGoesToWhoeverIsOnDutyAndToEverybodyWhereNobodyIs(t *testing.T) {
	t.Parallel()
	const manager = models.RoleEscalationManager
	for name, tt := range map[string]struct {
		roster []string
		of     string
		away   []string
		want   []string
	}{
		"no roster":                             {nil, "", nil, []string{"mo", "may"}},
		"the first of the roster":               {[]string{"may", "mo"}, "", nil, []string{"may"}},
		"of the department":                     {[]string{"mo", "may"}, repairs, nil, []string{"mo"}},
		"of another department":                 {[]string{"mo"}, "service", nil, []string{"mo", "may"}},
		"away: the deputy, whatever their role": {[]string{"may", "mo"}, "", []string{"may"}, []string{"sue"}},
		"away with the deputy: the next":        {[]string{"may", "mo"}, "", []string{"may", "sue"}, []string{"mo"}},
		"nobody of the roster is there":         {[]string{"may"}, "", []string{"may", "sue"}, []string{"mo", "may", "hedy"}}, // as without a roster
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, handler, head, other, sue, colleague("mo", manager, ""), colleague("may", manager, "sue"))
			if tt.roster != nil {
				w.roster(manager, tt.of, tt.roster...)
			}
			for _, id := range tt.away {
				require.NoError(t, w.store.PutAbsences(t.Context(), id, []models.Absence{{PersonID: id, FromAt: monday, UntilAt: monday.AddDate(0, 0, 3)}}))
			}
			c := w.dispatch(w.open("c-1", wang))
			c = w.do(c, handler.Actor(), models.VerbAccept, models.Accepted{})
			w.wait(24*time.Hour + time.Second) // the first response is due: twelve hours on, the managers' rung
			c = w.fire(c)
			w.wait(12 * time.Hour)
			c = w.fire(c)
			for range 4 {
				w.work()
			}
			var rung int64
			for _, m := range w.with(c.ID, func(m models.Message) bool {
				return m.Template == "alert" && len(m.Roles) == 1 && m.Roles[0] == manager
			}) {
				rung = m.Seq
			}
			require.NotZero(t, rung)
			var readers []string
			for _, m := range w.with(c.ID, func(m models.Message) bool {
				return m.Seq == rung && m.Person != "" && m.Channel == models.MessageInbox
			}) {
				readers = append(readers, m.Person)
			}
			require.ElementsMatch(t, tt.want, readers)
		})
	}
}

func TestOnlyAlertsGoByTheRoster(t *testing.T) {
	t.Parallel()
	w := newWorld(t, handler, head, models.Person{ID: "hugo", Name: "Hugo", Roles: []models.Role{models.RoleDepartmentHead}, Departments: []string{repairs}}, other, sue)
	w.roster(models.RoleDepartmentHead, repairs, "hugo")
	c := w.do(w.open("c-1", wang), sue.Actor(), models.VerbDispatch, models.Dispatched{
		Department: repairs, Severity: models.SeverityGeneral, Nature: models.NatureCustomer,
	}, models.TextObjective)
	w.work()
	require.Subset(t, w.readers(c.ID, "work_order"), []string{"hedy", "hugo"})
}
