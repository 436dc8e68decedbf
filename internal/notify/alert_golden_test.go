package notify_test

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/endpoints"
	"recourse/internal/lifecycle"
	"recourse/models"
)

var update = flag.Bool("update", false, "write testdata/alert again")

// One alert, in every channel and in both languages, as whoever gets it gets it: mails as they came to an
// SMTP server, everything else as it came to a server outside. There is no letter to print: letters are for
// customers, alerts for ourselves; nor does an alert stand on the customer's status page.
func TestAnAlertInAllChannelsAndLanguages(t *testing.T) {
	t.Parallel()
	for _, lang := range models.Languages() {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			got := alertIn(t, lang)
			var channels []models.MessageChannel
			for name := range got {
				channel, _, _ := strings.Cut(name, ".")
				channels = append(channels, models.MessageChannel(channel))
			}
			slices.Sort(channels)
			want := slices.DeleteFunc(models.MessageChannels(), func(c models.MessageChannel) bool { return c == models.MessagePost })
			require.ElementsMatch(t, want, slices.Compact(channels), "every channel there is")
			folder := filepath.Join("testdata", "alert", string(lang))
			for _, name := range slices.Sorted(maps.Keys(got)) {
				file := filepath.Join(folder, name)
				if *update {
					require.NoError(t, os.MkdirAll(folder, 0o750))
					require.NoError(t, os.WriteFile(file, []byte(got[name]), 0o600))
				}
				kept, err := os.ReadFile(file)
				require.NoError(t, err)
				require.Equal(t, string(kept), got[name], "%s; look at it, then go test ./internal/notify -run AllChannels -update", file)
			}
			files, err := os.ReadDir(folder)
			require.NoError(t, err)
			require.Len(t, files, len(got), "a file that no channel has any more")
		})
	}
}

// alertIn is one alert by every channel in a language, by file name: of an urgent case, its deadline has
// passed, and it goes out late because the system was down.
func alertIn(t *testing.T, lang models.Language) map[string]string {
	t.Helper()
	chief := head
	chief.Language, chief.Email, chief.Phone = lang, "hedy@company.example", "+8613900000001"
	office := openPostOffice(t)
	w := newWorld(t, chief, sue)
	w.options.Mailer, w.options.Company.Language = office.mailer(t), lang
	w.outside()
	w.options.Sender = endpoints.New(endpoints.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Timeout: 5 * time.Second, Now: w.clock})
	outside := openOutside(t)
	c := w.dispatch(w.open("c-1", models.Contact{Name: "王小姐", Phone: "13800000000"}, func(o *models.Opened) { o.Severity = models.SeverityUrgent }))
	w.work()
	for _, channel := range models.EndpointChannels() {
		w.endpoint(string(channel), channel, outside.URL+"/"+string(channel), func(e *models.Endpoint, a *models.EndpointAccess) {
			e.Language = lang
			if channel == models.MessageDingTalk || channel == models.MessageFeishu {
				a.Secret = "SEC000000000000000000000"
			}
		})
	}
	before := len(office.got())
	event := w.fireOne(c)
	w.work()

	got := outside.all()
	mails := office.got()[before:]
	require.Len(t, mails, 1)
	got["email.eml"] = strings.ReplaceAll(mails[0].raw, "\r\n", "\n")
	got["email.txt"] = mails[0].subject + "\n\n" + mails[0].body
	inbox := w.with(c.ID, func(m models.Message) bool {
		return m.Seq == event.Seq && m.Channel == models.MessageInbox && m.Person == chief.ID
	})
	require.Len(t, inbox, 1)
	got["inbox.txt"] = w.opened(inbox[0])
	return got
}

// fireOne lets the first alert of a case go out alone, six hours late and by every way.
func (w *world) fireOne(c lifecycle.Case) models.Event {
	w.t.Helper()
	for i := range c.Plan.Ladders {
		for j := range c.Plan.Ladders[i].Rungs {
			c.Plan.Ladders[i].Rungs[j].By = models.AlertWays()
		}
	}
	w.wait(6 * time.Hour)
	_, events := lifecycle.FireDue(c, w.clock())
	alert, is := events[0].Data.(models.Escalated)
	require.True(w.t, is)
	require.Equal(w.t, 6*time.Hour, alert.LateBy)
	require.NotZero(w.t, alert.AckBy)
	_, rec, err := lifecycle.Write(c, events[:1])
	require.NoError(w.t, err)
	require.NoError(w.t, w.store.Record(w.t.Context(), rec))
	return events[0]
}

// outsideOf keeps what came from us, by file name.
type outsideOf struct {
	*httptest.Server

	mu  sync.Mutex
	got map[string]string
}

// openOutside is a server for every channel that says yes to everything.
func openOutside(t *testing.T) *outsideOf {
	t.Helper()
	o := &outsideOf{got: map[string]string{}}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		o.mu.Lock()
		defer o.mu.Unlock()
		o.got[strings.Trim(r.URL.Path, "/")+".http"] += asSent(r, body)
		_, _ = io.WriteString(w, `{"errcode":0,"errmsg":"ok","code":0}`)
	}))
	t.Cleanup(o.Close)
	return o
}

func (o *outsideOf) all() map[string]string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.got)
}

// asSent is a request as it came, but for what the connection adds to it.
func asSent(r *http.Request, body []byte) string {
	var all strings.Builder
	fmt.Fprintf(&all, "%s %s\n", r.Method, r.URL.RequestURI())
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		if slices.Contains([]string{"Connection", "Content-Length", "Accept-Encoding"}, name) {
			continue
		}
		fmt.Fprintf(&all, "%s: %s\n", name, strings.Join(r.Header[name], ", "))
	}
	return all.String() + "\n" + string(body) + "\n"
}
