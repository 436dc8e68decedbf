package console

import (
	"slices"
	"strconv"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// decisionsPage is what waits for the visitor to decide, with everything needed to.
type decisionsPage struct {
	Cards []decisionCard
	All   int  // cases
	More  bool // the first due of them are shown
	Lost  *lostDecision
}

// decisionCard is one request.
type decisionCard struct {
	*sheet
	cases.RequestView

	AskerName string
	AskedAt   time.Time
	Due       *countdown
	Facts     []fact
	Words     []spokenText
	Solution  bool // it is a proposed solution, which is approved or rejected
	Files     []cases.AttachmentView
	History   []cases.Moment // the latest of it
	Key       string
	Reason    string // as typed
	Faults    map[string]string
}

// lostDecision is a reason that was typed for a request which waits no more.
type lostDecision struct{ Number, Says, Reason string }

// shortHistory is how many events say how it came to a request.
const shortHistory = 8

func (c *console) decisions(v *visit) error {
	page, err := c.undecided(v)
	if err != nil {
		return err
	}
	if v.r.Header.Get("HX-Request") == "true" {
		return v.part("decisions", "undecided", page)
	}
	return v.show("decisions", page)
}

func (c *console) undecided(v *visit) (page decisionsPage, err error) {
	ctx := v.r.Context()
	found, all, err := c.Cases.Decisions(ctx, v.Actor)
	if err != nil || all == 0 {
		return page, err
	}
	page.All, page.More = all, all > len(found)
	company := sheet{v: v}
	if company.People, err = c.Cases.People(ctx, v.Actor); err != nil {
		return page, err
	}
	if company.Departments, err = c.Cases.Departments(ctx); err != nil {
		return page, err
	}
	for _, d := range found {
		s := company
		s.View, s.Moments = d.View, d.Moments
		files, err := c.Cases.Attachments(ctx, v.Actor, d.View.Case.Number)
		if err != nil && models.CodeOf(err) != models.CodeForbidden {
			return page, err
		}
		for _, r := range d.View.Requests {
			page.Cards = append(page.Cards, s.decisionCard(r, d.Clocks[r.Seq], files))
		}
	}
	return page, nil
}

func (s *sheet) decisionCard(r cases.RequestView, clock models.ClockSpan, files []cases.AttachmentView) decisionCard {
	card := decisionCard{
		sheet: s, RequestView: r, AskerName: s.personName(r.Asker), Files: files, Key: s.v.c.NewID(), Solution: r.What == models.RequestApproveSolution,
	}
	if bound, due := clock.FirstBound(); !due.IsZero() {
		card.Due = s.countdownTo(models.ClockApproval, bound, clock.StartedAt, due)
	}
	for _, m := range s.Moments {
		if m.Event.Seq == r.Seq {
			card.AskedAt, card.Facts, card.Words = m.Event.DecidedAt, s.facts(m), s.spoken(m)
		}
	}
	told := slices.DeleteFunc(slices.Clone(s.Moments), func(m cases.Moment) bool { return m.Event.Actor.Kind == models.ActorSystem })
	card.History = told[max(0, len(told)-shortHistory):]
	return card
}

// Number is that of the case.
func (d decisionCard) Number() string { return d.View.Case.Number }

// decide grants or refuses a request, approves or rejects a solution. A refused form keeps its reason.
func (c *console) decide(v *visit) error {
	number, verb := v.r.PathValue("number"), models.Verb(v.r.PathValue("verb"))
	f, is := formOf(verb)
	if !is || verb != models.VerbApprove && verb != models.VerbReject && verb != models.VerbDecide {
		return models.Refuse(models.CodeNotFound, "there is no such page")
	}
	if err := v.form(mostWords); err != nil {
		return err
	}
	_, err := c.attempt(v, f, number)
	if err != nil {
		return c.refuseDecision(v, number, err)
	}
	v.tell("done.decided", "number", number)
	return v.goTo("/decisions")
}

func (c *console) refuseDecision(v *visit, number string, why error) error {
	faults := v.faults(why)
	if faults == nil {
		return why
	}
	page, err := c.undecided(v)
	if err != nil {
		return err
	}
	asked, _ := strconv.ParseInt(v.field("request"), 10, 64)
	i := slices.IndexFunc(page.Cards, func(card decisionCard) bool { return card.Number() == number && card.Seq == asked })
	if i < 0 {
		page.Lost = &lostDecision{number, v.why(why), v.field("reason")}
		return v.showAs(statusOf(why), "decisions", page)
	}
	card := &page.Cards[i]
	card.Key, card.Reason, card.Faults = v.keyAfter(why), v.field("reason"), faults
	return v.showAs(statusOf(why), "decisions", page)
}
