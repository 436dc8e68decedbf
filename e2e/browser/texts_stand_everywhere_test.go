package browser_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/browser"
	"recourse/models"
)

// What would be more than text, what turns the letters around it, and what has no end. A name holds at
// most 200 characters.
const (
	markup = `=1+1 "><img src=x onerror=alert(1)><script>alert(1)</script>{{.}} ${7*7}' OR 1=1;-- <b>漏`
	turned = "\u202e\u2066abc\u2069 مرحبا שלום 👩‍👩‍👧‍👦 é̴̢ \ufeff\u200b</textarea></select></title> end"
)

var (
	endless  = strings.Repeat("电饭煲的内胆涂层大面积脱落而且客服一直没有给出明确答复", 346)[:3*9000]
	longName = strings.Repeat("无", 60) + strings.Repeat("W", 60) + markup[:60]
)

func TestAWindowHearsOfADialog(t *testing.T) {
	p := open(t)
	w := p.window(t, "", browser.Desk)
	require.NoError(t, w.Go(p.url+"/complain"))
	var none any
	require.NoError(t, w.Ask(`setTimeout(() => alert("heard"), 0), 1`, &none))
	await(t, soon, "the dialog is heard of", func() bool { return slices.Contains(w.Faults(), "alert: heard") })
}

func TestNaughtyTextsAreInertWhereverTheyStand(t *testing.T) {
	p := open(t)
	began := time.Now()
	p.keepNaughtyNames(t)
	made, told := p.naughtyCase(t), p.naughtyResult(t)
	at := func(number, below string) string { return "/cases/" + number + below }
	shown := map[models.Role][]string{
		models.RoleSupervisor: {
			"/queue?who=all&q=" + url.QueryEscape("naughty"), at(made.Number, ""), at(made.Number, "/receipt"), at(made.Number, "/letters/receipt"),
			at(made.Number, "/letters/reply"), at(told.Number, ""), at(told.Number, "/letters/solution"), at(told.Number, "/letters/result"), "/decisions", "/alerts",
		},
		models.RoleAdmin: {
			"/organisation/departments", "/organisation/people", "/organisation/people/naughty", "/organisation/categories", "/organisation/dispatch",
		},
		models.RoleQuality:   {"/callbacks", "/callbacks/" + told.Number},
		models.RoleExecutive: {"/alerts", "/decisions"},
		models.RoleIntake:    {"/intake"},
		models.RoleHandler:   {at(made.Number, ""), "/inbox"},
		"":                   {p.statusLink(made.ID), p.statusLink(told.ID), p.surveyLink(told.ID, 1), "/complain"},
	}
	looked := 0
	for _, as := range slices.Sorted(maps.Keys(shown)) {
		paths := shown[as]
		for _, look := range looks() {
			w := p.sit(t, as, models.LanguageZH, look)
			for _, path := range paths {
				if as != "" {
					if status, _ := p.get(t, as, path); status != http.StatusOK {
						continue // such as a call whose time has not come
					}
				}
				w.at(path)
				w.inert(path)
				violations, err := w.Axe(axe)
				w.must(err)
				require.Empty(t, violations, "%s as %s", path, as)
				looked++
			}
		}
	}
	p.switchOff(t, "naughty")
	require.Greater(t, looked, 90)
	t.Logf("%d looks at pages with naughty texts, in 2 themes and 2 widths, all inert, in %s", looked, time.Since(began).Round(time.Second))
}

// keepNaughtyNames puts people, a department and a category on record that are called so.
func (p *program) keepNaughtyNames(t *testing.T) {
	t.Helper()
	for path, form := range map[string]url.Values{
		"/organisation/departments": {"id": {"naughty"}, "name_zh": {markup}, "name_en": {turned}},
		"/organisation/categories":  {"id": {"naughty"}, "name_zh": {longName}, "name_en": {markup}},
		"/organisation/people":      {"id": {"naughty"}, "name": {turned}, "language": {"en"}, "roles": {"auditor"}},
	} {
		status, body := p.ask(t, models.RoleAdmin, http.MethodPost, path, form)
		require.Equal(t, http.StatusSeeOther, status, "%s: %s", path, faultsIn(body))
	}
}

// switchOff takes the department out of what others choose from.
func (p *program) switchOff(t *testing.T, id string) {
	t.Helper()
	off := url.Values{"id": {id}, "known": {id}, "name_zh": {"x"}, "name_en": {"x"}, "disabled": {"yes"}}
	status, body := p.ask(t, models.RoleAdmin, http.MethodPost, "/organisation/departments", off)
	require.Equal(t, http.StatusSeeOther, status, faultsIn(body))
}

// naughtyCase is a case in which everybody wrote something of the kind: it waits for a decision.
func (p *program) naughtyCase(t *testing.T) (made standing) {
	t.Helper()
	p.call(t, models.RoleIntake, http.MethodPost, "/complaints", map[string]any{
		"channel": "phone", "text": "naughty " + markup + endless, "severity": "urgent", "product": longName, "category": "naughty", "region": turned,
		"contact": map[string]any{"name": longName, "phone": "13800138111", "address": turned},
	}, &made)
	p.handled(t, made.Number)
	for verb, body := range map[models.Verb]map[string]any{
		models.VerbReply:      {"channel": "phone", "text": turned + endless},
		models.VerbNote:       {"text": markup + endless, "audience": "customer"},
		models.VerbMessage:    {"channel": "phone", "text": endless},
		models.VerbGiveTask:   {"department": "naughty", "text": markup + turned, "due": time.Now().Add(72 * time.Hour)},
		models.VerbExtend:     {"until": time.Now().Add(20 * 24 * time.Hour), "reason": turned + markup + endless},
		models.VerbCompensate: {"money": map[string]any{"minor": 9_000_000, "currency": "CNY", "kind": "compensation"}, "reason": markup + endless},
	} {
		p.do(t, models.RoleHandler, made.Number, verb, body)
	}
	status, body := p.ask(t, "", http.MethodPost, p.statusLink(made.ID)+"/message", url.Values{"key": {uuid.NewString()}, "text": {markup + turned + endless}})
	require.Equal(t, http.StatusSeeOther, status, faultsIn(body))
	return made
}

// naughtyResult is one whose customer was told so, and waits for a call.
func (p *program) naughtyResult(t *testing.T) standing {
	t.Helper()
	made := p.complaint(t, models.SeverityGeneral, "naughty "+turned+endless)
	p.handled(t, made.Number)
	for _, step := range []struct {
		verb models.Verb
		body map[string]any
	}{
		{models.VerbPropose, map[string]any{"solution": markup + endless, "measures": []map[string]any{{"text": turned + endless, "owner": p.people[models.RoleHandler].id, "due": time.Now().Add(24 * time.Hour)}}}},
		{models.VerbTellSolution, map[string]any{"channel": "phone", "text": turned + endless}},
		{models.VerbResolve, map[string]any{"measures_done": true, "outcome": "upheld", "result": markup + endless}},
		{models.VerbTellResult, map[string]any{"channel": "phone", "done": true, "effect": true, "follow_up": true, "thanks": true, "text": markup + turned + endless}},
	} {
		p.do(t, models.RoleHandler, made.Number, step.verb, step.body)
	}
	return made
}
