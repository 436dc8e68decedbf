package main

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// lookAlikes are code points that are drawn like common Han characters and are
// others: no search finds one by the other, and some fonts lack them.
var lookAlikes = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x2E80, Hi: 0x2EFF, Stride: 1}, // radicals
		{Lo: 0x2F00, Hi: 0x2FDF, Stride: 1}, // Kangxi radicals
		{Lo: 0xF900, Hi: 0xFAFF, Stride: 1}, // compatibility ideographs
	},
	R32: []unicode.Range32{{Lo: 0x2F800, Hi: 0x2FA1F, Stride: 1}},
}

// unseen are characters that turn the text around them, or hide in it.
var unseen = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x200B, Hi: 0x200B, Stride: 1},
		{Lo: 0x200E, Hi: 0x200F, Stride: 1},
		{Lo: 0x202A, Hi: 0x202E, Stride: 1},
		{Lo: 0x2066, Hi: 0x2069, Stride: 1},
		{Lo: 0xFEFF, Hi: 0xFEFF, Stride: 1},
	},
}

// mojibake is what Han text becomes on its way through the wrong encoding, as
// bytes: UTF-8 read as GBK after a loss, and UTF-8 read as Latin-1 ("中", "，").
var mojibake = [][]byte{
	[]byte("\xe9\x94\x9f\xe6\x96\xa4\xe6\x8b\xb7"),
	[]byte("\xc3\xa4\xc2\xb8\xc2\xad"),
	[]byte("\xc3\xaf\xc2\xbc\xc2\x8c"),
}

// wrongWith returns what is wrong with a line, or nothing.
func wrongWith(line []byte, first bool) string {
	if first && bytes.HasPrefix(line, []byte("\xef\xbb\xbf")) {
		return "starts with a byte order mark"
	}
	if !utf8.Valid(line) {
		return "is not UTF-8"
	}
	for _, sign := range mojibake {
		if bytes.Contains(line, sign) {
			return "was read in the wrong encoding once"
		}
	}
	for _, r := range string(line) {
		if what := wrongRune(r); what != "" {
			return fmt.Sprintf("has U+%04X, %s", r, what)
		}
	}
	return ""
}

func wrongRune(r rune) string {
	switch {
	case r == utf8.RuneError:
		return "what is left of a character that was lost; write it as an escape where it is meant"
	case unicode.Is(lookAlikes, r):
		return "which only looks like a Han character"
	case unicode.Is(unseen, r):
		return "which cannot be seen; write it as an escape where it is meant"
	case unicode.Is(unicode.Co, r):
		return "which means nothing outside one font"
	case unicode.IsControl(r) && r != '\t' && r != '\r' && r != '\f':
		return "a control character"
	}
	return ""
}
