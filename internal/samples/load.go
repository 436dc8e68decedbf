package samples

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"recourse/activities"
	"recourse/internal/cases"
	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// Store is the record, as the samples need it.
type Store interface {
	activities.Store
	// Meta returns a fact about the whole record.
	Meta(ctx context.Context, key string) (string, error)
	// FirstMeta keeps a fact unless there is one, and returns the one that holds.
	FirstMeta(ctx context.Context, key, value string) (string, error)
	// PutDepartment keeps a department.
	PutDepartment(ctx context.Context, d models.Department) error
	// PutPerson keeps a person.
	PutPerson(ctx context.Context, p models.Person) error
	// PutCategory keeps a category.
	PutCategory(ctx context.Context, c models.Category) error
	// PutTeam keeps a team.
	PutTeam(ctx context.Context, t models.Team) error
	// PutDispatchTable adds a version of the dispatch table; CodeStale when it is not the next.
	PutDispatchTable(ctx context.Context, row models.DispatchTable) error
	// SurveyAnswered keeps when a survey was answered.
	SurveyAnswered(ctx context.Context, caseID string, cycle int, at time.Time) error
	// TakeNumbers makes sure that the next n cases wait for nobody to get their numbers.
	TakeNumbers(ctx context.Context, n int) error
}

// loadedKey is the fact that all samples are on record.
const loadedKey = "samples loaded"

// Load puts the company, its people and the samples on record as they stand now, and says how many
// cases it put there. It does so once in the life of a record: what somebody changed or deleted
// since stays so. A load that was cut short is finished by the next. Run it before the relay, so
// that no workflow sends a sample's survey.
func Load(ctx context.Context, svc *cases.Service, store Store, now time.Time) (loaded int, err error) {
	if _, err := store.Meta(ctx, loadedKey); models.CodeOf(err) != models.CodeNotFound {
		return 0, err
	}
	if err := putCompany(ctx, store, now); err != nil {
		return 0, err
	}
	l := loader{svc: svc, store: store, people: People(now)}
	for _, tale := range tales(now, svc.Zone) {
		fresh, err := l.put(ctx, tale, now)
		if err != nil {
			return loaded, fmt.Errorf("load sample %s: %w", tale.name, err)
		}
		if fresh {
			loaded++
		}
	}
	_, err = store.FirstMeta(ctx, loadedKey, now.UTC().Format(time.RFC3339))
	return loaded, err
}

func putCompany(ctx context.Context, store Store, now time.Time) error {
	now = now.UTC().Truncate(time.Microsecond)
	for _, d := range Departments(now) {
		if err := store.PutDepartment(ctx, d); err != nil {
			return err
		}
	}
	for _, t := range Teams(now) {
		if err := store.PutTeam(ctx, t); err != nil {
			return err
		}
	}
	for _, c := range Categories() {
		if err := store.PutCategory(ctx, c); err != nil {
			return err
		}
	}
	for _, p := range People(now) {
		if err := store.PutPerson(ctx, p); err != nil {
			return err
		}
	}
	return putTable(ctx, store, now)
}

// putTable puts the first version of the dispatch table, unless there is one.
func putTable(ctx context.Context, store Store, now time.Time) error {
	var table any
	if err := json.Unmarshal([]byte(DispatchTable), &table); err != nil {
		return err
	}
	document, err := models.Canonical(table)
	if err != nil {
		return err
	}
	err = store.PutDispatchTable(ctx, models.DispatchTable{
		Version: 1, Document: document, Author: "gao-yuan", Reason: "sample", CreatedAt: now,
	})
	if models.CodeOf(err) == models.CodeStale { // an earlier load was cut short, or somebody has their own
		return nil
	}
	return err
}

type loader struct {
	svc    *cases.Service
	store  Store
	people []models.Person
}

// put puts one tale on record, unless it is there, with what its past left beside it.
func (l *loader) put(ctx context.Context, t *tale, now time.Time) (fresh bool, err error) {
	t.ID, err = l.store.FirstMeta(ctx, "sample "+t.name, l.svc.NewID())
	if err != nil {
		return false, err
	}
	if _, err := l.store.Case(ctx, t.ID); models.CodeOf(err) == models.CodeNotFound {
		fresh = true
		if err := l.svc.PutSample(ctx, t.Sample, now, l.settle); err != nil {
			return false, err
		}
	}
	entries, err := l.store.Entries(ctx, t.ID, 0, 0)
	if err != nil {
		return false, err
	}
	return fresh, l.carryOut(ctx, l.store, entries)
}

// carryOut leaves on record what workflows did for the past of a case: surveys offered, calls placed
// and made, the seal. It does no harm to do it again.
func (l *loader) carryOut(ctx context.Context, store Store, entries []models.Entry) error {
	var c lifecycle.Case
	for _, entry := range entries {
		e, err := entry.Event()
		if err != nil {
			return err
		}
		c = lifecycle.Evolve(c, e)
		for _, effect := range lifecycle.Effects(c, e) {
			if err := l.effect(ctx, store, c, e, effect); err != nil {
				return fmt.Errorf("%s: %w", e.Kind, err)
			}
		}
		if err := end(ctx, store, e); err != nil {
			return fmt.Errorf("%s: %w", e.Kind, err)
		}
	}
	return nil
}

// effect does what the activity of an effect did at that instant.
func (l *loader) effect(ctx context.Context, store Store, c lifecycle.Case, e models.Event, effect lifecycle.Effect) error {
	then := &activities.Activities{
		Store: settled{Store: store, settle: func(m models.Message) []models.Message { return l.settle(c, m) }},
		Links: l.svc.Vault, Hash: l.svc.Hash, Now: func() time.Time { return e.DecidedAt },
	}
	switch f := effect.(type) {
	case lifecycle.OfferSurvey:
		return then.OfferSurvey(ctx, contract.SurveyInput{CaseID: c.ID, OfferSurvey: f})
	case lifecycle.PlaceCallback:
		return then.PlaceCallback(ctx, contract.CallbackInput{
			CaseID: c.ID, Department: c.Department, Language: c.Opened.Language, PlaceCallback: f,
		})
	case lifecycle.SealArchive:
		return then.Archive(ctx, contract.ArchiveInput{CaseID: c.ID})
	default:
		return nil // messages went on record with the case
	}
}

// end keeps what came of a survey; a call is kept with what came of it.
func end(ctx context.Context, store Store, e models.Event) error {
	if d, is := e.Data.(models.SurveyAnswered); is {
		return store.SurveyAnswered(ctx, e.Case, d.SurveyCycle, e.DecidedAt)
	}
	return nil
}
