package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

// proposed puts an important complaint on record whose solution, proposed by sales' handler, waits for
// an executive.
func (d *desk) proposed(tb testing.TB) string {
	tb.Helper()
	number := d.open(tb, told("the kettle leaks"))
	d.act(tb, "supervisor", number, dispatchTo("sales", models.SeverityImportant))
	d.act(tb, "handler", number, cases.Wish{Verb: models.VerbAccept, Data: models.Accepted{}})
	d.act(tb, "handler", number, contactHeld())
	d.act(tb, "handler", number, cases.Wish{
		Verb: models.VerbPropose, Words: map[string]string{"solution": "a new kettle", "minutes": "we met", "measure.0": "send it"},
		Data: models.Proposed{Measures: []models.Measure{{Owner: "handler", Due: d.now().Add(24 * time.Hour)}}, Money: &models.Money{Minor: 12050, Currency: "CNY", Kind: models.MoneyRefund}},
	})
	return number
}

// asked puts a request of sales' handler on record, for a later handling due.
func (d *desk) asked(tb testing.TB) string {
	tb.Helper()
	number := d.dispatched(tb, told("it does not heat"))
	d.act(tb, "handler", number, cases.Wish{
		Verb: models.VerbExtend, Words: map[string]string{models.TextReason: "the part comes late"}, Data: models.Requested{Until: d.now().Add(20 * 24 * time.Hour)},
	})
	return number
}

func contactHeld() cases.Wish {
	return cases.Wish{
		Verb: models.VerbLogContact, Words: map[string]string{models.TextText: "spoke"},
		Data: models.ContactLogged{Channel: models.ChannelPhone, Direction: models.DirectionOut, Held: true},
	}
}

// decision is the form of a request as it was drawn.
func decision(got answer, more url.Values) url.Values {
	for _, name := range []string{"key", "if_seq", "request"} {
		more.Set(name, got.Hidden(name))
	}
	return more
}

func TestADecisionShowsEverythingOnOnePage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.proposed(t)
	got := d.as(t, "executive").get(t, "/decisions")
	require.Equal(t, http.StatusOK, got.Code)
	for _, says := range []string{number, "Important", "the kettle leaks", "a new kettle", "we met", "send it", "120.50", "Name of handler", "Approve", "Reject"} {
		require.Contains(t, got.Text(), says)
	}
	require.Contains(t, got.Body, "data-due=")
	require.NotContains(t, got.Body, "13800138000", "nobody needs it to decide")
}

func TestRequestsWaitForThoseAloneWhoDecideThem(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	solution, extension := d.proposed(t), d.asked(t)
	for _, role := range models.Roles() {
		body := d.as(t, string(role)).get(t, "/decisions").Body
		require.Equal(t, role == models.RoleExecutive, strings.Contains(body, solution), role)
		require.Equal(t, role == models.RoleSupervisor, strings.Contains(body, extension), role)
	}
}

func TestTheAskerNeverDecides(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("x"))
	d.act(t, "supervisor", number, cases.Wish{
		Verb: models.VerbNotAccept, Words: map[string]string{models.TextReason: "not ours"}, Data: models.Requested{},
	})
	w := d.as(t, "supervisor")
	require.NotContains(t, w.get(t, "/decisions").Body, number)
	view, err := d.Case(t.Context(), d.call(t, "supervisor").Actor, number)
	require.NoError(t, err)
	got := w.post(t, "/decisions/"+number+"/decide", url.Values{
		"request": {numeral(view.Requests[0].Seq)}, "granted": {"yes"}, "reason": {"I say so"},
	})
	require.Equal(t, http.StatusForbidden, got.Code)
	require.Contains(t, got.Text(), "I say so", "what was typed is not lost")
	require.Equal(t, models.StateInvestigating, d.row(t, number).State)

	d.join(t, "another", models.RoleSupervisor, "")
	require.Contains(t, d.as(t, "another").get(t, "/decisions").Body, number)
}

func TestASolutionIsApprovedOrSentBackWithWords(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "executive")
	number := d.proposed(t)
	got := w.get(t, "/decisions")

	refused := w.post(t, "/decisions/"+number+"/reject", decision(got, url.Values{}))
	require.Equal(t, http.StatusUnprocessableEntity, refused.Code)
	require.Contains(t, refused.Text(), "Say why, so that it can be mended")

	sent := w.post(t, "/decisions/"+number+"/reject", decision(refused, url.Values{"reason": {"too dear"}}))
	require.Equal(t, "/decisions", sent.To(), sent.Text())
	require.Equal(t, models.StateInvestigating, d.row(t, number).State)
	require.Contains(t, w.get(t, "/decisions").Text(), "Your decision on "+number+" is recorded")

	number = d.proposed(t)
	require.Equal(t, http.StatusSeeOther, w.post(t, "/decisions/"+number+"/approve", decision(w.get(t, "/decisions"), url.Values{})).Code)
	require.Equal(t, models.StateSolutionReady, d.row(t, number).State)
	require.Empty(t, d.row(t, number).Asks)
}

func TestARequestIsGrantedOrRefusedInOneForm(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "supervisor")
	number := d.asked(t)
	require.Equal(t, []string{"supervisor"}, d.row(t, number).Asks)
	got := w.get(t, "/decisions")
	silent := w.post(t, "/decisions/"+number+"/decide", decision(got, url.Values{"granted": {"yes"}}))
	require.Equal(t, http.StatusUnprocessableEntity, silent.Code)
	require.Contains(t, silent.Body, `id="fault-reason"`)
	require.Equal(t, http.StatusSeeOther, w.post(t, "/decisions/"+number+"/decide", decision(silent, url.Values{"granted": {"yes"}, "reason": {"so be it"}})).Code)
	require.Empty(t, d.row(t, number).Asks)
}

func TestWhatChangedMeanwhileIsNotDecidedUnseen(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "executive")
	number := d.proposed(t)
	old := w.get(t, "/decisions")
	d.act(t, "handler", number, noted("wait for the lawyer"))
	got := w.post(t, "/decisions/"+number+"/approve", decision(old, url.Values{"reason": {"fine"}}))
	require.Equal(t, http.StatusPreconditionFailed, got.Code)
	require.Contains(t, got.Body, "fine")
	require.Equal(t, models.StateAwaitingApproval, d.row(t, number).State)
	require.Equal(t, http.StatusSeeOther, w.post(t, "/decisions/"+number+"/approve", decision(got, url.Values{"reason": {"fine"}})).Code)
}

func TestOtherVerbsAreNoDecisions(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.proposed(t)
	require.Equal(t, http.StatusNotFound, d.as(t, "supervisor").post(t, "/decisions/"+number+"/note", url.Values{"text": {"x"}}).Code)
	require.Equal(t, http.StatusForbidden, d.as(t, "supervisor").post(t, "/decisions/"+number+"/approve", url.Values{}).Code)
}

func TestARequestThatIsDecidedIsGoneWhileItsCaseAsksForMore(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.asked(t)
	d.act(t, "handler", number, cases.Wish{
		Verb: models.VerbNotAccept, Words: map[string]string{models.TextReason: "not ours"}, Data: models.Requested{},
	})
	w := d.as(t, "supervisor")
	got := w.get(t, "/decisions")
	require.Equal(t, 2, strings.Count(got.Body, `name="request"`))
	require.Equal(t, http.StatusSeeOther, w.post(t, "/decisions/"+number+"/decide", decision(got, url.Values{"granted": {"yes"}, "reason": {"fine"}})).Code)
	require.Equal(t, 1, strings.Count(w.get(t, "/decisions").Body, `name="request"`))
}
