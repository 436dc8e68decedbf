package check_test

import (
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"recourse/internal/check"
	"recourse/internal/check/checktest"
	"recourse/internal/lifecycle"
	"recourse/internal/store"
	"recourse/models"
)

// vandal changes a record behind the store's back.
type vandal struct {
	t        *testing.T
	db       *sql.DB
	postgres bool
	store    *store.Store
}

func vandalise(t *testing.T, url string) *vandal {
	t.Helper()
	driver, postgres := "sqlite", strings.HasPrefix(url, "postgres")
	if postgres {
		driver = "pgx"
	}
	db, err := sql.Open(driver, url)
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	v := &vandal{t: t, db: db, postgres: postgres, store: open(t, url)}
	if postgres {
		v.exec("SET session_replication_role = replica") // foreign keys look away
	}
	return v
}

// exec runs a statement that must hit something.
func (v *vandal) exec(format string, args ...any) {
	v.t.Helper()
	done, err := v.db.ExecContext(v.t.Context(), fmt.Sprintf(format, args...))
	require.NoError(v.t, err)
	n, err := done.RowsAffected()
	require.NoError(v.t, err)
	if !strings.HasPrefix(format, "SET") {
		require.Positive(v.t, n, format)
	}
}

// bytes writes bytes as either database reads them.
func (v *vandal) bytes(b []byte) string {
	if v.postgres {
		return `'\x` + hex.EncodeToString(b) + `'::bytea`
	}
	return "X'" + hex.EncodeToString(b) + "'"
}

// victim is the first case of which is holds.
func (v *vandal) victim(is func(models.Dossier) bool) models.Dossier {
	v.t.Helper()
	for after := ""; ; {
		page, err := v.store.Dossiers(v.t.Context(), after, 50)
		require.NoError(v.t, err)
		for _, d := range page {
			if is(d) {
				return d
			}
		}
		require.NotEmpty(v.t, page, "no case is like that")
		after = page[len(page)-1].Case.ID
	}
}

// entry is the first entry of a kind.
func entry(d models.Dossier, k models.Kind) (models.Entry, bool) {
	for _, e := range d.Entries {
		if e.Kind == k {
			return e, true
		}
	}
	return models.Entry{}, false
}

func withFile(d models.Dossier) bool { return len(d.Attachments) > 0 }

func live(d models.Dossier) bool { return d.Case.State.Live() }

func having(kinds ...models.Kind) func(models.Dossier) bool {
	return func(d models.Dossier) bool {
		for _, k := range kinds {
			if _, is := entry(d, k); !is {
				return false
			}
		}
		return live(d)
	}
}

// forge rewrites a case's events and everything that follows from them, as somebody would who knows
// how: the chain verifies and the row is the fold.
func (v *vandal) forge(d models.Dossier, change func([]models.Event) []models.Event) {
	v.t.Helper()
	var events []models.Event
	for _, e := range d.Entries {
		event, err := e.Event()
		require.NoError(v.t, err)
		events = append(events, event)
	}
	kept, err := lifecycle.Restore(d.Case)
	require.NoError(v.t, err)
	_, rec, err := lifecycle.Write(lifecycle.Case{ID: d.Case.ID, Plan: kept.Plan}, change(events))
	require.NoError(v.t, err)
	for table, n := range map[string]int{
		"entries": 1, "alerts": len(d.Alerts), "facts": len(d.Facts), "levers": len(d.Levers), "ownerships": len(d.Ownerships),
	} {
		if n > 0 {
			v.exec("DELETE FROM %s WHERE case_id = '%s'", table, d.Case.ID)
		}
	}
	v.exec("UPDATE cases SET seq = 0, hash = NULL WHERE id = '%s'", d.Case.ID)
	require.NoError(v.t, v.store.Record(v.t.Context(), rec))
}

// overdueAlert says that the last entry is an alert which was due before the look at the clocks that
// the entry before it tells of: without it, that look missed something.
func (v *vandal) overdueAlert(d models.Dossier) bool {
	v.t.Helper()
	n := len(d.Entries)
	if n < 2 || d.Entries[n-1].Kind != models.KindEscalated || d.Entries[n-2].Command != "" {
		return false
	}
	last, err := d.Entries[n-1].Event()
	require.NoError(v.t, err)
	return last.HappenedAt.Before(d.Entries[n-2].DecidedAt)
}

// damages are what can happen to a record, and which invariant tells.
var damages = []struct {
	name string
	key  string
	only bool // nothing else is found
	do   func(v *vandal) (number string)
}{
	{"an event's bytes are altered", check.KeyChain, false, func(v *vandal) string {
		d := v.victim(having(models.KindDispatched))
		e, _ := entry(d, models.KindDispatched)
		v.exec("UPDATE entries SET body = %s WHERE id = '%s'", v.bytes([]byte(strings.Replace(string(e.Body), `"repairs"`, `"rePairs"`, 1))), e.ID)
		return d.Case.Number
	}},
	{"an event cannot be read", check.KeyChain, true, func(v *vandal) string {
		d := v.victim(live)
		v.exec("UPDATE entries SET body = %s WHERE id = '%s'", v.bytes([]byte("{")), d.Entries[0].ID)
		return d.Case.Number
	}},
	{"an event is written in another form", check.KeyChain, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool { return live(d) && len(d.Entries) > 2 })
		body, hash := append([]byte(" "), d.Entries[0].Body...), []byte(nil)
		for i, e := range d.Entries {
			if i > 0 {
				body = e.Body
			}
			hash = models.Chain(hash, body)
			v.exec("UPDATE entries SET body = %s, hash = %s WHERE id = '%s'", v.bytes(body), v.bytes(hash), e.ID)
		}
		var row lifecycle.Case
		require.NoError(v.t, json.Unmarshal(d.Case.Snapshot, &row))
		row.Head = hash
		snapshot, err := json.Marshal(row)
		require.NoError(v.t, err)
		v.exec("UPDATE cases SET hash = %s, snapshot = %s WHERE id = '%s'", v.bytes(hash), v.bytes(snapshot), d.Case.ID)
		return d.Case.Number
	}},
	{"two events change places", check.KeyChain, false, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool { return len(d.Entries) > 4 })
		v.exec("UPDATE entries SET seq = 1000 WHERE id = '%s'", d.Entries[2].ID)
		v.exec("UPDATE entries SET seq = 3 WHERE id = '%s'", d.Entries[3].ID)
		v.exec("UPDATE entries SET seq = 4 WHERE id = '%s'", d.Entries[2].ID)
		return d.Case.Number
	}},
	{"an event is deleted", check.KeyChain, false, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool { return len(d.Entries) > 4 })
		v.exec("DELETE FROM entries WHERE id = '%s'", d.Entries[2].ID)
		return d.Case.Number
	}},
	{"an event's instant is moved in its column", check.KeyChain, true, func(v *vandal) string {
		d := v.victim(live)
		v.exec("UPDATE entries SET command = 'x' WHERE id = '%s'", d.Entries[0].ID)
		return d.Case.Number
	}},
	{"the tail is cut off", check.KeyRows, false, func(v *vandal) string {
		d := v.victim(live)
		v.exec("DELETE FROM entries WHERE id = '%s'", d.Entries[len(d.Entries)-1].ID)
		return d.Case.Number
	}},
	{"all events are gone", check.KeyRows, false, func(v *vandal) string {
		d := v.victim(live)
		v.exec("DELETE FROM entries WHERE case_id = '%s'", d.Case.ID)
		return d.Case.Number
	}},
	{"a column of the row is changed", check.KeyRows, true, func(v *vandal) string {
		d := v.victim(live)
		v.exec("UPDATE cases SET department = 'elsewhere' WHERE id = '%s'", d.Case.ID)
		return d.Case.Number
	}},
	{"a snapshot is another", check.KeyRows, true, func(v *vandal) string {
		d := v.victim(live)
		v.exec("UPDATE cases SET snapshot = %s WHERE id = '%s'", v.bytes([]byte(strings.Replace(string(d.Case.Snapshot), `"cycle":`, `"cycle":7`, 1))), d.Case.ID)
		return d.Case.Number
	}},
	{"a fact is changed", check.KeyFacts, true, func(v *vandal) string {
		d := v.victim(live)
		v.exec("UPDATE facts SET feedback_person = 'somebody else' WHERE case_id = '%s' AND cycle = 1", d.Case.ID)
		return d.Case.Number
	}},
	{"a missing step is wiped away", check.KeyFacts, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool { return d.Facts[0].Missing != 0 })
		v.exec("UPDATE facts SET missing = 0 WHERE case_id = '%s'", d.Case.ID)
		return d.Case.Number
	}},
	{"a lever is gone", check.KeyFacts, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool { return len(d.Levers) > 0 })
		v.exec("DELETE FROM levers WHERE case_id = '%s' AND seq = %d", d.Case.ID, d.Levers[0].Seq)
		return d.Case.Number
	}},
	{"an ownership is invented", check.KeyFacts, true, func(v *vandal) string {
		d := v.victim(live)
		v.exec(`INSERT INTO ownerships (case_id, part, seq, cycle, department, person, pause, from_at, until_at)
			SELECT case_id, 70, seq, cycle, department, person, pause, from_at, until_at FROM ownerships WHERE case_id = '%s' AND part = 1`, d.Case.ID)
		return d.Case.Number
	}},
	{"an alert's row is gone", check.KeyAlerts, true, func(v *vandal) string {
		d := v.victim(having(models.KindEscalated))
		v.exec("DELETE FROM alerts WHERE id = '%s'", d.Alerts[0].ID)
		return d.Case.Number
	}},
	{"a foreign alert turns up", check.KeyAlerts, true, func(v *vandal) string {
		d := v.victim(having(models.KindEscalated))
		v.exec(`INSERT INTO alerts (id, case_id, key, seq, clock, bound, rung, repeat, roles, severity, department, assignee, due_at,
			fired_at, ack_by, superseded, late_by, late_reason, acknowledged_at, acknowledged_by, ended_at) SELECT 'x', case_id, 'x', seq, clock, bound, rung, repeat, roles, severity, department, assignee, due_at,
			fired_at, ack_by, superseded, late_by, late_reason, acknowledged_at, acknowledged_by, ended_at FROM alerts WHERE id = '%s'`, d.Alerts[0].ID)
		return d.Case.Number
	}},
	{"an alert is said to be acknowledged", check.KeyAlerts, true, func(v *vandal) string {
		d := v.victim(having(models.KindEscalated))
		v.exec("UPDATE alerts SET acknowledged_by = 'nobody' WHERE id = '%s'", d.Alerts[0].ID)
		return d.Case.Number
	}},
	{"a breach is invented", check.KeyAlerts, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool {
			return live(d) && d.Case.FirstReplyAt != nil && d.Case.FirstReplyAt.Before(d.Case.ResponseLimitAt)
		})
		v.forge(d, func(events []models.Event) []models.Event {
			var r lifecycle.Run
			for _, run := range lifecycle.Fold(events).Runs {
				if run.Clock == models.ClockFirstResponse {
					r = run
				}
			}
			last := events[len(events)-1]
			last.Seq, last.Command, last.Texts, last.Clocks, last.Actor = last.Seq+1, "", nil, nil, models.System()
			last.Kind, last.Version, last.HappenedAt = models.KindBreached, 1, r.Limit
			last.DecidedAt = checktest.Now.Add(40 * 24 * time.Hour)
			last.ID = models.EventID(last.Case, last.Seq, "fake")
			last.Data = models.Breached{Run: r.Key, Clock: r.Clock, Bound: models.BoundLimit, DueAt: r.Limit}
			return append(events, last)
		})
		return d.Case.Number
	}},
	{"an alert is left out of the story", check.KeyAlerts, false, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool {
			return live(d) && v.overdueAlert(d)
		})
		v.forge(d, func(events []models.Event) []models.Event { return events[:len(events)-1] })
		return d.Case.Number
	}},
	{"an alert went to somebody else", check.KeyAlerts, false, func(v *vandal) string {
		d := v.victim(having(models.KindEscalated))
		v.forge(d, func(events []models.Event) []models.Event {
			for i, e := range events {
				if a, is := e.Data.(models.Escalated); is {
					a.Roles = []models.Role{models.RoleOps}
					events[i].Data = a
					return events
				}
			}
			return events
		})
		return d.Case.Number
	}},
	{"an alert left by a way that its rung does not name", check.KeyAlerts, false, func(v *vandal) string {
		d := v.victim(having(models.KindEscalated))
		v.forge(d, func(events []models.Event) []models.Event {
			for i, e := range events {
				if a, is := e.Data.(models.Escalated); is {
					a.By = []models.AlertWay{models.WayVoice}
					events[i].Data, events[i].Version = a, models.VersionOf(a)
					return events
				}
			}
			return events
		})
		return d.Case.Number
	}},
	{"an alert was snoozed for longer than it may be", check.KeyAlerts, false, func(v *vandal) string {
		d := v.victim(having(models.KindSnoozed))
		v.forge(d, func(events []models.Event) []models.Event {
			for i, e := range events {
				if s, is := e.Data.(models.Snoozed); is {
					s.Until = s.Until.AddDate(0, 0, 30)
					events[i].Data = s
					return events
				}
			}
			return events
		})
		return d.Case.Number
	}},
	{"whoever got an alert had more time than its rung gives", check.KeyAlerts, false, func(v *vandal) string {
		d := v.victim(having(models.KindHandedOver))
		v.forge(d, func(events []models.Event) []models.Event {
			for i, e := range events {
				if s, is := e.Data.(models.HandedOver); is {
					s.AcceptBy = s.AcceptBy.Add(time.Hour)
					events[i].Data = s
					return events
				}
			}
			return events
		})
		return d.Case.Number
	}},
	{"an alert was handed over by somebody whom it never reached", check.KeyLawful, false, func(v *vandal) string {
		d := v.victim(having(models.KindHandedOver))
		v.forge(d, func(events []models.Event) []models.Event {
			for i, e := range events {
				if e.Kind == models.KindHandedOver {
					events[i].Actor.Roles = []models.Role{models.RoleQuality}
				}
			}
			return events
		})
		return d.Case.Number
	}},
	{"a deadline is longer than the policy's", check.KeyAlerts, false, func(v *vandal) string {
		d := v.victim(live)
		v.forge(d, func(events []models.Event) []models.Event {
			for i, s := range events[0].Clocks {
				if s.Clock == models.ClockFirstResponse {
					events[0].Clocks[i].Limit = s.Limit.Add(time.Hour)
				}
			}
			return events
		})
		return d.Case.Number
	}},
	{"an actor is forged", check.KeyLawful, true, func(v *vandal) string {
		d := v.victim(having(models.KindAccepted))
		v.forge(d, func(events []models.Event) []models.Event {
			for i, e := range events {
				if e.Kind == models.KindAccepted {
					events[i].Actor.Roles = []models.Role{models.RoleOps}
				}
			}
			return events
		})
		return d.Case.Number
	}},
	{"a proposer approves", check.KeyLawful, true, func(v *vandal) string {
		d := v.victim(having(models.KindApproved))
		v.forge(d, func(events []models.Event) []models.Event {
			for i, e := range events {
				if a, is := e.Data.(models.Approved); is {
					events[i].Actor.ID = events[a.Request-1].Actor.ID
				}
			}
			return events
		})
		return d.Case.Number
	}},
	{"a state is skipped", check.KeyLawful, false, func(v *vandal) string {
		d := v.victim(having(models.KindAccepted))
		v.forge(d, func(events []models.Event) []models.Event {
			for i, e := range events {
				if e.Kind == models.KindAccepted {
					events[i].Kind, events[i].Data = models.KindSolutionTold, models.SolutionTold{Channel: models.ChannelPhone}
				}
			}
			return events
		})
		return d.Case.Number
	}},
	{"a message is removed", check.KeyMessages, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool { return live(d) && len(d.Messages) > 0 })
		for _, m := range d.Messages {
			if m.Seq == 1 {
				v.exec("DELETE FROM messages WHERE id = '%s'", m.ID)
				break
			}
		}
		return d.Case.Number
	}},
	{"a message comes from nowhere", check.KeyMessages, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool { return live(d) && len(d.Messages) > 0 })
		v.exec("UPDATE messages SET id = 'x' WHERE id = '%s'", d.Messages[0].ID)
		return d.Case.Number
	}},
	{"a message waits that is no reminder in quiet hours", check.KeyMessages, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool {
			return live(d) && len(d.Entries) > 3 && len(d.Messages) > 0 && d.Messages[0].Seq == 1
		})
		v.exec("UPDATE messages SET created_at = (SELECT updated_at FROM cases WHERE id = '%s') WHERE id = '%s'", d.Case.ID, d.Messages[0].ID)
		return d.Case.Number
	}},
	{"a text is swapped for another", check.KeyTexts, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool { return len(d.Texts) > 1 })
		v.exec("UPDATE texts SET sealed = %s WHERE ref = '%s'", v.bytes(d.Texts[1].Sealed), d.Texts[0].Ref)
		return d.Case.Number
	}},
	{"a text is written anew with its own key", check.KeyTexts, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool { return len(d.Texts) > 1 })
		sealed, _, err := checktest.Vault().SealText(d.Key.Wrapped, d.Key.ID, d.Texts[0].Ref, "nothing happened")
		require.NoError(v.t, err)
		v.exec("UPDATE texts SET sealed = %s WHERE ref = '%s'", v.bytes(sealed), d.Texts[0].Ref)
		return d.Case.Number
	}},
	{"a text is gone", check.KeyTexts, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool { return len(d.Texts) > 1 })
		v.exec("DELETE FROM texts WHERE ref = '%s'", d.Texts[0].Ref)
		return d.Case.Number
	}},
	{"a text was staged long ago", check.KeyTexts, true, func(v *vandal) string {
		d := v.victim(live)
		_, err := v.store.Stage(v.t.Context(), d.Case.KeyID, []models.Text{{
			Ref: "r", CaseID: d.Case.ID, KeyID: d.Case.KeyID, Command: "c", Name: "text", Sealed: []byte("s"), Digest: "d",
			StagedAt: checktest.Now.Add(-26 * time.Hour),
		}})
		require.NoError(v.t, err)
		return d.Case.Number
	}},
	{"a key was lost, not erased", check.KeyTexts, false, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool { return d.Case.Anonymous })
		v.exec("UPDATE keys SET wrapped = NULL WHERE id = '%s'", d.Case.KeyID)
		return d.Case.Number
	}},
	{"an attachment is gone", check.KeyFiles, true, func(v *vandal) string {
		d := v.victim(withFile)
		v.exec("DELETE FROM attachments WHERE id = '%s'", d.Attachments[0].ID)
		return d.Case.Number
	}},
	{"an attachment's bytes are gone", check.KeyFiles, true, func(v *vandal) string {
		d := v.victim(withFile)
		v.exec("UPDATE attachments SET blob = 'nowhere' WHERE id = '%s'", d.Attachments[0].ID)
		return d.Case.Number
	}},
	{"two attachments change their bytes", check.KeyFiles, true, func(v *vandal) string {
		d := v.victim(withFile)
		other := v.victim(func(o models.Dossier) bool { return withFile(o) && o.Case.ID != d.Case.ID })
		v.exec("UPDATE attachments SET blob = '%s' WHERE id = '%s'", other.Attachments[0].Blob, d.Attachments[0].ID)
		return d.Case.Number
	}},
	{"an attachment is bound to another event", check.KeyFiles, true, func(v *vandal) string {
		d := v.victim(withFile)
		v.exec("UPDATE attachments SET seq = 70 WHERE id = '%s'", d.Attachments[0].ID)
		return d.Case.Number
	}},
	{"an attachment's key was lost, not erased", check.KeyFiles, true, func(v *vandal) string {
		d := v.victim(withFile)
		v.exec("UPDATE keys SET wrapped = NULL WHERE id = '%s'", d.Attachments[0].KeyID)
		return d.Case.Number
	}},
	{"an upload was staged long ago", check.KeyFiles, true, func(v *vandal) string {
		require.NoError(v.t, v.store.StageFile(v.t.Context(),
			models.Attachment{ID: "u", Uploader: "person:ivy", KeyID: "k", StagedAt: checktest.Now.Add(-26 * time.Hour)},
			models.Key{ID: "k", CreatedAt: checktest.Now}))
		return ""
	}},
	{"a seal is altered", check.KeySeals, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool { return d.Archive != nil })
		v.exec("UPDATE archives SET document = %s WHERE case_id = '%s'",
			v.bytes([]byte(strings.Replace(string(d.Archive.Document), "repairs", "rePairs", 1))), d.Case.ID)
		return d.Case.Number
	}},
	{"a seal is gone", check.KeySeals, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool {
			return d.Archive != nil && d.Case.ArchivedAt.Before(checktest.Now.Add(-time.Hour))
		})
		v.exec("DELETE FROM archives WHERE case_id = '%s'", d.Case.ID)
		return d.Case.Number
	}},
	{"a survey is of another cycle", check.KeySeals, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool { return len(d.Surveys) > 0 && d.Case.State == models.StateArchived })
		v.exec("UPDATE surveys SET cycle = 70 WHERE case_id = '%s' AND cycle = %d", d.Case.ID, d.Surveys[0].Cycle)
		return d.Case.Number
	}},
	{"a call was placed by nobody", check.KeySeals, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool { return len(d.CallTasks) > 0 && d.Case.State == models.StateArchived })
		v.exec("UPDATE call_tasks SET attempt = 70 WHERE case_id = '%s' AND cycle = %d AND attempt = %d", d.Case.ID, d.CallTasks[0].Cycle, d.CallTasks[0].Attempt)
		return d.Case.Number
	}},
	{"a call waits that nobody needs any more", check.KeySeals, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool { return len(d.CallTasks) > 0 && d.Case.State == models.StateArchived })
		v.exec("UPDATE call_tasks SET done_at = NULL, outcome = '' WHERE case_id = '%s' AND cycle = %d AND attempt = %d", d.Case.ID, d.CallTasks[0].Cycle, d.CallTasks[0].Attempt)
		return d.Case.Number
	}},
	{"a call is done with that the case waits for", check.KeySeals, true, func(v *vandal) string {
		d := v.victim(func(d models.Dossier) bool {
			return slices.ContainsFunc(d.CallTasks, func(c models.CallTask) bool { return c.DoneAt == nil })
		})
		v.exec("UPDATE call_tasks SET done_at = not_before WHERE case_id = '%s' AND done_at IS NULL", d.Case.ID)
		return d.Case.Number
	}},
	{"a row points to no case", check.KeyStore, true, func(v *vandal) string {
		d := v.victim(live)
		v.exec("UPDATE links SET case_id = 'nowhere' WHERE case_id = '%s'", d.Case.ID)
		return ""
	}},
	{"a key was answered with a case that is not there", check.KeyStore, true, func(v *vandal) string {
		d := v.victim(live)
		v.exec("UPDATE idempotency_keys SET answer = %s WHERE key = '%s'", v.bytes([]byte(`{"id":"nowhere"}`)), d.Case.ID)
		return ""
	}},
}

func TestEveryDamageIsFoundByItsInvariantWithItsNumber(t *testing.T) {
	t.Parallel()
	for database, fresh := range databases(t, few) {
		t.Run(database, func(t *testing.T) {
			for _, d := range damages {
				t.Run(d.name, func(t *testing.T) {
					v := vandalise(t, fresh(t))
					number := d.do(v)
					r := run(t, v.store, nil)
					require.False(t, r.OK())
					for _, verdict := range r.Verdicts {
						for _, found := range verdict.Numbers() {
							require.Equal(t, number, found, "%s accuses somebody else:\n%s", verdict.Key, said(t, r))
						}
						if d.only && verdict.Key != d.key {
							require.Zero(t, verdict.Broken, said(t, r))
						}
					}
					require.Positive(t, r.Verdict(d.key).Broken, said(t, r))
				})
			}
		})
	}
}
