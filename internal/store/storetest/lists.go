package storetest

import (
	"cmp"
	"encoding/base64"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

var everyone = models.Visible{All: true, Guards: true}

// orders say which of two rows stands first.
var orders = map[models.Order]func(a, b models.Case) int{
	models.OrderReceived: func(a, b models.Case) int { return b.ReceivedAt.Compare(a.ReceivedAt) },
	models.OrderDue:      firstDue,
	models.OrderSeverity: func(a, b models.Case) int {
		grave := func(c models.Case) int { return slices.Index(models.Severities(), c.Severity) }
		return cmp.Or(cmp.Compare(grave(b), grave(a)), firstDue(a, b))
	},
}

func firstDue(a, b models.Case) int {
	if a.DueAt == nil || b.DueAt == nil {
		return cmp.Compare(boolean(a.DueAt == nil), boolean(b.DueAt == nil))
	}
	return a.DueAt.Compare(*b.DueAt)
}

func boolean(is bool) int {
	if is {
		return 1
	}
	return 0
}

var lists = []promise{
	{"pages are complete and without doubles, also where instants are equal", func(t *testing.T, s *store.Store) {
		var want []string
		for i := range 23 {
			row := acceptRow(t, s, func(c *models.Case) {
				c.ReceivedAt = noon.Add(time.Duration(i/7) * time.Microsecond) // sevens that differ in nothing but the id
			})
			want = append(want, row.ID)
		}
		for _, limit := range []int{1, 2, 5, 7, 23, 24, 0} {
			var got []models.Case
			q := models.CaseQuery{Visible: everyone, Limit: limit}
			for {
				page, next, err := s.Cases(t.Context(), q)
				require.NoError(t, err)
				got = append(got, page...)
				if next == "" {
					break
				}
				require.Len(t, page, limit)
				q.Cursor = next
			}
			require.Equal(t, want, ids(got), "limit %d", limit)
			require.True(t, slices.IsSortedFunc(got, func(a, b models.Case) int { return b.ReceivedAt.Compare(a.ReceivedAt) }))
		}
	}},
	{"pages are complete and without doubles in every order", func(t *testing.T, s *store.Store) {
		severities := models.Severities()
		for i := range 31 {
			acceptRow(t, s, func(c *models.Case) {
				c.Severity, c.ReceivedAt = severities[i%3], noon.Add(time.Duration(i/5)*time.Microsecond)
				if i%4 > 0 { // some are due at the same instant, of some no clock runs
					c.DueClock, c.DueAt = models.ClockTriage, new(noon.Add(time.Duration(i%6)*time.Hour))
				}
			})
		}
		walk := func(q models.CaseQuery) (got []models.Case) {
			for {
				page, next, err := s.Cases(t.Context(), q)
				require.NoError(t, err)
				got = append(got, page...)
				if next == "" {
					return got
				}
				require.Len(t, page, q.Limit)
				q.Cursor = next
			}
		}
		for order, compare := range orders {
			for _, limit := range []int{1, 2, 5, 8, 31, 32} {
				got := walk(models.CaseQuery{Visible: everyone, Order: order, Open: true, Limit: limit})
				require.Len(t, slices.Compact(ids(got)), 31, "%s by %d", order, limit)
				require.True(t, slices.IsSortedFunc(got, compare), "%s by %d", order, limit)
			}
		}
		urgent := walk(models.CaseQuery{Visible: everyone, Order: models.OrderSeverity, Severities: []models.Severity{models.SeverityUrgent}, Limit: 3})
		require.Len(t, urgent, 10)
		_, next, err := s.Cases(t.Context(), models.CaseQuery{Visible: everyone, Order: models.OrderSeverity, Limit: 30})
		require.NoError(t, err)
		_, _, err = s.Cases(t.Context(), models.CaseQuery{Visible: everyone, Order: models.OrderDue, Limit: 30, Cursor: next})
		refused(t, err, models.CodeInvalid)
	}},
	{"counts by severity count what a list shows", func(t *testing.T, s *store.Store) {
		now := instant(noon)
		for i, what := range []func(*models.Case){
			func(c *models.Case) { c.Severity = models.SeverityUrgent },
			func(c *models.Case) { c.SoonAt, c.DueAt = new(noon.Add(-2*time.Hour)), new(noon.Add(-time.Hour)) },
			func(c *models.Case) { c.SoonAt, c.DueAt = new(noon), new(noon.Add(time.Hour)) },
			func(c *models.Case) { c.SoonAt, c.DueAt = new(noon.Add(-time.Hour)), new(noon) },
			func(c *models.Case) { c.SoonAt, c.DueAt = new(noon.Add(time.Hour)), new(noon.Add(2*time.Hour)) },
			func(c *models.Case) { c.PauseReason = models.PauseCustomer },
			func(c *models.Case) { c.State, c.DueAt = models.StateClosed, new(noon.Add(-time.Hour)) },
		} {
			acceptRow(t, s, func(c *models.Case) { c.Department = []string{"sales", "works"}[i%2]; what(c) })
		}
		counts, err := s.CaseCounts(t.Context(), models.CaseQuery{Visible: everyone, Open: true}, now)
		require.NoError(t, err)
		require.ElementsMatch(t, []models.CaseCount{
			{Severity: models.SeverityUrgent, Cases: 1}, {Severity: models.SeverityGeneral, Cases: 5, Late: 1, Soon: 2, Waiting: 1},
		}, counts)
		for _, c := range []struct {
			q    models.CaseQuery
			want int64
		}{{models.CaseQuery{LateAt: &now}, 1}, {models.CaseQuery{SoonAt: &now}, 2}, {models.CaseQuery{Paused: true}, 1}, {models.CaseQuery{}, 6}} {
			c.q.Visible, c.q.Open = everyone, true
			n, err := s.CountCases(t.Context(), c.q)
			require.NoError(t, err)
			require.Equal(t, c.want, n)
			for _, c.q.Order = range models.Orders() {
				rows, _, err := s.Cases(t.Context(), c.q)
				require.NoError(t, err)
				require.Len(t, rows, int(c.want), "in the order of %s", c.q.Order)
			}
		}
		counts, err = s.CaseCounts(t.Context(), models.CaseQuery{Visible: models.Visible{Departments: []string{"works"}}, Open: true}, now)
		require.NoError(t, err)
		require.Equal(t, []models.CaseCount{{Severity: models.SeverityGeneral, Cases: 3, Late: 1, Soon: 1, Waiting: 1}}, counts)
	}},
	{"a page keeps its place while cases come", func(t *testing.T, s *store.Store) {
		for range 4 {
			accept(t, s)
		}
		first, next, err := s.Cases(t.Context(), models.CaseQuery{Visible: everyone, Limit: 2})
		require.NoError(t, err)
		acceptRow(t, s, func(c *models.Case) { c.ReceivedAt = noon.Add(time.Hour) })
		second, _, err := s.Cases(t.Context(), models.CaseQuery{Visible: everyone, Limit: 2, Cursor: next})
		require.NoError(t, err)
		require.Len(t, slices.Compact(ids(append(first, second...))), 4)
	}},
	{"a cursor of one's own making is refused by its field", func(t *testing.T, s *store.Store) {
		for _, c := range []string{"x", "!", "MTIz", "eCB5", base64.RawURLEncoding.EncodeToString([]byte("1 a\x00b")), base64.RawURLEncoding.EncodeToString([]byte("1 \xff"))} {
			_, _, err := s.Cases(t.Context(), models.CaseQuery{Visible: everyone, Cursor: c})
			refused(t, err, models.CodeInvalid)
		}
	}},
	{"a list shows what its reader may see and nothing else", func(t *testing.T, s *store.Store) {
		make := func(state models.State, department, assignee, by string) string {
			return acceptRow(t, s, func(c *models.Case) {
				c.State, c.Department, c.Assignee, c.RecordedBy = state, department, assignee, by
			}).ID
		}
		fresh := make(models.StateReceived, "", "", "p-1")
		sales := make(models.StateInvestigating, "sales", "p-2", "p-1")
		works := make(models.StateInvestigating, "works", "p-3", "p-9")
		nobodys := make(models.StateClosed, "", "", "")
		for name, c := range map[string]struct {
			visible models.Visible
			want    []string
		}{
			"nobody sees nothing": {models.Visible{}, nil},
			"all":                 {everyone, []string{fresh, sales, works, nobodys}},
			"a department":        {models.Visible{Departments: []string{"sales"}}, []string{sales}},
			"two departments":     {models.Visible{Departments: []string{"sales", "works"}}, []string{sales, works}},
			"no department is none of one's own": {
				models.Visible{Departments: []string{""}}, nil,
			},
			"what one recorded":  {models.Visible{RecordedBy: "p-1"}, []string{fresh, sales}},
			"one's own":          {models.Visible{Assignee: "p-3"}, []string{works}},
			"what waits":         {models.Visible{Received: true}, []string{fresh}},
			"one's own or waits": {models.Visible{Received: true, Assignee: "p-2"}, []string{fresh, sales}},
		} {
			slices.Sort(c.want)
			rows, _, err := s.Cases(t.Context(), models.CaseQuery{Visible: c.visible})
			require.NoError(t, err)
			require.Equal(t, c.want, ids(rows), name)
			n, err := s.CountCases(t.Context(), models.CaseQuery{Visible: c.visible})
			require.NoError(t, err)
			require.EqualValues(t, len(c.want), n, name)
			narrow, _, err := s.Cases(t.Context(), models.CaseQuery{Visible: c.visible, States: []models.State{models.StateInvestigating}})
			require.NoError(t, err)
			for _, row := range narrow {
				require.Contains(t, c.want, row.ID, "%s: a filter never widens", name)
				require.Equal(t, models.StateInvestigating, row.State, name)
			}
		}
	}},
	{"every filter filters", func(t *testing.T, s *store.Store) {
		plain := accept(t, s)
		other := acceptRow(t, s, func(c *models.Case) {
			c.State, c.Severity, c.Nature, c.Channel = models.StateClosed, models.SeverityUrgent, models.NatureSpecial, models.ChannelPhone
			c.Category, c.Department, c.Assignee, c.Breached, c.Sample = "safety", "works", "p-3", true, true
			c.ReceivedAt = noon.Add(time.Hour)
		})
		for name, narrow := range map[string]func(*models.CaseQuery){
			"state":      func(q *models.CaseQuery) { q.States = []models.State{models.StateClosed, models.StateArchived} },
			"severity":   func(q *models.CaseQuery) { q.Severities = []models.Severity{models.SeverityUrgent} },
			"nature":     func(q *models.CaseQuery) { q.Natures = []models.Nature{models.NatureSpecial} },
			"channel":    func(q *models.CaseQuery) { q.Channels = []models.Channel{models.ChannelPhone} },
			"category":   func(q *models.CaseQuery) { q.Categories = []string{"safety"} },
			"department": func(q *models.CaseQuery) { q.Departments = []string{"works"} },
			"assignee":   func(q *models.CaseQuery) { q.Assignees = []string{"p-3"} },
			"customer":   func(q *models.CaseQuery) { q.CustomerID = other.CustomerID },
			"breached":   func(q *models.CaseQuery) { q.Breached = new(true) },
			"sample":     func(q *models.CaseQuery) { q.Sample = new(true) },
			"exactly":    func(q *models.CaseQuery) { q.Exactly = other.Number },
			"concerns":   func(q *models.CaseQuery) { q.Concerns = "p-3" },
			"from":       func(q *models.CaseQuery) { q.ReceivedFrom = new(noon.Add(time.Hour)) },
			"number":     func(q *models.CaseQuery) { q.Number = "rc2026-" + other.Number[7:] },
		} {
			q := models.CaseQuery{Visible: everyone}
			narrow(&q)
			rows, _, err := s.Cases(t.Context(), q)
			require.NoError(t, err)
			require.Equal(t, []string{other.ID}, ids(rows), name)
		}
		rows, _, err := s.Cases(t.Context(), models.CaseQuery{Visible: everyone, ReceivedUntil: new(noon.Add(time.Hour)), Breached: new(false)})
		require.NoError(t, err)
		require.Equal(t, []string{plain.ID}, ids(rows))
		for _, wild := range []string{"%", "_", "!", "' OR 1=1 --"} {
			rows, _, err := s.Cases(t.Context(), models.CaseQuery{Visible: everyone, Number: wild})
			require.NoError(t, err)
			require.Empty(t, rows, wild)
		}
	}},
	{"instants come back in UTC to the microsecond, wherever they were written", func(t *testing.T, s *store.Store) {
		at := time.Date(2026, 3, 8, 9, 59, 59, 999_999_999, time.FixedZone("far", -11*3600))
		row := acceptRow(t, s, func(c *models.Case) { c.ReceivedAt, c.FirstReplyAt = at, &at })
		got, err := s.Case(t.Context(), row.ID)
		require.NoError(t, err)
		want := time.Date(2026, 3, 8, 20, 59, 59, 999_999_000, time.UTC)
		require.Equal(t, want, got.ReceivedAt)
		require.Equal(t, time.UTC, got.ReceivedAt.Location())
		require.Equal(t, &want, got.FirstReplyAt)
		require.Nil(t, got.ClosedAt)
		rows, _, err := s.Cases(t.Context(), models.CaseQuery{Visible: everyone, ReceivedFrom: &at, ReceivedUntil: new(at.Add(time.Microsecond))})
		require.NoError(t, err)
		require.Len(t, rows, 1, "conditions have the precision of what is kept")
	}},
	{"some cases are read at once, whole; one that is not there is left out", func(t *testing.T, s *store.Store) {
		one, two := accept(t, s), accept(t, s)
		accept(t, s)
		found, err := s.CasesOf(t.Context(), []string{two.ID, "none", one.ID, one.ID})
		require.NoError(t, err)
		require.Equal(t, map[string]models.Case{one.ID: asKept(one), two.ID: asKept(two)}, found)
		none, err := s.CasesOf(t.Context(), nil)
		require.NoError(t, err)
		require.Empty(t, none)
	}},
	{"the sweep goes through the live cases, the checker through all", func(t *testing.T, s *store.Store) {
		var live []string
		for i := range 7 {
			row := acceptRow(t, s, func(c *models.Case) {
				if i%3 == 0 {
					c.State = models.StateArchived
				}
			})
			if row.State.Live() {
				live = append(live, row.ID)
			}
		}
		walk := func(step func(after string) ([]models.Case, error)) (rows []models.Case) {
			for after := ""; ; {
				some, err := step(after)
				require.NoError(t, err)
				if len(some) == 0 {
					return rows
				}
				rows, after = append(rows, some...), some[len(some)-1].ID
			}
		}
		open := walk(func(after string) ([]models.Case, error) { return s.OpenCases(t.Context(), after, 2) })
		require.Equal(t, live, ids(open))
		require.Len(t, walk(func(after string) ([]models.Case, error) { return s.AllCases(t.Context(), after, 3) }), 7)
	}},
	{"alerts are listed for those who see their case, the open ones apart", func(t *testing.T, s *store.Store) {
		row := acceptRow(t, s, func(c *models.Case) { c.Department = "sales" })
		other := acceptRow(t, s, func(c *models.Case) { c.Department = "works" })
		entries, next := extend(row, 1, "late")
		settled := alert(row, 2, "settled")
		open, over, silent := alert(row, 2, "open"), alert(row, 2, "over"), alert(row, 2, "silent")
		over.Superseded, silent.AckBy = true, nil
		require.NoError(t, s.Record(t.Context(), models.Recording{
			Case: next, Entries: entries, Alerts: []models.Alert{open, settled, over, silent},
			Settled: []models.AlertEnd{{CaseID: row.ID, Key: "settled", AcknowledgedAt: new(noon), AcknowledgedBy: "p-1"}},
		}))
		theirs, after := extend(other, 1, "late")
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: after, Entries: theirs, Alerts: []models.Alert{alert(other, 2, "open")}}))

		all, next2, err := s.Alerts(t.Context(), models.AlertQuery{Visible: everyone, Limit: 3})
		require.NoError(t, err)
		rest, _, err := s.Alerts(t.Context(), models.AlertQuery{Visible: everyone, Limit: 3, Cursor: next2})
		require.NoError(t, err)
		require.Len(t, append(all, rest...), 5)
		sales := models.Visible{Departments: []string{"sales"}}
		mine, _, err := s.Alerts(t.Context(), models.AlertQuery{Visible: sales, Waiting: new(true)})
		require.NoError(t, err)
		require.Len(t, mine, 1)
		require.Equal(t, open.ID, mine[0].ID)
		require.Equal(t, []models.Role{models.RoleSupervisor}, mine[0].Roles)
		require.Equal(t, time.Minute, mine[0].LateBy)
		none, _, err := s.Alerts(t.Context(), models.AlertQuery{Visible: models.Visible{}})
		require.NoError(t, err)
		require.Empty(t, none)
		got, err := s.Alert(t.Context(), settled.ID)
		require.NoError(t, err)
		require.Equal(t, "p-1", got.AcknowledgedBy)
		_, err = s.Alert(t.Context(), "none")
		refused(t, err, models.CodeNotFound)
		of, err := s.AlertsOf(t.Context(), other.ID)
		require.NoError(t, err)
		require.Len(t, of, 1)
	}},
}
