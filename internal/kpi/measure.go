package kpi

import (
	"fmt"
	"slices"
	"strings"

	"recourse/models"
)

// Text is a text in both languages.
type Text struct{ EN, ZH string }

// Unit says what a figure is counted in.
type Unit string

// The units.
const (
	UnitRatio    Unit = "ratio"    // a share; of complaint_rate, complaints per unit of business
	UnitDuration Unit = "duration" // seconds
	UnitCount    Unit = "count"    // a number of things
	UnitNPS      Unit = "nps"      // points from -100 to 100
	UnitMoney    Unit = "money"    // minor units of a currency; currencies are never added up
)

// Kind says whether pauses count.
type Kind string

// The kinds; a figure that measures no time has none.
const (
	KindNone  Kind = ""
	KindGross Kind = "gross" // every hour, pauses included
	KindNet   Kind = "net"   // without pauses
)

// Cycle says which of a case's cycles a figure looks at.
type Cycle string

// The cycles.
const (
	CycleFirst  Cycle = "first"  // what the customer was promised
	CycleLater  Cycle = "later"  // every cycle after the first, each by itself
	CycleLatest Cycle = "latest" // how it stands after every rework
	CycleEach   Cycle = "each"   // every cycle by itself
	CycleWhole  Cycle = "whole"  // the case as a whole
)

// Items says what a figure counts.
type Items string

// The items.
const (
	ItemCases     Items = "cases"
	ItemAnswers   Items = "answers"   // cycles whose customer was asked or answered
	ItemCycles    Items = "cycles"    // cycles after the first
	ItemAlerts    Items = "alerts"    // those that ask to be acknowledged
	ItemStays     Items = "stays"     // unbroken whiles in one department's hands
	ItemLevers    Items = "levers"    // uses of a lever
	ItemCustomers Items = "customers" // customers with a record; anonymous ones never match
)

// Whose says whose department and person a figure counts for, when it is cut by either.
type Whose string

// Whose it may be.
const (
	WhoseNow      Whose = "now"      // whoever has the case, or had it last
	WhoseResponse Whose = "response" // whoever had it when the first reply was given, or when its limit passed first
	WhoseFeedback Whose = "feedback" // likewise of the solution told
	WhoseHandling Whose = "handling" // likewise of the resolution, in the cycle counted
	WhoseItem     Whose = "item"     // whose the alert, stay or lever itself is
	WhoseLever    Whose = "lever"    // who used the lever last; of a case without it, whoever has the case
)

// Better says in which direction a figure should go.
type Better string

// The directions.
const (
	BetterHigher  Better = "higher"
	BetterLower   Better = "lower"
	BetterNeither Better = "" // neither is good in itself
)

// Measure is the definition of a figure. A changed definition is a new version; the old one stays, retired,
// so that what was published can be counted again.
type Measure struct {
	Key         string
	Title       Text
	Question    Text
	Population  Text
	Numerator   Text // of a figure that is no rate: what is measured
	Denominator Text // of a figure that is no rate: of which items
	From, To    Text // both instants; empty where it measures no time
	Kind        Kind
	Cycle       Cycle
	Unit        Unit
	Of          Items
	Whose       Whose
	Target      float64 // 0: none
	Alarm       bool    // the target is a ceiling: above it is an alarm
	Better      Better
	Version     int
	Retired     bool
	Headline    bool
	Beside      []string // keys of what must stand beside it, so that nobody is misled

	of     population
	judge  judge
	value  value
	weight weight
	weighs Weighs
	score  func(*answer) uint8 // of a share of answers: which score
	shape  shape
	lever  uint8 // of a lever's rate: which
	volume models.VolumeKind
	bit    int // of its bit in the masks of a row; -1: it has none
}

// Weighs is what the items of a rate are weighed by.
type Weighs string

// The weights.
const (
	WeighsNothing Weighs = ""       // each counts one
	WeighsTime    Weighs = "time"   // microseconds
	WeighsTenths  Weighs = "tenths" // of an item
)

// Weighs is in what the numerator and the denominator are given.
func (m Measure) Weighs() Weighs { return m.weighs }

// population says which cases a measure looks at; each holds the one before.
type population int

const (
	quality  population = iota // neither withdrawn nor not accepted, merged or of a mystery shopper
	received                   // neither merged nor of a mystery shopper
	recorded                   // not of a mystery shopper
)

// shape says how a measure is put together where items alone do not say it.
type shape int

const (
	plain     shape = iota
	flow            // the numerator are other cases than the denominator
	customers       // counted once however many cases they have
	perVolume       // over imported volumes
	composite       // two shares in a stated proportion
)

// verdict is what an item is to a rate.
type verdict int

const (
	leftOut verdict = iota // not in the denominator
	miss                   // in the denominator only
	hit                    // in both
)

func hitIf(is bool) verdict {
	if is {
		return hit
	}
	return miss
}

type (
	judge  func(x *look) verdict             // of a rate
	value  func(x *look) (int64, bool)       // of anything else; false: the item does not count
	weight func(x *look) (part, whole int64) // of a rate whose items count more or less than one
)

// ID is the key with its version, as reports name it.
func (m Measure) ID() string { return fmt.Sprintf("%s@%d", m.Key, m.Version) }

// Rate says whether the measure has a numerator and a denominator.
func (m Measure) Rate() bool { return m.Unit == UnitRatio }

// Additive says whether the items of parts add up to those of the whole: customers who come in two parts do not.
func (m Measure) Additive() bool { return m.shape != customers && m.shape != perVolume }

var (
	current = number(define())
	retired = number(old())
	byKey   = index(current, retired)
)

// Measures lists every measure of the current definitions, headline figures first.
func Measures() []Measure { return slices.Clone(current) }

// Retired lists the definitions that counted once.
func Retired() []Measure { return slices.Clone(retired) }

// Headline lists the figures that the product is judged by.
func Headline() []Measure {
	return slices.DeleteFunc(Measures(), func(m Measure) bool { return !m.Headline })
}

// Find returns a measure by its key, or by key and version ("csat@1"), retired ones among them.
func Find(key string) (Measure, error) {
	if i, is := byKey[key]; is {
		return *i, nil
	}
	return Measure{}, unknown("/kpi", "measure", key, keys(current))
}

// bitsUsed is the number of mask bits in use; current and retired measures share them.
var bitsUsed int

// number gives every rate of cases a bit.
func number(all []Measure) []Measure {
	for i := range all {
		m := &all[i]
		m.bit = -1
		if m.Of == ItemCases && m.judge != nil && m.weight == nil && m.shape == plain {
			m.bit = bitsUsed
			bitsUsed++
		}
	}
	if bitsUsed > 64 {
		panic("kpi: more rates of cases than a mask has bits")
	}
	return all
}

func index(lists ...[]Measure) map[string]*Measure {
	found := map[string]*Measure{}
	for _, list := range lists {
		for i := range list {
			m := &list[i]
			found[m.ID()] = m
			if !m.Retired {
				found[m.Key] = m
			}
		}
	}
	return found
}

func keys(all []Measure) []string {
	names := make([]string, len(all))
	for i, m := range all {
		names[i] = m.Key
	}
	return names
}

func list(names []string) string { return strings.Join(names, ", ") }
