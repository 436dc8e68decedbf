package cases_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/lifecycle"
	"recourse/internal/policies"
	"recourse/internal/store"
	"recourse/internal/vault"
	"recourse/models"
	"recourse/workflows/contract"
)

var (
	monday = time.Date(2026, time.March, 2, 2, 0, 0, 0, time.UTC)
	admin  = actor("amy", models.RoleAdmin)
)

func actor(id string, roles ...models.Role) models.Actor {
	return models.Actor{Kind: models.ActorPerson, ID: id, Roles: roles}
}

// book hands out plans by the policies on record.
func book(record policies.Record, now func() time.Time) *policies.Book {
	return policies.NewBook(policies.Config{Record: record, Company: time.UTC, Rules: lifecycle.RulesVersion(), Now: now})
}

// later starts no workflow: what is opened stays received.
type later struct{}

func (later) Now(context.Context, contract.CaseInput) bool { return false }
func (later) Wake()                                        {}

// house is the service over a real record, without an engine.
type house struct {
	*cases.Service

	store *store.Store
	now   time.Time
	keys  int
}

// newHouse has two departments, a team, two categories and an admin.
func newHouse(t *testing.T) *house {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "cases.db"), store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Migrate(t.Context()))
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.MasterSize))
	require.NoError(t, err)
	h := &house{store: s, now: monday}
	h.Service = cases.New(cases.Config{
		Store: s, Vault: v, Plans: book(s, func() time.Time { return h.now }), Starter: later{}, Hash: vault.TokenHash, Language: models.LanguageEN, Zone: time.UTC,
		Now: func() time.Time { return h.now }, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, s.PutPerson(t.Context(), models.Person{ID: "amy", Name: "Amy", Roles: []models.Role{models.RoleAdmin}, CreatedAt: monday}))
	for _, id := range []string{"legal", "repairs"} {
		require.NoError(t, h.PutDepartment(t.Context(), admin, models.Department{ID: id, NameZH: id, NameEN: id, Supervising: "legal"}))
	}
	require.NoError(t, h.PutTeam(t.Context(), admin, models.Team{ID: "north", Department: "repairs", NameZH: "北", NameEN: "North"}))
	for _, c := range []models.Category{{ID: "product"}, {ID: "product.safety", Parent: "product"}} {
		c.NameZH, c.NameEN = c.ID, c.ID
		require.NoError(t, h.PutCategory(t.Context(), admin, c))
	}
	return h
}

// person puts a handler of the repairs' northern team on record.
func (h *house) person(t *testing.T, id string, change ...func(*models.Person)) models.Person {
	t.Helper()
	p := models.Person{
		ID: id, Name: id, Language: models.LanguageEN, Roles: []models.Role{models.RoleHandler},
		Departments: []string{"repairs"}, Teams: []string{"north"},
	}
	for _, c := range change {
		c(&p)
	}
	require.NoError(t, h.PutPerson(t.Context(), admin, p))
	return p
}

// call is a new wish of somebody.
func (h *house) call(a models.Actor) cases.Call {
	h.keys++
	return cases.Call{Actor: a, Route: "POST /", Key: strconv.Itoa(h.keys), Body: []byte("hash")}
}

// open puts a complaint on record and returns its row and its first event's data.
func (h *house) open(t *testing.T, o models.Opened) (models.Case, models.Opened) {
	t.Helper()
	if o.Channel == "" {
		o.Channel = models.ChannelPhone
	}
	accepted, err := h.Open(t.Context(), h.call(actor("ida", models.RoleIntake)), cases.NewComplaint{
		Opened: o, Text: "it leaks", Contact: models.Contact{Phone: fmt.Sprint("5550000", h.keys)},
	})
	require.NoError(t, err)
	row, err := h.store.CaseByNumber(t.Context(), accepted.Number)
	require.NoError(t, err)
	entries, err := h.store.Entries(t.Context(), row.ID, 0, 1)
	require.NoError(t, err)
	event, err := entries[0].Event()
	require.NoError(t, err)
	return row, event.Data.(models.Opened)
}

// give makes somebody responsible for a case, as a command would.
func (h *house) give(t *testing.T, row models.Case, to string) {
	t.Helper()
	c, err := lifecycle.Restore(row)
	require.NoError(t, err)
	do := func(who models.Actor, v models.Verb, d models.Data, texts ...models.TextRef) {
		events, err := lifecycle.Decide(c, lifecycle.Command{ID: uuid.NewString(), Verb: v, Actor: who, Data: d, Texts: texts}, c.Plan, h.now)
		require.NoError(t, err)
		var recording models.Recording
		c, recording, err = lifecycle.Write(c, events)
		require.NoError(t, err)
		require.NoError(t, h.store.Record(t.Context(), recording))
	}
	key, err := h.store.Key(t.Context(), row.KeyID)
	require.NoError(t, err)
	sealed, digest, err := h.Vault.SealText(key.Wrapped, key.ID, "ref-"+row.ID, "mend it")
	require.NoError(t, err)
	refs, err := h.store.Stage(t.Context(), key.ID, []models.Text{{
		Ref: "ref-" + row.ID, CaseID: row.ID, KeyID: key.ID, Command: "c", Name: models.TextObjective, Sealed: sealed, Digest: digest, StagedAt: h.now,
	}})
	require.NoError(t, err)
	if c.State == models.StateReceived { // else the dispatch table did it
		do(actor("sue", models.RoleSupervisor), models.VerbDispatch, models.Dispatched{
			Department: "repairs", Supervising: "legal", Person: to, Severity: models.SeverityGeneral, Nature: models.NatureCustomer, Category: "product",
		}, refs...)
	}
	handler := actor(to, models.RoleHandler)
	handler.Departments = []string{"repairs"}
	do(handler, models.VerbAccept, models.Accepted{})
}

func refused(t *testing.T, err error, code models.Code, says string) {
	t.Helper()
	require.Equal(t, code, models.CodeOf(err), "%v", err)
	require.ErrorContains(t, err, says)
}

func TestNobodyButAnAdminChangesTheOrganisation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ops := actor("olaf", models.RoleOps, models.RoleSupervisor)
	for _, err := range []error{
		h.PutDepartment(t.Context(), ops, models.Department{ID: "x"}), h.PutTeam(t.Context(), ops, models.Team{ID: "x"}),
		h.PutPerson(t.Context(), ops, models.Person{ID: "x"}), h.PutCategory(t.Context(), ops, models.Category{ID: "x"}),
		h.PutAbsences(t.Context(), ops, "amy", nil),
	} {
		refused(t, err, models.CodeForbidden, "admin")
	}
	_, err := h.Leave(t.Context(), h.call(ops), "amy", "")
	refused(t, err, models.CodeForbidden, "admin")
}

func TestAWishThatPointsToNobodyIsRefusedByItsField(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	refused(t, h.PutDepartment(ctx, admin, models.Department{ID: "x", NameZH: "x", NameEN: "x", Supervising: "moon"}), models.CodeInvalid, "/supervising")
	refused(t, h.PutTeam(ctx, admin, models.Team{ID: "x", NameZH: "x", NameEN: "x", Department: "moon"}), models.CodeInvalid, "/department")
	refused(t, h.PutCategory(ctx, admin, models.Category{ID: "product", NameZH: "x", NameEN: "x", Parent: "product.safety"}), models.CodeInvalid, "loop")
	err := h.PutPerson(ctx, admin, models.Person{ID: "x", Name: "X", Departments: []string{"repairs", "moon"}, Deputy: "x"})
	refused(t, err, models.CodeInvalid, "/departments/1")
	var many *cases.Refused
	require.ErrorAs(t, err, &many)
	require.Equal(t, "/deputy", many.Faults[1].Pointer)
	refused(t, h.PutPerson(ctx, admin, models.Person{ID: "amy", Name: "Amy"}), models.CodeInvalid, "/roles: this is the last admin")
	refused(t, h.PutPerson(ctx, admin, models.Person{ID: "amy", Name: "Amy", Roles: admin.Roles, DisabledAt: &monday}), models.CodeInvalid, "/disabled: this is the last admin")
	require.NoError(t, h.PutPerson(ctx, admin, models.Person{ID: "eve", Name: "Eve", Roles: admin.Roles}))
	require.NoError(t, h.PutPerson(ctx, admin, models.Person{ID: "amy", Name: "Amy"}), "there is another one")
}

func TestAChangedPersonKeepsTheInstantsOfBefore(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.person(t, "ann")
	h.now = monday.Add(time.Hour)
	p.DisabledAt = &h.now
	require.NoError(t, h.PutPerson(t.Context(), admin, p))
	h.now = monday.Add(2 * time.Hour)
	again := h.now
	p.DisabledAt = &again
	require.NoError(t, h.PutPerson(t.Context(), admin, p))
	got, err := h.store.Person(t.Context(), "ann")
	require.NoError(t, err)
	require.Equal(t, monday, got.CreatedAt)
	require.Equal(t, monday.Add(time.Hour), *got.DisabledAt)
}

func TestAbsencesAreInOrderAndTheirReasonIsPrivate(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(t, "ann")
	week := models.Absence{FromAt: monday, UntilAt: monday.AddDate(0, 0, 7), Reason: "surgery"}
	backwards := models.Absence{FromAt: monday, UntilAt: monday}
	refused(t, h.PutAbsences(t.Context(), admin, "ann", []models.Absence{backwards}), models.CodeInvalid, "/items/0/until")
	refused(t, h.PutAbsences(t.Context(), admin, "ann", []models.Absence{week, week}), models.CodeInvalid, "/items/1/from")
	refused(t, h.PutAbsences(t.Context(), admin, "nobody", []models.Absence{week}), models.CodeNotFound, "person")
	require.NoError(t, h.PutAbsences(t.Context(), admin, "ann", []models.Absence{week}))
	for _, tt := range []struct {
		who  models.Actor
		says string
	}{{admin, "surgery"}, {actor("hr", models.RoleHR), "surgery"}, {actor("sue", models.RoleSupervisor), ""}} {
		got, err := h.Absences(t.Context(), tt.who, "ann")
		require.NoError(t, err)
		require.Equal(t, tt.says, got[0].Reason)
	}
	_, err := h.Absences(t.Context(), admin, "nobody")
	refused(t, err, models.CodeNotFound, "person")
}

func TestWhoLeavesLeavesTheirCasesBehindByName(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(t, "ann")
	h.person(t, "bea")
	row, _ := h.open(t, models.Opened{Category: "product"})
	h.give(t, row, "ann")
	secret := cases.TokenPrefix + "secret"
	require.NoError(t, h.store.PutToken(t.Context(), models.Token{ID: "t", PersonID: "ann", Hash: cases.HashToken(secret), CreatedAt: monday, ExpiresAt: monday.AddDate(1, 0, 0)}))
	_, err := h.Authenticate(t.Context(), secret)
	require.NoError(t, err)

	for successor, says := range map[string]string{"ann": "themselves", "moon": "not on record", "amy": "neither handles"} {
		_, err := h.Leave(t.Context(), h.call(admin), "ann", successor)
		refused(t, err, models.CodeInvalid, says)
	}
	_, err = h.Leave(t.Context(), h.call(admin), "amy", "")
	refused(t, err, models.CodeConflict, "last admin")
	_, err = h.Leave(t.Context(), h.call(admin), "moon", "")
	refused(t, err, models.CodeNotFound, "person")

	call := h.call(admin)
	left, err := h.Leave(t.Context(), call, "ann", "bea")
	require.NoError(t, err)
	require.Equal(t, cases.Left{Person: "ann", Successor: "bea", Cases: []string{row.Number}}, left)
	again, err := h.Leave(t.Context(), call, "ann", "bea")
	require.NoError(t, err)
	require.True(t, again.Replayed)
	require.Equal(t, left.Cases, again.Cases)
	_, err = h.Authenticate(t.Context(), secret)
	refused(t, err, models.CodeUnauthorized, "token")
	gaps, err := h.Gaps(t.Context(), admin)
	require.NoError(t, err)
	require.Contains(t, gaps, models.Gap{Kind: models.GapCaseOfSomebodyGone, ID: row.Number, To: "ann"})
	behind, err := h.store.LeftBehind(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, "bea", behind[0].Successor, "whoever hands the cases on finds to whom")
}

func TestGapsNameWhereTheOrganisationPointsToNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ann := h.person(t, "ann")
	h.person(t, "bea", func(p *models.Person) { p.Deputy, p.Roles = "ann", []models.Role{models.RoleExecutive} })
	row, _ := h.open(t, models.Opened{Category: "product"})
	h.give(t, row, "ann")
	h.put(t, `{"rules":[{"name":"safety","match":{"category":"product.safety"},"department":"repairs"}]}`)
	ann.DisabledAt = &h.now
	require.NoError(t, h.PutPerson(t.Context(), admin, ann))
	require.NoError(t, h.PutDepartment(t.Context(), admin, models.Department{ID: "repairs", NameZH: "x", NameEN: "x", DisabledAt: &h.now}))

	gaps, err := h.Gaps(t.Context(), admin)
	require.NoError(t, err)
	for _, want := range []models.Gap{
		{Kind: models.GapDepartmentWithoutHead, ID: "legal"},
		{Kind: models.GapDepartmentWithoutHandler, ID: "legal"},
		{Kind: models.GapTeamWithoutHandler, ID: "north", To: "repairs"},
		{Kind: models.GapRoleWithoutPerson, ID: "supervisor", To: "executive"},
		{Kind: models.GapRoleWithoutPerson, ID: "quality"},
		{Kind: models.GapDeputyGone, ID: "bea", To: "ann"},
		{Kind: models.GapCaseOfSomebodyGone, ID: row.Number, To: "ann"},
		{Kind: models.GapCaseOfDepartmentGone, ID: row.Number, To: "repairs"},
		{Kind: models.GapRuleWithoutDepartment, ID: "safety", To: "repairs"},
		{Kind: models.GapCategoryWithoutRule, ID: "product", To: "legal"},
		{Kind: models.GapCategoryWithoutRule, ID: "product.safety", To: "legal"},
	} {
		require.Contains(t, gaps, want)
	}
	require.NotContains(t, gaps, models.Gap{Kind: models.GapDepartmentWithoutHead, ID: "repairs"}, "it is switched off")
	_, err = h.Gaps(t.Context(), actor("ann", models.RoleHandler))
	refused(t, err, models.CodeForbidden, "every case")
}

func TestAdminsWhoTakeTheRoleFromEachOtherLeaveOne(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		ann, bea := actor("ann", models.RoleAdmin), actor("bea", models.RoleAdmin)
		person := func(a models.Actor, roles ...models.Role) models.Person {
			return models.Person{ID: a.ID, Name: a.ID, Roles: roles, CreatedAt: noon}
		}
		for range 10 {
			require.NoError(t, h.store.PutCompany(t.Context(), models.Company{People: []models.Person{person(ann, models.RoleAdmin), person(bea, models.RoleAdmin)}}))
			refusals := make(chan error, 2)
			var both sync.WaitGroup
			for _, two := range [][2]models.Actor{{ann, bea}, {bea, ann}} {
				both.Go(func() { refusals <- h.PutPerson(t.Context(), two[0], person(two[1])) })
			}
			both.Wait()
			one, two := <-refusals, <-refusals
			require.NotEqual(t, one == nil, two == nil, "%v, %v", one, two)
			refused(t, errors.Join(one, two), models.CodeInvalid, "/roles: this is the last admin")
		}
	})
}
