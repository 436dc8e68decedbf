package console

import (
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/time/rate"

	"recourse/internal/cases"
	"recourse/internal/extract"
	"recourse/internal/paper"
	"recourse/internal/report"
	"recourse/internal/throttle"
	"recourse/internal/words"
	"recourse/models"
)

// Config is what the console is made of. Cases, Figures, Reports, Simulations, Log, Now, NewID and Zone are required.
type Config struct {
	Cases       *cases.Service
	Figures     Figures
	Reports     *report.Service
	Press       *paper.Press
	Extracts    extract.Source // where the tables come from that are taken away
	Simulations Simulations    // of another policy
	Log         *slog.Logger
	Now         func() time.Time
	NewID       func() string

	Company           string          // its name, at the top of every page
	Language          models.Language // of whoever does not say which they speak
	Zone              *time.Location  // of whoever does not say where they are
	PublicURL         string          // before the customers' links; its scheme says whether cookies need TLS
	TrustedProxies    []netip.Prefix  // whose X-Forwarded-For is believed; none by default
	TemporalURL       string          // of the Web UI, for ops; empty: no links to it
	TemporalNamespace string          // empty: default
	Version           string
	MaxUpload         int64                                                      // bytes of an attachment; 0: 20 MiB
	Observe           func(route, method string, status int, took time.Duration) // may be nil

	SignInRate  rate.Limit // tries a second per name, and per address; 0: one in 10 s
	SignInBurst int        // 0: 10

	CustomerRate  rate.Limit // requests a second per address; 0: 1
	CustomerBurst int        // 0: 20

	ComplaintRate  rate.Limit // complaints a second per address by the public form; 0: one a minute
	ComplaintBurst int        // 0: 5
}

func (c Config) withDefaults() Config {
	if c.Observe == nil {
		c.Observe = func(string, string, int, time.Duration) {}
	}
	if c.MaxUpload == 0 {
		c.MaxUpload = 20 << 20
	}
	if c.SignInRate == 0 {
		c.SignInRate = rate.Every(10 * time.Second)
	}
	if c.SignInBurst == 0 {
		c.SignInBurst = 10
	}
	if c.CustomerRate == 0 {
		c.CustomerRate = 1
	}
	if c.CustomerBurst == 0 {
		c.CustomerBurst = 20
	}
	if c.ComplaintRate == 0 {
		c.ComplaintRate = rate.Every(time.Minute)
	}
	if c.ComplaintBurst == 0 {
		c.ComplaintBurst = 5
	}
	return c
}

// console is all pages.
type console struct {
	Config

	assets     *assets
	pages      *pages
	tries      *throttle.Throttle // of signing in
	customers  *throttle.Throttle
	complaints *throttle.Throttle // by the public form
	travelling chan struct{}      // held by the large forms of ours that are being read
	arriving   chan struct{}      // held by those of strangers
	draining   chan struct{}      // held by forms that are refused and read to their end
	secure     bool               // cookies need TLS
	routes     *http.ServeMux
	present    presence
}

// New makes the console. It fails when an asset is missing.
func New(cfg Config) (http.Handler, error) {
	if cfg.Cases == nil || cfg.Figures == nil || cfg.Reports == nil || cfg.Press == nil || cfg.Simulations == nil || cfg.Log == nil || cfg.Now == nil || cfg.NewID == nil || cfg.Zone == nil {
		return nil, errors.New("the console needs cases, figures, reports, a press, simulations, a log, a clock, a source of ids and a zone")
	}
	cfg = cfg.withDefaults()
	c := &console{Config: cfg, routes: http.NewServeMux(), secure: needsTLS(cfg.PublicURL)}
	c.tries = throttle.New(cfg.SignInRate, cfg.SignInBurst, cfg.Now)
	c.customers = throttle.New(cfg.CustomerRate, cfg.CustomerBurst, cfg.Now)
	c.complaints = throttle.New(cfg.ComplaintRate, cfg.ComplaintBurst, cfg.Now)
	c.travelling, c.arriving = make(chan struct{}, travelling), make(chan struct{}, travelling)
	c.draining = make(chan struct{}, draining)
	var err error
	if c.assets, err = openAssets(); err != nil {
		return nil, err
	}
	c.pages = newPages(c.assets, cfg.Now)
	c.register()
	guard := http.NewCrossOriginProtection()
	if cfg.PublicURL != "" {
		if err := guard.AddTrustedOrigin(originOf(cfg.PublicURL)); err != nil { // a proxy may have changed Host
			return nil, err
		}
	}
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := c.visit(w, r, nil)
		v.Foreign = true
		v.refuse(models.Refuse(models.CodeForbidden, "this form was sent from another site"))
	}))
	return c.headers(guard.Handler(c.routes)), nil
}

// needsTLS says whether cookies may only travel encrypted. Browsers take a loopback address for safe.
func needsTLS(public string) bool {
	u, err := url.Parse(public)
	if err != nil || u.Scheme == "https" {
		return true
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

func originOf(public string) string {
	u, err := url.Parse(public)
	if err != nil {
		return public
	}
	return u.Scheme + "://" + u.Host
}

// contentPolicy lets a page load what is ours and nothing else. Charts set styles of their own.
var contentPolicy = strings.Join([]string{
	"default-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "font-src 'self' data:",
	"object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
}, "; ")

// headers keeps pages out of frames, caches and other sites' hands, and notes how long they took.
func (c *console) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // a link's secret stays with us
		h.Set("Cache-Control", "no-store")
		if strings.HasPrefix(c.PublicURL, "https:") {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		started := c.Now()
		noted := &status{ResponseWriter: w, code: http.StatusOK}
		defer func() {
			if fault := recover(); fault != nil {
				if broken, is := fault.(error); is && errors.Is(broken, http.ErrAbortHandler) { // a file broke off: so does its connection
					panic(fault)
				}
				c.Log.ErrorContext(r.Context(), "a page failed", "route", r.Pattern, "fault", fault)
				c.visit(noted, r, nil).refuse(models.Refuse(models.CodeInternal, "something went wrong"))
			}
			c.Observe(r.Pattern, r.Method, noted.code, c.Now().Sub(started))
		}()
		next.ServeHTTP(noted, r)
	})
}

// status remembers what was answered.
type status struct {
	http.ResponseWriter

	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

// Unwrap lets http.ResponseController reach the connection.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// A handler answers a visit. What it returns as an error is shown as a page.
type handler func(*visit) error

// open routes pages that anybody may ask for.
func (c *console) open(pattern string, h handler) {
	c.routes.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		in, err := c.signed(r)
		if err != nil { // the record does not answer: nobody is called signed out for that
			c.visit(w, r, nil).refuse(err)
			return
		}
		v := c.visit(w, r, in)
		if err := h.ofText(v); err != nil {
			v.refuse(err)
		}
	})
}

// ofText lets a handler answer at an address that is text: what is none names nothing that there is,
// and reaches no database.
func (h handler) ofText(v *visit) error {
	if at := v.r.URL.Path; !utf8.ValidString(at) || strings.ContainsRune(at, 0) {
		return models.Refuse(models.CodeNotFound, "there is no such page")
	}
	if err := plainText(v.r.URL.Query()); err != nil {
		return err
	}
	return h(v)
}

// inside routes pages for people who are signed in; others sign in first and come back.
func (c *console) inside(pattern string, h handler) {
	c.open(pattern, func(v *visit) error {
		if v.Person == nil {
			return v.signInFirst()
		}
		return h(v)
	})
}

// speaker chooses the language of a visit: the person's own, the one chosen on this device, the one
// that the browser asks for, the company's.
func (c *console) speaker(r *http.Request, person *models.Person) *words.Speaker {
	if person != nil && person.Language != "" {
		return words.In(person.Language)
	}
	if chosen, err := r.Cookie(languageCookie); err == nil {
		return words.In(models.Language(chosen.Value))
	}
	if wanted, is := words.Wanted(r.Header.Get("Accept-Language")); is {
		return words.In(wanted)
	}
	return words.In(c.Language)
}
