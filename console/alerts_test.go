package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// urgent puts an urgent complaint on record and lets the record notice what is due: its at-once alert
// goes to the head of the department and to the escalation manager.
func (d *desk) urgent(tb testing.TB) string {
	tb.Helper()
	number := d.open(tb, told("smoke from the kettle"))
	d.act(tb, "supervisor", number, dispatchTo("sales", models.SeverityUrgent))
	d.wait(time.Minute)
	d.act(tb, "supervisor", number, noted("a look at it"))
	return number
}

var acknowledgeForm = regexp.MustCompile(`action="(/alerts/[^"]+/acknowledge)"`)

func TestAnAlertWaitsForThoseItWentToAndThoseAbove(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.urgent(t)
	for _, id := range []string{"department_head", "escalation_manager", "executive"} {
		got := d.as(t, id).get(t, "/alerts")
		require.Equal(t, http.StatusOK, got.Code, id)
		require.Contains(t, got.Text(), number, id)
		require.Regexp(t, acknowledgeForm, got.Body, id)
	}
	for _, id := range []string{"handler", "works-head", "works-handler", "quality", "intake", "auditor", "admin"} {
		require.NotContains(t, d.as(t, id).get(t, "/alerts").Body, number, "%s can do nothing about it here", id)
	}
}

func TestAnAlertSaysWhoIsNextAndWhen(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.urgent(t)
	got := d.as(t, "department_head").get(t, "/alerts")
	require.Contains(t, got.Text(), "If nobody acts, it climbs to executive")
	require.Contains(t, got.Body, `data-due="2026-03-18T12:16:00Z"`)
}

func TestAcknowledgingIsOnePostAndTakesItOffEverybodysList(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.urgent(t)
	head, above := d.as(t, "department_head"), d.as(t, "executive")
	form := acknowledgeForm.FindStringSubmatch(head.get(t, "/alerts").Body)[1]

	got := head.post(t, form, url.Values{})
	require.Equal(t, http.StatusSeeOther, got.Code)
	require.Equal(t, "/alerts", got.To())
	after := head.get(t, "/alerts").Text()
	require.Contains(t, after, "The alert on "+number+" is yours")
	require.Contains(t, after, "Acknowledged by you "+number)
	require.NotContains(t, above.get(t, "/alerts").Body, number)

	again := above.post(t, form, url.Values{})
	require.Equal(t, http.StatusConflict, again.Code)
	require.Contains(t, again.Text(), "This alert waits for nobody any more")
}

func TestTheSameAcknowledgementTwiceIsAnsweredAlike(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.urgent(t)
	head := d.as(t, "department_head")
	form := acknowledgeForm.FindStringSubmatch(head.get(t, "/alerts").Body)[1]
	once := url.Values{"key": {"one click too many"}}
	require.Equal(t, http.StatusSeeOther, head.post(t, form, once).Code)
	require.Equal(t, http.StatusSeeOther, head.post(t, form, once).Code)
}

func TestNobodyAcknowledgesWhatTheyMayNotSee(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.urgent(t)
	form := acknowledgeForm.FindStringSubmatch(d.as(t, "department_head").get(t, "/alerts").Body)[1]
	require.Equal(t, http.StatusNotFound, d.as(t, "works-head").post(t, form, url.Values{}).Code)
	require.Equal(t, http.StatusNotFound, d.as(t, "supervisor").post(t, "/alerts/nonsense/acknowledge", url.Values{}).Code)
	require.Contains(t, d.as(t, "department_head").get(t, "/alerts").Body, form, "it still waits")
}

func TestALiveListComesWithoutTheFrame(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.urgent(t)
	w := d.as(t, "department_head")
	r := request(t, http.MethodGet, "/alerts")
	r.Header.Set("HX-Request", "true")
	got := w.send(t, r)
	require.Contains(t, got.Body, number)
	require.NotContains(t, got.Body, "<html")
}

func TestAnInboxIsOnesOwn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	got := d.as(t, "handler").get(t, "/inbox")
	require.Equal(t, http.StatusOK, got.Code)
	require.Contains(t, got.Text(), "No messages yet")
	require.Equal(t, http.StatusUnprocessableEntity, d.as(t, "handler").get(t, "/inbox?cursor=%20nonsense").Code)
}
