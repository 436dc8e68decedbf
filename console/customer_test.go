package console_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/vault"
	"recourse/models"
	"recourse/workflows/contract"
)

// resulted puts a complaint on record whose result was told.
func (d *desk) resulted(tb testing.TB) string {
	tb.Helper()
	number := d.dispatched(tb, told("The kettle leaks."))
	say := func(text string) map[string]string { return map[string]string{models.TextText: text} }
	d.act(tb, "handler", number, cases.Wish{
		Verb: models.VerbPropose, Data: models.Proposed{Measures: []models.Measure{{Owner: "handler", Due: d.now().Add(24 * time.Hour)}}},
		Words: map[string]string{models.TextSolution: "a new kettle", "measure.0": "send it"},
	})
	d.act(tb, "handler", number, cases.Wish{Verb: models.VerbTellSolution, Data: models.SolutionTold{Channel: models.ChannelPhone}, Words: say("You get a new kettle.")})
	d.act(tb, "handler", number, cases.Wish{
		Verb: models.VerbResolve, Data: models.Resolved{MeasuresDone: true, Outcome: models.OutcomeUpheld}, Words: map[string]string{models.TextResult: "sent"},
	})
	d.act(tb, "handler", number, cases.Wish{
		Verb: models.VerbTellResult, Data: models.ResultTold{Channel: models.ChannelPhone, Done: true, Effect: true, FollowUp: true, Thanks: true},
		Words: say("It is on its way. Thank you."),
	})
	return number
}

// offered offers the survey of a case's present cycle and returns its token.
func (d *desk) offered(tb testing.TB, number string, life time.Duration) string {
	tb.Helper()
	row, token := d.row(tb, number), uuid.NewString()
	until := d.now().Add(life)
	require.NoError(tb, d.store.PutSurvey(
		tb.Context(), models.Survey{CaseID: row.ID, Cycle: row.Cycle, OfferedAt: d.now(), ExpiresAt: until},
		models.Link{Hash: vault.TokenHash(token), CaseID: row.ID, Kind: models.LinkSurvey, Cycle: row.Cycle, CreatedAt: d.now(), ExpiresAt: &until}, nil,
	))
	return token
}

// pass passes on what customers said, as the relay does.
func (d *desk) pass(tb testing.TB, number string) (passed []models.Verb) {
	tb.Helper()
	row := d.row(tb, number)
	all, err := d.store.Incomings(tb.Context(), row.ID)
	require.NoError(tb, err)
	for _, in := range all {
		if in.State != models.IncomingPending {
			continue
		}
		var order contract.Order
		require.NoError(tb, json.Unmarshal(in.Command, &order))
		_, err := d.Engine.Command(tb.Context(), row.ID, order)
		require.NoError(tb, err)
		require.NoError(tb, d.store.IncomingPassed(tb.Context(), in.ID, d.now()))
		passed = append(passed, in.Verb)
	}
	return passed
}

func TestACustomerComplainsAndIsLedToTheirPage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "")
	require.Contains(t, w.get(t, "/complain").Text(), "Tell us what went wrong")
	form := url.Values{"key": {"k1"}, "text": {"The kettle leaks."}, "contact.email": {"wang@example.com"}, "severity": {"urgent"}, "mystery_shopper": {"yes"}, "answer": {"done"}}
	got := w.post(t, "/complain", form)
	require.Equal(t, http.StatusSeeOther, got.Code, got.Text())
	require.Equal(t, got.To(), w.post(t, "/complain", form).To(), "a double click is one complaint")
	row := d.row(t, d.numbers(t)[0])
	require.Len(t, d.numbers(t), 1)
	require.Equal(t, "/t/"+d.token(t, row.Number), got.To())
	require.Equal(t, "web-form", row.RecordedBy)
	require.Equal(t, models.ChannelWeb, row.Channel)
	require.Equal(t, models.SeverityGeneral, row.Severity, "how grave it is we judge")
	require.False(t, row.MysteryShopper)
	require.Nil(t, row.FirstReplyAt)
	page := w.get(t, got.To())
	require.Contains(t, page.Text(), "Your complaint is on record: "+row.Number)
	require.Contains(t, page.Text(), "A person answers you by 19 March 2026, 12:00 (UTC)")
	require.NotContains(t, page.Body, "wang@example.com")
	require.Equal(t, "noindex, nofollow", page.Header.Get("X-Robots-Tag"))
}

func TestARefusedComplaintKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for field, form := range map[string]url.Values{
		"contact":       {"text": {"It leaks."}},
		"contact.phone": {"text": {"It leaks."}, "contact.phone": {"x"}},
		"website":       {"text": {"It leaks."}, "contact.phone": {"13800138000"}, "website": {"http://buy.example"}},
		"text":          {"remedy": {"It leaks."}, "contact.phone": {"13800138000"}},
	} {
		got := d.as(t, "").post(t, "/complain", form)
		if field == "text" {
			d.wait(5 * time.Minute)
		}
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, field)
		require.Contains(t, got.Body, `id="fault-`+field+`"`, field)
		require.Contains(t, got.Body, "It leaks.", field)
	}
	require.Empty(t, d.numbers(t))
}

func TestWhoComplainsTooOftenWaitsAndLosesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "")
	send := func() answer {
		return w.post(t, "/complain", url.Values{"text": {"It leaks again."}, "anonymous": {"yes"}})
	}
	for range 5 {
		require.Equal(t, http.StatusSeeOther, send().Code)
	}
	got := send()
	require.Equal(t, http.StatusTooManyRequests, got.Code)
	require.NotEmpty(t, got.Header.Get("Retry-After"))
	require.Contains(t, got.Body, "It leaks again.")
	require.Len(t, d.numbers(t), 5)
	d.wait(time.Minute)
	require.Equal(t, http.StatusSeeOther, send().Code)
	for range 40 {
		got = w.get(t, "/t/wrong")
	}
	require.Equal(t, http.StatusTooManyRequests, got.Code)
	require.Contains(t, got.Text(), "One moment, please")
}

func TestTheSameWordsOfTwoCustomersAreTwoComplaints(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	send := func() answer { // as a program does, without a key
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/complain", strings.NewReader("text=It+leaks&anonymous=yes"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return d.as(t, "").send(t, r)
	}
	first, second := send(), send()
	require.NotEqual(t, first.To(), second.To(), "nobody is led to somebody else's page")
	require.Len(t, d.numbers(t), 2)
}

func TestAnAnonymousComplaintKeepsNoContact(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "")
	got := w.post(t, "/complain", url.Values{"text": {"The manager is rude."}, "anonymous": {"yes"}, "contact.name": {"Wang Wu"}, "contact.phone": {"13800138000"}})
	require.Equal(t, http.StatusSeeOther, got.Code, got.Text())
	row := d.row(t, d.numbers(t)[0])
	require.Empty(t, row.CustomerID)
	require.Contains(t, w.get(t, got.To()).Text(), "You stay anonymous")
}

func TestTheStatusPageSaysWhereItStandsInTheLanguageOfTheCase(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	n := told("水壶漏水")
	n.Opened.Language, n.Opened.Zone = models.LanguageZH, "Asia/Shanghai"
	path := "/t/" + d.token(t, d.open(t, n))
	w := d.as(t, "")
	page := w.get(t, path)
	require.Contains(t, page.Text(), "我们已收到您的投诉")
	require.Contains(t, page.Text(), "最迟 2026年3月19日 20:00（北京时间），工作人员会答复您。")
	require.Equal(t, http.StatusSeeOther, w.post(t, "/preferences", url.Values{"language": {"en"}, "to": {path}}).Code)
	require.Contains(t, w.get(t, path).Text(), "We have your complaint", "they chose English here")
	require.NotContains(t, d.as(t, "supervisor").get(t, path).Body, "/queue", "nothing of ours stands around it")
	d.wait(25 * time.Hour)
	require.Contains(t, w.get(t, path).Text(), "We are late. We are sorry.")
}

func TestTheStatusPageTellsWhatWasSaid(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.resulted(t)
	w, path := d.as(t, ""), "/t/"+d.token(t, number)
	page := w.get(t, path)
	for _, says := range []string{"Our solution", "You get a new kettle.", "The result", "It is on its way.", "Is your problem solved?", "No, it is not solved", "Choose another time", "Take the complaint back"} {
		require.Contains(t, page.Text(), says)
	}
	require.NotContains(t, page.Text(), "find out", "what we say among ourselves is not for them")
	said := w.post(t, path+"/message", url.Values{"text": {"When does it come?"}})
	require.Equal(t, path, said.To())
	page = w.get(t, path)
	require.Contains(t, page.Text(), "We have your message.")
	require.Contains(t, page.Text(), "It is being passed on")
	require.Equal(t, []models.Verb{models.VerbMessage}, d.pass(t, number))
	page = w.get(t, path)
	require.Contains(t, page.Text(), "When does it come?")
	require.Contains(t, page.Text(), "Your last message is answered by")
	require.NotContains(t, page.Text(), "It is being passed on")
}

func TestTheCustomerConfirmsOrNot(t *testing.T) {
	t.Parallel()
	for verb, ends := range map[string]models.State{"confirm": models.StateClosed, "not-solved": models.StateInvestigating, "withdraw": models.StateWithdrawn} {
		d := newDesk(t)
		number := d.resulted(t)
		w, path := d.as(t, ""), "/t/"+d.token(t, number)
		if verb != "confirm" {
			empty := w.post(t, path+"/"+verb, url.Values{"text": {"  "}})
			require.Equal(t, http.StatusUnprocessableEntity, empty.Code, verb)
			require.Contains(t, empty.Body, `id="fault-text"`)
		}
		form := url.Values{"key": {"k"}, "text": {"It came, and it leaks."}}
		require.Equal(t, path, w.post(t, path+"/"+verb, form).To())
		require.Equal(t, path, w.post(t, path+"/"+verb, form).To())
		require.NotContains(t, w.get(t, path).Text(), "Is your problem solved?", "what was said is not asked again")
		require.Len(t, d.pass(t, number), 1, "twice is once")
		require.Equal(t, ends, d.row(t, number).State, verb)
		require.Equal(t, http.StatusOK, w.get(t, path).Code)
	}
}

func TestTheCustomerChoosesWhenToBeCalled(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.resulted(t)
	w, path := d.as(t, ""), "/t/"+d.token(t, number)
	for given, says := range map[string]string{"": "fault-to", "soon": "fault-to", "2026-03-17T10:00": "fault-to"} {
		got := w.post(t, path+"/reschedule", url.Values{"to": {given}})
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, given)
		require.Contains(t, got.Body, says)
	}
	w.cookies["zone"] = "Asia/Shanghai" // their browser says so
	require.Equal(t, path, w.post(t, path+"/reschedule", url.Values{"to": {"2026-03-20T10:00"}}).To())
	all, err := d.store.Incomings(t.Context(), d.row(t, number).ID)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Contains(t, string(all[0].Command), "2026-03-20T02:00:00Z")
}

func TestASurveyIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.resulted(t)
	w, path := d.as(t, ""), "/s/"+d.offered(t, number, 7*24*time.Hour)
	require.Contains(t, w.get(t, path).Text(), "How content are you with the result?")
	empty := w.post(t, path, url.Values{"text": {"nice words only"}})
	require.Equal(t, http.StatusUnprocessableEntity, empty.Code)
	require.Contains(t, empty.Body, "nice words only")
	for field, wrong := range map[string]string{"result": "6", "recommend": "11", "speed": "0", "attitude": "many"} {
		require.Contains(t, w.post(t, path, url.Values{"process": {"4"}, field: {wrong}}).Body, `id="fault-`+field+`"`, field)
	}
	form := url.Values{"key": {"k"}, "result": {"5"}, "process": {"4"}, "recommend": {"0"}, "text": {"漂亮"}}
	require.Equal(t, path, w.post(t, path, form).To())
	require.Equal(t, path, w.post(t, path, form).To(), "a double click")
	require.Contains(t, w.get(t, path).Text(), "Thank you!")
	other := w.post(t, path, url.Values{"key": {"k2"}, "result": {"1"}})
	require.Equal(t, http.StatusGone, other.Code)
	require.Contains(t, other.Text(), "A survey is answered once.")
	require.Equal(t, []models.Verb{models.VerbAnswerSurvey}, d.pass(t, number))
	require.Equal(t, 5, d.row(t, number).ResultScore)
}

func TestASurveyIsSaidToBeOverWhenItIs(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.resulted(t)
	token := d.offered(t, number, time.Hour)
	d.act(t, "intake", number, cases.Wish{Verb: models.VerbWithdraw, Data: models.Withdrawn{}, Words: map[string]string{models.TextReason: "they said so", models.TextText: "they said so"}})
	w := d.as(t, "")
	require.Contains(t, w.get(t, "/s/"+token).Text(), "This survey is over")
	got := w.post(t, "/s/"+token, url.Values{"result": {"5"}})
	require.Equal(t, http.StatusGone, got.Code)
	require.Contains(t, got.Text(), "This survey is over")
	d.wait(time.Hour)
	for _, expired := range []answer{w.get(t, "/s/"+token), w.post(t, "/s/"+token, url.Values{"result": {"5"}})} {
		require.Equal(t, http.StatusGone, expired.Code)
		require.Contains(t, expired.Text(), "This link has expired")
	}
}

func TestAWrongLinkGetsAKindPage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.resulted(t)
	status, survey := d.token(t, number), d.offered(t, number, time.Hour)
	w := d.as(t, "")
	for _, got := range []answer{
		w.get(t, "/t/nothing"), w.get(t, "/s/nothing"), w.get(t, "/t/"+survey), w.get(t, "/s/"+status),
		w.post(t, "/t/nothing/message", url.Values{"text": {"x"}}), w.post(t, "/t/nothing/message", url.Values{}), w.post(t, "/s/nothing", url.Values{"result": {"5"}}),
		w.post(t, "/t/"+survey+"/confirm", url.Values{}), w.post(t, "/t/nothing/reschedule", url.Values{"to": {"2026-03-20T10:00"}}),
	} {
		require.Equal(t, http.StatusNotFound, got.Code)
		require.Contains(t, got.Text(), "This link does not lead anywhere")
		require.NotContains(t, got.Body, `href="/sign-in`)
		require.NotContains(t, got.Body, number)
	}
}

func TestLookingAtALinkChangesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.resulted(t)
	row := d.row(t, number)
	w := d.as(t, "")
	for _, path := range []string{"/t/" + d.token(t, number), "/s/" + d.offered(t, number, time.Hour)} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			for _, below := range []string{"", "?result=1&text=x", "/confirm", "/withdraw", "/not-solved?text=x"} {
				w.send(t, httptest.NewRequestWithContext(t.Context(), method, path+below, strings.NewReader("")))
			}
		}
		d.wait(time.Minute)
	}
	all, err := d.store.Incomings(t.Context(), row.ID)
	require.NoError(t, err)
	require.Empty(t, all)
	require.Equal(t, row.Seq, d.row(t, number).Seq)
}

func TestWhatACustomerTypesIsNoMoreThanText(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.resulted(t)
	w, path := d.as(t, ""), "/t/"+d.token(t, number)
	naughty := `</textarea><script>alert(1)</script>` + strings.Repeat("漏", 9000)
	require.Equal(t, path, w.post(t, path+"/message", url.Values{"text": {naughty}}).To())
	d.pass(t, number)
	page := w.get(t, path)
	require.NotContains(t, page.Body, "<script>alert")
	require.Contains(t, page.Body, "&lt;script&gt;alert(1)")
	long := w.post(t, path+"/message", url.Values{"text": {strings.Repeat("漏", 20001)}})
	require.Equal(t, http.StatusUnprocessableEntity, long.Code)
	require.Contains(t, long.Text(), "At most 20,000 characters.")
	require.Equal(t, http.StatusUnprocessableEntity, w.post(t, path+"/message", url.Values{"text": {"a\x00b"}}).Code)
	require.Equal(t, http.StatusRequestEntityTooLarge, w.post(t, path+"/message", url.Values{"text": {strings.Repeat("x", 1<<19)}}).Code)
}
