package checktest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"recourse/activities"
	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/internal/store"
	"recourse/internal/vault"
	"recourse/models"
	"recourse/workflows/contract"
)

// Now is the instant at which the lives of all cases are told: a Friday at noon in UTC.
var Now = time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)

var shanghai = func() *time.Location {
	zone, err := policy.Zone("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	return zone
}()

// Plans is the policy that ships with the product, with working hours of their own for a channel and a
// department, and those that adjustments move cases to.
type Plans struct{}

// Plan implements check.Plans.
func (Plans) Plan(version string, at time.Time, zone string) (models.Plan, bool) {
	for _, p := range versions() {
		if p.Version == version {
			return p.Plan(at, zone, lifecycle.RulesVersion()), true
		}
	}
	return models.Plan{}, false
}

// Versions are the policies that cases run under.
func Versions() []policy.Policy { return slices.Clone(versions()) }

// versions are the policies that cases run under: as shipped, stricter, and milder in working time.
var versions = sync.OnceValue(func() []policy.Policy {
	strict, mild := ours(), ours()
	strict.Version, mild.Version = "strict", "mild"
	strict.Clocks, mild.Clocks = slices.Clone(strict.Clocks), slices.Clone(mild.Clocks)
	for i := range strict.Clocks {
		each(&strict.Clocks[i], func(a *models.Amount) { a.Of /= 2 })
		each(&mild.Clocks[i], func(a *models.Amount) {
			if a.Of >= day {
				a.Of, a.Calendar = a.Of+day, models.CalendarWorking
			}
		})
	}
	return []policy.Policy{ours(), strict, mild}
})

// each changes every amount of a rule that is one.
func each(r *models.ClockRule, change func(*models.Amount)) {
	for _, b := range []*models.BySeverity{&r.Limit, &r.Target} {
		for _, a := range []*models.Amount{&b.General, &b.Important, &b.Urgent} {
			if !a.IsZero() {
				change(a)
			}
		}
	}
}

// ours is that policy, read once.
var ours = sync.OnceValue(func() policy.Policy {
	p, faults := policy.Read([]byte(strings.NewReplacer(
		"handling:       {limit: {general: 7d, important: 5d, urgent: 3d}}",
		"handling:       {limit: {general: 50h working, important: 30h working, urgent: 20h working}}",
		"\ncallback:", `
  hotline: {hours: {mon-sun: "08:00-22:00"}, zone: Europe/Berlin}
  workshop:
    hours: {mon-fri: "09:00-12:00 13:00-18:00"}
    holidays: local
    closures: {2026-11-10..2026-11-11 15:00-16:00: drill}
calendars_for: {channels: {phone: hotline, web: working}, departments: {repairs: workshop}}
callback:`,
	).Replace(string(policy.DefaultDocument()))), shanghai)
	if policy.Grave(faults) {
		panic(fmt.Sprint(faults))
	}
	p.Version = policy.DefaultVersion
	return p
})

// Vault opens what Fill sealed.
func Vault() *vault.Vault {
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.MasterSize))
	if err != nil {
		panic(err)
	}
	return v
}

// Fill puts n cases on record, each with a life of its own that ends at Now; the last eighth of them began in
// another system. The same seed tells the same lives.
func Fill(ctx context.Context, s *store.Store, seed uint64, n int) error {
	m := &maker{store: s, vault: Vault(), rand: rand.New(rand.NewPCG(seed, seed))} //nolint:gosec // the same lives again, not secrets
	m.acts = activities.Activities{
		Store: s, Links: m.vault, Hash: vault.TokenHash, Now: func() time.Time { return Now }, Diverged: func() {},
	}
	if err := m.company(ctx); err != nil {
		return err
	}
	for i := range n {
		if err := m.one(ctx, i, i >= n-n/8); err != nil {
			return fmt.Errorf("case %d: %w", i, err)
		}
	}
	return nil
}

type maker struct {
	store *store.Store
	vault *vault.Vault
	rand  *rand.Rand
	acts  activities.Activities
	known []models.Customer
	first models.Other // the case that was on record before all others
}

func (m *maker) chance(percent int) bool { return m.rand.IntN(100) < percent }

func pick[T any](m *maker, of ...T) T { return of[m.rand.IntN(len(of))] }

// upTo is an amount of time in whole microseconds.
func (m *maker) upTo(most time.Duration) time.Duration {
	return time.Duration(m.rand.Int64N(int64(most))).Truncate(time.Microsecond)
}

// uuid is one of version 4 that the seed alone decides.
func (m *maker) uuid() string {
	h := fmt.Sprintf("%016x%016x", m.rand.Uint64(), m.rand.Uint64())
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-8" + h[17:20] + "-" + h[20:32]
}

func (m *maker) company(ctx context.Context) error {
	for _, p := range everybody {
		row := models.Person{ID: p.ID, Name: p.ID, Language: models.LanguageEN, Roles: p.Roles, Departments: p.Departments, CreatedAt: Now.Add(-time.Hour)}
		if err := m.store.PutPerson(ctx, row); err != nil {
			return err
		}
	}
	for _, id := range []string{repairs, "service", "quality"} {
		if err := m.store.PutDepartment(ctx, models.Department{ID: id, NameEN: id, NameZH: id, CreatedAt: Now}); err != nil {
			return err
		}
	}
	return nil
}

// one lives a case, puts all of it on record, and carries out what it calls for.
func (m *maker) one(ctx context.Context, i int, elsewhere bool) error {
	in, keyID, wrapped, err := m.customer(ctx, i)
	if err != nil {
		return err
	}
	number, err := m.store.NextSequence(ctx)
	if err != nil {
		return err
	}
	customer := ""
	if in.Customer != nil {
		customer = in.Customer.ID
	} else if in.Key == nil {
		customer = m.known[i%len(m.known)].ID
	}
	l := &life{maker: m, c: lifecycle.Case{ID: m.uuid()}, keyID: keyID, wrapped: wrapped, elsewhere: elsewhere}
	l.now = Now.Add(-m.upTo(pick(m, 60*day, 20*day, 12*time.Hour)))
	if err := l.live(models.Number(2026, number), customer); err != nil {
		return err
	}
	if _, in.Recording, err = lifecycle.Write(lifecycle.Case{ID: l.c.ID, Plan: l.c.Plan}, l.events); err != nil {
		return err
	}
	in.Texts, in.Uploader = l.texts, uploader
	if err := m.stage(ctx, l); err != nil {
		return err
	}
	recorded := in.Recording.Case.RecordedAt
	in.Links = []models.Link{{
		Hash: vault.TokenHash(m.vault.LinkToken(models.StatusLink(l.c.ID)...)), CaseID: l.c.ID, Kind: models.LinkStatus, CreatedAt: recorded,
	}}
	in.Start = models.StartIntent{CaseID: l.c.ID, Severity: l.c.Severity, CreatedAt: recorded, NextAt: recorded, StartedAt: &recorded}
	answer, err := json.Marshal(map[string]string{"id": l.c.ID, "number": in.Recording.Case.Number})
	if err != nil {
		return err
	}
	in.Answered = &models.IdempotencyKey{
		Principal: "person:ivy", Route: "POST /complaints", Key: l.c.ID, BodyHash: []byte("b"), State: models.KeyDone, Status: 201,
		Answer: answer, CreatedAt: recorded, LeaseAt: recorded,
	}
	if err := m.store.AcceptIntake(ctx, in); err != nil {
		return err
	}
	if m.first.Case == "" {
		m.first = models.Other{Case: l.c.ID, Number: l.c.Opened.Number}
	}
	return m.carryOut(ctx, l)
}

// customer makes a new customer, or none for an anonymous case, or takes one who came before.
func (m *maker) customer(ctx context.Context, i int) (in models.Intake, keyID string, wrapped []byte, err error) {
	if len(m.known) > 0 && m.chance(20) {
		c := m.known[i%len(m.known)]
		key, err := m.store.Key(ctx, c.KeyID)
		return in, key.ID, key.Wrapped, err
	}
	keyID, wrapped, err = m.vault.NewKey()
	in.Key = &models.Key{ID: keyID, Wrapped: wrapped, CreatedAt: Now}
	if err == nil && !m.chance(12) {
		id := m.uuid()
		in.Customer = &models.Customer{ID: id, KeyID: keyID, Language: models.LanguageZH, Zone: shanghai.String(), Profile: []byte("p"), CreatedAt: Now}
		in.Digests = []models.CustomerDigest{{Digest: m.vault.Digest("phone", id), CustomerID: id, Kind: "phone"}}
		m.known = append(m.known, *in.Customer)
	}
	return in, keyID, wrapped, err
}

// carryOut does what the workflow's activities do.
func (m *maker) carryOut(ctx context.Context, l *life) error {
	var at lifecycle.Case
	for _, e := range l.events {
		at = lifecycle.Evolve(at, e)
		for _, effect := range lifecycle.Effects(at, e) {
			var err error
			switch d := effect.(type) {
			case lifecycle.OfferSurvey:
				err = m.acts.OfferSurvey(ctx, contract.SurveyInput{CaseID: l.c.ID, OfferSurvey: d})
			case lifecycle.PlaceCallback:
				err = m.acts.PlaceCallback(ctx, contract.CallbackInput{CaseID: l.c.ID, Department: at.Department, Language: at.Opened.Language, PlaceCallback: d})
			case lifecycle.SealArchive:
				err = m.acts.Archive(ctx, contract.ArchiveInput{CaseID: l.c.ID})
			}
			if err != nil {
				return err
			}
		}
	}
	return m.send(ctx, l)
}

// send lets some messages leave, and gives those to roles to somebody.
func (m *maker) send(ctx context.Context, l *life) error {
	if m.chance(70) {
		return nil
	}
	all, err := m.store.Messages(ctx, l.c.ID)
	if err != nil {
		return err
	}
	for _, msg := range all {
		switch {
		case len(msg.Roles) > 0 || msg.Department != "":
			mine := msg
			mine.ID, mine.Person, mine.Roles, mine.Department = models.EventID(msg.ID, 1, "sue"), "sue", nil, ""
			err = m.store.Distribute(ctx, msg.ID, Now, []models.Message{mine})
		case m.chance(80):
			err = m.store.MessageSent(ctx, msg.ID, Now, "", nil)
		default:
			err = m.store.MessageSkipped(ctx, msg.ID, "nobody home")
		}
		if err != nil {
			return err
		}
	}
	return nil
}
