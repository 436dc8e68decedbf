package cases

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"recourse/internal/endpoints"
	"recourse/models"
)

// checkEndpoint refuses an endpoint with all its faults at once. Of a new one URL and secret are checked too.
func (s *Service) checkEndpoint(ctx context.Context, w EndpointWish, fresh bool) error {
	var faults []Fault
	fault := func(err error) {
		if wrong, is := errors.AsType[*models.Error](err); is {
			faults = append(faults, Fault{Pointer: wrong.Field, Says: wrong.Message})
		}
	}
	name := strings.TrimSpace(w.Name)
	if name == "" || utf8.RuneCountInString(name) > longestName || strings.ContainsFunc(name, unicode.IsControl) {
		faults = append(faults, Fault{Pointer: "/name", Says: "a name is one line of 1 to 100 characters"})
	}
	if !slices.Contains(models.EndpointChannels(), w.Channel) {
		faults = append(faults, Fault{Pointer: "/channel", Says: fmt.Sprintf("%q is not one of %v", w.Channel, models.EndpointChannels())})
	} else if fresh {
		fault(endpoints.CheckSecret(w.Channel, w.Secret))
	}
	if fresh || w.URL != "" {
		fault(endpoints.CheckURL(w.URL))
	}
	if w.Language != "" && !slices.Contains(models.Languages(), w.Language) {
		faults = append(faults, Fault{Pointer: "/language", Says: fmt.Sprintf("%q is not one of %v", w.Language, models.Languages())})
	}
	for i, severity := range w.Severities {
		if !slices.Contains(models.Severities(), severity) || slices.Contains(w.Severities[:i], severity) {
			faults = append(faults, Fault{Pointer: fmt.Sprintf("/severities/%d", i), Says: fmt.Sprintf("%q is not one of %v, or stands here twice", severity, models.Severities())})
		}
	}
	if w.PerMinute != nil && (*w.PerMinute < 0 || *w.PerMinute > mostPerMinute) {
		faults = append(faults, Fault{Pointer: "/per_minute", Says: "from 0, which is no limit, to 6000 messages a minute"})
	}
	if w.Department != "" {
		d, err := s.Store.Department(ctx, w.Department)
		if err := missing(err, d.DisabledAt, "/department", w.Department); err != nil {
			if models.CodeOf(err) != models.CodeInvalid {
				return err
			}
			fault(err)
		}
	}
	return refusal(faults)
}
