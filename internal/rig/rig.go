package rig

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/activities"
	"recourse/internal/cases"
	"recourse/internal/engine"
	"recourse/internal/files"
	"recourse/internal/kpi"
	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/internal/report"
	"recourse/internal/signals"
	"recourse/internal/store"
	"recourse/internal/vault"
	"recourse/models"
	"recourse/worker"
	"recourse/workflows/contract"
)

// Options shape a rig; the zero value is the product as shipped on SQLite.
type Options struct {
	URL    string                                    // of the database; empty: a new SQLite file
	Policy func(policy.Policy) policy.Policy         // changes the default policy; nil: none
	Store  func(Record) Record                       // stands between activities and store, to make it fail; nil: none
	Table  func(context.Context) (*kpi.Table, error) // of figures; nil: an empty one
	NoWork bool                                      // no worker yet; call Work
}

// Record is the store as activities see it.
type Record = activities.Store

// Rig is the product in one process.
type Rig struct {
	T       testing.TB
	Store   *store.Store
	Vault   *vault.Vault
	Engine  *engine.Engine
	Relay   *engine.Relay
	Service *cases.Service
	Policy  policy.Policy

	options Options
	keys    atomic.Int64
}

// New puts a rig together; everything ends with the test.
func New(t testing.TB, o Options) *Rig {
	t.Helper()
	r := &Rig{T: t, options: o}
	quiet := slog.New(slog.DiscardHandler)
	if o.URL == "" {
		o.URL = "sqlite://" + filepath.Join(t.TempDir(), "recourse.db")
	}
	var err error
	r.Store, err = store.Open(t.Context(), o.URL, store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = r.Store.Close() })
	require.NoError(t, r.Store.Migrate(t.Context()))
	r.Vault, err = vault.New([]byte("0123456789abcdef0123456789abcdef"))
	require.NoError(t, err)
	r.Policy = policy.Default(time.UTC)
	if o.Policy != nil {
		r.Policy = o.Policy(r.Policy)
	}
	r.Engine, err = engine.New(engine.Config{Address: Temporal(t), Namespace: Namespace, Logger: quiet, Now: time.Now})
	require.NoError(t, err)
	t.Cleanup(r.Engine.Close)
	prepare(t, r.Engine)
	r.Relay = engine.NewRelay(r.Engine, r.Store, engine.RelayConfig{
		Poll: 50 * time.Millisecond, Parallel: 2, Inline: 2, InlineWait: time.Second, Now: time.Now, Logger: quiet,
	})
	r.Service = cases.New(cases.Config{
		Store: r.Store, Vault: r.Vault, Engine: r.Engine, Starter: r.Relay, Plans: r, Hash: vault.TokenHash,
		Files:    files.In(filepath.Join(t.TempDir(), "files")),
		Language: models.LanguageZH, Zone: time.UTC, StartWait: 100 * time.Millisecond, Now: time.Now,
		NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, Logger: quiet,
	})
	r.company()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan struct{})
	go func() { defer close(done); r.Relay.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	if !o.NoWork {
		t.Cleanup(r.Work())
	}
	return r
}

// Plan implements cases.Plans and activities.Plans.
func (r *Rig) Plan(_ context.Context, _ string, at time.Time, zone string) (models.Plan, error) {
	return r.Policy.Plan(at, zone, lifecycle.RulesVersion()), nil
}

// Sweep implements activities.Sweeper.
func (r *Rig) Sweep(ctx context.Context, progress func(int)) (contract.SweepResult, error) {
	return r.Engine.Sweep(ctx, r.Store, progress)
}

// Work starts a worker and returns how to stop it. All rigs of a process share the queues of one
// server, so rigs whose records differ must not work at the same time.
func (r *Rig) Work() (stop func()) {
	var record Record = r.Store
	if r.options.Store != nil {
		record = r.options.Store(record)
	}
	w := worker.New(r.Engine.Client(), &activities.Activities{
		Store: record, Links: r.Vault, Plans: r, Sweeper: r, Watcher: r.watch(), Reporter: r.Reports(), Hash: vault.TokenHash, Now: time.Now, Diverged: func() {},
		Late: func(time.Duration) {},
	}, worker.Config{Workflows: 20, Activities: 20, StickyCases: 500, StopTimeout: 5 * time.Second, Fatal: func(err error) { r.T.Error(err) }})
	require.NoError(r.T, w.Start())
	return w.Stop
}

// table is where the figures come from.
func (r *Rig) table() func(context.Context) (*kpi.Table, error) {
	if r.options.Table != nil {
		return r.options.Table
	}
	return func(context.Context) (*kpi.Table, error) { return kpi.NewTable(), nil }
}

// Reports makes reports.
func (r *Rig) Reports() *report.Service {
	return &report.Service{
		Record: r.Store, Table: r.table(), Zone: time.UTC, Now: time.Now, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
	}
}

// watch looks for signals.
func (r *Rig) watch() signals.Watch {
	return signals.Watch{Table: r.table(), Record: r.Store, Zone: time.UTC}
}

// Departments of the rig.
const (
	Care       = "care"       // handles
	Quality    = "quality"    // calls back
	Management = "management" // supervises
)

func (r *Rig) company() {
	for _, d := range []string{Care, Quality, Management} {
		require.NoError(r.T, r.Store.PutDepartment(r.T.Context(), models.Department{
			ID: d, NameZH: d, NameEN: d, Supervising: Management, CreatedAt: time.Now().UTC(),
		}))
	}
	for _, role := range models.Roles() {
		require.NoError(r.T, r.Store.PutPerson(r.T.Context(), r.Person(role)))
	}
}

// Person returns the rig's person of a role; handler and head are of the handling department.
func (r *Rig) Person(role models.Role) models.Person {
	department := Management
	switch role { //nolint:exhaustive // the others are of the management
	case models.RoleHandler, models.RoleDepartmentHead:
		department = Care
	case models.RoleQuality:
		department = Quality
	}
	return models.Person{
		ID: string(role), Name: string(role), Language: models.LanguageEN, Roles: []models.Role{role},
		Departments: []string{department}, CreatedAt: time.Now().UTC().Truncate(time.Microsecond),
	}
}

// As returns a call of a role with a new idempotency key.
func (r *Rig) As(role models.Role, route string) cases.Call {
	return cases.Call{Actor: r.Person(role).Actor(), Route: route, Key: fmt.Sprint("key-", r.keys.Add(1)), Body: []byte(route)}
}

// Open puts a complaint on record.
func (r *Rig) Open(n cases.NewComplaint) cases.Accepted {
	r.T.Helper()
	if n.Opened.Channel == "" {
		n.Opened.Channel = models.ChannelPhone
	}
	if n.Text == "" {
		n.Text = "the kettle leaks"
	}
	if !n.Opened.Anonymous && !n.Contact.Reachable() {
		n.Contact.Phone = fmt.Sprint("555", r.keys.Add(1))
	}
	a, err := r.Service.Open(r.T.Context(), r.As(models.RoleIntake, "POST /complaints"), n)
	require.NoError(r.T, err)
	return a
}

// Do uses a verb in a role and must succeed.
func (r *Rig) Do(role models.Role, number string, d models.Data, words ...string) cases.Done {
	r.T.Helper()
	done, err := r.Try(role, number, d, words...)
	require.NoError(r.T, err)
	return done
}

// Try uses the verb that puts d on record; words are pairs of name and text.
func (r *Rig) Try(role models.Role, number string, d models.Data, words ...string) (cases.Done, error) {
	w := cases.Wish{Data: d, Words: map[string]string{}}
	for _, v := range models.Verbs() {
		if lifecycle.KindOf(v) == d.Kind() {
			w.Verb = v
		}
	}
	for i := 0; i+1 < len(words); i += 2 {
		w.Words[words[i]] = words[i+1]
	}
	return r.Service.Do(r.T.Context(), r.As(role, "POST /"+string(w.Verb)), number, w)
}

// Row returns the row of a case.
func (r *Rig) Row(number string) models.Case {
	r.T.Helper()
	row, err := r.Store.CaseByNumber(r.T.Context(), number)
	require.NoError(r.T, err)
	return row
}

// Await waits until the row of a case is as wanted.
func (r *Rig) Await(number, what string, is func(models.Case) bool) models.Case {
	r.T.Helper()
	require.Eventually(r.T, func() bool { return is(r.Row(number)) }, 30*time.Second, 20*time.Millisecond, what)
	return r.Row(number)
}
