package figures_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/extract"
	"recourse/internal/figures"
	"recourse/internal/history"
	"recourse/internal/kpi"
	"recourse/internal/store"
	"recourse/models"
)

// staged is where an import puts its cases, and what extracts then read: all of it in memory. The way from a log to
// its rows and from the rows to the tables is the one that they take over a database.
type staged struct {
	t       *testing.T
	rows    map[string]models.FigureRow
	entries map[string][]models.Entry
}

func (*staged) BeginImport(_ context.Context, wish models.Import) (models.Import, error) {
	return wish, nil
}

func (s *staged) StageImport(_ context.Context, _ string, b models.ImportBatch) error {
	for _, in := range b.Intakes {
		r := in.Recording
		s.rows[r.Case.ID] = models.FigureRow{Case: r.Case, FactRows: r.FactRows, Alerts: r.Alerts}
		s.entries[r.Case.ID] = r.Entries
	}
	return nil
}

func (*staged) FinishImport(context.Context, string, models.Newcomers, time.Time) error {
	return nil
}

func (*staged) IndexImported(context.Context, func(models.Case) []int64, func() time.Time) error {
	return nil
}

func (*staged) TakeNumbers(context.Context, int) error { return nil }

func (*staged) KnownReferences(context.Context, string, []string) ([]string, error) { return nil, nil }

func (*staged) StagedDigests(context.Context) ([]models.CustomerDigest, []models.Customer, error) {
	return nil, nil, nil
}

func (s *staged) FiguresOf(_ context.Context, ids []string) (rows []models.FigureRow, err error) {
	for _, id := range ids {
		rows = append(rows, s.rows[id])
	}
	return rows, nil
}

func (s *staged) Entries(_ context.Context, id string, _ int64, _ int) ([]models.Entry, error) {
	return s.entries[id], nil
}

func (*staged) Survivors(context.Context) (map[string]string, error) { return map[string]string{}, nil }

// brought is a log of another system as `recourse import` would put it on record.
func brought(t *testing.T, mapping string, asOf time.Time, log string) recount {
	t.Helper()
	m, faults := history.ReadMapping([]byte(mapping))
	require.Empty(t, faults)
	var all []history.History
	var names cases.ImportNames
	_, err := m.Read(t.Context(), []string{log}, history.Options{Temp: t.TempDir(), AsOf: asOf}, func(h history.History) error {
		names.Take(h.Adopted, !h.Closed())
		all = append(all, h)
		return nil
	})
	require.NoError(t, err)
	names.Create = m.Create
	c := newCompany(t, filepath.Join(t.TempDir(), "company.db"), 0)
	record := &staged{t, map[string]models.FigureRow{}, map[string][]models.Entry{}}
	require.NoError(t, c.AsOne(t.Context(), func(one *store.Store) error { // customers are looked for there, and numbers drawn
		importing, err := c.svc.Over(one).BeginImport(t.Context(), record, models.System(), models.Import{Source: m.Source}, names)
		if err != nil {
			return err
		}
		for _, h := range all {
			if err := importing.Add(t.Context(), cases.AdoptedCase{Adopted: h.Adopted, Customer: h.Customer, Closed: h.Closed()}); err != nil {
				return err
			}
		}
		return importing.Finish(t.Context())
	}))
	require.Len(t, record.rows, len(all))
	r := recount{source: extract.Source{Record: record, Past: c.source().Past}, table: kpi.NewTable()}
	for _, row := range record.rows {
		composed, err := figures.Compose(t.Context(), c.figures.Hours, row)
		require.NoError(t, err)
		r.table.Put(composed)
	}
	r.q, err = c.figures.Query(supervisor, figures.Ask{From: noon.AddDate(-20, 0, 0), Measures: everyKey()})
	require.NoError(t, err)
	return r
}

// byHand is a log that tells what logs tell: hand-overs within a minute, waits, cases that were taken up again, open ones,
// and products that look like formulas.
const byHand = `case,at,what,team,who,thing,customer
A,2026-03-02 09:00,New,desk,ada,kettle,c-1
A,2026-03-02 09:05,Open,gas,bo,kettle,c-1
A,2026-03-02 09:05,Open,water,cy,kettle,c-1
A,2026-03-02 09:40,Wait,water,cy,kettle,c-1
A,2026-03-03 09:40,Open,water,di,kettle,c-1
A,2026-03-04 10:00,Solved,water,di,kettle,c-1
A,2026-03-05 10:00,Open,gas,bo,kettle,c-1
A,2026-03-06 10:00,Solved,gas,bo,kettle,c-1
A,2026-03-06 10:00,Closed,gas,bo,kettle,c-1
B,2026-03-09 11:00,New,desk,ada,=fan,c-1
B,2026-03-09 11:00,Wait,desk,ada,=fan,c-1
B,2026-03-09 11:00,Open,gas,ada,=fan,c-1
C,2026-03-10 11:00,New,desk,ada,'=fan,
C,2026-03-10 12:00,Solved,desk,ada,'=fan,
`

const byHandMapping = `
source: by-hand
rows: events
zone: Asia/Shanghai
instants: [YYYY-MM-DD HH:mm]
case: case
at: at
state: {column: what, values: {New: open, Open: open, Wait: waiting_for_customer, Solved: [first_response, feedback, resolved], Closed: closed}}
fields: {department: team, person: who, product: thing, customer: customer}
create: [departments, people]
`

func TestAnIndependentScriptCountsTheSameFromAnImportedLog(t *testing.T) {
	t.Parallel()
	log := filepath.Join(t.TempDir(), "log.csv")
	require.NoError(t, os.WriteFile(log, []byte(byHand), 0o600))
	r := brought(t, byHandMapping, noon.AddDate(0, 0, -2), log)
	s, err := r.table.Summary(kpi.Query{From: r.q.From, Until: r.q.Until, Cut: r.q.Cut, Visible: r.q.Visible, Measures: []string{"hand_overs"}})
	require.NoError(t, err)
	require.InDelta(t, 4, s.Answers[0].Value.Stats.Sum, 0, "two within five minutes, one back when it was taken up again, one at once")
	folder := r.extracts(t)
	r.agreesCaseByCase(t, folder, everyDimension()...)
	r.q.Cut = time.Date(2026, time.March, 5, 0, 0, 0, 0, shanghai)
	r.agreesCaseByCase(t, folder, everyDimension()...)
}

// The same on a log of 141,712 rows, whose cases had up to 27 departments, and which nobody made up for us.
func TestAnIndependentScriptCountsTheSameFromARealLog(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	const log = "../../../shared/data/uci-incident/incident_event_log.csv.gz"
	if _, err := os.Stat(log); err != nil {
		t.Skipf("NOT TESTED: there is no log at %s", log)
	}
	mapping, err := os.ReadFile(filepath.FromSlash("../../examples/history/uci-incident.yaml"))
	require.NoError(t, err)
	r := brought(t, string(mapping), time.Date(2017, time.March, 1, 0, 0, 0, 0, time.UTC), log)
	r.agrees(t, r.extracts(t), "", kpi.ByDepartment)
}
