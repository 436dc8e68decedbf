package cases_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/policy"
	"recourse/models"
)

func TestDaysOfAListAreAPartOfTheDraftAndOfNothingElse(t *testing.T) {
	t.Parallel()
	d := newHouse(t)
	list := cases.DayList{Calendar: "working", Name: "x.csv", Content: []byte("date,until,kind,name,hours\n2027-10-01,2027-10-03,off,国庆节,\n2027-03-01,,,drill,14:00-16:00\n"), KnownUntil: "2027-12-31"}
	added, err := d.ImportDays(t.Context(), list)
	require.NoError(t, err)
	require.Equal(t, []cases.DayEntry{
		{From: "2027-10-01", Until: "2027-10-03", Kind: "off", Name: "国庆节"},
		{From: "2027-03-01", Until: "2027-03-01", Kind: "closed", Hours: "14:00-16:00", Name: "drill"},
	}, added.Entries)
	require.Contains(t, added.Document, "      2027-10-01..2027-10-03: 国庆节\n")
	shown, err := d.Policy(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, string(policy.DefaultDocument()), shown.Document, "the policy in force stays")

	list.Document = []byte(added.Document)
	again, err := d.ImportDays(t.Context(), list)
	require.NoError(t, err)
	require.Empty(t, again.Entries)
	require.Equal(t, 4, again.Known)
	require.Equal(t, added.Document, again.Document)

	for says, l := range map[string]cases.DayList{
		"/calendar":    {Calendar: "moon", Content: list.Content},
		"/known_until": {Calendar: "working", Content: list.Content, KnownUntil: "soon"},
		"/document":    {Calendar: "working", Content: list.Content, Document: []byte("clocks: [")},
		"/content":     {Calendar: "working", Content: []byte("date,name\nsoon,x\n")},
	} {
		_, err := d.ImportDays(t.Context(), l)
		require.Equal(t, models.CodeInvalid, models.CodeOf(err), says)
		refused, is := errors.AsType[*models.Error](err)
		require.True(t, is)
		require.Equal(t, says, refused.Field)
	}
	_, err = d.ImportDays(t.Context(), cases.DayList{Calendar: "working", Content: []byte("date,kind,name\n2027-10-01,worked,x\nsoon,,y\n"), Document: list.Document})
	require.ErrorContains(t, err, `"soon" is no date`)
	_, err = d.ImportDays(t.Context(), cases.DayList{Calendar: "working", Content: []byte("date,kind,name\n2027-10-01,worked,x\n"), Document: list.Document})
	require.ErrorContains(t, err, "2027-10-01 stands in days_off of the calendar already")
}

func TestADepartmentOfACalendarMustBeOnRecord(t *testing.T) {
	t.Parallel()
	d := newHouse(t)
	d.executive(t)
	trial, err := d.TryPolicy(t.Context(), append(policy.DefaultDocument(), []byte("\ncalendars_for: {departments: {atlantis: working}}\n")...))
	require.NoError(t, err)
	require.Len(t, trial.Faults, 1)
	require.Equal(t, "/document/calendars_for/departments/atlantis", trial.Faults[0].Pointer)
	require.Positive(t, trial.Faults[0].Line)
}
