package config

import (
	"log/slog"
	"net/url"
)

// Secret is a value that is never printed, logged or marshalled by accident.
type Secret string

// Reveal returns the secret itself. Whoever calls it answers for where it goes.
func (s Secret) Reveal() string { return string(s) }

// String shows a URL without password and parameters, and of anything else only that it is there.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(string(s))
	if err != nil || u.Scheme == "" {
		return "[redacted]"
	}
	if u.RawQuery != "" {
		u.RawQuery = "redacted" // a password may stand there, too
	}
	if u.Opaque != "" {
		u.Opaque = "[redacted]"
	}
	u.Fragment, u.RawFragment = "", ""
	return u.Redacted()
}

// GoString keeps %#v from telling it.
func (s Secret) GoString() string { return s.String() }

// LogValue keeps it out of logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText keeps it out of JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
