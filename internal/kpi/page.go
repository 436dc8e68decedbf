package kpi

import (
	"fmt"
	"strings"
)

// Page returns docs/kpis.md: every definition in both languages, from the values themselves.
func Page() string {
	var b strings.Builder
	b.WriteString("# Figures\n\nGenerated from internal/kpi; `go generate ./internal/kpi` writes it again. " +
		"Screen, API and export read the same values.\n\n" +
		"Met at its bound is met. A clock that runs and is not yet due is in no denominator, except where \"strict\" is written. " +
		"Rates carry a Wilson interval of 95 %.\n")
	for _, m := range Headline() {
		m.describe(&b)
	}
	return b.String()
}

func (m Measure) describe(b *strings.Builder) {
	fmt.Fprintf(b, "\n## `%s`: %s · %s\n\n%s\n%s\n\n", m.Key, m.Title.EN, m.Title.ZH, m.Question.EN, m.Question.ZH)
	fmt.Fprint(b, "| | English | 中文 |\n|---|---|---|\n")
	row := func(name string, t Text) { fmt.Fprintf(b, "| %s | %s | %s |\n", name, t.EN, t.ZH) }
	row("population", m.Population)
	row("numerator", m.Numerator)
	row("denominator", m.Denominator)
	for _, s := range m.sides() {
		row("beside: `"+s.key+"`", s.title)
	}
	target := "none"
	if m.Target > 0 {
		target = fmt.Sprintf("≥ %.0f %%", m.Target*100)
	}
	fmt.Fprintf(b, "\nUnit %s · target %s · cycle %s · %s · definition version %d\n", m.Unit, target, m.Cycle, m.Kind, m.Version)
}

// sides lists what stands beside the figure, in the order in which it is shown.
func (m Measure) sides() []side {
	all := append([]side{}, m.beside...)
	if m.Key == "resolution_rate" {
		all = append(all, flowRatio)
	}
	return append(all, anonymousCases, withdrawnCases, notAccepted)
}
