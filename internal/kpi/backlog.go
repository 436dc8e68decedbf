package kpi

import (
	"slices"
	"time"
)

// Backlog is how many cases were open, part by part of a period.
type Backlog struct {
	Step    Step
	Buckets []Bucket
	Points  []BacklogPoint
}

// BacklogPoint is what happened in one bucket. A case is open from its receipt until it is closed or ends
// otherwise, and again from a rework of a closed case on; at the instant of its end it is open no more.
type BacklogPoint struct {
	Opened, Closed int64
	Open           int64     // at the end of the bucket, or at the data cut
	Peak           int64     // the most that were open at once
	PeakAt         time.Time // when they were for the first time; the zero time while none was
}

// Backlog answers how the work piled up: of all cases, whenever they were received, that filters name. By
// department and person they are of those who have them now, or had them last.
func (t *Table) Backlog(q Query, step Step) (b Backlog, err error) {
	t.read(func() { b, err = t.backlog(q, step) })
	return b, err
}

// swings are the instants at which cases opened and closed.
type swings struct {
	opened, closed []int64
	look           look
}

func (t *Table) backlog(q Query, step Step) (Backlog, error) {
	s, err := t.ready(q)
	if err != nil {
		return Backlog{}, err
	}
	buckets, err := Buckets(q.From, q.Until, s.zone, step)
	if err != nil {
		return Backlog{}, err
	}
	all := sweep(t, func() *swings { return &swings{look: look{t: t, cut: s.cut}} },
		func(w *swings, slot uint32, r *row) {
			w.look.r = r
			if r.flags.counts(received) && s.lets(slot, r) && s.mine(r, w.look.ownerOf(WhoseNow, 0)) {
				w.swing(r)
			}
		},
		func(into, from *swings) {
			into.opened, into.closed = append(into.opened, from.opened...), append(into.closed, from.closed...)
		})
	slices.Sort(all.opened)
	slices.Sort(all.closed)
	b := Backlog{Step: step, Buckets: buckets}
	w := walk{swings: all}
	w.until(s.from)
	for _, bucket := range buckets {
		b.Points = append(b.Points, w.point(bucket.Until.UnixMicro()))
	}
	return b, nil
}

// ended says whether the case had ended at the cut, also one that was taken up again behind it.
func (x *look) ended() bool {
	for _, l := range x.t.laters.of(x.r.laters) {
		if x.done(l.previousClosed) && l.previousClosed < l.began && !x.done(l.began) {
			return true
		}
	}
	return x.done(x.r.over)
}

// swing notes when one case opened and closed.
func (w *swings) swing(r *row) {
	x := &w.look
	w.opened = append(w.opened, r.received)
	for _, l := range x.t.laters.of(r.laters) {
		if !x.done(l.previousClosed) || l.previousClosed >= l.began {
			continue
		}
		w.closed = append(w.closed, l.previousClosed)
		if x.done(l.began) {
			w.opened = append(w.opened, l.began)
		}
	}
	if x.done(r.over) {
		w.closed = append(w.closed, max(r.over, r.received))
	}
}

// walk goes through the swings in the order of time.
type walk struct {
	*swings
	opens, ends int // how many are behind us
}

func (w *walk) open() int64 { return int64(w.opens - w.ends) }

// next is the instant of the next swing; false: there is none before an instant.
func (w *walk) next(before int64) (int64, bool) {
	at := before
	if w.opens < len(w.opened) {
		at = min(at, w.opened[w.opens])
	}
	if w.ends < len(w.closed) {
		at = min(at, w.closed[w.ends])
	}
	return at, at < before
}

// step takes everything that happened at one instant: what ends then makes room for what begins.
func (w *walk) step(at int64) {
	for w.opens < len(w.opened) && w.opened[w.opens] == at {
		w.opens++
	}
	for w.ends < len(w.closed) && w.closed[w.ends] == at {
		w.ends++
	}
}

func (w *walk) until(before int64) {
	for at, is := w.next(before); is; at, is = w.next(before) {
		w.step(at)
	}
}

// point walks to the end of a bucket and tells what happened in it.
func (w *walk) point(until int64) BacklogPoint {
	opened, ended := w.opens, w.ends
	p := BacklogPoint{Peak: w.open()}
	for at, is := w.next(until); is; at, is = w.next(until) {
		w.step(at)
		if w.open() > p.Peak {
			p.Peak, p.PeakAt = w.open(), instant(at)
		}
	}
	p.Opened, p.Closed, p.Open = int64(w.opens-opened), int64(w.ends-ended), w.open()
	return p
}
