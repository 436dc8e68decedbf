package kpi

import (
	"fmt"
	"strings"
)

// preface says what holds for every figure.
const preface = `# Figures

Generated from internal/kpi; ` + "`go generate ./internal/kpi`" + ` writes it again. Screen, API, reports and exports read the same values.

- A period is a cohort: the cases received in it, from its first instant up to but without its last. Only flow_ratio looks at what was resolved in it.
- A figure is counted up to a data cut. What has an instant counts once it has come; what has none (the state, counts, scores of version 1) counts as it stands on record.
- Met at its bound is met. A clock that runs and is not yet due is in no denominator, except where "strict" is written. A clock of the first cycle that was cancelled, because the case was closed without it, is judged as if it ran on; one of a later cycle says nothing when it was cancelled before its bound.
- Timeliness is gross: a pause never moves the bound that it is judged by. Net stands beside it.
- Cut by department or person, an item counts for whoever its definition names, once, so that the parts add up to the whole.
- Rates carry a Wilson interval of 95 %, the net promoter score one of its own; complaints per volume carry the exact one of a Poisson count.
- A p-quantile is the ⌈p·n⌉-th smallest value; the median of an even number is the mean of the two in the middle. The standard deviation is a sample's. Sums are exact and each figure is the nearest float, so that the order of cases changes no digit.
- The same customer is one customer record, merged ones as one; anonymous cases are nobody's.
- Volumes count where they lie wholly in the period. A volume without a product is that of all products together: it counts where nobody asks by product, and then instead of the products'.
- Samples count only while no real case is on record.
`

// Docs returns docs/kpis.md: every definition in both languages, from the values themselves.
func Docs() string {
	var b strings.Builder
	b.WriteString(preface)
	for _, m := range Measures() {
		m.describe(&b)
	}
	b.WriteString("\n# Retired definitions\n\nWhat was published by them can be counted again: ask for the key with its version.\n")
	for _, m := range Retired() {
		m.describe(&b)
	}
	return b.String()
}

func (m Measure) describe(b *strings.Builder) {
	key := m.Key
	if m.Retired {
		key = m.ID()
	}
	fmt.Fprintf(b, "\n## `%s`: %s · %s\n\n%s\n%s\n\n", key, m.Title.EN, m.Title.ZH, m.Question.EN, m.Question.ZH)
	fmt.Fprint(b, "| | English | 中文 |\n|---|---|---|\n")
	row := func(name string, t Text) {
		if t.EN != "" {
			fmt.Fprintf(b, "| %s | %s | %s |\n", name, t.EN, t.ZH)
		}
	}
	row("population", m.Population)
	if m.Rate() || m.Unit == UnitNPS {
		row("numerator", m.Numerator)
		row("denominator", m.Denominator)
	} else {
		row("measured", m.Numerator)
		row("of", m.Denominator)
	}
	row("from", m.From)
	row("to", m.To)
	row("counts for", m.Whose.text())
	fmt.Fprintf(b, "\n%s\n", strings.Join(m.facts(), " · "))
	if len(m.Beside) > 0 {
		fmt.Fprintf(b, "\nBeside it: `%s`\n", strings.Join(m.Beside, "`, `"))
	}
}

func (m Measure) facts() []string {
	facts := []string{"Unit " + string(m.Unit), "items " + string(m.Of), "cycle " + string(m.Cycle)}
	if m.Kind != KindNone {
		facts = append(facts, string(m.Kind))
	}
	switch {
	case m.Alarm:
		facts = append(facts, fmt.Sprintf("alarm above %.0f %%", m.Target*100))
	case m.Target > 0:
		facts = append(facts, fmt.Sprintf("target ≥ %.0f %%", m.Target*100))
	}
	switch m.Better {
	case BetterHigher:
		facts = append(facts, "higher is better")
	case BetterLower:
		facts = append(facts, "lower is better")
	case BetterNeither:
	}
	return append(facts, fmt.Sprintf("definition version %d", m.Version))
}

func (w Whose) text() Text {
	switch w {
	case WhoseNow:
		return Text{"whoever has the case, or had it last", "现在或最后负责该案件的部门和人员"}
	case WhoseResponse:
		return Text{"whoever had the case when the first reply was given, or when its limit passed first; until then, whoever has it", "首次答复时（或时限先到时）负责该案件者；此前为当前负责者"}
	case WhoseFeedback:
		return Text{"whoever had the case when the promise of feedback was kept, or when its limit passed first; until then, whoever has it", "兑现反馈承诺时（或时限先到时）负责该案件者；此前为当前负责者"}
	case WhoseHandling:
		return Text{"whoever had the case when it was resolved, or when the handling due passed first; until then, whoever has it", "办结时（或办结时限先到时）负责该案件者；此前为当前负责者"}
	case WhoseItem:
		return Text{"whose the alert, the stay or the lever itself is", "该预警、停留或杠杆本身所属者"}
	case WhoseLever:
		return Text{"whoever used the lever last; of a case without it, whoever has the case", "最后使用该杠杆者；未使用的案件为当前负责者"}
	}
	return Text{}
}
