package browser_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/browser"
	"recourse/internal/rig"
	"recourse/internal/store"
	"recourse/internal/vault"
	"recourse/models"
)

// program is `recourse dev` with the sample company, shared by all tests of this package: what only
// looks does not disturb, and what acts makes a case of its own.
type program struct {
	url    string
	folder string // in which it runs
	people map[models.Role]person
	vault  *vault.Vault
	chrome *browser.Browser

	mu       sync.Mutex
	sessions map[models.Role]string
	end      []func()
}

// person is one of the sample company.
type person struct{ id, name, password, token string }

// errNot says what this machine lacks for tests in a browser.
var errNot = errors.New("this machine cannot look at pages")

var started = sync.OnceValues(start)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	defer func() {
		if p, err := started(); err == nil {
			p.stop()
		}
	}()
	return m.Run()
}

// open returns the program. A machine without chromium or the embedded server proves nothing: CI fails
// there, everybody else is told aloud.
func open(t *testing.T) *program {
	t.Helper()
	p, err := started()
	if errors.Is(err, errNot) && os.Getenv("CI") == "" {
		t.Skip("SKIPPED: ", err)
	}
	require.NoError(t, err)
	return p
}

func start() (*program, error) {
	server, err := filepath.Abs(rig.Program("recourse-devserver"))
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(server); err != nil {
		return nil, fmt.Errorf("%w: bin/recourse-devserver is not built; run `make devserver`", errNot)
	}
	p := &program{people: map[models.Role]person{}, sessions: map[models.Role]string{}}
	if p.chrome, err = browser.Start(context.Background()); err != nil {
		if errors.Is(err, browser.ErrNone) {
			err = fmt.Errorf("%w: %w", errNot, err)
		}
		return nil, err
	}
	p.end = append(p.end, p.chrome.Stop)
	if err := p.startDev(server, 2*time.Minute); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

func (p *program) stop() {
	for _, end := range p.end {
		end()
	}
}

func (p *program) startDev(server string, within time.Duration, with ...string) error {
	folder, err := os.MkdirTemp("", "recourse-browser-")
	if err != nil {
		return err
	}
	p.end = append(p.end, func() { _ = os.RemoveAll(folder) })
	if err := os.Symlink(server, filepath.Join(folder, "recourse-devserver")); err != nil {
		return err
	}
	binary := filepath.Join(folder, "recourse")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", binary, "recourse/cmd/recourse").CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	door, ui := freePort(), freePort()
	settings := filepath.Join(folder, "settings.yaml")
	content := fmt.Sprintf("http:\n  listen: %s\ntemporal:\n  address: %s\n  ui_url: http://%s\nadmin:\n  listen: ''\n", door, freePort(), ui)
	if err := os.WriteFile(settings, []byte(content), 0o600); err != nil {
		return err
	}
	said, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		return err
	}
	cmd := exec.Command(binary, append([]string{"dev", "--config", settings}, with...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = folder, said, said, leash()
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		cmd.Env = append(cmd.Env, name+"="+os.Getenv(name))
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	p.end = append([]func(){func() { _ = cmd.Process.Signal(syscall.SIGINT); _ = cmd.Wait() }}, p.end...)
	p.url = "http://" + door
	return p.meet(folder, within)
}

// meet waits until the program runs, and learns who works there.
func (p *program) meet(folder string, within time.Duration) error {
	p.folder = folder
	log := func() string { said, _ := os.ReadFile(filepath.Join(folder, "log")); return string(said) }
	for deadline := time.Now().Add(within); !strings.Contains(log(), "Recourse is running"); <-time.After(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Errorf("the program does not start:\n%s", log())
		}
	}
	master, err := vault.ReadMaster(filepath.Join(folder, "data", "master.key"))
	if err != nil {
		return err
	}
	if p.vault, err = vault.New(master); err != nil {
		return err
	}
	list, err := os.ReadFile(filepath.Join(folder, "data", "sample-people.txt"))
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(list)) {
		if cells := strings.Split(strings.TrimSpace(line), "\t"); len(cells) == 5 && !strings.HasPrefix(line, "#") {
			p.people[models.Role(cells[0])] = person{cells[1], cells[2], cells[3], cells[4]}
		}
	}
	return nil
}

// freePort finds a port that nobody listens on.
func freePort() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "127.0.0.1:0"
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// wire does not follow redirects: a test says where it goes.
var wire = &http.Client{Timeout: browser.Patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// session is the cookie of somebody who is signed in. It is made once for each: signing in is slowed
// down, as it should be. "" is nobody.
func (p *program) session(t *testing.T, as models.Role) string {
	t.Helper()
	if as == "" {
		return ""
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if kept := p.sessions[as]; kept != "" {
		return kept
	}
	who, is := p.people[as]
	require.True(t, is, "nobody is %s", as)
	await(t, time.Minute, string(as)+" is signed in", func() bool { // slowed down after ten from one address
		r, err := wire.PostForm(p.url+"/sign-in", url.Values{"name": {who.id}, "password": {who.password}})
		require.NoError(t, err)
		require.NoError(t, r.Body.Close())
		for _, c := range r.Cookies() {
			if c.Name == sessionCookie {
				p.sessions[as] = c.Value
			}
		}
		require.Contains(t, []int{http.StatusSeeOther, http.StatusTooManyRequests}, r.StatusCode, as)
		return p.sessions[as] != ""
	})
	return p.sessions[as]
}

const sessionCookie = "__Host-session"

// window opens a window in which somebody is signed in, in their language.
func (p *program) window(t *testing.T, as models.Role, look browser.Look) *browser.Window {
	t.Helper()
	w, err := p.chrome.Open(look)
	require.NoError(t, err)
	t.Cleanup(w.Close)
	if session := p.session(t, as); session != "" {
		require.NoError(t, w.Keep(p.url, sessionCookie, session))
	}
	return w
}

// get asks for a page without a browser.
func (p *program) get(t *testing.T, as models.Role, path string) (status int, body string) {
	t.Helper()
	return p.ask(t, as, http.MethodGet, path, nil)
}

// speak sets the language in which somebody is shown their pages.
func (p *program) speak(t *testing.T, as models.Role, lang models.Language) {
	t.Helper()
	status, _ := p.ask(t, as, http.MethodPost, "/preferences", url.Values{"language": {string(lang)}})
	require.Equal(t, http.StatusSeeOther, status)
}

func (p *program) ask(t *testing.T, as models.Role, method, path string, form url.Values) (status int, body string) {
	t.Helper()
	status, body, _ = p.fetch(t, as, method, path, form)
	return status, body
}

// fetch is ask, with where it leads.
func (p *program) fetch(t *testing.T, as models.Role, method, path string, form url.Values) (status int, body, to string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, p.url+path, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if session := p.session(t, as); session != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: session})
	}
	answer, err := wire.Do(r)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(io.LimitReader(answer.Body, 4<<20))
	require.NoError(t, err)
	return answer.StatusCode, string(content), answer.Header.Get("Location")
}

// call asks the programs' door as somebody, and reads the answer. What is not possible yet is asked for
// again, as the answer says.
func (p *program) call(t *testing.T, as models.Role, method, path string, body any, into any) {
	t.Helper()
	sent, err := json.Marshal(body)
	require.NoError(t, err)
	key := strconv.FormatInt(time.Now().UnixNano(), 36)
	var code int
	var content []byte
	for range 60 {
		if code, content = p.once(t, as, method, path, key, sent); code != http.StatusServiceUnavailable {
			break
		}
		time.Sleep(500 * time.Millisecond)
	}
	require.Less(t, code, 300, "%s %s: %s", method, path, content)
	if into != nil {
		require.NoError(t, json.Unmarshal(content, into))
	}
}

func (p *program) once(t *testing.T, as models.Role, method, path, key string, body []byte) (int, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, p.url+"/api/v1"+path, bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+p.people[as].token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", key)
	answer, err := wire.Do(r)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer.StatusCode, content
}

// standing is a case as lists show it.
type standing struct {
	ID, Number, State, Severity string
	Cycle, Seq                  int
}

func (p *program) cases(t *testing.T) []standing {
	t.Helper()
	var page struct{ Items []standing }
	p.call(t, models.RoleSupervisor, http.MethodGet, "/complaints?limit=100", nil, &page)
	require.NotEmpty(t, page.Items)
	return page.Items
}

func (p *program) statusLink(id string) string {
	return "/t/" + p.vault.LinkToken(models.StatusLink(id)...)
}

func (p *program) surveyLink(id string, cycle int) string {
	return "/s/" + p.vault.LinkToken(models.SurveyLink(id, cycle)...)
}

// alertLink is the link that a mail brings to the executive about an alert that waits for them.
func (p *program) alertLink(t *testing.T) string {
	t.Helper()
	record, err := store.Open(t.Context(), "sqlite://"+filepath.Join(p.folder, "data", "recourse.db"), store.Options{Connections: 1})
	require.NoError(t, err)
	defer func() { require.NoError(t, record.Close()) }()
	waiting, executive := true, models.Actor{Kind: models.ActorPerson, ID: p.people[models.RoleExecutive].id, Roles: []models.Role{models.RoleExecutive}}
	alerts, _, err := record.Alerts(t.Context(), models.AlertQuery{Visible: models.VisibleTo(executive), Waiting: &waiting, To: models.TakesOn(executive), Soonest: true})
	require.NoError(t, err)
	require.NotEmpty(t, alerts, "an alert waits for the executive")
	token, now := p.vault.LinkToken(models.AlertLinkTo(alerts[0].ID, executive.ID)...), time.Now().UTC()
	require.NoError(t, record.PutAlertLink(t.Context(), models.AlertLink{
		Hash: vault.TokenHash(token), CaseID: alerts[0].CaseID, AlertID: alerts[0].ID, PersonID: executive.ID, CreatedAt: now, ExpiresAt: now.Add(models.AlertLinkLife),
	}))
	return "/a/" + token
}

// signalLink is the page of a signal: in the samples nothing rises.
func (p *program) signalLink(t *testing.T) string {
	t.Helper()
	record, err := store.Open(t.Context(), "sqlite://"+filepath.Join(p.folder, "data", "recourse.db"), store.Options{Connections: 1})
	require.NoError(t, err)
	defer func() { require.NoError(t, record.Close()) }()
	monday := time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC)
	s := models.Signal{
		ID: "browser", Dimension: "product", Value: "电饭煲 R-2000", Step: "week", From: monday, Until: monday.AddDate(0, 0, 7), Zone: "Asia/Shanghai",
		Chart: "u", Count: 31, Size: 5000, Center: 0.001, Upper: 0.0024, Rules: []string{"beyond", "two_of_three"}, Chance: 1e-9, FirstSeen: monday, DetectedAt: monday,
		Evidence: models.Evidence{Format: models.EvidenceFormat, Volume: models.VolumeUnits, Base: 12, Widened: 1.3, Chances: []models.RuleChance{{Rule: "beyond", Chance: 1e-9}}},
	}
	for week := range 20 {
		from := monday.AddDate(0, 0, 7*(week-19))
		point := models.EvidencePoint{From: from, Until: from.AddDate(0, 0, 7), Label: from.Format(time.DateOnly), Count: int64(4 + week%3), Size: 5000, Upper: 0.0024}
		if week == 19 {
			point.Count, point.Rules = s.Count, s.Rules
		}
		s.Evidence.Points = append(s.Evidence.Points, point)
	}
	require.NoError(t, record.PutSignals(t.Context(), []models.Signal{s}))
	return "/signals/" + s.ID
}

// await waits until something is so.
func await(t *testing.T, within time.Duration, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !is(); <-time.After(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("after %s it is still not so: %s", within, what)
		}
	}
}
