package console

import (
	"slices"
	"strings"

	"recourse/internal/kpi"
)

// allFiguresPage lists every figure that there is.
type allFiguresPage struct {
	figuresFrame

	Groups []figureGroup
}

// figureGroup are figures of one subject.
type figureGroup struct {
	Key   string
	Cards []card
}

// subjects are the subjects, in the order in which they are listed.
var subjects = []string{"headline", "timeliness", "outcome", "voices", "durations", "contacts", "work", "deviations", "alarms", "hands", "volumes", "money", "levers"}

// subjectOf is the subject of a measure.
func subjectOf(m kpi.Measure) string {
	switch {
	case m.Headline:
		return "headline"
	case strings.HasPrefix(m.Key, "lever_"):
		return "levers"
	case strings.HasPrefix(m.Key, "deviation_"):
		return "deviations"
	case strings.HasPrefix(m.Key, "complaint_rate"):
		return "volumes"
	case m.Unit == kpi.UnitMoney:
		return "money"
	case m.Of == kpi.ItemAlerts, m.Key == "escalation_rate", m.Key == "alerts":
		return "alarms"
	case m.Of == kpi.ItemStays, m.Key == "hand_overs":
		return "hands"
	case m.Of == kpi.ItemAnswers:
		return "voices"
	case m.Unit == kpi.UnitDuration:
		return "durations"
	case strings.HasPrefix(m.Key, "fcr"), strings.HasPrefix(m.Key, "recurrence_"), strings.HasPrefix(m.Key, "repeat_"):
		return "contacts"
	case m.Kind != kpi.KindNone:
		return "timeliness"
	case slices.Contains([]string{"flow_ratio", "open_rate", "completion_rate", "response_rate", "received"}, m.Key):
		return "outcome"
	}
	return "work"
}

func (c *console) allFigures(v *visit) error {
	a, err := c.readAsking(v.r.URL.Query())
	if err != nil {
		return v.sorryFigures(err)
	}
	a.Kpis = nil
	all := kpi.Measures()
	keys := make([]string, len(all))
	for i, m := range all {
		keys[i] = m.Key
	}
	table, q, err := c.figures(v, a, keys...)
	if err != nil {
		return v.sorryFigures(err)
	}
	s, err := table.Summary(q)
	if err != nil {
		return v.sorryFigures(err)
	}
	p := allFiguresPage{}
	if p.figuresFrame, err = c.figuresFrame(v, a, table, q); err != nil {
		return v.sorryFigures(err)
	}
	p.Files = downloads(a.about(keys...))
	of := map[string][]card{}
	for _, answer := range s.Answers {
		group := subjectOf(answer.Measure)
		of[group] = append(of[group], v.card(a, answer))
	}
	for _, group := range subjects {
		p.Groups = append(p.Groups, figureGroup{"figures.group_" + group, of[group]})
	}
	return v.show("figures_all", p)
}
