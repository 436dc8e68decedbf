package console_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/console"
	"recourse/internal/cases"
	"recourse/internal/cases/casestest"
	"recourse/internal/endpoints"
	"recourse/internal/extract"
	"recourse/internal/figures"
	"recourse/internal/files"
	"recourse/internal/kpi"
	"recourse/internal/lifecycle"
	"recourse/internal/paper"
	"recourse/internal/policies"
	"recourse/internal/policy"
	"recourse/internal/report"
	"recourse/internal/simulate"
	"recourse/internal/store"
	"recourse/internal/vault"
	"recourse/models"
	"recourse/workflows/contract"
)

// noon is a Wednesday.
var noon = time.Date(2026, time.March, 18, 12, 0, 0, 0, time.UTC)

// desk is the console over a real record, with an engine that decides by the kernel and no clock that
// runs by itself.
type desk struct {
	*cases.Service

	store   *store.Store
	record  *record
	console http.Handler

	mu  sync.Mutex
	at  time.Time
	key int

	file  string // of the record
	vault *vault.Vault

	away error // why the engine decides nothing; nil: it does

	answer  endpoints.Answer // of endpoints outside
	refusal error            // why they take nothing; nil: they do

	figures   *figures.Service
	reports   *report.Service
	countedOf *store.Store // which these figures are of

	simulations *simulate.Desk

	stuck          []string // cases whose workflow is stuck
	troubleUnknown error    // why the engine does not know
}

// record is a store that can be exchanged for another.
type record struct{ *store.Store }

func (*record) Volumes(context.Context) ([]models.Volume, error) { return nil, nil }

// engine is one that can be away.
type engine struct {
	casestest.Engine
	d *desk
}

func (e engine) Command(ctx context.Context, caseID string, order contract.Order) (contract.Outcome, error) {
	if e.d.away != nil {
		return contract.Outcome{}, e.d.away
	}
	return e.Engine.Command(ctx, caseID, order)
}

func (e engine) Troubled(_ context.Context, t contract.Trouble) ([]string, bool, error) {
	if t == contract.TroubleStuck {
		return e.d.stuck, false, e.d.troubleUnknown
	}
	return nil, false, e.d.troubleUnknown
}

// outside is where pings go.
type outside struct{ d *desk }

func (o outside) Deliver(context.Context, endpoints.Target, endpoints.Parcel) (endpoints.Answer, error) {
	return o.d.answer, o.d.refusal
}

type nobody struct{}

// plan is made once: its calendars reach ninety days.
var plan = sync.OnceValue(func() models.Plan { return policy.Default(time.UTC).Plan(noon, "UTC", lifecycle.RulesVersion()) })

func (nobody) Now(context.Context, contract.CaseInput) bool { return false }
func (nobody) Wake()                                        {}
func (nobody) Plan(context.Context, string, time.Time, string) (models.Plan, error) {
	return plan(), nil
}

// counting are figures of whatever record the desk is over.
type counting struct{ d *desk }

func (c counting) Table(ctx context.Context) (*kpi.Table, error) { return c.d.counted().Table(ctx) }

func (c counting) Query(a models.Actor, ask figures.Ask) (kpi.Query, error) {
	return c.d.counted().Query(a, ask)
}

// counted keeps the figures of one record as long as the desk is over it.
func (d *desk) counted() *figures.Service {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.figures == nil || d.countedOf != d.record.Store {
		d.figures, d.countedOf = &figures.Service{Record: d.record, Hours: always{}, Zone: time.UTC, Now: d.now, Log: slog.New(slog.DiscardHandler)}, d.record.Store
	}
	return d.figures
}

// mostTried is how many cases the simulator of a desk takes.
const mostTried = 40

// always is open at every hour.
type always struct{}

func (always) Open(_ context.Context, _ models.Case, _ string, from, until time.Time) (time.Duration, error) {
	return until.Sub(from), nil
}

func pastless(context.Context, string, ...string) (extract.Past, error) { return policies.Past{}, nil }

// newDesk opens a console with two departments, sales and works, and one person of each role, called by
// it; handler and department_head are of sales, works-handler and works-head of works.
func newDesk(tb testing.TB) *desk {
	tb.Helper()
	return deskOn(tb, filepath.Join(tb.TempDir(), "cases.db"))
}

// deskOn is newDesk over a record of one's own.
func deskOn(tb testing.TB, url string) *desk {
	tb.Helper()
	d := deskOver(tb, url, filepath.Join(tb.TempDir(), "files"))
	tb.Cleanup(func() {
		require.NoError(tb, d.store.Close())
		*d = desk{} // the testing package keeps what is cleaned up until all tests are over, and pages are 20 MB for each language
	})
	require.NoError(tb, d.store.Migrate(tb.Context()))
	d.company(tb)
	return d
}

// deskOver is the console over a record as it is, with its files in a folder. The caller closes the store.
func deskOver(tb testing.TB, url, folder string) *desk {
	tb.Helper()
	s, err := store.Open(tb.Context(), url, store.Options{})
	require.NoError(tb, err)
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.MasterSize))
	require.NoError(tb, err)
	d := &desk{store: s, record: &record{s}, at: noon, file: url, vault: v}
	newID := func() string { return uuid.Must(uuid.NewV7()).String() }
	d.Service = cases.New(cases.Config{
		Store: d.record, Vault: v, Engine: engine{casestest.Engine{Record: d.record, Now: d.now}, d}, Plans: nobody{}, Starter: nobody{},
		Outside: outside{d}, Files: files.In(folder), Hash: vault.TokenHash, Company: "Lantern", Language: models.LanguageEN,
		Zone: time.UTC, Now: d.now, NewID: newID, Logger: slog.New(slog.DiscardHandler),
	})
	d.reports = &report.Service{Record: d.record, Table: counting{d}.Table, Zone: time.UTC, Now: d.now, NewID: newID}
	d.simulations = &simulate.Desk{
		Record: d.record, Zone: time.UTC, Now: d.now, Most: mostTried,
		Open: func(policy.Policy) func(models.Case, string, time.Time, time.Time) (time.Duration, error) { return nil },
		Policy: func(_ context.Context, version string) (policy.Policy, error) {
			if version != "" && version != policy.DefaultVersion {
				return policy.Policy{}, models.Refuse(models.CodeNotFound, "there is no such version")
			}
			return policy.Default(time.UTC), nil
		},
	}
	d.console, err = console.New(console.Config{
		Simulations: d.simulations,
		Cases:       d.Service, Figures: counting{d}, Reports: d.reports, Press: paper.New(""), Extracts: extract.Source{Record: d.record, Past: pastless}, Log: slog.New(slog.DiscardHandler), Now: d.now, NewID: newID, Company: "Lantern", Language: models.LanguageEN,
		Zone: time.UTC, PublicURL: "http://127.0.0.1:8080", TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, TemporalURL: "http://127.0.0.1:8233", Version: "test",
	})
	require.NoError(tb, err)
	return d
}

// move goes on with another record.
func (d *desk) move(tb testing.TB, url string) {
	tb.Helper()
	require.NoError(tb, d.store.Close())
	s, err := store.Open(tb.Context(), url, store.Options{})
	require.NoError(tb, err)
	d.store, d.record.Store, d.file = s, s, url
}

// company puts the departments and people of newDesk on record.
func (d *desk) company(tb testing.TB) {
	tb.Helper()
	for _, id := range []string{"sales", "works"} {
		require.NoError(tb, d.store.PutDepartment(tb.Context(), models.Department{ID: id, NameZH: id + "部", NameEN: "The " + id, CreatedAt: noon}))
	}
	for _, role := range models.Roles() {
		d.join(tb, string(role), role, map[models.Role]string{models.RoleHandler: "sales", models.RoleDepartmentHead: "sales"}[role])
	}
	d.join(tb, "works-handler", models.RoleHandler, "works")
	d.join(tb, "works-head", models.RoleDepartmentHead, "works")
}

// join puts somebody of one role on record, of a department where that matters.
func (d *desk) join(tb testing.TB, id string, role models.Role, department string) {
	tb.Helper()
	p := models.Person{ID: id, Name: "Name of " + id, Email: id + "@example.com", Language: models.LanguageEN, Roles: []models.Role{role}, CreatedAt: noon}
	if department != "" {
		p.Departments = []string{department}
	}
	require.NoError(tb, d.store.PutPerson(tb.Context(), p))
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

// wait lets time pass.
func (d *desk) wait(span time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = d.at.Add(span)
}

// call is a wish of somebody of its own, whose id is that of a person on record.
func (d *desk) call(tb testing.TB, id string) cases.Call {
	tb.Helper()
	p, err := d.store.Person(tb.Context(), id)
	require.NoError(tb, err)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.key++
	return cases.Call{Actor: p.Actor(), Route: "test", Key: fmt.Sprint("k-", d.key), Body: []byte("b")}
}

// told is a complaint by phone.
func told(text string) cases.NewComplaint {
	return cases.NewComplaint{
		Opened: models.Opened{Channel: models.ChannelPhone}, Text: text, Contact: models.Contact{Name: "Wang Wu", Phone: "13800138000"},
	}
}

// open puts a complaint on record, by intake, and returns its number.
func (d *desk) open(tb testing.TB, n cases.NewComplaint) string {
	tb.Helper()
	accepted, err := d.Open(tb.Context(), d.call(tb, "intake"), n)
	require.NoError(tb, err)
	return accepted.Number
}

// act uses a verb on a case, past the console.
func (d *desk) act(tb testing.TB, id, number string, w cases.Wish) cases.Done {
	tb.Helper()
	done, err := d.Do(tb.Context(), d.call(tb, id), number, w)
	require.NoError(tb, err)
	return done
}

// dispatched puts a complaint on record that sales has, and its handler accepted.
func (d *desk) dispatched(tb testing.TB, n cases.NewComplaint) string {
	tb.Helper()
	number := d.open(tb, n)
	d.act(tb, "supervisor", number, cases.Wish{
		Verb: models.VerbDispatch, Words: map[string]string{models.TextObjective: "find out"},
		Data: models.Dispatched{Department: "sales", Severity: models.SeverityGeneral, Nature: models.NatureCustomer},
	})
	d.act(tb, "handler", number, cases.Wish{Verb: models.VerbAccept, Data: models.Accepted{}})
	return number
}

// row is how a case stands.
func (d *desk) row(tb testing.TB, number string) models.Case {
	tb.Helper()
	row, err := d.store.CaseByNumber(tb.Context(), number)
	require.NoError(tb, err)
	return row
}

// window is a browser's window: it keeps its cookies.
type window struct {
	d       *desk
	cookies map[string]string
	from    string // address and port; empty: that of all others
}

// as opens a window in which a person is signed in; "" is nobody.
func (d *desk) as(tb testing.TB, id string) *window {
	tb.Helper()
	w := &window{d: d, cookies: map[string]string{}}
	if id == "" {
		return w
	}
	secret := uuid.NewString()
	hash := sha256.Sum256([]byte(secret))
	require.NoError(tb, d.store.PutSession(tb.Context(), models.Session{
		ID: uuid.NewString(), PersonID: id, Hash: hash[:], CreatedAt: d.now(), UsedAt: d.now(), ExpiresAt: d.now().Add(72 * time.Hour),
	}))
	w.cookies["__Host-session"] = secret
	return w
}

// answer is what came back.
type answer struct {
	Code   int
	Header http.Header
	Body   string
}

// Text is the body without its tags, as a reader sees it.
func (a answer) Text() string {
	return strings.Join(strings.Fields(html.UnescapeString(anyTag.ReplaceAllString(a.Body, " "))), " ")
}

var anyTag = regexp.MustCompile(`<[^>]*>`)

// To is where a redirect leads.
func (a answer) To() string { return a.Header.Get("Location") }

// Hidden is the value of the first hidden field of that name.
func (a answer) Hidden(name string) string {
	found := regexp.MustCompile(`<input type="hidden" name="` + name + `" value="([^"]*)"`).FindStringSubmatch(a.Body)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

func (w *window) get(tb testing.TB, path string) answer {
	tb.Helper()
	return w.send(tb, httptest.NewRequestWithContext(tb.Context(), http.MethodGet, path, nil))
}

// post sends a form. Without a key it gets one.
func (w *window) post(tb testing.TB, path string, form url.Values) answer {
	tb.Helper()
	if form.Get("key") == "" {
		form.Set("key", uuid.NewString())
	}
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.send(tb, r)
}

func (w *window) send(tb testing.TB, r *http.Request) answer {
	tb.Helper()
	for name, value := range w.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if w.from != "" {
		r.RemoteAddr = w.from
	}
	got := httptest.NewRecorder()
	w.d.console.ServeHTTP(got, r)
	result := got.Result()
	defer func() { _ = result.Body.Close() }()
	for _, c := range result.Cookies() {
		w.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(w.cookies, c.Name)
		}
	}
	return answer{Code: result.StatusCode, Header: result.Header, Body: got.Body.String()}
}

func TestWhoIsSignedInSeesTheirAccount(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	require.Equal(t, "/sign-in?to=%2Faccount", d.as(t, "").get(t, "/account").To())
	got := d.as(t, "handler").get(t, "/account")
	require.Equal(t, http.StatusOK, got.Code)
	require.Contains(t, got.Text(), "Name of handler")
}
