package kpi

import (
	"slices"
	"strconv"
	"time"

	"recourse/models"
)

// Dimension is something by which figures are cut.
type Dimension string

// The dimensions. By department and person a figure counts for whoever its definition names.
const (
	ByDepartment  Dimension = "department"
	ByPerson      Dimension = "person"
	ByChannel     Dimension = "channel"
	BySeverity    Dimension = "severity"
	ByNature      Dimension = "nature"
	ByAttribution Dimension = "attribution"
	ByCause       Dimension = "cause"
	ByCategory    Dimension = "category"
	ByProduct     Dimension = "product"
	ByRegion      Dimension = "region"
	ByPolicy      Dimension = "policy"
	ByLanguage    Dimension = "language"
	ByOutcome     Dimension = "outcome"
	ByEnding      Dimension = "ending"
	ByCloseReason Dimension = "close_reason"
	ByAnonymous   Dimension = "anonymous" // yes or no
	ByAdopted     Dimension = "adopted"   // yes or no
	ByCycle       Dimension = "cycle"     // of the item; of a case, the one it is in
	ByWeekday     Dimension = "weekday"   // of receipt: 1 Monday to 7 Sunday
	ByHour        Dimension = "hour"      // of receipt: 0 to 23

	byState Dimension = "state" // for access alone: it is of no use in a figure
)

// DimensionInfo is a dimension with what it is called.
type DimensionInfo struct {
	Key   Dimension
	Title Text
}

// Dimensions lists the closed set.
func Dimensions() []DimensionInfo {
	return []DimensionInfo{
		{ByDepartment, Text{"Department", "部门"}},
		{ByPerson, Text{"Person", "人员"}},
		{ByChannel, Text{"Channel", "渠道"}},
		{BySeverity, Text{"Severity", "级别"}},
		{ByNature, Text{"Nature", "性质"}},
		{ByAttribution, Text{"Attribution", "归因"}},
		{ByCause, Text{"Cause", "原因"}},
		{ByCategory, Text{"Category", "类别"}},
		{ByProduct, Text{"Product", "产品"}},
		{ByRegion, Text{"Region", "地区"}},
		{ByPolicy, Text{"Policy version", "政策版本"}},
		{ByLanguage, Text{"Language", "语言"}},
		{ByOutcome, Text{"Outcome", "处理结论"}},
		{ByEnding, Text{"How it ended", "终结方式"}},
		{ByCloseReason, Text{"Reason of closing", "结案原因"}},
		{ByAnonymous, Text{"Anonymous", "匿名"}},
		{ByAdopted, Text{"Imported", "导入"}},
		{ByCycle, Text{"Cycle", "轮次"}},
		{ByWeekday, Text{"Weekday of receipt", "收到星期"}},
		{ByHour, Text{"Hour of receipt", "收到时段"}},
	}
}

// enumerated are the dimensions whose values are few.
var enumerated = []Dimension{
	ByChannel, BySeverity, ByNature, ByAttribution, ByCause, ByLanguage, ByOutcome, ByEnding, ByCloseReason, byState,
}

func knownDimension(pointer string, d Dimension) error {
	all := Dimensions()
	if slices.ContainsFunc(all, func(i DimensionInfo) bool { return i.Key == d }) {
		return nil
	}
	names := make([]string, len(all))
	for i, info := range all {
		names[i] = string(info.Key)
	}
	return unknown(pointer, "dimension", string(d), names)
}

// owner is for whom an item counts, and in which cycle.
type owner struct {
	department, person uint32
	cycle              uint16
}

// code is the number of a row's or item's value.
func (s *scope) code(d Dimension, r *row, o owner) uint32 {
	switch d {
	case ByDepartment:
		return o.department
	case ByPerson:
		return o.person
	case ByChannel:
		return uint32(r.channel)
	case BySeverity:
		return uint32(r.severity)
	case ByNature:
		return uint32(r.nature)
	case ByAttribution:
		return uint32(r.attribution)
	case ByCause:
		return uint32(r.cause)
	case ByCategory:
		return r.category
	case ByProduct:
		return r.product
	case ByRegion:
		return r.region
	case ByPolicy:
		return r.policy
	case ByLanguage:
		return uint32(r.language)
	case ByOutcome:
		return uint32(r.outcome)
	case ByEnding:
		return uint32(r.ending)
	case ByCloseReason:
		return uint32(r.reason)
	case ByAnonymous:
		return yes(r.flags.is(isAnonymous))
	case ByAdopted:
		return yes(r.flags.is(isAdopted))
	case ByCycle:
		return uint32(o.cycle)
	case ByWeekday:
		return uint32((s.local(r).Weekday()+6)%7) + 1 //nolint:gosec // one to seven
	case ByHour:
		return uint32(s.local(r).Hour()) //nolint:gosec // of a day
	case byState:
		return uint32(r.state)
	}
	return nowhere
}

func (s *scope) local(r *row) time.Time { return time.UnixMicro(r.received).In(s.zone) }

func yes(is bool) uint32 {
	if is {
		return 1
	}
	return 0
}

// dictOf is where the texts of a dimension are; nil: its values are numbers, or yes and no.
func (t *Table) dictOf(d Dimension) *dict {
	switch d { //nolint:exhaustive // the others have none, or are in enums
	case ByDepartment:
		return t.departments
	case ByPerson:
		return t.people
	case ByCategory:
		return t.categories
	case ByProduct:
		return t.products
	case ByRegion:
		return t.regions
	case ByPolicy:
		return t.policies
	}
	return t.enums[d]
}

// name is the value that a number stands for.
func (t *Table) name(d Dimension, code uint32) string {
	if texts := t.dictOf(d); texts != nil {
		return texts.names[code]
	}
	if d == ByAnonymous || d == ByAdopted {
		return []string{"no", "yes"}[code]
	}
	return strconv.FormatUint(uint64(code), 10)
}

// find is the number of a value; nowhere if no row has it, false if it can be none.
func (t *Table) find(d Dimension, name string) (uint32, bool) {
	if set := closed[d]; set != nil && name != "" && !slices.Contains(set, name) {
		return nowhere, false
	}
	if texts := t.dictOf(d); texts != nil {
		return texts.find(name), true
	}
	if d == ByAnonymous || d == ByAdopted {
		return yes(name == "yes"), name == "yes" || name == "no"
	}
	n, err := strconv.ParseUint(name, 10, 16)
	return uint32(n), err == nil
}

// closed are the dimensions all of whose values are known beforehand.
var closed = map[Dimension][]string{
	ByChannel: texts(models.Channels()), BySeverity: texts(models.Severities()), ByNature: texts(models.Natures()),
	ByAttribution: texts(models.Attributions()), ByCause: texts(models.Causes()), ByLanguage: texts(models.Languages()),
	ByOutcome: texts(models.Outcomes()), ByAnonymous: {"yes", "no"}, ByAdopted: {"yes", "no"},
	ByEnding: texts([]models.State{models.StateClosed, models.StateWithdrawn, models.StateMerged, models.StateNotAccepted}),
	ByCloseReason: texts([]models.CloseReason{
		models.CloseSolved, models.CloseConfirmed, models.CloseNotReached, models.CloseAnonymous, models.CloseByHand,
	}),
	ByWeekday: numbers(1, 7), ByHour: numbers(0, 23),
}

// numbers are whole numbers as texts.
func numbers(from, to int) (all []string) {
	for n := from; n <= to; n++ {
		all = append(all, strconv.Itoa(n))
	}
	return all
}

func texts[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}

// owned says whether a dimension asks for whom an item counts.
func owned(d Dimension) bool { return d == ByDepartment || d == ByPerson || d == ByCycle }

// Closed lists the values of a dimension that are all known beforehand; nil: they are not.
func Closed(d Dimension) []string { return slices.Clone(closed[d]) }
