package figures_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"recourse/internal/extract"
	"recourse/internal/kpi"
)

// opened is a table of figures taken away as a workbook and opened again: rows of cells as they stand in it.
func opened(t *testing.T, c company, table *kpi.Table, q kpi.Query, name string, shape extract.Shape) (header []string, rows [][]string) {
	t.Helper()
	file, err := extract.Ready(t.Context(), c.source(), table, q, extract.Wish{Table: name, Format: "xlsx", Shape: shape, At: q.Cut})
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, file.Write(&out))
	book, err := excelize.OpenReader(&out)
	require.NoError(t, err)
	rows, err = book.GetRows(name, excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	require.NoError(t, book.Close())
	for i := range rows { // empty cells at the end are left out
		for len(rows[i]) < len(rows[0]) {
			rows[i] = append(rows[i], "")
		}
	}
	return rows[0], rows[1:]
}

// same says that the cells of a row hold a value as the API says it in JSON, to the last digit, and returns how many
// rows it takes.
func same(t *testing.T, header []string, rows [][]string, key string, v kpi.Value) int {
	t.Helper()
	said, err := json.Marshal(v)
	require.NoError(t, err)
	var want struct {
		N, Hits, Numerator, Denominator int64
		Value                           *float64
		Interval                        *struct{ Low, High float64 }
		Stats                           *struct{ Mean, SD, Min, Max, Median, P90, Sum float64 }
	}
	require.NoError(t, json.Unmarshal(said, &want))
	cells := map[string]string{}
	for i, name := range header {
		cells[name] = rows[0][i]
	}
	require.Equal(t, key, cells["kpi"])
	number := func(name string, want float64) {
		got, err := strconv.ParseFloat(cells[name], 64)
		require.NoError(t, err, "%s %s", key, name)
		require.Equal(t, want, got, "%s %s", key, name) //nolint:testifylint // to the last digit
	}
	number("n", float64(want.N))
	number("hits", float64(want.Hits))
	number("numerator", float64(want.Numerator))
	number("denominator", float64(want.Denominator))
	if want.Value == nil {
		require.Empty(t, cells["value"], key)
	} else {
		number("value", *want.Value)
	}
	if want.Interval != nil {
		number("low", want.Interval.Low)
		number("high", want.Interval.High)
	}
	if s := want.Stats; s != nil {
		for name, x := range map[string]float64{"mean": s.Mean, "sd": s.SD, "min": s.Min, "max": s.Max, "median": s.Median, "p90": s.P90, "sum": s.Sum} {
			number(name, x)
		}
	}
	return max(1, len(v.Money))
}

func TestWorkbooksHoldTheNumbersOfTheAnswersToTheLastDigit(t *testing.T) {
	t.Parallel()
	c := newCompany(t, filepath.Join(t.TempDir(), "company.db"), 200)
	table, q := c.year(t, everyKey()...)
	compared := 0
	walk := func(header []string, rows [][]string) func(key string, v kpi.Value) {
		t.Cleanup(func() { require.Empty(t, rows, "every row was compared") })
		return func(key string, v kpi.Value) {
			rows = rows[same(t, header, rows, key, v):]
			compared++
		}
	}
	summary, err := table.Summary(q)
	require.NoError(t, err)
	each := walk(opened(t, c, table, q, "summary", extract.Shape{}))
	var told func(answers []kpi.Answer)
	told = func(answers []kpi.Answer) {
		for _, a := range answers {
			each(a.Key, a.Value)
			told(a.Beside)
		}
	}
	told(summary.Answers)
	trend, err := table.Trend(q, kpi.StepQuarter)
	require.NoError(t, err)
	each = walk(opened(t, c, table, q, "trend", extract.Shape{Step: kpi.StepQuarter}))
	for _, s := range trend.Series {
		for i := range trend.Buckets {
			each(s.Key, s.Values[i])
		}
	}
	for _, d := range kpi.Dimensions() {
		b, err := table.Breakdown(q, d.Key)
		require.NoError(t, err)
		each = walk(opened(t, c, table, q, "breakdown", extract.Shape{By: []kpi.Dimension{d.Key}}))
		for _, row := range b.Rows {
			for i, m := range b.Measures {
				each(m.Key, row.Values[i])
			}
		}
	}
	require.Greater(t, compared, 5000)
	t.Log(compared, "values compared")
}
