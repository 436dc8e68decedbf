package console

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// statuses are what each refusal is over HTTP. CodeInternal stands for all that is not named.
var statuses = map[models.Code]int{
	models.CodeInvalid: http.StatusUnprocessableEntity, models.CodeMalformed: http.StatusBadRequest, models.CodeTooLarge: http.StatusRequestEntityTooLarge,
	models.CodeUnauthorized: http.StatusUnauthorized, models.CodeForbidden: http.StatusForbidden, models.CodeNotFound: http.StatusNotFound,
	models.CodeUnlawful: http.StatusConflict, models.CodeConflict: http.StatusConflict, models.CodeStale: http.StatusPreconditionFailed,
	models.CodeKeyMissing: http.StatusBadRequest, models.CodeKeyReused: http.StatusUnprocessableEntity, models.CodeInFlight: http.StatusConflict,
	models.CodeGone: http.StatusGone, models.CodeTooMany: http.StatusTooManyRequests, models.CodeUnavailable: http.StatusServiceUnavailable,
	models.CodeOutcomeUnknown: http.StatusServiceUnavailable, models.CodeDiverged: http.StatusConflict, models.CodeInternal: http.StatusInternalServerError,
}

func statusOf(err error) int {
	if code, is := statuses[models.CodeOf(err)]; is {
		return code
	}
	return http.StatusInternalServerError
}

// errorPage says what went wrong and what to do next.
type errorPage struct {
	Code   models.Code
	Says   string
	Detail string // as the rule was put, where it says more
	Next   string // key of what to do next
	Path   string // where that is done; empty: nowhere else
	SignIn bool   // that is signing in
	Typed  []spokenText
}

// refuse answers with a page about what went wrong. What is not ours to show is logged and not shown.
func (v *visit) refuse(err error) {
	code := models.CodeOf(err)
	if code == models.CodeInternal {
		v.c.Log.ErrorContext(v.r.Context(), "a page failed", "route", v.r.Pattern, "error", err)
	}
	if code == models.CodeUnavailable || code == models.CodeOutcomeUnknown {
		v.w.Header().Set("Retry-After", "5")
	}
	page := errorPage{Code: code, Says: v.Name(code), Detail: v.naming(err), Next: "error.next." + string(code), Path: "/", Typed: v.typed()}
	if !v.Has(page.Next) {
		page.Next = "error.next.any"
	}
	if code == models.CodeUnauthorized {
		page.SignIn, page.Path = true, "/sign-in?to="+url.QueryEscape(v.before())
	}
	if err := v.showAs(statusOf(err), "error", page); err != nil {
		v.c.Log.ErrorContext(v.r.Context(), "the error page failed", "error", err)
		http.Error(v.w, page.Says, http.StatusInternalServerError)
	}
}

// before is the page of ours on which the visitor was: that which they asked for, or from which they
// sent a form.
func (v *visit) before() string {
	if v.r.Method == http.MethodGet {
		return v.r.URL.RequestURI()
	}
	from, err := url.Parse(v.r.Referer())
	if err != nil || from.Host != v.r.Host {
		return "/"
	}
	return ours(from.RequestURI())
}

// later asks the visitor to slow down.
func (v *visit) later(wait time.Duration) error {
	v.w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
	return models.Refuse(models.CodeTooMany, "slow down, please")
}

// why puts a refusal into the visitor's words; empty for what is ours alone.
func (v *visit) why(err error) string {
	refused, is := errors.AsType[*models.Error](err)
	if !is || refused.Code == models.CodeInternal {
		return ""
	}
	return v.Refusal(refused)
}

// naming is why with the name of the field before it, where the refusal is about one and no form stands
// around it.
func (v *visit) naming(err error) string {
	says := v.why(err)
	refused, is := errors.AsType[*models.Error](err)
	if !is || says == "" || refused.Field == "" {
		return says
	}
	if name := v.called(fieldOf(refused.Field)); name != "" {
		return v.Say("error.of_field", "field", name, "says", says)
	}
	return says
}

// Refusal says why something was refused, with its instants in the visitor's zone.
func (v *visit) Refusal(r *models.Error) string { return v.Speaker.Refusal(r, v.Zone) }

// faults lists what is wrong with a form, by the name of the field; "" is the form itself. Nil for
// what is no fault of the form.
func (v *visit) faults(err error) map[string]string {
	found := map[string]string{}
	if refused, is := errors.AsType[*cases.Refused](err); is && len(refused.Faults) > 0 {
		for _, f := range refused.Faults {
			found[fieldOf(f.Pointer)] = v.Refusal(&models.Error{Code: refused.Base.Code, Message: f.Says})
		}
		return found
	}
	switch models.CodeOf(err) { //nolint:exhaustive // the others are no matter of what was filled in
	case models.CodeKeyReused: // sent before, and changed since
		found[""] = v.Say("form.sent_before")
		return found
	case models.CodeInvalid, models.CodeUnlawful, models.CodeConflict, models.CodeStale, models.CodeTooLarge, models.CodeForbidden,
		models.CodeUnavailable, models.CodeInFlight, models.CodeOutcomeUnknown, models.CodeDiverged, models.CodeTooMany:
		refused, _ := errors.AsType[*models.Error](err)
		found[fieldOf(refused.Field)] = v.Refusal(refused)
		return found
	}
	return nil
}

// fieldOf is the field of a form that a JSON pointer names: /contact/phone is contact.phone.
func fieldOf(pointer string) string {
	name := []byte(pointer)
	for i, b := range name {
		if b == '/' {
			name[i] = '.'
		}
	}
	if len(name) > 0 {
		name = name[1:]
	}
	return string(name)
}
