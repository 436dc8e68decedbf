package policies

import (
	"context"
	"time"

	"recourse/internal/policy"
	"recourse/models"
)

// Past is what versions of the policy say of any time, as it concerns a customer in a zone. Versions
// never change, so it needs the record no more.
type Past struct {
	zone     string
	versions map[string]policy.Policy
}

// Past reads versions of the policy. CodeNotFound: nobody knows one of them.
func (b *Book) Past(ctx context.Context, customerZone string, versions ...string) (Past, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	past := Past{zone: customerZone, versions: make(map[string]policy.Policy, len(versions))}
	for _, name := range versions {
		v, err := b.find(ctx, name, b.Now())
		if err != nil {
			return Past{}, err
		}
		past.versions[name] = v.Policy
	}
	return past, nil
}

// Only knows one policy, whatever version is asked for: what cases would have run under.
type Only struct{ policy.Policy }

// Past is what the policy says, under every name that is asked for.
func (o Only) Past(_ context.Context, customerZone string, versions ...string) (Past, error) {
	past := Past{zone: customerZone, versions: make(map[string]policy.Policy, len(versions))}
	for _, name := range versions {
		past.versions[name] = o.Policy
	}
	return past, nil
}

// Rule returns how long a clock may take by a version; none when the version was not read.
func (p Past) Rule(version string, k models.Clock) models.ClockRule {
	return p.versions[version].Rule(k)
}

// Stretches says what a calendar of a version was between two instants, without a gap.
func (p Past) Stretches(version, calendar string, from, until time.Time) []models.Stretch {
	return p.versions[version].Stretches(calendar, p.zone, from, until)
}

// Working names the calendar of a version that is meant by working time for a channel and a department.
func (p Past) Working(version string, channel models.Channel, department string) string {
	return p.versions[version].CalendarsFor.Of(channel, department)
}
