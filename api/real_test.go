package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/api"
	"recourse/internal/cases"
	"recourse/internal/cases/casestest"
	"recourse/internal/files"
	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/internal/store"
	"recourse/internal/vault"
	"recourse/models"
	workflows "recourse/workflows/contract"
)

// house is the door before real cases: record, kernel and access are the product's own, and commands
// are decided at once.
type house struct {
	*stand

	store *store.Store
	keys  int
}

// plans are the shipped policy; nothing starts a workflow.
type plans struct{}

func (plans) Plan(_ context.Context, _ string, at time.Time, zone string) (models.Plan, error) {
	return policy.Default(time.UTC).Plan(at, zone, lifecycle.RulesVersion()), nil
}
func (plans) Now(context.Context, workflows.CaseInput) bool { return false }
func (plans) Wake()                                         {}

// staff are the people of the house, by id; each has a token of that name.
var staff = []models.Person{
	{ID: "ivy", Roles: []models.Role{models.RoleIntake}},
	{ID: "hal", Roles: []models.Role{models.RoleHandler}, Departments: []string{"repairs"}},
	{ID: "sue", Roles: []models.Role{models.RoleSupervisor}},
	{ID: "quinn", Roles: []models.Role{models.RoleQuality}, Departments: []string{"repairs"}},
	{ID: "otto", Roles: []models.Role{models.RoleDepartmentHead}, Departments: []string{"stores"}},
	{ID: "iris", Roles: []models.Role{models.RoleIntake}},
	{ID: "ada", Roles: []models.Role{models.RoleAuditor}},
	{ID: "amy", Roles: []models.Role{models.RoleAdmin}},
}

func newHouse(t *testing.T) *house {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "cases.db"), store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Migrate(t.Context()))
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.MasterSize))
	require.NoError(t, err)
	h := &house{store: s}
	svc := cases.New(cases.Config{
		Store: s, Vault: v, Plans: plans{}, Starter: plans{}, Hash: vault.TokenHash, Language: models.LanguageZH, Zone: time.UTC,
		Engine: casestest.Engine{Record: s, Now: func() time.Time { return h.now }}, Files: files.In(t.TempDir()),
		Now: func() time.Time { return h.now }, NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, Logger: newLog(),
	})
	h.stand = newStand(t, func(c *api.Config) { c.Cases = svc })
	for _, d := range []string{"repairs", "stores"} {
		require.NoError(t, s.PutDepartment(t.Context(), models.Department{ID: d, NameZH: d, NameEN: d, CreatedAt: noon}))
	}
	for _, p := range staff {
		p.Name, p.CreatedAt = p.ID, noon
		require.NoError(t, s.PutPerson(t.Context(), p))
		require.NoError(t, s.PutToken(t.Context(), models.Token{
			ID: p.ID, PersonID: p.ID, Hash: cases.HashToken("rc_" + p.ID), CreatedAt: noon, ExpiresAt: noon.AddDate(1, 0, 0),
		}))
	}
	return h
}

// by asks as somebody, a second later.
func (h *house) by(t *testing.T, who, method, target, body string) reply {
	t.Helper()
	h.now, h.keys = h.now.Add(time.Second), h.keys+1
	return h.ask(t, method, target, body, with{"Authorization": "Bearer rc_" + who, "Idempotency-Key": fmt.Sprint("k-", h.keys)})
}

// open puts a complaint on record and returns its number.
func (h *house) open(t *testing.T, body string) string {
	t.Helper()
	r := h.by(t, "ivy", http.MethodPost, complaints, body)
	require.Equal(t, http.StatusCreated, r.Code, r.Body)
	var a struct{ Number string }
	require.NoError(t, json.Unmarshal(r.Body.Bytes(), &a))
	return a.Number
}

const letter = `{"channel":"email","nature":"customer","text":"水壶漏电","contact":{"phone":"13800138000"},"receipt_evidence":"邮件头"}`

// walk uses verbs on a case, one after the other: who, verb, body.
func (h *house) walk(t *testing.T, number string, steps ...[3]string) {
	t.Helper()
	for _, s := range steps {
		r := h.by(t, s[0], http.MethodPost, complaints+"/"+number+"/"+s[1], s[2])
		require.Equal(t, http.StatusOK, r.Code, "%s: %s", s[1], r.Body)
	}
}

// The main road as far as tests need it.
var (
	dispatched = [3]string{"sue", "dispatch", `{"department":"repairs","objective":"查明原因","person":"hal"}`}
	accepted   = [3]string{"hal", "accept", `{}`}
	given      = [3]string{"hal", "give_task", `{"department":"stores","due":"2026-12-01T00:00:00Z","text":"查门店"}`}
	proposed   = [3]string{"hal", "propose", bodies["Propose"]}

	resolved   = [3]string{"hal", "resolve", bodies["Resolve"]}
	resultTold = [3]string{"hal", "tell_result", `{"channel":"email","text":"已换新","done":true,"effect":true,"follow_up":true,"thanks":true}`}
)

func TestWhatIsAgainstARuleIsRefusedByThatRule(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	earlier, later := h.open(t, letter), h.open(t, letter)
	merged, working := h.open(t, letter), h.open(t, letter)
	h.walk(t, merged, [3]string{"sue", "merge", `{"into":"` + later + `","reason":"同一件事"}`})
	h.walk(t, working, dispatched, accepted, given)
	anonymous := h.open(t, `{"channel":"letter_box","nature":"customer","text":"态度差","anonymous":true,"receipt_evidence":"意见箱"}`)
	told := h.open(t, letter)
	h.walk(t, told, dispatched, accepted, proposed, [3]string{"hal", "tell_solution", `{"channel":"email","text":"换新"}`}, resolved, resultTold)

	at := func(number, verb string) string { return complaints + "/" + number + "/" + verb }
	for name, tt := range map[string]struct {
		who, target, body   string
		status              int
		code, pointer, says string
	}{
		"a joint task to the lead itself": {
			"hal", at(working, "give_task"), `{"department":"repairs","due":"2026-12-01T00:00:00Z","text":"查"}`,
			422, "invalid", "/department", "the lead department needs no task",
		},
		"a transfer to the same department": {
			"hal", at(working, "transfer"), `{"department":"repairs","reason":"不归我们"}`,
			422, "invalid", "/department", "assign it to another person instead",
		},
		"a merge loop": {
			"sue", at(later, "merge"), `{"into":"` + merged + `","reason":"同一件事"}`,
			422, "invalid", "/into", "only an open one goes on for both",
		},
		"a merge into a later case, from which a loop could grow": {
			"sue", at(earlier, "merge"), `{"into":"` + later + `","reason":"同一件事"}`,
			422, "invalid", "/into", "earlier",
		},
		"a pause without evidence": {
			"hal", at(working, "pause"), `{"waiting_for":"waiting_for_customer","until":"2026-11-21T12:00:00Z","reason":"等照片"}`,
			422, "invalid", "/evidence", "contact",
		},
		"a back-dated receipt on a phone call": {
			"ivy", complaints, `{"channel":"phone","text":"漏电","received_at":"2026-11-01T00:00:00Z","contact":{"phone":"13800138000"},"receipt_evidence":"录音"}`,
			422, "invalid", "/received_at", "",
		},
		"a proposal while tasks are open": {
			"hal", at(working, "propose"), bodies["Propose"],
			409, "conflict", "", "task",
		},
		"a callback by the handling department": {
			"quinn", at(told, "record_callback"), `{"outcome":"reached_solved"}`,
			403, "forbidden", "", "outside the handling department",
		},
		"an attachment that lies about its type": {
			"ivy", uploads, form("B", "file", "照片.png", "image/png", "%PDF-1.7 not a photo"),
			422, "invalid", "/file", "its content is application/pdf",
		},
		"a correction that leaves no way to the customer": {
			"hal", at(working, "amend"), `{"contact":{"name":"王小明"},"reason":"打错了"}`,
			422, "invalid", "/contact", "leave a way to reach the customer",
		},
		"a correction to no contact data at all": {
			"hal", at(working, "amend"), `{"contact":{},"region":"上海","reason":"打错了"}`,
			422, "invalid", "/contact", "leave a way to reach the customer",
		},
		"a corrected phone without digits": {
			"hal", at(working, "amend"), `{"contact":{"phone":"none"},"reason":"打错了"}`,
			422, "invalid", "/contact/phone", "at least three digits",
		},
		"a correction to what it is": {
			"hal", at(working, "amend"), `{"contact":{"phone":"13800138000"},"reason":"打错了"}`,
			422, "invalid", "/reason", "an amendment changes something",
		},
		"a name for who stays anonymous": {
			"sue", at(anonymous, "amend"), `{"contact":{"phone":"13800138000"},"reason":"后来说了"}`,
			422, "invalid", "/contact", "an anonymous complaint has no contact data",
		},
		"a result before there is a solution": {
			"hal", at(working, "tell_result"), resultTold[2],
			409, "unlawful", "", "possible now: ",
		},
		"the last admin disabled": {
			"amy", "PUT /api/v1/people/amy", `{"name":"Amy","roles":["admin"],"disabled":true}`,
			422, "invalid", "/disabled", "last admin",
		},
		"the last admin's role": {
			"amy", "PUT /api/v1/people/amy", `{"name":"Amy","roles":["intake"]}`,
			422, "invalid", "/roles", "last admin",
		},
		"the last admin leaves": {
			"amy", "/api/v1/people/amy/leave", `{}`,
			409, "conflict", "", "last admin",
		},
	} {
		t.Run(name, func(t *testing.T) {
			method, target := http.MethodPost, tt.target
			if put, is := strings.CutPrefix(target, "PUT "); is {
				method, target = http.MethodPut, put
			}
			before := h.everything(t)
			p := h.by(t, tt.who, method, target, tt.body).problem(t)
			require.Equal(t, tt.status, p.Status, p.Detail)
			require.Equal(t, tt.code, p.Code)
			require.Contains(t, p.Detail, tt.says)
			if tt.pointer != "" {
				require.Len(t, p.Errors, 1)
				require.Equal(t, tt.pointer, *p.Errors[0].Pointer)
			}
			if tt.code == "unlawful" {
				require.Equal(t, "investigating", p.State)
				require.Contains(t, p.Possible, "propose")
			}
			require.Equal(t, before, h.everything(t), "nothing changed")
		})
	}
}

// everything is where all cases stand, and who everybody is.
func (h *house) everything(t *testing.T) (all []string) {
	t.Helper()
	rows, err := h.store.AllCases(t.Context(), "", 1000)
	require.NoError(t, err)
	for _, r := range rows {
		all = append(all, fmt.Sprint(r.ID, r.State, r.Seq))
	}
	people, err := h.store.People(t.Context())
	require.NoError(t, err)
	for _, p := range people {
		all = append(all, fmt.Sprint(p.ID, p.Roles, p.DisabledAt))
	}
	return all
}

func TestTheDoorAnswersAlikeForACaseThatMayNotBeSeenAndForNone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	theirs := h.open(t, letter)
	h.walk(t, theirs, dispatched, accepted)
	inner := h.open(t, strings.Replace(letter, `"customer"`, `"special"`, 1))
	h.walk(t, inner, [3]string{"sue", "restrict", `{"circle":["sue","hal"],"named":["ada"],"reason":"不宜公开"}`}, dispatched, accepted)
	asked := 0
	for who, hidden := range map[string][]string{"iris": {theirs, inner}, "otto": {theirs, inner}, "ada": {inner}, "amy": {inner}} {
		for _, o := range operations(t) {
			if !strings.Contains(o.target, number) {
				continue
			}
			missing := h.by(t, who, o.method, strings.Replace(o.target, number, models.Number(2019, 4711), 1), o.body)
			for _, foreign := range hidden {
				there := h.by(t, who, o.method, strings.Replace(o.target, number, foreign, 1), o.body)
				require.Equal(t, http.StatusNotFound, there.Code, "%s: %s", o.id, there.Body)
				require.Equal(t, missing.problem(t), there.problem(t), "%s by %s", o.id, who)
				require.Equal(t, missing.Header(), there.Header(), o.id)
				for _, secret := range []string{foreign, "hal", "repairs", "漏电"} {
					require.NotContains(t, there.Body.String(), secret, o.id)
				}
				asked++
			}
		}
	}
	require.Greater(t, asked, 300)
}

func TestContactDataIsCorrectedAndTheTimelineSaysSo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	number := h.open(t, letter)
	h.walk(t, number, dispatched, accepted, [3]string{"hal", "amend", `{"contact":{"name":"王小明","phone":"13900139001"},"reason":"记错号码"}`})
	for who, want := range map[string]string{
		"hal": `{"field":"contact.phone","is":"13900139001","was":"13800138000"}`, "quinn": `{"field":"contact.phone","is":"139****9001","was":"138****8000"}`,
	} {
		r := h.by(t, who, http.MethodGet, complaints+"/"+number+"/timeline", "")
		require.Equal(t, http.StatusOK, r.Code, r.Body)
		require.Contains(t, r.Body.String(), want, who)
	}
	r := h.by(t, "hal", http.MethodGet, complaints+"/"+number, "")
	require.Contains(t, r.Body.String(), `"phone":"13900139001"`)
	require.NotContains(t, r.Body.String(), "13800138000")
	r = h.by(t, "ivy", http.MethodGet, "/api/v1/customers?phone=13900139001", "")
	require.Contains(t, r.Body.String(), `"phone":"139****9001"`, "the customer is found by the new number: %s", r.Body)
}
