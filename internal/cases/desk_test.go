package cases_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/cases/casestest"
	"recourse/internal/lifecycle"
	"recourse/internal/pgtest"
	"recourse/internal/policy"
	"recourse/internal/store"
	"recourse/internal/vault"
	"recourse/models"
	"recourse/workflows/contract"
)

// noon is a Wednesday.
var noon = time.Date(2026, time.March, 18, 12, 0, 0, 0, time.UTC)

// desk is the service over a real record, with nothing that runs workflows.
type desk struct {
	*cases.Service

	url   string
	store *store.Store
	vault *vault.Vault
	now   time.Time
	keys  atomic.Int64
}

type nobody struct{}

// plan is made once: its calendars reach ninety days.
var plan = sync.OnceValue(func() models.Plan { return policy.Default(time.UTC).Plan(noon, "UTC", lifecycle.RulesVersion()) })

func (nobody) Now(context.Context, contract.CaseInput) bool { return false }
func (nobody) Wake()                                        {}
func (nobody) Plan(context.Context, string, time.Time, string) (models.Plan, error) {
	return plan(), nil
}

// onBoth proves something with either database.
func onBoth(t *testing.T, prove func(*testing.T, *desk)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		prove(t, newDesk(t, filepath.Join(t.TempDir(), "cases.db")))
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		prove(t, newDesk(t, pgtest.URL(t)))
	})
}

func newDesk(tb testing.TB, url string) *desk {
	tb.Helper()
	s, err := store.Open(tb.Context(), url, store.Options{})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, s.Close()) })
	require.NoError(tb, s.Migrate(tb.Context()))
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.MasterSize))
	require.NoError(tb, err)
	h := &desk{url: url, store: s, vault: v, now: noon}
	h.Service = cases.New(cases.Config{
		Store: s, Vault: v, Engine: casestest.Engine{Record: s, Now: func() time.Time { return h.now }}, Plans: nobody{}, Starter: nobody{}, Hash: vault.TokenHash, Language: models.LanguageZH, Zone: time.UTC,
		Now: func() time.Time { return h.now }, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		Logger: slog.New(slog.DiscardHandler),
	})
	for _, d := range []string{"sales", "works"} {
		require.NoError(tb, s.PutDepartment(tb.Context(), models.Department{ID: d, NameZH: d, NameEN: d, CreatedAt: noon}))
	}
	return h
}

// as is somebody with one role; of a department where that matters.
func as(role models.Role, department ...string) models.Actor {
	return models.Actor{Kind: models.ActorPerson, ID: string(role), Roles: []models.Role{role}, Departments: department}
}

var (
	clerk         = as(models.RoleIntake)
	supervisor    = as(models.RoleSupervisor)
	quality       = as(models.RoleQuality)
	auditor       = as(models.RoleAuditor)
	administrator = as(models.RoleAdmin)
	operator      = as(models.RoleOps)
)

func (h *desk) call(a models.Actor) cases.Call {
	return cases.Call{Actor: a, Route: "POST /test", Key: fmt.Sprint("k-", h.keys.Add(1)), Body: []byte("b")}
}

// told is a new complaint, by phone.
func told(text, name, phone string) cases.NewComplaint {
	return cases.NewComplaint{
		Opened: models.Opened{Channel: models.ChannelPhone}, Text: text, Contact: models.Contact{Name: name, Phone: phone},
	}
}

// open puts a complaint on record and returns its row.
func (h *desk) open(t testing.TB, n cases.NewComplaint) models.Case {
	t.Helper()
	accepted, err := h.Open(t.Context(), h.call(clerk), n)
	require.NoError(t, err)
	row, err := h.store.Case(t.Context(), accepted.ID)
	require.NoError(t, err)
	return row
}

// dispatched puts a complaint on record that sales has, and one of its handlers if named.
func (h *desk) dispatched(t testing.TB, n cases.NewComplaint, assignee string) models.Case {
	t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	acts := []cases.Act{{At: h.now.Add(time.Minute), Actor: supervisor, Wish: cases.Wish{
		Verb: models.VerbDispatch, Data: models.Dispatched{Department: "sales", Severity: models.SeverityGeneral, Nature: models.NatureCustomer},
		Words: map[string]string{models.TextObjective: "查明原因"},
	}}}
	if assignee != "" {
		handler := models.Actor{Kind: models.ActorPerson, ID: assignee, Roles: []models.Role{models.RoleHandler}, Departments: []string{"sales"}}
		acts = append(acts, cases.Act{At: h.now.Add(2 * time.Minute), Actor: handler, Wish: cases.Wish{Verb: models.VerbAccept, Data: models.Accepted{}}})
	}
	require.NoError(t, h.PutSample(t.Context(), cases.Sample{ID: id, New: n, By: clerk, RecordedAt: h.now, Acts: acts}, h.now.Add(time.Hour),
		func(_ lifecycle.Case, m models.Message) []models.Message { return []models.Message{m} }))
	row, err := h.store.Case(t.Context(), id)
	require.NoError(t, err)
	return row
}

// finds are the numbers of what a search finds.
func (h *desk) finds(t testing.TB, a models.Actor, q string) (numbers []string) {
	t.Helper()
	hits, err := h.Search(t.Context(), a, q, 200)
	require.NoError(t, err, q)
	for _, hit := range hits {
		numbers = append(numbers, hit.Case.Number)
	}
	return numbers
}
