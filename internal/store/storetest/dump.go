package storetest

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

// Fill puts at least one row into every table.
func Fill(t *testing.T, s *store.Store) {
	t.Helper()
	row := accept(t, s)
	gone := accept(t, s)
	require.NoError(t, s.SetMeta(t.Context(), "fingerprint", "f"))
	require.NoError(t, s.PutPerson(t.Context(), person("ada", []models.Role{models.RoleAdmin}, "sales", "works")))
	require.NoError(t, s.PutPerson(t.Context(), person("nobody", nil)))
	require.NoError(t, s.PutToken(t.Context(), models.Token{ID: "t", PersonID: "ada", Hash: []byte{0, 255}, CreatedAt: noon, ExpiresAt: noon}))
	require.NoError(t, s.PutPassword(t.Context(), models.Password{PersonID: "ada", Hash: "$argon2id$", ChangedAt: noon}, ""))
	require.NoError(t, s.PutSession(t.Context(), session("s", noon)))
	require.NoError(t, s.PutDepartment(t.Context(), models.Department{ID: "sales", NameZH: "销售<部>", CreatedAt: noon}))
	require.NoError(t, s.PutCategory(t.Context(), models.Category{ID: "billing", NameZH: "账单"}))
	require.NoError(t, s.PutTeam(t.Context(), models.Team{ID: "north", Department: "sales", NameZH: "北方组", CreatedAt: noon}))
	require.NoError(t, s.PutAbsences(t.Context(), "ada", []models.Absence{{PersonID: "ada", FromAt: noon, UntilAt: noon.Add(time.Hour)}}))
	require.NoError(t, s.Leave(t.Context(), models.Departure{PersonID: "nobody", Successor: "ada", Author: "ada", LeftAt: noon}))
	require.NoError(t, s.PutPolicy(t.Context(), models.Policy{Number: 1, Document: []byte("{}"), Author: "ada", EffectiveAt: noon, CreatedAt: noon}))
	require.NoError(t, s.PutTemplate(t.Context(), models.Template{
		Name: "reply", Language: models.LanguageZH, Medium: models.MediumMail, Version: 1, Subject: "{{.Number}}", Body: "<您好>", Author: "ada", Reason: "r", CreatedAt: noon,
	}))
	require.NoError(t, s.PutDispatchTable(t.Context(), models.DispatchTable{Version: 1, Document: []byte("{}"), Author: "ada", CreatedAt: noon}))
	_, err := s.Stage(t.Context(), row.KeyID, []models.Text{draft(row, "cmd", "text")})
	require.NoError(t, err)
	upload(t, s, "ada", noon)
	entries, next := extend(row, 2, "late")
	next.FirstReplyAt, next.Breached = new(noon.Add(time.Microsecond)), true
	require.NoError(t, s.Record(t.Context(), models.Recording{
		Case: next, Entries: entries, Alerts: []models.Alert{alert(row, 2, "k")}, Messages: []models.Message{message(row, 2, "late", "ada")},
		FactRows: factRows(row.ID),
	}))
	require.NoError(t, s.PutSurvey(t.Context(), models.Survey{CaseID: row.ID, Cycle: 1, OfferedAt: noon, ExpiresAt: noon},
		models.Link{Hash: "l", CaseID: row.ID, Kind: models.LinkSurvey, Cycle: 1, CreatedAt: noon, ExpiresAt: new(noon)}, nil))
	require.NoError(t, s.PutIncoming(t.Context(), models.Incoming{
		ID: newID(), CaseID: row.ID, Verb: models.VerbMessage, Command: []byte("{}"), State: models.IncomingPending, ReceivedAt: noon, NextAt: noon,
	}))
	require.NoError(t, s.PutCallTask(t.Context(), models.CallTask{CaseID: row.ID, Cycle: 1, Attempt: 1, NotBefore: noon, Until: noon}, next.Seq, nil))
	require.NoError(t, s.PutArchive(t.Context(), models.Archive{CaseID: row.ID, Digest: []byte("d"), SealedAt: noon}))
	require.NoError(t, s.PutDelivery(t.Context(), models.Delivery{MessageID: "ping", At: noon, EndpointID: endpoint(t, s).ID, Attempt: 1, Outcome: models.MessageSent}))
	twin := act(models.ActMerge, accept(t, s).CustomerID, row.CustomerID)
	require.NoError(t, s.MergeCustomers(t.Context(), twin))
	held := act(models.ActHold, row.CustomerID, "")
	held.KeyID, held.Reason = row.KeyID, []byte{1, 2}
	require.NoError(t, s.HoldCustomer(t.Context(), held))
	require.NoError(t, s.PutContactRead(t.Context(), models.ContactRead{
		ID: newID(), CaseID: row.ID, CustomerID: row.CustomerID, Person: "ada", ReadAt: noon, Place: models.ReadUnmask, KeyID: row.KeyID, Reason: []byte{3},
	}))
	require.NoError(t, s.PutSignals(t.Context(), []models.Signal{signal("s-1", "kettle", 0)}))
	require.NoError(t, s.Subscribe(t.Context(), models.Subscription{PersonID: "ada", Topic: models.TopicReport, CreatedAt: noon}))
	_, err = s.PutReport(t.Context(), report("r", "2026-10-01"))
	require.NoError(t, err)
	require.NoError(t, s.Erase(t.Context(), gone.CustomerID, noon))
	_, err = s.NextSequence(t.Context())
	require.NoError(t, err)
}

var dumps = []promise{
	{"a dump holds every table, and its records hold no key", func(t *testing.T, s *store.Store) {
		Fill(t, s)
		var records, keys strings.Builder
		require.NoError(t, s.Dump(t.Context(), &records, &keys))
		for _, table := range []string{
			"meta", "keys", "customers", "customer_digests", "people", "departments", "categories", "tokens", "passwords", "sessions", "teams", "absences", "departures",
			"dispatch_tables", "policies", "cases", "entries", "texts", "attachments",
			"start_intents", "idempotency_keys", "alerts", "messages", "surveys", "links", "incomings", "call_tasks", "archives",
			"customer_acts", "contact_reads", "case_numbers", "endpoints", "deliveries", "facts", "levers", "ownerships", "signals",
			"reports", "subscriptions",
		} {
			require.Contains(t, records.String(), `"table":"`+table+`"`)
		}
		require.NotContains(t, records.String(), `"wrapped"`)
		require.Equal(t, 4, strings.Count(keys.String(), `"wrapped"`), "one of the three customers' was erased, the upload's and the endpoint's were not")
	}},
	{"only a whole dump is loaded, and only into an empty store", func(t *testing.T, s *store.Store) {
		Fill(t, s)
		var records, keys bytes.Buffer
		require.NoError(t, s.Dump(t.Context(), &records, &keys))
		before := everything(t, s)
		load := func(r, k string) error {
			_, err := s.Load(t.Context(), strings.NewReader(r), strings.NewReader(k))
			return err
		}
		require.ErrorContains(t, load(records.String(), keys.String()), "not empty")
		require.Error(t, load(keys.String(), records.String()))
		require.ErrorContains(t, load(records.String(), keys.String()[:40]), "keys")
		require.Equal(t, before, everything(t, s))
	}},
}

// Moves proves that a dump of one store loads into another, which then holds the same.
func Moves(t *testing.T, from, to *store.Store) {
	t.Helper()
	Fill(t, from)
	var records, keys bytes.Buffer
	require.NoError(t, from.Dump(t.Context(), &records, &keys))

	whole := records.String()
	cut := whole[:strings.LastIndex(strings.TrimSuffix(whole, "\n"), "\n")+1]
	at := strings.Index(whole, `{"table":"call_tasks"`)
	missing := whole[:at] + whole[at+strings.Index(whole[at:], "\n")+1:]
	require.NoError(t, to.SetProjection(t.Context(), 9, "")) // of no row: the dump says how far its own are
	empty := everything(t, to)
	for name, broken := range map[string]string{
		"no end": cut, "half": whole[:len(whole)/2], "a row less": missing,
		"a strange table":  strings.Replace(whole, `"table":"texts"`, `"table":"lyrics"`, 1),
		"a strange column": strings.Replace(whole, `"kind":`, `"sort":`, 1),
	} {
		_, err := to.Load(t.Context(), strings.NewReader(broken), bytes.NewReader(keys.Bytes()))
		require.Error(t, err, name)
		require.Equal(t, empty, everything(t, to), "all of it or nothing")
	}

	done, err := to.Load(t.Context(), strings.NewReader(whole), bytes.NewReader(keys.Bytes()))
	require.NoError(t, err)
	require.Empty(t, done.KeysMissing)
	require.Equal(t, int64(strings.Count(whole, "\n")-3), done.Rows, "all lines but head, end and numbers")
	require.ElementsMatch(t, everything(t, from), everything(t, to))
	before, err := from.NextSequence(t.Context())
	require.NoError(t, err)
	after, err := to.NextSequence(t.Context())
	require.NoError(t, err)
	require.GreaterOrEqual(t, after, before, "numbers go on behind the highest")
	accept(t, to)
	faults, err := to.Faults(t.Context())
	require.NoError(t, err)
	require.Empty(t, faults)
}

// Forgets proves that an old file of keys brings no erased customer back, and that missing keys are
// named.
func Forgets(t *testing.T, from, to *store.Store) {
	t.Helper()
	row := accept(t, from)
	var old bytes.Buffer
	require.NoError(t, from.Dump(t.Context(), io.Discard, &old))
	require.NoError(t, from.Erase(t.Context(), row.CustomerID, noon))
	newer := accept(t, from)
	var records bytes.Buffer
	require.NoError(t, from.Dump(t.Context(), &records, io.Discard))
	done, err := to.Load(t.Context(), &records, &old)
	require.NoError(t, err)
	require.Equal(t, []string{newer.KeyID}, done.KeysMissing)
	key, err := to.Key(t.Context(), row.KeyID)
	require.NoError(t, err)
	require.Empty(t, key.Wrapped)
}
