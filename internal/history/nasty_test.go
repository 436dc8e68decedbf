package history_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/history"
)

const plainCases = `
source: s
rows: cases
zone: Europe/Berlin
instants: [iso]
case: id
received: in
due: by
milestones: {resolved: out, closed: out}
`

// today is when the nasty logs are read.
var today = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func TestRowsThatNoRecordCouldTakeAreRefusedWhereTheyStand(t *testing.T) {
	t.Parallel()
	log := file(t, "n.csv", "id,in,by,out\n"+
		"1,2020-01-01,2062-01-01,2020-01-03\n"+
		"2,2062-01-01,,2062-01-03\n"+
		"\"3\n4\",2020-01-01,,2020-01-03\n"+
		"5\x00,2020-01-01,,2020-01-03\n"+
		"id,in,by,out\n")
	report, cases, told := read(t, mapping(t, plainCases), history.Options{Now: today}, log)
	require.Equal(t, []string{
		"refused n.csv line 3 case 2 column in: it lies in the future; with --as-of what is behind it is left out",
		"refused n.csv line 3 case 2 column out: it lies in the future; with --as-of what is behind it is left out",
		"refused n.csv line 4 case 3\n4 column id: there is a line break or another control character in the case's number",
		"refused n.csv line 6 column id: some characters cannot be read; is file.encoding right?",
		`refused n.csv line 7 case id column in: "in": it is written in none of the listed forms: iso`,
		`refused n.csv line 7 case id column by: "by": it is written in none of the listed forms: iso`,
		`refused n.csv line 7 case id column out: "out": it is written in none of the listed forms: iso`,
	}, told, "a column that is two milestones is told once, and a due date may lie ahead")
	require.Len(t, cases, 1)
	require.Equal(t, 4, report.RowsRefused)
	report, cases, _ = read(t, mapping(t, plainCases), history.Options{Now: today, AsOf: today}, log)
	require.Len(t, cases, 1)
	require.Equal(t, 1, report.Behind.Cases, "with an as-of it is behind it")
}

func TestANumberThatIsATextIsRefused(t *testing.T) {
	t.Parallel()
	log := file(t, "n.csv", "id,in,by,out\n"+strings.Repeat("x", 257)+",2020-01-05,,2020-01-06\n"+strings.Repeat("y", 256)+",2020-01-06,,2020-01-06\n")
	_, cases, told := read(t, mapping(t, plainCases), history.Options{}, log)
	require.Len(t, cases, 1)
	require.Len(t, told, 1)
	require.Contains(t, told[0], "column id: the case's number is longer than 256 bytes")
}

func TestALogOfCasesThatEndedAsTheyCameHasNoPeak(t *testing.T) {
	t.Parallel()
	log := file(t, "n.csv", "id,in,by,out\n1,2020-01-05,,2020-01-03\n2,2020-01-06,,2020-01-06\n")
	report, cases, _ := read(t, mapping(t, plainCases+"contradictions: clamp\n"), history.Options{}, log)
	require.Len(t, cases, 2)
	require.Zero(t, report.PeakOpen)
}

func TestAFileThatDoesNotFitSaysWhy(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"":                                    "n.csv is empty",
		"\n\n\n":                              "n.csv is empty",
		"id;in;by;out\n":                      "is file.delimiter right?",
		"ID,in,by,out\n":                      `there is no column "id" ("ID" is written otherwise); there are ID, in, by, out`,
		"\xb1\xe0\xba\xc5,in,by,out\n":        `there is no column "id", and some characters of the header cannot be read; is file.encoding right?`,
		"id,in,in,by,out\n":                   `the header "in" stands at positions 2 and 3: name it by one of them, as in {position: 2}`,
		"\x1f\x8b\x08\x00\x00\x00\x00\x00id,": "n.csv",
	} {
		_, err := mapping(t, plainCases).Read(t.Context(), []string{file(t, "n.csv", content)}, history.Options{}, func(history.History) error {
			return errors.New("a case of it")
		})
		require.ErrorContains(t, err, want, "%q", content)
		require.NotContains(t, strings.ToValidUTF8(err.Error(), "\ufffd"), "\ufffd", "what is told can be read")
	}
}

func TestScoresAreReadAsDataFramesWriteThem(t *testing.T) {
	t.Parallel()
	log := file(t, "n.csv", "id,in,by,out,mark\n1,2020-01-01,,2020-01-03,4.0\n2,2020-01-01,,2020-01-03,4.5\n3,2020-01-01,,2020-01-03,6\n")
	report, cases, told := read(t, mapping(t, plainCases+"fields: {result: mark}\n"), history.Options{}, log)
	require.Len(t, cases, 1)
	require.Equal(t, []string{
		`refused n.csv line 3 case 2 column mark: "4.5" is none of [1 2 3 4 5]`, `refused n.csv line 4 case 3 column mark: "6" is none of [1 2 3 4 5]`,
	}, told)
	require.Equal(t, 2, report.RowsRefused)
}
