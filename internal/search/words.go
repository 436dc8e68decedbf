package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Words of letters and digits are found by their beginnings, so that they are found while they are
// still being typed. A longer beginning than longest is looked up by its first ten and then checked.
const (
	shortest = 2
	longest  = 10
)

// most bounds what is kept of one text: far more than people write, less than an attack would like.
const most = 8192

// run is characters that belong together: of a script without spaces between words, or one word.
type run struct {
	text   []rune
	joined bool // Han or Kana
}

// Normal folds what looks alike: full width, compatibility forms and case. Traditional and simplified
// characters stay two.
func Normal(s string) string {
	return norm.NFKC.String(strings.ToLower(norm.NFKC.String(s)))
}

// runs cuts a text into runs.
func runs(s string) []run {
	var (
		all []run
		now run
	)
	end := func() {
		if len(now.text) > 0 {
			all = append(all, now)
		}
		now = run{}
	}
	for _, r := range Normal(s) {
		switch {
		case unicode.Is(unicode.Cf, r): // zero width: nobody sees it, so it parts nothing
		case joined(r):
			if !now.joined {
				end()
			}
			now.joined, now.text = true, append(now.text, r)
		case unicode.In(r, unicode.L, unicode.N, unicode.M):
			if now.joined {
				end()
			}
			now.text = append(now.text, r)
		default:
			end()
		}
	}
	end()
	return all
}

// joined says whether words of this character's script are written without spaces.
func joined(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r == 'ー'
}

// pairs are the pairs of neighbours in a run.
func (r run) pairs() []string {
	var all []string
	for i := range len(r.text) - 1 {
		all = append(all, string(r.text[i:i+2]))
	}
	return all
}

// beginnings are those of a word by which it is found while it is typed.
func (r run) beginnings() []string {
	var all []string
	for n := shortest; n <= min(len(r.text), longest); n++ {
		all = append(all, string(r.text[:n]))
	}
	return all
}

// needs are the terms that a text with this run in it has; none for a single character.
func (r run) needs() []string {
	if r.joined {
		return r.pairs()
	}
	if len(r.text) < shortest {
		return nil
	}
	return []string{string(r.text[:min(len(r.text), longest)])}
}

// Terms are the words by which some texts are found, each once.
func Terms(texts ...string) []string {
	set := newSet()
	for _, s := range texts {
		for _, r := range runs(s) {
			if r.joined {
				set.add(r.pairs()...)
			} else {
				set.add(r.beginnings()...)
			}
		}
	}
	return set.words[:min(len(set.words), most)]
}

// Exact are the words by which values are found as a whole, whatever is in them.
func Exact(values ...string) []string {
	set := newSet()
	for _, v := range values {
		if v = strings.TrimSpace(Normal(v)); v != "" {
			set.add("=" + v)
		}
	}
	return set.words
}

// Grams are the pairs of characters and the words of a text, each once: read once, they are compared
// with many others.
type Grams struct {
	pairs []uint64 // of characters, in order
	words []string // in order
}

// GramsOf reads a text.
func GramsOf(text string) Grams {
	var g Grams
	for _, r := range runs(text) {
		if !r.joined {
			g.words = append(g.words, string(r.text))
			continue
		}
		for i := range len(r.text) - 1 {
			g.pairs = append(g.pairs, uint64(r.text[i])<<32|uint64(r.text[i+1])) //nolint:gosec // a character is never negative
		}
	}
	slices.Sort(g.pairs)
	slices.Sort(g.words)
	return Grams{pairs: slices.Compact(g.pairs), words: slices.Compact(g.words)}
}

// Likeness is how much two texts have in common, from 0 to 1: the share of their pairs of characters
// and of their words that are in both.
func (g Grams) Likeness(other Grams) float64 {
	all := len(g.pairs) + len(g.words) + len(other.pairs) + len(other.words)
	if all == 0 {
		return 0
	}
	return 2 * float64(common(g.pairs, other.pairs)+common(g.words, other.words)) / float64(all)
}

// common is how many members two sorted sets share.
func common[T cmp.Ordered](one, two []T) (n int) {
	for i, j := 0, 0; i < len(one) && j < len(two); {
		switch c := cmp.Compare(one[i], two[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return n
}

// Traces are up to n stretches of terms, each of so many neighbours, spread evenly over a text: a text
// much like it has one of them whole. None of a text that is too short to say much.
func Traces(text string, n, long int) [][]string {
	set := newSet()
	for _, r := range runs(text) {
		set.add(r.needs()...)
	}
	last := len(set.words) - long // where the last one may begin
	if last < 0 {
		return nil
	}
	n = min(n, last+1)
	traces := make([][]string, n)
	for i := range traces {
		at := i * last / max(n-1, 1)
		traces[i] = set.words[at : at+long]
	}
	return traces
}

// set keeps words once, in the order they came.
type set struct {
	words []string
	has   map[string]bool
}

func newSet() *set { return &set{has: map[string]bool{}} }

func (s *set) add(words ...string) {
	for _, w := range words {
		if !s.has[w] {
			s.has[w] = true
			s.words = append(s.words, w)
		}
	}
}

// in says whether a text has this run: as part of one, or as the beginning of a word.
func (r run) in(text []run) bool {
	return slices.ContainsFunc(text, func(t run) bool {
		if t.joined != r.joined {
			return false
		}
		if r.joined {
			return strings.Contains(string(t.text), string(r.text))
		}
		return len(t.text) >= len(r.text) && slices.Equal(t.text[:len(r.text)], r.text)
	})
}
