package kpi_test

import (
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/kpi"
	"recourse/internal/kpi/kpitest"
	"recourse/models"
)

// large is a company of as many cases as KPI_BENCH_CASES says, 100,000 unless it does; made once.
var large = sync.OnceValues(func() (kpitest.Company, *kpi.Table) {
	cases, err := strconv.Atoi(os.Getenv("KPI_BENCH_CASES"))
	if err != nil {
		cases = 100_000
	}
	return company(cases)
})

// The targets, at a million cases on two cores: rates and means 300 ms, quantiles and distinct counts 1.5 s,
// live 50 ms.
func BenchmarkAnswers(b *testing.B) {
	c, table := large()
	q := whole(c)
	var rates, durations []string
	for _, m := range kpi.Measures() {
		if m.Rate() && m.Of != kpi.ItemCustomers {
			rates = append(rates, m.Key)
		}
		if m.Unit == kpi.UnitDuration {
			durations = append(durations, m.Key)
		}
	}
	with := func(measures ...string) kpi.Query {
		q := q
		q.Measures = measures
		return q
	}
	handler := q
	handler.Visible = models.VisibleTo(models.Actor{Kind: models.ActorPerson, ID: "person-03-1", Roles: []models.Role{models.RoleHandler}, Departments: []string{"department-03"}})
	for name, answer := range map[string]func() error{
		"summary of the headline":   func() error { _, err := table.Summary(q); return err },
		"summary of every rate":     func() error { _, err := table.Summary(with(rates...)); return err },
		"summary for a handler":     func() error { _, err := table.Summary(handler); return err },
		"summary of every duration": func() error { _, err := table.Summary(with(durations...)); return err },
		"summary of one duration":   func() error { _, err := table.Summary(with("resolution_time")); return err },
		"repeat complaints":         func() error { _, err := table.Summary(with("repeat_complaint_rate")); return err },
		"trend by day":              func() error { _, err := table.Trend(q, kpi.StepDay); return err },
		"trend of every rate":       func() error { _, err := table.Trend(with(rates...), kpi.StepMonth); return err },
		"breakdown by person":       func() error { _, err := table.Breakdown(q, kpi.ByPerson); return err },
		"breakdown of every rate":   func() error { _, err := table.Breakdown(with(rates...), kpi.ByDepartment); return err },
		"breakdown by two":          func() error { _, err := table.Breakdown(q, kpi.ByProduct, kpi.ByCause); return err },
		"heat map":                  func() error { _, err := table.Breakdown(with("received"), kpi.ByWeekday, kpi.ByHour); return err },
		"distribution":              func() error { _, err := table.Distribution(q, "resolution_time"); return err },
		"first page of a list":      func() error { _, err := table.Cases(q, kpi.List{Measure: "first_response_rate"}); return err },
		"correlation":               func() error { _, err := table.Correlation(q, "resolution_time", "csat"); return err },
		"backlog":                   func() error { _, err := table.Backlog(q, kpi.StepMonth); return err },
		"live":                      func() error { _, err := table.Live(kpi.Query{Cut: c.AsOf, Visible: q.Visible}); return err },
		"survey":                    func() error { _, err := table.Survey(q); return err },
		"the past, every rate judged": func() error {
			q := with(rates...)
			q.Cut = c.From.AddDate(0, 11, 0)
			_, err := table.Summary(q)
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, answer())
			}
		})
	}
}

// How much memory a case takes, and how long it takes to be put.
func BenchmarkPut(b *testing.B) {
	c := kpitest.Year(7, 200_000)
	records := make([]kpi.Record, 2000)
	tables := 0
	for b.Loop() {
		tables++
		table := kpi.NewTable()
		before := heap()
		for i := 0; i < c.Cases; i += len(records) {
			b.StopTimer()
			for j := range records {
				records[j] = c.Record(i + j)
			}
			b.StartTimer()
			table.Put(records...)
		}
		clear(records)
		b.ReportMetric(float64(heap()-before)/float64(c.Cases), "B/case")
		require.Equal(b, c.Cases, table.Len())
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(tables*c.Cases), "ns/case")
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
