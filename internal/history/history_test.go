package history_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"recourse/internal/history"
	"recourse/models"
)

// sensible says what every adopted case promises.
func sensible(t *testing.T, h history.History) {
	t.Helper()
	before := h.Adopted.Opened.ReceivedAt
	for _, m := range h.Adopted.Moves {
		require.False(t, m.At.Before(before), "%s: %v", h.Adopted.Reference, h.Adopted.Moves)
		before = m.At
	}
}

func mapping(t *testing.T, text string) *history.Mapping {
	t.Helper()
	m, faults := history.ReadMapping([]byte(text))
	require.Empty(t, faults)
	return m
}

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// read reads a log and returns each case by its number, as a line for each move.
func read(t *testing.T, m *history.Mapping, opt history.Options, files ...string) (history.Report, map[string]history.History, []string) {
	t.Helper()
	var told []string
	opt.Fault = func(f history.Fault) { told = append(told, f.String()) }
	cases := map[string]history.History{}
	report, err := m.Read(t.Context(), files, opt, func(h history.History) error {
		sensible(t, h)
		require.NotContains(t, cases, h.Adopted.Reference)
		cases[h.Adopted.Reference] = h
		return nil
	})
	require.NoError(t, err)
	return report, cases, told
}

// moves writes the moves of a case, one each, with what they say beside.
func moves(h history.History) (lines []string) {
	for _, m := range h.Adopted.Moves {
		line := strings.Join(strings.Fields(strings.Join([]string{
			m.At.Format("02 15:04"), string(m.Kind), m.Department, m.Person, string(m.Severity), string(m.Pause), string(m.Outcome),
		}, " ")), " ")
		if m.Inferred {
			line += " *"
		}
		lines = append(lines, line)
	}
	return lines
}

const desk = `
source: desk
rows: events
zone: UTC
instants: [iso]
unknown: ["?"]
case: ticket
order: n
at: when
by: who
state:
  column: state
  values:
    New: open
    In work: open
    Waiting for customer: waiting_for_customer
    Waiting for parts: waiting_for_others
    Solved: [first_response, feedback, resolved]
    Closed: closed
fields:
  department: team
  person: agent
  severity: {column: prio, values: {high: urgent, low: general}}
`

const deskLog = `ticket,n,when,who,state,team,agent,prio
A,1,2020-01-01 09:00,eve,New,front,?,low
B,1,2020-01-02 09:00,eve,New,front,?,low
A,2,2020-01-01 10:00,eve,In work,front,ann,low
A,4,2020-01-01 12:00,ann,Waiting for parts,back,bob,high
A,3,2020-01-01 12:00,ann,Waiting for customer,front,ann,low
A,5,2020-01-01 13:00,bob,In work,back,bob,high
A,6,2020-01-02 13:00,bob,Solved,back,bob,high
A,7,2020-01-03 13:00,bob,In work,back,bob,high
A,8,2020-01-04 13:00,bob,Waiting for parts,back,bob,high
A,9,2020-01-05 13:00,bob,Solved,back,bob,high
A,10,2020-01-05 13:00,bob,Closed,back,bob,high
A,11,2020-01-06 13:00,bob,Closed,front,ann,low
`

func TestStatesOwnersAndSeverityOfEventsBecomeMoves(t *testing.T) {
	t.Parallel()
	report, cases, told := read(t, mapping(t, desk), history.Options{}.Small(), file(t, "desk.csv", deskLog))
	require.Empty(t, told)
	require.Equal(t, []string{
		"01 09:00 dispatched front *",
		"01 10:00 assigned front ann *",
		"01 12:00 paused ann waiting_for_customer",
		"01 12:00 transferred back bob *",
		"01 12:00 reclassified ann urgent *",
		"01 12:00 resumed ann *",
		"01 12:00 paused ann waiting_for_others",
		"01 13:00 resumed bob *",
		"02 13:00 replied bob",
		"02 13:00 solution_told bob",
		"02 13:00 resolved bob",
		"03 13:00 reworked bob *",
		"04 13:00 paused bob waiting_for_others",
		"05 13:00 resumed bob *",
		"05 13:00 replied bob",
		"05 13:00 solution_told bob",
		"05 13:00 resolved bob",
		"05 13:00 closed bob",
	}, moves(cases["A"]))
	require.Equal(t, []string{"received_at", "channel", "language", "nature", "customer_id"}, cases["A"].Adopted.Inferred)
	require.Equal(t, 2, report.LeftOut.AfterEnd, "the hands and the severity that a closed case got")
	require.Equal(t, []int{1, 1}, []int{report.Open, report.Closed})
	require.ErrorContains(t, report.AsOfNeeded(), "1 of 2 cases are open")
	require.Equal(t, []string{"02 09:00 dispatched front *"}, moves(cases["B"]))
}

func TestWhatLiesBehindTheAsOfIsLeftOut(t *testing.T) {
	t.Parallel()
	report, cases, _ := read(t, mapping(t, desk), history.Options{AsOf: time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC)}, file(t, "desk.csv", deskLog))
	require.Len(t, cases, 1)
	require.Equal(t, 1, report.Behind.Cases)
	require.Len(t, cases["A"].Adopted.Moves, 8)
	require.False(t, cases["A"].Closed())
	require.NoError(t, report.AsOfNeeded())
}

func TestALogOfProcessMiningIsReadAcrossItsFiles(t *testing.T) {
	t.Parallel()
	m := mapping(t, `
source: bpi
rows: events
file: {delimiter: semicolon}
zone: Europe/Amsterdam
instants: [iso]
where:
  - {column: "lifecycle:transition", in: [complete, COMPLETE]}
case: case:concept:name
at: time:timestamp
activity:
  join: [concept:name, org:role]
  values:
    Send letter A: [first_response, interim_told]
    Decide B: [feedback, resolved]
    Archive B: closed
  otherwise: ignore
fields:
  channel: {value: letter_box}
  outcome: {column: "(case) result", values: {ok: upheld}, otherwise: rejected}
resolved_is_closed: true
`)
	header := "case:concept:name;concept:name;lifecycle:transition;org:role;time:timestamp;(case) result\n"
	report, cases, told := read(t, m, history.Options{}, file(t, "2011.csv", header+
		"1;Send letter;start;A;2011-10-01T00:38:44.546+02:00;ok\n"+
		"1;Send letter;COMPLETE;A;2011-10-01T00:38:45.546+02:00;ok\n"+
		"2;Look;complete;C;2011-10-02T00:00:00.000+02:00;no\n"),
		file(t, "2012.csv", header+
			"1;Decide;complete;B;2012-01-01T00:00:00.000+01:00;ok\n"+
			"2;Decide;complete;B;2012-01-02T00:00:00.000+01:00;no\n"+
			"2;Archive;complete;B;2012-01-03T00:00:00.000+01:00;no\n"))
	require.Empty(t, told)
	require.Equal(t, []int{6, 1, 2, 0, 2}, []int{report.RowsRead, report.RowsSkipped, report.Cases, report.Open, report.Closed})
	require.Equal(t, []string{"30 22:38 replied", "30 22:38 interim_told", "31 23:00 solution_told", "31 23:00 resolved upheld", "31 23:00 closed *"}, moves(cases["1"]))
	require.Equal(t, []string{"01 23:00 solution_told", "01 23:00 resolved rejected", "02 23:00 closed"}, moves(cases["2"]))
	require.Equal(t, "2011-09-30T22:38:45.546Z", cases["1"].Adopted.Opened.ReceivedAt.Format(time.RFC3339Nano), "no column says when it was received: its first event does")
	require.Equal(t, []history.Name{{Column: "concept:name+org:role", Value: "Look C", Rows: 1}, {Column: "(case) result", Value: "no", Rows: 3}}[1:], report.Names[:1])
	require.Len(t, cases["1"].Adopted.File, 64)
}

const yearly = `
source: jira
rows: cases
zone: America/New_York
instants: [M/D/YYYY HH:mm]
case: Key
received: {join: [Day, Time]}
due: {column: Due, instants: [excel]}
milestones:
  dispatched: Assigned
  first_response: {first: [Answered, Resolved]}
  resolved: Resolved
  closed: Closed
fields:
  department: Team
  person: Agent
  severity: {column: P, otherwise: ignore, values: {P1: urgent}}
  result: {column: Stars, values: {very good: "5", bad: "1"}}
  customer: Who
counters: {transfers: Hops}
contradictions: %s
`

const yearlyLog = `Key,Day,Time,Due,Assigned,Answered,Resolved,Closed,Team,Agent,P,Stars,Who,Hops
K-1,3/7/2015,12:00,42071.5,3/7/2015 13:00,,3/8/2015 12:00,3/9/2015 12:00,Water,Ann,P1,very good,c1,3
K-2,3/7/2015,12:00,,,3/7/2015 11:00,3/8/2015 12:00,3/8/2015 11:00,Water,,P9,,,0
K-3,3/7/2015,12:00,,,,,,,,,,,
K-1,3/7/2015,12:00,,,,,,,,,,,
K-4,13/7/2015,12:00,,,,,,,,,good,,many
,3/7/2015,12:00,,,,,,,,,,,
K-5,,,,,,,,,,,,,
`

func TestARowPerCaseGivesItsMilestones(t *testing.T) {
	t.Parallel()
	report, cases, told := read(t, mapping(t, fmt.Sprintf(yearly, "clamp")), history.Options{}, file(t, "k.csv", yearlyLog))
	require.Equal(t, []string{
		"07 18:00 dispatched Water Ann", "08 16:00 replied", "08 16:00 resolved", "09 16:00 closed", "08 16:00 survey_answered *",
	}[:3], moves(cases["K-1"])[:3])
	first := cases["K-1"].Adopted
	require.Equal(t, "2015-03-07T17:00:00Z", first.Opened.ReceivedAt.Format(time.RFC3339))
	require.Equal(t, "2015-03-08T16:00:00Z", first.HandlingDue.Format(time.RFC3339), "noon by the clock that was put forward that day")
	require.Equal(t, []any{models.SeverityUrgent, "c1", 3, 2}, []any{first.Opened.Severity, cases["K-1"].Customer, *first.Transfers, first.Line})
	require.Equal(t, "09 16:00 survey_answered *", moves(cases["K-1"])[4])
	require.Equal(t, 5, first.Moves[4].Scores.Result)
	require.Equal(t, []string{"07 17:00 dispatched Water *", "07 17:00 replied", "08 16:00 resolved", "08 16:00 closed"}, moves(cases["K-2"]))
	require.Equal(t, []int{7, 4, 3, 1}, []int{report.RowsRead, report.RowsRefused, report.Cases, report.Contradicting})
	for _, want := range []string{
		"mended k.csv line 3 case K-2 column Answered+Resolved: replied before it was received",
		"mended k.csv line 3 case K-2 column Closed: closed before it was resolved",
		"refused k.csv line 5 case K-1 column Key: the case stands in line 2 already, and only that row counts",
		`refused k.csv line 6 case K-4 column Day+Time: "13/7/2015 12:00": it is written in none of the listed forms: M/D/YYYY HH:mm`,
		`refused k.csv line 6 case K-4 column Stars: the mapping has no result for "good"`,
		`refused k.csv line 6 case K-4 column Hops: "many" is no count`,
		"refused k.csv line 7 column Key: it does not say which case this is",
		"refused k.csv line 8 case K-5 column Day+Time: it does not say when this was",
	} {
		require.Contains(t, told, want)
	}
	require.Len(t, told, 8)

	report, cases, _ = read(t, mapping(t, fmt.Sprintf(yearly, "clamp\nduplicates: last")), history.Options{}, file(t, "k.csv", yearlyLog))
	require.Empty(t, moves(cases["K-1"]))
	require.Equal(t, []int{3, 1, 3}, []int{report.RowsRefused, report.Superseded, report.Cases})

	report, cases, _ = read(t, mapping(t, fmt.Sprintf(yearly, "refuse")), history.Options{}, file(t, "k.csv", yearlyLog))
	require.NotContains(t, cases, "K-2")
	require.Equal(t, []int{2, 1}, []int{report.Cases, report.CasesRefused})
}

func TestAWorkbookWithDatesIsReadByItsSerialNumbers(t *testing.T) {
	t.Parallel()
	book := excelize.NewFile()
	require.NoError(t, book.SetSheetRow("Sheet1", "A1", &[]any{"id", "in", "out"}))
	require.NoError(t, book.SetSheetRow("Sheet1", "A2", &[]any{"x", time.Date(2016, 3, 3, 8, 0, 0, 0, time.UTC), time.Date(2016, 3, 4, 9, 30, 0, 0, time.UTC)}))
	path := filepath.Join(t.TempDir(), "log.xlsx")
	require.NoError(t, book.SaveAs(path))
	_, cases, told := read(t, mapping(t, "source: x\nrows: cases\nzone: UTC\ninstants: [excel]\ncase: id\nreceived: in\nmilestones: {closed: out}\n"), history.Options{}, path)
	require.Empty(t, told)
	require.Equal(t, "2016-03-03T08:00:00Z", cases["x"].Adopted.Opened.ReceivedAt.Format(time.RFC3339))
	require.Equal(t, []string{"04 09:30 closed"}, moves(cases["x"]))
}

func TestAMappingSaysEverythingThatIsWrongWithItAtOnce(t *testing.T) {
	t.Parallel()
	_, faults := history.ReadMapping([]byte(`source: x
rows: event
zone: Mars/Olympus
instants: [iso, HH:mm]
case: id
at: {colum: when}
milestones:
  solved: a
  first_response: b
  replied: c
activity:
  column: act
  values: {a: paused, b: resolve, c: open}
fields:
  severity: {column: p, values: {1: grave}, otherwise: keep}
  sverity: p
contradictions: mend
create: [products]
`))
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = f.String()
	}
	for i, want := range []string{
		`/rows (line 2): "event" is none of [events cases volumes]`, `/zone (line 3): "Mars/Olympus"`, `/instants/1 (line 4)`,
		`/at (line 6): say where it stands`, `/at/colum (line 6): nobody knows "colum"`, `/milestones/solved (line 8): "solved" is no milestone; they are accepted, archived`,
		`/milestones/replied (line 10)`, `/activity/values/a (line 13): say what it waits for`, `/activity/values/b (line 13): "resolve" is no move`,
		`/activity/values/c (line 13): "open" is no move`, `/fields/severity/otherwise (line 15)`, `/fields/severity/values/1 (line 15): "grave" is none of`,
		`/fields/sverity (line 16): a case has no field`, `/contradictions (line 17)`, `/create/0 (line 18)`,
	} {
		require.Contains(t, lines[i], want)
	}
	require.Len(t, faults, 15)

	for text, want := range map[string]string{
		"rows: events\nzone: UTC\nsource: x\n":                                                             "/case: it is missing",
		"rows: events\nzone: UTC\nsource: x\ncase: a\nat: b\n":                                             "/instants: it is missing",
		"rows: cases\nzone: UTC\nsource: x\ncase: a\nat: b\ninstants: [iso]\n":                             "/at (line 5): only rows of events",
		"rows: cases\nzone: UTC\nsource: x\ncase: a\nreceived: b\ninstants: [iso]\nfields: {severity: []}": "say where it stands",
		"rows: cases\nzone: UTC\nsource: x\ncase: [a, b]\nreceived: b\ninstants: [iso]":                    "fields with values are wanted",
		"":  "it is empty",
		"[": "this is not YAML",
	} {
		_, faults := history.ReadMapping([]byte(text))
		require.Contains(t, fmt.Sprint(faults), want, text)
	}
}

func TestAMappingMustFitEveryFileBeforeTheFirstRowIsRead(t *testing.T) {
	t.Parallel()
	m := mapping(t, "source: x\nrows: cases\nzone: UTC\ninstants: [iso]\ncase: id\nreceived: in\nfields:\n  product: thing\n  region: {position: 9}\n")
	visited := func(history.History) error { t.Error("a case was visited"); return nil }
	_, err := m.Read(t.Context(), []string{file(t, "a.csv", "id,in,thing,thing\n1,2020-01-01,a,b\n"), file(t, "b.csv", "id;in\n1;2\n")},
		history.Options{Temp: t.TempDir()}, visited)
	require.ErrorContains(t, err, "the mapping has 6 faults")
	for _, want := range []string{
		`/fields/product (line 8): a.csv: the header "thing" stands at positions 3 and 4: name it by one of them, as in {position: 3}`,
		"/fields/region/position (line 9): a.csv: the file has 4 columns and none at position 9",
		`/case (line 5): b.csv: there is no column "id" (is file.delimiter right?); there are id;in`,
	} {
		require.ErrorContains(t, err, want)
	}
	same := file(t, "a.csv", "id,in,thing,x,y,z,u,v,w\n")
	_, err = m.Read(t.Context(), []string{same, same}, history.Options{}, visited)
	require.ErrorContains(t, err, "is the same file")
}

func TestScatteredRowsOfACaseComeTogetherInLittleMemory(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	log.WriteString("ticket,n,when,who,state,team,agent,prio\n")
	for round, state := range []string{"New", "Solved", "Closed"} {
		for i := range 3000 {
			fmt.Fprintf(&log, "T%d,%d,2020-01-0%d 09:00,eve,%s,front,,low\n", i, round, round+1, state)
		}
	}
	path := file(t, "big.csv", log.String())
	report, small, _ := read(t, mapping(t, desk), history.Options{}.Small(), path)
	require.Equal(t, []int{9000, 3000, 3000}, []int{report.RowsRead, report.Cases, report.Closed})
	_, large, _ := read(t, mapping(t, desk), history.Options{}, path)
	require.Equal(t, large, small)
}
