package console

import (
	"errors"
	"net/url"
	"strconv"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// endpointPage is one endpoint: how it is set up, what is done about it, and each attempt there.
type endpointPage struct {
	orgPage

	v      *visit
	One    cases.Endpoint
	Failed int64
	Change *orgForm
	Rotate *orgForm // nil: the channel has no secret
	Test   *orgForm

	Secret string // told once
	Tried  *cases.EndpointDelivery
	Log    []logged
	Next   string // address of the next page; empty: this is the last
}

// logged is an attempt in the log.
type logged struct {
	cases.EndpointDelivery

	Went string // its code, in words
	Key  string // of the form that sends it again; empty: it is on its way, or a test
}

// Took is how long an attempt took, in milliseconds.
func (endpointPage) Took(d time.Duration) int64 { return d.Milliseconds() }

// Code is what an attempt ended with, in words.
func (p endpointPage) Code(code string) string { return p.v.deliveryCode(code) }

// What is the message of an attempt: a test, an event of a case, or what is told of one.
func (p endpointPage) What(l logged) string {
	switch l.Template {
	case "":
		return p.v.Say("org.delivery_ping")
	case models.TemplateEvent:
		return p.v.Say("org.delivery_event", "seq", l.Seq)
	}
	if key := "template.name_" + l.Template; p.v.Has(key) {
		return p.v.Say(key)
	}
	return l.Template
}

// Signed says whether we sign with a secret of ours.
func (p endpointPage) Signed() bool { return signed(p.One.Channel) }

func (c *console) endpoint(v *visit) error {
	return c.showEndpoint(v, v.r.PathValue("id"), nil, nil)
}

func (c *console) showEndpoint(v *visit, id string, refused *orgWish, change func(*endpointPage)) error {
	ctx := v.r.Context()
	page := endpointPage{v: v}
	var err error
	if page.orgPage, err = c.orgPage(v, "endpoints"); err != nil {
		return err
	}
	if page.One, err = c.Cases.Endpoint(ctx, v.Actor, id); err != nil {
		return err
	}
	failed, err := c.Cases.FailedDeliveries(ctx, v.Actor)
	if err != nil {
		return err
	}
	page.Failed = failed[id]
	if err := c.addLog(v, &page); err != nil {
		return err
	}
	departments, err := c.Cases.Departments(ctx)
	if err != nil {
		return err
	}
	page.forms(v, page.departmentsToChoose(departments), refused)
	if change != nil {
		change(&page)
	}
	return v.showAs(refused.status(), "organisation_endpoint", page)
}

const logLines = 30

func (c *console) addLog(v *visit, page *endpointPage) error {
	asked := v.r.URL.Query()
	if err := plainText(asked); err != nil {
		return err
	}
	found, err := c.Cases.Deliveries(v.r.Context(), v.Actor, page.One.ID, asked.Get("cursor"), logLines)
	if err != nil {
		return err
	}
	for _, d := range found.Items {
		line := logged{EndpointDelivery: d, Went: v.deliveryCode(d.Code)}
		if d.State != "" && d.State != models.MessagePending {
			line.Key = c.NewID()
		}
		page.Log = append(page.Log, line)
	}
	if found.Next != "" {
		page.Next = endpointAt(page.One.ID) + "?" + url.Values{"cursor": {found.Next}}.Encode() + "#deliveries"
	}
	return nil
}

// forms draws what can be done about an endpoint.
func (p *endpointPage) forms(v *visit, departments []option, refused *orgWish) {
	e, at := p.One, endpointAt(p.One.ID)
	d := v.endpointDraft(at, "change_endpoint", refused)
	d.form.Hidden = append(d.form.Hidden, pair{"if_changed", e.ChangedAt.UTC().Format(time.RFC3339Nano)})
	d.field(fieldLine, "name", e.Name, true).address(false, "org.hint_url_again")
	d.scope(e, departments, strconv.Itoa(e.PerMinute)).tick("disabled", e.DisabledAt != nil)
	p.Change = &d.form

	if e.Channel != models.MessageWeCom {
		d = v.endpointDraft(at+"/secret", "rotate", refused)
		d.field(fieldLine, "secret", "", !p.Signed())
		if d.last().Hint = v.Say("org.rotate_robot"); p.Signed() {
			d.last().Hint = v.Say("org.hint_secret_again")
			d.field(fieldLine, "keep_hours", "24", true)
		}
		p.Rotate = &d.form
	}
	d = v.endpointDraft(at+"/test", "test", refused)
	if d.form.Button = v.Say("org.test_button"); e.Channel.Gateway() {
		d.field(fieldLine, "to", "", true)
	}
	p.Test = &d.form
}

// again shows an endpoint with a form that was refused, or passes on what is no fault of a form.
func (c *console) endpointAgain(v *visit, id string, err error) error {
	if refused := v.refusedForm(err); refused != nil {
		return c.showEndpoint(v, id, refused, nil)
	}
	return err
}

func (c *console) changeEndpoint(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	id, a := v.r.PathValue("id"), &answers{form: v.r.PostForm, zone: v.Zone}
	w := v.endpointWish(a)
	w.IfChanged, _ = time.Parse(time.RFC3339Nano, v.field("if_changed")) // what is no instant is none
	err := a.fault()
	if err == nil {
		err = v.once(func() error {
			_, err := c.Cases.ChangeEndpoint(v.r.Context(), v.Actor, id, w)
			return err
		})
	}
	if err != nil {
		return c.endpointAgain(v, id, err)
	}
	v.tell("done.endpoint")
	return v.goTo(endpointAt(id))
}

// rotateSecret gives an endpoint a new secret, made up here where none is given and told once.
func (c *console) rotateSecret(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	id, a := v.r.PathValue("id"), &answers{form: v.r.PostForm, zone: v.Zone}
	one, err := c.Cases.Endpoint(v.r.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	call, made := v.keyed("POST "+v.r.URL.Path), ""
	w := cases.SecretWish{Secret: v.field("secret"), Keep: time.Duration(a.number("keep_hours")) * time.Hour}
	if w.Secret == "" && signed(one.Channel) {
		made = c.Cases.EndpointSecret(call)
		w.Secret = made
	}
	if err = a.fault(); err == nil {
		_, err = c.Cases.RotateSecret(v.r.Context(), call, id, w)
	}
	switch {
	case err != nil:
		return c.endpointAgain(v, id, keepHours(err))
	case made != "":
		return c.showEndpoint(v, id, nil, func(p *endpointPage) { p.Secret = made })
	}
	v.tell("done.endpoint")
	return v.goTo(endpointAt(id))
}

// keepHours points the fault of how long at the field for it, which is in hours.
func keepHours(err error) error {
	if wrong, is := errors.AsType[*models.Error](err); is && wrong.Field == "/keep" {
		return models.Invalid("/keep_hours", wrong.Message)
	}
	return err
}

// testEndpoint sends a test, and shows what was answered.
func (c *console) testEndpoint(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	id := v.r.PathValue("id")
	tried, err := c.Cases.TestEndpoint(v.r.Context(), v.keyed("POST "+v.r.URL.Path), id, v.field("to"))
	if err != nil {
		return c.endpointAgain(v, id, err)
	}
	return c.showEndpoint(v, id, nil, func(p *endpointPage) { p.Tried = &tried })
}

// redeliver lets a message leave again under its own id.
func (c *console) redeliver(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	_, err := c.Cases.Redeliver(v.r.Context(), v.keyed("POST "+v.r.URL.Path), v.field("message"))
	if err != nil && models.CodeOf(err) != models.CodeConflict {
		return err // one that is on its way needs no more
	}
	v.tell("done.redelivered")
	return v.goTo(endpointAt(v.r.PathValue("id")))
}
