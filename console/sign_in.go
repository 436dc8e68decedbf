package console

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// sessionCookies name the cookie of a session. The first one is bound to this very host by the
// browser, which takes it only over TLS or on a loopback address.
var sessionCookies = map[bool]string{true: "__Host-session", false: "session"}

// signInPage is a form with two fields.
type signInPage struct {
	Name   string
	To     string // where to go from there
	Faults map[string]string
}

func (c *console) signInForm(v *visit) error {
	to := v.r.URL.Query().Get("to")
	if v.Person != nil {
		return v.goTo(ours(to))
	}
	return v.show("sign_in", signInPage{To: ours(to)})
}

func (c *console) signIn(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	name, to := v.field("name"), ours(v.field("to"))
	refuse := func(err error) error {
		page := signInPage{Name: name, To: to, Faults: map[string]string{"": v.why(err)}}
		return v.showAs(statusOf(err), "sign_in", page)
	}
	wait := max(c.tries.Wait("address "+v.address()), c.tries.Wait("name "+strings.ToLower(name)))
	if wait > 0 {
		return refuse(v.later(wait))
	}
	secret, err := c.Cases.SignIn(v.r.Context(), name, v.r.PostForm.Get("password"), v.r.UserAgent())
	if models.CodeOf(err) == models.CodeUnauthorized {
		return refuse(err)
	}
	if err != nil {
		return err
	}
	c.keepSession(v.w, secret, 0)
	return v.goTo(to)
}

// keepSession gives the browser its session, until it is closed or until life is over; -1 takes it.
func (c *console) keepSession(w http.ResponseWriter, secret string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure wherever the address is https or loopback
		Name: sessionCookies[c.secure], Value: secret, Path: "/", MaxAge: int(life.Seconds()), HttpOnly: true, Secure: c.secure, SameSite: http.SameSiteLaxMode,
	})
}

func (c *console) signOut(v *visit) error {
	if err := c.Cases.EndSession(v.r.Context(), v.Actor, v.Session); err != nil && models.CodeOf(err) != models.CodeNotFound {
		return err
	}
	c.keepSession(v.w, "", -time.Second)
	v.tell("done.signed_out")
	return v.goTo("/sign-in")
}

// signed says who is signed in with this request; nil: nobody. What a page asks for by itself is no
// sign that somebody sits before it.
func (c *console) signed(r *http.Request) (*cases.Signed, error) {
	kept, err := r.Cookie(sessionCookies[c.secure])
	if err != nil || kept.Value == "" {
		return nil, nil //nolint:nilerr,nilnil // no cookie: nobody, and no fault
	}
	in, err := c.Cases.SignedIn(r.Context(), kept.Value, !byItself(r))
	if models.CodeOf(err) == models.CodeUnauthorized {
		return nil, nil //nolint:nilnil // nobody, and no fault
	}
	return &in, err
}

// byItself says whether a page asks, and not a person.
func byItself(r *http.Request) bool {
	return r.URL.Path == "/live" || r.Method == http.MethodGet && r.Header.Get("HX-Request") == "true"
}

// ours is a path on this site; anything else becomes the first page.
func ours(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return to
}
