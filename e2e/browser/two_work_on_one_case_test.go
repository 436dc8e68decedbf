package browser_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/browser"
	"recourse/models"
)

func TestWhoWorksOnACaseSeesWhatOthersDoAndLosesNoWord(t *testing.T) {
	p := open(t)
	made := p.complaint(t, models.SeverityGeneral, "The iron does not heat.")
	p.handled(t, made.Number)
	path, form := "/cases/"+made.Number, `form[action$="/note"]`
	handler := p.sit(t, models.RoleHandler, models.LanguageEN, browser.Desk)
	handler.at(path)
	handler.open(form)
	handler.fill(form, fields{{"text", "I am in the middle of a sentence"}})

	supervisor := p.sit(t, models.RoleSupervisor, models.LanguageZH, browser.Desk)
	supervisor.at(path)
	handler.sees("[data-here]", p.people[models.RoleSupervisor].name)
	supervisor.sees("[data-here]", p.people[models.RoleHandler].name)

	p.do(t, models.RoleSupervisor, made.Number, models.VerbReply, map[string]any{"channel": "phone", "text": "We look into it today."})
	took := handler.sees("#case-changes", p.people[models.RoleSupervisor].name)
	handler.sees("#case-timeline", "We look into it today.")
	var typed string
	handler.must(handler.Ask(`document.querySelector('form[action$="/note"] [name=text]').value`, &typed))
	require.Equal(t, "I am in the middle of a sentence", typed)
	supervisor.sees("#case-timeline", "We look into it today.")

	handler.must(handler.Send(form + " button.btn"))
	handler.sees("#case-changes", p.people[models.RoleSupervisor].name)
	handler.must(handler.Ask(`document.querySelector('form[action$="/note"] [name=text]').value`, &typed))
	require.Equal(t, "I am in the middle of a sentence", typed, "a lost race keeps what was typed")
	require.Len(t, handler.Faults(), 1, "the browser notes that the answer is a refusal")
	handler.must(handler.Send(form + " button.btn"))
	handler.sees("#case-timeline", "I am in the middle of a sentence")

	handler.sees("[data-here]", p.people[models.RoleSupervisor].name)
	supervisor.at("/account")
	await(t, soon, "nobody else is there any more", func() (alone bool) {
		handler.must(handler.Ask(`document.querySelector("[data-here]").hidden`, &alone))
		return alone
	})
	t.Logf("1 act appeared in another open window after %s", took)
}

func TestRequestsArriveWhileADecisionIsBeingWritten(t *testing.T) {
	p := open(t)
	ask := func() string {
		made := p.complaint(t, models.SeverityGeneral, "The toaster burns.")
		p.handled(t, made.Number)
		p.do(t, models.RoleHandler, made.Number, models.VerbExtend, map[string]any{"until": time.Now().Add(20 * 24 * time.Hour), "reason": "the part comes late"})
		return made.Number
	}
	written := ask()
	supervisor := p.sit(t, models.RoleSupervisor, models.LanguageEN, browser.Desk)
	supervisor.at("/decisions")
	supervisor.sees("#undecided", written)
	form := fmt.Sprintf("form[action=%q]", "/decisions/"+written+"/decide")
	supervisor.fill(form, fields{{"reason", "I am in the middle of a reason"}})
	var counted, request int
	count := `Number(document.querySelector('nav a[href="/decisions"] .waits')?.innerText ?? 0)`
	supervisor.must(supervisor.Ask(count, &counted))
	supervisor.must(supervisor.Ask(fmt.Sprintf(`Number(document.querySelector(%q).value)`, form+" [name=request]"), &request))

	took := supervisor.sees("#undecided", ask())
	typed := func() (says string) {
		supervisor.must(supervisor.Ask(fmt.Sprintf(`document.querySelector(%q)?.value ?? ""`, form+" [name=reason]"), &says))
		return says
	}
	require.Equal(t, "I am in the middle of a reason", typed())
	await(t, soon, "the menu counts one more", func() bool {
		var now int
		supervisor.must(supervisor.Ask(count, &now))
		return now == counted+1
	})

	p.do(t, models.RoleHandler, written, models.VerbRetract, map[string]any{"request": request})
	supervisor.sees("[data-held] [data-moved-on]", "This case has changed")
	require.Equal(t, "I am in the middle of a reason", typed(), "what was written stays where its request waits no more")
	await(t, soon, "the menu counts one less", func() bool {
		var now int
		supervisor.must(supervisor.Ask(count, &now))
		return now == counted
	})
	t.Logf("1 request appeared in an open window after %s", took)
}
