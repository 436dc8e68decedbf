package notify_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/internal/notify"
	"recourse/internal/policy"
	"recourse/internal/store"
	"recourse/internal/vault"
	"recourse/models"
)

const repairs = "repairs"

var (
	shanghai = time.FixedZone("Asia/Shanghai", 8*3600)
	monday   = time.Date(2026, time.March, 2, 2, 0, 0, 0, time.UTC) // ten in the morning in Shanghai
)

// The people of the company.
var (
	handler   = models.Person{ID: "hal", Name: "Hal", Language: models.LanguageEN, Roles: []models.Role{models.RoleHandler}, Departments: []string{repairs}}
	head      = models.Person{ID: "hedy", Name: "Hedy", Language: models.LanguageZH, Roles: []models.Role{models.RoleDepartmentHead}, Departments: []string{repairs}}
	other     = models.Person{ID: "otto", Name: "Otto", Roles: []models.Role{models.RoleDepartmentHead}, Departments: []string{"service"}}
	sue       = models.Person{ID: "sue", Name: "Sue", Roles: []models.Role{models.RoleSupervisor}}
	executive = models.Person{ID: "eve", Name: "Eve", Roles: []models.Role{models.RoleExecutive}}
)

// world is a company with its record on disk, its vault and its dispatcher. Nothing in it is a fake.
type world struct {
	t       *testing.T
	store   *store.Store
	vault   *vault.Vault
	options notify.Options
	log     *strings.Builder

	mu       sync.Mutex
	now      time.Time
	outcomes map[string]int
	commands int
	quiet    bool // reminders keep the quiet hours of the shipped policy; else there are none
}

func newWorld(t *testing.T, people ...models.Person) *world {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "record.db"), store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Migrate(t.Context()))
	v, err := vault.New([]byte(strings.Repeat("k", vault.MasterSize)))
	require.NoError(t, err)
	w := &world{t: t, store: s, vault: v, now: monday, outcomes: map[string]int{}, log: &strings.Builder{}}
	for _, p := range people {
		p.CreatedAt = monday
		require.NoError(t, s.PutPerson(t.Context(), p))
	}
	w.options = notify.Options{
		Outbox:  s,
		Company: notify.Company{Name: "某某公司客服中心", Language: models.LanguageZH, Zone: shanghai, PublicURL: "https://care.example.com", CasePath: "/cases/"},
		Words:   w.words, Contact: w.contact, Seal: w.seal, LinkToken: v.LinkToken, LinkHash: vault.TokenHash,
		Poll: time.Millisecond, Concurrency: 2, Now: w.clock, Log: slog.New(slog.NewTextHandler(&locked{w: w.log, mu: &w.mu}, nil)),
		Count: func(c models.MessageChannel, s models.MessageState) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.outcomes[fmt.Sprintf("%s %s", c, s)]++
		},
	}
	return w
}

// locked is a writer for several goroutines.
type locked struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) words(ctx context.Context, _ models.Case, ref models.TextRef) (string, error) {
	text, err := w.store.Text(ctx, ref.Ref)
	if err != nil {
		return "", err
	}
	key, err := w.store.Key(ctx, text.KeyID)
	if err != nil {
		return "", err
	}
	words, _, err := w.vault.OpenText(key.Wrapped, key.ID, text.Ref, text.Sealed)
	return words, erased(err)
}

func (w *world) contact(ctx context.Context, row models.Case) (c models.Contact, err error) {
	texts, err := w.store.Texts(ctx, row.ID)
	if err != nil {
		return c, err
	}
	i := slices.IndexFunc(texts, func(t models.Text) bool { return t.Name == models.TextContact })
	words, err := w.words(ctx, row, models.TextRef{Ref: texts[i].Ref})
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(words), &c)
}

func (w *world) seal(ctx context.Context, keyID, messageID, words string) ([]byte, error) {
	key, err := w.store.Key(ctx, keyID)
	if err != nil {
		return nil, err
	}
	sealed, _, err := w.vault.SealText(key.Wrapped, keyID, messageID, words)
	return sealed, erased(err)
}

func erased(err error) error {
	if errors.Is(err, vault.ErrErased) {
		return notify.ErrErased
	}
	return err
}

// text seals words as staged under a command.
func (w *world) text(caseID string, key models.Key, command, name, words string) models.Text {
	w.t.Helper()
	text := models.Text{
		Ref: command + "-" + name, CaseID: caseID, KeyID: key.ID, Command: command, Name: name, StagedAt: w.clock(),
	}
	var err error
	text.Sealed, text.Digest, err = w.vault.SealText(key.Wrapped, key.ID, text.Ref, words)
	require.NoError(w.t, err)
	return text
}

func refs(texts []models.Text) []models.TextRef {
	all := make([]models.TextRef, len(texts))
	for i, t := range texts {
		all[i] = models.TextRef{Name: t.Name, Ref: t.Ref, Digest: t.Digest}
	}
	return all
}

// open puts a complaint on record whose customer can be reached so.
func (w *world) open(id string, contact models.Contact, changes ...func(*models.Opened)) lifecycle.Case {
	w.t.Helper()
	keyID, wrapped, err := w.vault.NewKey()
	require.NoError(w.t, err)
	key := models.Key{ID: keyID, Wrapped: wrapped, CreatedAt: w.clock()}
	o := models.Opened{
		Number: models.Number(2026, int64(len(id))), CustomerID: "cu-" + id, KeyID: keyID, Channel: models.ChannelWeb, Language: models.LanguageZH,
		Zone: "Asia/Shanghai", ReceivedAt: w.clock(), Severity: models.SeverityGeneral, Nature: models.NatureCustomer, Category: "product",
	}
	for _, change := range changes {
		change(&o)
	}
	customer := &models.Customer{ID: "cu-" + id, KeyID: keyID, Language: o.Language, Zone: o.Zone, CreatedAt: w.clock()}
	if o.Anonymous {
		o.CustomerID, customer = "", nil
	}
	asJSON, err := json.Marshal(contact)
	require.NoError(w.t, err)
	texts := []models.Text{
		w.text(id, key, "open-"+id, models.TextText, "机器坏了 canary"),
		w.text(id, key, "open-"+id, models.TextContact, string(asJSON)),
		w.text(id, key, "open-"+id, models.TextEvidence, "邮戳"),
		w.text(id, key, "open-"+id, models.TextAnswer, "已答复"),
	}
	intake := models.Actor{Kind: models.ActorPerson, ID: "ivy", Roles: []models.Role{models.RoleIntake}}
	c, rec := w.decide(lifecycle.Case{ID: id}, intake, models.VerbOpen, o, "open-"+id, refs(texts))
	for i := range texts {
		texts[i].Seq = 1
	}
	require.NoError(w.t, w.store.AcceptIntake(w.t.Context(), models.Intake{
		Recording: rec, Customer: customer, Key: &key, Texts: texts,
		Start: models.StartIntent{CaseID: id, Severity: o.Severity, CreatedAt: w.clock(), NextAt: w.clock()},
	}))
	return c
}

func (w *world) decide(c lifecycle.Case, who models.Actor, v models.Verb, d models.Data, command string, texts []models.TextRef) (lifecycle.Case, models.Recording) {
	w.t.Helper()
	plan := policy.Default(shanghai).Plan(w.clock(), "Asia/Shanghai", lifecycle.RulesVersion())
	if !w.quiet {
		plan.Quiet = models.Quiet{}
	}
	events, err := lifecycle.Decide(c, lifecycle.Command{ID: command, Verb: v, Actor: who, Data: d, Texts: texts}, plan, w.clock())
	require.NoError(w.t, err)
	c.Plan = plan
	c, rec, err := lifecycle.Write(c, events)
	require.NoError(w.t, err)
	return c, rec
}

// do uses a verb on a case; each of its texts ends with the command's id.
func (w *world) do(c lifecycle.Case, who models.Actor, v models.Verb, d models.Data, names ...string) lifecycle.Case {
	w.t.Helper()
	w.commands++
	command := fmt.Sprintf("cmd-%s-%d", c.ID, w.commands)
	key, err := w.store.Key(w.t.Context(), c.Opened.KeyID)
	require.NoError(w.t, err)
	var texts []models.Text
	for _, name := range names {
		texts = append(texts, w.text(c.ID, key, command, name, "我们给您换一台新机器 "+command))
	}
	staged, err := w.store.Stage(w.t.Context(), key.ID, texts)
	require.NoError(w.t, err)
	c, rec := w.decide(c, who, v, d, command, staged)
	require.NoError(w.t, w.store.Record(w.t.Context(), rec))
	return c
}

// dispatch gives a case to a department.
func (w *world) dispatch(c lifecycle.Case) lifecycle.Case {
	w.t.Helper()
	sued := sue
	return w.do(c, sued.Actor(), models.VerbDispatch, models.Dispatched{
		Department: repairs, Supervising: "service", Severity: c.Severity, Nature: c.Nature, Category: c.Category,
	}, models.TextFacts, models.TextObjective)
}

// fire lets everything happen that came due until now.
func (w *world) fire(c lifecycle.Case) lifecycle.Case {
	w.t.Helper()
	_, events := lifecycle.FireDue(c, w.clock())
	c, rec, err := lifecycle.Write(c, events)
	require.NoError(w.t, err)
	require.NoError(w.t, w.store.Record(w.t.Context(), rec))
	return c
}

// work lets a dispatcher work until nothing is due.
func (w *world) work() {
	w.t.Helper()
	d := notify.NewDispatcher(w.options)
	for {
		n, err := d.Once(w.t.Context())
		require.NoError(w.t, err)
		if n == 0 {
			return
		}
	}
}

// with returns the messages of a case that are so, in the order of their events.
func (w *world) with(caseID string, so func(models.Message) bool) []models.Message {
	w.t.Helper()
	all, err := w.store.Messages(w.t.Context(), caseID)
	require.NoError(w.t, err)
	return slices.DeleteFunc(all, func(m models.Message) bool { return !so(m) })
}

// only returns the one message of a case by template, channel and person.
func (w *world) only(caseID, template string, channel models.MessageChannel, person string) models.Message {
	w.t.Helper()
	found := w.with(caseID, func(m models.Message) bool {
		return m.Template == template && m.Channel == channel && m.Person == person && len(m.Roles) == 0 && m.Department == ""
	})
	require.Len(w.t, found, 1, "%s by %s to %q", template, channel, person)
	return found[0]
}

// readers lists who has a message in their inbox, by template.
func (w *world) readers(caseID, template string) []string {
	w.t.Helper()
	var who []string
	for _, m := range w.with(caseID, func(m models.Message) bool {
		return m.Template == template && m.Channel == models.MessageInbox && m.Person != "" && m.State == models.MessageSent
	}) {
		who = append(who, m.Person)
	}
	slices.Sort(who)
	return who
}

// opened returns the words of a message as kept.
func (w *world) opened(m models.Message) string {
	w.t.Helper()
	key, err := w.store.Key(w.t.Context(), m.KeyID)
	require.NoError(w.t, err)
	words, _, err := w.vault.OpenText(key.Wrapped, m.KeyID, m.ID, m.Body)
	require.NoError(w.t, err)
	return words
}
