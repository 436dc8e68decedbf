package browser_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/browser"
	"recourse/internal/words"
	"recourse/models"
)

var caseNumber = regexp.MustCompile(`RC\d{4}-\d+`)

func state(lang models.Language, s models.State) string { return words.In(lang).Name(s) }

// later is what a field for a date and a time holds in the windows' zone.
func later(days int) string {
	return time.Now().Add(time.Duration(days) * 24 * time.Hour).UTC().Format("2006-01-02T15:04")
}

func TestFourPeopleBringAComplaintFromIntakeToItsClose(t *testing.T) {
	p := open(t)
	began := time.Now()
	clerk := p.sit(t, models.RoleIntake, models.LanguageZH, browser.Desk)
	number := clerk.takes("电饭煲煮不熟饭，客户要求换一台新的。")

	supervisor := p.sit(t, models.RoleSupervisor, models.LanguageEN, browser.Desk)
	supervisor.act(number, models.VerbDispatch, fields{
		{"department", care}, {"person", p.people[models.RoleHandler].id}, {"nature", "customer"}, {"objective", "Find out what is wrong with the cooker."},
	})
	handler := p.sit(t, models.RoleHandler, models.LanguageZH, browser.Desk)
	handler.act(number, models.VerbAccept, nil)
	handler.corrects(number, "13900139007")
	handler.act(number, models.VerbReply, fields{{"channel", "phone"}, {"text", "已联系客户，今天上门检查。"}})
	handler.act(number, models.VerbPropose, fields{
		{"solution", "免费更换一台新电饭煲。"}, {"measures.0.text", "寄出新机"}, {"measures.0.owner", p.people[models.RoleHandler].id}, {"measures.0.due", later(2)},
	})
	handler.act(number, models.VerbTellSolution, fields{{"channel", "phone"}})
	handler.act(number, models.VerbResolve, fields{{"measures_done", "yes"}, {"result", "新机已送到，使用正常。"}, {"outcome", "upheld"}})
	handler.act(number, models.VerbTellResult, fields{{"channel", "phone"}, {"done", "yes"}, {"effect", "yes"}, {"follow_up", "yes"}, {"thanks", "yes"}})
	handler.sees(".case-head .state", state(models.LanguageZH, models.StateFollowingUp))

	caller := p.sit(t, models.RoleQuality, models.LanguageEN, browser.Desk)
	caller.act(number, models.VerbRecordCallback, fields{{"outcome", "reached_solved"}, {"scores.result", "5"}, {"text", "The customer is content."}})
	supervisor.at("/cases/" + number)
	supervisor.sees(".case-head .state", capital(state(models.LanguageEN, models.StateClosed)))
	t.Logf("1 complaint from intake to its close by four people in two languages, in %s", time.Since(began).Round(time.Millisecond))
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// takes fills in the intake form and returns the number of the case.
func (h hands) takes(text string) string {
	h.t.Helper()
	h.at("/intake")
	h.fill("#intake", fields{{"channel", "phone"}, {"contact.phone", "13900139000"}, {"contact.name", "李雷"}, {"text", text}})
	h.must(h.Send("#intake [data-save]"))
	title, err := h.Read("h1")
	h.must(err)
	number := caseNumber.FindString(title)
	require.NotEmpty(h.t, number, title)
	return number
}

// corrects gives a case another phone number of its customer.
func (h hands) corrects(number, phone string) {
	h.t.Helper()
	h.at("/cases/" + number)
	form := fmt.Sprintf("form[action=%q]", "/cases/"+number+"/amend")
	h.open(form)
	h.must(h.Tap(form + " details:has([name='contact.phone']) > summary"))
	h.fill(form, fields{{"contact.phone", phone}, {"reason", "记错了一位。"}})
	h.must(h.Send(form + " button.btn:not([type=button])"))
	h.sees("article.case", phone)
}

func TestAnUrgentAlertIsAcknowledgedOnAPhone(t *testing.T) {
	p := open(t)
	manager := p.sit(t, models.RoleEscalationManager, models.LanguageZH, browser.Phone)
	manager.at("/alerts")
	made := p.complaint(t, models.SeverityUrgent, "取暖器冒烟，差点着火。")
	button := fmt.Sprintf("#waiting [data-case=%q] form button", made.Number)
	began := time.Now()
	await(t, soon, "the alert is shown in the open window", func() bool {
		var shown bool
		manager.must(manager.Ask(fmt.Sprintf(`!!document.querySelector(%q)`, button), &shown))
		return shown
	})
	took := time.Since(began)
	manager.must(manager.Send(button))
	var waits bool
	manager.must(manager.Ask(fmt.Sprintf(`!!document.querySelector(%q)`, button), &waits))
	require.False(t, waits, "it waits no longer")
	wide, err := manager.Overflow()
	require.NoError(t, err)
	require.Zero(t, wide)
	t.Logf("1 urgent alert shown after %s in an open window and acknowledged on 390 px", took.Round(time.Millisecond))
}

func TestALowScoreReopensTheCaseBeforeTheSupervisorsEyes(t *testing.T) {
	p := open(t)
	made := p.told(t, "The kettle leaks.")
	p.do(t, models.RoleQuality, made.Number, models.VerbRecordCallback, map[string]any{"outcome": "reached_solved", "text": "content"})
	supervisor := p.sit(t, models.RoleSupervisor, models.LanguageEN, browser.Desk)
	supervisor.at("/cases/" + made.Number)
	supervisor.sees(".case-head .state", capital(state(models.LanguageEN, models.StateClosed)))

	customer := p.sit(t, "", models.LanguageZH, browser.Phone)
	customer.at(p.surveyLink(made.ID, 1))
	customer.fill("main form", fields{{"process", "2"}, {"result", "1"}, {"recommend", "0"}, {"text", "还是漏水。"}})
	customer.must(customer.Send("main form .btn-primary"))
	took := supervisor.sees(".case-head .state", capital(state(models.LanguageEN, models.StateInvestigating)))
	t.Logf("1 low score reopened a closed case, seen in the supervisor's open window after %s", took.Round(time.Millisecond))
}

// told puts a complaint on record and takes it to where its result is told, by the programs' door.
func (p *program) told(t *testing.T, text string) standing {
	t.Helper()
	made := p.complaint(t, models.SeverityGeneral, text)
	p.handled(t, made.Number)
	for _, step := range []struct {
		verb models.Verb
		body map[string]any
	}{
		{models.VerbPropose, map[string]any{"solution": "a new one", "measures": []any{map[string]any{
			"text": "send it", "owner": p.people[models.RoleHandler].id, "due": time.Now().Add(48 * time.Hour).UTC().Truncate(time.Second),
		}}}},
		{models.VerbTellSolution, map[string]any{"channel": "phone", "text": "a new one"}},
		{models.VerbResolve, map[string]any{"measures_done": true, "outcome": "upheld", "result": "sent"}},
		{models.VerbTellResult, map[string]any{"channel": "phone", "text": "sent", "done": true, "effect": true, "follow_up": true, "thanks": true}},
	} {
		p.do(t, models.RoleHandler, made.Number, step.verb, step.body)
	}
	return made
}

func TestAnImportantSolutionIsApproved(t *testing.T) {
	p := open(t)
	made := p.complaint(t, models.SeverityImportant, "A customer writes to the newspapers about our repairs.")
	p.handled(t, made.Number)
	handler := p.sit(t, models.RoleHandler, models.LanguageZH, browser.Desk)
	handler.act(made.Number, models.VerbPropose, fields{
		{"solution", "公开道歉，并免费维修。"},
		{"measures.0.text", "致电客户"},
		{"measures.0.owner", p.people[models.RoleHandler].id},
		{"measures.0.due", later(1)},
		{"minutes", "会议同意该方案。"},
	})
	handler.sees(".case-head .state", state(models.LanguageZH, models.StateAwaitingApproval))
	executive := p.sit(t, models.RoleExecutive, models.LanguageEN, browser.Desk)
	executive.at("/decisions")
	form := fmt.Sprintf("form[action=%q]", "/decisions/"+made.Number+"/approve")
	executive.fill(form, fields{{"reason", "Agreed."}})
	executive.must(executive.Send(form + " .btn-primary"))
	took := handler.sees(".case-head .state", state(models.LanguageZH, models.StateSolutionReady))
	t.Logf("1 solution approved, seen in the handler's open window after %s", took.Round(time.Millisecond))
}

func TestAnActInOneWindowAppearsInTheOther(t *testing.T) {
	p := open(t)
	made := p.complaint(t, models.SeverityGeneral, "The hotline hung up on me.")
	one, other := p.sit(t, models.RoleSupervisor, models.LanguageEN, browser.Desk), p.sit(t, models.RoleIntake, models.LanguageZH, browser.Desk)
	one.at("/cases/" + made.Number)
	other.act(made.Number, models.VerbNote, fields{{"text", "客户再次来电。"}})
	took := one.sees("#case-timeline", "客户再次来电。")
	t.Logf("1 note seen in the other window after %s", took.Round(time.Millisecond))
}

func TestWithoutScriptEverythingEssentialWorks(t *testing.T) {
	p := open(t)
	plain := browser.Desk
	plain.WithoutScript = true

	somebody := p.sit(t, "", models.LanguageEN, plain)
	somebody.at("/sign-in?to=/account")
	var scripted bool
	somebody.must(somebody.Ask(`!!window.htmx`, &scripted))
	require.False(t, scripted, "no script runs")
	intake := p.people[models.RoleIntake]
	somebody.fill("main form", fields{{"name", intake.id}, {"password", intake.password}})
	somebody.must(somebody.Send("main form .btn-primary"))
	address, err := somebody.Address()
	require.NoError(t, err)
	require.Equal(t, p.url+"/account", address, "signed in")

	number := somebody.takes("The oven does not heat.")
	p.sit(t, models.RoleSupervisor, models.LanguageEN, plain).act(number, models.VerbDispatch, fields{
		{"department", care}, {"person", p.people[models.RoleHandler].id}, {"severity", "important"}, {"nature", "customer"}, {"objective", "Find out."},
	})
	handler := p.sit(t, models.RoleHandler, models.LanguageEN, plain)
	handler.act(number, models.VerbAccept, nil)
	handler.corrects(number, "13900139008")
	handler.act(number, models.VerbPropose, fields{
		{"solution", "A new oven."},
		{"measures.0.text", "Send it."},
		{"measures.0.owner", p.people[models.RoleHandler].id},
		{"measures.0.due", later(2)},
		{"minutes", "Agreed in the meeting."},
	})
	executive := p.sit(t, models.RoleExecutive, models.LanguageEN, plain)
	executive.act(number, models.VerbApprove, nil)
	executive.sees(".case-head .state", capital(state(models.LanguageEN, models.StateSolutionReady)))

	urgent := p.complaint(t, models.SeverityUrgent, "Smoke!")
	manager := p.sit(t, models.RoleEscalationManager, models.LanguageEN, plain)
	button := fmt.Sprintf("[data-case=%q] form button", urgent.Number)
	await(t, soon, "the alert is there", func() bool {
		status, body := p.get(t, models.RoleEscalationManager, "/alerts")
		return status == http.StatusOK && strings.Contains(body, urgent.Number)
	})
	manager.at("/alerts")
	manager.must(manager.Send(button))
	var waits bool
	manager.must(manager.Ask(fmt.Sprintf(`!!document.querySelector(%q)`, button), &waits))
	require.False(t, waits, "it waits no longer")

	told := p.told(t, "The lamp flickers.")
	customer := p.sit(t, "", models.LanguageEN, plain)
	link := p.surveyLink(told.ID, 1)
	await(t, soon, "the survey is offered", func() bool { status, _ := p.get(t, "", link); return status == http.StatusOK })
	customer.at(link)
	customer.fill("main form", fields{{"result", "5"}})
	customer.must(customer.Send("main form .btn-primary"))
	customer.must(customer.See("[data-draft-sent]"))
	customer.complainsWithPhotos("The drawer is broken.", "drawer.txt", "handle.txt")
	t.Log("8 essential acts done without script: sign in, intake, dispatch, correct, decide, acknowledge, survey, complain with files")
}

// complainsWithPhotos fills in the customers' form, with files of that name, and finds both with the case.
func (h hands) complainsWithPhotos(text string, names ...string) {
	h.t.Helper()
	var photos []string
	for _, name := range names {
		photos = append(photos, filepath.Join(h.t.TempDir(), name))
		h.must(os.WriteFile(photos[len(photos)-1], []byte("A photo named "+name), 0o600))
	}
	h.at("/complain")
	h.fill("main form", fields{{"text", text}, {"contact.phone", "13900139009"}})
	h.must(h.Attach("main form [name=file]", photos...))
	h.must(h.Send("main form .btn-primary"))
	title, err := h.Read("h1")
	h.must(err)
	number := caseNumber.FindString(title)
	require.NotEmpty(h.t, number, title)
	_, page := h.p.get(h.t, models.RoleSupervisor, "/cases/"+number)
	for _, want := range append(names, text) {
		if !strings.Contains(page, want) {
			h.t.Errorf("case %s does not show %q", number, want)
		}
	}
}

func TestThePeopleOfACompanyAreReadOnAPhoneWithoutPushingThemAside(t *testing.T) {
	p := open(t)
	admin := p.sit(t, models.RoleAdmin, models.LanguageZH, browser.Phone)
	admin.at("/organisation/people")
	var rows, beside, hidden int
	admin.must(admin.Ask(`document.querySelectorAll(".stacks tbody tr").length`, &rows))
	require.GreaterOrEqual(t, rows, len(models.Roles()))
	admin.must(admin.Ask(`[...document.querySelectorAll(".stacks td + td:not(:empty)")].filter(e => e.getBoundingClientRect().top < e.parentNode.cells[0].getBoundingClientRect().bottom).length`, &beside))
	require.Zero(t, beside, "cells stand below each other")
	admin.must(admin.Ask(`(e => e.scrollWidth - e.clientWidth)(document.querySelector(".stacks").parentNode)`, &hidden))
	require.Zero(t, hidden, "pixels beside the edge")
	var says string
	admin.must(admin.Ask(`getComputedStyle(document.querySelector(".stacks td[data-is]"), "::before").content`, &says))
	require.Contains(t, says, words.In(models.LanguageZH).Say("org.roles"), "the heads of the columns are gone")
}
