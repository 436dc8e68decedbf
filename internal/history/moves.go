package history

import (
	"slices"
	"strconv"
	"time"

	"recourse/models"
)

// holds is in whose hands a case is while its events are read.
type holds struct {
	department, person string
	severity           models.Severity
}

// events turns the rows of an event log into moves: what the activity says, what a change of state means,
// and what follows from a change of department, person or severity. Of a row per case only the hands are
// read: it was dispatched there.
func (d *draft) events() {
	if d.m.Rows == RowsCases {
		d.hands()
		return
	}
	now := holds{severity: models.Severity(d.m.constant("severity"))}
	before := ""
	for _, r := range d.rows {
		at := r.at
		if at.Before(d.received) {
			d.contradiction(r, d.m.at, "it happened before the case was received")
			at = d.received
		}
		acts := slices.Clone(d.m.activity.acts(r.activity))
		if r.state != "" {
			acts = append(acts, d.turned(before, r.state)...)
			before = r.state
		}
		d.row(r, at, acts, &now)
	}
}

// row adds the moves of one row.
func (d *draft) row(r record, at time.Time, acts []act, now *holds) {
	was := *now
	now.department = or(r.fields[fieldSlot("department")], now.department)
	if now.department != was.department {
		now.person = "" // whoever of the department, until the log says who
	}
	now.person = or(r.fields[fieldSlot("person")], now.person)
	now.severity = models.Severity(or(r.fields[fieldSlot("severity")], string(now.severity)))
	told := false // the row's own activity says that it changed hands
	for _, a := range acts {
		told = told || slices.Contains(handing, a.kind)
	}
	if !told && *now != (holds{was.department, was.person, now.severity}) {
		d.moves = append(d.moves, handed(was, *now, at, r.line))
	}
	if now.severity != was.severity && was.severity != "" {
		d.moves = append(d.moves, models.AdoptedMove{At: at, Kind: models.KindReclassified, Severity: now.severity, Person: r.by, Inferred: true, Line: r.line})
	}
	for _, a := range acts {
		if a.kind == "" {
			continue
		}
		m := models.AdoptedMove{At: at, Kind: a.kind, Pause: a.pause, Person: r.by, Line: r.line, Inferred: a.open}
		if slices.Contains(handing, a.kind) {
			m.Department, m.Person = now.department, now.person
		}
		if a.kind == models.KindReclassified {
			m.Severity = now.severity
		}
		d.moves = append(d.moves, m)
	}
}

// handing are the moves that say into whose hands a case comes.
var handing = []models.Kind{models.KindDispatched, models.KindAccepted, models.KindTransferred, models.KindAssigned, models.KindReturned}

// handed is the move that follows from a change of hands.
func handed(was, now holds, at time.Time, line int) models.AdoptedMove {
	m := models.AdoptedMove{At: at, Department: now.department, Person: now.person, Inferred: true, Line: line}
	switch {
	case was.department == "" && was.person == "":
		m.Kind = models.KindDispatched
	case was.department != now.department:
		m.Kind = models.KindTransferred
	default:
		m.Kind = models.KindAssigned
	}
	return m
}

// turned is what it means that a state follows another: a pause ends, an ended case is taken up again, and
// what the new state says itself.
func (d *draft) turned(before, state string) []act {
	if state == before {
		return nil
	}
	was, is := d.m.state.acts(before), d.m.state.acts(state)
	if slices.Equal(was, is) {
		return nil
	}
	open := func(acts []act) bool {
		return slices.ContainsFunc(acts, func(a act) bool { return a.open || a.kind == models.KindPaused })
	}
	over := slices.ContainsFunc(was, func(a act) bool { return slices.Contains(solved, a.kind) })
	var acts []act
	if slices.ContainsFunc(was, func(a act) bool { return a.kind == models.KindPaused }) {
		acts = append(acts, act{kind: models.KindResumed, open: true})
	}
	if over && open(is) {
		acts = append(acts, act{kind: models.KindReworked, open: true})
	}
	return append(acts, is...)
}

// solved are the moves after which a case that is open again was taken up again.
var solved = []models.Kind{
	models.KindResolved, models.KindResultTold, models.KindClosed, models.KindWithdrawn, models.KindNotAccepted,
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// hands says where the case of a row per case was dispatched.
func (d *draft) hands() {
	department, person := d.last("department"), d.last("person")
	if department == "" && person == "" {
		return
	}
	m := models.AdoptedMove{
		At: d.received, Kind: models.KindDispatched, Department: department, Person: person, Inferred: true, Line: d.rows[0].line,
	}
	for i, s := range d.m.milestones {
		if at := d.rows[0].stones[i]; s.kind == models.KindDispatched && !at.IsZero() {
			return // it says when; milestones adds the hands
		}
	}
	d.moves = append(d.moves, m)
}

// milestones adds the moves whose instants stand in columns. Such an instant goes over what rows of events
// say of the same move.
func (d *draft) milestones() {
	type told struct {
		move   models.AdoptedMove
		column *column
		row    record
	}
	var all []told
	for i, s := range d.m.milestones {
		for _, r := range slices.Backward(d.rows) {
			if at := r.stones[i]; !at.IsZero() {
				all = append(all, told{models.AdoptedMove{At: at, Kind: s.kind, Line: r.line}, s.column, r})
				break
			}
		}
	}
	slices.SortStableFunc(all, func(a, b told) int { return rankOf(a.move.Kind) - rankOf(b.move.Kind) })
	for _, t := range all {
		if t.move.At.Before(d.received) {
			d.contradiction(t.row, t.column, string(t.move.Kind)+" before it was received")
			t.move.At = d.received
		}
		d.moves = slices.DeleteFunc(d.moves, func(m models.AdoptedMove) bool { return m.Kind == t.move.Kind })
		if t.move.Kind == models.KindDispatched || t.move.Kind == models.KindAccepted {
			t.move.Department, t.move.Person = d.holder(t.move.At)
		}
		d.insert(t.move)
	}
}

// holder is who had the case at an instant, or gets it first.
func (d *draft) holder(at time.Time) (department, person string) {
	department, person = d.first("department"), d.first("person")
	if d.m.Rows == RowsCases {
		return department, person
	}
	for _, r := range d.rows {
		if r.at.After(at) {
			break
		}
		department = or(r.fields[fieldSlot("department")], department)
		person = or(r.fields[fieldSlot("person")], person)
	}
	return department, person
}

// insert puts a move among the others: by its instant, then by the usual order of moves.
func (d *draft) insert(m models.AdoptedMove) {
	i := 0
	for i < len(d.moves) && (d.moves[i].At.Before(m.At) || d.moves[i].At.Equal(m.At) && rankOf(d.moves[i].Kind) <= rankOf(m.Kind)) {
		i++
	}
	d.moves = slices.Insert(d.moves, i, m)
}

// details gives moves what the log says of the case as a whole: outcome, cause, scores.
func (d *draft) details() {
	last := func(kinds ...models.Kind) *models.AdoptedMove {
		for i := len(d.moves) - 1; i >= 0; i-- {
			if slices.Contains(kinds, d.moves[i].Kind) {
				return &d.moves[i]
			}
		}
		return nil
	}
	if m := last(models.KindResolved); m != nil {
		m.Outcome, m.Cause = models.Outcome(d.last("outcome")), models.Cause(d.last("cause"))
		m.Attribution = models.Attribution(d.last("attribution"))
	}
	scores := d.scores()
	if scores == nil {
		return
	}
	if slices.Contains(d.later, models.KindSurveyAnswered) {
		return // nobody had them yet
	}
	m := last(models.KindSurveyAnswered)
	if m == nil { // the log does not say when; not before the result was known
		end := last(models.KindResolved, models.KindResultTold, models.KindClosed)
		if end == nil {
			return
		}
		d.insert(models.AdoptedMove{At: end.At, Kind: models.KindSurveyAnswered, Inferred: true, Line: end.Line})
		m = last(models.KindSurveyAnswered)
	}
	m.Scores = scores
}

// scores are what the customer said; nil: nothing.
func (d *draft) scores() *models.Scores {
	score := func(name string) int {
		n, _ := strconv.Atoi(d.last(name)) // one of fieldValues, or empty
		return n
	}
	s := models.Scores{Process: score("process"), Result: score("result"), Speed: score("speed"), Attitude: score("attitude")}
	if d.last("recommend") != "" {
		n := score("recommend")
		s.Recommend = &n
	}
	if s == (models.Scores{}) {
		return nil
	}
	return &s
}
