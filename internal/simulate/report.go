package simulate

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"recourse/internal/kpi"
	"recourse/models"
)

// Report is what a simulation came to.
type Report struct {
	AsOf     time.Time `json:"as_of"`
	Zone     string    `json:"zone"` // of hours and days
	Cases    int       `json:"cases"`
	Policies []Outcome `json:"policies"`
	Changed  *Changed  `json:"changed,omitempty"` // between the first policy and the second

	changes *changes
}

// Outcome is what one policy made of the cases.
type Outcome struct {
	Policy       string  `json:"policy"`
	OpenAtTheEnd int     `json:"open_at_the_end"`
	Clocks       []Clock `json:"clocks"`
	Ladders
	BeforeImport *Ladders `json:"before_import,omitempty"` // of cases on record from another system: what their time there would have brought
	OwnDue       *OwnDue  `json:"own_due,omitempty"`       // of cases whose log names a due date
	KPIs         []KPI    `json:"kpis,omitempty"`
	KPIsLeftOut  string   `json:"kpis_left_out,omitempty"` // why there are none
}

// Clock is what became of all runs of a clock.
type Clock struct {
	Clock     models.Clock `json:"clock"`
	Runs      int          `json:"runs"`
	Cases     int          `json:"cases"`     // that had one at least
	Met       int          `json:"met"`       // ended at or before the first bound
	Breached  int          `json:"breached"`  // ended after one
	Cancelled int          `json:"cancelled"` // the case ended, or began anew
	Running   int          `json:"running"`   // open at the end

	ClosedUnkept int `json:"closed_unkept"` // of those cancelled: closed elsewhere without keeping it; past every bound before as_of

	Target Bound `json:"target"` // the shorter one
	Limit  Bound `json:"limit"`
}

// Bound is what became of one bound of a clock.
type Bound struct {
	Set          int `json:"set"`            // runs that had it
	Passed       int `json:"passed"`         // by an ended, cancelled or running clock
	CasesPassed  int `json:"cases_passed"`   // cases with such a run
	FirstPassed  int `json:"first_passed"`   // cases of which the first run is one, whatever came with a rework
	InTime       int `json:"in_time"`        // the milestone came at or before it
	AtTheInstant int `json:"at_the_instant"` // of those, at the very instant
}

// Rung is how often a rung was reached.
type Rung struct {
	Clock          models.Clock `json:"clock"`
	Bound          models.Bound `json:"bound"`
	Rung           int          `json:"rung"` // from 0; -1: at once, -2: limit after target, -3: problem case
	Repeat         int          `json:"repeat"`
	Alerts         int          `json:"alerts"`
	Superseded     int          `json:"superseded"`     // of those: a higher one fell due as well
	Unacknowledged int          `json:"unacknowledged"` // of those: because nobody acknowledged the one before
}

// Ladders are the alerts that went out.
type Ladders struct {
	Rungs  []Rung       `json:"rungs"`
	Load   []Load       `json:"load"`
	People []PersonLoad `json:"people,omitempty"` // to whom alone alerts went
}

// Work is what somebody would have had to do.
type Work struct {
	Alerts        int        `json:"alerts"`
	ToAcknowledge int        `json:"to_acknowledge"`
	ByHour        [7][24]int `json:"by_hour"` // alerts from Monday on, by hour
}

// Load is what a role would have had to do.
type Load struct {
	Role models.Role `json:"role"`
	Work
	ToEverybody int `json:"to_everybody"` // of the alerts: nobody was on duty, so that all who have the role were told
}

// PersonLoad is what somebody would have had to do: as whoever is responsible for a case, or is on duty.
type PersonLoad struct {
	Person string `json:"person"`
	Work
}

// OwnDue judges cases by the due dates of their own log.
type OwnDue struct {
	Cases    int      `json:"cases"`
	OnTime   int      `json:"on_time"`
	Overdue  int      `json:"overdue"`
	ByLength []Length `json:"by_length"` // due so many hours after receipt by the clock on the wall, give or take six minutes
	Uneven   int      `json:"uneven"`    // cases of other lengths
}

// Length are the cases with a due date so many hours after receipt.
type Length struct {
	Hours   int `json:"hours"`
	Cases   int `json:"cases"`
	Overdue int `json:"overdue"`
}

// KPI is a figure over all cases.
type KPI struct {
	Key      string    `json:"key"`                // with the version of its definition
	Headline bool      `json:"headline,omitempty"` // of those that the product is judged by
	Title    string    `json:"title"`
	Unit     string    `json:"unit"`
	Value    kpi.Value `json:"value"`
}

// WriteJSON writes all of the report, with every case whose verdict changed.
func (r Report) WriteJSON(out io.Writer) error {
	w := bufio.NewWriter(out)
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if r.changes == nil {
		_, _ = w.Write(append(text, '\n')) // Flush tells
		return w.Flush()
	}
	_, _ = w.Write(text[:len(text)-len("\n}")])
	_, _ = w.WriteString(",\n  \"changes\": [")
	first := true
	err = r.changes.each(func(line []byte) error {
		between := ",\n    "
		if first {
			between, first = "\n    ", false
		}
		_, _ = w.WriteString(between)
		_, err := w.Write(line)
		return err
	})
	_, _ = w.WriteString("\n  ]\n}\n")
	if err != nil {
		return err
	}
	return w.Flush()
}

// shownChanges is how many changed verdicts people are shown.
const shownChanges = 20

// Write tells people what it came to.
func (r Report) Write(out io.Writer) error {
	fmt.Fprintf(out, "%d cases, as of %s\n", r.Cases, r.AsOf.Format(time.RFC3339))
	for _, o := range r.Policies {
		if err := o.write(out); err != nil {
			return err
		}
	}
	if r.Changed == nil {
		return nil
	}
	fmt.Fprintf(out, "\nunder %s instead of %s %d verdicts change, in %d cases: %d better, %d worse\n",
		r.Policies[1].Policy, r.Policies[0].Policy, r.Changed.Verdicts, r.Changed.Cases, r.Changed.Better, r.Changed.Worse)
	shown, err := r.first(shownChanges)
	if err != nil {
		return err
	}
	for _, c := range shown {
		fmt.Fprintf(out, "  %s  cycle %d  %s: %s -> %s\n", c.Case, c.Cycle, c.Clock, c.Was, c.Is)
	}
	if r.Changed.Verdicts > shownChanges {
		fmt.Fprintln(out, "  … all of them stand in the JSON")
	}
	return nil
}

// first are the first of the verdicts that changed, at most so many.
func (r Report) first(most int) (all []Change, err error) {
	err = r.changes.each(func(line []byte) error {
		if len(all) == most {
			return io.EOF
		}
		var c Change
		err := json.Unmarshal(line, &c)
		all = append(all, c)
		return err
	})
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return all, err
}

func (o Outcome) write(out io.Writer) error {
	fmt.Fprintf(out, "\n%s: %d open at the end\n", o.Policy, o.OpenAtTheEnd)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "clock\truns\tmet\tbreached\tcancelled\trunning\tpast target\tpast limit\tat the very instant")
	for _, c := range o.Clocks {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", c.Clock, c.Runs, c.Met, c.Breached, c.Cancelled, c.Running,
			c.Target.Passed, c.Limit.Passed, c.Target.AtTheInstant+c.Limit.AtTheInstant)
	}
	o.Ladders.write(w, "alerts")
	if o.BeforeImport != nil {
		o.BeforeImport.write(w, "before the import")
	}
	o.writeRest(w)
	return w.Flush()
}

// write tells people what went out.
func (l Ladders) write(w io.Writer, title string) {
	fmt.Fprintln(w, "\n"+title+"\tbound\trung\trepeat\talerts\tsuperseded\tunacknowledged")
	for _, r := range l.Rungs {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\n", r.Clock, r.Bound, r.Rung, r.Repeat, r.Alerts, r.Superseded, r.Unacknowledged)
	}
	fmt.Fprintln(w, "\nrole\talerts\tto acknowledge\tto everybody\tbusiest hour")
	for _, r := range l.Load {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\n", r.Role, r.Alerts, r.ToAcknowledge, r.ToEverybody, r.busiest())
	}
	if len(l.People) > 0 {
		fmt.Fprintln(w, "\nperson\talerts\tto acknowledge\tbusiest hour")
	}
	for _, p := range l.People {
		fmt.Fprintf(w, "%s\t%d\t%d\t%s\n", p.Person, p.Alerts, p.ToAcknowledge, p.busiest())
	}
}

// writeRest tells what is not of clocks and ladders.
func (o Outcome) writeRest(w io.Writer) {
	if d := o.OwnDue; d != nil {
		fmt.Fprintf(w, "\ndue by the log's own account\t%d\ton time\t%d\toverdue\t%d\n", d.Cases, d.OnTime, d.Overdue)
	}
	if len(o.KPIs) > 0 {
		fmt.Fprintln(w, "\nKPI\tn\tvalue")
	}
	for _, k := range o.KPIs {
		if !k.Headline {
			continue
		}
		value := "—"
		if k.Value.Value != nil {
			value = fmt.Sprintf("%.4f %s", *k.Value.Value, k.Unit)
		}
		fmt.Fprintf(w, "%s\t%d\t%s\n", k.Key, k.Value.N, value)
	}
	if o.KPIsLeftOut != "" {
		fmt.Fprintf(w, "\nno KPIs: %s\n", o.KPIsLeftOut)
	}
}

// busiest names the hour of the week with the most alerts.
func (l Work) busiest() string {
	day, hour := 0, 0
	for d, hours := range l.ByHour {
		for h, n := range hours {
			if n > l.ByHour[day][hour] {
				day, hour = d, h
			}
		}
	}
	return fmt.Sprintf("%s %02d:00 (%d)", time.Weekday((day+1)%7), hour, l.ByHour[day][hour])
}
