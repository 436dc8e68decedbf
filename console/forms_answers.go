package console

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/currency"

	"recourse/internal/cases"
	"recourse/models"
)

// answers are what somebody filled in, read as the verbs need it. What cannot be read is a fault of
// its field.
type answers struct {
	form   url.Values
	zone   *time.Location
	faults []cases.Fault
}

func (a *answers) refuse(name, says string) {
	pointer := "/" + strings.ReplaceAll(name, ".", "/")
	if !slices.ContainsFunc(a.faults, func(f cases.Fault) bool { return f.Pointer == pointer }) {
		a.faults = append(a.faults, cases.Fault{Pointer: pointer, Says: says})
	}
}

// fault is everything that could not be read; nil when all could.
func (a *answers) fault() error {
	if len(a.faults) == 0 {
		return nil
	}
	first := a.faults[0]
	return &cases.Refused{Base: &models.Error{Code: models.CodeInvalid, Message: first.Says, Field: first.Pointer}, Faults: a.faults}
}

func (a *answers) line(name string) string { return strings.TrimSpace(a.form.Get(name)) }

func (a *answers) ticked(name string) bool { return a.form.Get(name) != "" }

func (a *answers) several(name string) []string {
	return slices.DeleteFunc(slices.Clone(a.form[name]), func(v string) bool { return v == "" })
}

// instant reads an instant typed in the zone in which the form was drawn.
func (a *answers) instant(name string) time.Time {
	typed := a.line(name)
	if typed == "" {
		return time.Time{}
	}
	for _, layout := range []string{localLayout, localLayout + ":05"} {
		at, err := time.ParseInLocation(layout, typed, a.zone)
		if err != nil || at.Year() <= 0 || at.Year() >= 9999 {
			continue
		}
		if at.Format(layout) != typed { // it lies where the clocks were put forward
			a.refuse(name, "there is no such time on that day: the clocks are put forward then")
			return time.Time{}
		}
		return at.UTC()
	}
	a.refuse(name, "give a day and a time, such as 2026-11-22 09:30")
	return time.Time{}
}

func (a *answers) number(name string) int {
	typed := a.line(name)
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		a.refuse(name, "is a whole number")
	}
	return n
}

func (a *answers) seq() int64 { return int64(a.number("if_seq")) }

// money reads an amount as people write it, and turns it into minor units of its currency.
func (a *answers) money(name string) *models.Money {
	typed := strings.NewReplacer(",", "", "，", "", " ", "").Replace(a.line(name + ".minor"))
	if typed == "" {
		return nil
	}
	m := &models.Money{Currency: strings.ToUpper(a.line(name + ".currency")), Kind: models.MoneyKind(a.line(name + ".kind"))}
	unit, err := currency.ParseISO(m.Currency)
	if err != nil {
		a.refuse(name+".currency", "is an ISO 4217 code such as CNY")
		return m
	}
	minor, fine := minorUnits(typed, digitsOf(unit))
	if !fine {
		a.refuse(name+".minor", "is an amount above zero, such as 120.50")
	}
	m.Minor = minor
	return m
}

func digitsOf(unit currency.Unit) int {
	digits, _ := currency.Standard.Rounding(unit)
	return digits
}

// minorUnits reads a decimal with at most so many digits behind the point, exactly.
func minorUnits(typed string, digits int) (int64, bool) {
	whole, part, _ := strings.Cut(typed, ".")
	if whole == "" || len(part) > digits || strings.Trim(whole+part, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+part+strings.Repeat("0", digits-len(part)), 10, 64)
	return n, err == nil && n > 0 && n < math.MaxInt64/100
}

// scores reads what a customer said in a call; nil when nothing was asked.
func (a *answers) scores(name string) *models.Scores {
	s := models.Scores{
		Process: a.number(name + ".process"), Result: a.number(name + ".result"), Speed: a.number(name + ".speed"), Attitude: a.number(name + ".attitude"),
	}
	if a.line(name+".recommend") != "" {
		s.Recommend = new(a.number(name + ".recommend"))
	}
	if s == (models.Scores{}) {
		return nil
	}
	return &s
}

// mostMeasures is how many measures a form asks for at most.
const mostMeasures = 5

// measures reads the measures of which anything was filled in; those between them close up.
func (a *answers) measures() []models.Measure {
	var measures []models.Measure
	for _, i := range a.measuresGiven() {
		at := fmt.Sprintf("measures.%d", i)
		measures = append(measures, models.Measure{Owner: a.line(at + ".owner"), Due: a.instant(at + ".due")})
	}
	return measures
}

func (a *answers) measuresGiven() []int {
	var given []int
	for i := range mostMeasures {
		at := fmt.Sprintf("measures.%d", i)
		if a.line(at+".text")+a.line(at+".owner")+a.line(at+".due") != "" {
			given = append(given, i)
		}
	}
	return given
}

// changes are the corrections of an amendment; what is not given stays.
func (a *answers) changes() []models.Change {
	var changes []models.Change
	for _, name := range models.Amendable() {
		if is := a.line(name); is != "" {
			changes = append(changes, models.Change{Field: name, Is: is})
		}
	}
	return changes
}

// words are the texts of a form by the names that the kernel knows; empty ones do not travel.
func (a *answers) words(fields []field) map[string]string {
	said := map[string]string{}
	for _, f := range fields {
		if f.Kind == fieldWords && a.line(f.Name) != "" {
			said[f.Name] = a.line(f.Name)
		}
	}
	if !slices.ContainsFunc(fields, func(f field) bool { return f.Name == "measures.0" }) {
		return said
	}
	for at, i := range a.measuresGiven() {
		if text := a.line(fmt.Sprintf("measures.%d.text", i)); text != "" {
			said[models.TextMeasure(at)] = text
		}
	}
	return said
}
