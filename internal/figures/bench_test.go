package figures_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/figures"
	"recourse/internal/kpi"
	"recourse/internal/kpi/kpitest"
	"recourse/internal/pgtest"
	"recourse/internal/store"
	"recourse/internal/store/storetest"
	"recourse/models"
)

// asks is how often each question is asked.
const asks = 40

// TestHowFastFiguresAre is a measurement: make bench-kpi. RECOURSE_BENCH_CASES says of how many cases,
// RECOURSE_BENCH_DATABASE on which database.
func TestHowFastFiguresAre(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("RECOURSE_BENCH_CASES"))
	if n == 0 {
		t.Skip("a measurement: make bench-kpi")
	}
	company := kpitest.Year(1, n)
	s := onRecord(t, company)
	before := heap()
	svc := &figures.Service{
		Record: s, Hours: everyHour{}, Zone: shanghai, Now: func() time.Time { return company.AsOf }, Log: slog.New(slog.DiscardHandler),
	}
	started := time.Now()
	table, err := svc.Table(t.Context())
	require.NoError(t, err)
	require.Equal(t, n, table.Len())
	fmt.Printf("%d cases read in %s, %.0f MB\n", n, time.Since(started).Round(10*time.Millisecond), float64(heap()-before)/1e6)

	q := kpi.Query{From: company.From, Until: company.Until, Cut: company.AsOf, Zone: shanghai, Visible: models.VisibleTo(supervisor)}
	with := func(keys ...string) kpi.Query {
		q := q
		q.Measures = keys
		return q
	}
	var rates, durations []string
	for _, m := range kpi.Measures() {
		if m.Rate() && m.Of != kpi.ItemCustomers {
			rates = append(rates, m.Key)
		}
		if m.Unit == kpi.UnitDuration {
			durations = append(durations, m.Key)
		}
	}
	for _, one := range []struct {
		name string
		ask  func() error
	}{
		{"catching up with the record", func() error { _, err := svc.Table(t.Context()); return err }},
		{"summary of the headline, with what stands beside, and the year before", func() error { _, err := table.Summary(q); return err }},
		{fmt.Sprintf("summary of all %d rates", len(rates)), func() error { _, err := table.Summary(with(rates...)); return err }},
		{"trend of the headline by month", func() error { _, err := table.Trend(q, kpi.StepMonth); return err }},
		{"trend of the headline by day", func() error { _, err := table.Trend(q, kpi.StepDay); return err }},
		{"headline by department", func() error { _, err := table.Breakdown(q, kpi.ByDepartment); return err }},
		{"headline by person", func() error { _, err := table.Breakdown(q, kpi.ByPerson); return err }},
		{"headline by product and cause", func() error { _, err := table.Breakdown(q, kpi.ByProduct, kpi.ByCause); return err }},
		{"receipts by weekday and hour", func() error { _, err := table.Breakdown(with("received"), kpi.ByWeekday, kpi.ByHour); return err }},
		{"a duration: exact percentiles", func() error { _, err := table.Distribution(q, "resolution_time"); return err }},
		{fmt.Sprintf("all %d durations, exact percentiles", len(durations)), func() error { _, err := table.Summary(with(durations...)); return err }},
		{"distinct customers", func() error { _, err := table.Summary(with("repeat_complaint_rate")); return err }},
		{"a correlation", func() error { _, err := table.Correlation(q, "time_to_first_response", "csat"); return err }},
		{"backlog by day", func() error { _, err := table.Backlog(q, kpi.StepDay); return err }},
		{"live", func() error { _, err := table.Live(q); return err }},
		{"first page of the cases behind a figure", func() error { _, err := table.Cases(q, kpi.List{Measure: "first_response_rate"}); return err }},
	} {
		took := make([]time.Duration, asks)
		for i := range took {
			began := time.Now()
			require.NoError(t, one.ask())
			took[i] = time.Since(began)
		}
		slices.Sort(took)
		fmt.Printf("%-75s p50 %7.1f ms   p95 %7.1f ms\n", one.name, ms(took[asks/2]), ms(took[asks*95/100]))
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// everyHour is an office that never closes.
type everyHour struct{}

func (everyHour) Open(_ context.Context, _ models.Case, _ string, from, until time.Time) (time.Duration, error) {
	return until.Sub(from), nil
}

// onRecord puts a company on record.
func onRecord(t *testing.T, company kpitest.Company) *store.Store {
	t.Helper()
	url := filepath.Join(t.TempDir(), "company.db")
	sqlite := os.Getenv("RECOURSE_BENCH_DATABASE") == "sqlite"
	if !sqlite {
		url = pgtest.URL(t)
	}
	s, err := store.Open(t.Context(), url, store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Migrate(t.Context()))
	known, started := customers{}, time.Now()
	if sqlite {
		for first := 0; first < company.Cases; first += 2000 {
			require.NoError(t, s.AsOne(t.Context(), func(one *store.Store) error {
				for i := first; i < min(first+2000, company.Cases); i++ {
					if err := one.AcceptIntake(t.Context(), known.intake(company.Record(i))); err != nil {
						return err
					}
				}
				return nil
			}))
		}
	} else {
		bulk, err := storetest.NewBulk(t.Context(), s, url)
		require.NoError(t, err)
		for r := range company.Records() {
			require.NoError(t, bulk.AcceptIntake(t.Context(), known.intake(r)))
		}
		require.NoError(t, bulk.Done(t.Context()))
	}
	fmt.Printf("%d cases put on record in %s\n", company.Cases, time.Since(started).Round(time.Second))
	return s
}

// customers are those that are on record.
type customers map[string]bool

// intake is a record of figures as rows.
func (c customers) intake(r kpi.Record) models.Intake {
	in := models.Intake{}
	who := cmp.Or(r.Case.CustomerID, r.Case.ID) // an anonymous case has a key of its own
	if r.Case.KeyID = who; !c[who] {
		c[who] = true
		in.Key = &models.Key{ID: who, Wrapped: []byte{1}}
		if who == r.Case.CustomerID {
			in.Customer = &models.Customer{ID: who, KeyID: who}
		}
	}
	in.Recording.Case = r.Case
	for i, a := range r.Alerts {
		a.CaseID, a.Key = r.Case.ID, strconv.Itoa(i)
		in.Recording.Alerts = append(in.Recording.Alerts, a)
	}
	in.Recording.Case.Snapshot, in.Recording.Case.Hash = []byte("{}"), []byte{1}
	in.Recording.Facts, in.Recording.Levers = r.Cycles, r.Levers
	for _, o := range r.Owned {
		in.Recording.Ownerships = append(in.Recording.Ownerships, o.Ownership)
	}
	in.Start.CaseID = r.Case.ID
	return in
}
