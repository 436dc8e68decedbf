package endpoints_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"

	"recourse/internal/endpoints"
	"recourse/models"
)

const (
	secret   = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	previous = "whsec_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM="
	third    = "whsec_MDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk8="
)

var (
	now      = time.Date(2026, 11, 22, 10, 30, 0, 0, time.UTC)
	loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
)

// client is one that may reach the servers of tests, and waits two seconds.
func client(changes ...func(*endpoints.Options)) *endpoints.Client {
	o := endpoints.Options{Allow: loopback, Timeout: 2 * time.Second, Now: func() time.Time { return now }}
	for _, change := range changes {
		change(&o)
	}
	return endpoints.New(o)
}

// seen is a request as it arrived.
type seen struct {
	path   string
	query  map[string][]string
	header http.Header
	body   []byte
}

// visits are the requests that a server had.
type visits struct {
	sync.Mutex
	all []seen
}

func (v *visits) take(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	v.Lock()
	defer v.Unlock()
	v.all = append(v.all, seen{r.URL.Path, r.URL.Query(), r.Header.Clone(), body})
}

func (v *visits) count() int {
	v.Lock()
	defer v.Unlock()
	return len(v.all)
}

func (v *visits) only(t *testing.T) seen {
	t.Helper()
	require.Equal(t, 1, v.count())
	return v.all[0]
}

// serve starts a server that answers each request and remembers it.
func serve(t *testing.T, answer http.HandlerFunc) (*httptest.Server, *visits) {
	t.Helper()
	got := &visits{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.take(r)
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return server, got
}

// says answers each request alike.
func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func webhook(url string) endpoints.Target {
	return endpoints.Target{Channel: models.MessageWebhook, URL: url, Secret: secret}
}

func parcel() endpoints.Parcel {
	return endpoints.Parcel{
		ID: "0196f2-1/7/event/webhook", Type: "case.escalated", At: time.Date(2026, 11, 22, 10, 29, 58, 0, time.UTC),
		Language: models.LanguageZH, To: "+8613800000000", Title: "投诉 RC2026-000017-3：办结时限已超", Text: "级别：紧急\n请尽快处理。",
		URL: "https://care.example.com/cases/RC2026-000017-3", Data: []byte(`{"number":"RC2026-000017-3","seq":7}`),
	}
}

// refused is the refusal that a delivery ended with.
func refused(t *testing.T, err error) *endpoints.Refused {
	t.Helper()
	r, is := errors.AsType[*endpoints.Refused](err)
	require.Truef(t, is, "%v", err)
	return r
}

// names is a resolver that knows the names it is told, and nobody else's. A name with several addresses
// has the first at the first question, and so on; the last one stays.
func names(t *testing.T, known map[string][]string) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	go answerNames(conn, known)
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func answerNames(conn net.PacketConn, known map[string][]string) {
	buffer := make([]byte, 1500)
	for {
		n, from, err := conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buffer[:n]) != nil || len(m.Questions) != 1 {
			continue
		}
		q := m.Questions[0]
		m.Header = dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true}
		m.Additionals = nil
		name := q.Name.String()
		name = name[:len(name)-1]
		if known[name] == nil {
			m.RCode = dnsmessage.RCodeNameError
		} else if a := netip.MustParseAddr(known[name][0]); a.Is4() == (q.Type == dnsmessage.TypeA) {
			m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class}, Body: record(a)}}
			if len(known[name]) > 1 {
				known[name] = known[name][1:]
			}
		}
		if packed, err := m.Pack(); err == nil {
			_, _ = conn.WriteTo(packed, from)
		}
	}
}

func record(a netip.Addr) dnsmessage.ResourceBody {
	if a.Is4() {
		return &dnsmessage.AResource{A: a.As4()}
	}
	return &dnsmessage.AAAAResource{AAAA: a.As16()}
}
