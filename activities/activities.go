package activities

import (
	"context"
	"slices"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// Store is the record, as activities need it.
type Store interface {
	// Record writes a recording; CodeDiverged when the record holds something else.
	Record(ctx context.Context, rec models.Recording) error
	// IncomingPassed says that the workflow decided a customer's answer.
	IncomingPassed(ctx context.Context, id string, at time.Time) error
	// IncomingRefused says that the workflow refused it, and why.
	IncomingRefused(ctx context.Context, id string, at time.Time, why string) error
	// Case returns the row of a case.
	Case(ctx context.Context, id string) (models.Case, error)
	// Entries lists entries after a sequence.
	Entries(ctx context.Context, caseID string, afterSeq int64, limit int) ([]models.Entry, error)
	// PutSurvey keeps a survey with its link and the message that carries it; once per case and cycle.
	PutSurvey(ctx context.Context, s models.Survey, l models.Link, messages []models.Message) error
	// PutCallTask keeps a call to make with the message that announces it; once per attempt, and
	// only while the case stands at seq.
	PutCallTask(ctx context.Context, t models.CallTask, seq int64, messages []models.Message) error
	// PutArchive keeps the seal of a record; once per case.
	PutArchive(ctx context.Context, a models.Archive) error
	// PeopleIn lists the people with a role in a department; an empty department means anywhere. In the order of their ids.
	PeopleIn(ctx context.Context, role models.Role, department string) ([]models.Person, error)
	// Absent returns the ids of everybody who is away at an instant.
	Absent(ctx context.Context, at time.Time) ([]string, error)
}

// Links makes customers' secret links.
type Links interface {
	// LinkToken derives the token of a link; the same parts give the same token.
	LinkToken(parts ...string) string
}

// Plans knows every version of the policy.
type Plans interface {
	// Plan returns what a case of a customer in a zone needs to know from an instant on, by a version of
	// the policy; without one, by the one in force at that instant.
	Plan(ctx context.Context, version string, at time.Time, customerZone string) (models.Plan, error)
}

// Sweeper compares the record with the running workflows.
type Sweeper interface {
	// Sweep does it once; progress is called now and then.
	Sweep(ctx context.Context, progress func(cases int)) (contract.SweepResult, error)
}

// Adjuster carries adjustments out.
type Adjuster interface {
	// Adjust carries an adjustment out on some more of its cases, or takes it back; progress is called for each.
	Adjust(ctx context.Context, id string, undo bool, progress func()) (contract.AdjustResult, error)
}

// Watcher looks for signals.
type Watcher interface {
	// Look puts on record what can be seen at an instant, and returns what nobody had seen before it.
	Look(ctx context.Context, at time.Time) ([]models.Signal, error)
	// Tell queues a mail about that to everybody who subscribed, each once, and says to how many.
	Tell(ctx context.Context, at time.Time) (int, error)
}

// Reporter makes reports.
type Reporter interface {
	// Scheduled makes the report of the last period that was over at an instant, unless there is one.
	Scheduled(ctx context.Context, step string, at time.Time) (r models.Report, made bool, err error)
	// Tell queues a mail about a report to everybody who subscribed, each once, and says to how many.
	Tell(ctx context.Context, id string) (int, error)
}

// Activities holds what the activities need.
type Activities struct {
	Store    Store
	Links    Links
	Plans    Plans
	Sweeper  Sweeper
	Adjuster Adjuster
	Watcher  Watcher
	Reporter Reporter
	Hash     func(token string) string // of a link's token, as it is kept
	Now      func() time.Time
	Diverged func()                 // counts workflows that diverged from the record
	Late     func(by time.Duration) // notes how late something that happens by itself was decided
}

// Record puts what was decided on record and marks the customers' answers that were decided with it.
func (a *Activities) Record(ctx context.Context, in contract.RecordInput) error {
	if len(in.Recording.Entries) > 0 {
		rec, err := a.figured(ctx, in.Recording)
		if err != nil {
			return transport(err)
		}
		if err := a.Store.Record(ctx, rec); err != nil {
			if models.CodeOf(err) == models.CodeDiverged {
				a.Diverged()
			}
			return transport(err)
		}
	}
	a.noteLateness(in.Recording)
	for _, p := range in.Passed {
		if err := a.mark(ctx, p); err != nil {
			return transport(err)
		}
	}
	return nil
}

// figured adds to a recording of a case without a trail the facts that its events fold to: those on record,
// and those to come.
func (a *Activities) figured(ctx context.Context, rec models.Recording) (models.Recording, error) {
	if !rec.Untraced {
		return rec, nil
	}
	var entries []models.Entry
	if before := rec.Entries[0].Seq - 1; before > 0 {
		var err error
		if entries, err = a.Store.Entries(ctx, rec.Case.ID, 0, int(before)); err != nil {
			return rec, err
		}
	}
	facts, err := lifecycle.FactsOf(slices.Concat(entries, rec.Entries))
	rec.FactRows = facts
	return rec, err
}

// noteLateness notes of every alert how long after its due instant it was decided; alerts of what was
// late before it was on record say nothing of our timers.
func (a *Activities) noteLateness(rec models.Recording) {
	for _, alert := range rec.Alerts {
		if alert.LateReason != models.LateRecorded {
			a.Late(alert.FiredAt.Sub(alert.DueAt))
		}
	}
}

func (a *Activities) mark(ctx context.Context, p contract.Passed) error {
	if p.Refusal != "" {
		return a.Store.IncomingRefused(ctx, p.ID, a.now(), p.Refusal)
	}
	return a.Store.IncomingPassed(ctx, p.ID, a.now())
}

// Reload reads a case back from its row.
func (a *Activities) Reload(ctx context.Context, caseID string) (contract.CaseInput, error) {
	row, err := a.Store.Case(ctx, caseID)
	if err != nil {
		return contract.CaseInput{}, err
	}
	c, err := lifecycle.Restore(row)
	return contract.CaseInput{Case: c}, err
}

// FreshPlan returns the plan of a case from now on.
func (a *Activities) FreshPlan(ctx context.Context, in contract.FreshPlanInput) (models.Plan, error) {
	return a.Plans.Plan(ctx, in.Policy, a.now(), in.Zone)
}

func (a *Activities) now() time.Time { return a.Now().UTC().Truncate(time.Microsecond) }

// transport lets only a divergence travel as a refusal, which is not retried; everything else is
// the store being away, and is.
func transport(err error) error {
	if models.CodeOf(err) == models.CodeDiverged {
		return contract.Failure(err)
	}
	return err
}
