package console

import (
	"recourse/internal/kpi"
)

// card is a figure as the reader is told of it.
type card struct {
	Key, Title, Question, Path string

	Says     string // empty: nothing to count
	Of       string // of how many it is made
	N        int64
	Few      bool   // of so few that it says little
	Interval string // where the truth lies with 95 % confidence
	Target   string // empty: it has none
	Alarm    bool   // the target is a ceiling
	Met      bool
	Change   change
	Cycle    string // key of what the figure looks at
	Kind     string // key; empty: it measures no time
	Version  int
	Spread   string // of what is no share: median, 90 % and the most
	Beside   []card
	Numbers  string // of the anonymous cases among them
	Spark    *spark // how it went; nil: not drawn
}

// change is how a figure stands against the period before.
type change struct {
	Says   string // by how much; empty: one of the two says nothing
	Icon   string
	Key    string // of whether that is better, worse, or neither
	Good   bool
	Bad    bool
	Before string // what it was then
	Chance bool   // the intervals of both overlap: it may be nothing but chance
}

func (v *visit) card(a asking, answer kpi.Answer) card {
	m, value := answer.Measure, answer.Value
	c := card{
		Key: m.Key, Title: v.say(m.Title), Question: v.say(m.Question), Path: a.at("/figures/"+keyOf(m), "kpi", "", "step", ""),
		Says: v.figureSays(m, value), Of: v.countedOf(m, value), N: value.N, Few: value.N > 0 && value.N < few && m.Unit != kpi.UnitCount,
		Interval: v.interval(m, value), Alarm: m.Alarm, Met: met(m, value), Cycle: "figures.cycle_" + string(m.Cycle), Version: m.Version,
		Change: v.change(m, value, answer.Previous), Spread: v.spread(m, value),
	}
	if m.Kind != kpi.KindNone {
		c.Kind = "figures.kind_" + string(m.Kind)
	}
	if m.Target != 0 {
		c.Target = v.unitSays(m.Unit, m.Target)
	}
	if answer.Anonymous.N > 0 {
		c.Numbers = v.countedOf(m, answer.Anonymous)
	}
	for _, b := range answer.Beside {
		c.Beside = append(c.Beside, v.card(a, b))
	}
	return c
}

// met says whether a figure is where it should be.
func met(m kpi.Measure, value kpi.Value) bool {
	if value.Value == nil || m.Target == 0 {
		return false
	}
	if m.Alarm {
		return *value.Value <= m.Target
	}
	return *value.Value >= m.Target
}

func (v *visit) interval(m kpi.Measure, value kpi.Value) string {
	if value.Interval == nil {
		return ""
	}
	return v.Say("figures.between", "low", v.unitSays(m.Unit, value.Interval.Low), "high", v.unitSays(m.Unit, value.Interval.High))
}

func (v *visit) spread(m kpi.Measure, value kpi.Value) string {
	s := value.Stats
	if s == nil || m.Unit != kpi.UnitDuration {
		return ""
	}
	return v.Say("figures.spread", "median", v.lasting(s.Median), "p90", v.lasting(s.P90), "most", v.lasting(s.Max))
}

// change compares a figure with the period before, in the direction that is better for it.
func (v *visit) change(m kpi.Measure, now kpi.Value, before *kpi.Value) change {
	if before == nil {
		return change{}
	}
	c := change{Before: v.figureSays(m, *before)}
	if now.Value == nil || before.Value == nil {
		return c
	}
	by := *now.Value - *before.Value
	c.Icon, c.Key, c.Says = "trending-up", "figures.neither", v.differenceSays(m.Unit, by)
	switch {
	case by == 0:
		c.Icon, c.Key, c.Says = "minus", "", v.Say("figures.same")
		return c
	case by < 0:
		c.Icon = "trending-down"
	}
	if m.Better != kpi.BetterNeither {
		c.Good = (by > 0) == (m.Better == kpi.BetterHigher)
		c.Bad = !c.Good
		c.Key = map[bool]string{true: "figures.better", false: "figures.worse"}[c.Good]
	}
	c.Chance = now.Interval != nil && before.Interval != nil && now.Interval.Low <= before.Interval.High && before.Interval.Low <= now.Interval.High
	return c
}

// differenceSays writes a difference with its sign; of shares in points of a hundred.
func (v *visit) differenceSays(unit kpi.Unit, by float64) string {
	sign := "+"
	if by < 0 {
		sign, by = "−", -by
	}
	switch unit { //nolint:exhaustive // the others are plain numbers
	case kpi.UnitRatio:
		return v.Say("figures.points", "n", sign+v.Number(sprint1(100*by)))
	case kpi.UnitDuration:
		return sign + v.lasting(by)
	case kpi.UnitNPS:
		return sign + v.Number(sprint1(by))
	}
	return sign + v.plainNumber(by)
}
