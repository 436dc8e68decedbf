package endpoints_test

import (
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/endpoints"
)

// sends redirects to where until the path says there.
func sends(status int, where string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/there" {
			w.WriteHeader(http.StatusOK)
			return
		}
		w.Header().Set("Location", where)
		w.WriteHeader(status)
	}
}

func TestARedirectOnTheSameHostIsFollowedWithTheWholeMessage(t *testing.T) {
	t.Parallel()
	for _, status := range []int{307, 308} {
		server, got := serve(t, sends(status, "/there"))
		a, err := client(today).Deliver(t.Context(), webhook(server.URL+"/here?key=very-secret"), parcel())
		require.NoError(t, err)
		require.Equal(t, 200, a.Status)
		require.Equal(t, 2, got.count())
		require.NoError(t, verifies(t, secret, got.all[1]))
		require.Equal(t, got.all[0].body, got.all[1].body)
		require.Empty(t, got.all[1].header.Get("Referer"))
	}
}

func TestAMessageFollowsNobodyElsewhere(t *testing.T) {
	t.Parallel()
	elsewhere, atElsewhere := serve(t, says(http.StatusOK, ""))
	known := map[string][]string{"hooks.example.test": {"127.0.0.1"}}
	c := client(func(o *endpoints.Options) { o.Resolver = names(t, known) })
	for _, where := range []string{
		elsewhere.URL, elsewhere.URL + "/there", strings.Replace(elsewhere.URL, "http:", "https:", 1),
		"http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/", "http://127.0.0.1/", "//127.0.0.1/x", "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_",
		"https://hooks.example.test.evil.example/",
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			server, got := serve(t, sends(status, where))
			a, err := c.Deliver(t.Context(), webhook(strings.Replace(server.URL, "127.0.0.1", "hooks.example.test", 1)), parcel())
			require.False(t, refused(t, err).Final)
			require.Equalf(t, endpoints.CodeRedirect, a.Code, "%d %s: %v", status, where, err)
			require.Equal(t, status, a.Status)
			require.NotContains(t, err.Error(), "127.0.0.1")
			require.Equal(t, 1, got.count())
		}
	}
	require.Zero(t, atElsewhere.count())
}

func TestARedirectThatWouldDropTheMessageIsNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303} { // a browser would come back with a GET
		server, got := serve(t, sends(status, "/there"))
		a, err := client().Deliver(t.Context(), webhook(server.URL), parcel())
		require.Error(t, err)
		require.Equal(t, endpoints.CodeRedirect, a.Code)
		require.Equal(t, 1, got.count())
	}
}

func TestThreeRedirectsAreEnough(t *testing.T) {
	t.Parallel()
	for turns, good := range map[int]bool{3: true, 4: false} {
		server, got := serve(t, func(w http.ResponseWriter, r *http.Request) {
			n, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
			if n < turns {
				w.Header().Set("Location", "/"+strconv.Itoa(n+1))
				w.WriteHeader(http.StatusPermanentRedirect)
			}
		})
		a, err := client().Deliver(t.Context(), webhook(server.URL+"/0"), parcel())
		require.Equal(t, good, err == nil)
		require.Equal(t, good, a.Code == "")
		require.Equal(t, 4, got.count())
	}
}

func TestWhatWasEnteredAsHTTPSStaysSo(t *testing.T) {
	t.Parallel()
	got := &visits{}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.take(r)
		sends(http.StatusTemporaryRedirect, "http://"+r.Host+"/there")(w, r)
	}))
	t.Cleanup(server.Close)
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	trusting := client(func(o *endpoints.Options) { o.RootCAs = pool })

	_, err := trusting.Deliver(t.Context(), webhook(server.URL+"/there"), parcel())
	require.NoError(t, err, "over TLS")
	a, err := trusting.Deliver(t.Context(), webhook(server.URL), parcel())
	require.Error(t, err)
	require.Equal(t, endpoints.CodeRedirect, a.Code)
	require.Equal(t, 2, got.count())

	a, err = client().Deliver(t.Context(), webhook(server.URL), parcel())
	require.Error(t, err, "nobody we know vouches for it")
	require.Equal(t, endpoints.CodeTLS, a.Code)
	require.Equal(t, 2, got.count())
}
