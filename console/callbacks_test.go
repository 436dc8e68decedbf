package console_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/lifecycle"
	"recourse/models"
)

// followedUp puts a case on record whose customer is to be called back, by anybody or by one person.
func (d *desk) followedUp(tb testing.TB, caller string) string {
	tb.Helper()
	number := d.open(tb, told("it drips"))
	d.act(tb, "supervisor", number, cases.Wish{
		Verb: models.VerbDispatch, Words: map[string]string{models.TextObjective: "find out"},
		Data: models.Dispatched{Department: "sales", Severity: models.SeverityGeneral, Nature: models.NatureCustomer},
	})
	d.act(tb, "handler", number, cases.Wish{Verb: models.VerbAccept, Data: models.Accepted{}})
	d.act(tb, "handler", number, contactHeld())
	d.act(tb, "handler", number, cases.Wish{
		Verb: models.VerbPropose, Words: map[string]string{"solution": "a seal", "measure.0": "fit it"},
		Data: models.Proposed{Measures: []models.Measure{{Owner: "handler", Due: d.now().Add(24 * time.Hour)}}},
	})
	d.act(tb, "handler", number, cases.Wish{Verb: models.VerbTellSolution, Words: map[string]string{"text": "a seal"}, Data: models.SolutionTold{Channel: models.ChannelPhone}})
	d.act(tb, "handler", number, cases.Wish{Verb: models.VerbResolve, Words: map[string]string{"result": "it is tight"}, Data: models.Resolved{MeasuresDone: true, Outcome: models.OutcomeUpheld}})
	d.act(tb, "handler", number, cases.Wish{Verb: models.VerbTellResult, Words: map[string]string{"text": "done"}, Data: models.ResultTold{Channel: models.ChannelPhone, Done: true, Effect: true, FollowUp: true, Thanks: true}})
	row := d.row(tb, number)
	c, err := lifecycle.Restore(row)
	require.NoError(tb, err)
	require.True(tb, c.Callback.Open)
	require.NoError(tb, d.store.PutCallTask(tb.Context(), models.CallTask{ // as the workflow does
		CaseID: row.ID, Cycle: c.Cycle, Attempt: c.Callback.Attempt, Caller: caller, NotBefore: c.Callback.NotBefore, Until: c.Callback.Until, Script: "callback",
	}, row.Seq, nil))
	if now := d.now(); now.Before(c.Callback.NotBefore) {
		d.wait(c.Callback.NotBefore.Sub(now) + time.Minute)
	}
	return number
}

func TestCallsAreForThoseWhoMayMakeThem(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.join(t, "another", models.RoleQuality, "")
	anybodys, own := d.followedUp(t, ""), d.followedUp(t, "quality")
	for id, want := range map[string][2]bool{
		"quality": {true, true}, "another": {true, false}, "supervisor": {true, false}, "handler": {}, "department_head": {}, "executive": {}, "ops": {}, "admin": {},
	} {
		body := d.as(t, id).get(t, "/callbacks").Text()
		for i, number := range []string{anybodys, own} {
			if want[i] {
				require.Contains(t, body, number, id)
			} else {
				require.NotContains(t, body, number, id)
			}
		}
	}
}

func TestACallIsMadeInOneForm(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.followedUp(t, "quality")
	w := d.as(t, "quality")
	got := w.get(t, "/callbacks/"+number)
	require.Equal(t, http.StatusOK, got.Code)
	for _, says := range []string{"it drips", "it is tight", "At the customer's", "I am calling about your complaint " + number, "Reached, solved"} {
		require.Contains(t, got.Text(), says)
	}
	require.NotContains(t, got.Body, "13800138000")

	form := url.Values{
		"key": {got.Hidden("key")}, "if_seq": {got.Hidden("if_seq")}, "attempt": {got.Hidden("attempt")}, "outcome": {"reached_solved"},
		"scores.process": {"4"}, "scores.result": {"9"}, "scores.recommend": {"0"}, "text": {"all is well"},
	}
	wrong := w.post(t, "/callbacks/"+number, form)
	require.Equal(t, http.StatusUnprocessableEntity, wrong.Code)
	require.Contains(t, wrong.Text(), "all is well")
	require.Contains(t, wrong.Body, `fault-scores.result`)

	form.Set("scores.result", "5")
	form.Set("key", wrong.Hidden("key"))
	sent := w.post(t, "/callbacks/"+number, form)
	require.Equal(t, "/callbacks", sent.To(), sent.Text())
	row := d.row(t, number)
	require.Equal(t, models.StateClosed, row.State)
	require.Equal(t, 5, row.ResultScore)
	require.NotContains(t, w.get(t, "/callbacks").Body, `href="/callbacks/`+number)
	require.Equal(t, "/cases/"+number, w.get(t, "/callbacks/"+number).To(), "there is nothing to call about any more")
}

func TestTheNumberIsShownForAReasonThatIsKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.followedUp(t, "quality")
	w := d.as(t, "quality")
	require.Equal(t, http.StatusUnprocessableEntity, w.post(t, "/callbacks/"+number+"/unmask", url.Values{}).Code)
	got := w.post(t, "/callbacks/"+number+"/unmask", url.Values{"unmask": {"to call back"}})
	require.Equal(t, http.StatusOK, got.Code)
	require.Contains(t, got.Body, "13800138000")
	reads, err := d.Reads(t.Context(), d.call(t, "auditor").Actor, number, "", 10)
	require.NoError(t, err)
	require.Equal(t, "to call back", reads.Items[0].Reason)
}

func TestTheHandlingDepartmentDoesNotCallBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.followedUp(t, "")
	require.Equal(t, http.StatusForbidden, d.as(t, "handler").post(t, "/callbacks/"+number, url.Values{"outcome": {"reached_solved"}}).Code)
	require.Equal(t, http.StatusNotFound, d.as(t, "works-handler").get(t, "/callbacks/"+number).Code)
	require.Equal(t, models.StateFollowingUp, d.row(t, number).State)
}
