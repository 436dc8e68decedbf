package notify_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"recourse/internal/notify"
	"recourse/models"
)

var wang = models.Contact{Name: "王小姐", Phone: "13800000000", Email: "wang@example.org"}

func withMail(p models.Person) models.Person {
	p.Email = p.ID + "@company.example"
	return p
}

func TestTheCustomerGetsAReceiptThatStatesTheCasesOwnDeadlines(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	w := newWorld(t)
	w.options.Mailer = office.mailer(t)
	c := w.open("c-1", wang)
	w.work()

	got := office.got()
	require.Len(t, got, 1)
	receipt := w.only(c.ID, "receipt", models.MessageEmail, "")
	require.Equal(t, models.MessageSent, receipt.State)
	require.Equal(t, "<"+receipt.ID+"@example.com>", got[0].id)
	require.Equal(t, "wang@example.org", got[0].to)
	require.Contains(t, got[0].subject, c.Opened.Number)
	require.Contains(t, got[0].body, "最迟 2026年3月3日 10:00（北京时间），会有工作人员给您答复", "24 hours")
	require.Contains(t, got[0].body, "最迟 2026年3月4日 10:00（北京时间），我们会把处理方案告诉您", "48 hours")
	require.Contains(t, got[0].body, "https://care.example.com/t/"+w.vault.LinkToken(models.StatusLink(c.ID)...))
	require.Equal(t, got[0].subject+"\n"+got[0].body, w.opened(receipt), "what was sent is what is kept")
	require.NotContains(t, string(receipt.Body), "RC2026")
	require.Equal(t, w.opened(receipt), w.opened(w.only(c.ID, "receipt", models.MessagePost, "")))
	require.Equal(t, map[string]int{"email sent": 1, "post sent": 1}, w.outcomes)
}

func TestAReceiptPromisesTheSeveritysTargetInTheCustomersZone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.open("c-1", wang, func(o *models.Opened) {
		o.Severity, o.Language, o.Zone = models.SeverityUrgent, models.LanguageEN, "Europe/Berlin"
	})
	w.work()
	words := w.opened(w.only(c.ID, "receipt", models.MessagePost, ""))
	require.Contains(t, words, "answer you by 2 March 2026, 04:00 (Europe/Berlin, UTC+01:00) at the latest", "one hour")
	require.Contains(t, words, "solution by 3 March 2026, 03:00 (Europe/Berlin, UTC+01:00)")
}

func TestAReceiptIsHonestAboutALetterThatWasReadTooLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.open("c-1", wang, func(o *models.Opened) {
		o.Channel, o.ReceivedAt = models.ChannelLetterBox, w.clock().Add(-30*time.Hour)
	})
	answered := w.open("c-22", wang, func(o *models.Opened) { o.Channel, o.Answered = models.ChannelPhone, true })
	w.work()
	words := w.opened(w.only(c.ID, "receipt", models.MessagePost, ""))
	require.Contains(t, words, "非常抱歉")
	require.NotContains(t, words, "工作人员给您答复")
	require.Contains(t, words, "最迟 2026年3月3日 04:00（北京时间），我们会把处理方案告诉您", "48 hours from receipt are still to come")

	words = w.opened(w.only(answered.ID, "receipt", models.MessagePost, ""))
	require.NotContains(t, words, "工作人员给您答复", "it was given in the call")
	require.NotContains(t, words, "抱歉")
}

func TestTheCustomersMailIsSkippedWhereThereIsNoWay(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	w := newWorld(t)
	w.open("c-1", wang)
	w.work()
	require.Equal(t, "no mail server is configured", w.only("c-1", "receipt", models.MessageEmail, "").LastError)

	w.options.Mailer = office.mailer(t)
	w.open("c-22", models.Contact{Phone: "13800000000"})
	w.open("c-333", wang, func(o *models.Opened) { o.Sample = true })
	acting := models.Contact{Phone: "1", Second: &models.SecondContact{Email: "son@example.org", ActsFor: true}}
	w.open("c-4444", acting)
	w.work()
	for id, why := range map[string]string{"c-22": "no mail address is known", "c-333": "samples get no mail"} {
		m := w.only(id, "receipt", models.MessageEmail, "")
		require.Equal(t, models.MessageSkipped, m.State)
		require.Equal(t, why, m.LastError)
		require.Equal(t, models.MessageSent, w.only(id, "receipt", models.MessagePost, "").State, "the page has it")
	}
	require.Len(t, office.got(), 1)
	require.Equal(t, "son@example.org", office.got()[0].to, "who acts for the customer")
}

func TestAMessageToADepartmentReachesItsHeadOnce(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	sam := models.Person{ID: "sam", Roles: []models.Role{models.RoleSupervisor}, Departments: []string{"service"}}
	w := newWorld(t, handler, withMail(head), other, sue, sam, executive)
	w.options.Mailer = office.mailer(t)
	c := w.dispatch(w.open("c-1", models.Contact{Phone: "1"}))
	w.work()
	w.work()

	require.Equal(t, []string{"hedy", "sam"}, w.readers(c.ID, "work_order"), "the department's head, and the supervising one's supervisor: its head may not see the case")
	require.Len(t, office.got(), 1, "one of them has an address")
	require.Equal(t, "hedy@company.example", office.got()[0].to)
	require.Contains(t, office.got()[0].body, "https://care.example.com/cases/"+c.Opened.Number)
	page, _, err := w.store.Inbox(t.Context(), "hedy", models.Visible{Departments: []string{repairs}}, "", 10)
	require.NoError(t, err)
	require.Len(t, page, 1)
	require.Contains(t, w.opened(page[0]), "投诉工单")
	for _, m := range w.with(c.ID, func(models.Message) bool { return true }) {
		require.NotEqual(t, models.MessagePending, m.State, m.ID)
		if m.Template == "work_order" && len(m.Body) > 0 {
			require.NotContains(t, w.opened(m), "canary", "the customer's words stay in the case")
		}
	}
}

func TestAnAlertReachesTheRoleOrTheNextAboveIt(t *testing.T) {
	t.Parallel()
	gone := monday
	left := handler
	left.DisabledAt = &gone
	for _, tt := range []struct {
		name   string
		people []models.Person
		accept bool
		want   []string
	}{
		{"whoever is responsible", []models.Person{handler, head, sue}, true, []string{"hal"}},
		{"nobody is responsible: the head", []models.Person{handler, head, sue}, false, []string{"hedy"}},
		{"who was responsible has left: the head", []models.Person{left, head, other, sue}, true, []string{"hedy"}},
		{"no head of this department: a supervisor", []models.Person{handler, other, sue}, false, []string{"sue"}},
		{"no supervisor either: the executive", []models.Person{handler, executive}, false, []string{"eve"}},
		{"nobody at all", nil, false, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tt.people...)
			c := w.dispatch(w.open("c-1", wang))
			if tt.accept {
				who := handler
				c = w.do(c, who.Actor(), models.VerbAccept, models.Accepted{})
			}
			w.wait(18*time.Hour + time.Second) // 75 % of the first response
			c = w.fire(c)
			w.work()
			var first []string // of the handler's rung
			for _, m := range w.with(c.ID, func(m models.Message) bool {
				return m.Template == "alert" && len(m.Roles) == 1 && m.Roles[0] == models.RoleHandler
			}) {
				require.Equal(t, tt.want == nil, m.State == models.MessageSkipped)
				for _, child := range w.with(c.ID, func(k models.Message) bool { return k.Seq == m.Seq && k.Person != "" }) {
					first = append(first, child.Person)
				}
			}
			require.Equal(t, tt.want, first)
		})
	}
}

func TestWhatNoDepartmentHasYetIsForASupervisor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, head, other, sue)
	c := w.open("c-1", wang)
	w.wait(4*time.Hour + time.Second) // the dispatch is due
	w.fire(c)
	w.work()
	require.Equal(t, []string{"sue"}, w.readers(c.ID, "alert"), "not the heads of all departments")
}

func TestAnAlertSaysWhatIsLateAndHowLateItIsItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t, handler, head, sue)
	c := w.dispatch(w.open("c-1", wang))
	who := handler
	c = w.do(c, who.Actor(), models.VerbAccept, models.Accepted{})
	w.wait(20 * time.Hour)
	c = w.fire(c)
	w.work()
	words := w.opened(w.only(c.ID, "alert", models.MessageInbox, "hal"))
	require.Contains(t, words, "Complaint "+c.Opened.Number+": first response needs attention")
	require.Contains(t, words, "Its limit: 3 March 2026, 10:00 (China Standard Time, UTC+08:00)\n")
	require.Contains(t, words, "This alert went out 2 hours late: the system was down or slow at the time.")
	require.NotContains(t, words, "has passed")

	w.wait(4*time.Hour + time.Second)
	c = w.fire(c)
	w.work()
	words = w.opened(w.only(c.ID, "alert", models.MessageInbox, "hedy"))
	require.Contains(t, words, "首次答复已超时")
	require.Contains(t, words, "时限：2026年3月3日 10:00（北京时间），已经超过")
}

func TestWhatWasForSomebodyWhoLeftGoesToTheHead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, handler, head, sue)
	c := w.dispatch(w.open("c-1", wang))
	who := handler
	c = w.do(c, who.Actor(), models.VerbAccept, models.Accepted{})
	gone := monday
	who.DisabledAt = &gone
	require.NoError(t, w.store.PutPerson(t.Context(), who))
	c = w.do(c, models.TheCustomer(), models.VerbMessage, models.Messaged{Channel: models.ChannelWeb}, models.TextText)
	w.work()
	require.Contains(t, w.readers(c.ID, "message"), "hedy")
}

func TestWordsToTheCustomerAreSentAsWritten(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	w := newWorld(t, handler, head)
	w.options.Mailer = office.mailer(t)
	who := handler
	c := w.do(w.dispatch(w.open("c-1", wang)), who.Actor(), models.VerbAccept, models.Accepted{})
	c = w.do(c, who.Actor(), models.VerbReply, models.Replied{Channel: models.ChannelEmail}, models.TextText)
	c = w.do(c, who.Actor(), models.VerbReply, models.Replied{Channel: models.ChannelPhone}, models.TextText)
	w.work()
	replies := w.with(c.ID, func(m models.Message) bool { return m.Template == "reply" })
	require.Len(t, replies, 2, "by mail and on the page; what was said on the phone was said")
	for _, m := range replies {
		require.Contains(t, w.opened(m), "我们给您换一台新机器 cmd-c-1-3\n", "the words of its own event, not of a later one")
	}
}

func TestAnErasedCustomerGetsNothingMore(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	w := newWorld(t, handler, head, sue)
	w.options.Mailer = office.mailer(t)
	c := w.dispatch(w.open("c-1", wang))
	before := w.with(c.ID, func(models.Message) bool { return true })
	require.NoError(t, w.store.Erase(t.Context(), "cu-c-1", w.clock()))
	// One that came in between, as a dispatcher in another process may hold it.
	late := before[0]
	late.ID, late.Template, late.Channel, late.Roles, late.Department = "late", "receipt", models.MessageEmail, nil, ""
	require.NoError(t, w.store.PutMessages(t.Context(), []models.Message{late}))
	post := late
	post.ID, post.Channel = "post", models.MessagePost
	require.NoError(t, w.store.PutMessages(t.Context(), []models.Message{post}))
	w.work()
	require.Empty(t, office.got())
	for _, m := range w.with(c.ID, func(m models.Message) bool { return m.Template == "receipt" }) {
		require.Equal(t, models.MessageSkipped, m.State)
		require.Equal(t, "the customer was erased", m.LastError)
		require.Empty(t, m.Body)
	}
	require.Equal(t, []string{"hedy", "sue"}, w.readers(c.ID, "work_order"), "we go on")
}

func TestAServersNotNowIsTriedAgainAndItsNeverIsNot(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	w := newWorld(t)
	w.options.Mailer = office.mailer(t)
	office.set(func() {
		office.onData = func() error {
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "wang@example.org later"}
		}
	})
	w.open("c-1", wang)
	w.work()
	m := w.only("c-1", "receipt", models.MessageEmail, "")
	require.Equal(t, models.MessagePending, m.State)
	require.Equal(t, 1, m.Attempts)
	require.Equal(t, "mail: the server answered 451 4.7.1: the mail was handed over, but not confirmed", m.LastError)
	require.GreaterOrEqual(t, m.NextAt.Sub(w.clock()), time.Minute)

	office.set(func() { office.onData = nil })
	w.wait(2 * time.Minute)
	w.work()
	require.Len(t, office.got(), 1)
	require.Equal(t, models.MessageSent, w.only("c-1", "receipt", models.MessageEmail, "").State)

	office.set(func() {
		office.onRcpt = func(string) error { return &smtp.SMTPError{Code: 550, Message: "wang@example.org who?"} }
	})
	w.open("c-22", wang)
	w.work()
	m = w.only("c-22", "receipt", models.MessageEmail, "")
	require.Equal(t, models.MessageFailed, m.State)
	require.Contains(t, m.LastError, "550")
	require.NotContains(t, m.LastError+w.log.String(), "wang", "servers repeat addresses; we do not")
}

func TestAMailNobodyTakesIsGivenUpAfterADay(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	w := newWorld(t)
	w.options.Mailer = office.mailer(t, func(o *notify.MailerOptions) { o.Address = "127.0.0.1:1" })
	w.open("c-1", wang)
	began := w.clock()
	for range 6 * 48 { // two days
		if w.work(); w.only("c-1", "receipt", models.MessageEmail, "").State != models.MessagePending {
			break
		}
		w.wait(10 * time.Minute)
	}
	m := w.only("c-1", "receipt", models.MessageEmail, "")
	require.Equal(t, models.MessageFailed, m.State)
	require.Equal(t, notify.Attempts, m.Attempts)
	require.InDelta(t, 25, w.clock().Sub(began).Hours(), 3)
	require.Contains(t, w.log.String(), "a message is given up")
}

func TestALostAnswerLeadsToTheSameMailAgain(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	w := newWorld(t)
	w.options.Mailer = office.mailer(t)
	office.set(func() { office.cut = true })
	w.open("c-1", wang)
	w.work()
	require.Equal(t, models.MessagePending, w.only("c-1", "receipt", models.MessageEmail, "").State)
	office.set(func() { office.cut = false })
	w.wait(2 * time.Minute)
	w.work()
	got := office.got()
	require.Len(t, got, 2, "the first one arrived, and nobody could know")
	require.Equal(t, got[0].id, got[1].id, "so that the reader's program shows one")
	require.Equal(t, got[0].body, got[1].body)
}

func TestADispatcherThatDiedLeavesItsMessagesToTheNext(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.open("c-1", wang)
	held, err := w.store.DueMessages(t.Context(), w.clock(), 5*time.Minute, 10) // and never heard of again
	require.NoError(t, err)
	require.Len(t, held, 2)
	w.work()
	require.Equal(t, models.MessagePending, w.only("c-1", "receipt", models.MessagePost, "").State, "they are somebody's")
	w.wait(5*time.Minute + time.Second)
	w.work()
	require.Equal(t, models.MessageSent, w.only("c-1", "receipt", models.MessagePost, "").State)
}

func TestTheSurveyAndTheCallSayWhereAndUntilWhen(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	quinn := models.Person{ID: "quinn", Roles: []models.Role{models.RoleQuality}}
	w := newWorld(t, handler, head, quinn)
	w.options.Mailer = office.mailer(t)
	who := handler
	c := w.do(w.dispatch(w.open("c-1", wang)), who.Actor(), models.VerbAccept, models.Accepted{})
	survey := models.Message{
		ID: "survey-1", CaseID: c.ID, Seq: c.Seq, Template: "survey", Channel: models.MessageEmail, Language: models.LanguageZH,
		State: models.MessagePending, NextAt: w.clock(), CreatedAt: w.clock(), KeyID: c.Opened.KeyID,
	}
	call := survey
	call.ID, call.Seq, call.Template, call.Channel, call.KeyID = "call-1", 0, "callback", models.MessageInbox, ""
	call.Roles = []models.Role{models.RoleQuality, models.RoleSupervisor}
	require.NoError(t, w.store.PutMessages(t.Context(), []models.Message{survey, call}))
	w.work()
	require.Equal(t, models.MessagePending, w.only(c.ID, "survey", models.MessageEmail, "").State, "the offer is not on record yet")

	c = w.do(c, who.Actor(), models.VerbPropose, models.Proposed{Measures: []models.Measure{{Owner: "hal", Due: w.clock().Add(time.Hour)}}},
		models.TextSolution, models.TextMeasure(0))
	c = w.do(c, who.Actor(), models.VerbTellSolution, models.SolutionTold{Channel: models.ChannelEmail}, models.TextText)
	c = w.do(c, who.Actor(), models.VerbResolve, models.Resolved{MeasuresDone: true, Outcome: models.OutcomeUpheld}, models.TextResult)
	c = w.do(c, who.Actor(), models.VerbTellResult, models.ResultTold{Channel: models.ChannelEmail, Done: true, Effect: true, FollowUp: true, Thanks: true}, models.TextText)
	w.wait(2 * time.Minute)
	w.work()
	words := w.opened(w.only(c.ID, "survey", models.MessageEmail, ""))
	require.Contains(t, words, "https://care.example.com/s/"+w.vault.LinkToken(models.SurveyLink(c.ID, 1)...))
	require.Contains(t, words, "链接在 2026年3月9日 10:00（北京时间）之前有效", "seven days")
	require.Contains(t, w.readers(c.ID, "callback"), "quinn")
	require.Contains(t, w.opened(w.only(c.ID, "callback", models.MessageInbox, "quinn")), "时间：2026年3月2日")
}

func TestSeveralDispatchersSendEachMessageOnce(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	w := newWorld(t, head)
	w.options.Mailer = office.mailer(t)
	const cases = 30
	for i := range cases {
		w.open("c-"+strings.Repeat("x", i+1), wang)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var dispatchers sync.WaitGroup
	for range 3 {
		dispatchers.Go(func() { notify.NewDispatcher(w.options).Run(ctx) })
	}
	require.Eventually(t, func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.outcomes["email sent"] == cases && w.outcomes["post sent"] == cases
	}, 30*time.Second, 5*time.Millisecond)
	stop()
	dispatchers.Wait()
	seen := map[string]bool{}
	for _, m := range office.got() {
		require.False(t, seen[m.id], "%s twice", m.id)
		seen[m.id] = true
	}
	require.Len(t, seen, cases)
}

func TestAStoppedDispatcherFinishesWhatItBegan(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t)
	w := newWorld(t)
	w.options.Mailer, w.options.Concurrency = office.mailer(t), 1
	ctx, stop := context.WithCancel(t.Context())
	office.set(func() { office.onData = func() error { stop(); return nil } }) // while the first mail is on its way
	for _, id := range []string{"c-1", "c-22", "c-333"} {
		w.open(id, wang)
	}
	notify.NewDispatcher(w.options).Run(ctx)
	require.Len(t, office.got(), 1)
	require.Equal(t, 1, w.outcomes["email sent"], "what left is on record")
}

func TestTheLogKeepsQuietAboutPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	broken := w.options.Words
	w.options.Words = func(ctx context.Context, row models.Case, ref models.TextRef) (string, error) {
		_, err := broken(ctx, row, models.TextRef{Ref: "nowhere"})
		return "", err
	}
	who := handler
	require.NoError(t, w.store.PutPerson(t.Context(), withMail(handler)))
	c := w.do(w.dispatch(w.open("c-1", wang)), who.Actor(), models.VerbAccept, models.Accepted{})
	c = w.do(c, who.Actor(), models.VerbReply, models.Replied{Channel: models.ChannelEmail}, models.TextText)
	w.work()
	require.Equal(t, models.MessagePending, w.only(c.ID, "reply", models.MessagePost, "").State)
	require.Contains(t, w.log.String(), "a message cannot be prepared")
	for _, canary := range []string{"canary", "wang", "王小姐", "1380", "换一台", "hal@"} {
		require.NotContains(t, w.log.String(), canary)
	}
}

func TestItIsNotedHowLongAMessageTookToLeave(t *testing.T) {
	t.Parallel()
	w := newWorld(t, handler, head, other, sue)
	noted := map[bool]time.Duration{}
	w.options.Delay = func(channel models.MessageChannel, alert bool, by time.Duration) {
		w.mu.Lock()
		defer w.mu.Unlock()
		if channel == models.MessageInbox {
			noted[alert] = max(noted[alert], by)
		}
	}
	c := w.dispatch(w.open("c-1", wang))
	w.wait(18*time.Hour + time.Second) // three quarters of the first response
	w.fire(c)
	w.wait(time.Minute)
	for range 3 {
		w.work()
	}
	require.Equal(t, time.Minute, noted[true].Round(time.Second), "from the alert, not from the case")
	require.Greater(t, noted[false], 18*time.Hour, "the work order waited for us")
}
