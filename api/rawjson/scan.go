package rawjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxDepth is how deep objects and arrays may lie in each other. The contract needs four levels.
const MaxDepth = 32

// Fault is what is wrong with a text and where. It never repeats the text's values.
type Fault struct {
	What    string
	Pointer string // JSON pointer of the place, as far as it was understood
	Offset  int    // in bytes
}

// Error returns the fault in one sentence.
func (f *Fault) Error() string {
	if f.Pointer == "" {
		return fmt.Sprintf("%s at byte %d", f.What, f.Offset)
	}
	return fmt.Sprintf("%s at %s, byte %d", f.What, f.Pointer, f.Offset)
}

// Scan returns a Fault unless body is one JSON value that every decoder reads alike and every
// database can keep.
func Scan(body []byte) error {
	if at := invalidUTF8(body); at >= 0 {
		return &Fault{What: "invalid UTF-8", Offset: at}
	}
	if at := bytes.IndexByte(body, 0); at >= 0 {
		return &Fault{What: "a NUL character", Offset: at}
	}
	if err := grammar(body); err != nil {
		return err
	}
	w := walker{in: body}
	return w.value()
}

// Text returns what is wrong with a text that came by another way than a body: empty when nothing is.
func Text(s string) string {
	switch {
	case !utf8.ValidString(s):
		return "invalid UTF-8"
	case strings.IndexByte(s, 0) >= 0:
		return "a NUL character"
	}
	return ""
}

func invalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// grammar leaves the judgement of JSON itself to the standard library.
func grammar(body []byte) error {
	var raw json.RawMessage
	err := json.Unmarshal(body, &raw)
	if err == nil {
		return nil
	}
	fault := &Fault{What: "this is not JSON"}
	if syntax, is := errors.AsType[*json.SyntaxError](err); is {
		fault.What += " (" + syntax.Error() + ")"
		fault.Offset = int(syntax.Offset)
	}
	return fault
}

// A walker goes through text that is known to be JSON, so that it need not look out for its end.
type walker struct {
	in   []byte
	at   int
	path []string
}

func (w *walker) fault(what string, at int) error {
	return &Fault{What: what, Pointer: pointer(w.path), Offset: at}
}

func (w *walker) value() error {
	switch w.space(); w.in[w.at] {
	case '{':
		return w.nested(w.object)
	case '[':
		return w.nested(w.array)
	case '"':
		_, err := w.text()
		return err
	default: // a number or a literal
		for w.at < len(w.in) && !bytes.ContainsRune([]byte(",]} \t\r\n"), rune(w.in[w.at])) {
			w.at++
		}
		return nil
	}
}

func (w *walker) nested(inside func() error) error {
	if len(w.path) >= MaxDepth {
		return w.fault(fmt.Sprintf("more than %d levels", MaxDepth), w.at)
	}
	w.at++ // the opening bracket
	w.path = append(w.path, "")
	err := inside()
	w.path = w.path[:len(w.path)-1]
	w.at++ // the closing one
	return err
}

func (w *walker) object() error {
	seen := map[string]bool{}
	for w.space(); w.in[w.at] != '}'; w.space() {
		start := w.at
		key, err := w.text()
		if err != nil {
			return err
		}
		w.path[len(w.path)-1] = key
		if seen[key] {
			return w.fault("a duplicate key", start)
		}
		seen[key] = true
		w.space()
		w.at++ // the colon
		if err := w.value(); err != nil {
			return err
		}
		w.comma()
	}
	return nil
}

func (w *walker) array() error {
	i := 0
	for w.space(); w.in[w.at] != ']'; w.space() {
		w.path[len(w.path)-1] = strconv.Itoa(i)
		if err := w.value(); err != nil {
			return err
		}
		w.comma()
		i++
	}
	return nil
}

func (w *walker) comma() {
	if w.space(); w.in[w.at] == ',' {
		w.at++
	}
}

func (w *walker) space() {
	for w.at < len(w.in) && strings.IndexByte(" \t\r\n", w.in[w.at]) >= 0 {
		w.at++
	}
}

// text reads a string and judges its escapes; keys are compared as what they mean.
func (w *walker) text() (string, error) {
	start := w.at
	escaped := false
	for w.at++; w.in[w.at] != '"'; w.at++ {
		if w.in[w.at] != '\\' {
			continue
		}
		escaped = true
		if err := w.escape(); err != nil {
			return "", err
		}
	}
	w.at++ // the closing quote
	if !escaped {
		return string(w.in[start+1 : w.at-1]), nil
	}
	var meant string
	if err := json.Unmarshal(w.in[start:w.at], &meant); err != nil {
		return "", w.fault("a string that cannot be read", start)
	}
	return meant, nil
}

// escape judges the escape that begins here and stops at its last byte.
func (w *walker) escape() error {
	start := w.at
	w.at++
	if w.in[w.at] != 'u' {
		return nil
	}
	unit := w.unit(w.at + 1)
	w.at += 4
	switch {
	case unit == 0:
		return w.fault("a NUL character", start)
	case unit >= 0xdc00 && unit <= 0xdfff:
		return w.fault("half of a surrogate pair", start)
	case unit < 0xd800 || unit > 0xdbff:
		return nil
	}
	if low := w.pair(w.at + 1); low < 0xdc00 || low > 0xdfff {
		return w.fault("half of a surrogate pair", start)
	}
	w.at += 6
	return nil
}

// pair reads the escape at i, if there is one.
func (w *walker) pair(i int) uint64 {
	if i+6 > len(w.in) || w.in[i] != '\\' || w.in[i+1] != 'u' {
		return 0
	}
	return w.unit(i + 2)
}

func (w *walker) unit(i int) uint64 {
	n, err := strconv.ParseUint(string(w.in[i:i+4]), 16, 16)
	if err != nil {
		return 0
	}
	return n
}

// pointer writes a JSON pointer (RFC 6901), cut to what a person would read.
func pointer(path []string) string {
	var b strings.Builder
	for _, key := range path {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(key))
	}
	const most = 200
	runes := []rune(b.String())
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return b.String()
}
