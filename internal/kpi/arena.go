package kpi

// span is where the parts of a row lie in an arena.
type span struct {
	at      uint32
	n, room uint16
}

// arena holds the parts of all rows of one kind, one row's beside each other: a slice for each row would
// cost more than what is in it. What a row outgrows is left behind, until half of the arena is.
type arena[T any] struct {
	parts []T
	lost  int
}

// put writes the parts of a row over those it had, or at the end where there is no room.
func (a *arena[T]) put(old span, parts []T) span {
	if len(parts) > 1<<16-1 {
		parts = parts[:1<<16-1] // no case has so many
	}
	n := uint16(len(parts)) //nolint:gosec // cut to fit
	if n <= old.room {
		copy(a.parts[old.at:], parts)
		return span{old.at, n, old.room}
	}
	a.lost += int(old.room)
	at := uint32(len(a.parts)) //nolint:gosec // four thousand million parts
	a.parts = append(a.parts, parts...)
	return span{at, n, n}
}

func (a *arena[T]) of(s span) []T { return a.parts[s.at : s.at+uint32(s.n)] }

// wasteful says whether more was left behind than is in use.
func (a *arena[T]) wasteful() bool { return a.lost > 1<<16 && a.lost > len(a.parts)/2 }

// pack writes the parts again without what was left behind.
func (a *arena[T]) pack(spans func(yield func(*span))) {
	packed := make([]T, 0, len(a.parts)-a.lost)
	spans(func(s *span) {
		at := uint32(len(packed)) //nolint:gosec // fewer than before
		packed = append(packed, a.of(*s)...)
		*s = span{at, s.n, s.n}
	})
	a.parts, a.lost = packed, 0
}
