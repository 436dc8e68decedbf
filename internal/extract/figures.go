package extract

import (
	"fmt"
	"slices"
	"strings"

	"recourse/internal/kpi"
	"recourse/models"
)

// Answers are the tables of figures: what the figures' answers hold, a value to a row.
func Answers() []Table {
	value := []Column{
		{Name: "kpi", About: "key of the figure"},
		{Name: "version", About: "of its definition"},
		{Name: "unit"},
		{Name: "n", About: "how many count"},
		{Name: "hits", About: "of these, in the numerator"},
		{Name: "numerator"},
		{Name: "denominator"},
		{Name: "value", About: "empty: there is nothing to count"},
		{Name: "low", About: "of the 95 % interval"},
		{Name: "high"},
		{Name: "mean"},
		{Name: "sd"},
		{Name: "min"},
		{Name: "max"},
		{Name: "median"},
		{Name: "p90"},
		{Name: "sum"},
		{Name: "currency", About: "of money: a row for each"},
		{Name: "minor", About: "in minor units, such as cents"},
	}
	table := func(name, says string, before ...Column) Table {
		return Table{Name: name, About: says, Columns: append(before, value...)}
	}
	step := []Column{{Name: "step", About: "such as 2026-11-20, 2026-W47, 2026-11 or 2026-Q4"}, {Name: "from"}, {Name: "until"}}
	return []Table{
		table("summary", "A figure of the period.", Column{Name: "beside", About: "key of the figure that it stands beside; empty: it stands for itself"}),
		table("trend", "A figure of a step of the period.", step...),
		table("breakdown", "A figure where one dimension, or two, have a value.", Column{Name: "by", About: "the dimensions"}, Column{Name: "key", About: "the value of the first"}, Column{Name: "key_2", About: "the value of the second"}),
	}
}

// Shape says how answers are asked for: by which dimensions, in which steps.
type Shape struct {
	By   []kpi.Dimension
	Step kpi.Step
}

// FindAnswers returns the table of figures of this name.
func FindAnswers(name string) (Table, bool) {
	for _, t := range Answers() {
		if t.Name == name {
			return t, true
		}
	}
	return Table{}, false
}

// WriteAnswers visits the rows of a table of figures.
func WriteAnswers(t Table, from *kpi.Table, q kpi.Query, shape Shape, row func(cells ...any) error) error {
	switch t.Name {
	case "summary":
		s, err := from.Summary(q)
		if err != nil {
			return err
		}
		return summaryRows(s.Answers, "", row)
	case "trend":
		trend, err := from.Trend(q, shape.Step)
		if err != nil {
			return err
		}
		for _, s := range trend.Series {
			for i, b := range trend.Buckets {
				if err := valueRows([]any{b.Label, b.From, b.Until}, s.Measure, s.Values[i], row); err != nil {
					return err
				}
			}
		}
		return nil
	case "breakdown":
		b, err := from.Breakdown(q, shape.By...)
		if err != nil {
			return err
		}
		return breakdownRows(b, row)
	}
	return models.Invalid("/table", fmt.Sprintf("there is no table %q", t.Name))
}

func summaryRows(answers []kpi.Answer, beside string, row func(cells ...any) error) error {
	for _, a := range answers {
		if err := valueRows([]any{beside}, a.Measure, a.Value, row); err != nil {
			return err
		}
		if err := summaryRows(a.Beside, a.Key, row); err != nil {
			return err
		}
	}
	return nil
}

func breakdownRows(b kpi.Breakdown, row func(cells ...any) error) error {
	names := make([]string, len(b.By))
	for i, d := range b.By {
		names[i] = string(d)
	}
	for _, r := range b.Rows {
		second := ""
		if len(r.Keys) > 1 {
			second = r.Keys[1]
		}
		for i, m := range b.Measures {
			if err := valueRows([]any{strings.Join(names, " "), r.Keys[0], second}, m, r.Values[i], row); err != nil {
				return err
			}
		}
	}
	return nil
}

// valueRows writes one value: one row, or one for each currency.
func valueRows(before []any, m kpi.Measure, v kpi.Value, row func(cells ...any) error) error {
	cells := append(slices.Clip(before), m.Key, m.Version, string(m.Unit), v.N, v.Hits, v.Numerator, v.Denominator, number(v.Value))
	if v.Interval != nil {
		cells = append(cells, v.Interval.Low, v.Interval.High)
	} else {
		cells = append(cells, nil, nil)
	}
	if s := v.Stats; s != nil {
		cells = append(cells, s.Mean, s.SD, s.Min, s.Max, s.Median, s.P90, s.Sum)
	} else {
		cells = append(cells, nil, nil, nil, nil, nil, nil, nil)
	}
	if len(v.Money) == 0 {
		return row(append(cells, nil, nil)...)
	}
	for _, money := range v.Money {
		if err := row(append(slices.Clip(cells), money.Currency, money.Minor)...); err != nil {
			return err
		}
	}
	return nil
}

// number is a value that may be missing.
func number(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}
