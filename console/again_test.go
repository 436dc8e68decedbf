package console_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/lifecycle"
	"recourse/internal/pgtest"
	"recourse/models"
)

var errAway = models.Refuse(models.CodeUnavailable, "the engine is away; nothing was done, try again")

func TestWhatCouldNotBeSettledIsSettledAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	clerk := models.Person{ID: "settler", Name: "Name of settler", Email: "settler@example.com", Language: models.LanguageEN, Roles: []models.Role{models.RoleIntake, models.RoleHandler}, Departments: []string{"sales"}, CreatedAt: noon}
	require.NoError(t, d.store.PutPerson(t.Context(), clerk))
	w := d.as(t, "settler")
	again := func(got answer, text string) answer {
		return w.post(t, "/intake/"+d.numbers(t)[0]+"/settle", url.Values{
			"key": {got.Hidden("key")}, "channel": {got.Hidden("channel")}, "nature": {got.Hidden("nature")}, "settle.department": {got.Hidden("settle.department")},
			"settle.text": {text}, "settle.result": {"It is warm."}, "settle.outcome": {"upheld"},
		})
	}
	form := filled("settle", "yes", "settle.text", "Switched it on.", "settle.result", "It is warm.", "settle.outcome", "upheld", "settle.department", "sales")
	d.away = models.Unlawful(models.VerbSettle, models.StateReceived)
	refused := w.post(t, "/intake", form)
	require.Equal(t, http.StatusConflict, refused.Code, refused.Text())
	require.NotEqual(t, form.Get("key"), refused.Hidden("key"), "what was refused was not done: this is another wish")
	d.away = models.Refuse(models.CodeOutcomeUnknown, "it may have been done")
	unknown := again(refused, "Switched it on.")
	require.Contains(t, unknown.Body, "Switched it on.</textarea>", unknown.Text())
	require.Equal(t, refused.Hidden("key"), unknown.Hidden("key"), "it may have been done: this is the same wish")
	d.away = nil
	changed := again(unknown, "Switched it on and off.")
	require.Contains(t, changed.Body, "Switched it on and off.</textarea>", changed.Text())
	sent := again(changed, "Switched it on and off.")
	require.Equal(t, http.StatusSeeOther, sent.Code, sent.Text())
	require.Equal(t, models.StateFollowingUp, d.row(t, d.numbers(t)[0]).State)
}

func TestAnIntakeOfUnknownOutcomeIsSettledFromThePageThatSaysSo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	clerk := models.Person{ID: "settler", Name: "Name of settler", Email: "settler@example.com", Language: models.LanguageEN, Roles: []models.Role{models.RoleIntake, models.RoleHandler}, Departments: []string{"sales"}, CreatedAt: noon}
	require.NoError(t, d.store.PutPerson(t.Context(), clerk))
	w := d.as(t, "settler")
	d.away = models.Refuse(models.CodeOutcomeUnknown, "it may have been done")
	got := w.post(t, "/intake", filled("settle", "yes", "settle.text", "Switched it on.", "settle.result", "It is warm.", "settle.outcome", "upheld", "settle.department", "sales"))
	d.away = nil
	sent := w.post(t, "/intake/"+d.numbers(t)[0]+"/settle", url.Values{
		"key": {got.Hidden("key")}, "channel": {got.Hidden("channel")}, "nature": {got.Hidden("nature")}, "settle.department": {got.Hidden("settle.department")},
		"settle.text": {"Switched it on."}, "settle.result": {"It is warm."}, "settle.outcome": {"upheld"},
	})
	require.Equal(t, http.StatusSeeOther, sent.Code, sent.Text())
}

func TestAFormThatIsCorrectedWhileTheEngineIsAwayIsNotLost(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	w := d.as(t, "handler")
	form := url.Values{"key": {"k-1"}, "if_seq": {w.get(t, "/cases/"+number).Hidden("if_seq")}, "channel": {"phone"}, "text": {"My long anser."}}
	d.away = errAway
	refused := w.post(t, "/cases/"+number+"/reply", form)
	require.Equal(t, http.StatusServiceUnavailable, refused.Code)
	require.Equal(t, "k-1", refused.Hidden("key"))
	require.Equal(t, form.Get("if_seq"), refused.Hidden("if_seq"), "an unchanged form is the same wish")
	d.away = nil
	form.Set("text", "My long answer.")
	reused := w.post(t, "/cases/"+number+"/reply", form)
	require.Contains(t, reused.Body, "My long answer.</textarea>", reused.Text())
	require.Contains(t, reused.Text(), "This form was sent before")
	form.Set("key", reused.Hidden("key"))
	require.NotEqual(t, "k-1", form.Get("key"))
	require.Equal(t, http.StatusSeeOther, w.post(t, "/cases/"+number+"/reply", form).Code)
}

func TestADecisionAndACallAreCorrectedAndSentAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.proposed(t)
	w := d.as(t, "executive")
	form := decision(w.get(t, "/decisions"), url.Values{"reason": {"Too der."}})
	d.away = errAway
	require.Equal(t, http.StatusServiceUnavailable, w.post(t, "/decisions/"+number+"/reject", form).Code)
	d.away = nil
	form.Set("reason", "Too dear.")
	got := w.post(t, "/decisions/"+number+"/reject", form)
	require.Contains(t, got.Body, "Too dear.</textarea>", got.Text())
	require.NotEqual(t, form.Get("key"), got.Hidden("key"))

	called := d.followedUp(t, "quality")
	w = d.as(t, "quality")
	page := w.get(t, "/callbacks/"+called)
	form = url.Values{"key": {page.Hidden("key")}, "if_seq": {page.Hidden("if_seq")}, "attempt": {"1"}, "outcome": {"reached_solved"}, "text": {"all is wel"}}
	d.away = errAway
	require.Equal(t, http.StatusServiceUnavailable, w.post(t, "/callbacks/"+called, form).Code)
	d.away = nil
	form.Set("text", "all is well")
	got = w.post(t, "/callbacks/"+called, form)
	require.Contains(t, got.Body, "all is well</textarea>", got.Text())
	form.Set("key", got.Hidden("key"))
	require.Equal(t, http.StatusSeeOther, w.post(t, "/callbacks/"+called, form).Code)
}

// timePasses lets the clocks of a case fire that are due in a year.
func (d *desk) timePasses(tb testing.TB, number string) {
	tb.Helper()
	c, err := lifecycle.Restore(d.row(tb, number))
	require.NoError(tb, err)
	c.Plan = plan()
	c, events := lifecycle.FireDue(c, d.now().AddDate(0, 1, 0))
	require.NotEmpty(tb, events)
	_, rec, err := lifecycle.Write(c, events)
	require.NoError(tb, err)
	require.NoError(tb, d.store.Record(tb.Context(), rec))
}

func TestASecondClickAfterTimeHasPassedIsOneReply(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.open(t, told("It leaks."))
	w := d.as(t, "supervisor")
	form := url.Values{"key": {"k-1"}, "if_seq": {w.get(t, "/cases/"+number).Hidden("if_seq")}, "channel": {"phone"}, "text": {"We look into it."}}
	d.timePasses(t, number)
	first, second := w.post(t, "/cases/"+number+"/reply", form), w.post(t, "/cases/"+number+"/reply", form)
	require.Equal(t, http.StatusSeeOther, first.Code, first.Text())
	require.Equal(t, http.StatusSeeOther, second.Code, second.Text())
	moments, err := d.Timeline(t.Context(), d.call(t, "supervisor").Actor, number)
	require.NoError(t, err)
	replies := 0
	for _, m := range moments {
		if m.Event.Kind == models.KindReplied {
			replies++
		}
	}
	require.Equal(t, 1, replies)
}

func TestWhatWasTypedIsToldWhereItsFormIsGone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	w := d.as(t, "handler")
	form := url.Values{"key": {"k-secret"}, "if_seq": {w.get(t, "/cases/"+number).Hidden("if_seq")}, "channel": {"phone"}, "text": {"My <b>long</b> answer."}}
	d.act(t, "department_head", number, cases.Wish{
		Verb: models.VerbTransfer, Data: models.Transferred{Department: "works"}, Words: map[string]string{models.TextReason: "theirs", models.TextObjective: "find out"},
	})
	for name, got := range map[string]answer{
		"the case has gone":    w.post(t, "/cases/"+number+"/reply", form),
		"the session has gone": d.as(t, "").post(t, "/cases/"+number+"/reply", form),
		"with a file":          d.as(t, "").send(t, upload(t, "/cases/"+number+"/reply", map[string]string{"text": form.Get("text")}, map[string]string{"a.txt": "of a file"})),
		"no such link":         d.as(t, "").post(t, "/t/nothing/message", url.Values{"key": {"k-secret"}, "text": form["text"]}),
	} {
		require.Contains(t, got.Body, "My &lt;b&gt;long&lt;/b&gt; answer.", name)
		require.NotContains(t, got.Body, "k-secret", name)
		require.NotContains(t, got.Body, "of a file", name)
	}
	got := d.as(t, "").post(t, "/account/password", url.Values{"old": {"a word of mine"}, "new": {"another word of mine"}})
	require.Equal(t, http.StatusUnauthorized, got.Code)
	require.NotContains(t, got.Body, "word of mine")
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/cases/"+number+"/reply", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	require.NotContains(t, w.send(t, r).Body, "answer.", "another site's words are not ours to show")
}

func TestAFormWithoutFilesIsNeverLarge(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	large := url.Values{"text": {strings.Repeat("x", 5<<20)}, "channel": {"phone"}}
	for _, path := range []string{"/cases/" + number + "/reply", "/intake"} {
		require.Equal(t, http.StatusRequestEntityTooLarge, d.as(t, map[bool]string{true: "intake", false: "handler"}[path == "/intake"]).post(t, path, large).Code, path)
	}
	require.Equal(t, http.StatusNotFound, d.as(t, "works-handler").post(t, "/cases/"+number+"/reply", large).Code, "whoever does not see the case is not read to the end")
}

func TestAFormThatAsksForNoFilesKeepsNone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	got := d.as(t, "handler").send(t, upload(t, "/cases/"+number+"/reply",
		map[string]string{"key": "k-1", "channel": "phone", "text": "My answer."}, map[string]string{"a.txt": "of a file"}))
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	require.Contains(t, got.Text(), "takes no attachments")
	require.Contains(t, got.Body, "My answer.</textarea>", "what was written is shown again")
	require.NotContains(t, got.Body, `name="attachment"`)
	require.NoError(t, d.store.AllFiles(t.Context(), func(kept models.Attachment) error {
		return fmt.Errorf("%s was staged", kept.ID)
	}))
}

func TestALargeFileIsRefusedBesideItsField(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	large := strings.Repeat("x", 20<<20+1)
	got := d.as(t, "handler").send(t, upload(t, "/cases/"+number+"/attach", map[string]string{"key": "k-1"}, map[string]string{"large.txt": large, "fine.txt": "Fine."}))
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	require.Contains(t, got.Text(), "large.txt")
	require.Contains(t, got.Body, " fine.txt\" checked")

	fields := map[string]string{}
	for name := range filled() {
		fields[name] = filled().Get(name)
	}
	clerk := d.as(t, "intake")
	got = clerk.send(t, upload(t, "/intake", fields, map[string]string{"large.txt": large, "fine.txt": "Fine."}))
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	require.Contains(t, got.Body, "The kettle leaks.")
	require.Contains(t, got.Text(), "large.txt")
	half := strings.Repeat("x", 15<<20)
	got = clerk.send(t, upload(t, "/intake", fields, map[string]string{"one.txt": half, "two.txt": half + "x"}))
	require.Equal(t, http.StatusSeeOther, got.Code, "several files may come: %.200s", got.Text())
}

func TestAFileMayTravelLongerThanAPage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.wait(time.Since(noon))
	number := d.dispatched(t, told("It leaks."))
	w := d.as(t, "handler")
	server := httptest.NewUnstartedServer(d.console)
	server.Config.ReadTimeout, server.Config.WriteTimeout = time.Second, time.Second
	server.Start()
	t.Cleanup(server.Close)
	body, far := io.Pipe()
	parts := multipart.NewWriter(far)
	go func() {
		_ = parts.WriteField("key", "k-1")
		part, _ := parts.CreateFormFile("attachments", "slow.txt")
		_, _ = part.Write(bytes.Repeat([]byte("slow "), 1000))
		time.Sleep(1500 * time.Millisecond)
		_, _ = part.Write([]byte("enough"))
		_ = parts.Close()
		_ = far.Close()
	}()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/cases/"+number+"/attach", body)
	require.NoError(t, err)
	r.Header.Set("Content-Type", parts.FormDataContentType())
	for name, value := range w.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	got, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	require.NoError(t, err)
	require.NoError(t, got.Body.Close())
	require.Equal(t, http.StatusSeeOther, got.StatusCode)
}

func TestACallThatLostARaceIsSentAfterAll(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.followedUp(t, "")
	w := d.as(t, "quality")
	page := w.get(t, "/callbacks/"+number)
	form := url.Values{"key": {page.Hidden("key")}, "if_seq": {page.Hidden("if_seq")}, "attempt": {page.Hidden("attempt")}, "outcome": {"reached_solved"}, "text": {"all is well"}}
	d.act(t, "supervisor", number, cases.Wish{Verb: models.VerbRecordCallback, Data: models.CallbackRecorded{Attempt: 1, Outcome: models.CallbackNoAnswer}})
	lost := w.post(t, "/callbacks/"+number, form)
	require.Contains(t, lost.Body, "all is well</textarea>", lost.Text())
	require.Equal(t, "2", lost.Hidden("attempt"), "what comes of the case is drawn anew")
	for _, name := range []string{"key", "if_seq", "attempt"} {
		form.Set(name, lost.Hidden(name))
	}
	c, err := lifecycle.Restore(d.row(t, number))
	require.NoError(t, err)
	d.wait(c.Callback.NotBefore.Sub(d.now()) + time.Minute)
	sent := w.post(t, "/callbacks/"+number, form)
	require.Equal(t, http.StatusSeeOther, sent.Code, sent.Text())
}

func TestAnotherMessageWithTheSameKeyIsNotThankedForAndDropped(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.resulted(t)
	w, path := d.as(t, ""), "/t/"+d.token(t, number)
	form := url.Values{"key": {"k-1m"}, "text": {"It drips."}}
	for range 2 {
		require.Equal(t, path, w.post(t, path+"/message", form).To())
	}
	form.Set("text", "It drips and hisses.")
	got := w.post(t, path+"/message", form)
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	require.Contains(t, got.Body, "It drips and hisses.</textarea>")
	require.Contains(t, got.Text(), "This form was sent before")
	require.NotContains(t, got.Body, `value="k-1m`)
	require.Equal(t, path, w.post(t, path+"/message", url.Values{"key": {"k-2m"}, "text": form["text"]}).To())
	require.Len(t, d.pass(t, number), 2)
}

func TestAnAddressThatIsNoTextLeadsNowhere(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "supervisor")
	for _, path := range []string{"/alerts/%00/acknowledge", "/account/sessions/%ff/end", "/cases/%00/reply", "/t/%00/message"} {
		require.Equal(t, http.StatusNotFound, w.post(t, path, url.Values{"text": {"x"}}).Code, path)
	}
	require.Equal(t, http.StatusNotFound, w.get(t, "/cases/%fe").Code)
	for _, path := range []string{"/queue?q=%00", "/queue?department=%ff", "/inbox?cursor=%00", "/alerts?x=%00", "/t/nothing?x=%ff"} {
		require.Equal(t, http.StatusUnprocessableEntity, w.get(t, path).Code, path)
	}
}

func TestTheKeyOfAFormIsBounded(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	d.away = errAway
	got := d.as(t, "handler").post(t, "/cases/"+number+"/reply", url.Values{"key": {strings.Repeat("k", 5000)}, "channel": {"phone"}, "text": {"x"}})
	require.Equal(t, http.StatusServiceUnavailable, got.Code)
	require.LessOrEqual(t, len(got.Hidden("key")), 200)
	require.NotEmpty(t, got.Hidden("key"))
}

func TestPostgresIsAskedForNothingThatItCannotTake(t *testing.T) {
	t.Parallel()
	d := deskOn(t, pgtest.URL(t))
	w := d.as(t, "supervisor")
	for _, path := range []string{"/alerts/%00/acknowledge", "/account/sessions/%ff/end"} {
		require.Equal(t, http.StatusNotFound, w.post(t, path, url.Values{}).Code, path)
	}
	forged := base64.RawURLEncoding.EncodeToString([]byte("1 a\x00b"))
	require.Equal(t, http.StatusUnprocessableEntity, w.get(t, "/inbox?cursor="+forged).Code)
	number := d.dispatched(t, told("It leaks."))
	random := make([]byte, 6000)
	_, err := rand.Read(random)
	require.NoError(t, err)
	got := d.as(t, "handler").post(t, "/cases/"+number+"/reply", url.Values{"key": {hex.EncodeToString(random)}, "channel": {"phone"}, "text": {"x"}})
	require.Equal(t, http.StatusSeeOther, got.Code, "a key of any length")
}
