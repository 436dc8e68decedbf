package templates_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/templates"
)

func TestAnSMSIsAsLongAsNetworksCount(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]templates.Length{
		"":                        {0, 1},
		strings.Repeat("a", 160):  {160, 1},
		strings.Repeat("a", 161):  {161, 2},
		strings.Repeat("a", 306):  {306, 2},
		strings.Repeat("a", 307):  {307, 3},
		strings.Repeat("[", 80):   {160, 1},
		strings.Repeat("{}", 41):  {164, 2},
		strings.Repeat("字", 70):   {70, 1},
		strings.Repeat("字", 71):   {71, 2},
		strings.Repeat("字", 134):  {134, 2},
		strings.Repeat("字", 135):  {135, 3},
		strings.Repeat("a", 70):   {70, 1},
		strings.Repeat("😀", 35):   {70, 1},
		strings.Repeat("😀", 36):   {72, 2},
		"a`":                      {2, 1},
		strings.Repeat("a`", 40):  {80, 2}, // one sign that not every telephone knows
		"£ é ü Ω §":               {9, 1},
		strings.Repeat("Ω", 160):  {160, 1},
		strings.Repeat("ё", 71):   {71, 2},
		strings.Repeat("a\n", 80): {160, 1},
	} {
		require.Equal(t, want, templates.LengthOf(text), text)
	}
}

func TestADiffSaysLineByLine(t *testing.T) {
	t.Parallel()
	was := templates.Draft{Subject: "s", Body: "a\nb\nc"}
	require.Empty(t, templates.Diff(was, was))
	require.Equal(t, []templates.Line{
		{templates.ChangeGone, "s"}, {templates.ChangeAdded, "t"}, {templates.ChangeNone, "a"}, {templates.ChangeGone, "b"}, {templates.ChangeNone, "c"}, {templates.ChangeAdded, "d"},
	}, templates.Diff(was, templates.Draft{Subject: "t", Body: "a\nc\nd"}))
}
