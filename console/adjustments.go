package console

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"recourse/internal/cases"
	"recourse/models"
)

// adjustmentsPage is the changes to the deadlines of many running cases: those there were, and the forms
// by which another is previewed.
type adjustmentsPage struct {
	orgPage

	All []cases.Adjustment
	New []orgForm
}

func (c *console) adjustments(v *visit) error { return c.showAdjustments(v, nil) }

func (c *console) showAdjustments(v *visit, refused *orgWish) error {
	page := adjustmentsPage{}
	var err error
	if page.orgPage, err = c.orgPage(v, "adjustments"); err != nil {
		return err
	}
	if page.All, err = c.Cases.Adjustments(v.r.Context(), v.Actor); err != nil {
		return err
	}
	if page.Admin || v.Actor.Is(models.RoleOps) {
		form, err := c.policyAdjustment(v, page, refused)
		if err != nil {
			return err
		}
		page.New = append(page.New, form)
	}
	if v.Actor.Is(models.RoleSupervisor) {
		page.New = append(page.New, c.laterAdjustment(v, page, refused), c.pauseAdjustment(v, page, refused))
	}
	return v.showAs(refused.status(), "organisation_adjustments", page)
}

// adjustmentPath is where an adjustment of a kind is previewed.
func adjustmentPath(k models.AdjustmentKind) string { return "/organisation/adjustments/" + string(k) }

// adjustmentDraft begins a form for a new adjustment.
func (v *visit) adjustmentDraft(k models.AdjustmentKind, refused *orgWish) *orgDraft {
	d := v.draft(adjustmentPath(k), "adjustment_"+string(k), "", refused)
	d.form.Fields = nil // it is called by nothing
	d.form.Button = v.Say("org.preview")
	return d
}

func (c *console) policyAdjustment(v *visit, page adjustmentsPage, refused *orgWish) (orgForm, error) {
	versions, err := c.Cases.Policies(v.r.Context())
	if err != nil {
		return orgForm{}, err
	}
	var choose []option
	for _, p := range versions {
		says := p.Version
		if p.Reason != "" {
			says += " · " + p.Reason
		}
		choose = append(choose, option{p.Version, says})
	}
	wanted := v.r.URL.Query().Get("version")
	d := v.adjustmentDraft(models.AdjustPolicy, refused)
	d.form.Open = d.form.Open || wanted != ""
	d.field(fieldChoice, "policy", wanted, true, choose...).field(fieldLine, "grace", "", false)
	c.filters(d, page)
	d.field(fieldLine, "reason", "", true)
	return d.form, nil
}

func (c *console) laterAdjustment(v *visit, page adjustmentsPage, refused *orgWish) orgForm {
	d := v.adjustmentDraft(models.AdjustLater, refused)
	d.field(fieldLine, "later", "", true)
	var clocks []option
	for _, k := range models.Clocks() {
		if k.Movable() {
			clocks = append(clocks, option{string(k), v.Name(k)})
		}
	}
	d.many("clocks", []string{string(models.ClockHandling)}, clocks)
	d.tick("tell", false)
	c.filters(d, page)
	d.field(fieldLine, "reason", "", true)
	return d.form
}

func (c *console) pauseAdjustment(v *visit, page adjustmentsPage, refused *orgWish) orgForm {
	d := v.adjustmentDraft(models.AdjustPause, refused)
	d.field(fieldInstant, "until", "", true)
	c.filters(d, page)
	d.field(fieldLine, "reason", "", true)
	return d.form
}

// filters are the fields that say which cases are meant.
func (c *console) filters(d *orgDraft, page adjustmentsPage) {
	named := func(ids []string, name func(string) string) (options []option) {
		slices.Sort(ids)
		for _, id := range ids {
			options = append(options, option{id, name(id)})
		}
		return options
	}
	var departments, categories []string
	for id := range page.departments {
		departments = append(departments, id)
	}
	for id := range page.categories {
		categories = append(categories, id)
	}
	closed := func(values []string, name func(string) string) (options []option) {
		for _, one := range values {
			options = append(options, option{one, name(one)})
		}
		return options
	}
	d.many("filter.channels", nil, closed(asStrings(models.Channels()), func(s string) string { return d.v.Name(models.Channel(s)) }))
	d.many("filter.severities", nil, closed(asStrings(models.Severities()), func(s string) string { return d.v.Name(models.Severity(s)) }))
	d.many("filter.departments", nil, named(departments, page.Department))
	d.many("filter.categories", nil, named(categories, page.Category))
	d.field(fieldWords, "filter.regions", "", false).field(fieldWords, "filter.products", "", false)
}

// listed are the values of a field, one a line.
func (v *visit) listed(name string) (values []string) {
	for line := range strings.Lines(v.field(name)) {
		if line = strings.TrimSpace(line); line != "" {
			values = append(values, line)
		}
	}
	return values
}

// previewAdjustment says what an adjustment would do.
func (c *console) previewAdjustment(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	a := &answers{form: v.r.PostForm, zone: v.Zone}
	w := cases.AdjustmentWish{
		Kind: models.AdjustmentKind(v.r.PathValue("kind")), Policy: v.field("policy"), Grace: v.field("grace"), Later: v.field("later"),
		Until: a.instant("until"), Tell: v.ticked("tell"), Reason: v.field("reason"),
		Filter: models.AdjustmentFilter{
			Channels: v.several("filter.channels"), Severities: v.several("filter.severities"), Departments: v.several("filter.departments"),
			Categories: v.several("filter.categories"), Regions: v.listed("filter.regions"), Products: v.listed("filter.products"),
		},
	}
	for _, k := range v.several("clocks") {
		w.Clocks = append(w.Clocks, models.Clock(k))
	}
	if !slices.Contains(models.AdjustmentKinds(), w.Kind) {
		return models.Refuse(models.CodeNotFound, "there is no such adjustment")
	}
	err := a.fault()
	var made cases.Adjustment
	if err == nil {
		made, err = c.Cases.PreviewAdjustment(v.r.Context(), v.keyed("POST "+v.r.URL.Path), w)
	}
	if err == nil {
		return v.goTo(adjustmentAt(made.ID))
	}
	if refused := v.refusedForm(err); refused != nil {
		return c.showAdjustments(v, refused)
	}
	return err
}

func adjustmentAt(id string) string { return "/organisation/adjustments/" + url.PathEscape(id) }

// adjustmentPage is one adjustment: how far it has come, and what it does to each case.
type adjustmentPage struct {
	orgPage

	v      *visit
	One    cases.Adjustment
	Cases  []models.AdjustedCase
	State  models.AdjustedState // of which the cases are shown; empty: all
	States []models.AdjustedState
	Next   string // address of the next page; empty: this is the last
}

// Clock is how people call a clock.
func (p adjustmentPage) Clock(name string) string { return p.v.Name(models.Clock(name)) }

// Waits says that it is started, and waits for the version to take effect.
func (p adjustmentPage) Waits() bool {
	return p.One.State == models.AdjustmentRunning && p.One.NotBefore != nil && p.One.NotBefore.After(p.v.c.Now())
}

// Filtered says which cases are meant; nothing: all.
func (p adjustmentPage) Filtered() (says []string) {
	f := p.One.Filter
	for _, one := range f.Channels {
		says = append(says, p.v.Name(models.Channel(one)))
	}
	for _, one := range f.Severities {
		says = append(says, p.v.Name(models.Severity(one)))
	}
	for _, one := range f.Departments {
		says = append(says, p.Department(one))
	}
	for _, one := range f.Categories {
		says = append(says, p.Category(one))
	}
	return slices.Concat(says, f.Regions, f.Products)
}

// Moves are the bounds of a case that moved, or would.
func (adjustmentPage) Moves(c models.AdjustedCase) []models.BoundMove {
	if len(c.Moved) > 0 || c.State != models.AdjustedPlanned {
		return c.Moved
	}
	return c.Planned
}

// Says is why a case was skipped or failed, in the reader's words.
func (p adjustmentPage) Says(why string) string {
	return p.v.Refusal(&models.Error{Code: models.CodeConflict, Message: why})
}

// Path is where the cases of a state are shown.
func (p adjustmentPage) Path(state models.AdjustedState) string {
	if state == "" {
		return adjustmentAt(p.One.ID)
	}
	return adjustmentAt(p.One.ID) + "?state=" + url.QueryEscape(string(state))
}

// Going says that it is under way.
func (p adjustmentPage) Going() bool {
	return p.One.State == models.AdjustmentRunning || p.One.State == models.AdjustmentUndoing
}

// Done is how many cases are behind it, of those that it comes over.
func (p adjustmentPage) Done() int { return p.One.Cases - p.One.Left() }

// adjustedShown is how many cases a page shows.
const adjustedShown = 50

func (c *console) adjustment(v *visit) error {
	page, err := c.adjustmentPage(v)
	if err != nil {
		return err
	}
	return v.show("organisation_adjustment", page)
}

// adjustmentSoFar is the part of the page that goes on while the adjustment does.
func (c *console) adjustmentSoFar(v *visit) error {
	page, err := c.adjustmentPage(v)
	if err != nil {
		return err
	}
	return v.part("organisation_adjustment", "so-far", page)
}

func (c *console) adjustmentPage(v *visit) (page adjustmentPage, err error) {
	if page.orgPage, err = c.orgPage(v, "adjustments"); err != nil {
		return page, err
	}
	page.v = v
	ctx, id, asked := v.r.Context(), v.r.PathValue("id"), v.r.URL.Query()
	if page.One, err = c.Cases.Adjustment(ctx, v.Actor, id); err != nil {
		return page, err
	}
	for _, s := range models.AdjustedStates() {
		if page.One.By[s] > 0 {
			page.States = append(page.States, s)
		}
	}
	page.State = models.AdjustedState(asked.Get("state"))
	shown, err := c.Cases.AdjustedCases(ctx, v.Actor, id, asked.Get("after"), adjustedShown, page.State)
	if err != nil {
		return page, err
	}
	page.Cases = shown.Items
	if shown.Next != "" {
		on := url.Values{"after": {shown.Next}}
		if page.State != "" {
			on.Set("state", string(page.State))
		}
		page.Next = adjustmentAt(id) + "?" + on.Encode()
	}
	return page, nil
}

func (c *console) startAdjustment(v *visit) error {
	return c.turnAdjustment(v, "done.adjustment_started", c.Cases.StartAdjustment)
}

func (c *console) undoAdjustment(v *visit) error {
	return c.turnAdjustment(v, "done.adjustment_undone", c.Cases.UndoAdjustment)
}

func (c *console) turnAdjustment(v *visit, says string, turn turning) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	a, err := turn(v.r.Context(), v.Actor, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	v.tell(says)
	return v.goTo(adjustmentAt(a.ID))
}

// turning is what moves an adjustment on.
type turning func(ctx context.Context, a models.Actor, id string) (cases.Adjustment, error)
