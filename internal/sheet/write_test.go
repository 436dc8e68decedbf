package sheet_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"recourse/internal/sheet"
)

var at = time.Date(2026, time.March, 2, 2, 0, 0, 123456000, time.UTC)

func TestATableReadsBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w, err := sheet.CSV(&out, true, "text", "n", "share", "at", "nothing", "yes")
	require.NoError(t, err)
	require.NoError(t, w.Row("退款, \"慢\"\n再催", 7, 0.1, at, nil, true))
	require.Error(t, w.Row("too", "few"))
	require.NoError(t, w.Close())
	require.True(t, bytes.HasPrefix(out.Bytes(), []byte("\xef\xbb\xbf")), "Excel knows UTF-8 by its mark")
	rows, err := csv.NewReader(bytes.NewReader(out.Bytes()[3:])).ReadAll()
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"text", "n", "share", "at", "nothing", "yes"},
		{"退款, \"慢\"\n再催", "7", "0.1", "2026-03-02T02:00:00.123456Z", "", "true"},
	}, rows)
}

func TestNoCellOfCSVIsAFormula(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"=1+1", "+49 30", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''@1"} {
		var out bytes.Buffer
		w, err := sheet.CSV(&out, false, "text")
		require.NoError(t, err)
		require.NoError(t, w.Row(text))
		require.NoError(t, w.Close())
		require.Contains(t, out.String(), "'"+text)
	}
	var out bytes.Buffer
	w, err := sheet.CSV(&out, false, "n")
	require.NoError(t, err)
	require.NoError(t, w.Row(-2))
	require.NoError(t, w.Close())
	require.Equal(t, "n\n-2\n", out.String(), "a number stays a number")
}

func TestWhoeverTakesOneApostropheAwayReadsWhatWasWritten(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w, err := sheet.CSV(&out, false, "text")
	require.NoError(t, err)
	texts := []string{"=1", "'=1", "''=1", "'1", "'", "''", "1'=", "\n'=1", "'\n=1"}
	for _, text := range texts {
		require.NoError(t, w.Row(text))
	}
	require.NoError(t, w.Close())
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	marked := regexp.MustCompile("^'+[=+@\t\r\n＝＋－＠-]")
	for i, row := range rows[1:] {
		if marked.MatchString(row[0]) {
			row[0] = row[0][1:]
		}
		require.Equal(t, texts[i], row[0])
	}
}

func TestAWorkbookHoldsTextsNumbersAndDates(t *testing.T) {
	t.Parallel()
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	var out bytes.Buffer
	w, err := sheet.XLSX(&out, "cases", shanghai, "text", "n", "share", "at", "yes")
	require.NoError(t, err)
	require.NoError(t, w.Row("=1+1", int64(7), 0.1, at, true))
	require.NoError(t, w.Row("", 0, nil, time.Time{}, false))
	require.NoError(t, w.Close())
	book, err := excelize.OpenReader(&out)
	require.NoError(t, err)
	defer book.Close()
	rows, err := book.GetRows("cases")
	require.NoError(t, err)
	require.Equal(t, []string{"=1+1", "7", "0.1", "2026-03-02 10:00:00", "TRUE"}, rows[1])
	formula, err := book.GetCellFormula("cases", "A2")
	require.NoError(t, err)
	require.Empty(t, formula, "a text is never a formula")
	kind, err := book.GetCellType("cases", "B2")
	require.NoError(t, err)
	require.NotEqual(t, excelize.CellTypeInlineString, kind, "a number is a number")
	empty, err := book.GetCellValue("cases", "D3")
	require.NoError(t, err)
	require.Empty(t, empty)
}

func TestALongTableTakesNoMoreMemoryThanAShortOne(t *testing.T) {
	for _, format := range []string{"csv", "xlsx"} {
		t.Run(format, func(t *testing.T) {
			out := &pieces{}
			w := open(t, format, out)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			for i := range 100_000 {
				require.NoError(t, w.Row(fmt.Sprintf("case %d 投诉", i), i, float64(i)/3, at.Add(time.Duration(i)*time.Minute)))
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			require.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(32<<20))
			require.NoError(t, w.Close())
			require.LessOrEqual(t, out.largest, 1<<16, "nor does what is written stand in memory as a whole")
		})
	}
}

func open(t *testing.T, format string, out io.Writer) sheet.Writer {
	t.Helper()
	columns := []string{"text", "n", "third", "at"}
	if format == "csv" {
		w, err := sheet.CSV(out, false, columns...)
		require.NoError(t, err)
		return w
	}
	w, err := sheet.XLSX(out, "cases", time.UTC, columns...)
	require.NoError(t, err)
	return w
}

// pieces swallows what is written, and tells the largest piece in which it came.
type pieces struct{ largest int }

func (p *pieces) Write(b []byte) (int, error) {
	p.largest = max(p.largest, len(b))
	return len(b), nil
}
