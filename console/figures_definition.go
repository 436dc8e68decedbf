package console

import (
	"cmp"
	"strings"

	"recourse/internal/kpi"
)

// definition lists what a figure is, in the reader's language.
func (v *visit) definition(m kpi.Measure) (all []fact) {
	add := func(key, says string) {
		if says != "" {
			all = append(all, fact{v.Say("figures.def_" + key), says})
		}
	}
	add("population", v.say(m.Population))
	if m.Rate() || m.Unit == kpi.UnitNPS {
		add("numerator", v.say(m.Numerator))
		add("denominator", v.say(m.Denominator))
	} else {
		add("measured", v.say(m.Numerator))
		add("of", v.say(m.Denominator))
	}
	add("from", v.say(m.From))
	add("to", v.say(m.To))
	if m.Kind != kpi.KindNone {
		add("kind", v.Say("figures.kind_"+string(m.Kind)))
	}
	add("cycle", v.Say("figures.cycle_"+string(m.Cycle)))
	add("items", v.Say("figures.items_"+string(m.Of)))
	add("whose", v.Say("figures.whose_"+string(m.Whose)))
	if m.Target != 0 {
		add(strings.TrimPrefix(targetKey(m), "figures."), v.unitSays(m.Unit, m.Target))
	}
	add("better", v.Say("figures.better_"+cmp.Or(string(m.Better), "neither")))
	add("version", m.ID())
	return all
}
