package console

import (
	"slices"
	"unicode"
)

// A long text would push everything else off the page: of one with more than foldFrom characters some
// foldAt are shown, and the rest behind a fold.
const (
	foldFrom = 1000
	foldAt   = 500
)

// inTwo is a text in two: what is read at once, and the rest.
type inTwo struct {
	Start, Rest string
	More        int // characters in the rest
}

// fold parts a long text where a paragraph or sentence ends, or else between two signs.
func fold(text string) inTwo {
	runes := []rune(text)
	if len(runes) <= foldFrom {
		return inTwo{Start: text}
	}
	at := foldAt
	for _, ends := range []func(rune) bool{
		func(r rune) bool { return r == '\n' },
		func(r rune) bool { return slices.Contains([]rune("。！？；.!?;"), r) },
		unicode.IsSpace,
	} {
		if last := lastEnd(runes[foldAt/2:foldAt], ends); last >= 0 {
			at = foldAt/2 + last + 1
			break
		}
	}
	for at < len(runes) && joins(runes[at-1], runes[at]) {
		at++
	}
	return inTwo{string(runes[:at]), string(runes[at:]), len(runes) - at}
}

// lastEnd is where the last of these signs stands; -1: nowhere.
func lastEnd(runes []rune, is func(rune) bool) int {
	for i, r := range slices.Backward(runes) {
		if is(r) {
			return i
		}
	}
	return -1
}

// joins says whether two characters are one sign for the eye.
func joins(before, after rune) bool {
	const joiner = '\u200d'
	return before == joiner || after == joiner || unicode.In(after, unicode.Mn, unicode.Me, unicode.Sk, unicode.Variation_Selector)
}
