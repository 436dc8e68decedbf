package browser_test

import (
	"testing"

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

	supervisor.at("/account")
	var here bool
	handler.at(path)
	handler.must(handler.Ask(`document.querySelector("[data-here]").hidden`, &here))
	require.True(t, here, "nobody else is there any more")
	t.Logf("1 act appeared in another open window after %s", took)
}
