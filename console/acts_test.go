package console_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"recourse/internal/cases"
	"recourse/models"
)

// dispatchTo is a work order.
func dispatchTo(department string, s models.Severity) cases.Wish {
	return cases.Wish{
		Verb: models.VerbDispatch, Words: map[string]string{models.TextObjective: "find out"},
		Data: models.Dispatched{Department: department, Severity: s, Nature: models.NatureCustomer},
	}
}

// noted is a note for colleagues.
func noted(text string) cases.Wish {
	return cases.Wish{Verb: models.VerbNote, Words: map[string]string{models.TextText: text}, Data: models.Noted{Audience: models.AudienceInternal}}
}

func request(tb testing.TB, method, path string) *http.Request {
	tb.Helper()
	return httptest.NewRequestWithContext(tb.Context(), method, path, nil)
}

func numeral(n int64) string { return strconv.FormatInt(n, 10) }
