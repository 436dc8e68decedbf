package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
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

// toCustomers are the messages that never lie in an inbox.
var toCustomers = []string{
	lifecycle.TellReceipt, lifecycle.TellReply, lifecycle.TellSolution, lifecycle.TellResult, lifecycle.TellSurvey, lifecycle.TellProgress, lifecycle.TellInterim,
	lifecycle.TellApology, lifecycle.TellExtended, lifecycle.TellNotAccepted, lifecycle.TellWithdrawn, lifecycle.TellMerged, lifecycle.TellSurveyReminder,
}

var (
	noticeHead = regexp.MustCompile(`<h2 class="h3">([^<]*)</h2>`)
	chinese    = regexp.MustCompile(`\p{Han}`)
)

func TestAnInboxNamesAlsoWhatCanNoLongerBeRead(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	row := d.row(t, d.dispatched(t, told("It leaks.")))
	body, err := d.SealWords(t.Context(), row.KeyID, "m-sealed", "A subject of its own\nand what it says")
	require.NoError(t, err)
	inbox := []models.Message{{ID: "m-sealed", Template: lifecycle.TellNews, Body: body}}
	for _, template := range lifecycle.Templates() {
		if !slices.Contains(toCustomers, template) {
			inbox = append(inbox, models.Message{ID: "m-" + template, Template: template})
		}
	}
	for i := range inbox {
		m := &inbox[i]
		m.CaseID, m.Seq, m.KeyID, m.Channel, m.State, m.Person = row.ID, 1, row.KeyID, models.MessageInbox, models.MessageSent, "handler"
		m.CreatedAt, m.NextAt = noon, noon
	}
	require.NoError(t, d.store.PutMessages(t.Context(), inbox))
	w := d.as(t, "handler")
	for _, lang := range []models.Language{models.LanguageEN, models.LanguageZH} {
		w.post(t, "/preferences", url.Values{"language": {string(lang)}})
		got := w.get(t, "/inbox")
		require.Equal(t, http.StatusOK, got.Code)
		heads := noticeHead.FindAllStringSubmatch(got.Body, -1)
		require.GreaterOrEqual(t, len(heads), len(inbox), "those of the work order as well")
		for _, head := range heads {
			require.NotEmpty(t, strings.TrimSpace(head[1]))
			require.NotContains(t, head[1], "inbox.about", "it has no name in %s", lang)
			own := head[1] == "A subject of its own"
			require.Equal(t, lang == models.LanguageZH && !own, chinese.MatchString(head[1]), head[1])
		}
		require.Contains(t, got.Text(), "A subject of its own and what it says")
	}
}

var alertForms = regexp.MustCompile(`action="/alerts/([^"]+)/(snooze|hand-over)"`)

// alertWith is the id of the alert on a page that has both forms, and the instants to which it may be put off.
func alertWith(t *testing.T, page answer) (id string, until []string) {
	t.Helper()
	found := alertForms.FindAllStringSubmatch(page.Body, -1)
	require.Len(t, found, 2)
	require.Equal(t, []string{"snooze", "hand-over"}, []string{found[0][2], found[1][2]})
	for _, option := range regexp.MustCompile(`<option value="(2026-[^"]+)"`).FindAllStringSubmatch(page.Body, -1) {
		until = append(until, option[1])
	}
	return found[0][1], until
}

func TestAnAlertIsSnoozedToAnInstantThatIsOffered(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.urgent(t)
	w := d.as(t, "department_head")
	id, until := alertWith(t, w.get(t, "/alerts"))
	require.Equal(t, []string{"2026-03-18T12:31:00Z", "2026-03-18T13:00:00Z"}, until, "half an hour, or up to the target; a quarter is what there is anyway")

	refused := w.post(t, "/alerts/"+id+"/snooze", url.Values{"until": {until[0]}})
	require.Equal(t, http.StatusUnprocessableEntity, refused.Code)
	require.Contains(t, refused.Text(), "Say why the alert is put off")
	require.Contains(t, refused.Body, `<option value="`+until[0]+`" selected>`)
	require.Equal(t, http.StatusUnprocessableEntity, w.post(t, "/alerts/"+id+"/snooze", url.Values{"until": {"soon"}, "reason": {"r"}}).Code)

	require.Equal(t, http.StatusSeeOther, w.post(t, "/alerts/"+id+"/snooze", url.Values{"until": {until[0]}, "reason": {"In a meeting"}}).Code)
	after := w.get(t, "/alerts")
	require.Contains(t, after.Text(), "The alert on "+number+" is snoozed")
	require.Regexp(t, "snoozed by Name of department_head until [^.]*12:31", after.Text())
	require.NotContains(t, after.Body, "/snooze\"", "once")
	require.Contains(t, d.as(t, "supervisor").get(t, "/cases/"+number).Text(), "Alert snoozed")
}

func TestAHandedOverAlertStandsFirstWithWhoeverGotIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.urgent(t)
	w := d.as(t, "department_head")
	id, _ := alertWith(t, w.get(t, "/alerts"))
	hand := func(person, reason string) answer {
		return w.post(t, "/alerts/"+id+"/hand-over", url.Values{"person": {person}, "reason": {reason}})
	}
	require.NotContains(t, d.as(t, "handler").get(t, "/alerts").Body, number)
	require.NotContains(t, w.get(t, "/alerts").Body, `<option value="works-handler"`, "of another department")

	foreign := hand("works-handler", "You know it best")
	require.Equal(t, http.StatusUnprocessableEntity, foreign.Code)
	require.Contains(t, foreign.Text(), "may not acknowledge alerts of this case")
	require.Contains(t, foreign.Body, "You know it best", "what was typed is not lost")
	require.Equal(t, http.StatusSeeOther, hand("handler", "You know it best").Code)

	got := d.as(t, "handler").get(t, "/alerts")
	require.Contains(t, got.Text(), number)
	require.Contains(t, got.Text(), "handed it over to you")
	form := acknowledgeForm.FindStringSubmatch(got.Body)[1]
	require.Equal(t, http.StatusSeeOther, d.as(t, "handler").post(t, form, url.Values{}).Code)
	require.Contains(t, d.as(t, "handler").get(t, "/alerts").Text(), "Acknowledged by you "+number)
	require.Equal(t, http.StatusConflict, hand("escalation_manager", "Too late").Code)
}
