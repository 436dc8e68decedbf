package console_test

import (
	"bytes"
	"fmt"
	"html"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
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

func TestARefusedFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	w := d.as(t, "handler")
	page := w.get(t, "/cases/"+number)
	got := w.post(t, "/cases/"+number+"/propose", url.Values{
		"if_seq": {page.Hidden("if_seq")}, "key": {"k-1"}, "solution": {`A <b>new</b> kettle & "more"`}, "measures.0.text": {"Send it."}, "measures.0.owner": {"handler"},
		"measures.1.text": {"Fetch it."},
	})
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	require.Contains(t, got.Body, "A &lt;b&gt;new&lt;/b&gt; kettle &amp; &#34;more&#34;</textarea>")
	require.Contains(t, got.Body, "Fetch it.</textarea>")
	require.Contains(t, got.Body, `<option value="handler" selected>`)
	require.Contains(t, got.Body, `id="fault-measures.0.due"`, "the fault stands beside its field")
	require.Equal(t, models.StateInvestigating, d.row(t, number).State)
	mended := w.post(t, "/cases/"+number+"/propose", url.Values{
		"if_seq": {got.Hidden("if_seq")}, "key": {got.Hidden("key")}, "solution": {"A new kettle"}, "measures.0.text": {"Send it."}, "measures.0.owner": {"handler"},
		"measures.0.due": {"2026-03-20T12:00"},
	})
	require.Equal(t, http.StatusSeeOther, mended.Code, "what was mended is another wish: %s", mended.Text())

	for _, wrong := range []url.Values{
		{"text": {"Fine."}, "channel": {"pigeon"}},
		{"channel": {"phone"}},
		{"channel": {"phone"}, "text": {"Fine."}, "happened_at": {"soon"}},
		{"channel": {"phone"}, "text": {"Fine."}, "if_seq": {"many"}},
	} {
		got := w.post(t, "/cases/"+number+"/reply", wrong)
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, wrong)
	}
}

func TestWhoLosesARaceIsToldWhoDidWhatAndKeepsTheirWords(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	w := d.as(t, "handler")
	before := w.get(t, "/cases/"+number).Hidden("if_seq")
	d.act(t, "department_head", number, cases.Wish{Verb: models.VerbNote, Data: models.Noted{Audience: models.AudienceInternal}, Words: map[string]string{"text": "Wait."}})

	lost := url.Values{"if_seq": {before}, "channel": {"phone"}, "text": {"My long answer."}}
	got := w.post(t, "/cases/"+number+"/reply", lost)
	require.Equal(t, http.StatusPreconditionFailed, got.Code)
	require.Contains(t, got.Body, "My long answer.</textarea>")
	require.Contains(t, got.Text(), "Name of department_head: note")
	require.NotEqual(t, before, got.Hidden("if_seq"), "the form is on the new state")
	require.Nil(t, d.row(t, number).FirstReplyAt)

	again := w.post(t, "/cases/"+number+"/reply", url.Values{"if_seq": {got.Hidden("if_seq")}, "channel": {"phone"}, "text": {"My long answer."}})
	require.Equal(t, http.StatusSeeOther, again.Code)

	before = w.get(t, "/cases/"+number).Hidden("if_seq")
	d.act(t, "handler", number, cases.Wish{
		Verb: models.VerbPropose, Words: map[string]string{"solution": "A new one.", "measure.0": "Send it."},
		Data: models.Proposed{Measures: []models.Measure{{Owner: "handler", Due: noon.AddDate(0, 0, 2)}}},
	})
	d.act(t, "handler", number, cases.Wish{Verb: models.VerbTellSolution, Data: models.SolutionTold{Channel: models.ChannelPhone}, Words: map[string]string{"text": "A new one."}})
	got = w.post(t, "/cases/"+number+"/tell_solution", url.Values{"if_seq": {before}, "channel": {"phone"}, "text": {"What I typed."}})
	require.Equal(t, http.StatusPreconditionFailed, got.Code)
	require.Contains(t, got.Text(), "What I typed.", "also where the form is not to be had any more")
	require.Contains(t, got.Text(), "Name of handler: solution told")
}

func TestThePassingOfTimeLosesNobodyARace(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	w := d.as(t, "handler")
	form := url.Values{"if_seq": {w.get(t, "/cases/"+number).Hidden("if_seq")}, "channel": {"phone"}, "text": {"Fine."}}
	d.wait(30 * time.Hour) // past the 24 h: the breach comes before the reply
	got := d.as(t, "handler").post(t, "/cases/"+number+"/reply", form)
	require.Equal(t, http.StatusSeeOther, got.Code, got.Text())
	require.True(t, d.row(t, number).Breached)
	require.NotNil(t, d.row(t, number).FirstReplyAt)
}

func TestASecondClickDoesNothingMore(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	w := d.as(t, "handler")
	form := url.Values{"key": {"k-1"}, "if_seq": {w.get(t, "/cases/"+number).Hidden("if_seq")}, "text": {"Once."}, "audience": {"internal"}}
	for range 2 {
		require.Equal(t, http.StatusSeeOther, w.post(t, "/cases/"+number+"/note", form).Code)
	}
	require.Equal(t, 1, strings.Count(w.get(t, "/cases/"+number).Body, "Once."))
}

var anyAct = regexp.MustCompile(`action="/cases/[^/"]+/([a-z_]+)"`)

func TestEverybodySeesTheirVerbsAndNoOthers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	received := d.open(t, told("It leaks."))
	investigating := d.dispatched(t, told("It burns."))
	waiting := d.dispatched(t, told("It smokes."))
	d.act(t, "handler", waiting, cases.Wish{
		Verb: models.VerbPropose, Words: map[string]string{"solution": "Much money.", "minutes": "We met.", "measure.0": "Pay."},
		Data: models.Proposed{Measures: []models.Measure{{Owner: "handler", Due: noon.AddDate(0, 0, 2)}}, Money: &models.Money{Minor: 99_999_999, Currency: "CNY", Kind: models.MoneyRefund}},
	})
	asked := d.dispatched(t, told("It hisses."))
	d.act(t, "handler", asked, cases.Wish{Verb: models.VerbNotAccept, Data: models.Requested{}, Words: map[string]string{"reason": "Not ours."}})
	// What the law and the roles allow and what can come to nothing here is not offered.
	idle := map[models.Verb]bool{
		models.VerbDecide: true, models.VerbRetract: true, models.VerbResume: true, models.VerbFinishTask: true, models.VerbCancelTask: true, models.VerbReport: true,
		models.VerbAcknowledge: true, models.VerbLowerSeverity: true, models.VerbSettle: true, models.VerbNotAccept: true,
		models.VerbSnooze: true, models.VerbHandOver: true, // on the page of alerts
	}
	for _, number := range []string{received, investigating, waiting, asked} {
		for _, role := range models.Roles() {
			id := string(role)
			view, err := d.Case(t.Context(), d.call(t, id).Actor, number)
			page := d.as(t, id).get(t, "/cases/"+number)
			if err != nil {
				require.Equal(t, http.StatusNotFound, page.Code, "%s %s", id, number)
				continue
			}
			require.Equal(t, http.StatusOK, page.Code, "%s %s", id, number)
			offered := map[models.Verb]bool{}
			for _, found := range anyAct.FindAllStringSubmatch(page.Body, -1) {
				if found[1] != "unmask" {
					offered[models.Verb(found[1])] = true
				}
			}
			for v := range offered {
				require.Contains(t, view.Possible, v, "%s on %s", id, view.Case.State)
			}
			for _, v := range view.Possible {
				require.True(t, offered[v] || idle[v] || v == models.VerbAssign && number == received, "%s may %s while it is %s, and is not offered it", id, v, view.Case.State)
			}
		}
	}
	require.Contains(t, d.as(t, "executive").get(t, "/cases/"+waiting).Body, waiting+"/approve")
	require.Contains(t, d.as(t, "supervisor").get(t, "/cases/"+asked).Body, asked+"/decide")
	require.NotContains(t, d.as(t, "supervisor").get(t, "/cases/"+investigating).Body, investigating+"/decide")
	require.Contains(t, d.as(t, "handler").get(t, "/cases/"+asked).Body, asked+"/retract", "whoever asked can take it back")
}

func TestARequestIsDecidedOnThePage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	w := d.as(t, "handler")
	require.Equal(t, http.StatusSeeOther, w.post(t, "/cases/"+number+"/extend", url.Values{"until": {"2026-03-30T12:00"}, "reason": {"Parts come late."}}).Code)
	boss := d.as(t, "supervisor")
	page := boss.get(t, "/cases/"+number)
	require.Contains(t, page.Text(), "Parts come late.")
	request := page.Hidden("request")
	require.NotEmpty(t, request)
	got := boss.post(t, "/cases/"+number+"/decide", url.Values{"request": {request}, "reason": {"I typed this."}})
	require.Equal(t, http.StatusUnprocessableEntity, got.Code, "neither granted nor refused")
	require.Contains(t, got.Body, "I typed this.</textarea>")
	got = boss.post(t, "/cases/"+number+"/decide", url.Values{"request": {request}, "granted": {"yes"}, "reason": {"Fine."}})
	require.Equal(t, http.StatusSeeOther, got.Code)
	require.NotContains(t, boss.get(t, "/cases/"+number).Body, number+"/decide")
}

const canary = "CANARY-kettle-leaks"

func TestWhoReadsNoTextsIsShownNone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	n := told(canary + " text")
	n.Contact = models.Contact{Name: canary + " name", Phone: "13800138000", Email: "canary@example.com"}
	n.Particulars = models.Particulars{Symptom: canary + " symptom"}
	number := d.dispatched(t, n)
	d.act(t, "handler", number, cases.Wish{Verb: models.VerbNote, Data: models.Noted{Audience: models.AudienceInternal}, Words: map[string]string{"text": canary + " note"}})
	for _, id := range []string{"ops", "hr", "admin"} {
		w := d.as(t, id)
		for _, path := range []string{"", "?part=live&since=1", "?part=acts", "?show=internal"} {
			page := w.get(t, "/cases/"+number+path)
			require.Equal(t, http.StatusOK, page.Code, id)
			require.NotContains(t, page.Body, "CANARY", "%s%s", id, path)
			require.NotContains(t, strings.ToLower(page.Body), "canary@", "%s%s", id, path)
			require.NotContains(t, page.Body, "138", "%s%s", id, path)
		}
		require.Contains(t, w.get(t, "/cases/"+number).Text(), "Handling")
	}
	require.Contains(t, d.as(t, "ops").get(t, "/cases/"+number).Body, "http://127.0.0.1:8233/namespaces/default/workflows/complaint%2F"+d.row(t, number).ID)
	require.NotContains(t, d.as(t, "handler").get(t, "/cases/"+number).Body, "8233")
	require.Equal(t, http.StatusNotFound, d.as(t, "works-handler").get(t, "/cases/"+number).Code, "another department's is not theirs")

	w := d.as(t, "quality")
	page := w.get(t, "/cases/"+number)
	require.Contains(t, page.Text(), canary+" text")
	require.NotContains(t, page.Body, canary+" name")
	require.NotContains(t, page.Body, "13800138000")
	require.Equal(t, http.StatusUnprocessableEntity, w.post(t, "/cases/"+number+"/unmask", url.Values{}).Code, "not without a reason")
	shown := w.post(t, "/cases/"+number+"/unmask", url.Values{"unmask": {"to call back"}})
	require.Equal(t, http.StatusOK, shown.Code)
	require.Contains(t, shown.Body, "13800138000")
	reads, err := d.Reads(t.Context(), d.call(t, "supervisor").Actor, number, "", 10)
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(reads.Items, func(r cases.ReadView) bool { return r.Person == "quality" && r.Reason == "to call back" }))
}

func TestALivePageDoesNotReadTheCustomersContactAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	w := d.as(t, "handler")
	require.Contains(t, w.get(t, "/cases/"+number).Body, "13800138000")
	for range 3 {
		for _, part := range []string{"live&since=1", "acts"} {
			got := w.get(t, "/cases/"+number+"?part="+part)
			require.Equal(t, http.StatusOK, got.Code)
			require.NotContains(t, got.Body, "13800138000")
		}
	}
	reads, err := d.Reads(t.Context(), d.call(t, "supervisor").Actor, number, "", 10)
	require.NoError(t, err)
	require.Len(t, reads.Items, 1, "who opened the page read it once")
}

// upload is a form with files in it.
func upload(tb testing.TB, path string, form map[string]string, files map[string]string) *http.Request {
	tb.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range form {
		require.NoError(tb, w.WriteField(name, value))
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		part, err := w.CreateFormFile("attachments", name)
		require.NoError(tb, err)
		_, err = part.Write([]byte(files[name]))
		require.NoError(tb, err)
	}
	require.NoError(tb, w.Close())
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

func TestAnAttachmentIsSavedByWhoMayReadAndNeverRuns(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	w := d.as(t, "handler")
	got := w.send(t, upload(t, "/cases/"+number+"/attach", map[string]string{"key": "k-1"}, map[string]string{"水壶 notes.txt": "It dripped all night."}))
	require.Equal(t, http.StatusSeeOther, got.Code, got.Text())
	page := w.get(t, "/cases/"+number)
	require.Contains(t, page.Text(), "水壶 notes.txt")
	address := regexp.MustCompile(`/cases/[^/"]+/attachments/[^"]+`).FindString(page.Body)
	require.NotEmpty(t, address)

	file := w.get(t, address)
	require.Equal(t, "It dripped all night.", file.Body)
	require.Contains(t, file.Header.Get("Content-Disposition"), "attachment; filename=")
	require.Contains(t, file.Header.Get("Content-Disposition"), "filename*=UTF-8''%E6%B0%B4%E5%A3%B6%20notes.txt")
	require.Contains(t, file.Header.Get("Content-Security-Policy"), "sandbox")
	require.Equal(t, "nosniff", file.Header.Get("X-Content-Type-Options"))
	for id, code := range map[string]int{"works-handler": http.StatusNotFound, "ops": http.StatusForbidden, "auditor": http.StatusOK} {
		require.Equal(t, code, d.as(t, id).get(t, address).Code, id)
	}
	require.Equal(t, http.StatusSeeOther, d.as(t, "").get(t, address).Code, "strangers sign in first")

	refused := w.send(t, upload(t, "/cases/"+number+"/attach", map[string]string{"key": "k-2"}, map[string]string{"run.exe": "MZ\x90\x00\x03", "fine.txt": "Fine."}))
	require.Equal(t, http.StatusUnprocessableEntity, refused.Code)
	require.Contains(t, refused.Text(), "run.exe")
	require.Contains(t, refused.Body, " fine.txt\" checked", "what could be taken is kept")
	empty := w.send(t, upload(t, "/cases/"+number+"/attach", map[string]string{"key": "k-3"}, nil))
	require.Equal(t, http.StatusUnprocessableEntity, empty.Code)
}

func TestTheTimelineShowsWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	for i := range 45 {
		d.act(t, "handler", number, cases.Wish{Verb: models.VerbNote, Data: models.Noted{Audience: models.AudienceInternal}, Words: map[string]string{"text": fmt.Sprintf("Note %02d.", i)}})
	}
	w := d.as(t, "handler")
	newest := w.get(t, "/cases/"+number)
	require.Contains(t, newest.Body, "Note 44.")
	require.NotContains(t, newest.Body, "Note 04.", "long histories come in pages")
	older := html.UnescapeString(regexp.MustCompile(`href="([^"]*before=[^"#]*)#timeline"`).FindStringSubmatch(newest.Body)[1])
	require.Contains(t, w.get(t, older).Body, "Note 04.")
	contact := w.get(t, "/cases/"+number+"?show=contact")
	require.NotContains(t, contact.Body, "Note 44.")
	require.Equal(t, http.StatusOK, w.get(t, "/cases/"+number+"?show=nonsense&before=-1").Code)
}

func TestWhatIsNoCaseOrNoVerbIsNotFound(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.open(t, told("It leaks."))
	w := d.as(t, "supervisor")
	require.Equal(t, http.StatusNotFound, w.get(t, "/cases/RC2026-0000001").Code)
	require.Equal(t, http.StatusNotFound, w.post(t, "/cases/"+number+"/explode", url.Values{}).Code)
	require.Equal(t, http.StatusNotFound, w.post(t, "/cases/"+number+"/open", url.Values{}).Code)
	require.Equal(t, http.StatusForbidden, d.as(t, "auditor").post(t, "/cases/"+number+"/note", url.Values{"text": {"x"}, "audience": {"internal"}}).Code)
}

func TestALetterIsInTheCustomersLanguage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	n := told("水壶漏水。")
	n.Opened.Language = models.LanguageZH
	number := d.open(t, n)
	letter := d.as(t, "supervisor").get(t, "/cases/"+number+"/letters/receipt")
	require.Equal(t, http.StatusOK, letter.Code)
	require.Contains(t, letter.Body, `lang="zh-CN"`)
	require.Contains(t, letter.Text(), "投诉登记回执")
	require.Contains(t, letter.Text(), "Wang Wu")
	require.Equal(t, http.StatusNotFound, d.as(t, "supervisor").get(t, "/cases/"+number+"/letters/result").Code)
	require.Equal(t, http.StatusForbidden, d.as(t, "quality").get(t, "/cases/"+number+"/letters/receipt").Code)
}
