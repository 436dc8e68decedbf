package samples_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/internal/samples"
	"recourse/internal/store"
	"recourse/internal/vault"
	"recourse/models"
)

var shanghai, _ = policy.Zone("Asia/Shanghai")

// noon is a Wednesday, twelve o'clock in the company's zone.
var noon = time.Date(2026, time.March, 18, 12, 0, 0, 0, shanghai)

// plans is the default policy.
type plans struct{}

func (plans) Plan(_ context.Context, _ string, at time.Time, zone string) (models.Plan, error) {
	return policy.Default(shanghai).Plan(at, zone, lifecycle.RulesVersion()), nil
}

// house is a store with the samples' service over it.
type house struct {
	*store.Store

	svc   *cases.Service
	vault *vault.Vault
}

func newHouse(t *testing.T, now time.Time) house {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "samples.db"), store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Migrate(t.Context()))
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.MasterSize))
	require.NoError(t, err)
	svc := cases.New(cases.Config{
		Store: s, Vault: v, Plans: plans{}, Hash: vault.TokenHash, Language: models.LanguageZH, Zone: shanghai,
		Now: func() time.Time { return now }, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		Logger: slog.New(slog.DiscardHandler),
	})
	return house{Store: s, svc: svc, vault: v}
}

// together does much to the house as one.
func (h house) together(ctx context.Context, do func(*cases.Service, samples.Store) error) error {
	return h.AsOne(ctx, func(one *store.Store) error { return do(h.svc.Over(one), one) })
}

// full is a house with the samples loaded at an instant.
func full(t *testing.T, now time.Time) house {
	t.Helper()
	h := newHouse(t, now)
	n, err := samples.Load(t.Context(), h.svc, h, now)
	require.NoError(t, err)
	require.Equal(t, 20, n)
	return h
}

func (h house) rows(t *testing.T) []models.Case {
	t.Helper()
	rows, err := h.AllCases(t.Context(), "", 100)
	require.NoError(t, err)
	require.Len(t, rows, 20)
	return rows
}

func (h house) events(t *testing.T, id string) []models.Event {
	t.Helper()
	entries, err := h.Entries(t.Context(), id, 0, 0)
	require.NoError(t, err)
	events := make([]models.Event, len(entries))
	for i, e := range entries {
		events[i], err = e.Event()
		require.NoError(t, err)
	}
	return events
}

// words returns everything that people wrote in a case, by name, decrypted.
func (h house) words(t *testing.T, row models.Case) map[string][]string {
	t.Helper()
	key, err := h.Key(t.Context(), row.KeyID)
	require.NoError(t, err)
	texts, err := h.Texts(t.Context(), row.ID)
	require.NoError(t, err)
	words := map[string][]string{}
	for _, text := range texts {
		said, digest, err := h.vault.OpenText(key.Wrapped, key.ID, text.Ref, text.Sealed)
		require.NoError(t, err)
		require.Equal(t, text.Digest, digest)
		words[text.Name] = append(words[text.Name], said)
	}
	return words
}

func TestSamplesShowWhatTheProductKnows(t *testing.T) {
	t.Parallel()
	h := full(t, noon)
	rows := h.rows(t)
	for _, s := range []models.State{
		models.StateReceived, models.StateDispatched, models.StateInvestigating, models.StateAwaitingApproval,
		models.StateSolutionReady, models.StateImplementing, models.StateResolved, models.StateFollowingUp,
		models.StateClosed, models.StateArchived,
	} {
		require.True(t, slices.ContainsFunc(rows, func(c models.Case) bool { return c.State == s }), "none is %s", s)
	}
	shows(t, models.Severities(), rows, func(c models.Case) models.Severity { return c.Severity })
	shows(t, models.Natures(), rows, func(c models.Case) models.Nature { return c.Nature })
	shows(t, models.Channels(), rows, func(c models.Case) models.Channel { return c.Channel })
	shows(t, []models.CloseReason{models.CloseSolved, models.CloseConfirmed, models.CloseNotReached}, rows,
		func(c models.Case) models.CloseReason { return c.CloseReason })
	for what, is := range map[string]func(models.Case) bool{
		"late": func(c models.Case) bool { return c.Breached }, "escalated": func(c models.Case) bool { return c.Escalated },
		"in time":  func(c models.Case) bool { return !c.Breached && c.FirstReplyAt != nil },
		"reworked": func(c models.Case) bool { return c.Reworks > 0 }, "anonymous": func(c models.Case) bool { return c.Anonymous },
		"scored": func(c models.Case) bool { return c.ResultScore >= 4 }, "confidential": func(c models.Case) bool { return c.Confidential },
	} {
		require.True(t, slices.ContainsFunc(rows, is), "none is %s", what)
	}
	chinese := 0
	for _, c := range rows {
		require.True(t, c.Sample)
		require.True(t, models.ValidNumber(c.Number), c.Number)
		if c.Language == models.LanguageZH {
			chinese++
		}
	}
	require.Equal(t, 10, chinese, "half of them")
}

func shows[V comparable](t *testing.T, all []V, rows []models.Case, of func(models.Case) V) {
	t.Helper()
	for _, v := range all {
		require.True(t, slices.ContainsFunc(rows, func(c models.Case) bool { return of(c) == v }), "none has %v", v)
	}
}

func TestSamplesAreWholeOnRecord(t *testing.T) {
	t.Parallel()
	h := full(t, noon)
	for _, row := range h.rows(t) {
		entries, err := h.Entries(t.Context(), row.ID, 0, 0)
		require.NoError(t, err)
		var head []byte
		for i, e := range entries {
			require.EqualValues(t, i+1, e.Seq)
			head = models.Chain(head, e.Body)
			require.Equal(t, head, e.Hash, "%s/%d", row.Number, e.Seq)
		}
		require.Equal(t, head, row.Hash)

		kept, err := lifecycle.Restore(row)
		require.NoError(t, err)
		folded := lifecycle.Fold(h.events(t, row.ID))
		folded.Head, folded.Plan = head, kept.Plan
		require.Equal(t, asJSON(t, folded), asJSON(t, kept), "the fold of %s", row.Number)
		again, err := lifecycle.Row(folded)
		require.NoError(t, err)
		require.Equal(t, asJSON(t, again), asJSON(t, row), "the row of %s", row.Number)
		require.False(t, row.UpdatedAt.After(noon), "%s has a future", row.Number)
	}
	faults, err := h.Faults(t.Context())
	require.NoError(t, err)
	require.Empty(t, faults)
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

func TestTheWordsOfSamplesStandNowhereButUnderSeal(t *testing.T) {
	t.Parallel()
	h := full(t, noon)
	var (
		open            strings.Builder
		sealed, secrets []string
	)
	for _, row := range h.rows(t) {
		entries, err := h.Entries(t.Context(), row.ID, 0, 0)
		require.NoError(t, err)
		for _, e := range entries {
			open.Write(e.Body)
		}
		open.Write(row.Snapshot)
		words := h.words(t, row)
		require.NotEmpty(t, words[models.TextText], row.Number)
		for _, said := range words {
			sealed = append(sealed, said...)
		}
		for _, said := range words[models.TextContact] {
			var c models.Contact
			require.NoError(t, json.Unmarshal([]byte(said), &c))
			secrets = append(secrets, c.Name, c.Phone, c.Email, c.Address, c.ExternalID)
		}
	}
	for _, secret := range secrets {
		require.False(t, secret != "" && strings.Contains(open.String(), secret), secret)
	}
	require.Greater(t, len(sealed), 150, "lively samples say a lot")
	for _, said := range sealed {
		for window := range windows(said, 16) {
			if strings.Contains(open.String(), window) { // and not the whole record in the failure
				t.Fatalf("%q out of %q", window, said)
			}
		}
	}
}

// windows yields every stretch of n characters of what was said, unless it has neither space nor
// comma: such a one may also be a product's or owner's name, which is no secret.
func windows(said string, n int) func(func(string) bool) {
	runes := []rune(said)
	return func(yield func(string) bool) {
		for i := 0; i+n <= len(runes); i++ {
			window := string(runes[i : i+n])
			if strings.ContainsAny(window, " ，。：") && !yield(window) {
				return
			}
		}
	}
}

func TestEveryTimeOfTheWeekTellsTheSameTales(t *testing.T) {
	t.Parallel()
	want := states(full(t, noon).rows(t))
	for day := range 7 {
		for _, hour := range []int{0, 17} {
			now := time.Date(2026, time.March, 16+day, hour, 7, 0, 0, shanghai)
			require.Equal(t, want, states(full(t, now).rows(t)), "loaded %s", now.Format(time.RFC1123))
		}
	}
}

func states(rows []models.Case) map[models.State]int {
	n := map[models.State]int{}
	for _, c := range rows {
		n[c.State]++
	}
	return n
}

func TestSamplesAreLoadedOnce(t *testing.T) {
	t.Parallel()
	h := full(t, noon)
	before := dump(t, h)
	n, err := samples.Load(t.Context(), h.svc, h, noon.Add(time.Hour))
	require.NoError(t, err)
	require.Zero(t, n)
	require.Equal(t, before, dump(t, h), "a second call does nothing")
}

// stumbling is a record that breaks off after so many cases.
type stumbling struct {
	house

	left int
}

func (s *stumbling) AcceptIntake(ctx context.Context, in models.Intake) error {
	if s.left--; s.left < 0 {
		return store.ErrUnavailable
	}
	return s.house.AcceptIntake(ctx, in)
}

func TestALoadCutShortIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	h := newHouse(t, noon)
	cfg := h.svc.Config
	cfg.Store = &stumbling{house: h, left: 7}
	n, err := samples.Load(t.Context(), cases.New(cfg), h, noon)
	require.ErrorIs(t, err, store.ErrUnavailable)
	require.Equal(t, 7, n)
	n, err = samples.Load(t.Context(), h.svc, h, noon.Add(time.Minute))
	require.NoError(t, err)
	require.Equal(t, 13, n)
	h.rows(t)
}

func dump(t *testing.T, h house) string {
	t.Helper()
	var records, keys strings.Builder
	require.NoError(t, h.Dump(t.Context(), &records, &keys))
	return records.String() + keys.String()
}

func TestNothingOfASampleLeavesTheHouse(t *testing.T) {
	t.Parallel()
	h := full(t, noon)
	due, err := h.DueMessages(t.Context(), noon.Add(365*24*time.Hour), time.Minute, 1000)
	require.NoError(t, err)
	require.Empty(t, due)
	for _, p := range samples.PersonPerRole(noon) {
		if p.Actor().Is(models.RoleExecutive) || p.Actor().Is(models.RoleHandler) {
			inbox, _, err := h.Inbox(t.Context(), p.ID, models.Visible{Whole: true}, "", 50)
			require.NoError(t, err)
			require.NotEmpty(t, inbox, "%s has nothing to read", p.Name)
		}
	}
}

func TestWhatIsOverIsNotStartedAndTheRestIs(t *testing.T) {
	t.Parallel()
	h := full(t, noon)
	starts, err := h.DueStarts(t.Context(), noon, time.Minute, 100)
	require.NoError(t, err)
	require.Len(t, starts, 19)
	require.Equal(t, models.SeverityUrgent, starts[0].Severity)
	for _, row := range h.rows(t) {
		archive, err := h.Archive(t.Context(), row.ID)
		if row.State == models.StateArchived {
			require.NoError(t, err)
			require.Equal(t, row.Hash, archive.Head, "the seal is the end of the chain")
			continue
		}
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		c, err := lifecycle.Restore(row)
		require.NoError(t, err)
		next, _ := lifecycle.Agenda(c)
		require.False(t, !next.IsZero() && next.Before(noon), "%s: something is due since %s", row.Number, next)
	}
}

func TestCallsAndSurveysOfSamplesAreOnRecord(t *testing.T) {
	t.Parallel()
	h := full(t, noon)
	calls, made, over, answered := 0, 0, 0, 0
	for _, row := range h.rows(t) {
		tasks, err := h.CallTasks(t.Context(), row.ID)
		require.NoError(t, err)
		for _, task := range tasks {
			calls++
			require.NotEmpty(t, task.Caller)
			switch {
			case task.Outcome != "":
				made++
			case task.DoneAt != nil: // nobody needed to make it any more
				over++
			}
		}
		for cycle := 1; cycle <= row.Cycle; cycle++ {
			if s, err := h.Survey(t.Context(), row.ID, cycle); err == nil && s.AnsweredAt != nil {
				answered++
			}
		}
	}
	require.Equal(t, []int{11, 8, 1, 3}, []int{calls, made, over, answered})
}

func TestEveryRoleHasAFace(t *testing.T) {
	t.Parallel()
	shown := samples.PersonPerRole(noon)
	require.Len(t, shown, len(models.Roles()))
	for i, role := range models.Roles() {
		require.True(t, shown[i].Actor().Is(role))
	}
	people := samples.People(noon)
	for _, d := range samples.Departments(noon) {
		for _, role := range []models.Role{models.RoleHandler, models.RoleDepartmentHead} {
			require.True(t, slices.ContainsFunc(people, func(p models.Person) bool { return p.Actor().Is(role) && p.Actor().In(d.ID) }), "%s has no %s", d.ID, role)
		}
		for _, p := range people {
			require.False(t, p.Actor().Is(models.RoleQuality) && p.Actor().In(d.ID), "quality handles no cases")
		}
	}
}

func TestTheSampleTableHoldsForTheSampleCompany(t *testing.T) {
	t.Parallel()
	h := full(t, noon)
	v, err := h.svc.DispatchTable(t.Context())
	require.NoError(t, err)
	require.Empty(t, v.Warnings, "no fault and no warning")
	require.JSONEq(t, samples.DispatchTable, string(v.Document))
	got, err := h.svc.TryDispatch(t.Context(), cases.Facts{Category: "billing", Language: models.LanguageEN})
	require.NoError(t, err)
	require.Equal(t, "customer-service", got.Route.Department)
	require.Contains(t, []string{"emma-clarke", "zhou-xiaoman"}, got.Route.Person)
	require.False(t, got.Route.Auto, "whoever tries the product should see triage")
	gaps, err := h.svc.Gaps(t.Context(), models.Actor{Kind: models.ActorPerson, ID: "lu-wenzhao", Roles: []models.Role{models.RoleAuditor}})
	require.NoError(t, err)
	require.Empty(t, gaps, "nothing of it points to nobody")
}
