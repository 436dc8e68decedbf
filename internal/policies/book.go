package policies

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"recourse/internal/policy"
	"recourse/models"
)

// Lead is how far ahead of its publication a version takes effect at the earliest: every process has
// read it by then, so that all of them change over at the same instant.
const Lead = time.Minute

// readEvery is how long a book may go by what it has read; far below Lead.
const readEvery = 15 * time.Second

// keptPlans bounds the plans that are kept: zones of customers × versions in use.
const keptPlans = 256

// Record keeps the versions.
type Record interface {
	// Policies returns every version that was published, in that order.
	Policies(ctx context.Context) ([]models.Policy, error)
}

// Config is what a book is made of.
type Config struct {
	Record  Record
	Company *time.Location
	Rules   int // version of the kernel's rules for new cases
	Now     func() time.Time
}

// Book knows every version of the policy. A plan is made once per version, zone and hour: its calendars
// reach ninety days, and making one is the dearest part of an intake.
type Book struct {
	Config

	mu       sync.Mutex
	readAt   time.Time
	versions []version // in the order in which they take effect
	hour     time.Time
	made     map[wanted]models.Plan
}

// version is a policy and since when it is in force.
type version struct {
	policy.Policy
	effectiveAt time.Time
	number      int64
}

// wanted is what a plan was made for.
type wanted struct{ version, zone string }

// NewBook makes a book that has read nothing yet.
func NewBook(cfg Config) *Book { return &Book{Config: cfg} }

// Plan returns what a case of a customer in a zone needs to know from an instant on, by a version of
// the policy; without one, by the one in force at that instant. CodeNotFound: nobody knows the version.
func (b *Book) Plan(ctx context.Context, name string, at time.Time, customerZone string) (models.Plan, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, err := b.find(ctx, name, at)
	if err != nil {
		return models.Plan{}, err
	}
	if hour := at.Truncate(time.Hour); !hour.Equal(b.hour) || len(b.made) >= keptPlans {
		b.hour, b.made = hour, map[wanted]models.Plan{}
	}
	key := wanted{v.Version, customerZone}
	plan, made := b.made[key]
	if !made {
		plan = v.Plan(at, customerZone, b.Rules)
		b.made[key] = plan
	}
	return plan, nil
}

// Policy returns a version of the policy, or the one in force at an instant. CodeNotFound: nobody knows it.
func (b *Book) Policy(ctx context.Context, name string, at time.Time) (policy.Policy, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, err := b.find(ctx, name, at)
	return v.Policy, err
}

// Endings lists the calendars of the policy in force at an instant whose holidays are not known far
// enough ahead; none while the record does not answer.
func (b *Book) Endings(ctx context.Context, at time.Time) []policy.Ending {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, err := b.find(ctx, "", at)
	if err != nil {
		return nil
	}
	return policy.Endings(v.Policy, at)
}

// EraseAfter is how long personal data are kept after the last thing that happened with a customer, by the
// policy in force at an instant; zero: until somebody erases them.
func (b *Book) EraseAfter(ctx context.Context, at time.Time) (time.Duration, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, err := b.find(ctx, "", at)
	return v.EraseAfter, err
}

// find returns a version by its name, or the one in force. A name that is not known is looked up on
// record at once: another process may have just published it.
func (b *Book) find(ctx context.Context, name string, at time.Time) (version, error) {
	if err := b.refresh(ctx, readEvery); err != nil {
		return version{}, err
	}
	if name == "" {
		return b.inForce(at), nil
	}
	named := func(v version) bool { return v.Version == name }
	i := slices.IndexFunc(b.versions, named)
	if i < 0 {
		if err := b.refresh(ctx, 0); err != nil {
			return version{}, err
		}
		i = slices.IndexFunc(b.versions, named)
	}
	if i < 0 {
		return version{}, models.Refuse(models.CodeNotFound, fmt.Sprintf("there is no version %q of the policy", name))
	}
	return b.versions[i], nil
}

// inForce is the last version that has taken effect; before any did, the one the product ships with.
func (b *Book) inForce(at time.Time) version {
	in := b.versions[0]
	for _, v := range b.versions[1:] {
		if v.effectiveAt.After(at) {
			break
		}
		in = v
	}
	return in
}

// refresh reads the versions when they were read longer ago than that. While the record does not
// answer, what was read goes on to hold.
func (b *Book) refresh(ctx context.Context, longest time.Duration) error {
	now := b.Now()
	if len(b.versions) > 0 && now.Sub(b.readAt) < longest {
		return nil
	}
	rows, err := b.Record.Policies(ctx)
	if err != nil {
		if len(b.versions) > 0 && longest > 0 {
			return nil
		}
		return err
	}
	if len(rows)+1 == len(b.versions) { // none was added, and none ever changes
		b.readAt = now
		return nil
	}
	versions := []version{{Policy: policy.Default(b.Company)}}
	for _, row := range rows {
		p, err := Read(row, b.Company)
		if err != nil {
			return err
		}
		versions = append(versions, version{Policy: p, effectiveAt: row.EffectiveAt, number: row.Number})
	}
	slices.SortStableFunc(versions[1:], func(a, b version) int {
		return cmp.Or(a.effectiveAt.Compare(b.effectiveAt), cmp.Compare(a.number, b.number))
	})
	b.versions, b.readAt = versions, now
	return nil
}

// Read reads a version on record.
func Read(row models.Policy, company *time.Location) (policy.Policy, error) {
	p, faults := policy.Reread(row.Document, company)
	if policy.Grave(faults) { // it had none when it was published
		return p, fmt.Errorf("%s cannot be read: %s", row.Version(), faults[0])
	}
	p.Version = row.Version()
	return p, nil
}
