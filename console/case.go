package console

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"recourse/internal/cases"
	"recourse/internal/words"
	"recourse/models"
)

// casePage is a case as its reader may see it.
type casePage struct {
	*sheet

	Case      models.Case
	Texts     bool // the reader may read what was said
	Badges    []badge
	Due       *countdown // the next instant at which a clock runs past a bound
	Road      []step
	Main      []actForm
	Others    []actForm
	Requests  []requestCard
	Tasks     []taskCard
	Alerts    []alertCard
	Clocks    []clockRow
	Ledgers   []ledgerRow
	Files     []cases.AttachmentView
	Calls     []callRow
	Script    []string // of the callback, in the customer's language
	ScriptIn  models.Language
	Timeline  timeline
	Letters   []cases.LetterKind
	Shown     *models.Contact // contact data in full, after it was asked for with a reason
	CanUnmask bool
	UnmaskKey string
	Fault     map[string]string // of the unmasking
	Workflow  string            // address in the Temporal UI; empty: not for this reader
	Changes   *changes          // what happened since the page was drawn
	Refused   bool
	Lost      *lostAct // what was typed into a form that is not offered any more
}

// refusedAct is a form that was refused: what was typed and what is wrong with it.
type refusedAct struct {
	verb   models.Verb
	typed  url.Values
	faults map[string]string
	unsure bool  // it may have been done all the same
	since  int64 // the sequence that the page was drawn at, where the case has moved on
}

// drawing is how the form of a verb is to be drawn, beside what it is about.
func (r *refusedAct) drawing(verb models.Verb, beside string) drawing {
	if r == nil || r.verb != verb {
		return drawing{beside: beside}
	}
	for _, name := range []string{"request", "task", "alert"} {
		if about := r.typed.Get(name); about != "" && about != beside {
			return drawing{beside: beside}
		}
	}
	return drawing{beside: beside, typed: r.typed, faults: r.faults, unsure: r.unsure}
}

func (c *console) casePage(v *visit) error {
	page, err := c.caseFor(v, nil)
	if err != nil {
		return err
	}
	if v.r.URL.Query().Get("part") == "live" {
		if since, err := strconv.ParseInt(v.r.URL.Query().Get("since"), 10, 64); err == nil {
			page.Changes = page.changesSince(since)
		}
		return v.part("case", "live", page)
	}
	if v.r.URL.Query().Get("part") == "acts" {
		return v.part("case", "acts", page)
	}
	return v.show("case", page)
}

// sheetFor reads all that the page of a case is drawn from.
func (c *console) sheetFor(v *visit) (*sheet, error) {
	ctx, number := v.r.Context(), v.r.PathValue("number")
	s := &sheet{v: v}
	look := c.Cases.Case
	if v.r.URL.Query().Get("part") != "" { // a live page asks again for what shows nobody's contact data
		look = c.Cases.Glance
	}
	var err error
	if s.View, err = look(ctx, v.Actor, number); err != nil {
		return nil, err
	}
	if s.Moments, err = c.Cases.Story(ctx, v.Actor, number); err != nil {
		return nil, err
	}
	if s.People, err = c.Cases.People(ctx, v.Actor); err != nil {
		return nil, err
	}
	if s.Departments, err = c.Cases.Departments(ctx); err != nil {
		return nil, err
	}
	if s.Categories, err = c.Cases.Categories(ctx); err != nil {
		return nil, err
	}
	if slices.Contains(s.View.Possible, models.VerbDispatch) {
		if routing, err := c.Cases.Route(ctx, v.Actor, number); err == nil { // without a proposal the form is empty
			s.Route = routing.Route
		}
	}
	return s, nil
}

func (c *console) caseFor(v *visit, refused *refusedAct) (*casePage, error) {
	s, err := c.sheetFor(v)
	if err != nil {
		return nil, err
	}
	ctx, row := v.r.Context(), s.View.Case
	p := &casePage{sheet: s, Case: row, Texts: s.View.Sight >= models.SightMasked, UnmaskKey: c.NewID()}
	clocks, err := c.Cases.Clocks(ctx, v.Actor, row.Number)
	if err != nil {
		return nil, err
	}
	if p.Texts {
		if p.Files, err = c.Cases.Attachments(ctx, v.Actor, row.Number); err != nil {
			return nil, err
		}
	}
	p.Main, p.Others = s.acts(refused)
	p.Badges, p.Road, p.Clocks, p.Due = s.badges(), s.road(), s.clockRows(clocks), s.pressing(clocks)
	p.Ledgers = s.ledgerRows(p.Clocks)
	p.Requests, p.Tasks = s.requestCards(refused), s.taskCards(refused)
	if p.Alerts, err = c.alertCards(s, refused); err != nil {
		return nil, err
	}
	p.Calls, p.Timeline = s.calls(), s.timeline(v.r.URL.Query())
	p.Letters = s.letters()
	p.CanUnmask = s.View.Sight == models.SightMasked && !row.Confidential && s.View.Contact != nil
	p.Workflow = c.workflowOf(v, row)
	if s.View.Call != nil && p.Texts {
		p.Script, p.ScriptIn = s.script(), row.Language
	}
	if refused != nil {
		p.Refused = true
		if refused.since > 0 {
			p.Changes = s.changesSince(refused.since)
		}
	}
	return p, nil
}

// workflowOf is where a case's workflow is seen, for those who look after the system.
func (c *console) workflowOf(v *visit, row models.Case) string {
	if c.TemporalURL == "" || !v.Actor.Is(models.RoleOps) && !v.Actor.Is(models.RoleAdmin) {
		return ""
	}
	return c.TemporalURL + "/namespaces/" + url.PathEscape(c.namespace()) + "/workflows/" + url.PathEscape("complaint/"+row.ID)
}

func (c *console) namespace() string {
	if c.TemporalNamespace == "" {
		return "default"
	}
	return c.TemporalNamespace
}

// badge is something about a case that everybody should know at a glance.
type badge struct{ Key, Tone, Icon string }

func (s *sheet) badges() []badge {
	c := s.View.Case
	var shown []badge
	for _, b := range []struct {
		is bool
		badge
	}{
		{c.Breached, badge{"case.badge.breached", "bad", "alert-triangle"}},
		{c.Problem, badge{"case.badge.problem", "bad", "alert-triangle"}},
		{c.PauseReason != "", badge{"case.badge.paused", "warn", "player-pause"}},
		{!s.View.ReportDue.IsZero(), badge{"case.badge.supervised", "warn", "eye"}},
		{c.Confidential, badge{"case.badge.confidential", "plain", "lock"}},
		{c.Anonymous, badge{"case.badge.anonymous", "plain", "user"}},
		{len(c.Circle) > 0, badge{"case.badge.circle", "plain", "shield"}},
		{c.MysteryShopper, badge{"case.badge.mystery", "plain", "user-check"}},
		{c.Sample, badge{"case.badge.sample", "plain", "info-circle"}},
		{s.View.Erased, badge{"case.badge.erased", "plain", "x"}},
	} {
		if b.is {
			shown = append(shown, b.badge)
		}
	}
	return shown
}

// step is a state on the way of a case.
type step struct {
	State   models.State
	At      time.Time // zero: not reached
	By      string
	Here    bool
	Skipped bool
}

// road is the way that the case has come in this cycle, and what lies ahead.
func (s *sheet) road() []step {
	var way []step
	order := models.States()
	place := func(st models.State) int { return slices.Index(order, st) }
	var before models.State
	for _, m := range s.Moments {
		if m.State == before {
			continue
		}
		before = m.State
		way = slices.DeleteFunc(way, func(st step) bool { return place(st.State) >= place(m.State) })
		way = append(way, step{State: m.State, At: m.Event.DecidedAt, By: s.actorName(m.Event.Actor)})
	}
	if len(way) == 0 {
		return nil
	}
	way[len(way)-1].Here = true
	if !before.Open() {
		return way
	}
	for _, ahead := range order[place(before)+1 : place(models.StateClosed)+1] {
		if ahead == models.StateAwaitingApproval && !s.View.Case.Severity.NeedsApproval() {
			continue
		}
		way = append(way, step{State: ahead})
	}
	return way
}

// actorName is who did something, for people.
func (s *sheet) actorName(a models.Actor) string {
	if a.ID == "" {
		return s.v.Name(a.Kind)
	}
	return s.personName(a.ID)
}

// requestCard is a request with the forms by which the visitor decides on it or takes it back.
type requestCard struct {
	cases.RequestView

	AskerName string
	AskedAt   time.Time
	Facts     []fact
	Words     []spokenText
	Forms     []actForm
}

func (s *sheet) requestCards(refused *refusedAct) []requestCard {
	var cards []requestCard
	for _, r := range s.View.Requests {
		card := requestCard{RequestView: r, AskerName: s.personName(r.Asker)}
		for _, m := range s.Moments {
			if m.Event.Seq == r.Seq {
				card.AskedAt, card.Facts, card.Words = m.Event.DecidedAt, s.facts(m), s.spoken(m)
			}
		}
		for _, verb := range []models.Verb{models.VerbApprove, models.VerbReject, models.VerbDecide, models.VerbRetract} {
			solution := verb == models.VerbApprove || verb == models.VerbReject
			if solution != (r.What == models.RequestApproveSolution) && verb != models.VerbRetract ||
				verb == models.VerbDecide && !s.decides(r) || verb == models.VerbRetract && r.Asker != s.v.Actor.ID {
				continue
			}
			card.Forms = s.beside(card.Forms, refused, verb, "request", r.Seq)
		}
		cards = append(cards, card)
	}
	return cards
}

// beside adds the form of a verb that is about one thing.
func (s *sheet) beside(forms []actForm, refused *refusedAct, verb models.Verb, name string, seq int64) []actForm {
	f, is := formOf(verb)
	if !is || !s.can(f) {
		return forms
	}
	about := strconv.FormatInt(seq, 10)
	as := refused.drawing(verb, about)
	as.fixed = map[string]string{name: about}
	return append(forms, s.draw(f, as))
}

// taskCard is an open joint task.
type taskCard struct {
	cases.TaskView

	Name  string // of the department
	Due   *countdown
	Words []spokenText
	Forms []actForm
}

func (s *sheet) taskCards(refused *refusedAct) []taskCard {
	var cards []taskCard
	for _, t := range s.View.Tasks {
		card := taskCard{TaskView: t, Name: s.departmentName(t.Department)}
		for _, m := range s.Moments {
			if m.Event.Seq == t.Seq {
				card.Words = s.spoken(m)
				if !t.Due.IsZero() {
					card.Due = s.countdownTo(models.ClockTask, models.BoundLimit, m.Event.DecidedAt, t.Due)
				}
			}
		}
		if s.v.Actor.In(t.Department) {
			card.Forms = s.beside(card.Forms, refused, models.VerbFinishTask, "task", t.Seq)
		}
		card.Forms = s.beside(card.Forms, refused, models.VerbCancelTask, "task", t.Seq)
		cards = append(cards, card)
	}
	return cards
}

// callRow is what came of asking the customer, by a call or by survey.
type callRow struct {
	At     time.Time
	Kind   models.Kind
	By     string
	Cycle  int
	Result models.CallbackOutcome
	Scores []fact
	Words  string
}

func (s *sheet) calls() []callRow {
	var rows []callRow
	for _, m := range s.Moments {
		row := callRow{At: m.Event.DecidedAt, Kind: m.Event.Kind, By: s.actorName(m.Event.Actor), Cycle: m.Event.Cycle, Words: m.Words["text"]}
		switch d := m.Event.Data.(type) {
		case models.CallbackRecorded:
			row.Result = d.Outcome
			if d.Scores != nil {
				row.Scores = s.scoreFacts(*d.Scores)
			}
		case models.SurveyAnswered:
			row.Scores = s.scoreFacts(d.Scores)
		default:
			continue
		}
		rows = append(rows, row)
	}
	return rows
}

// scriptLines are what a callback says, in its order.
const scriptLines = 6

// script is what whoever calls says to the customer, in the customer's language.
func (s *sheet) script() []string {
	speaker := words.In(s.View.Case.Language)
	lines := make([]string, 0, scriptLines)
	for i := 1; i <= scriptLines; i++ {
		lines = append(lines, speaker.Say("case.script."+strconv.Itoa(i), "company", s.v.c.Company, "number", s.View.Case.Number, "caller", s.v.Person.Name))
	}
	return lines
}

// letters are what can be printed to be sent.
func (s *sheet) letters() []cases.LetterKind {
	if s.View.Sight != models.SightFull || s.View.Erased {
		return nil
	}
	kinds := []cases.LetterKind{cases.LetterReceipt}
	for _, one := range []struct {
		kind  models.Kind
		print cases.LetterKind
	}{{models.KindReplied, cases.LetterReply}, {models.KindSolutionTold, cases.LetterSolution}, {models.KindResultTold, cases.LetterResult}} {
		if slices.ContainsFunc(s.Moments, func(m cases.Moment) bool { return m.Event.Kind == one.kind }) {
			kinds = append(kinds, one.print)
		}
	}
	return kinds
}

// mayStill says whether the visitor may still see a case.
func (c *console) mayStill(ctx context.Context, a models.Actor, number string) bool {
	_, err := c.Cases.Clocks(ctx, a, number)
	return err == nil
}
