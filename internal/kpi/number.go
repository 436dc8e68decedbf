package kpi

import (
	"fmt"
	"strconv"
	"strings"
)

// numbered keeps a case's number: in eight bytes if it is one of ours, else as it is.
func (t *Table) numbered(slot uint32, number string) uint64 {
	if n, is := packNumber(number); is {
		return n
	}
	if number != "" {
		t.numbers[slot] = number
	}
	return 0
}

func (t *Table) numberOf(slot uint32, r *row) string {
	if r.number == 0 {
		return t.numbers[slot]
	}
	return unpackNumber(r.number)
}

// packNumber packs RC2026-0000015: sixteen bits of year, eight of how many digits, forty of what they say.
func packNumber(number string) (uint64, bool) {
	year, digits, is := strings.Cut(strings.TrimPrefix(number, "RC"), "-")
	y, err := strconv.ParseUint(year, 10, 16)
	n, err2 := strconv.ParseUint(digits, 10, 40)
	packed := y<<48 | uint64(len(digits))<<40 | n
	return packed, is && err == nil && err2 == nil && len(digits) < 13 && unpackNumber(packed) == number
}

func unpackNumber(n uint64) string {
	return fmt.Sprintf("RC%d-%0*d", n>>48, int(n>>40&0xff), n&(1<<40-1))
}
