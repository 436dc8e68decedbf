package cases

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// ImportRecord is the record, as imports of other systems' logs need it.
type ImportRecord interface {
	BeginImport(ctx context.Context, wish models.Import) (models.Import, error)
	StageImport(ctx context.Context, id string, b models.ImportBatch) error
	FinishImport(ctx context.Context, id string, new models.Newcomers, now time.Time) error
	IndexImported(ctx context.Context, terms func(models.Case) []int64, now func() time.Time) error
	TakeNumbers(ctx context.Context, n int) error
	KnownReferences(ctx context.Context, source string, references []string) ([]string, error)
	StagedDigests(ctx context.Context) ([]models.CustomerDigest, []models.Customer, error)
}

// AdoptedCase is a case of another system's log, and whose it is.
type AdoptedCase struct {
	Adopted  models.Adopted
	Customer string // id of the customer in that system; empty: nobody knows
	Closed   bool   // it had ended by the end of the log: it needs no workflow
}

const (
	stagedAtATime = 500                 // cases
	planFor       = 14 * 24 * time.Hour // a plan serves histories for so long
)

// Importing is a log on its way onto the record. It is used by one caller at a time.
type Importing struct {
	s      *Service
	record ImportRecord
	actor  models.Actor
	now    time.Time

	Import    models.Import // as far as it had come when this began
	names     *importNames
	policy    string
	plans     map[int64]servedPlan
	waiting   []AdoptedCase
	batch     models.ImportBatch
	staging   chan stagedBatch            // answers when the batch before is staged; nil: there is none
	customers map[string]importedCustomer // by digest
	anonymous *dataKey
}

type importedCustomer struct{ id, key string }

// servedPlan is a plan that serves planFor, or not: limits of many working hours reach beyond its calendars.
type servedPlan struct {
	models.Plan

	serves bool
}

// stagedBatch is how many cases of a batch were visited, left out for they are on record, and staged.
type stagedBatch struct {
	visited, skipped, cases int64
	err                     error
}

// BeginImport begins to put a log on record, or goes on with it where it stopped: Import says how many of its
// cases were visited already, and whether it is done. Conflict: another one is under way.
func (s *Service) BeginImport(ctx context.Context, record ImportRecord, actor models.Actor, wish models.Import, names ImportNames) (*Importing, error) {
	i := &Importing{
		s: s, record: record, actor: actor, now: s.now(), plans: map[int64]servedPlan{}, customers: map[string]importedCustomer{},
	}
	var err error
	if i.names, err = s.settle(ctx, names); err != nil {
		return nil, err
	}
	if err := record.IndexImported(ctx, s.factTerms, s.now); err != nil { // what one that was stopped left to be done
		return nil, err
	}
	wish.ID, wish.StartedBy, wish.BegunAt = s.NewID(), cmp.Or(actor.ID, "host"), i.now
	if i.Import, err = record.BeginImport(ctx, wish); err != nil || i.Import.State == models.ImportDone {
		return i, err
	}
	digests, customers, err := record.StagedDigests(ctx)
	if err != nil {
		return nil, err
	}
	keys := make(map[string]string, len(customers))
	for _, c := range customers {
		keys[c.ID] = c.KeyID
	}
	for _, d := range digests {
		i.customers[d.Digest] = importedCustomer{id: d.CustomerID, key: keys[d.CustomerID]}
	}
	plan, err := s.Plans.Plan(ctx, "", i.now, s.Zone.String())
	i.policy = plan.Policy
	return i, err
}

// Add takes the next case of the log. Cases come in the same order whenever the log is read.
func (i *Importing) Add(ctx context.Context, a AdoptedCase) error {
	i.waiting = append(i.waiting, a)
	if len(i.waiting) < stagedAtATime {
		return nil
	}
	return i.stage(ctx)
}

// stage puts what waits aside, until all of the log is there. A batch is staged while the next one is made.
func (i *Importing) stage(ctx context.Context) error {
	batch, err := i.adopted(ctx)
	if err := errors.Join(err, i.Pause()); err != nil {
		return err
	}
	if err := i.record.TakeNumbers(ctx, stagedAtATime); err != nil { // while batches are written numbers are waited for
		return err
	}
	i.staging = make(chan stagedBatch, 1)
	go func(id string, done chan<- stagedBatch) {
		err := i.record.StageImport(ctx, id, batch)
		done <- stagedBatch{batch.Visited, batch.Skipped, int64(len(batch.Intakes)), err}
	}(i.Import.ID, i.staging)
	return nil
}

// Pause waits until all is staged that is on its way, and Import tells of it: before it nobody may close the record.
func (i *Importing) Pause() error {
	if i.staging == nil {
		return nil
	}
	done := <-i.staging
	i.staging = nil
	if done.err == nil {
		i.Import.Visited += done.visited
		i.Import.Skipped += done.skipped
		i.Import.Cases += done.cases
	}
	return done.err
}

// adopted makes the next batch of what waits.
func (i *Importing) adopted(ctx context.Context) (models.ImportBatch, error) {
	references := make([]string, len(i.waiting))
	for n, a := range i.waiting {
		references[n] = a.Adopted.Reference
	}
	known, err := i.record.KnownReferences(ctx, i.Import.Source, references)
	if err != nil {
		return models.ImportBatch{}, err
	}
	i.batch = models.ImportBatch{Visited: int64(len(i.waiting)), Skipped: int64(len(known))}
	for _, a := range i.waiting {
		if slices.Contains(known, a.Adopted.Reference) {
			continue
		}
		if err := i.adopt(ctx, a); err != nil {
			return models.ImportBatch{}, fmt.Errorf("case %s: %w", a.Adopted.Reference, err)
		}
	}
	i.waiting = i.waiting[:0]
	return i.batch, nil
}

// adopt makes all that goes on record of one case.
func (i *Importing) adopt(ctx context.Context, a AdoptedCase) error {
	o := &a.Adopted.Opened
	i.names.rename(&a.Adopted)
	if slices.Contains(a.Adopted.Inferred, "language") {
		o.Language = i.s.Language
	}
	if err := i.customer(ctx, o, a.Customer); err != nil {
		return err
	}
	if err := i.s.number(ctx, o, i.now); err != nil {
		return err
	}
	var failed error
	plans := func(at time.Time) models.Plan {
		plan, err := i.plan(ctx, at, o.Zone)
		failed = errors.Join(failed, err)
		return plan
	}
	_, rec, err := lifecycle.Adopt(i.s.NewID(), a.Adopted, i.actor, plans, i.now)
	if err := errors.Join(failed, err); err != nil {
		return fmt.Errorf("adopt: %w", err)
	}
	in := models.Intake{Recording: rec}
	if !a.Closed {
		in.Start = models.StartIntent{CaseID: rec.Case.ID, Severity: rec.Case.Severity, CreatedAt: i.now, NextAt: i.now}
	}
	i.batch.Intakes = append(i.batch.Intakes, in)
	return nil
}

// plan is what the policy in force says from an instant on. Plans reach months ahead, so that one serves a
// fortnight of histories.
func (i *Importing) plan(ctx context.Context, at time.Time, zone string) (models.Plan, error) {
	since := at.Truncate(planFor)
	if at.Equal(i.now) {
		since = at
	}
	kept, made := i.plans[since.UnixMicro()]
	if !made {
		plan, err := i.s.Plans.Plan(ctx, i.policy, since, zone)
		if err != nil {
			return plan, err
		}
		kept = servedPlan{plan, plan.Serves(since.Add(planFor))}
		i.plans[since.UnixMicro()] = kept
	}
	if kept.serves || since.Equal(at) {
		return kept.Plan, nil
	}
	return i.s.Plans.Plan(ctx, i.policy, at, zone)
}

// customer finds the customer of a case by their id in the other system, or makes them.
func (i *Importing) customer(ctx context.Context, o *models.Opened, external string) error {
	contact := models.Contact{ExternalID: external}
	digests := i.s.digests(contact)
	if len(digests) == 0 {
		o.Anonymous = true
		return i.nobody(o)
	}
	if known, is := i.customers[digests[0].Digest]; is {
		o.CustomerID, o.KeyID = known.id, known.key
		return nil
	}
	in, key, err := i.s.customer(ctx, o, contact, i.now)
	if err != nil {
		return err
	}
	if in.Customer != nil {
		i.batch.Keys = append(i.batch.Keys, *in.Key)
		i.batch.Customers = append(i.batch.Customers, *in.Customer)
		i.batch.Digests = append(i.batch.Digests, in.Digests...)
	}
	i.customers[digests[0].Digest] = importedCustomer{id: o.CustomerID, key: key.id}
	return nil
}

// nobody gives a case of an unknown customer a key: one for all of them that this run stages.
func (i *Importing) nobody(o *models.Opened) error {
	if i.anonymous == nil {
		id, wrapped, err := i.s.Vault.NewKey()
		if err != nil {
			return fmt.Errorf("make data key: %w", err)
		}
		i.anonymous = &dataKey{id: id, wrapped: wrapped}
		i.batch.Keys = append(i.batch.Keys, models.Key{ID: id, Wrapped: wrapped, CreatedAt: i.now})
	}
	o.KeyID = i.anonymous.id
	return nil
}

// Finish puts all of the log on record at once, and lets it be found.
func (i *Importing) Finish(ctx context.Context) error {
	if err := errors.Join(i.stage(ctx), i.Pause()); err != nil {
		return err
	}
	now := i.s.now()
	if err := i.record.FinishImport(ctx, i.Import.ID, i.names.newcomers(now), now); err != nil {
		return err
	}
	i.Import.State, i.Import.DoneAt = models.ImportDone, &now
	return i.record.IndexImported(ctx, i.s.factTerms, i.s.now)
}
