package main

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/policy"
)

func TestAListOfDaysBecomesAPartOfTheCalendar(t *testing.T) {
	t.Parallel()
	zone, err := policy.Zone("Asia/Shanghai")
	require.NoError(t, err)
	list := written(t, "days.csv", "date,until,kind,name\n2027-10-01,2027-10-07,off,国庆节\n2026-10-01,,off,国庆节\n2027-10-09,,worked,国庆节\n")
	add := func(l listOfDays) (string, error) {
		var out bytes.Buffer
		err := l.add(&out, zone)
		return out.String(), err
	}
	said, err := add(listOfDays{path: list})
	require.NoError(t, err)
	require.Equal(t, "days_off:\n  2026-10-01: 国庆节\n  2027-10-01..2027-10-07: 国庆节\ndays_worked:\n  2027-10-09: 国庆节\n", said, "by itself, all of it")

	file := written(t, "policy.yaml", string(policy.DefaultDocument()))
	said, err = add(listOfDays{path: list, into: file, name: "working", until: "2027-12-31"})
	require.NoError(t, err)
	require.Contains(t, said, "2 entries are in calendar working")
	require.Contains(t, said, "1 days were there already")
	made, err := os.ReadFile(file)
	require.NoError(t, err)
	own, faults := policy.Read(made, zone)
	require.Empty(t, faults)
	require.Empty(t, policy.Endings(own, time.Date(2026, time.November, 1, 0, 0, 0, 0, zone))[1:], "the half-days alone end this year")

	for says, l := range map[string]listOfDays{
		"has faults; nothing was changed": {path: written(t, "bad.csv", "date,name\n2027-02-30,x\n"), into: file, name: "working"},
		`has no calendar "moon"`:          {path: list, into: file, name: "moon"},
		"no date such as 2027-12-31":      {path: list, into: file, name: "working", until: "soon"},
		"cannot be read":                  {path: list, into: list, name: "working"},
		"no such file":                    {path: file + ".no", into: file, name: "working"},
	} {
		_, err := add(l)
		require.ErrorContains(t, err, says)
		after, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(made), string(after), "a fault changes nothing")
	}
	said, err = add(listOfDays{path: written(t, "odd.csv", "date,kind,name\n2027-10-01,worked,x\n2027-13-01,,y\n")})
	require.Error(t, err)
	require.Equal(t, "line 3: \"2027-13-01\" is no date such as 2026-12-24\n", said)
	said, err = add(listOfDays{path: written(t, "odd.csv", "date,kind,name\n2027-10-01,worked,x\n"), into: file, name: "working"})
	require.Error(t, err)
	require.Equal(t, "fault (line 2): 2027-10-01 stands in days_off of the calendar already\n", said)
}
