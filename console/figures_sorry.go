package console

import (
	"errors"
	"strconv"
	"strings"

	"recourse/internal/extract"
	"recourse/internal/kpi"
	"recourse/models"
)

// noFigurePage names what an address asks for that there is not, and lists what there is.
type noFigurePage struct {
	Says  string // what was refused
	Given string // what the address asked for
	There []choiceLink
	Home  string
}

// choiceLink is one of what there is.
type choiceLink struct{ Path, Says, Key string }

// sorryFigures answers an address that asks for what there is not. Anything else stays what it is.
func (v *visit) sorryFigures(err error) error {
	refused, is := errors.AsType[*models.Error](err)
	if !is || refused.Code != models.CodeInvalid || refused.Field == "" {
		return err
	}
	field := strings.TrimPrefix(strings.TrimPrefix(refused.Field, "/"), "filters/")
	p := noFigurePage{Home: "/figures", Given: strings.Join(v.r.URL.Query()[field], " ")}
	if refused.Field == "/kpi" && v.r.PathValue("kpi") != "" {
		p.Given = v.r.PathValue("kpi")
	}
	if refused.Field == "/table" {
		p.Given = v.r.PathValue("table")
	}
	p.Says = v.Say("figures.no_"+field, "given", p.Given)
	if !v.Has("figures.no_" + field) {
		p.Says = v.Say("figures.no_filter", "name", v.dimensionName(kpi.Dimension(field)), "given", p.Given)
	}
	if field == "step" && p.Given == "" { // the longest step is too short for it
		p.Says, field = v.Say("figures.too_long", "years", v.Number(longestDrawn)), "period"
	}
	p.There = v.there(field)
	return v.showAs(statusOf(err), "figures_sorry", p)
}

// longestDrawn is how many years can be drawn, quarter by quarter.
const longestDrawn = kpi.BucketsAtMost / 4

// there lists what there is of a kind, each with an address that asks for it.
func (v *visit) there(field string) (all []choiceLink) {
	here := func(value string) string {
		in := v.r.URL.Query()
		in.Set(field, value)
		return v.r.URL.Path + "?" + in.Encode()
	}
	switch field {
	case "kpi":
		for _, m := range kpi.Measures() {
			all = append(all, choiceLink{"/figures/" + m.Key, v.say(m.Title), m.Key})
		}
	case "x", "y":
		for _, m := range kpi.Measures() {
			if m.Pairable() {
				all = append(all, choiceLink{here(m.Key), v.say(m.Title), m.Key})
			}
		}
	case "by", "and":
		for _, d := range kpi.Dimensions() {
			all = append(all, choiceLink{here(string(d.Key)), v.say(d.Title), string(d.Key)})
		}
	case "step":
		for _, step := range kpi.Steps() {
			all = append(all, choiceLink{here(string(step)), v.Say("figures.by_" + string(step)), string(step)})
		}
	case "period":
		in := v.r.URL.Query()
		in.Del("from") // they would be the period
		in.Del("until")
		for _, span := range spans {
			in.Set(field, span)
			all = append(all, choiceLink{v.r.URL.Path + "?" + in.Encode(), v.Say("figures.period_" + span), span})
		}
	case "bin":
		if m, err := kpi.Find(v.r.PathValue("kpi")); err == nil && m.Valued() {
			for i := range kpi.Bins(m) {
				all = append(all, choiceLink{here(strconv.Itoa(i + 1)), v.binSays(m, i+1), strconv.Itoa(i + 1)})
			}
		}
	case "part":
		for _, part := range kpi.Parts() {
			all = append(all, choiceLink{here(string(part)), v.Say("figures.part_" + string(part)), string(part)})
		}
	case "format":
		for _, format := range []string{"csv", "xlsx"} {
			all = append(all, choiceLink{here(format), strings.ToUpper(format), format})
		}
	case "table":
		for _, t := range append(extract.Answers(), extract.Tables()...) {
			all = append(all, choiceLink{"/extracts/" + t.Name, v.Say("figures.table_" + t.Name), t.Name})
		}
	default:
		for _, value := range kpi.Closed(kpi.Dimension(field)) {
			all = append(all, choiceLink{here(value), v.valueName(kpi.Dimension(field), value, company{}), value})
		}
		if all == nil && !isDimension(field) {
			for _, d := range kpi.Dimensions() {
				all = append(all, choiceLink{"/figures", v.say(d.Title), string(d.Key)})
			}
		}
	}
	return all
}

func isDimension(name string) bool {
	for _, d := range kpi.Dimensions() {
		if string(d.Key) == name {
			return true
		}
	}
	return name == "zone" || name == "bin" || name == "from" || name == "until" || name == "cursor" || name == "cell" || name == "filter"
}
