package console_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tries asks for a page as often as somebody may at once, and once more, and says how the last one went.
func (d *desk) tries(from, forwarded string) int {
	code := 0
	for range 21 {
		r := httptest.NewRequest(http.MethodGet, "/t/nothing", http.NoBody)
		r.RemoteAddr = from + ":1234"
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		w := httptest.NewRecorder()
		d.console.ServeHTTP(w, r)
		code = w.Code
	}
	return code
}

func TestVisitorsBehindOurProxyAreToldApart(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	require.Equal(t, http.StatusTooManyRequests, d.tries("10.1.2.3", "198.51.100.1"))
	one := func(from, forwarded string) int {
		r := httptest.NewRequest(http.MethodGet, "/t/nothing", http.NoBody)
		r.RemoteAddr = from + ":1234"
		r.Header.Set("X-Forwarded-For", forwarded)
		w := httptest.NewRecorder()
		d.console.ServeHTTP(w, r)
		return w.Code
	}
	require.Equal(t, http.StatusNotFound, one("10.1.2.3", "198.51.100.2"), "somebody else behind the same proxy")
	require.Equal(t, http.StatusTooManyRequests, one("10.1.2.3", "203.0.113.9, 198.51.100.1, 10.9.9.9"), "what a visitor writes before our proxies is not believed")
	require.Equal(t, http.StatusTooManyRequests, d.tries("198.51.100.7", "198.51.100.8"), "who is no proxy of ours speaks for themselves")
	require.Equal(t, http.StatusTooManyRequests, one("198.51.100.7", "198.51.100.99"))
}

func TestWhatAPageAsksForByItselfIsNotSentToSignIn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for path, htmx := range map[string]bool{"/live": false, "/queue": true} {
		r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
		if htmx {
			r.Header.Set("HX-Request", "true")
		}
		w := httptest.NewRecorder()
		d.console.ServeHTTP(w, r)
		require.Equal(t, http.StatusUnauthorized, w.Code, path)
	}
}

func TestALanguageChosenOnARefusedFormLeadsBackToItsPage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader("name=x&password=y"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Referer", "http://"+r.Host+"/sign-in?to=%2Fqueue")
	w := httptest.NewRecorder()
	d.console.ServeHTTP(w, r)
	require.Equal(t, http.StatusUnauthorized, w.Code)
	require.Contains(t, w.Body.String(), `name="to" value="/sign-in?to=%2Fqueue"`)
}
