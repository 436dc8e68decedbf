package templates

import "strings"

// Length is how long an SMS is.
type Length struct {
	Characters int // as networks count them
	Parts      int // as how many it goes out
}

// What fits into one SMS, and into each part of a longer one: of the signs that every telephone knows, and
// of all others.
const (
	plainOne, plainPart = 160, 153
	wideOne, widePart   = 70, 67
)

// The signs that every telephone knows (GSM 03.38), those that count twice apart.
const (
	plainSigns = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	twiceSigns = "^{}\\[~]|€"
)

// LengthOf says how long a text is as an SMS.
func LengthOf(text string) Length {
	plain, wide, onlyPlain := 0, 0, true
	for _, r := range text {
		switch {
		case strings.ContainsRune(plainSigns, r):
			plain++
		case strings.ContainsRune(twiceSigns, r):
			plain += 2
		default:
			onlyPlain = false
		}
		if wide++; r > 0xffff {
			wide++
		}
	}
	if onlyPlain {
		return Length{plain, parts(plain, plainOne, plainPart)}
	}
	return Length{wide, parts(wide, wideOne, widePart)}
}

func parts(n, one, part int) int {
	if n <= one {
		return 1
	}
	return (n + part - 1) / part
}
