package console

import (
	"fmt"
	"math"
	"strings"
	"time"

	"golang.org/x/text/currency"

	"recourse/internal/kpi"
	"recourse/models"
)

// few is below how many a share or a mean says little: the page then says so.
const few = 30

// say writes a text of a definition in the reader's language.
func (v *visit) say(t kpi.Text) string { return nameIn(v.Language, t.ZH, t.EN, "") }

// figureSays writes what came out for a measure; empty where there is nothing to count.
func (v *visit) figureSays(m kpi.Measure, value kpi.Value) string {
	if m.Unit == kpi.UnitMoney {
		return v.amounts(value.Money)
	}
	if value.Value == nil {
		return ""
	}
	return v.unitSays(m.Unit, *value.Value)
}

// unitSays writes a number of a unit.
func (v *visit) unitSays(unit kpi.Unit, n float64) string {
	switch unit { //nolint:exhaustive // the others are plain numbers
	case kpi.UnitRatio:
		return v.share(n)
	case kpi.UnitDuration:
		return v.lasting(n)
	case kpi.UnitNPS:
		if said := strings.Replace(fmt.Sprintf("%+.1f", n), "-", "−", 1); strings.Trim(said, "+−") != "0.0" {
			return said
		}
		return "0.0"
	}
	return v.plainNumber(n)
}

// share writes a share in per cent: with more digits where one would show nothing of it.
func (v *visit) share(n float64) string {
	digits := 1
	for d := n; d > 0 && d < 0.001 && digits < 4; d *= 10 {
		digits++
	}
	return v.Number(fmt.Sprintf("%.*f", digits, 100*n)) + " %"
}

// lasting writes seconds in their two largest units.
func (v *visit) lasting(seconds float64) string {
	if seconds > 0 && seconds < 60 {
		return v.Say("figures.seconds", "n", int(math.Round(seconds)))
	}
	if seconds <= 0 {
		return v.Say("figures.at_once")
	}
	return v.Span(time.Duration(math.Min(seconds, math.MaxInt32*60)) * time.Second)
}

// plainNumber writes a number with at most one digit behind its point.
func (v *visit) plainNumber(n float64) string {
	if n == math.Trunc(n) {
		return v.Number(int64(n))
	}
	return v.Number(fmt.Sprintf("%.1f", n))
}

// amounts writes money, each currency by itself.
func (v *visit) amounts(all []kpi.Money) string {
	parts := make([]string, len(all))
	for i, m := range all {
		parts[i] = (&sheet{v: v}).amount(models.Money{Currency: m.Currency, Minor: m.Minor})
	}
	return strings.Join(parts, v.Say("list.separator"))
}

// major is money in the currency's main unit, as a chart draws it.
func major(m kpi.Money) float64 {
	unit, err := currency.ParseISO(m.Currency)
	if err != nil {
		return float64(m.Minor)
	}
	return float64(m.Minor) / math.Pow10(digitsOf(unit))
}

// counted says of how many a figure is made.
func (v *visit) countedOf(m kpi.Measure, value kpi.Value) string {
	switch {
	case m.Weighs() == kpi.WeighsTime:
		return v.Say("figures.hours_of", "some", v.hours(value.Numerator), "all", v.hours(value.Denominator))
	case m.Weighs() == kpi.WeighsTenths:
		return v.Say("figures.weight_of", "some", v.tenths(value.Numerator), "all", v.tenths(value.Denominator), "n", value.N)
	case m.Rate():
		return v.Say("overview.of", "some", v.Number(value.Numerator), "all", v.Number(value.Denominator))
	case m.Unit == kpi.UnitCount:
		return v.Say("figures.in_cases", "n", value.N)
	}
	return v.Say("figures.n", "n", value.N)
}

// hours writes microseconds as hours.
func (v *visit) hours(us int64) string {
	return v.Number(sprint1((time.Duration(us) * time.Microsecond).Hours()))
}

// tenths writes a weight in tenths as a number of whole ones.
func (v *visit) tenths(n int64) string { return v.Number(sprint1(float64(n) / 10)) }

// valueName is how people call a value of a dimension.
func (v *visit) valueName(d kpi.Dimension, value string, known company) string {
	if value == "" {
		return v.Say("figures.none_given")
	}
	said := ""
	switch d { //nolint:exhaustive // the others are said as they are
	case kpi.ByDepartment:
		said = known.department[value]
	case kpi.ByPerson:
		said = known.person[value]
	case kpi.ByCategory:
		said = known.category[value]
	case kpi.BySeverity:
		said = v.Name(models.Severity(value))
	case kpi.ByNature:
		said = v.Name(models.Nature(value))
	case kpi.ByChannel:
		said = v.Name(models.Channel(value))
	case kpi.ByAttribution:
		said = v.Name(models.Attribution(value))
	case kpi.ByCause:
		said = v.Name(models.Cause(value))
	case kpi.ByLanguage:
		said = v.Name(models.Language(value))
	case kpi.ByOutcome:
		said = v.Name(models.Outcome(value))
	case kpi.ByEnding:
		said = v.Name(models.State(value))
	case kpi.ByCloseReason:
		said = v.Name(models.CloseReason(value))
	case kpi.ByAnonymous, kpi.ByAdopted:
		said = v.Say("queue." + value)
	case kpi.ByWeekday:
		said = v.Say("figures.weekday_" + value)
	case kpi.ByHour:
		said = fmt.Sprintf("%02s:00", value)
	}
	if said == "" || strings.HasSuffix(said, "."+value) { // nobody knows it any more
		return value
	}
	return capital(said)
}

func (v *visit) dimensionName(d kpi.Dimension) string {
	for _, info := range kpi.Dimensions() {
		if info.Key == d {
			return v.say(info.Title)
		}
	}
	return string(d)
}
