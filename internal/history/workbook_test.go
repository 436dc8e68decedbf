package history_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"recourse/internal/history"
)

// book is a workbook with these rows. Cells that are texts stand for numbers as other programs write them.
func book(t *testing.T, rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		for j, cell := range row {
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			require.NoError(t, err)
			require.NoError(t, f.SetCellValue("Sheet1", at, cell))
		}
	}
	path := filepath.Join(t.TempDir(), "log.xlsx")
	require.NoError(t, f.SaveAs(path))
	return path
}

func TestADayAndATimeInCellsOfTheirOwnAreJoined(t *testing.T) {
	t.Parallel()
	m := mapping(t, "source: x\nrows: cases\nzone: UTC\ninstants: [excel, YYYY-MM-DD]\ncase: id\nreceived: {join: [day, time]}\n")
	report, cases, told := read(t, m, history.Options{}, book(t, []any{"id", "day", "time"},
		[]any{"a", 42432, 0.3333333333}, []any{"b", 42432, nil}, []any{"c", 42432, "8:00:30"}, []any{"d", "2016-03-03", 0.75},
		[]any{"e", 42432.5, 0.5}, []any{"f", 42432, 1.5}, []any{"g", 42432, 0}))
	for id, want := range map[string]string{"a": "08:00:00", "b": "00:00:00", "c": "08:00:30", "d": "18:00:00", "g": "00:00:00"} {
		require.Equal(t, "2016-03-03 "+want, cases[id].Adopted.Opened.ReceivedAt.Format(time.DateTime), id)
	}
	require.Len(t, told, 2, "the time stands there twice, or is none: %v", told)
	require.Equal(t, 2, report.RowsRefused)
}

func TestWholeNumbersOfAWorkbookAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	m := mapping(t, `
source: x
rows: cases
zone: UTC
instants: [excel]
case: id
received: at
where: [{column: kind, in: [7]}]
fields:
  severity: {column: prio, values: {1: urgent, "2.0": important}}
  product: thing
`)
	_, cases, told := read(t, m, history.Options{}, book(t, []any{"id", "at", "kind", "prio", "thing", nil, "\t"},
		[]any{"1001.0", 42432, "7.0", "1.0", "3.0", nil, nil, " "}, []any{"2.0230000001E10", 42432, 7, "2.0", "1.5"}, []any{" "}, []any{"1E5", 42432, 7, "1", "V2.0"}))
	require.Empty(t, told)
	require.Equal(t, []string{"urgent", "3"}, []string{string(cases["1001"].Adopted.Opened.Severity), cases["1001"].Adopted.Opened.Product})
	require.Equal(t, []string{"important", "1.5"}, []string{string(cases["20230000001"].Adopted.Opened.Severity), cases["20230000001"].Adopted.Opened.Product})
	require.Equal(t, "V2.0", cases["1E5"].Adopted.Opened.Product)

	_, cases, _ = read(t, m, history.Options{}, file(t, "log.csv", "id,at,kind,prio,thing\n1001.0,42432,7,1,2.0\n"))
	require.Equal(t, "2.0", cases["1001.0"].Adopted.Opened.Product, "what stands in CSV is a text")
}

func TestAColumnMayHaveCellsOfItsOwnThatSayNothing(t *testing.T) {
	t.Parallel()
	m := mapping(t, `
source: x
rows: cases
zone: UTC
instants: [iso]
unknown: ["-"]
case: id
received: at
fields: {product: {column: thing, unknown: [none]}, region: place}
`)
	_, cases, _ := read(t, m, history.Options{}, file(t, "log.csv", "id,at,thing,place\n1,2020-01-01,none,none\n2,2020-01-01,-,-\n"))
	require.Equal(t, []string{"", "none"}, []string{cases["1"].Adopted.Opened.Product, cases["1"].Adopted.Opened.Region})
	require.Equal(t, []string{"-", ""}, []string{cases["2"].Adopted.Opened.Product, cases["2"].Adopted.Opened.Region})
}
