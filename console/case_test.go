package console_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

func TestACaseGoesItsMainRoadByForms(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.open(t, told("The kettle leaks."))
	at := func(hours string) string { return "2026-03-2" + hours }
	for _, one := range []struct {
		who, verb string
		form      url.Values
		state     models.State
	}{
		{"intake", "reply", url.Values{"channel": {"phone"}, "text": {"We look into it."}}, models.StateReceived},
		{"supervisor", "dispatch", url.Values{
			"department": {"sales"}, "severity": {"important"}, "nature": {"customer"}, "objective": {"Find the leak."}, "facts": {"It leaks."},
		}, models.StateDispatched},
		{"handler", "accept", url.Values{}, models.StateInvestigating},
		{"handler", "log_contact", url.Values{"channel": {"phone"}, "direction": {"out"}, "held": {"yes"}, "text": {"Asked for pictures."}}, models.StateInvestigating},
		{"handler", "propose", url.Values{
			"solution": {"A new kettle."}, "measures.0.text": {"Send it."}, "measures.0.owner": {"handler"}, "measures.0.due": {at("0T12:00")},
			"measures.2.text": {"Fetch the old one."}, "measures.2.owner": {"works"}, "measures.2.due": {at("1T12:00")},
			"money.minor": {"120.50"}, "money.currency": {"cny"}, "money.kind": {"refund"}, "minutes": {"We met."},
		}, models.StateAwaitingApproval},
		{"executive", "approve", url.Values{}, models.StateSolutionReady},
		{"handler", "tell_solution", url.Values{"channel": {"phone"}, "text": {"You get a new one."}}, models.StateImplementing},
		{"handler", "resolve", url.Values{"measures_done": {"yes"}, "result": {"It was sent."}, "outcome": {"upheld"}, "cause": {"product_defect"}}, models.StateResolved},
		{"handler", "tell_result", url.Values{
			"channel": {"phone"}, "text": {"It is on its way."}, "done": {"yes"}, "effect": {"yes"}, "follow_up": {"yes"}, "thanks": {"yes"},
		}, models.StateFollowingUp},
		{"quality", "record_callback", url.Values{"attempt": {"1"}, "outcome": {"reached_solved"}, "scores.result": {"5"}, "scores.recommend": {"0"}, "text": {"Fine."}}, models.StateClosed},
		{"supervisor", "reopen", url.Values{"reason": {"It leaks again."}}, models.StateInvestigating},
	} {
		w := d.as(t, one.who)
		page := w.get(t, "/cases/"+number)
		require.Equal(t, http.StatusOK, page.Code, one.verb)
		require.Contains(t, page.Body, `action="/cases/`+number+"/"+one.verb+`"`, one.verb)
		one.form.Set("if_seq", page.Hidden("if_seq"))
		got := w.post(t, "/cases/"+number+"/"+one.verb, one.form)
		require.Equal(t, http.StatusSeeOther, got.Code, "%s: %s", one.verb, got.Text())
		require.Equal(t, one.state, d.row(t, number).State, one.verb)
	}
	page := d.as(t, "supervisor").get(t, "/cases/"+number).Text()
	for _, says := range []string{"The kettle leaks.", "A new kettle.", "refund 120.50 CNY", "Fetch the old one.", "We met.", "It is on its way.", "5 / 5", "0 / 10", "It leaks again."} {
		require.Contains(t, page, says)
	}
}
