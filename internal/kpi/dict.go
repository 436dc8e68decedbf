package kpi

import (
	"crypto/sha256"
	"encoding/hex"
)

// dict gives every text of a column a number, in the order of their coming; 0 is the empty text.
type dict struct {
	codes map[string]uint32
	names []string
}

func newDict() *dict { return &dict{codes: map[string]uint32{"": 0}, names: []string{""}} }

// code returns the number of a text, a new one if need be.
func (d *dict) code(text string) uint32 {
	if c, is := d.codes[text]; is {
		return c
	}
	c := uint32(len(d.names)) //nolint:gosec // there are not so many texts
	d.codes[text], d.names = c, append(d.names, text)
	return c
}

// find returns the number of a text; nowhere if no row has it.
func (d *dict) find(text string) uint32 {
	if c, is := d.codes[text]; is {
		return c
	}
	return nowhere
}

// nowhere is the number of no text.
const nowhere = ^uint32(0)

// ident is an id in sixteen bytes: those of a UUID as it is written, else a digest of the id.
type ident [16]byte

// uuid reads a UUID in small letters, the only spelling that ids have here.
func uuid(id string) (i ident, is bool) {
	if len(id) != 36 || id[8] != '-' || id[13] != '-' || id[18] != '-' || id[23] != '-' {
		return i, false
	}
	digits := make([]byte, 0, 32)
	for _, part := range []string{id[:8], id[9:13], id[14:18], id[19:23], id[24:]} {
		digits = append(digits, part...)
	}
	if _, err := hex.Decode(i[:], digits); err != nil {
		return i, false
	}
	return i, i.text() == id
}

func (i ident) text() string {
	h := hex.EncodeToString(i[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// identOf returns the sixteen bytes of an id, without keeping it.
func identOf(id string) (i ident, odd bool) {
	if i, is := uuid(id); is {
		return i, false
	}
	sum := sha256.Sum256([]byte(id))
	return ident(sum[:16]), true
}

// keep returns the sixteen bytes of an id; an id that is no UUID is kept beside, to be told again.
func (t *Table) keep(id string) ident {
	i, odd := identOf(id)
	if odd {
		t.odd[i] = id
	}
	return i
}

// tell is keep backwards.
func (t *Table) tell(i ident) string {
	if id, is := t.odd[i]; is {
		return id
	}
	return i.text()
}
