package notify_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/endpoints"
	"recourse/models"
)

const (
	newSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	oldSecret = "whsec_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM="
)

// visit is a request as a receiver saw it.
type visit struct {
	id     string // webhook-id
	header http.Header
	body   []byte
	at     time.Time
}

// receiver is a server outside that remembers who came.
type receiver struct {
	*httptest.Server

	mu     sync.Mutex
	visits []visit
	answer func(w http.ResponseWriter, n int) // n: the how manieth visit, from 1
}

// receive starts one; without an answer it takes everything, as webhooks and robots do.
func (w *world) receive(answer func(http.ResponseWriter, int)) *receiver {
	w.t.Helper()
	r := &receiver{answer: answer}
	r.Server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		body, _ := io.ReadAll(in.Body)
		r.mu.Lock()
		r.visits = append(r.visits, visit{in.Header.Get("webhook-id"), in.Header.Clone(), body, w.clock()})
		n := len(r.visits)
		r.mu.Unlock()
		if r.answer != nil {
			r.answer(out, n)
			return
		}
		_, _ = io.WriteString(out, `{"errcode":0,"code":0}`)
	}))
	w.t.Cleanup(r.Close)
	return r
}

func (r *receiver) all() []visit {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]visit(nil), r.visits...)
}

// outside lets messages leave to endpoints of this machine.
func (w *world) outside() {
	w.options.Sender = endpoints.New(endpoints.Options{
		Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Timeout: time.Second, Now: time.Now,
	})
	w.options.Access = func(ctx context.Context, e models.Endpoint) (a models.EndpointAccess, err error) {
		key, err := w.store.Key(ctx, e.KeyID)
		if err != nil {
			return a, err
		}
		words, _, err := w.vault.OpenText(key.Wrapped, key.ID, e.ID, e.Sealed)
		if err != nil {
			return a, err
		}
		return a, json.Unmarshal([]byte(words), &a)
	}
}

// endpoint puts one on record.
func (w *world) endpoint(id string, channel models.MessageChannel, url string, changes ...func(*models.Endpoint, *models.EndpointAccess)) models.Endpoint {
	w.t.Helper()
	if w.options.Sender == nil {
		w.outside()
	}
	keyID, wrapped, err := w.vault.NewKey()
	require.NoError(w.t, err)
	e := models.Endpoint{ID: id, Name: id, Channel: channel, Language: models.LanguageEN, CreatedAt: w.clock(), ChangedAt: w.clock(), CreatedBy: "ada", KeyID: keyID}
	a := models.EndpointAccess{URL: url}
	if !channel.Robot() {
		a.Secret = newSecret
	}
	for _, change := range changes {
		change(&e, &a)
	}
	words, err := json.Marshal(a)
	require.NoError(w.t, err)
	e.Sealed, _, err = w.vault.SealText(wrapped, keyID, id, string(words))
	require.NoError(w.t, err)
	require.NoError(w.t, w.store.AddEndpoint(w.t.Context(), e, models.Key{ID: keyID, Wrapped: wrapped, CreatedAt: w.clock()}))
	return e
}

func (w *world) attempts(endpoint string) []models.Delivery {
	w.t.Helper()
	all, _, err := w.store.Deliveries(w.t.Context(), endpoint, "", 500)
	require.NoError(w.t, err)
	return all
}

// eventOf reads what a webhook was told.
type eventOf struct {
	Type string
	Data struct {
		Number string
		Seq    int64
		Kind   models.Kind
		Data   map[string]any
		Alert  struct{ Title, Text string }
	}
}

func told(t *testing.T, v visit) (e eventOf) {
	t.Helper()
	require.NoError(t, json.Unmarshal(v.body, &e), string(v.body))
	return e
}

// dataOf is the data of what a webhook was told, as it was written.
func dataOf(t *testing.T, v visit) string {
	t.Helper()
	var e struct{ Data json.RawMessage }
	require.NoError(t, json.Unmarshal(v.body, &e))
	return string(e.Data)
}
