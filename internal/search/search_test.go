package search_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"recourse/internal/search"
)

func TestTermsAreNeighboursAndBeginnings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"电饭煲":          {"电饭", "饭煲"},
		"电，饭":          nil,
		"电\u200b饭":     {"电饭"},
		"kettle":       {"ke", "ket", "kett", "kettl", "kettle"},
		"ＫＥ漏电a":        {"ke", "漏电"},
		"漏电漏电":         {"漏电", "电漏"},
		"abcdefghijkl": {"ab", "abc", "abcd", "abcde", "abcdef", "abcdefg", "abcdefgh", "abcdefghi", "abcdefghij"},
		"スーパー":         {"スー", "ーパ", "パー"},
		"a 1 。":        nil,
	} {
		require.Equal(t, want, search.Terms(text), text)
	}
	require.Len(t, search.Terms(strings.Repeat("一丁丂七丄丅丆万丈三上下丌不与丏丐丑丒专且丕世丗丘丙业丛东丝", 3)), 30, "each once")
}

// Whatever is cut out of a text at its words' beginnings is found in it, and by terms that it has.
func TestWhatIsInATextIsFoundByItsTerms(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("电饭煲漏电客服热线abcABC123 ，。-ÄßİσΣ㈱ｋ"))).Draw(t, "text")
		from := rapid.IntRange(0, len([]rune(text))).Draw(t, "from")
		to := rapid.IntRange(from, len([]rune(text))).Draw(t, "to")
		runes := []rune(text)
		if from > 0 && strings.ContainsRune("abcABC123ÄßİσΣ㈱ｋ", runes[from-1]) {
			return // from the middle of a word
		}
		q, long := search.Parse(string(runes[from:to]), "")
		if !long {
			return
		}
		terms := search.Terms(text)
		for _, p := range q.Parts {
			require.True(t, p.In(search.Read(text)))
			require.Subset(t, append(terms, ""), append(p.Terms(), ""))
		}
	})
}

func TestAValueIsFoundAsAWhole(t *testing.T) {
	t.Parallel()
	contact := search.Read("王小明\n13800138000", "13800138000", "Wang@Example.cn")
	for q, whole := range map[string]string{"+86 138 0013 8000": "13800138000", "wang@example.cn": "wang@example.cn", "1380013": "1380013"} {
		parsed, long := search.Parse(q, whole)
		require.True(t, long, q)
		require.Len(t, parsed.Parts, 1, q)
		require.True(t, parsed.Parts[0].In(contact), q)
	}
	parsed, _ := search.Parse("8000", "8000")
	require.False(t, parsed.Parts[0].In(contact), "not by its end")
}

func likeness(a, b string) float64 { return search.GramsOf(a).Likeness(search.GramsOf(b)) }

func TestLikeness(t *testing.T) {
	t.Parallel()
	const story = "电饭煲第一次使用就跳闸"
	require.InDelta(t, 1, likeness(story, story+"。"), 0)
	require.Zero(t, likeness(story, "发票没有开"))
	require.Zero(t, likeness("", ""))
	require.InDelta(t, 0.66, likeness("漏电漏电漏电", "漏电"), 0.01, "a pair counts once")
	require.Greater(t, likeness(story, "新的电饭煲第一次就跳闸"), 0.5)
	require.InDelta(t, 0.5, likeness("the kettle leaks badly", "a kettle leaks again now"), 0.1)
}

func TestTracesAreStretchesOfATextThatItsTermsHold(t *testing.T) {
	t.Parallel()
	const text = "新买的电饭煲第一次使用就跳闸, the extraordinarily loud kettle leaks"
	terms := search.Terms(text)
	traces := search.Traces(text, 6, 4)
	require.Len(t, traces, 6)
	require.Equal(t, []string{"新买", "买的", "的电", "电饭"}, traces[0])
	require.Equal(t, []string{"extraordin", "loud", "kettle", "leaks"}, traces[5], "to the very end")
	for _, trace := range traces {
		require.Len(t, trace, 4)
		require.Subset(t, terms, trace)
	}
	require.Empty(t, search.Traces("太短了", 6, 4))
	require.Equal(t, [][]string{{"太短", "短了", "了吗", "吗呢"}}, search.Traces("太短了吗呢", 6, 4))
}
