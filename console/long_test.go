package console

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestALongTextIsFoldedWhereItBreaksAndLosesNothing(t *testing.T) {
	t.Parallel()
	sentence := "客服热线打了十一次，每一次都换一个人接。"
	for what, tt := range map[string]struct{ text, ends string }{
		"as long as is shown whole": {strings.Repeat("长", foldFrom), ""},
		"a paragraph":               {strings.Repeat("长", 400) + "\n" + strings.Repeat(sentence, 100), "\n"},
		"sentences":                 {strings.Repeat(sentence, 100), "。"},
		"words":                     {strings.Repeat("word ", 400), " "},
		"without a break":           {strings.Repeat("长", 9000), "长"},
		"accents":                   {strings.Repeat("a", 499) + strings.Repeat("\u0301", 600), "\u0301"},
		"a family":                  {strings.Repeat("a", 499) + "👩\u200d👩\u200d👧" + strings.Repeat("b", 600), "👧"},
	} {
		got := fold(tt.text)
		require.Equal(t, tt.text, got.Start+got.Rest, what)
		require.Equal(t, utf8.RuneCountInString(got.Rest), got.More, what)
		if tt.ends == "" {
			require.Empty(t, got.Rest, what)
			continue
		}
		require.True(t, strings.HasSuffix(got.Start, tt.ends), "%s: %q", what, got.Start[max(0, len(got.Start)-30):])
		if what != "accents" {
			require.LessOrEqual(t, utf8.RuneCountInString(got.Start), foldAt+5, what)
			require.NotEmpty(t, got.Rest, what)
		}
	}
}
