package cases

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"recourse/internal/policies"
	"recourse/internal/policy"
	"recourse/models"
)

// Policy is a version of the policy as it is shown.
type Policy struct {
	Version     string
	Document    string    // as it was written
	Author      string    // empty: it came with the product
	Reason      string    // empty: it came with the product
	EffectiveAt time.Time // zero: from the beginning
	CreatedAt   time.Time
	InForce     bool
	Clocks      []models.ClockRule // as the document says
	Ladders     []models.Ladder
	Warnings    []Fault // what may stand so but is hardly meant
}

// PolicyWish is a policy somebody wants to be in force.
type PolicyWish struct {
	Document    []byte // YAML or JSON
	Reason      string
	EffectiveAt time.Time // zero: as soon as possible
	After       string    // refuse when another version was published last; empty: never
}

// PolicyTrial is what a policy would be, were it published now.
type PolicyTrial struct {
	Faults   []Fault // for which it would be refused
	Warnings []Fault
	Against  string          // the version in force
	Changes  []policy.Change // against that one
}

// Policies shows every version without its document, the one published last first.
func (s *Service) Policies(ctx context.Context) ([]Policy, error) {
	rows, err := s.Store.Policies(ctx)
	if err != nil {
		return nil, err
	}
	in := s.inForce(rows)
	shown := []Policy{{Version: policy.DefaultVersion, InForce: in == policy.DefaultVersion}}
	for _, row := range rows {
		shown = append(shown, shownPolicy(row, in))
	}
	for i := range shown {
		shown[i].Document = ""
	}
	slices.Reverse(shown)
	return shown, nil
}

// Policy shows a version, or the one in force when version is empty; CodeNotFound when there is none.
func (s *Service) Policy(ctx context.Context, version string) (Policy, error) {
	rows, err := s.Store.Policies(ctx)
	if err != nil {
		return Policy{}, err
	}
	in := s.inForce(rows)
	if version == "" {
		version = in
	}
	shown := Policy{Version: policy.DefaultVersion, Document: string(policy.DefaultDocument()), InForce: in == policy.DefaultVersion}
	if version != policy.DefaultVersion {
		i := slices.IndexFunc(rows, func(row models.Policy) bool { return row.Version() == version })
		if i < 0 {
			return Policy{}, models.Refuse(models.CodeNotFound, fmt.Sprintf("there is no version %q of the policy", version))
		}
		shown = shownPolicy(rows[i], in)
	}
	p, _ := policy.Reread([]byte(shown.Document), s.Zone)
	shown.Clocks, shown.Ladders = p.Clocks, p.Ladders
	_, shown.Warnings, err = s.judge(ctx, p, nil)
	return shown, err
}

func shownPolicy(row models.Policy, in string) Policy {
	return Policy{
		Version: row.Version(), Document: string(row.Document), Author: row.Author, Reason: row.Reason,
		EffectiveAt: row.EffectiveAt, CreatedAt: row.CreatedAt, InForce: row.Version() == in,
	}
}

// inForce names the version that has taken effect last.
func (s *Service) inForce(rows []models.Policy) string {
	in, since := policy.DefaultVersion, time.Time{}
	for _, row := range rows {
		if !row.EffectiveAt.After(s.now()) && !row.EffectiveAt.Before(since) {
			in, since = row.Version(), row.EffectiveAt
		}
	}
	return in
}

// TryPolicy says what is wrong with a policy and what it would change. It changes nothing.
func (s *Service) TryPolicy(ctx context.Context, document []byte) (PolicyTrial, error) {
	p, found := policy.Read(document, s.Zone)
	faults, warnings, err := s.judge(ctx, p, found)
	if err != nil {
		return PolicyTrial{}, err
	}
	was, err := s.Policy(ctx, "")
	if err != nil {
		return PolicyTrial{}, err
	}
	trial := PolicyTrial{Faults: faults, Warnings: warnings, Against: was.Version}
	if len(faults) == 0 {
		before, _ := policy.Reread([]byte(was.Document), s.Zone)
		trial.Changes = policy.Diff(before, p)
	}
	return trial, nil
}

// judge holds a policy against the organisation and sorts all that is wrong with it.
func (s *Service) judge(ctx context.Context, p policy.Policy, found []policy.Fault) (faults, warnings []Fault, err error) {
	if !policy.Grave(found) {
		people, err := s.Store.People(ctx)
		if err != nil {
			return nil, nil, err
		}
		g := gaps{company: models.Company{People: people}}
		held := func(r models.Role) bool { return g.anybody(func(p models.Person) bool { return p.Actor().Is(r) }) }
		in, err := s.dispatchCompany(ctx)
		if err != nil {
			return nil, nil, err
		}
		open := map[string]bool{}
		for id := range in.Departments {
			open[id] = true
		}
		found = slices.Concat(found, policy.Lost(p, open), policy.Reach(p, held), policy.Unknown(p, s.now()))
	}
	for _, f := range found {
		if shown := (Fault{Pointer: "/document" + f.Path, Says: f.Says, Line: f.Line}); f.Warning {
			warnings = append(warnings, shown)
		} else {
			faults = append(faults, shown)
		}
	}
	return faults, warnings, nil
}

// PublishPolicy puts a version on record that holds for complaints put on record from its effective
// date on; admin and ops only. Cases that run keep theirs. It is refused with all its faults. The
// document that was published last, again, is no new version.
func (s *Service) PublishPolicy(ctx context.Context, a models.Actor, w PolicyWish) (Policy, error) {
	if !a.Is(models.RoleAdmin) && !a.Is(models.RoleOps) {
		return Policy{}, models.Refuse(models.CodeForbidden, "only admin and ops change the policy")
	}
	if strings.TrimSpace(w.Reason) == "" {
		return Policy{}, models.Invalid("/reason", "say why the policy changes")
	}
	earliest := s.now().Add(policies.Lead)
	if w.EffectiveAt.IsZero() {
		w.EffectiveAt = earliest
	}
	if w.EffectiveAt.Before(earliest) {
		return Policy{}, models.Invalid("/effective_at", fmt.Sprintf(
			"a policy takes effect %s after its publication at the earliest, so that every process knows it by then", policies.Lead))
	}
	p, found := policy.Read(w.Document, s.Zone)
	faults, warnings, err := s.judge(ctx, p, found)
	if err != nil {
		return Policy{}, err
	}
	if err := refusal(faults); err != nil {
		return Policy{}, err
	}
	row, err := s.addPolicy(ctx, models.Policy{
		Document: w.Document, Author: a.ID, Reason: strings.TrimSpace(w.Reason),
		EffectiveAt: w.EffectiveAt.UTC().Truncate(time.Microsecond), CreatedAt: s.now(),
	}, w.After)
	shown := shownPolicy(row, "")
	shown.Warnings = warnings
	return shown, err
}

// addPolicy adds a version after the last one, unless that is the same.
func (s *Service) addPolicy(ctx context.Context, row models.Policy, after string) (models.Policy, error) {
	rows, err := s.Store.Policies(ctx)
	if err != nil {
		return row, err
	}
	last := policy.DefaultVersion
	if n := len(rows); n > 0 {
		last = rows[n-1].Version()
	}
	if after != "" && after != last {
		return row, models.Refuse(models.CodeStale, fmt.Sprintf("%s was published last, not %s; read it again", last, after))
	}
	if n := len(rows); n > 0 && bytes.Equal(rows[n-1].Document, row.Document) {
		return rows[n-1], nil
	}
	row.Number = int64(len(rows)) + 1
	return row, s.Store.PutPolicy(ctx, row)
}
