package console

import (
	"crypto/sha256"
	"net/http"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// alertLinkPage is what one of us finds behind the link of an alert, without signing in.
type alertLinkPage struct {
	outside

	State  string // key of what is to be said
	Next   string // key of what to do now
	Detail string
	Alert  *waitingAlert // nil: it cannot be shown
	Waits  bool
	Faults map[string]string // of acknowledging
	Typed  []spokenText
}

// forColleagues routes pages behind a secret link in a message to one of us. Like those for customers they are
// slowed down, show nobody as signed in and are not for search engines.
func (c *console) forColleagues(pattern string, h handler) {
	c.routes.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Robots-Tag", "noindex, nofollow")
		v := c.visit(w, r, nil)
		if err := h.slowly(c, v); err != nil {
			v.sorryColleague(err)
		}
	})
}

// alertLink shows the alert behind a link. It changes nothing: programs that look after mail open links, too.
func (c *console) alertLink(v *visit) error {
	page, err := c.alertLinkFor(v)
	if err != nil {
		return err
	}
	return v.show("alert_link", page)
}

func (c *console) alertLinkFor(v *visit) (page alertLinkPage, err error) {
	token := v.r.PathValue("token")
	linked, err := c.Cases.AlertByLink(v.r.Context(), token)
	if err != nil {
		return page, err
	}
	v.speakTo(linked.Person.Language, "")
	name := func(id string) string {
		if known := linked.Names[id]; known != "" {
			return known
		}
		return id
	}
	one := v.alertOf(linked.WaitingAlert, "/a/", name)
	one.Path = "/a/" + token
	page.Alert, page.Waits = &one, linked.Waits
	page.State, page.Next = standsBehind(linked)
	if !linked.Waits {
		one.Snoozes, one.Takers = nil, nil
	}
	return page, nil
}

// standsBehind says in words where the alert behind a link stands, and what to do now.
func standsBehind(l cases.LinkedAlert) (state, next string) {
	me := l.Person.ID
	switch {
	case l.Waits:
		return "link.waits", ""
	case l.AcknowledgedBy == me:
		return "link.mine", "link.sign_in"
	case l.AcknowledgedAt != nil:
		return "link.taken", "link.sign_in"
	case l.EndedAt != nil:
		return "link.over", "link.sign_in"
	case l.Used && l.HandedBy == me:
		return "link.handed", "link.sign_in"
	case l.Used && l.SnoozedBy == me:
		return "link.snoozed", "link.sign_in"
	case l.Used:
		return "link.used", "link.sign_in"
	}
	return "link.not_yours", "link.sign_in"
}

// Acts by the link of an alert, beside those that ask for a reason.
const actAcknowledge = "acknowledge"

// byLink does with the alert behind a link what its form says. The link is the key: sent twice it is done once.
func (c *console) byLink(act string) handler {
	return func(v *visit) error {
		if err := v.form(mostWords); err != nil {
			return err
		}
		err := c.doByLink(v, act)
		if err == nil {
			return v.goTo("/a/" + v.r.PathValue("token"))
		}
		return c.refuseByLink(v, act, err)
	}
}

func (c *console) doByLink(v *visit, act string) (err error) {
	ctx, token := v.r.Context(), v.r.PathValue("token")
	said := sha256.Sum256([]byte(act + "\n" + v.field("until") + "\n" + v.field("person") + "\n" + v.field("reason")))
	call := cases.Call{Body: said[:]} // who acts and under which key, the link says
	switch act {
	case actSnooze:
		until, failed := time.Parse(time.RFC3339Nano, v.field("until"))
		if failed != nil {
			return models.Invalid("/until", "choose until when the alert is put off")
		}
		_, err = c.Cases.SnoozeByLink(ctx, call, token, until, v.field("reason"))
	case actHandOver:
		_, err = c.Cases.HandOverByLink(ctx, call, token, v.field("person"), v.field("reason"))
	default:
		_, err = c.Cases.AcknowledgeByLink(ctx, call, token)
	}
	return err
}

// refuseByLink shows the page again around the form that was refused, with what was typed.
func (c *console) refuseByLink(v *visit, act string, why error) error {
	faults := v.faults(why)
	if faults == nil && models.CodeOf(why) != models.CodeGone {
		return why
	}
	page, err := c.alertLinkFor(v)
	if err != nil {
		return err
	}
	switch {
	case act != actAcknowledge && page.Waits && page.Alert.offers(act):
		page.Alert.refuse(v, act, why, faults)
	default:
		page.Faults, page.Typed = faults, v.typed()
	}
	return v.showAs(statusOf(why), "alert_link", page)
}

// sorryColleague answers with a page about what went wrong with a link, in plain words.
func (v *visit) sorryColleague(err error) {
	code := models.CodeOf(err)
	if code == models.CodeInternal {
		v.c.Log.ErrorContext(v.r.Context(), "the page of an alert's link failed", "route", v.r.Pattern, "error", err)
	}
	page := alertLinkPage{State: "link.failed", Next: "link.sign_in", Typed: v.typed()}
	switch code { //nolint:exhaustive // the others have no words of their own
	case models.CodeNotFound:
		page.State = "link.wrong"
	case models.CodeGone:
		page.State = "link.gone"
	case models.CodeForbidden:
		page.State, page.Next = "link.left", "link.ask"
	case models.CodeTooMany:
		page.State, page.Next = "sorry.slow", "sorry.slow_next"
	case models.CodeUnavailable, models.CodeOutcomeUnknown, models.CodeInFlight:
		page.State, page.Next = "sorry.busy", "sorry.busy_next"
	case models.CodeTooLarge, models.CodeMalformed, models.CodeInvalid:
		page.Detail = v.naming(err)
	}
	if err := v.showAs(statusOf(err), "alert_link", page); err != nil {
		v.c.Log.ErrorContext(v.r.Context(), "the page for a link failed", "error", err)
		http.Error(v.w, v.Say(page.State), http.StatusInternalServerError)
	}
}
