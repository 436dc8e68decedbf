package history_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/history"
)

const counted = `
source: p
rows: events
zone: UTC
instants: [iso]
case: id
at: at
due: due
milestones: {resolved: res}
counters: {transfers: cnt, reopens: re}
activity: {column: act, values: {New: received, Answered: first_response, Moved: ignore}}
fields: {severity: {column: sev, values: {P1: urgent, P3: general}}, product: prod, recommend: nps}
`

const countedLog = `id,act,at,cnt,re,due,dep,sev,prod,nps,res
A,New,2025-01-01 00:00,0,0,2025-01-03 00:00,D1,P3,old,,
A,Answered,2025-01-02 00:00,1,0,2025-01-03 00:00,D1,P3,old,,
`

func TestARowBehindTheAsOfCountsForNothing(t *testing.T) {
	t.Parallel()
	behind := "A,Moved,2025-01-09 00:00,7,4,2025-02-20 00:00,D2,P1,new,9,2025-01-09 00:00\n" +
		"A,Nobody knows,2025-01-09 00:00,many,,never,,P9,new,11,\n" +
		"B,New,2025-01-10 00:00,,,,,,,,\n,New,2025-01-10 00:00,,,,,,,,\n"
	asOf := history.Options{AsOf: time.Date(2025, 1, 8, 0, 0, 0, 0, time.UTC)}
	cut, want, _ := read(t, mapping(t, counted), asOf, file(t, "log.csv", countedLog))
	report, cases, told := read(t, mapping(t, counted), asOf, file(t, "log.csv", countedLog+behind))
	require.Empty(t, told, "nobody had it to be refused")
	require.Equal(t, history.Behind{Cases: 1, Rows: 4}, report.Behind)
	require.Equal(t, []any{cut.Transfers, cut.Reopens, cut.Names, cut.Open, cut.RowsRefused},
		[]any{report.Transfers, report.Reopens, report.Names, report.Open, report.RowsRefused})
	got := cases["A"]
	got.Adopted.File = want["A"].Adopted.File // the digest of another file
	require.Equal(t, want, map[string]history.History{"A": got})
}

const closes = `
source: p
rows: events
zone: UTC
instants: [iso]
case: id
at: at
activity: {column: act, values: {New: received, Solved: [feedback, resolved], Closed: closed, Again: reworked}}
`

func TestAContradictionBehindTheAsOfRefusesNoCase(t *testing.T) {
	t.Parallel()
	log := "id,act,at\nB,New,2025-01-01\nB,Closed,2025-01-07\nB,Solved,2025-01-11\n"
	asOf := history.Options{AsOf: time.Date(2025, 1, 8, 0, 0, 0, 0, time.UTC)}
	report, cases, told := read(t, mapping(t, closes), asOf, file(t, "log.csv", log))
	require.Empty(t, told)
	require.Zero(t, report.CasesRefused)
	require.Equal(t, []string{"07 00:00 closed"}, moves(cases["B"]))

	columns := "source: p\nrows: cases\nzone: UTC\ninstants: [iso]\ncase: id\nreceived: in\nmilestones: {resolved: r, closed: c, survey_answered: s}\nfields: {result: mark}\n"
	report, cases, told = read(t, mapping(t, columns), asOf, file(t, "log.csv", "id,in,r,c,s,mark\nB,2025-01-01,2025-01-11,2025-01-07,2025-01-10,5\n"))
	require.Empty(t, told)
	require.Equal(t, history.Behind{Moves: 2}, report.Behind)
	require.Equal(t, []string{"07 00:00 closed"}, moves(cases["B"]))
	require.Nil(t, cases["B"].Adopted.Moves[0].Scores, "the customer had not answered yet")
}

func TestEveryCycleThatWasClosedBeforeItWasResolvedIsMended(t *testing.T) {
	t.Parallel()
	m := mapping(t, closes+"contradictions: clamp\n")
	report, cases, told := read(t, m, history.Options{}, file(t, "log.csv", "id,act,at\n1,New,2025-01-01\n1,Closed,2025-01-02\n1,Solved,2025-01-03\n"+
		"1,Again,2025-01-05\n1,Closed,2025-01-06\n1,Solved,2025-01-07\n"+
		"2,New,2025-01-01\n2,Solved,2025-01-02\n2,Closed,2025-01-03\n2,Solved,2025-01-04\n"))
	require.Equal(t, []string{
		"03 00:00 solution_told", "03 00:00 resolved", "03 00:00 closed", "05 00:00 reworked",
		"07 00:00 solution_told", "07 00:00 resolved", "07 00:00 closed",
	}, moves(cases["1"]))
	require.Len(t, told, 1, "once per case and column")
	require.Equal(t, 1, report.Contradicting, "what is told again after the end is no contradiction")
	require.Equal(t, []string{"02 00:00 solution_told", "02 00:00 resolved", "03 00:00 closed", "04 00:00 solution_told"}, moves(cases["2"]))
	require.Equal(t, history.LeftOut{AfterEnd: 1}, report.LeftOut)
}

func TestAReopenedCaseIsNotOpenWhileItWasClosed(t *testing.T) {
	t.Parallel()
	report, _, _ := read(t, mapping(t, closes), history.Options{AsOf: time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC)}, file(t, "log.csv", "id,act,at\n"+
		"A,New,2025-01-01\nA,Closed,2025-01-02\nA,Again,2025-01-10\nA,Closed,2025-01-11\nA,Again,2025-01-20\n"+
		"B,New,2025-01-05\nB,Closed,2025-01-06\nC,New,2025-01-12\nC,Closed,2025-01-13\n"))
	require.Equal(t, 1, report.PeakOpen)
	require.Equal(t, []int{3, 1, 2}, []int{report.Cases, report.Open, report.Closed})
	require.Equal(t, "2025-01-01", report.PeakAt.Format(time.DateOnly))
	require.Equal(t, 2, report.Reopens.Times)
}

func TestACaseWhoseSolutionWasToldWasAnswered(t *testing.T) {
	t.Parallel()
	report, _, _ := read(t, mapping(t, closes), history.Options{}, file(t, "log.csv", "id,act,at\nA,New,2025-01-01\nA,Solved,2025-01-02\nA,Closed,2025-01-02\nB,New,2025-01-01\nB,Closed,2025-01-02\n"))
	for _, l := range report.Lacks {
		if l.What == "first_response" {
			require.Equal(t, 1, l.Cases)
			return
		}
	}
	t.Fatal("B was never answered")
}
