package console

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"recourse/internal/kpi"
	"recourse/models"
)

// signalsPage lists what rose.
type signalsPage struct {
	Area    []link
	Of      []link // each dimension, and all
	Signals []signalRow
	Older   string // the next page's address; empty: there is none
	Later   bool   // it is not the first page
}

// signalRow is a signal in a list.
type signalRow struct {
	Path, What, Kind string // what rose, and what that is
	When             string // its period
	Says, Rules      string
	Since            string // when it was seen first; empty: in this period
}

// signalDimensions are those that signals are about.
var signalDimensions = []kpi.Dimension{kpi.ByProduct, kpi.ByCategory, kpi.ByCause}

const signalsPath = "/signals"

func (c *console) signals(v *visit) error {
	asked := v.r.URL.Query()
	r := reader{asked: asked}
	for name := range asked {
		if name != "of" && name != "cursor" {
			r.refuse(name)
		}
	}
	of := oneOf(&r, "of", "", signalDimensions)
	if r.err != nil {
		return r.err
	}
	found, err := c.Cases.Signals(v.r.Context(), v.Actor, models.SignalQuery{Dimension: string(of), Cursor: asked.Get("cursor")})
	if err != nil {
		return err
	}
	known, err := c.company(v)
	if err != nil {
		return err
	}
	p := signalsPage{Area: v.areaOf(asking{}), Later: asked.Get("cursor") != ""}
	for _, d := range append([]kpi.Dimension{""}, signalDimensions...) {
		one := link{Path: signalsAt(d, ""), Key: "signals.of_" + cmp.Or(string(d), "all"), Here: d == of}
		p.Of = append(p.Of, one)
	}
	for _, s := range found.Items {
		p.Signals = append(p.Signals, v.signalRow(s, known))
	}
	if found.Next != "" {
		p.Older = signalsAt(of, found.Next)
	}
	return v.show("signals", p)
}

// signalsAt is the address of the signals of a dimension, from a cursor on.
func signalsAt(d kpi.Dimension, cursor string) string {
	to := url.Values{}
	if d != "" {
		to.Set("of", string(d))
	}
	if cursor != "" {
		to.Set("cursor", cursor)
	}
	if len(to) == 0 {
		return signalsPath
	}
	return signalsPath + "?" + to.Encode()
}

func (v *visit) signalRow(s models.Signal, known company) signalRow {
	row := signalRow{
		Path: signalsPath + "/" + url.PathEscape(s.ID), What: v.valueName(kpi.Dimension(s.Dimension), s.Value, known), Kind: v.dimensionName(kpi.Dimension(s.Dimension)),
		When: v.signalPeriod(s), Says: v.signalSays(s), Rules: v.ruleNames(s.Rules),
	}
	if s.FirstSeen.Before(s.From) {
		row.Since = s.FirstSeen.In(v.signalZone(s)).Format(time.DateOnly)
	}
	return row
}

// signalSays is what rose, in numbers.
func (v *visit) signalSays(s models.Signal) string {
	return v.Say("signals.says", "n", s.Count, "expected", v.plainNumber(s.Expected()))
}

func (v *visit) ruleNames(rules []string) string {
	names := make([]string, len(rules))
	for i, rule := range rules {
		names[i] = v.Say("control.rule_" + rule)
	}
	return strings.Join(names, v.Say("list.separator"))
}

// signalPeriod is the period that stands out: its first and its last day.
func (v *visit) signalPeriod(s models.Signal) string {
	from, until := signalDays(s, v.signalZone(s))
	return v.Say("signals.days", "from", from, "until", until)
}

// signalDays are the first and the last day of a signal's period.
func signalDays(s models.Signal, zone *time.Location) (from, until string) {
	return s.From.In(zone).Format(time.DateOnly), s.Until.In(zone).AddDate(0, 0, -1).Format(time.DateOnly)
}

// signalZone is where a signal's periods begin; the company's where that zone is no more.
func (v *visit) signalZone(s models.Signal) *time.Location {
	if zone, err := time.LoadLocation(s.Zone); err == nil && s.Zone != "" {
		return zone
	}
	return v.c.Zone
}

// signalPage is one signal with its chart.
type signalPage struct {
	signalRow

	Area      []link
	Facts     []fact
	Control   control
	Cases     string // address of the cases behind it
	Now       string // that there are others by now; empty: they are those that were counted
	Others    []signalRow
	CauseNote bool // it is of causes: what is said of them holds
}

func (c *console) signal(v *visit) error {
	ctx := v.r.Context()
	s, err := c.Cases.Signal(ctx, v.Actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	known, err := c.company(v)
	if err != nil {
		return err
	}
	others, err := c.Cases.Signals(ctx, v.Actor, models.SignalQuery{Dimension: s.Dimension, Value: s.Value, Limit: signalsBeside})
	if err != nil {
		return err
	}
	p := signalPage{
		signalRow: v.signalRow(s, known), Area: v.areaOf(asking{}), Facts: v.signalFacts(s), Control: v.control(v.controlledSignal(s)),
		Cases: v.signalCases(s), CauseNote: s.Chart == "p",
	}
	if p.Now, err = v.signalNow(s); err != nil {
		return err
	}
	p.Control.Chart.Note = v.signalNotes(s)
	for _, o := range others.Items {
		if o.ID != s.ID {
			p.Others = append(p.Others, v.signalRow(o, known))
		}
	}
	return v.show("signal", p)
}

// signalsBeside is how many other signals of the same are listed beside one.
const signalsBeside = 13

// signalCases is the address of the complaints behind a signal.
func (v *visit) signalCases(s models.Signal) string {
	from, until := signalDays(s, v.signalZone(s))
	to := url.Values{"from": {from}, "until": {until}, "zone": {s.Zone}, s.Dimension: {s.Value}, seenName: {seenCompany}}
	return "/figures/received/cases?" + to.Encode()
}

// signalNow says how many complaints lead to a signal by now, where these are not as many as were counted: it stays as
// it was seen, while cases go on.
func (v *visit) signalNow(s models.Signal) (string, error) {
	a := asking{Zone: s.Zone, Company: true, Filters: map[kpi.Dimension][]string{kpi.Dimension(s.Dimension): {s.Value}}}
	a.days.from, a.days.until = s.From, s.Until
	table, q, err := v.c.figures(v, a, "received")
	if err != nil {
		return "", err
	}
	found, err := table.Cases(q, kpi.List{Measure: "received", Part: kpi.PartDenominator, Limit: 1})
	if models.CodeOf(err) == models.CodeInvalid { // the value of the signal is no more
		found, err = kpi.Page{}, nil
	}
	if err != nil || found.Total == s.Count {
		return "", err
	}
	return v.Say("signals.now", "counted", v.Number(s.Count), "now", v.Number(found.Total)), nil
}

// signalFacts are what a signal says of itself.
func (v *visit) signalFacts(s models.Signal) []fact {
	facts := []fact{
		{v.Say("signals.count"), v.Number(s.Count)},
		{v.Say("signals.expected"), v.plainNumber(s.Expected())},
	}
	if s.Chart != "xmr" {
		facts = append(facts, fact{v.Say("signals.rate_" + s.Chart), v.Say("signals.was", "now", v.fineShare(s.Rate()), "before", v.fineShare(s.Center))})
	}
	for _, c := range s.Evidence.Chances {
		facts = append(facts, fact{capital(v.Say("control.rule_" + c.Rule)), v.chanceSays(c.Chance)})
	}
	return append(facts,
		fact{v.Say("signals.first_seen"), s.FirstSeen.In(v.signalZone(s)).Format(time.DateOnly)},
		fact{v.Say("signals.detected"), v.Instant(s.DetectedAt, v.c.Zone)})
}

// chanceSays says how often chance brings so many: once in so many periods.
func (v *visit) chanceSays(chance float64) string {
	const most = 1e6
	if chance < 1/most {
		return v.Say("signals.chance_less", "n", v.Number(int64(most)))
	}
	return v.Say("signals.chance", "n", v.Number(int64(1/chance)))
}

// signalNotes are what a reader must know of the chart of a signal.
func (v *visit) signalNotes(s models.Signal) []string {
	e := s.Evidence
	notes := []string{v.Say("signals.base_"+s.Step, "n", e.Base)}
	if e.Widened > 1 {
		notes = append(notes, v.Say("signals.widened", "times", v.Number(sprint1(e.Widened))))
	}
	if e.Volume != "" {
		notes = append(notes, v.Say("signals.volume_"+string(e.Volume)))
	}
	return append(notes, v.Say("signals.tested"), v.Say("signals.frozen"))
}

// fineShare writes a share in per cent with two digits that say something: rates of complaints are small.
func (v *visit) fineShare(n float64) string {
	digits := 1
	for d := n; d > 0 && d < 0.1 && digits < 6; d *= 10 {
		digits++
	}
	return v.Number(fmt.Sprintf("%.*f", digits, 100*n)) + " %"
}

// controlledSignal is a signal's chart, to be drawn as it was seen.
func (v *visit) controlledSignal(s models.Signal) controlled {
	of := controlled{
		ID: "signal", Title: v.Say("signals.chart"), Step: v.Say("figures.step_" + s.Step), Value: v.Say("signals.value_" + s.Chart), Kind: s.Chart, Say: v.plainNumber,
	}
	if s.Chart != "xmr" {
		of.Unit, of.Say = "ratio", v.fineShare
	}
	for _, p := range s.Evidence.Points {
		rate := float64(p.Count) / float64(max(p.Size, 1))
		at := controlPoint{Says: p.Label, Value: &rate, ValueSays: v.Number(p.Count), Center: &s.Center, Lower: &p.Lower, Upper: &p.Upper, Rules: slices.Clone(p.Rules)}
		if s.Chart != "xmr" {
			at.ValueSays = v.Say("figures.value_of", "value", v.fineShare(rate), "of", v.Say("overview.of", "some", v.Number(p.Count), "all", v.Number(p.Size)))
		}
		of.Points = append(of.Points, at)
	}
	return of
}
