package cases

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/models"
)

// AdjustmentWish is an adjustment somebody wants.
type AdjustmentWish struct {
	Kind   models.AdjustmentKind
	Policy string         // of policy: the version
	Grace  string         // of policy: a length such as 4h; empty: none
	Later  string         // of later: an amount such as 24h or 1d working
	Clocks []models.Clock // of later
	Until  time.Time      // of pause
	Tell   bool           // of later: customers are told
	Filter models.AdjustmentFilter
	Reason string
}

// Adjustment is an adjustment as it is shown, with how far it has come.
type Adjustment struct {
	models.Adjustment

	Cases   int // in all
	Earlier int
	LaterBy int // of Cases, those of which a bound goes further away
	AtOnce  int
	By      map[models.AdjustedState]int
	MayRun  bool // whoever asked may start it or take it back
}

// GraceText is the grace as it is written; empty: none.
func (a Adjustment) GraceText() string { return policy.AmountText(models.Amount{Of: a.Grace}) }

// LaterText is by how much deadlines move, as it is written; empty: they do not.
func (a Adjustment) LaterText() string {
	return policy.AmountText(models.Amount{Of: a.Later, Calendar: a.Calendar})
}

// Left is how many cases are still to come.
func (a Adjustment) Left() int {
	switch a.State { //nolint:exhaustive // in the others nothing goes on
	case models.AdjustmentRunning:
		return a.By[models.AdjustedPlanned] + a.By[models.AdjustedFailed]
	case models.AdjustmentUndoing:
		return a.By[models.AdjustedDone]
	default:
		return 0
	}
}

// mayAdjust says who may do what to the deadlines of many cases: the policy is for those who publish
// it, more time and a pause for those who grant them to one case.
func mayAdjust(a models.Actor, k models.AdjustmentKind) error {
	if a.Kind == models.ActorSystem { // whoever sits at the machine
		return nil
	}
	if k == models.AdjustPolicy {
		return only(a, "only admin and ops move cases to another policy", models.RoleAdmin, models.RoleOps)
	}
	return only(a, "only supervisors give many cases more time", models.RoleSupervisor)
}

// maySeeAdjustments says who sees them.
func maySeeAdjustments(a models.Actor) error {
	return only(a, "adjustments are shown to those who run the house", models.RoleAdmin, models.RoleOps, models.RoleSupervisor, models.RoleAuditor)
}

// MaySeeAdjustments says whether adjustments are shown to somebody.
func MaySeeAdjustments(a models.Actor) bool { return maySeeAdjustments(a) == nil }

// adjustPage is how many cases are looked at or written at a time.
const adjustPage = 200

// PreviewAdjustment says of every running case that an adjustment would come over what it would do, and
// keeps that; nothing changes before it is started.
func (s *Service) PreviewAdjustment(ctx context.Context, call Call, w AdjustmentWish) (Adjustment, error) {
	a := call.Actor
	if err := s.wanted(ctx, a, &w); err != nil {
		return Adjustment{}, err
	}
	id, _, err := once(ctx, s, call, func() (string, error) { return s.preview(ctx, a, w) })
	if err != nil {
		return Adjustment{}, err
	}
	return s.Adjustment(ctx, a, id)
}

// preview keeps what an adjustment would do, and names it.
func (s *Service) preview(ctx context.Context, a models.Actor, w AdjustmentWish) (id string, err error) {
	row := models.Adjustment{
		ID: s.NewID(), Kind: w.Kind, State: models.AdjustmentPreviewed, Policy: w.Policy, Clocks: clockNames(w.Clocks), Tell: w.Tell,
		Filter: w.Filter, Reason: w.Reason, Author: a.ID, CreatedAt: s.now(),
	}
	grace, _ := policy.ParseAmount(cmp.Or(w.Grace, "0s"))
	later, _ := policy.ParseAmount(cmp.Or(w.Later, "0s"))
	row.Grace, row.Later, row.Calendar = grace.Of, later.Of, later.Calendar
	if w.Kind == models.AdjustPause {
		row.Until = &w.Until
	}
	if row.NotBefore, err = s.takesEffect(ctx, w.Policy); err != nil {
		return "", err
	}
	planned, err := s.plan(ctx, row)
	if err != nil {
		return "", err
	}
	return row.ID, s.Store.PutAdjustment(ctx, row, planned)
}

func clockNames(clocks []models.Clock) (names []string) {
	for _, k := range clocks {
		names = append(names, string(k))
	}
	return names
}

// wanted refuses an adjustment that cannot be meant.
func (s *Service) wanted(ctx context.Context, a models.Actor, w *AdjustmentWish) error {
	if !slices.Contains(models.AdjustmentKinds(), w.Kind) {
		return models.Invalid("/kind", fmt.Sprintf("%q is not one of %v", w.Kind, models.AdjustmentKinds()))
	}
	if err := mayAdjust(a, w.Kind); err != nil {
		return err
	}
	if w.Reason = strings.TrimSpace(w.Reason); w.Reason == "" {
		return models.Invalid("/reason", "say why the deadlines move")
	}
	if err := s.knownFilter(ctx, w.Filter); err != nil {
		return err
	}
	w.Until = w.Until.UTC().Truncate(time.Microsecond)
	switch w.Kind {
	case models.AdjustPolicy:
		return s.wantedPolicy(ctx, *w)
	case models.AdjustPause:
		if !w.Until.After(s.now()) {
			return models.Invalid("/until", "lies in the past")
		}
		return nil
	case models.AdjustLater:
		return s.wantedLater(ctx, *w)
	}
	return nil
}

// longestMove bounds by how much deadlines are moved, and how much grace there is: a year.
const longestMove = 366 * 24 * time.Hour

func (s *Service) wantedPolicy(ctx context.Context, w AdjustmentWish) error {
	if w.Policy == "" {
		return models.Invalid("/policy", "say to which version the cases move")
	}
	if _, err := s.Plans.Plan(ctx, w.Policy, s.now(), s.Zone.String()); err != nil {
		if models.CodeOf(err) == models.CodeNotFound {
			return models.Invalid("/policy", fmt.Sprintf("there is no version %q of the policy", w.Policy))
		}
		return err
	}
	grace, err := policy.ParseAmount(cmp.Or(w.Grace, "0s"))
	if err != nil {
		return models.Invalid("/grace", err.Error())
	}
	if grace.Of > longestMove || grace.Calendar != models.CalendarWall {
		return models.Invalid("/grace", "is at most a year, by the clock on the wall")
	}
	return nil
}

func (s *Service) wantedLater(ctx context.Context, w AdjustmentWish) error {
	later, err := policy.ParseAmount(w.Later)
	if err != nil {
		return models.Invalid("/later", err.Error())
	}
	if later.Of <= 0 || later.Of > longestMove {
		return models.Invalid("/later", "say by how much the deadlines move: more than nothing, at most a year")
	}
	plan, err := s.Plans.Plan(ctx, "", s.now(), s.Zone.String())
	if err != nil {
		return err
	}
	if _, known := plan.Calendar(later.Calendar); !known && later.Calendar != models.CalendarWall {
		return models.Invalid("/later", fmt.Sprintf("there is no calendar %q", later.Calendar))
	}
	if len(w.Clocks) == 0 {
		return models.Invalid("/clocks", "say which clocks get more time")
	}
	for i, k := range w.Clocks {
		if !k.Movable() {
			return models.Invalid(fmt.Sprintf("/clocks/%d", i), fmt.Sprintf("%s cannot be moved by an adjustment", k))
		}
	}
	return nil
}

// knownFilter refuses values that no case can have: a slip would come over nothing, or over all.
func (s *Service) knownFilter(ctx context.Context, f models.AdjustmentFilter) error {
	for i, d := range f.Departments {
		if _, err := s.Store.Department(ctx, d); err != nil {
			return missing(err, nil, fmt.Sprintf("/filter/departments/%d", i), d)
		}
	}
	for i, c := range f.Categories {
		if _, err := s.Store.Category(ctx, c); err != nil {
			return missing(err, nil, fmt.Sprintf("/filter/categories/%d", i), c)
		}
	}
	return firstOf(
		shortOnes("/filter/regions", f.Regions), shortOnes("/filter/products", f.Products),
		eachOf("/filter/channels", f.Channels, models.Channels()), eachOf("/filter/severities", f.Severities, models.Severities()),
	)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// shortOnes refuses too many values, and values that are longer than any that a case can have.
func shortOnes(field string, values []string) error {
	if len(values) > 50 {
		return models.Invalid(field, "name at most 50")
	}
	for i, v := range values {
		if utf8.RuneCountInString(v) > 200 {
			return models.Invalid(fmt.Sprintf("%s/%d", field, i), fmt.Sprintf("has at most %d characters", 200))
		}
	}
	return nil
}

// eachOf refuses values outside a closed set.
func eachOf[T ~string](field string, values []string, set []T) error {
	for i, v := range values {
		if !slices.Contains(set, T(v)) {
			return models.Invalid(fmt.Sprintf("%s/%d", field, i), fmt.Sprintf("%q is not one of %v", v, set))
		}
	}
	return nil
}

// takesEffect is when a version of the policy does, where that is still to come.
func (s *Service) takesEffect(ctx context.Context, version string) (*time.Time, error) {
	rows, err := s.Store.Policies(ctx)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if row.Version() == version && row.EffectiveAt.After(s.now()) {
			return &row.EffectiveAt, nil
		}
	}
	return nil, nil //nolint:nilnil // it holds already
}

// plan lists every running case that an adjustment comes over, with what it does to its bounds.
func (s *Service) plan(ctx context.Context, a models.Adjustment) (planned []models.AdjustedCase, err error) {
	at := s.now()
	if a.NotBefore != nil && a.NotBefore.After(at) {
		at = *a.NotBefore
	}
	for after := ""; ; {
		page, err := s.Store.RunningCases(ctx, after, adjustPage)
		if err != nil {
			return nil, err
		}
		for _, row := range page {
			after = row.ID
			if !row.State.Open() || !meets(a, row) {
				continue
			}
			one, err := s.planOne(ctx, a, row, at)
			if err != nil {
				return nil, err
			}
			planned = append(planned, one)
		}
		if len(page) < adjustPage {
			return planned, nil
		}
	}
}

// meets says whether an adjustment comes over a case.
func meets(a models.Adjustment, row models.Case) bool {
	in := func(of []string, value string) bool { return len(of) == 0 || slices.Contains(of, value) }
	f := a.Filter
	return in(f.Channels, string(row.Channel)) && in(f.Regions, row.Region) && in(f.Departments, row.Department) &&
		in(f.Categories, row.Category) && in(f.Products, row.Product) && in(f.Severities, string(row.Severity)) &&
		(a.Kind != models.AdjustPolicy || a.Policy != row.Policy)
}

// planOne says what an adjustment does to one case, were it decided at an instant.
func (s *Service) planOne(ctx context.Context, a models.Adjustment, row models.Case, at time.Time) (models.AdjustedCase, error) {
	one := models.AdjustedCase{AdjustmentID: a.ID, CaseID: row.ID, Number: row.Number, State: models.AdjustedPlanned}
	if a.Kind == models.AdjustPause {
		return one, nil
	}
	c, err := lifecycle.Restore(row)
	if err != nil {
		return one, err
	}
	plan, err := s.Plans.Plan(ctx, versionFor(a, row), at, row.Zone)
	if err != nil {
		return one, err
	}
	moves, err := c.WouldMove(lifecycle.Command{Verb: models.VerbMoveDeadlines, Actor: models.System(), Data: moving(a), ID: "preview"}, plan, at)
	if err != nil {
		one.State, one.Why = models.AdjustedSkipped, err.Error()
		return one, nil //nolint:nilerr // a refusal is what the preview says of this case
	}
	one.Planned = moves
	one.Earlier, one.Later, one.AtOnce = directions(moves, at)
	return one, nil
}

// directions says whether some bound comes nearer, goes further away, or lies in the past at an instant.
func directions(moves []models.BoundMove, at time.Time) (earlier, later, atOnce bool) {
	for _, m := range moves {
		nearer := !m.To.IsZero() && (m.From.IsZero() || m.To.Before(m.From))
		earlier, later = earlier || nearer, later || !nearer
		atOnce = atOnce || nearer && m.To.Before(at)
	}
	return earlier, later, atOnce
}

// versionFor is the version of the policy whose plan an adjustment of a case needs.
func versionFor(a models.Adjustment, row models.Case) string {
	if a.Kind == models.AdjustPolicy {
		return a.Policy
	}
	return row.Policy
}

// moving is what an adjustment puts on the record of a case.
func moving(a models.Adjustment) models.DeadlinesMoved {
	d := models.DeadlinesMoved{Adjustment: a.ID, By: a.StartedBy, Tell: a.Tell}
	if a.Kind == models.AdjustPolicy {
		d.Policy, d.Grace = a.Policy, a.Grace
		return d
	}
	d.Later = models.Amount{Of: a.Later, Calendar: a.Calendar}
	for _, k := range a.Clocks {
		d.Clocks = append(d.Clocks, models.Clock(k))
	}
	return d
}

// Adjustments lists the latest adjustments, the last one first.
func (s *Service) Adjustments(ctx context.Context, a models.Actor) ([]Adjustment, error) {
	if err := maySeeAdjustments(a); err != nil {
		return nil, err
	}
	rows, err := s.Store.Adjustments(ctx, mostShown)
	if err != nil {
		return nil, err
	}
	shown := make([]Adjustment, len(rows))
	for i, row := range rows {
		if shown[i], err = s.adjustment(ctx, a, row); err != nil {
			return nil, err
		}
	}
	return shown, nil
}

// Adjustment shows an adjustment; CodeNotFound when there is none.
func (s *Service) Adjustment(ctx context.Context, a models.Actor, id string) (Adjustment, error) {
	if err := maySeeAdjustments(a); err != nil {
		return Adjustment{}, err
	}
	row, err := s.Store.Adjustment(ctx, id)
	if err != nil {
		if models.CodeOf(err) == models.CodeNotFound {
			err = models.Refuse(models.CodeNotFound, "there is no such adjustment")
		}
		return Adjustment{}, err
	}
	return s.adjustment(ctx, a, row)
}

func (s *Service) adjustment(ctx context.Context, a models.Actor, row models.Adjustment) (Adjustment, error) {
	shown := Adjustment{Adjustment: row, By: map[models.AdjustedState]int{}, MayRun: mayAdjust(a, row.Kind) == nil}
	counts, err := s.Store.CountAdjusted(ctx, row.ID)
	for _, c := range counts {
		shown.By[c.State] = c.Cases
		shown.Cases += c.Cases
		shown.Earlier, shown.LaterBy, shown.AtOnce = shown.Earlier+c.Earlier, shown.LaterBy+c.Later, shown.AtOnce+c.AtOnce
	}
	return shown, err
}

// AdjustedCases lists the cases of an adjustment behind a case id, of one state or of all.
func (s *Service) AdjustedCases(ctx context.Context, a models.Actor, id, after string, limit int, state models.AdjustedState) (Page[models.AdjustedCase], error) {
	if _, err := s.Adjustment(ctx, a, id); err != nil {
		return Page[models.AdjustedCase]{}, err
	}
	var states []models.AdjustedState
	if state != "" {
		if err := eachOf("/state", []string{string(state)}, models.AdjustedStates()); err != nil {
			return Page[models.AdjustedCase]{}, models.Invalid("/state", fmt.Sprintf("%q is not one of %v", state, models.AdjustedStates()))
		}
		states = append(states, state)
	}
	if limit <= 0 || limit > adjustPage {
		limit = adjustPage
	}
	cases, err := s.Store.Adjusted(ctx, id, after, limit+1, states...)
	if err != nil {
		return Page[models.AdjustedCase]{}, err
	}
	page := Page[models.AdjustedCase]{Items: cases}
	if len(cases) > limit {
		page.Items, page.Next = cases[:limit], cases[limit-1].CaseID
	}
	return page, s.hideUnseen(ctx, a, page.Items)
}

// hideUnseen leaves of the cases that somebody may not know of no more than that they are there.
func (s *Service) hideUnseen(ctx context.Context, a models.Actor, cases []models.AdjustedCase) error {
	ids := make([]string, len(cases))
	for i, c := range cases {
		ids[i] = c.CaseID
	}
	rows, err := s.Store.RowsOf(ctx, ids)
	if err != nil {
		return err
	}
	for i, c := range cases {
		if row, known := rows[c.CaseID]; !known || models.Sees(a, row) == models.SightNone {
			cases[i].Number = ""
		}
	}
	return nil
}
