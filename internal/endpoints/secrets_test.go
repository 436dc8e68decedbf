package endpoints_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/endpoints"
	"recourse/models"
)

// hiddenIn lists what of a target may never be read anywhere, in the forms in which it travels.
func hiddenIn(to endpoints.Target) (hidden []string) {
	for _, part := range []string{
		"693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa", "d0ffcafe5678", "f00dfeed-1234", "5ome-capability", "abcdef123456",
		to.Secret, to.Previous, strings.TrimPrefix(to.Secret, "whsec_"), strings.TrimPrefix(to.Previous, "whsec_"),
	} {
		if part != "" && (strings.Contains(to.URL, part) || part == to.Secret || part == to.Previous || strings.HasSuffix(to.Secret, part) || strings.HasSuffix(to.Previous, part)) {
			hidden = append(hidden, part, url.QueryEscape(part))
		}
	}
	return hidden
}

// A receiver that repeats everything it was sent, and what it should not know, in every form.
func echo(to endpoints.Target, status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		quoted, _ := json.Marshal(map[string]any{"errcode": 310000, "code": 19021, "errmsg": to.URL + " " + to.Secret + " " + to.Previous})
		_, _ = w.Write(quoted)
		_, _ = fmt.Fprintln(w, r.URL, r.URL.RawQuery, r.Header, to.URL, to.Secret, to.Previous, url.QueryEscape(to.Secret), url.PathEscape(to.URL))
		_, _ = io.WriteString(w, strings.ReplaceAll(to.URL+" "+to.Secret+" "+to.Previous, "/", `\/`))
	}
}

func TestNothingSecretIsRepeated(t *testing.T) {
	t.Parallel()
	for _, channel := range channels {
		for _, status := range []int{200, 301, 307, 400, 410, 429, 500} {
			var to endpoints.Target
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { echo(to, status)(w, r) }))
			to = target(channel, server.URL)
			answer, err := client().Deliver(t.Context(), to, parcel())
			said := fmt.Sprintf("%+v %v %+v %#v %s", answer, err, err, err, to)
			for _, hidden := range hiddenIn(to) {
				require.NotContainsf(t, said, hidden, "%s %d", channel, status)
			}
			require.Containsf(t, answer.Text, "***", "%s %d", channel, status)
			server.Close()
			_, err = client().Deliver(t.Context(), to, parcel()) // nobody is there now
			requireSilent(t, to, err)
		}
	}
}

func TestNoFailureNamesWhereItWasGoing(t *testing.T) {
	t.Parallel()
	for _, base := range []string{
		"http://nowhere.example.test", "http://10.0.0.1:1", "http://[fe80::1%25lo]:1", "http://127.0.0.1:1", "https://127.0.0.1:1", "http://300.300.300.300", "http://[::1", "ftp://127.0.0.1", "http://%zz", "://",
	} {
		for _, channel := range channels {
			to := target(channel, base)
			_, err := client(func(o *endpoints.Options) { o.Resolver = names(t, nil) }).Deliver(t.Context(), to, parcel())
			requireSilent(t, to, err)
			require.NotContains(t, err.Error(), "127.0.0.1")
			require.NotContains(t, err.Error(), "example")
		}
	}
}

func requireSilent(t *testing.T, to endpoints.Target, err error) {
	t.Helper()
	require.Falsef(t, refused(t, err).Final, "%v", err)
	for _, hidden := range hiddenIn(to) {
		require.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), hidden)
	}
}

func TestATargetThatIsLoggedKeepsItsSecrets(t *testing.T) {
	t.Parallel()
	for _, channel := range channels {
		to := target(channel, "https://hooks.example.com")
		var text, lines bytes.Buffer
		slog.New(slog.NewTextHandler(&text, nil)).Info("x", "to", to)
		slog.New(slog.NewJSONHandler(&lines, nil)).Info("x", "to", to)
		for _, hidden := range hiddenIn(to) {
			require.NotContains(t, text.String()+lines.String()+fmt.Sprint(to), hidden)
		}
		require.Contains(t, fmt.Sprint(to), "hooks.example.com")
	}
}

func TestAnAddressIsShownByItsHostAndItsEnd(t *testing.T) {
	t.Parallel()
	require.Equal(t, "hooks.example.com …5aaa", endpoints.Shown(target(models.MessageWeCom, "https://hooks.example.com").URL))
	require.Equal(t, "sms.example.com:8443", endpoints.Shown("https://sms.example.com:8443/send"), "of a short one nothing but the host")
	require.Empty(t, endpoints.Shown("http://%zz"))
}

func TestAnAddressIsRefusedBeforeItIsKept(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"https://hooks.example.com/in?key=1", "http://10.0.0.5:8080/sms", "https://[2001:db8::1]/x", "https://例子.example/投诉",
	} {
		require.NoError(t, endpoints.CheckURL(good), good)
	}
	for _, bad := range []string{
		"", "hooks.example.com", "/in", "ftp://hooks.example.com/", "javascript:alert(1)", "https:hooks.example.com", "https://", "https:///x",
		"https://who:pass@hooks.example.com/", "https://hooks.example.com/#x", "https://hooks.example.com:0/", "https://hooks.example.com:65536/",
		"https://hooks.example.com/a b", "https://hooks.example.com/\n", "http://%zz", "https://hooks.example.com/" + strings.Repeat("a", 2048),
	} {
		err := endpoints.CheckURL(bad)
		require.Equal(t, models.CodeInvalid, models.CodeOf(err), bad)
		require.NotContains(t, err.Error(), "who:pass")
	}
}

func TestASecretFitsItsChannel(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		channel models.MessageChannel
		secret  string
		good    bool
	}{
		{models.MessageWebhook, secret, true},
		{models.MessageSMS, endpoints.Secret(make([]byte, 32)), true},
		{models.MessageSMS, endpoints.Secret(make([]byte, 23)), false},
		{models.MessageSMS, endpoints.Secret(make([]byte, 65)), false},
		{models.MessageVoice, "", false},
		{models.MessageWebhook, "", false},
		{models.MessageWebhook, "hunter2", false},
		{models.MessageWebhook, strings.TrimPrefix(secret, "whsec_"), false},
		{models.MessageWebhook, "whsec_AAEC", false}, // three bytes
		{models.MessageWebhook, "whsec_" + strings.Repeat("AAAA", 22), false},
		{models.MessageWebhook, "whsec_!!!", false},
		{models.MessageDingTalk, "SECa1b2c3d4e5f60718293a4b5c6d7e8f90", true},
		{models.MessageDingTalk, "", true}, // goes by words or addresses
		{models.MessageFeishu, "fEiShu0123456789abcdef", true},
		{models.MessageFeishu, "a b", false},
		{models.MessageWeCom, "", true},
		{models.MessageWeCom, "key", false},
	} {
		err := endpoints.CheckSecret(c.channel, c.secret)
		require.Equal(t, c.good, err == nil, "%s %q: %v", c.channel, c.secret, err)
		if err != nil {
			require.Equal(t, models.CodeInvalid, models.CodeOf(err))
		}
	}
}
