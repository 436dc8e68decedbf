package notify_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"recourse/internal/notify"
	"recourse/models"
)

func urgent(o *models.Opened) { o.Severity = models.SeverityUrgent }

// oneAtATime hands out one message, as to a process that dies after each.
type oneAtATime struct{ notify.Outbox }

func (o oneAtATime) DueMessages(ctx context.Context, now time.Time, lease time.Duration, _ int) ([]models.Message, error) {
	return o.Outbox.DueMessages(ctx, now, lease, 1)
}

func TestAnAlertReachesTwoRobotsAndAPersonOnceEachThoughTheDispatcherIsKilledBetweenAttempts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, handler, head, sue, executive)
	second := w.receive(nil)
	w.endpoint("hook-2", models.MessageWebhook, second.URL)
	busy := w.receive(func(out http.ResponseWriter, n int) {
		if n == 1 {
			out.WriteHeader(http.StatusBadGateway)
			return
		}
		_, _ = io.WriteString(out, `{"errcode":0}`)
	})
	feishu, hook := w.receive(nil), w.receive(nil)
	w.endpoint("wecom", models.MessageWeCom, busy.URL+"/send?key=0123456789")
	w.endpoint("feishu", models.MessageFeishu, feishu.URL)
	w.endpoint("hook", models.MessageWebhook, hook.URL)
	c := w.fire(w.dispatch(w.open("c-1", wang, urgent)))
	w.wait(time.Second)
	w.fire(c)
	w.options.Outbox = oneAtATime{w.store}
	for range 3 {
		for {
			n, err := notify.NewDispatcher(w.options).Once(t.Context()) // a new process for each message
			require.NoError(t, err)
			if n == 0 {
				break
			}
		}
		w.wait(10 * time.Minute)
	}
	require.Len(t, w.with("c-1", func(m models.Message) bool { return m.Template == "alert" && len(m.Roles) > 0 }), 1)
	require.Equal(t, []string{"eve", "hedy"}, w.readers("c-1", "alert"), "nobody is escalation manager")
	require.Len(t, feishu.all(), 1)
	require.Len(t, busy.all(), 2, "a failure, and the alert")
	byID := map[string]int{}
	for _, v := range hook.all() {
		byID[v.id]++
	}
	for id, n := range byID {
		require.Equal(t, 1, n, id)
	}
	require.Len(t, second.all(), len(hook.all()), "two of a kind are two")
	require.Contains(t, string(feishu.all()[0].body), c.Opened.Number)
	require.NotContains(t, string(feishu.all()[0].body), wang.Name)
	attempts := w.attempts("wecom")
	require.Len(t, attempts, 2)
	require.Equal(t, []int{2, 1}, []int{attempts[0].Attempt, attempts[1].Attempt})
	require.Equal(t, []models.MessageState{models.MessageSent, models.MessagePending}, []models.MessageState{attempts[0].Outcome, attempts[1].Outcome})
}

func TestEveryEventOfALifeArrivesWithoutAWordOfAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t, handler, head, sue, executive)
	hook := w.receive(func(out http.ResponseWriter, n int) {
		if n%5 == 0 {
			out.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	w.endpoint("hook", models.MessageWebhook, hook.URL)
	c := w.dispatch(w.open("c-1", wang, urgent))
	hal := handler
	c = w.do(c, hal.Actor(), models.VerbAccept, models.Accepted{Person: "hal"})
	c = w.do(c, hal.Actor(), models.VerbReply, models.Replied{Channel: models.ChannelPhone}, models.TextText)
	c = w.do(c, sue.Actor(), models.VerbRestrict, models.Restricted{Circle: []string{"hal", "sue"}, Named: []string{"eve"}}, models.TextReason)
	circle := c.Seq
	c = w.do(c, sue.Actor(), models.VerbRestrict, models.Restricted{}, models.TextReason)
	w.wait(time.Second)
	c = w.fire(c)
	for range 8 {
		w.work()
		w.wait(10 * time.Minute)
	}
	seqs := map[int64]models.Kind{}
	for _, v := range hook.all() {
		e := told(t, v)
		seqs[e.Data.Seq] = e.Data.Kind
		require.Equal(t, "case."+string(e.Data.Kind), e.Type)
		require.Equal(t, c.Opened.Number, e.Data.Number)
		if e.Data.Seq == circle {
			require.Empty(t, e.Data.Data, "of people nothing is said, not even how many")
		}
		for _, secret := range []string{`"hal"`, `"sue"`, `"eve"`, `"ivy"`, wang.Name, wang.Phone, wang.Email, "canary", "cu-c-1", c.Opened.KeyID, "cmd-", "换一台"} {
			require.NotContains(t, string(v.body), secret, "%s", v.body)
		}
		if e.Data.Kind == models.KindEscalated {
			require.Contains(t, e.Data.Alert.Title+e.Data.Alert.Text, c.Opened.Number)
		}
	}
	for seq := int64(1); seq <= c.Seq; seq++ {
		require.NotEmpty(t, seqs[seq], "event %d of %d did not arrive", seq, c.Seq)
	}
	require.Equal(t, models.KindOpened, seqs[1])
}

func TestWhateverAWebhookAnswersCostsOneAttemptAndNeverTheCase(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(out http.ResponseWriter, n int){
		"garbage": func(out http.ResponseWriter, _ int) {
			out.WriteHeader(http.StatusInternalServerError)
			_, _ = out.Write([]byte{0, 255, 1, '<'})
		},
		"null": func(out http.ResponseWriter, _ int) {
			out.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(out, "null")
		},
		"10 MB": func(out http.ResponseWriter, _ int) {
			out.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(out, strings.Repeat("x", 10<<20))
		},
		"nothing": func(out http.ResponseWriter, _ int) {
			if there, is := out.(http.Hijacker); is {
				conn, _, err := there.Hijack()
				if err == nil {
					_ = conn.Close()
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, handler, head, sue, executive)
			w.options.Concurrency = 1
			hook := w.receive(answer)
			w.endpoint("hook", models.MessageWebhook, hook.URL)
			c := w.dispatch(w.open("c-1", wang))
			w.work()
			require.Len(t, hook.all(), 1, "the others wait until it is well again")
			attempts := w.attempts("hook")
			require.Len(t, attempts, 1)
			require.LessOrEqual(t, len([]rune(attempts[0].Answer)), 500)
			require.NotContains(t, attempts[0].Answer, "\x00")
			copies := w.with("c-1", func(m models.Message) bool { return m.Endpoint != "" })
			require.Len(t, copies, int(c.Seq))
			tried := 0
			for _, m := range copies {
				require.Equal(t, models.MessagePending, m.State)
				tried += m.Attempts
			}
			require.Equal(t, 1, tried, "only what was tried counts")
			require.Equal(t, []string{"hedy", "sue"}, w.readers("c-1", "work_order"), "people hear as ever")
			w.do(c, sue.Actor(), models.VerbNote, models.Noted{Audience: models.AudienceInternal}, models.TextText)
		})
	}
}

func TestARedeliveryBearsTheSameID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hook := w.receive(nil)
	w.endpoint("hook", models.MessageWebhook, hook.URL)
	w.open("c-1", wang)
	w.work()
	require.Len(t, hook.all(), 1)
	id := hook.all()[0].id
	require.NoError(t, w.store.Redeliver(t.Context(), id, w.clock()))
	w.wait(time.Second)
	w.work()
	require.Len(t, hook.all(), 2)
	require.Equal(t, id, hook.all()[1].id)
	require.Equal(t, hook.all()[0].body, hook.all()[1].body)
	attempts := w.attempts("hook")
	require.Len(t, attempts, 2)
	require.Equal(t, []string{id, id}, []string{attempts[0].MessageID, attempts[1].MessageID})
}

func TestAMessageThatNobodyTakesForADayIsGivenUpAndItsLastAttemptSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hook := w.receive(func(out http.ResponseWriter, _ int) { out.WriteHeader(http.StatusNotFound) })
	w.endpoint("hook", models.MessageWebhook, hook.URL)
	w.open("c-1", wang)
	for range notify.Attempts + 2 {
		w.work()
		w.wait(5 * time.Hour)
	}
	attempts := w.attempts("hook")
	require.Len(t, attempts, notify.Attempts)
	require.Equal(t, models.MessageFailed, attempts[0].Outcome)
	require.Equal(t, models.MessagePending, attempts[1].Outcome)
	require.Equal(t, models.MessageFailed, w.with("c-1", func(m models.Message) bool { return m.Endpoint != "" })[0].State)
}

func TestBothSecretsSignUntilTheOldOneIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hook := w.receive(nil)
	w.endpoint("hook", models.MessageWebhook, hook.URL, func(e *models.Endpoint, a *models.EndpointAccess) {
		a.Previous = oldSecret
		e.PreviousUntil = new(w.clock().Add(time.Hour))
	})
	verifies := func(v visit, secret string) bool {
		with, err := standardwebhooks.NewWebhook(secret)
		require.NoError(t, err)
		return with.Verify(v.body, v.header) == nil
	}
	w.open("c-1", wang)
	w.work()
	w.wait(time.Hour)
	w.open("c-22", wang)
	w.work()
	got := hook.all()
	require.Len(t, got, 2)
	require.Equal(t, []bool{true, true, true, false}, []bool{
		verifies(got[0], newSecret), verifies(got[0], oldSecret), verifies(got[1], newSecret), verifies(got[1], oldSecret),
	})
}

func TestAGuardedCaseIsNobodysBusinessOutside(t *testing.T) {
	t.Parallel()
	w := newWorld(t, handler, head, sue, executive)
	hook, robot, trusted := w.receive(nil), w.receive(nil), w.receive(nil)
	w.endpoint("hook", models.MessageWebhook, hook.URL)
	w.endpoint("robot", models.MessageDingTalk, robot.URL)
	w.endpoint("trusted", models.MessageWebhook, trusted.URL, func(e *models.Endpoint, _ *models.EndpointAccess) { e.Confidential = true })
	c := w.dispatch(w.open("c-1", wang, urgent, func(o *models.Opened) { o.Confidential = true }))
	w.wait(time.Second)
	c = w.fire(c)
	w.work()
	require.Empty(t, hook.all())
	require.Empty(t, robot.all())
	require.Empty(t, w.with("c-1", func(m models.Message) bool { return m.Endpoint == "hook" || m.Endpoint == "robot" }), "not even put into their hands")
	require.Len(t, trusted.all(), int(c.Seq))
	for _, v := range trusted.all() {
		e := told(t, v)
		require.JSONEq(t, fmt.Sprintf(`{"number":%q,"seq":%d,"kind":%q}`, c.Opened.Number, e.Data.Seq, e.Data.Kind), dataOf(t, v))
	}
}

func TestAnEndpointGetsOnlyTheCasesThatItIsFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, handler, head, sue, executive)
	hook := w.receive(nil)
	only := func(change func(*models.Endpoint)) func(*models.Endpoint, *models.EndpointAccess) {
		return func(e *models.Endpoint, _ *models.EndpointAccess) { change(e) }
	}
	w.endpoint("urgent", models.MessageWebhook, hook.URL, only(func(e *models.Endpoint) { e.Severities = []models.Severity{models.SeverityUrgent} }))
	w.endpoint("service", models.MessageWebhook, hook.URL, only(func(e *models.Endpoint) { e.Department = "service" }))
	w.endpoint("off", models.MessageWebhook, hook.URL, only(func(e *models.Endpoint) { e.DisabledAt = new(monday) }))
	w.dispatch(w.open("c-1", wang))
	w.open("c-22", wang, func(o *models.Opened) { o.Sample = true })
	w.work()
	require.Empty(t, hook.all())
	for _, m := range w.with("c-1", func(m models.Message) bool { return m.Template == models.TemplateEvent }) {
		require.Equal(t, "no webhook is for this case", m.LastError)
	}
}

func TestARobotIsNeverAskedTooOftenAndLosesNoAlert(t *testing.T) {
	t.Parallel()
	w := newWorld(t, head)
	robot := w.receive(nil)
	e := w.endpoint("robot", models.MessageWeCom, robot.URL, func(e *models.Endpoint, _ *models.EndpointAccess) { e.PerMinute = 20 })
	c := w.open("c-1", wang, urgent)
	w.wait(time.Second)
	c = w.fire(c)
	const alerts = 100
	var all []models.Message
	for i := range alerts {
		all = append(all, models.Message{
			ID: fmt.Sprint("alert-", i), CaseID: c.ID, Seq: c.Seq, Template: "alert", Channel: e.Channel, Endpoint: e.ID, Language: models.LanguageEN,
			State: models.MessagePending, CreatedAt: w.clock(), NextAt: w.clock(), KeyID: c.Opened.KeyID,
		})
	}
	w.work()
	sofar := len(robot.all())
	require.NoError(t, w.store.PutMessages(t.Context(), all))
	d := notify.NewDispatcher(w.options)
	for second := 0; second < 600 && len(robot.all()) < alerts+sofar; second++ {
		for n := 1; n > 0; {
			var err error
			n, err = d.Once(t.Context())
			require.NoError(t, err)
		}
		w.wait(time.Second)
	}
	visits := robot.all()[sofar:]
	require.Len(t, visits, alerts)
	for i, v := range visits {
		within := slices.IndexFunc(visits[i:], func(later visit) bool { return !later.at.Before(v.at.Add(time.Minute)) })
		if within < 0 {
			within = len(visits) - i
		}
		require.LessOrEqual(t, within, 20, "in the minute from %s", v.at)
	}
	for _, m := range w.with("c-1", func(m models.Message) bool { return strings.HasPrefix(m.ID, "alert-") }) {
		require.Equal(t, models.MessageSent, m.State)
		require.Equal(t, 1, m.Attempts, "waiting is no attempt")
	}
	require.Less(t, visits[alerts-1].at.Sub(visits[0].at), 8*time.Minute, "nor does it take for ever")
}

func TestAnAlertLeavesByTheWaysOfItsRung(t *testing.T) {
	t.Parallel()
	hedy := withMail(head)
	hedy.Phone = "13900000000"
	for name, want := range map[string]struct {
		by   []models.AlertWay
		ways []models.MessageChannel
	}{
		"as ever":    {nil, []models.MessageChannel{models.MessageEmail, models.MessageFeishu, models.MessageInbox}},
		"by phone":   {[]models.AlertWay{models.WaySMS, models.WayVoice}, []models.MessageChannel{models.MessageInbox, models.MessageSMS, models.MessageVoice}},
		"inbox only": {[]models.AlertWay{models.WayInbox}, []models.MessageChannel{models.MessageInbox}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			office := openPostOffice(t)
			w := newWorld(t, hedy)
			w.options.Mailer = office.mailer(t)
			gateway := w.receive(nil)
			for _, ch := range []models.MessageChannel{models.MessageFeishu, models.MessageSMS, models.MessageVoice} {
				w.endpoint(string(ch), ch, gateway.URL)
			}
			c := w.dispatch(w.open("c-1", models.Contact{Email: "wang@example.org"}, urgent))
			for l := range c.Plan.Ladders {
				for r := range c.Plan.Ladders[l].Rungs {
					c.Plan.Ladders[l].Rungs[r].By = want.by
				}
			}
			w.wait(time.Second)
			w.fire(c)
			w.work()
			var ways []models.MessageChannel
			for _, m := range w.with("c-1", func(m models.Message) bool { return m.Template == "alert" && len(m.Roles) == 0 }) {
				require.Equal(t, models.MessageSent, m.State, m.LastError)
				ways = append(ways, m.Channel)
			}
			slices.Sort(ways)
			require.Equal(t, want.ways, ways)
			for _, d := range append(w.attempts("sms"), w.attempts("voice")...) {
				require.Empty(t, d.Answer, "a gateway may repeat the number")
			}
		})
	}
}

func TestACustomerWithoutAMailAddressGetsAnSMSWhereThereIsAGateway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gateway := w.receive(nil)
	w.endpoint("sms", models.MessageSMS, gateway.URL)
	w.open("c-1", models.Contact{Phone: "13800000000"})
	w.open("c-22", models.Contact{ExternalID: "x"})
	w.work()
	require.Len(t, gateway.all(), 1)
	require.Contains(t, string(gateway.all()[0].body), `"to":"13800000000"`)
	sms := w.with("c-1", func(m models.Message) bool { return m.Channel == models.MessageSMS })
	require.Len(t, sms, 1)
	require.Equal(t, models.MessageSent, sms[0].State)
	require.NotContains(t, string(sms[0].Body), "138", "sealed")
	require.Equal(t, "no mail server is configured", w.only("c-22", "receipt", models.MessageEmail, "").LastError)
}
