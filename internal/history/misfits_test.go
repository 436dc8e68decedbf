package history_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/document"
	"recourse/internal/history"
)

// everyFault is all that is wrong with a mapping, also for a file of this content.
func everyFault(t *testing.T, text, content string) []string {
	t.Helper()
	m, faults := history.ReadMapping([]byte(text))
	faults = append(faults, m.Misfits([]string{file(t, "a.csv", content)})...)
	document.Sort(faults)
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = fmt.Sprintf("%s:%d", f.Path, f.Line)
	}
	return lines
}

func TestUnknownColumnsAreToldTogetherWithUnknownMovesAndMissingKeys(t *testing.T) {
	t.Parallel()
	text := `source: p
rows: cases
zone: UTC
case: nope
at: when
activity: {column: act, values: {New: receivd}}
milestones: {solvd: gone, closed: done}
fields: {colour: red, severity: {column: prio, values: {a: grave}}}
duplicates: first
`
	want := []string{
		"/instants:0", "/received:0", "/case:4", "/at:5", "/at:5", "/activity:6", "/activity/values/New:6", "/milestones/closed:7",
		"/milestones/solvd:7", "/milestones/solvd:7", "/fields/colour:8", "/fields/colour:8", "/fields/severity/column:8",
		"/fields/severity/values/a:8", "/duplicates:9",
	}
	require.Equal(t, want, everyFault(t, text, "id,act\n"))
	require.Len(t, everyFault(t, text+"file: {delimiter: ';;'}\n", "id,act\n"), len(want)+1)
	require.Len(t, everyFault(t, text+"file: {delimiter: ';;'}\n", "id;act\n"), len(want)+1-6, "a file that may look otherwise lacks nothing for sure")
}

func TestATableOfVolumesSaysAllThatItLacksAtOnce(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"/instants:0", "/case:4", "/case:4", "/volumes:5", "/volumes:5", "/volumes/from:5"},
		everyFault(t, "rows: volumes\nsource: p\nzone: UTC\ncase: id\nvolumes: {from: at}\n", "x,y\n"))
}
