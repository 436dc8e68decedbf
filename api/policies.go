package api

import (
	"context"
	"time"

	"recourse/api/openapi"
	"recourse/internal/cases"
)

// ListPolicies lists the versions of the policy.
func (d *door) ListPolicies(ctx context.Context, _ openapi.ListPoliciesRequestObject) (openapi.ListPoliciesResponseObject, error) {
	ctx, _ = enter(ctx)
	all, err := d.Cases.Policies(ctx)
	return openapi.ListPolicies200JSONResponse{Items: each(all, policyEntry)}, err
}

// policyInForce is how the version in force is asked for without knowing its name.
const policyInForce = "in-force"

// ShowPolicy shows a version of the policy.
func (d *door) ShowPolicy(ctx context.Context, r openapi.ShowPolicyRequestObject) (openapi.ShowPolicyResponseObject, error) {
	ctx, _ = enter(ctx)
	version := r.Version
	if version == policyInForce {
		version = ""
	}
	v, err := d.Cases.Policy(ctx, version)
	return openapi.ShowPolicy200JSONResponse(policyVersion(v)), err
}

// TryPolicy says what is wrong with a policy and what it would change.
func (d *door) TryPolicy(ctx context.Context, r openapi.TryPolicyRequestObject) (openapi.TryPolicyResponseObject, error) {
	ctx, _ = enter(ctx)
	t, err := d.Cases.TryPolicy(ctx, []byte(r.Body.Document))
	changes := make([]openapi.PolicyChange, len(t.Changes))
	for i, c := range t.Changes {
		changes[i] = openapi.PolicyChange{Pointer: c.Path, Was: c.Was, Is: c.Is}
	}
	return openapi.TryPolicy200JSONResponse{
		Against: t.Against, Faults: each(t.Faults, faultOf), Warnings: each(t.Warnings, faultOf), Changes: changes,
	}, err
}

// PublishPolicy publishes a version of the policy.
func (d *door) PublishPolicy(ctx context.Context, r openapi.PublishPolicyRequestObject) (openapi.PublishPolicyResponseObject, error) {
	ctx, in := enter(ctx)
	v, err := d.Cases.PublishPolicy(ctx, in.actor(), cases.PolicyWish{
		Document: []byte(r.Body.Document), Reason: r.Body.Reason, EffectiveAt: r.Body.EffectiveAt, After: r.Body.After,
	})
	return openapi.PublishPolicy201JSONResponse(policyVersion(v)), err
}

// ImportDays says what a list of days adds to a calendar of a policy.
func (d *door) ImportDays(ctx context.Context, r openapi.ImportDaysRequestObject) (openapi.ImportDaysResponseObject, error) {
	ctx, _ = enter(ctx)
	added, err := d.Cases.ImportDays(ctx, cases.DayList{
		Calendar: r.Body.Calendar, Name: r.Body.Name, Content: []byte(r.Body.Content), KnownUntil: r.Body.KnownUntil, Document: []byte(r.Body.Document),
	})
	return openapi.ImportDays200JSONResponse{
		Entries: each(added.Entries, dayEntry), Known: added.Known, Fragment: added.Fragment, Document: added.Document,
	}, err
}

func dayEntry(e cases.DayEntry) openapi.DayEntry {
	return openapi.DayEntry{From: e.From, Until: e.Until, Kind: openapi.DayEntryKind(e.Kind), Hours: e.Hours, Name: e.Name}
}

func policyVersion(v cases.Policy) openapi.PolicyVersion {
	return openapi.PolicyVersion{Policy: policyEntry(v), Document: v.Document, Warnings: each(v.Warnings, faultOf)}
}

func policyEntry(v cases.Policy) openapi.PolicyEntry {
	return openapi.PolicyEntry{
		Version: v.Version, Author: v.Author, Reason: v.Reason, EffectiveAt: unlessZero(v.EffectiveAt), CreatedAt: unlessZero(v.CreatedAt),
		InForce: v.InForce,
	}
}

// unlessZero leaves an instant out that there is not.
func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
