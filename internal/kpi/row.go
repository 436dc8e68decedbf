package kpi

import (
	"math"
	"time"

	"recourse/models"
)

// none is the instant of what has not happened.
const none = math.MinInt64

// row is what figures read of one case. Instants are microseconds since 1970, lengths microseconds.
type row struct {
	// What every pass reads lies at the beginning.
	received int64
	recorded int64
	holds    int64  // from this data cut on the masks say what the judges would
	den, num uint64 // of every rate of cases: whether the case is in its denominator and in its numerator

	flags                                         flags
	levers                                        uint16 // a bit for each kind in use
	channel, severity, nature, attribution, cause uint8
	language, outcome, ending, reason, state      uint8
	missing, score, lastScore, cycle              uint8

	department, person                               [4]uint32 // by owners
	category, product, region, recorder, policy      uint32
	answered, laters, stays, used, alerts            span
	customer, next                                   uint32
	firstResolved                                    int64
	resolved, reply, solution                        int64
	closed, over                                     int64 // over: when it was no longer open
	dispatched, accepted, kept                       int64
	repeat                                           int64 // when the same customer came again with the same, after the case was resolved
	responseLimit, responseTarget                    int64
	feedbackBound, feedbackLimit                     int64 // without and with what pauses added
	handlingBound, handlingLimit                     int64
	feedbackPaused, handlingPaused, pausedFor        int64
	scoredAt                                         int64 // the answer of the cycle it is in
	transfers, returns, reworks, urges, hands, fired uint16

	id     ident
	number uint64 // see packNumber; 0: see Table.numbers
}

// The owners of a row, by their place in department and person.
const (
	ownerNow = iota
	ownerResponse
	ownerFeedback
	ownerHandling
)

type flags uint16

const (
	isSample flags = 1 << iota
	isMystery
	isMerged
	isWithdrawn
	isRefused // not accepted
	isAnonymous
	isAdopted
	isInterim
	isSettled
	isLate
	isEscalated
	isOpen
	isGuarded // by its nature
	isNamed   // somebody is named, or in its circle, or has a task: see Table.access
	isGone    // the slot is free
	isPaid    // money was given: see Table.money
)

// isOut are the ends that leave the denominators of quality.
const isOut = isWithdrawn | isRefused

func (f flags) is(any flags) bool { return f&any != 0 }

// answer is a cycle whose customer was asked or answered.
type answer struct {
	offered, answered                 int64
	cycle                             uint16
	byCallback                        bool
	process, result, speed, attitude  uint8
	recommend                         int8 // -1: not given
	handlingDepartment, handlingOwner uint32
}

// later is a cycle after the first.
type later struct {
	began, previousClosed                        int64
	feedback, feedbackBound                      int64
	handling, handlingBound                      int64
	cycle                                        uint16
	feedbackDepartment, feedbackOwner            uint32
	handlingDepartment, handlingOwner            uint32
	feedbackCancelled, handlingCancelled, closed int64
}

// stay is an unbroken while in one department's hands.
type stay struct {
	from, until, net   int64
	department, person uint32
	cycle              uint16
}

// lever is one use of a lever.
type lever struct {
	at                 int64
	seq                int64
	department, person uint32
	cycle              uint16
	kind               uint8
	bell               bool
}

// alarm is an alert that asks to be acknowledged.
type alarm struct {
	id                                   ident
	fired, by, acknowledged, ended       int64
	department, assignee, acknowledgedBy uint32
}

// look is one item of one row, seen at a data cut.
type look struct {
	t    *Table
	r    *row
	cut  int64
	slot uint32
	a    *answer
	l    *later
	s    *stay
	v    *lever
	al   *alarm
}

// done says whether something had happened by the data cut.
func (x *look) done(at int64) bool { return at != none && at <= x.cut }

// byBound judges a clock: running and not yet due, it says nothing; met at its bound is met.
func (x *look) byBound(ended, bound int64) verdict {
	switch {
	case x.done(ended):
		return hitIf(bound == none || ended <= bound)
	case bound != none && x.cut > bound:
		return miss
	default:
		return leftOut
	}
}

// within is a length of time that ended at an instant, if it has.
func (x *look) within(from, ended, less int64) (int64, bool) {
	if !x.done(ended) {
		return 0, false
	}
	return max(0, ended-from-less), true
}

func micro(at time.Time) int64 {
	if at.IsZero() {
		return none
	}
	return at.UnixMicro()
}

func maybe(at *time.Time) int64 {
	if at == nil {
		return none
	}
	return micro(*at)
}

// less is an instant brought forward by what pauses took; none stays none.
func less(at int64, paused time.Duration) int64 {
	if at == none {
		return none
	}
	return at - paused.Microseconds()
}

func instant(at int64) time.Time { return time.UnixMicro(at).UTC() }

// endState is how a case ended, also when it is archived; empty while it is open.
func endState(c models.Case) models.State {
	switch {
	case c.State.Open():
		return models.StateNone
	case c.Ending != models.StateNone:
		return c.Ending
	default:
		return c.State
	}
}
