package policy

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"recourse/models"
)

// longest is more than any clock of a complaint may take.
const longest = 3650 * day

var errLength = errors.New("not a length")

// parseLength reads a length of whole seconds. A day is 24 hours.
func parseLength(text string) (time.Duration, error) {
	days, rest, has := strings.Cut(text, "d")
	if !has {
		days, rest = "", text
	}
	var length time.Duration
	if has {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil {
			return 0, errLength
		}
		length = time.Duration(n) * day
	}
	if rest != "" {
		more, err := time.ParseDuration(rest)
		if err != nil {
			return 0, errLength
		}
		length += more
	}
	if text == "" || strings.ContainsAny(text, "+-") || length > longest || length%time.Second != 0 {
		return 0, errLength
	}
	return length, nil
}

// lengthText writes a length as parseLength reads it.
func lengthText(d time.Duration) string {
	if d == 0 {
		return "0"
	}
	var text strings.Builder
	for _, unit := range []struct {
		of   time.Duration
		name string
	}{{day, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if n := d / unit.of; n > 0 {
			text.WriteString(strconv.FormatInt(int64(n), 10) + unit.name)
			d -= n * unit.of
		}
	}
	return text.String()
}

// length reads a length of the wall clock that is longer than nothing.
func (r *reader) length(n *yaml.Node, at string) time.Duration {
	text, is := r.Text(n, at)
	if !is {
		return 0
	}
	length, err := parseLength(text)
	if err != nil || length == 0 {
		r.Fault(at, "%q is not a length such as 15m, 24h, 3d or 1d12h", text)
	}
	return length
}

// amount reads a length, in the open time of a calendar when one is named behind it.
func (r *reader) amount(n *yaml.Node, at string) models.Amount {
	text, is := r.Text(n, at)
	if !is {
		return models.Amount{}
	}
	of, calendar, _ := strings.Cut(text, " ")
	length, err := parseLength(of)
	if err != nil || length == 0 {
		r.Fault(at, "%q is not a length such as 15m, 24h, 3d or 1d12h, with or without the name of a calendar behind it", text)
	}
	return models.Amount{Of: length, Calendar: strings.TrimSpace(calendar)}
}

// AmountText writes an amount as ParseAmount reads it; empty: there is none.
func AmountText(a models.Amount) string {
	if a.IsZero() {
		return ""
	}
	return strings.TrimSpace(lengthText(a.Of) + " " + a.Calendar)
}

// bySeverity reads one amount for all severities, or one for some of them by name.
func (r *reader) bySeverity(n *yaml.Node, at string) models.BySeverity {
	if n.Kind == yaml.ScalarNode {
		a := r.amount(n, at)
		return models.BySeverity{General: a, Important: a, Urgent: a}
	}
	var b models.BySeverity
	r.Mapping(n, at, fields{
		string(models.SeverityGeneral):   func(n *yaml.Node, at string) { b.General = r.amount(n, at) },
		string(models.SeverityImportant): func(n *yaml.Node, at string) { b.Important = r.amount(n, at) },
		string(models.SeverityUrgent):    func(n *yaml.Node, at string) { b.Urgent = r.amount(n, at) },
	})
	return b
}

// ParseAmount reads an amount as it stands in a policy: a length such as 24h, in the open time of a
// calendar when one is named behind it. CodeInvalid: it is none.
func ParseAmount(text string) (models.Amount, error) {
	length, calendar, _ := strings.Cut(strings.TrimSpace(text), " ")
	of, err := parseLength(length)
	if err != nil {
		return models.Amount{}, models.Refuse(models.CodeInvalid, fmt.Sprintf("%q is not a length such as 15m, 24h, 3d or 1d12h", length))
	}
	return models.Amount{Of: of, Calendar: strings.TrimSpace(calendar)}, nil
}
