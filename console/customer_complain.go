package console

import (
	"cmp"
	"net/http"
	"net/url"

	"recourse/models"
)

// webForm records what customers write themselves. It is a service with the role of intake and nothing
// else, and it signs in nowhere.
var webForm = models.Actor{Kind: models.ActorService, ID: "web-form", Roles: []models.Role{models.RoleIntake}}

// honeypot is a field that people do not see. Programs that fill in every form they meet fill it in.
const honeypot = "website"

// complainPage is the form that everybody can fill in.
type complainPage struct {
	outside

	Form   url.Values
	Key    string
	Faults map[string]string
	Filled bool
}

func (c *console) complain(v *visit) error {
	return v.show("complain", complainPage{Form: url.Values{}, Key: c.NewID()})
}

// takeComplaint puts on record what a customer wrote. Whoever sends too many is asked to wait, and what
// was typed is kept.
func (c *console) takeComplaint(v *visit) error {
	if err := v.form(1 << 20); err != nil {
		return err
	}
	page := complainPage{Form: v.r.PostForm, Key: cmp.Or(v.field("key"), c.NewID()), Faults: map[string]string{}, Filled: true}
	v.r.PostForm.Set("key", page.Key) // all customers are one actor here: without a key of their own, the same words would be one wish of two people
	again := func(code int) error { return v.showAs(code, "complain", page) }
	if wait := c.complaints.Wait(v.address()); wait > 0 {
		page.Faults[""] = v.why(v.later(wait))
		return again(http.StatusTooManyRequests)
	}
	if v.field(honeypot) != "" { // somebody's browser may have done it: they are told, and nothing is lost
		page.Faults[honeypot] = v.Say("complain.leave_empty")
		return again(http.StatusUnprocessableEntity)
	}
	for _, name := range []string{"severity", "nature", "category", "region", "received_at", "receipt_evidence", "answer", "mystery_shopper", "attachment"} {
		v.r.PostForm.Del(name) // ours to judge
	}
	n := v.complaint(page.Faults)
	n.Opened.Channel, n.Opened.Language, n.Opened.Zone = models.ChannelWeb, v.Language, v.Zone.String()
	if n.Opened.Anonymous {
		n.Contact = models.Contact{}
	}
	if n.Text == "" {
		page.Faults["text"] = v.Say("form.needed")
	}
	if !n.Opened.Anonymous && !n.Contact.Reachable() {
		page.Faults["contact"] = v.Say("complain.reach")
	}
	if len(page.Faults) > 0 {
		return again(http.StatusUnprocessableEntity)
	}
	call := v.call("POST /complain")
	call.Actor = webForm
	accepted, err := c.Cases.Open(v.r.Context(), call, n)
	if models.CodeOf(err) == models.CodeKeyReused {
		page.Key, page.Faults[""] = c.NewID(), v.Say("complain.saved_before")
		return again(http.StatusConflict)
	}
	if said := v.faults(err); err != nil && said != nil {
		page.Faults = renamed(said)
		return again(statusOf(err))
	}
	if err != nil {
		return err
	}
	v.tell("done.complained", "number", accepted.Number)
	return v.goTo("/t/" + accepted.StatusToken)
}
