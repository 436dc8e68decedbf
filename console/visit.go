package console

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"recourse/internal/cases"
	"recourse/internal/words"
	"recourse/models"
)

// The cookies that are no secret: how this device wishes to be shown its pages.
const (
	languageCookie = "language"
	themeCookie    = "theme"
	zoneCookie     = "zone"  // IANA name, set by the browser
	flashCookie    = "flash" // what was done, told on the next page
)

// A Theme is how pages look.
type Theme string

// The themes; ThemeSystem is whatever the device prefers.
const (
	ThemeSystem Theme = "system"
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// visit is one request for a page: who asks, in which language, zone and theme.
type visit struct {
	*words.Speaker

	c *console
	w http.ResponseWriter
	r *http.Request

	Person  *models.Person // nil: nobody is signed in
	Actor   models.Actor
	Session string
	Zone    *time.Location
	drawn   bool // Zone is that of the form which was sent
	Theme   Theme
	Foreign bool   // the form was sent from another site
	tooMuch string // key of what its files were too much of; empty: nothing
}

func (c *console) visit(w http.ResponseWriter, r *http.Request, in *cases.Signed) *visit {
	v := &visit{c: c, w: w, r: r, Zone: c.Zone, Theme: ThemeSystem}
	if in != nil {
		v.Person, v.Actor, v.Session = &in.Person, in.Person.Actor(), in.Session
	}
	v.Speaker = c.speaker(r, v.Person)
	if chosen, err := r.Cookie(themeCookie); err == nil && (chosen.Value == string(ThemeDark) || chosen.Value == string(ThemeLight)) {
		v.Theme = Theme(chosen.Value)
	}
	if chosen, err := r.Cookie(zoneCookie); err == nil {
		v.Zone = c.pages.zone(chosen.Value, c.Zone)
	}
	return v
}

// place is the page that the visitor looks at, as an address to come back to: of a form that was sent,
// the page that it stood on.
func (v *visit) place() string {
	if v.r.Method == http.MethodGet || v.r.Method == http.MethodHead {
		return v.r.URL.RequestURI()
	}
	from, err := url.Parse(v.r.Referer())
	if err != nil || from.Host != v.r.Host {
		return "/"
	}
	return ours(from.RequestURI())
}

// address is where the visitor comes from: the last one that no proxy of ours speaks for.
func (v *visit) address() string {
	host, _, err := net.SplitHostPort(v.r.RemoteAddr)
	if err != nil {
		host = v.r.RemoteAddr
	}
	hops := strings.Split(strings.Join(v.r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && v.c.trusts(host); i-- {
		next := strings.TrimSpace(hops[i])
		if _, err := netip.ParseAddr(next); err != nil {
			break
		}
		host = next
	}
	return host
}

// trusts says whether a proxy of ours has this address.
func (c *console) trusts(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(c.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(ip.Unmap()) })
}

// show answers with a whole page.
func (v *visit) show(page string, content any) error { return v.showAs(http.StatusOK, page, content) }

// showAs answers with a whole page and a status, such as a form that was filled in wrongly.
func (v *visit) showAs(code int, page string, content any) error {
	return v.write(code, page, "layout", v.frame(page, content))
}

// part answers with one named part of a page, to be put into it.
func (v *visit) part(page, name string, content any) error {
	return v.write(http.StatusOK, page, name, content)
}

// unturned takes out the two signs that make all letters after them run backwards, or forwards, whatever
// they are: no language needs them, and a text that holds one cannot be read. The record keeps them.
var unturned = strings.NewReplacer("\u202d", "", "\u202e", "")

func (v *visit) write(code int, page, name string, data any) error {
	html, err := v.draw(page, name, data)
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Set("Vary", "Cookie, Accept-Language")
	v.w.WriteHeader(code)
	_, _ = io.WriteString(v.w, html) //nolint:gosec // templates escaped it; who went away is told nothing
	return nil
}

// draw makes a page, or a part of one, whole before it is sent: no half page with an error in it.
func (v *visit) draw(page, name string, data any) (string, error) {
	set, err := v.c.pages.in(v.Speaker, v.Zone, page)
	if err != nil {
		return "", err
	}
	var html bytes.Buffer
	if err := set.ExecuteTemplate(&html, name, data); err != nil {
		return "", fmt.Errorf("show %s: %w", page, err)
	}
	return unturned.Replace(html.String()), nil
}

// goTo sends the visitor to another page of ours.
func (v *visit) goTo(path string) error {
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
	return nil
}

// signInFirst remembers where somebody wanted to go.
func (v *visit) signInFirst() error {
	if v.r.Method != http.MethodGet || byItself(v.r) {
		return models.Refuse(models.CodeUnauthorized, "you are not signed in any more")
	}
	return v.goTo("/sign-in?to=" + url.QueryEscape(v.r.URL.RequestURI()))
}

// tell says on the next page what was done; values as words.Say takes them, of plain text.
func (v *visit) tell(key string, values ...string) {
	parts := make([]string, 0, len(values)+1)
	for _, part := range append([]string{key}, values...) {
		parts = append(parts, url.QueryEscape(part))
	}
	v.cookie(flashCookie, base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, "&"))), time.Minute)
}

// told takes what the page before had to say.
func (v *visit) told() string {
	kept, err := v.r.Cookie(flashCookie)
	if err != nil {
		return ""
	}
	v.cookie(flashCookie, "", -1)
	joined, err := base64.RawURLEncoding.DecodeString(kept.Value)
	if err != nil {
		return ""
	}
	var parts []any
	for part := range strings.SplitSeq(string(joined), "&") {
		plain, err := url.QueryUnescape(part)
		if err != nil {
			return ""
		}
		parts = append(parts, plain)
	}
	key, is := parts[0].(string)
	if !is || !strings.HasPrefix(key, "done.") || !v.Has(key) {
		return ""
	}
	return v.Say(key, parts[1:]...)
}

// cookie keeps something that is no secret on this device.
func (v *visit) cookie(name, value string, life time.Duration) {
	http.SetCookie(v.w, &http.Cookie{ //nolint:gosec // Secure wherever the address is https or loopback
		Name: name, Value: value, Path: "/", MaxAge: int(life.Seconds()), HttpOnly: true, Secure: v.c.secure, SameSite: http.SameSiteLaxMode,
	})
}

// call is the visitor's wish, recognisable when the same form is sent twice. Without a key, the same
// words are the same wish.
func (v *visit) call(route string) cases.Call {
	all, said := sha256.Sum256([]byte(v.r.PostForm.Encode())), maps.Clone(v.r.PostForm)
	delete(said, "key") // how it was sent is no part of what is wished
	delete(said, "if_seq")
	sum := sha256.Sum256([]byte(said.Encode()))
	return cases.Call{Actor: v.Actor, Route: "console " + route, Key: cmp.Or(v.r.PostForm.Get("key"), hex.EncodeToString(all[:])), Body: sum[:]}
}

// unsure says whether what was refused so may have been done all the same, or still be: the very same
// wish is then sent again, that what was decided answers.
func unsure(err error) bool {
	switch models.CodeOf(err) { //nolint:exhaustive // the others changed nothing
	case models.CodeOutcomeUnknown, models.CodeInFlight, models.CodeUnavailable:
		return true
	}
	return false
}

// keyAfter is the key of a form that is shown again. What was refused was not done, and what is sent
// next is another wish; where it may still happen, it stays the same one.
func (v *visit) keyAfter(err error) string {
	if unsure(err) {
		return v.r.PostForm.Get("key")
	}
	return v.c.NewID()
}

// form reads what was filled in; a body that is too large or unreadable is refused.
func (v *visit) form(most int64) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, most)
	err := v.r.ParseForm()
	if large := new(http.MaxBytesError); errors.As(err, &large) {
		return tooLargeForm()
	}
	if err != nil {
		return models.Refuse(models.CodeMalformed, "the form could not be read")
	}
	v.inZoneDrawn()
	return plainText(v.r.PostForm)
}

// tooLargeForm is the refusal of a form for its size.
func tooLargeForm() error {
	return models.Refuse(models.CodeTooLarge, "this is larger than we can take")
}

// inZoneDrawn reads a form in the zone in which it was drawn: that of the device may have become known,
// or have changed, since. A form that is shown again stays in it, too.
func (v *visit) inZoneDrawn() {
	if name := v.r.PostForm.Get("drawn_in"); name != "" {
		v.Zone, v.drawn = v.c.pages.zone(name, v.Zone), true
	}
}

// field is what was filled in under a name, without spaces around it.
func (v *visit) field(name string) string { return strings.TrimSpace(v.r.PostForm.Get(name)) }
