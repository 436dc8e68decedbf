package config

import (
	"log/slog"
	"net"
	"net/mail"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones are known on machines that have none installed

	"recourse/models"
)

// validate looks at the whole configuration and tells everything that is wrong with it. A key whose
// value could not even be read is left alone: it has its fault.
func (l *loading) validate() {
	c := &l.config
	l.check("http.listen", address(c.HTTP.Listen, true))
	if c.HTTP.PublicURL != "" || !l.broken["http.listen"] { // it may be made of the other
		l.check("http.public_url", webAddress(c.HTTP.PublicURL))
	}
	if _, err := c.HTTP.Proxies(); err != nil {
		l.check("http.trusted_proxies", err.Error())
	}
	if c.Admin.Listen != "" {
		l.check("admin.listen", address(c.Admin.Listen, true))
	}
	if c.Admin.Listen == c.HTTP.Listen && !strings.HasSuffix(c.HTTP.Listen, ":0") {
		l.check("admin.listen", "is the address of http.listen; /metrics needs a port of its own")
	}
	l.check("database.url", database(c.Database.URL.Reveal()))
	l.validateTemporal()
	l.check("company.language", oneOf(c.Company.Language, models.Languages()...))
	l.check("company.zone", zone(c.Company.Zone))
	l.check("company.name", oneLine(c.Company.Name))
	if c.Vault.Key == "" && c.Vault.KeyFile == "" {
		l.check("vault.key_file", "is empty, and there is no vault.key")
	}
	if c.Files.MaxSize > maxUpload {
		l.check("files.max_size", "is more than 100 MiB: a file is held in memory while it is sealed")
	}
	l.validateMail()
	if _, err := c.Outgoing.Allowed(); err != nil {
		l.check("outgoing.allow", err.Error())
	}
	l.check("reports.steps", reportSteps(c.Reports))
	l.validateNumbers()
	var level slog.Level
	if level.UnmarshalText([]byte(c.Log.Level)) != nil {
		l.check("log.level", "is none of debug, info, warn, error")
	}
	l.check("log.format", oneOf(c.Log.Format, LogText, LogJSON))
}

// reportSteps says what is wrong with the steps of reports.
func reportSteps(r Reports) string {
	for _, step := range r.Which() {
		if !slices.Contains([]string{"week", "month", "quarter", "year"}, step) {
			return "names " + strconv.Quote(step) + "; there are week, month, quarter, year, with commas between them, and none"
		}
	}
	return ""
}

// maxUpload is the largest attachment that settings may allow.
const maxUpload = 100 << 20

// check tells what is wrong with the value of key, unless nothing is or it was told already.
func (l *loading) check(key, wrong string) {
	if wrong == "" || l.broken[key] {
		return
	}
	l.broken[key] = true
	name, given := l.origin[key]
	if !given { // a default that does not go with what was given
		i := slices.IndexFunc(l.fields, func(f field) bool { return f.key == key })
		name = l.fields[i].env() + " (not given)"
	}
	l.fault(name, "%s", wrong)
}

func (l *loading) validateTemporal() {
	t := l.config.Temporal
	l.check("temporal.address", address(t.Address, false))
	if t.Namespace == "" {
		l.check("temporal.namespace", "is empty")
	}
	if t.UIURL != "" {
		l.check("temporal.ui_url", webAddress(t.UIURL))
	}
	switch {
	case t.TLS.Cert != "" && t.TLS.Key == "":
		l.check("temporal.tls.key", "is needed with temporal.tls.cert")
	case t.TLS.Key != "" && t.TLS.Cert == "":
		l.check("temporal.tls.cert", "is needed with temporal.tls.key")
	}
	l.check("temporal.tls.cert", readable(t.TLS.Cert))
	l.check("temporal.tls.key", readable(t.TLS.Key))
	l.check("temporal.tls.ca", readable(t.TLS.CA))
}

func (l *loading) validateMail() {
	m := l.config.Mail
	l.check("mail.tls", oneOf(m.TLS, TLSNone, TLSStartTLS, TLSFull))
	if !m.On() {
		return // the rest waits for an address
	}
	l.check("mail.address", address(m.Address, false))
	if _, err := mail.ParseAddress(m.From); err != nil {
		l.check("mail.from", "is not a mail address such as Care <care@example.com>")
	}
	switch {
	case m.Username == "" && m.Password != "":
		l.check("mail.username", "is needed with mail.password")
	case m.Username != "" && m.Password == "":
		l.check("mail.password", "is needed with mail.username")
	case m.Password != "" && m.TLS == TLSNone && !loopback(m.Address):
		l.check("mail.tls", "is none, which would send mail.password in the clear")
	}
}

// validateNumbers keeps every duration and count within what makes sense.
func (l *loading) validateNumbers() {
	for _, f := range l.fields {
		switch {
		case f.value.Type() == reflect.TypeFor[time.Duration]():
			if f.value.Int() <= 0 {
				l.check(f.key, "must be longer than nothing")
			}
		case f.value.Kind() == reflect.Int:
			least := int64(1)
			switch f.key {
			case "intake.inline_starts":
				least = 0
			case "worker.workflow_tasks":
				least = 2 // one poller of each kind, sticky and not; the SDK refuses less
			}
			if f.value.Int() < least {
				l.check(f.key, "must be at least "+strconv.FormatInt(least, 10))
			}
		}
	}
}

// The checks below return what is wrong, empty for nothing. They never repeat a value: it may be a
// secret in the wrong place.

// address checks host:port. A door of our own may leave the host out, and port 0 to the system.
func address(a string, ours bool) string {
	host, port, err := net.SplitHostPort(a)
	n, notNumber := strconv.ParseUint(port, 10, 16)
	if err != nil || notNumber != nil || !ours && (host == "" || n == 0) {
		return "is not host:port, such as 127.0.0.1:8080"
	}
	return ""
}

func loopback(a string) bool {
	host, _, _ := net.SplitHostPort(a)
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func webAddress(a string) string {
	u, err := url.Parse(a)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
		return "is not a web address such as https://care.example.com"
	}
	return ""
}

func database(a string) string {
	kind, rest, _ := strings.Cut(a, "://")
	if kind != "sqlite" && kind != "postgres" && kind != "postgresql" || rest == "" {
		return "is neither sqlite://path nor postgres://user@host/name"
	}
	return ""
}

func zone(name string) string {
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return "is not a time zone such as Asia/Shanghai"
	}
	return ""
}

func oneLine(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "must be one line without control characters" // it goes into the headers of mails
	}
	return ""
}

func readable(file string) string {
	if file == "" {
		return ""
	}
	f, err := os.Open(file)
	if err != nil {
		return reason(err)
	}
	_ = f.Close()
	return ""
}

func oneOf[T ~string](value T, allowed ...T) string {
	if slices.Contains(allowed, value) {
		return ""
	}
	names := make([]string, len(allowed))
	for i, a := range allowed {
		names[i] = string(a)
	}
	return "is none of " + strings.Join(names, ", ")
}
