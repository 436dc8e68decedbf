package history

import (
	"fmt"
	"slices"

	"recourse/models"
)

// Lack is something that the log does not tell, and the figures that miss it.
type Lack struct {
	What    string   `json:"what"`
	Cases   int      `json:"cases"` // that lack it
	Figures []string `json:"figures"`
}

// need is what figures need of a case.
type need struct {
	what    string
	figures []string
	has     func(History) bool
}

func anyMove(is func(models.AdoptedMove) bool) func(History) bool {
	return func(h History) bool { return slices.ContainsFunc(h.Adopted.Moves, is) }
}

func did(kinds ...models.Kind) func(History) bool {
	return anyMove(func(m models.AdoptedMove) bool { return slices.Contains(kinds, m.Kind) })
}

func told(field func(models.Opened) string, inferred string) func(History) bool {
	return func(h History) bool {
		return !slices.Contains(h.Adopted.Inferred, inferred) && field(h.Adopted.Opened) != ""
	}
}

// needs lists what figures need, in the order of the way of a case.
var needs = []need{
	{"received (else the first event counts)", []string{"every duration"}, told(func(models.Opened) string { return "yes" }, "received_at")},
	{"severity (else general)", []string{"shorter targets", "figures by severity"}, told(func(o models.Opened) string { return string(o.Severity) }, "severity")},
	{"channel (else api)", []string{"figures by channel"}, told(func(o models.Opened) string { return string(o.Channel) }, "channel")},
	{"category", []string{"figures by category", "Pareto"}, told(func(o models.Opened) string { return o.Category }, "")},
	{"product", []string{"figures by product", "complaint_rate"}, told(func(o models.Opened) string { return o.Product }, "")},
	{"customer", []string{"repeat_complaint_rate", "recurrence_rate"}, func(h History) bool { return h.Customer != "" }},
	{"department", []string{"department_time", "transfer_rate", "figures by department"}, anyMove(func(m models.AdoptedMove) bool { return m.Department != "" })},
	{"dispatched", []string{"department_time"}, did(models.KindDispatched)},
	{"accepted", []string{"acceptance_rate", "completion_rate"}, did(models.KindAccepted)},
	{"first_response", []string{"first_response_rate", "response_rate", "time_to_first_response"}, did(models.KindReplied, models.KindInterimTold, models.KindSolutionTold)},
	{"feedback", []string{"feedback_rate", "time_to_solution"}, did(models.KindSolutionTold, models.KindInterimTold)},
	{"resolved", []string{"resolution_rate", "resolution_time", "total_time", "timely_rate", "success_rate"}, did(models.KindResolved)},
	{"due (else the policy's)", []string{"timely_rate against the log's own due date"}, func(h History) bool { return !h.Adopted.HandlingDue.IsZero() }},
	{"result_told", []string{"deviation_rate"}, did(models.KindResultTold)},
	{"scores of the customer", []string{"csat", "process_csat", "success_rate", "nps"}, anyMove(func(m models.AdoptedMove) bool { return m.Scores != nil })},
	{"outcome, cause and attribution", []string{"figures by outcome, cause or attribution"}, anyMove(func(m models.AdoptedMove) bool { return m.Outcome != "" || m.Cause != "" || m.Attribution != "" })},
	{"closed", []string{"closing_time", "peak open", "backlog"}, History.Closed},
}

// count notes which needs a history meets.
func (r *Report) count(h History) {
	for _, n := range needs {
		if n.has(h) {
			r.fields[n.what]++
		}
	}
}

// lacks says what is missing for which figure.
func (r *Report) lacks() {
	for _, n := range needs {
		r.Told = append(r.Told, Count{n.what, r.fields[n.what]})
		if lack := r.Cases - r.fields[n.what]; lack > 0 {
			r.Lacks = append(r.Lacks, Lack{What: n.what, Cases: lack, Figures: n.figures})
		}
	}
}

// String is the lack as a line of text.
func (l Lack) String() string {
	return fmt.Sprintf("%s: not told of %d cases, for %v", l.What, l.Cases, l.Figures)
}
