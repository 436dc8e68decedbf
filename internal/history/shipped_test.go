package history_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/history"
)

// shipped reads a log that is not ours to ship, by the mapping that is.
func shipped(t *testing.T, mapping, log string, change func(string) string, opt history.Options) (history.Report, []history.Fault, []history.History) {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", filepath.FromSlash(log))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("NOT TESTED: there is no log at %s", path)
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "history", mapping))
	require.NoError(t, err)
	m, faults := history.ReadMapping([]byte(change(string(text))))
	require.Empty(t, faults)
	var told []history.Fault
	opt.Fault = func(f history.Fault) { told = append(told, f) }
	opt.Temp = t.TempDir()
	var all []history.History
	report, err := m.Read(t.Context(), []string{path}, opt, func(h history.History) error {
		all = append(all, h)
		return nil
	})
	require.NoError(t, err)
	left, err := os.ReadDir(opt.Temp)
	require.NoError(t, err)
	require.Empty(t, left, "no temporary file is left")
	return report, told, all
}

func as(text string) string { return text }

func TestTheIncidentLogGivesItsPublishedFigures(t *testing.T) {
	report, told, all := shipped(t, "uci-incident.yaml", "uci-incident/incident_event_log.csv.gz", as,
		history.Options{AsOf: time.Date(2017, 3, 1, 0, 0, 0, 0, time.UTC)})
	require.Equal(t, []int{141_712, 24_918, 0, 24_918, 0}, []int{report.RowsRead, report.Cases, report.Open, report.Closed, report.RowsRefused})
	require.Equal(t, history.Counter{Known: true, Cases: 11_369, Times: 23_414, Most: 27}, report.Transfers)
	require.Equal(t, []int{275, 331}, []int{report.Reopens.Cases, report.Reopens.Times})
	require.Equal(t, 23_362, report.Resolution.N)
	require.InDelta(t, 178.172, report.Resolution.Mean, 0.0005)
	require.InDelta(t, 22.1, report.Resolution.Median, 1e-9)
	require.InDelta(t, 8070.167, report.Resolution.Max, 0.0005)
	require.Equal(t, 6_475, report.PeakOpen)
	require.Equal(t, 5, report.Contradicting, "updates that are older than their incident")
	for _, f := range told {
		require.True(t, f.Mended, f)
	}
	require.Len(t, all, 24_918)
	for _, h := range all {
		sensible(t, h)
	}
}

func TestTheRequestsOfTheCityOfBostonAreClampedOrRefused(t *testing.T) {
	asOf := history.Options{AsOf: time.Date(2016, 1, 13, 5, 0, 0, 0, time.UTC)}
	report, told, all := shipped(t, "boston311-2015.yaml", "boston311-2015/boston311_2015.csv.gz", as, asOf)
	require.Equal(t, []int{121_145, 121_145, 19_873, 101_272}, []int{report.RowsRead, report.Cases, report.Open, report.Closed})
	require.Equal(t, 197, report.Contradicting)
	require.Len(t, told, 197)
	due := 0
	for _, h := range all {
		sensible(t, h)
		if !h.Adopted.HandlingDue.IsZero() {
			due++
		}
	}
	require.Equal(t, 94_154, due)

	report, told, all = shipped(t, "boston311-2015.yaml", "boston311-2015/boston311_2015.csv.gz", func(m string) string {
		return strings.Replace(m, "contradictions: clamp", "contradictions: refuse", 1)
	}, asOf)
	require.Equal(t, []int{120_948, 197, 197}, []int{report.Cases, report.CasesRefused, report.Contradicting})
	require.Len(t, told, 197)
	require.False(t, told[0].Mended)
	require.Contains(t, told[0].String(), "column CLOSED_DT: ")
	require.Len(t, all, 120_948)
}
