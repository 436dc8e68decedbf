package storetest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

// noon is an instant finer than a database keeps, in a zone that none of them keeps.
var noon = time.Date(2026, 11, 20, 20, 0, 0, 123456789, time.FixedZone("CST", 8*3600))

func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func later(d time.Duration) time.Time { return instant(noon.Add(d)) }

var counter atomic.Int64

// number is a case number that no other fixture has.
func number() string { return models.Number(2026, counter.Add(1)) }

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// extend returns n entries behind the row, and the row after them.
func extend(row models.Case, n int, what string) ([]models.Entry, models.Case) {
	var entries []models.Entry
	for range n {
		row.Seq++
		body := fmt.Appendf(nil, `{"case":%q,"kind":%q,"seq":%d}`, row.ID, what, row.Seq)
		row.Hash = models.Chain(row.Hash, body)
		entries = append(entries, models.Entry{
			CaseID: row.ID, Seq: row.Seq, ID: models.EventID(row.ID, row.Seq, what), Kind: models.Kind(what), Cycle: 1,
			Command: what, DecidedAt: noon.Add(time.Duration(row.Seq) * time.Second), Body: body, Hash: row.Hash,
		})
	}
	row.Snapshot = fmt.Appendf(nil, `{"seq":%d,"what":%q}`, row.Seq, what)
	row.UpdatedAt = noon.Add(time.Duration(row.Seq) * time.Second)
	return entries, row
}

// Letter is a new complaint with everything that an intake can hold.
func Letter() models.Intake {
	id, key, customer := newID(), "k-"+newID(), newID()
	row := models.Case{
		ID: id, Number: number(), State: models.StateReceived, Severity: models.SeverityGeneral, Nature: models.NatureCustomer,
		Channel: models.ChannelWeb, Category: "billing", Language: models.LanguageZH, Zone: "Asia/Shanghai",
		CustomerID: customer, KeyID: key, RecordedBy: "p-intake", Policy: "built-in/1", Cycle: 1,
		NextDue: new(noon.Add(time.Hour)), ReceivedAt: noon, RecordedAt: noon.Add(time.Second),
		ResponseLimitAt: noon.Add(24 * time.Hour), FeedbackLimitAt: noon.Add(48 * time.Hour), HandlingDueAt: noon.Add(240 * time.Hour),
	}
	entries, row := extend(row, 1, "received")
	text := models.Text{
		Ref: newID(), CaseID: id, KeyID: key, Command: "open-" + id, Name: "text", Sealed: []byte("sealed words"),
		Digest: "d-" + id, Seq: 1, StagedAt: noon,
	}
	return models.Intake{
		Recording: models.Recording{
			Case: row, Entries: entries,
			Texts: []models.TextRef{{Name: text.Name, Ref: text.Ref, Digest: text.Digest}}, Seqs: []int64{1},
			Messages: []models.Message{message(row, 1, "received", "")},
			FactRows: models.FactRows{
				Facts: []models.Fact{{
					CaseID: id, Cycle: 1, BeganAt: noon, Response: models.ClockFact{StartedAt: new(noon), Limit: &row.ResponseLimitAt},
					Feedback: models.ClockFact{StartedAt: new(noon), Limit: &row.FeedbackLimitAt},
					Handling: models.ClockFact{StartedAt: new(noon), Limit: &row.HandlingDueAt},
				}},
				Ownerships: []models.Ownership{{CaseID: id, Part: 1, Seq: 1, Cycle: 1, From: noon}},
			},
		},
		Customer: &models.Customer{
			ID: customer, KeyID: key, Language: models.LanguageZH, Zone: "Asia/Shanghai", Profile: []byte("sealed profile"), CreatedAt: noon,
		},
		Digests: []models.CustomerDigest{
			{Digest: "phone-" + customer, CustomerID: customer, Kind: "phone"},
			{Digest: "email-" + customer, CustomerID: customer, Kind: "email"},
		},
		Key:   &models.Key{ID: key, Wrapped: []byte("wrapped " + key), CreatedAt: noon},
		Texts: []models.Text{text},
		Links: []models.Link{{Hash: "status-" + id, CaseID: id, Kind: models.LinkStatus, Cycle: 1, CreatedAt: noon}},
		Start: models.StartIntent{CaseID: id, Severity: row.Severity, CreatedAt: noon, NextAt: noon},
		Answered: &models.IdempotencyKey{
			Principal: "p-intake", Route: "POST /complaints", Key: id, BodyHash: []byte("body"), State: models.KeyDone,
			Status: 201, Answer: []byte(`{"id":"` + id + `"}`), CreatedAt: noon, LeaseAt: noon.Add(time.Minute),
		},
	}
}

func message(row models.Case, seq int64, template, person string) models.Message {
	return models.Message{
		ID: fmt.Sprintf("%s/%d/%s/%s", row.ID, seq, template, person), CaseID: row.ID, Seq: seq, Template: template,
		Channel: models.MessageInbox, Person: person, Language: models.LanguageZH, State: models.MessagePending, NextAt: noon, CreatedAt: noon,
	}
}

func alert(row models.Case, seq int64, key string) models.Alert {
	return models.Alert{
		ID: newID(), CaseID: row.ID, Key: key, Seq: seq, Clock: models.ClockFirstResponse, Bound: models.BoundLimit, Rung: 1,
		Roles: []models.Role{models.RoleSupervisor}, Severity: row.Severity, Department: row.Department, Assignee: row.Assignee,
		DueAt: noon, FiredAt: noon.Add(time.Minute), AckBy: new(noon.Add(time.Hour)), LateBy: time.Minute,
	}
}

// accept puts a letter on record, changed as wanted, and returns its row.
func accept(t *testing.T, s *store.Store, change ...func(*models.Intake)) models.Case {
	t.Helper()
	in := Letter()
	for _, c := range change {
		c(&in)
	}
	require.NoError(t, s.AcceptIntake(t.Context(), in))
	return in.Recording.Case
}

// acceptRow puts a letter on record whose row is changed as wanted.
func acceptRow(t *testing.T, s *store.Store, change func(*models.Case)) models.Case {
	t.Helper()
	return accept(t, s, func(in *models.Intake) { change(&in.Recording.Case) })
}

func ids(rows []models.Case) []string {
	var all []string
	for _, r := range rows {
		all = append(all, r.ID)
	}
	slices.Sort(all)
	return all
}

func refused(t *testing.T, err error, code models.Code) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, code, models.CodeOf(err), "%v", err)
}

// onlyOneWins lets four put the same next version at once: one does, and the others are told to read it
// again.
func onlyOneWins(t *testing.T, put func() error) {
	t.Helper()
	var racers sync.WaitGroup
	ends := make(chan error, 4)
	for range cap(ends) {
		racers.Go(func() { ends <- put() })
	}
	racers.Wait()
	close(ends)
	won := 0
	for err := range ends {
		if err == nil {
			won++
			continue
		}
		refused(t, err, models.CodeStale)
	}
	require.Equal(t, 1, won)
}

// eachInstant visits every instant of a row.
func eachInstant(row any, visit func(*time.Time)) {
	for _, field := range reflect.ValueOf(row).Elem().Fields() {
		switch field := field.Addr().Interface().(type) {
		case *time.Time:
			visit(field)
		case **time.Time:
			if *field != nil {
				copied := **field
				visit(&copied)
				*field = &copied
			}
		}
	}
}

// everything is all that a store holds, line by line, to compare what was with what is.
func everything(t *testing.T, s *store.Store) []string {
	t.Helper()
	var records, keys strings.Builder
	require.NoError(t, s.Dump(t.Context(), &records, &keys))
	return strings.Split(records.String()+keys.String(), "\n")
}

// atOnce does the same from many sides and returns what came of each.
func atOnce(many int, do func(i int) error) []error {
	var (
		all   sync.WaitGroup
		errs  = make([]error, many)
		start = make(chan struct{})
	)
	for i := range many {
		all.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

// won counts those to whom nothing happened; all others were refused with code.
func won(t *testing.T, errs []error, code models.Code) (n int) {
	t.Helper()
	for _, err := range errs {
		if err == nil {
			n++
			continue
		}
		refused(t, err, code)
	}
	return n
}
