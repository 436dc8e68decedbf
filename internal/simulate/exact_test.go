package simulate_test

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/document"
	"recourse/internal/history"
	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/internal/simulate"
	"recourse/models"
)

// flat is the shipped example of a policy of 24 and 48 hours for everything.
func flat(t *testing.T) policy.Policy {
	t.Helper()
	text, err := os.ReadFile("../../examples/policies/flat.yaml")
	require.NoError(t, err)
	p, faults := policy.Read(text, time.UTC)
	require.Empty(t, faults)
	p.Version = "flat"
	return p
}

// public is a log of shared/data; the test is skipped where it is not at hand.
func public(t *testing.T, file string) string {
	t.Helper()
	log := filepath.Join("../../../shared/data", file)
	if _, err := os.Stat(log); err != nil {
		t.Skipf("\n\n!!! NOT PROVEN: %s is not here, so its exact answers were not checked\n\n", log)
	}
	return log
}

// simulated is what the flat policy makes of a public log; see is shown each of its cases as it lives.
func simulated(t *testing.T, mapping, log, asOf string, see func(name string, c lifecycle.Case)) simulate.Report {
	t.Helper()
	text, err := os.ReadFile("../../examples/history/" + mapping)
	require.NoError(t, err)
	m, faults := history.ReadMapping(text)
	require.False(t, document.Grave(faults), "%v", faults)
	until, err := m.Instant(asOf)
	require.NoError(t, err)
	s, err := simulate.New(simulate.Config{
		Variants: []simulate.Variant{{Name: "flat", Rules: simulate.Under(flat(t))}}, AsOf: until, Zone: time.UTC, Temp: t.TempDir(),
		Seen: func(c simulate.Case, lives []lifecycle.Lived) { see(c.Name, lives[0].Case) },
	})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	_, err = m.Read(t.Context(), []string{log}, history.Options{AsOf: until, Temp: t.TempDir()}, func(h history.History) error {
		return s.Add(simulate.History(h.Adopted, h.Customer, until))
	})
	require.NoError(t, err)
	r, err := s.Report()
	require.NoError(t, err)
	return r
}

func clock(t *testing.T, o simulate.Outcome, k models.Clock) simulate.Clock {
	t.Helper()
	for _, c := range o.Clocks {
		if c.Clock == k {
			return c
		}
	}
	require.Fail(t, "no such clock", "%s", k)
	return simulate.Clock{}
}

func TestTheIncidentsOfADeskAreLateAsPublished(t *testing.T) {
	t.Parallel()
	log := public(t, "uci-incident/incident_event_log.csv.gz")
	inTime := map[string]models.Clock{} // ended at the very instant of a limit
	r := simulated(t, "uci-incident.yaml", log, "2017-03-01T00:00:00Z", func(name string, c lifecycle.Case) {
		for _, run := range c.Runs {
			if (run.Clock == models.ClockFirstResponse || run.Clock == models.ClockFeedback) && run.EndedAt.Equal(run.Limit) {
				require.Equal(t, models.ClockMet, run.End, name)
				inTime[name] = run.Clock
			}
		}
	})
	require.Equal(t, 24_918, r.Cases)
	response, feedback := clock(t, r.Policies[0], models.ClockFirstResponse), clock(t, r.Policies[0], models.ClockFeedback)
	require.Equal(t, 24_918, response.Limit.Set)
	require.Equal(t, 12_846, response.Limit.Passed, "past 24 h")
	require.Equal(t, 1, response.Limit.AtTheInstant)
	require.Equal(t, 11_012, feedback.Limit.Passed, "past 48 h")
	require.Equal(t, 1, feedback.Limit.AtTheInstant)
	require.Len(t, inTime, 2, "the two cases exactly at the bound are in time: %v", inTime)
}

// saidByTheCity reads the city's own verdicts: whether a request was late, by its number. Some have none.
func saidByTheCity(t *testing.T, log string) map[string]bool {
	t.Helper()
	file, err := os.Open(log)
	require.NoError(t, err)
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	require.NoError(t, err)
	rows := csv.NewReader(unpacked)
	header, err := rows.Read()
	require.NoError(t, err)
	number, due, flag := slices.Index(header, "CASE_ENQUIRY_ID"), slices.Index(header, "TARGET_DT"), slices.Index(header, "OnTime_Status")
	said := map[string]bool{}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return said
		}
		require.NoError(t, err)
		if row[due] != "" && row[flag] != "" {
			said[row[number]] = row[flag] == "OVERDUE"
		}
	}
}

func TestTheRequestsOfACityAreOverdueAsTheCitySaid(t *testing.T) {
	t.Parallel()
	log := public(t, "boston311-2015/boston311_2015.csv.gz")
	said := saidByTheCity(t, log)
	require.Len(t, said, 94_001)
	equal := 0
	r := simulated(t, "boston311-2015.yaml", log, "2016-01-13T00:00:00-05:00", func(name string, c lifecycle.Case) {
		late, flagged := said[name]
		if !flagged {
			return
		}
		handling, ran := c.First(models.ClockHandling)
		require.True(t, ran, name)
		require.Equal(t, late, handling.LimitMissed, "%s: the city says so", name)
		equal++
	})
	require.Equal(t, 94_001, equal, "every flagged row has the city's own verdict")
	own := r.Policies[0].OwnDue
	require.NotNil(t, own)
	require.Equal(t, 94_154, own.Cases)
	require.Equal(t, 63_555, own.OnTime)
	require.Equal(t, 30_599, own.Overdue)
	i := slices.IndexFunc(own.ByLength, func(l simulate.Length) bool { return l.Hours == 24 })
	require.GreaterOrEqual(t, i, 0, "some are due in 24 hours")
	require.Equal(t, simulate.Length{Hours: 24, Cases: 12_183, Overdue: 4_966}, own.ByLength[i])
}
