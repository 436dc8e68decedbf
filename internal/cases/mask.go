package cases

import (
	"strings"
	"unicode/utf8"

	"recourse/models"
)

// masked is contact data as those see it who need to tell customers apart and not to reach them.
func masked(c *models.Contact) *models.Contact {
	if c == nil {
		return nil
	}
	m := &models.Contact{
		Name: maskName(c.Name), Phone: maskPhone(c.Phone), Email: maskEmail(c.Email),
		ExternalID: maskRest(c.ExternalID), Address: maskAll(c.Address),
	}
	if s := c.Second; s != nil {
		m.Second = &models.SecondContact{Name: maskName(s.Name), Phone: maskPhone(s.Phone), Email: maskEmail(s.Email), ActsFor: s.ActsFor}
	}
	return m
}

// maskName keeps the family name of a Chinese, the initial of others.
func maskName(v string) string {
	if v = plain(v); v == "" {
		return ""
	}
	first, _ := utf8.DecodeRuneInString(v)
	return string(first) + "**"
}

// maskPhone keeps what tells numbers apart and leaves too many to try: 138****8000.
func maskPhone(v string) string {
	digits := normalPhone(v)
	switch {
	case plain(v) == "":
		return ""
	case len(digits) < 10:
		return "****"
	}
	return digits[:3] + "****" + digits[len(digits)-4:]
}

func maskEmail(v string) string {
	v = plain(v)
	name, domain, found := strings.Cut(v, "@")
	if !found || name == "" {
		return maskAll(v)
	}
	first, _ := utf8.DecodeRuneInString(name)
	return string(first) + "***@" + domain
}

func maskRest(v string) string {
	if v = plain(v); utf8.RuneCountInString(v) < 4 {
		return maskAll(v)
	}
	first, _ := utf8.DecodeRuneInString(v)
	return string(first) + "***"
}

func maskAll(v string) string {
	if v == "" {
		return ""
	}
	return "***"
}
