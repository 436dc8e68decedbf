package console

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"recourse/internal/cases"
	"recourse/internal/words"
	"recourse/models"
)

// outside marks the content of a page for customers: nothing of ours around it.
type outside struct{}

func (outside) forCustomer() {}

// forCustomers routes pages behind a secret link or open to everybody. They are slowed down, show
// nobody as signed in, are not for search engines, and say in plain words what went wrong.
func (c *console) forCustomers(pattern string, h handler) {
	c.routes.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Robots-Tag", "noindex, nofollow")
		v := c.visit(w, r, nil)
		err := h.slowly(c, v)
		if err != nil {
			v.sorry(err)
		}
	})
}

// slowly lets a handler answer as often as a customer may ask.
func (h handler) slowly(c *console, v *visit) error {
	if wait := c.customers.Wait(v.address()); wait > 0 {
		return v.later(wait)
	}
	return h.ofText(v)
}

// speakTo turns to the customer of a case: in the language of the case unless they chose another here,
// and in their time zone unless their browser told us another, or their form was drawn in one.
func (v *visit) speakTo(lang models.Language, zone string) {
	if _, err := v.r.Cookie(languageCookie); err != nil {
		v.Speaker = words.In(lang)
	}
	if _, err := v.r.Cookie(zoneCookie); err != nil && !v.drawn {
		v.Zone = v.c.pages.zone(zone, v.c.Zone)
	}
}

// customerCall is what a customer wishes, recognisable when the same form is sent twice. All customers
// are one actor, so the link's hash tells their keys apart; the link itself is a secret and goes
// nowhere.
func (v *visit) customerCall(route string) cases.Call {
	hash := sha256.Sum256([]byte(v.r.PathValue("token")))
	call := v.call(strings.Replace(route, "{token}", hex.EncodeToString(hash[:]), 1))
	call.Actor = models.TheCustomer()
	return call
}

// sorryPage is for customers what the error page is for us.
type sorryPage struct {
	outside

	Title, Says, Next string // keys
	Detail            string
	Complain          bool // offer the form
	Typed             []spokenText
}

// sorry answers with a page about what went wrong, without words that are only for us.
func (v *visit) sorry(err error) {
	code := models.CodeOf(err)
	if code == models.CodeInternal {
		v.c.Log.ErrorContext(v.r.Context(), "a customer's page failed", "route", v.r.Pattern, "error", err)
	}
	page := sorryPage{Title: "sorry.any", Next: "sorry.any_next", Typed: v.typed()}
	switch code { //nolint:exhaustive // the others have no page of their own
	case models.CodeNotFound:
		page.Title, page.Next, page.Complain = "sorry.wrong", "sorry.wrong_next", true
	case models.CodeGone:
		page.Title, page.Next, page.Complain = "sorry.gone", "sorry.gone_next", true
	case models.CodeTooMany:
		page.Title, page.Next = "sorry.slow", "sorry.slow_next"
	case models.CodeUnavailable, models.CodeOutcomeUnknown, models.CodeInFlight:
		page.Title, page.Next = "sorry.busy", "sorry.busy_next"
	case models.CodeTooLarge, models.CodeMalformed, models.CodeInvalid, models.CodeUnlawful, models.CodeConflict, models.CodeForbidden, models.CodeKeyReused:
		page.Detail = v.naming(err)
	}
	if err := v.showAs(statusOf(err), "sorry", page); err != nil {
		v.c.Log.ErrorContext(v.r.Context(), "the page for customers failed", "error", err)
		http.Error(v.w, v.Say(page.Title), http.StatusInternalServerError)
	}
}
