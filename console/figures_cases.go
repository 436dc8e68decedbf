package console

import (
	"cmp"
	"strconv"
	"time"

	"recourse/internal/kpi"
)

// behindPage lists the cases, or other items, that a figure is made of.
type behindPage struct {
	figuresFrame

	Card    card
	Measure kpi.Measure
	Figure  string // address of the figure
	Tabs    []partTab
	Rows    []behindRow
	Total   int64
	Valued  bool // items have a value
	Judged  bool // items are in the numerator or not
	Cycles  bool // items are told by their cycle
	First   string
	Next    string
	Later   bool
	Bin     string // which part of the distribution is listed, in words; empty: all
	Whole   string // address of all
}

// partTab is a part of the items.
type partTab struct {
	Path, Key string
	N         int64
	Counts    bool // N is known
	Here      bool
}

// behindRow is one item, with the case that it is of.
type behindRow struct {
	kpi.Item

	What string // of an item that is more than a case
	Says string // its value
}

// behindMost is how many items a page lists.
const behindMost = 50

func (c *console) figureCases(v *visit) error {
	a, err := c.readAsking(v.r.URL.Query())
	if err != nil {
		return v.sorryFigures(err)
	}
	m, err := kpi.Find(v.r.PathValue("kpi"))
	if err != nil {
		return v.sorryFigures(err)
	}
	a.Step, a.By, a.And, a.Kpis = "", "", "", nil
	table, q, err := c.figures(v, a, m.ID())
	if err != nil {
		return v.sorryFigures(err)
	}
	part := cmp.Or(a.Part, kpi.PartDenominator)
	found, err := table.Cases(q, kpi.List{Measure: m.ID(), Part: part, Bin: a.Bin, Cursor: a.Cursor, Limit: behindMost})
	if err != nil {
		return v.sorryFigures(err)
	}
	s, err := table.Summary(q)
	if err != nil {
		return v.sorryFigures(err)
	}
	p := behindPage{
		Card: v.card(a, s.Answers[0]), Measure: m, Figure: a.at("/figures/" + keyOf(m)), Total: found.Total,
		Judged: m.Rate() || m.Unit == kpi.UnitNPS, Cycles: m.Of == kpi.ItemCycles || m.Of == kpi.ItemAnswers,
	}
	if p.figuresFrame, err = c.figuresFrame(v, a, table, q); err != nil {
		return v.sorryFigures(err)
	}
	p.Files = downloads(a.about(keyOf(m)))
	at := func(part kpi.Part, cursor string) string { return a.at(p.Path, "part", string(part), "cursor", cursor) }
	if a.Bin > 0 {
		at = func(_ kpi.Part, cursor string) string {
			return a.at(p.Path, "bin", strconv.Itoa(a.Bin), "cursor", cursor)
		}
		p.Bin, p.Whole, p.Judged = v.binSays(m, a.Bin), a.at(p.Path), false
	} else {
		p.Tabs = tabsOf(m, s.Answers[0].Value, part, at)
	}
	if p.First, p.Later = at(part, ""), a.Cursor != ""; found.Next != "" {
		p.Next = at(part, found.Next)
	}
	for _, item := range found.Items {
		row := v.behindRow(found.Measure, item, a.days.from.Location())
		p.Valued = p.Valued || row.Says != ""
		p.Rows = append(p.Rows, row)
	}
	return v.show("figure_cases", p)
}

// tabsOf are the parts of a figure's items: of what is no rate all items count.
func tabsOf(m kpi.Measure, value kpi.Value, here kpi.Part, at func(kpi.Part, string) string) (tabs []partTab) {
	if !m.Rate() && m.Unit != kpi.UnitNPS {
		return nil
	}
	for _, part := range kpi.Parts() {
		tab := partTab{Path: at(part, ""), Key: "figures.part_" + string(part), Here: part == here}
		switch part {
		case kpi.PartDenominator:
			tab.N, tab.Counts = value.N, true
		case kpi.PartNumerator:
			tab.N, tab.Counts = value.Hits, true
		case kpi.PartAll:
			if m.Of != kpi.ItemCases {
				continue // says no more than the denominator
			}
		}
		tabs = append(tabs, tab)
	}
	return tabs
}

func (v *visit) behindRow(m kpi.Measure, item kpi.Item, zone *time.Location) behindRow {
	row := behindRow{Item: item}
	if item.Value != nil {
		row.Says = v.unitSays(m.Unit, *item.Value)
	}
	if m.Unit == kpi.UnitMoney {
		row.Says = "" // in which currency, the case says
	}
	if item.Kind == kpi.ItemStays {
		if from, err := time.Parse(time.RFC3339Nano, item.Ref); err == nil {
			row.What = v.Say("figures.since", "at", v.Moment(from, zone))
		}
	}
	return row
}
