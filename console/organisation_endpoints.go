package console

import (
	"net/url"
	"strings"

	"recourse/internal/cases"
	"recourse/models"
)

// endpointsPage is where messages go outside, and how it goes there.
type endpointsPage struct {
	orgPage

	Endpoints []endpointCard
	New       *orgForm
}

// endpointCard is an endpoint in the list.
type endpointCard struct {
	cases.Endpoint

	Failed int64  // attempts of the last 24 hours that did not arrive
	Went   string // the code of the last attempt, in words
}

const endpointsPath = "/organisation/endpoints"

func endpointAt(id string) string { return endpointsPath + "/" + url.PathEscape(id) }

func (c *console) endpoints(v *visit) error { return c.showEndpoints(v, nil) }

func (c *console) showEndpoints(v *visit, refused *orgWish) error {
	page := endpointsPage{}
	var err error
	if page.orgPage, err = c.orgPage(v, "endpoints"); err != nil {
		return err
	}
	all, err := c.Cases.Endpoints(v.r.Context(), v.Actor)
	if err != nil {
		return err
	}
	failed, err := c.Cases.FailedDeliveries(v.r.Context(), v.Actor)
	if err != nil {
		return err
	}
	for _, e := range all {
		card := endpointCard{Endpoint: e, Failed: failed[e.ID]}
		if e.Last != nil {
			card.Went = v.deliveryCode(e.Last.Code)
		}
		page.Endpoints = append(page.Endpoints, card)
	}
	departments, err := c.Cases.Departments(v.r.Context())
	if err != nil {
		return err
	}
	d := v.endpointDraft(endpointsPath, "new_endpoint", refused)
	d.field(fieldLine, "name", "", true).field(fieldChoice, "channel", "", true, closedSet(v, models.EndpointChannels())...)
	d.address(true, "org.hint_url").field(fieldLine, "secret", "", false)
	d.last().Wide = true
	d.scope(cases.Endpoint{Language: c.Language}, page.departmentsToChoose(departments), "")
	page.New = &d.form
	return v.showAs(refused.status(), "organisation_endpoints", page)
}

// deliveryCode is what an attempt ended with: in words where the code is ours, else as the receiver has it.
func (v *visit) deliveryCode(code string) string {
	if key := "delivery_code." + code; v.Has(key) {
		return v.Say(key)
	}
	return code
}

// endpointDraft begins a form about an endpoint.
func (v *visit) endpointDraft(path, what string, refused *orgWish) *orgDraft {
	d := &orgDraft{v: v, form: orgForm{ID: strings.ReplaceAll(what, "_", "-"), Path: path, Button: v.Say("org.keep"), Says: v.Say("org." + what)}}
	if refused != nil && refused.path == path {
		d.typed, d.form.Faults, d.form.Open = refused.typed, refused.faults, true
	}
	d.form.Hidden = []pair{{"key", d.key()}}
	return d
}

// last is the field that was drawn last, to be called otherwise than by its name.
func (d *orgDraft) last() *drawn { return &d.form.Fields[len(d.form.Fields)-1] }

// address is the field for where an endpoint is, which is long.
func (d *orgDraft) address(required bool, hint string) *orgDraft {
	d.field(fieldLine, "url", "", required)
	d.last().Wide, d.last().Hint = true, d.v.Say(hint)
	return d
}

// scope draws which cases an endpoint is for, in which language, and how many messages it takes.
func (d *orgDraft) scope(e cases.Endpoint, departments []option, perMinute string) *orgDraft {
	d.field(fieldChoice, "language", string(e.Language), true, closedSet(d.v, models.Languages())...)
	d.field(fieldChoice, "department", e.Department, false, departments...)
	d.last().Label = d.v.Say("org.only_department")
	d.many("severities", asStrings(e.Severities), closedSet(d.v, models.Severities()))
	d.field(fieldLine, "per_minute", perMinute, false)
	if e.Channel == "" || e.Channel == models.MessageWebhook { // robots never hear of those
		d.tick("confidential", e.Confidential)
	}
	return d
}

// endpointWish reads the forms of an endpoint.
func (v *visit) endpointWish(a *answers) cases.EndpointWish {
	w := cases.EndpointWish{
		Name: v.field("name"), Channel: models.MessageChannel(v.field("channel")), URL: v.field("url"), Secret: v.field("secret"),
		Department: v.field("department"), Language: models.Language(v.field("language")),
		Severities: fromStrings[models.Severity](v.several("severities")), Confidential: v.ticked("confidential"), Disabled: v.ticked("disabled"),
	}
	if v.field("per_minute") != "" {
		n := a.number("per_minute")
		w.PerMinute = &n
	}
	return w
}

// signed says whether what goes to a channel is signed with a secret of ours.
func signed(c models.MessageChannel) bool { return c == models.MessageWebhook || c.Gateway() }

// addEndpoint makes an endpoint. A secret that was made up for it is told once.
func (c *console) addEndpoint(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	a := &answers{form: v.r.PostForm, zone: v.Zone}
	w, call, made := v.endpointWish(a), v.keyed("POST "+endpointsPath), ""
	if w.Secret == "" && signed(w.Channel) {
		made = c.Cases.EndpointSecret(call)
		w.Secret = made
	}
	err := a.fault()
	var e cases.Endpoint
	if err == nil {
		e, err = c.Cases.AddEndpoint(v.r.Context(), call, w)
	}
	switch {
	case err == nil && made != "":
		return c.showEndpoint(v, e.ID, nil, func(p *endpointPage) { p.Secret = made })
	case err == nil:
		v.tell("done.endpoint")
		return v.goTo(endpointAt(e.ID))
	}
	if refused := v.refusedForm(err); refused != nil {
		return c.showEndpoints(v, refused)
	}
	return err
}
