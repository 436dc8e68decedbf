package e2e_test

import (
	"database/sql"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	_ "modernc.org/sqlite"

	"recourse/internal/policy"
	"recourse/models"
	"recourse/workflows/contract"
)

// The ladder of an urgent case, in a hurry: from the supervisors by the escalation manager to the executive,
// each of whom has some seconds to acknowledge.
const (
	hurried = `    promise:
      - {at: once, roles: [supervisor], ack_within: 8s, repeat_to: [supervisor], repeats: 1}
      - {at: 25%, roles: [supervisor], ack_within: 8s}
      - {at: due, roles: [escalation_manager], ack_within: 8s}
      - {at: due + 1h, roles: [executive], ack_within: 8s, repeat_to: [executive], repeats: 20}
`
	unhurried = `    promise:
      - {at: once, roles: [department_head, escalation_manager], ack_within: 15m, repeat_to: [executive], repeats: 4}
      - {at: 50%, roles: [handler]}
      - {at: due, roles: [executive]}
`
	target  = 2 * time.Minute
	quarter = target / 4
)

// An urgent case that nobody acknowledges climbs rung by rung to the executive, while the worker is killed
// at each step of the ladder: before a timer fires, after it fired and before that is on record, after that
// and before the mail left, after it left and before that is on record. Each alert is on record once, and each
// mail has one id however often it came. Acknowledging stops it.
func TestAnAlertClimbsToTheExecutiveWhateverIsKilled(t *testing.T) {
	for _, db := range databases {
		t.Run(db.name, func(t *testing.T) {
			office := openPostOffice(t)
			s := newStack(t, db.url(t), "RECOURSE_MAIL__ADDRESS="+office.address, "RECOURSE_MAIL__FROM=care@example.com", "RECOURSE_MAIL__TLS=none")
			s.hurry(t)
			c := climb{stack: s, office: office, accepted: s.open(t, newKey(), urgent("an alert that climbs"))}
			c.killedBeforeTheTimerFires(t)
			c.killedBeforeItIsOnRecord(t)
			c.killedBeforeTheMailLeaves(t)
			c.killedBeforeItIsOnRecordThatTheMailLeft(t)
			c.acknowledged(t)
			c.requireEverythingOnce(t)
			s.checkClean(t)
		})
	}
}

// hurry puts the policy in force and gives those an address whom its ladder names.
func (s *stack) hurry(t *testing.T) {
	t.Helper()
	text := string(policy.DefaultDocument())
	for _, pair := range [][2]string{
		{unhurried, hurried},
		{"first_response: {limit: 24h, target: {important: 8h, urgent: 1h}}", "first_response: {limit: 24h, target: {important: 8h, urgent: 2m}}"},
		{"from: 2026-07-03 16:30, due: 2026-07-03 17:30", "from: 2026-07-03 16:30, due: 2026-07-03 16:32"},
	} {
		require.Contains(t, text, pair[0])
		text = strings.Replace(text, pair[0], pair[1], 1)
	}
	_, faults := policy.Read([]byte(text), time.UTC)
	require.Empty(t, faults)
	record, before := s.record(t), time.Now().Add(-time.Minute).UTC().Truncate(time.Microsecond)
	require.NoError(t, record.PutPolicy(t.Context(), models.Policy{Number: 1, Document: []byte(text), Reason: "a test", EffectiveAt: before, CreatedAt: before}))
	for _, id := range []string{secondOne, string(models.RoleSupervisor), string(models.RoleEscalationManager), string(models.RoleExecutive)} {
		p, err := record.Person(t.Context(), id)
		require.NoError(t, err)
		p.Email = mailTo(id)
		require.NoError(t, record.PutPerson(t.Context(), p))
	}
}

func mailTo(id string) string { return id + "@example.com" }

// climb is a case whose alerts climb.
type climb struct {
	*stack

	office   *postOffice
	accepted accepted
}

// alerts are those of the hurried clock, in the order in which they went out.
func (c climb) alerts(t *testing.T) (keys []string) {
	t.Helper()
	for _, m := range c.timeline(t, c.accepted.Number) {
		if m.Kind == models.KindEscalated && m.Data["clock"] == string(models.ClockFirstResponse) {
			key, _ := m.Data["alert"].(string)
			keys = append(keys, key[strings.Index(key, "/target")+1:])
		}
	}
	return keys
}

func (c climb) awaitAlert(t *testing.T, key string) {
	t.Helper()
	await(t, settleWithin, "alert "+key+" is on record", func() bool {
		found := c.alerts(t)
		return len(found) > 0 && found[len(found)-1] == key
	})
}

func (c climb) awaitMail(t *testing.T, n int, people ...string) {
	t.Helper()
	for _, id := range people {
		await(t, settleWithin, "mail reached "+id, func() bool { return len(c.office.got(mailTo(id))) >= n })
	}
}

func (c climb) killedBeforeTheTimerFires(t *testing.T) {
	t.Helper()
	c.awaitMail(t, 1, secondOne, string(models.RoleSupervisor))
	require.Equal(t, []string{"target/-1/0"}, c.alerts(t))
	c.worker.kill()
	<-time.After(10 * time.Second) // the time to acknowledge runs out
	require.Len(t, c.alerts(t), 1, "nobody is there to say so")
	c.startWorker(t)
	c.awaitAlert(t, "target/-1/1")
	c.awaitMail(t, 2, secondOne, string(models.RoleSupervisor))
}

func (c climb) killedBeforeItIsOnRecord(t *testing.T) {
	t.Helper()
	<-time.After(time.Until(c.accepted.RecordedAt.Add(quarter - 2*time.Second)))
	require.Len(t, c.alerts(t), 2, "the next rung is still to come")
	fired := c.timersFired(t)
	unlock := c.lock(t)
	await(t, settleWithin, "the timer of the rung fires", func() bool { return c.timersFired(t) > fired })
	c.worker.kill()
	unlock()
	require.Len(t, c.alerts(t), 2, "it is not on record")
	c.office.keepWaiting(mailTo(string(models.RoleEscalationManager)), beforeTaking)
	c.startWorker(t)
	c.awaitAlert(t, "target/1/0")
}

func (c climb) killedBeforeTheMailLeaves(t *testing.T) {
	t.Helper()
	manager := mailTo(string(models.RoleEscalationManager))
	await(t, settleWithin, "the mail to the manager is on its way", func() bool { return c.office.waits(manager) })
	c.worker.kill()
	require.Equal(t, []string{"target/-1/0", "target/-1/1", "target/1/0", "target/2/0"}, c.alerts(t), "on record all the same")
	require.Empty(t, c.office.got(manager))
	c.office.letGo()
	c.office.keepWaiting(mailTo(string(models.RoleExecutive)), afterTaking)
	c.lapse(t)
	c.startWorker(t)
	c.awaitMail(t, 1, string(models.RoleEscalationManager))
}

func (c climb) killedBeforeItIsOnRecordThatTheMailLeft(t *testing.T) {
	t.Helper()
	executive := mailTo(string(models.RoleExecutive))
	await(t, settleWithin, "the executive has mail, and nobody was told so", func() bool { return c.office.waits(executive) })
	c.worker.kill()
	require.Equal(t, "target/3/0", c.alerts(t)[4])
	first := c.office.got(executive)
	require.Len(t, first, 1)
	c.office.letGo()
	c.lapse(t)
	c.startWorker(t)
	await(t, settleWithin, "it comes again, as the same mail", func() bool {
		for id := range first {
			return c.office.got(executive)[id] == 2
		}
		return false
	})
}

func (c climb) acknowledged(t *testing.T) {
	t.Helper()
	var link string
	await(t, settleWithin, "the executive acknowledges by the link of the mail that came last", func() bool { // the one before may have climbed
		found := alertLink.FindStringSubmatch(c.office.last(mailTo(string(models.RoleExecutive))))
		require.NotNil(t, found)
		link = found[1]
		<-time.After(time.Second) // whoever asks often is slowed down
		if c.nobody().get(t, link).status != http.StatusOK {
			return false
		}
		answer, err := wire.PostForm(c.door+link+"/acknowledge", nil) //nolint:noctx // a test
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		page := c.nobody().get(t, link)
		return strings.Contains(string(page.body), "You acknowledged this alert.")
	})
	for where, said := range c.saidByAll(t) {
		require.NotContains(t, string(said), strings.TrimPrefix(link, "/a/"), "%s tells a secret", where)
	}
	so := c.alerts(t)
	<-time.After(12 * time.Second) // longer than anybody has to acknowledge
	require.Equal(t, so, c.alerts(t), "it climbs no further")
}

var alertLink = regexp.MustCompile(`(/a/[a-z0-9]{32})`)

// requireEverythingOnce holds what was sent against what is on record.
func (c climb) requireEverythingOnce(t *testing.T) {
	t.Helper()
	c.requireNoAlertTwice(t)
	messages, err := c.record(t).Messages(t.Context(), c.accepted.ID)
	require.NoError(t, err)
	type copyOf struct {
		seq     int64
		person  string
		channel models.MessageChannel
	}
	have, mails := map[copyOf]int{}, map[string]int{}
	for _, m := range messages {
		if m.Template != "alert" || m.Person == "" {
			continue
		}
		one := copyOf{m.Seq, m.Person, m.Channel}
		have[one]++
		require.Equal(t, 1, have[one], "%+v", one)
		require.Equal(t, models.MessageSent, m.State, "%+v: %s", one, m.LastError)
		if m.Channel == models.MessageEmail {
			mails[m.Person]++
		}
	}
	again := 0
	for person, n := range mails {
		got := c.office.got(mailTo(person))
		require.Len(t, got, n, "%s got each mail", person)
		for _, times := range got {
			again += times - 1
		}
	}
	require.Equal(t, 1, again, "one mail came twice, under one id")
	t.Logf("%d alerts, %d copies, one mail twice on the wire", len(c.alerts(t)), len(have))
}

// timersFired counts the timers of the case's workflow that went off.
func (c climb) timersFired(t *testing.T) (n int) {
	t.Helper()
	for _, e := range eventsOf(t, c.client, contract.WorkflowID(c.accepted.ID), "") {
		if e.GetEventType() == enumspb.EVENT_TYPE_TIMER_FIRED {
			n++
		}
	}
	return n
}

// lock keeps everybody from writing to the record until it is undone.
func (c climb) lock(t *testing.T) (unlock func()) {
	t.Helper()
	db, err := c.raw().Conn(t.Context())
	require.NoError(t, err)
	hold, free := []string{"BEGIN IMMEDIATE"}, "ROLLBACK"
	if c.onPostgres() {
		hold = []string{"BEGIN", "LOCK TABLE entries IN EXCLUSIVE MODE"}
	}
	for _, one := range hold {
		_, err := db.ExecContext(t.Context(), one)
		require.NoError(t, err)
	}
	return func() {
		_, err := db.ExecContext(t.Context(), free)
		require.NoError(t, err)
		require.NoError(t, db.Close())
	}
}

// lapse ends the leases of whoever was sending when it was killed: they would run out in two minutes.
func (c climb) lapse(t *testing.T) {
	t.Helper()
	_, err := c.raw().ExecContext(t.Context(), "UPDATE messages SET next_at = created_at WHERE state = 'pending'")
	require.NoError(t, err)
}

func (c climb) onPostgres() bool { return strings.HasPrefix(c.url, "postgres") }

// raw is the database behind the store's back.
func (c climb) raw() *sql.DB {
	driver, address := "sqlite", strings.TrimPrefix(c.url, "sqlite://")+"?_pragma=busy_timeout(20000)"
	if c.onPostgres() {
		driver, address = "pgx", c.url
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		panic(err)
	}
	return db
}
