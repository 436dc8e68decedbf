package simulate_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/document"
	"recourse/internal/history"
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

// simulated is what the flat policy makes of a public log; the test is skipped where the log is not at hand.
func simulated(t *testing.T, mapping, file, asOf string) simulate.Report {
	t.Helper()
	log := filepath.Join("../../../shared/data", file)
	if _, err := os.Stat(log); err != nil {
		t.Skipf("\n\n!!! NOT PROVEN: %s is not here, so its exact answers were not checked\n\n", log)
	}
	text, err := os.ReadFile("../../examples/history/" + mapping)
	require.NoError(t, err)
	m, faults := history.ReadMapping(text)
	require.False(t, document.Grave(faults), "%v", faults)
	until, err := m.Instant(asOf)
	require.NoError(t, err)
	s, err := simulate.New(simulate.Config{
		Variants: []simulate.Variant{{Name: "flat", Rules: simulate.Under(flat(t))}}, AsOf: until, Zone: time.UTC, Temp: t.TempDir(),
	})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	_, err = m.Read(t.Context(), []string{log}, history.Options{AsOf: until, Temp: t.TempDir()}, func(h history.History) error {
		return s.Add(simulate.History(h.Adopted, until))
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
	r := simulated(t, "uci-incident.yaml", "uci-incident/incident_event_log.csv.gz", "2017-03-01T00:00:00Z")
	require.Equal(t, 24_918, r.Cases)
	response, feedback := clock(t, r.Policies[0], models.ClockFirstResponse), clock(t, r.Policies[0], models.ClockFeedback)
	require.Equal(t, 24_918, response.Limit.Set)
	require.Equal(t, 12_846, response.Limit.Passed, "past 24 h")
	require.Equal(t, 1, response.Limit.AtTheInstant)
	t.Logf("%+v\n%+v", response, feedback)
	require.Equal(t, 11_012, feedback.Limit.Passed, "past 48 h")
	require.Equal(t, 1, feedback.Limit.AtTheInstant)
}

func TestTheRequestsOfACityAreOverdueAsTheCitySaid(t *testing.T) {
	t.Parallel()
	r := simulated(t, "boston311-2015.yaml", "boston311-2015/boston311_2015.csv.gz", "2016-01-13T00:00:00-05:00")
	own := r.Policies[0].OwnDue
	require.NotNil(t, own)
	require.Equal(t, 94_154, own.Cases)
	require.Equal(t, 63_555, own.OnTime)
	require.Equal(t, 30_599, own.Overdue)
	for _, l := range own.ByLength {
		if l.Hours == 24 {
			require.Equal(t, simulate.Length{Hours: 24, Cases: 12_183, Overdue: 4_966}, l)
		}
	}
}
