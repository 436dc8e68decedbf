package console_test

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

func TestTheSystemIsShownToOpsAndAdminsWithoutWords(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.open(t, told("nobody of ops reads this"))
	row := d.row(t, number)
	require.NoError(t, d.store.PutMessages(t.Context(), []models.Message{{
		ID: "m-1", CaseID: row.ID, Seq: 1, Template: "receipt", Channel: models.MessageEmail, State: models.MessageFailed, Attempts: 8,
		LastError: "mail: the server answered 550 <wang.wu@example.com>: no such user", CreatedAt: noon, NextAt: noon, KeyID: row.KeyID,
	}}))
	for _, role := range models.Roles() {
		got, outbox := d.as(t, string(role)).get(t, "/system"), d.as(t, string(role)).get(t, "/system/outbox?state=failed")
		if role != models.RoleOps && role != models.RoleAdmin {
			require.Equal(t, http.StatusForbidden, got.Code, role)
			require.Equal(t, http.StatusForbidden, outbox.Code, role)
			continue
		}
		require.Equal(t, http.StatusOK, got.Code, role)
		require.Contains(t, got.Body, "/system/outbox?state=failed&amp;channel=email")
		require.Contains(t, outbox.Text(), number)
		require.Contains(t, outbox.Text(), "m-1")
		require.Contains(t, outbox.Text(), "550 <***@***>: no such user")
		require.NotContains(t, outbox.Body, "wang.wu")
		require.NotContains(t, outbox.Body, "13800138000")
		require.Contains(t, got.Text(), "1 workflow still to be started")
		require.Contains(t, got.Body, "http://127.0.0.1:8233/namespaces/default/workflows?query=")
		require.NotContains(t, got.Body, "nobody of ops reads this")
		require.NotContains(t, got.Body, "13800138000")
		require.NotContains(t, got.Body, "wang.wu")
	}
}

func TestTheSystemTellsWhenItWasDown(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "ops")
	require.NotContains(t, w.get(t, "/system").Text(), "When the system was down")
	for _, up := range []models.Uptime{
		{ID: "1", Part: models.PartWorker, Since: d.now().Add(-99 * time.Hour), Until: d.now().Add(-9 * time.Hour)},
		{ID: "2", Part: models.PartWorker, Since: d.now().Add(-3 * time.Hour), Until: d.now()},
	} {
		require.NoError(t, d.store.Beat(t.Context(), up))
	}
	require.Contains(t, w.get(t, "/system").Text(), "The worker: "+d.now().Add(-9*time.Hour).Format("2 January 2006, 15:04")+" to "+d.now().Add(-3*time.Hour).Format("15:04")+" 6 hours")
}

func TestAMessageThatWasGivenUpIsTriedAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	row := d.row(t, d.open(t, told("x")))
	require.NoError(t, d.store.PutMessages(t.Context(), []models.Message{{
		ID: "m-1", CaseID: row.ID, Seq: 1, Template: "receipt", Channel: models.MessageEmail, State: models.MessageFailed, CreatedAt: noon, NextAt: noon, KeyID: row.KeyID,
	}}))
	w := d.as(t, "ops")
	const here = "/system/outbox?state=failed"
	again := regexp.MustCompile(`/system/outbox/[^/]+/redeliver`).FindString(w.get(t, here).Body)
	require.Equal(t, http.StatusForbidden, d.as(t, "hr").post(t, again, url.Values{}).Code)
	require.Equal(t, here, w.post(t, again, url.Values{"back": {here}}).To())
	require.NotContains(t, w.get(t, here).Body, again)
	require.Contains(t, w.get(t, "/system/outbox?state=pending&number="+row.Number).Text(), "m-1")
	require.NoError(t, d.store.MessageFailed(t.Context(), "m-1", "again"))
	form := w.get(t, here)
	key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(form.Body)[1]
	require.Equal(t, here, w.post(t, again, url.Values{"back": {here}, "key": {key}}).To())
	require.NotContains(t, w.get(t, here).Body, again, "what was given up twice is tried twice")
	for _, elsewhere := range []string{"", "https://example.com/system/outbox", "//example.com", "/queue"} {
		require.Equal(t, "/system/outbox", w.post(t, again, url.Values{"back": {elsewhere}}).To(), "twice is once")
	}
}

func TestTheOutboxIsAskedByAddress(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	one, other := d.row(t, d.open(t, told("x"))), d.open(t, told("y"))
	w := d.as(t, "admin")
	all := w.get(t, "/system/outbox")
	require.Contains(t, all.Text(), one.Number)
	require.Contains(t, all.Text(), other)
	require.Contains(t, all.Text(), "The customer")
	of := w.get(t, "/system/outbox?number="+url.QueryEscape(" "+strings.ToLower(one.Number)))
	require.Contains(t, of.Text(), one.Number)
	require.NotContains(t, of.Text(), other)
	require.Contains(t, w.get(t, "/system/outbox?number=RC2020-000001-1").Text(), "No such message")
	for _, nonsense := range []string{"state=lost", "channel=pigeon", "cursor=nonsense", "number=%00"} {
		require.Equal(t, http.StatusUnprocessableEntity, w.get(t, "/system/outbox?"+nonsense).Code, nonsense)
	}
	many := make([]models.Message, 120)
	for i := range many {
		many[i] = models.Message{
			ID: fmt.Sprintf("m-%03d", i), CaseID: one.ID, Seq: 1, Template: "alert", Channel: models.MessageInbox, Roles: []models.Role{models.RoleSupervisor},
			State: models.MessagePending, CreatedAt: noon, NextAt: noon, KeyID: one.KeyID,
		}
	}
	many[0].Roles, many[0].Department = nil, "sales"
	many[1].Roles, many[1].Person = nil, "handler"
	require.NoError(t, d.store.PutMessages(t.Context(), many))
	seen, at := map[string]bool{}, "/system/outbox?channel=inbox&number="+one.Number
	for at != "" {
		page := w.get(t, at)
		for _, id := range regexp.MustCompile(`m-\d{3}`).FindAllString(page.Body, -1) {
			seen[id] = true
		}
		at = html.UnescapeString(strings.TrimPrefix(regexp.MustCompile(`btn" href="/system/outbox[^"]*`).FindString(page.Body), `btn" href="`))
	}
	require.Len(t, seen, 120)
}

func TestAnswersThatACaseRefusedAreListedWithTheReason(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	row := d.row(t, d.open(t, told("x")))
	page := func(role string) string { return d.as(t, role).get(t, "/system").Text() }
	require.NotContains(t, page("ops"), "did not take", "nothing was refused")
	refused := models.Unlawful(models.VerbConfirm, models.StateArchived).Error()
	for id, at := range map[string]time.Time{"new": noon, "old": noon.Add(-15 * 24 * time.Hour)} {
		require.NoError(t, d.store.PutIncoming(t.Context(), models.Incoming{
			ID: id, CaseID: row.ID, Verb: map[string]models.Verb{"new": models.VerbConfirm, "old": models.VerbWithdraw}[id], Cycle: 1, Command: []byte("{}"),
			State: models.IncomingPending, ReceivedAt: at, NextAt: at,
		}))
		require.NoError(t, d.store.IncomingRefused(t.Context(), id, at, refused))
	}
	for _, role := range []string{"ops", "admin"} {
		says := page(role)
		require.Contains(t, says, "did not take")
		require.Contains(t, says, row.Number)
		require.Contains(t, says, "Confirm is not possible while the case is archived; nothing is possible any more.")
		require.NotContains(t, says, "Withdraw", "too long ago")
	}
}

func TestWorkflowsInTroubleAreNamedForOps(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.open(t, told("x"))
	shown := func(role string) string { return d.as(t, role).get(t, "/system").Text() }
	require.Contains(t, shown("ops"), "the case stands still none Failing: ended other than by the seal none")
	require.NotContains(t, shown("admin"), "the case stands still none")
	d.stuck = []string{d.row(t, number).ID, "somebody else's"}
	require.Contains(t, shown("ops"), "the case stands still 2 cases "+number+" and others Failing")
	require.NotContains(t, shown("admin"), "2 cases")
	d.troubleUnknown = errors.New("away")
	got := d.as(t, "ops").get(t, "/system")
	require.Equal(t, http.StatusOK, got.Code)
	require.Contains(t, got.Text(), "the case stands still not known: Temporal does not answer")
}
