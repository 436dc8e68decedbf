package e2e_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strconv"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// windowSize is how many characters of a canary in a row give it away.
const windowSize = 6

// An aviary makes canaries: random strings of Han and letters that occur nowhere by chance, and finds
// them again.
type aviary struct {
	rng     *rand.Rand
	windows map[[windowSize]rune]string // to the canary
	count   int
}

func newAviary(seed uint64) *aviary {
	return &aviary{rng: rand.New(rand.NewPCG(seed, 7)), windows: map[[windowSize]rune]string{}}
}

// consonants make no words, and no hexadecimal numbers.
const consonants = "ghjkmnpqrstvwxyz"

// song is a new canary: no six of its characters in a row are letters only.
func (a *aviary) song() string { return a.sing(24, 3) }

// plainSong is a new canary of letters, for what cannot hold Han.
func (a *aviary) plainSong() string { return a.sing(16, 0) }

// sing makes n characters, one of each so many being Han; 0 means none.
func (a *aviary) sing(n, han int) string {
	song := make([]rune, n)
	for i := range song {
		song[i] = rune(consonants[a.rng.IntN(len(consonants))])
		if han > 0 && i%han == 0 {
			song[i] = rune(0x4E00 + a.rng.IntN(0x9FA5-0x4E00))
		}
	}
	for i := 0; i+windowSize <= n; i++ {
		a.windows[[windowSize]rune(song[i:i+windowSize])] = string(song)
	}
	a.count++
	return string(song)
}

// digits is a telephone number of somebody's own: by the digits a customer is known again. They are
// not looked for: instants and sequences look like them.
func (a *aviary) digits() string { return fmt.Sprintf("13%09d", a.rng.IntN(1_000_000_000)) }

// find returns what of a canary stands somewhere in text, in any disguise that programs put text in;
// empty when nothing does.
func (a *aviary) find(text []byte) string { return a.findDeep(text, 3) }

func (a *aviary) findDeep(text []byte, depth int) string {
	if found := a.findPlain(text); found != "" || depth == 0 {
		return found
	}
	for name, undo := range disguises {
		for _, bare := range undo(text) {
			if found := a.findDeep(bare, depth-1); found != "" {
				return name + ": " + found
			}
		}
	}
	return ""
}

// findPlain slides over the characters of text; what is no character parts words.
func (a *aviary) findPlain(text []byte) string {
	var window [windowSize]rune
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		copy(window[:], window[1:])
		window[windowSize-1] = r
		if r == utf8.RuneError {
			window = [windowSize]rune{}
			continue
		}
		if song, is := a.windows[window]; is {
			return fmt.Sprintf("%q of %q", string(window[:]), song)
		}
	}
	return ""
}

var (
	escaped = regexp.MustCompile(`\\+u[0-9a-fA-F]{4}`) // more than one backslash: JSON within JSON
	percent = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	base64d = regexp.MustCompile(`[A-Za-z0-9+/_-]{16,}={0,2}`)
	hexed   = regexp.MustCompile(`(?:[0-9a-fA-F]{2}){10,}`)
)

// disguises undo what JSON, URLs and encoders make of text; each returns nothing when it has nothing
// to undo.
var disguises = map[string]func([]byte) [][]byte{
	"escaped": func(text []byte) [][]byte {
		if !escaped.Match(text) {
			return nil
		}
		return [][]byte{unescape(text)}
	},
	"percent": func(text []byte) [][]byte {
		if !percent.Match(text) {
			return nil
		}
		return [][]byte{percent.ReplaceAllFunc(text, func(code []byte) []byte {
			bare, err := url.PathUnescape(string(code))
			if err != nil {
				return code
			}
			return []byte(bare)
		})}
	},
	"base64": func(text []byte) (bare [][]byte) {
		for _, token := range base64d.FindAll(text, -1) {
			for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
				word := []byte(string(token))
				for len(word) > 0 && word[len(word)-1] == '=' {
					word = word[:len(word)-1]
				}
				if decoded, err := alphabet.DecodeString(string(word)); err == nil {
					bare = append(bare, decoded)
					break
				}
			}
		}
		return bare
	},
	"hex": func(text []byte) (bare [][]byte) {
		for _, token := range hexed.FindAll(text, -1) {
			if decoded, err := hex.DecodeString(string(token)); err == nil {
				bare = append(bare, decoded)
			}
		}
		return bare
	},
}

// unescape turns \uXXXX into characters, pairs of surrogates included.
func unescape(text []byte) []byte {
	var bare []byte
	for len(text) > 0 {
		at := escaped.FindIndex(text)
		if at == nil {
			return append(bare, text...)
		}
		bare = append(bare, text[:at[0]]...)
		r := lastRune(text[:at[1]])
		text = text[at[1]:]
		if low := escaped.FindIndex(text); utf16.IsSurrogate(r) && low != nil && low[0] == 0 {
			r = utf16.DecodeRune(r, lastRune(text[:low[1]]))
			text = text[low[1]:]
		}
		bare = utf8.AppendRune(bare, r)
	}
	return bare
}

// lastRune reads the four digits at the end of an escape.
func lastRune(text []byte) rune {
	code, err := strconv.ParseUint(string(text[len(text)-4:]), 16, 32)
	if err != nil {
		return utf8.RuneError
	}
	return rune(code)
}

func TestACanaryIsFoundInEveryDisguise(t *testing.T) {
	t.Parallel()
	a := newAviary(1)
	song := a.song()
	a.plainSong()
	part := string([]rune(song)[5:12])
	quoted, err := json.Marshal(map[string]string{"said": part})
	require.NoError(t, err)
	ascii := []byte(strconv.QuoteToASCII(part))
	for name, text := range map[string][]byte{
		"as it is":          []byte("x" + part + "y"),
		"in JSON":           quoted,
		"escaped":           ascii,
		"escaped twice":     []byte(strconv.Quote(string(ascii))),
		"base64 of JSON":    []byte(`{"data":"` + base64.StdEncoding.EncodeToString(append(quoted, "                "...)) + `"}`),
		"base64 of escaped": []byte(base64.RawURLEncoding.EncodeToString(ascii)),
		"in a URL":          []byte("/t?q=" + url.QueryEscape(part)),
		"in hex":            []byte(hex.EncodeToString([]byte(part))),
		"among bytes":       append([]byte{0xFF, 0xFE}, part...),
	} {
		require.NotEmpty(t, a.find(text), name)
	}
	for name, text := range map[string]string{
		"five characters": string([]rune(song)[5:10]), "parted": string([]rune(song)[3:6]) + "-" + string([]rune(song)[6:9]), "nothing": "",
	} {
		require.Empty(t, a.find([]byte(text)), name)
	}
}
