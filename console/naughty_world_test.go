package console_test

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/endpoints"
	"recourse/internal/report"
	"recourse/models"
)

// world is a record in which every form of the console stands on some page. It is made once, and copied
// for whoever changes something.
type world struct {
	file, folder string // the record, and its files
	at           time.Time
	numbers      []string // of all cases, the earliest first
	tokens       []string // of their customers
	surveys      []string
	alerts       []string // tokens of the links in messages about them
	reports      []string // ids: one, and its twin
	adjustments  []string // ids: one to start, one to take back
	endpoints    []string // ids: a webhook, a robot, a gateway
	signals      []string // ids: of a product, a category and a cause
	passwords    map[string]string
}

// newWorld makes it.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{file: filepath.Join(t.TempDir(), "world.db"), folder: t.TempDir(), passwords: map[string]string{}}
	d := deskOver(t, w.file, w.folder)
	d.people(t)
	w.ended(t, d)
	w.underWay(t, d)
	w.surveys = append(w.surveys, d.offered(t, d.resulted(t), 365*24*time.Hour))
	w.waiting(t, d)
	w.adjusted(t, d)
	w.reported(t, d)
	d.swapped(t)
	d.worded(t)
	w.connected(t, d)
	for _, s := range d.signalled(t) {
		w.signals = append(w.signals, s.ID)
	}
	for _, id := range []string{"admin", "supervisor", "clerk", "handler"} {
		secret, err := d.ResetPassword(t.Context(), d.call(t, "admin"), id)
		require.NoError(t, err)
		w.passwords[id] = secret
	}
	d.as(t, "admin") // elsewhere, to be ended
	w.numbers, w.at = d.numbers(t), d.now()
	slices.Sort(w.numbers)
	for _, number := range w.numbers {
		w.tokens = append(w.tokens, d.vault.LinkToken(models.StatusLink(d.row(t, number).ID)...))
	}
	require.NoError(t, d.store.Close())
	return w
}

// people are those of every desk, a clerk of sales, and what an admin looks after.
func (d *desk) people(t *testing.T) {
	t.Helper()
	require.NoError(t, d.store.Migrate(t.Context()))
	d.company(t)
	require.NoError(t, d.store.PutPerson(t.Context(), models.Person{
		ID: "clerk", Name: "Name of clerk", Language: models.LanguageEN, Roles: []models.Role{models.RoleIntake}, Departments: []string{"sales"}, CreatedAt: noon,
	}))
	admin := d.call(t, "admin").Actor
	require.NoError(t, d.PutCategory(t.Context(), admin, models.Category{ID: "leak", NameZH: "漏水", NameEN: "Leak"}))
	require.NoError(t, d.PutTeam(t.Context(), admin, models.Team{ID: "north", Department: "sales", NameZH: "北方组", NameEN: "North"}))
	require.NoError(t, d.PutAbsences(t.Context(), admin, "handler", []models.Absence{{FromAt: noon.Add(20000 * time.Hour), UntilAt: noon.Add(30000 * time.Hour), Reason: "away"}}))
	_, err := d.NewToken(t.Context(), d.call(t, "admin"), "handler", 300*24*time.Hour)
	require.NoError(t, err)
}

// ended are cases that are over. The first case of all is there to be named by others.
func (w *world) ended(t *testing.T, d *desk) {
	t.Helper()
	first := d.dispatched(t, told("The first one leaks."))
	closed := d.resulted(t)
	d.act(t, "supervisor", closed, cases.Wish{Verb: models.VerbClose, Data: models.Closed{}, Words: map[string]string{models.TextReason: "they are content"}})
	merged := d.open(t, told("It leaks as the first one does."))
	d.act(t, "supervisor", merged, cases.Wish{Verb: models.VerbMerge, Data: models.Merged{Into: models.Other{Number: first}}, Words: map[string]string{models.TextReason: "the same"}})
}

// underWay are cases in every state on the way, and what is given and asked there.
func (w *world) underWay(t *testing.T, d *desk) {
	t.Helper()
	day := func(n int) time.Time { return d.now().AddDate(0, 0, n) }
	received := d.open(t, told("The kettle leaks."))
	sent := d.open(t, told("The kettle hisses."))
	d.act(t, "supervisor", sent, dispatchTo("sales", models.SeverityUrgent))
	d.act(t, "supervisor", d.open(t, told("The kettle rattles.")), dispatchTo("works", models.SeverityGeneral))
	tasked := d.dispatched(t, told("The kettle hums."))
	d.act(t, "handler", tasked, cases.Wish{Verb: models.VerbGiveTask, Data: models.TaskGiven{Department: "works", Due: day(3)}, Words: map[string]string{models.TextText: "weigh it"}})
	paused := d.dispatched(t, told("The kettle whistles."))
	d.act(t, "handler", paused, cases.Wish{Verb: models.VerbPause, Data: models.Paused{Reason: models.PauseOutside, Until: day(3)}, Words: map[string]string{models.TextReason: "they travel"}})
	watched := d.dispatched(t, told("The kettle sings."))
	d.act(t, "supervisor", watched, cases.Wish{Verb: models.VerbSupervise, Data: models.Supervised{ReportDue: day(3)}, Words: map[string]string{models.TextReason: "the press asks"}})
	d.proposed(t)
	d.asked(t)
	for _, far := range []int{1, 2, 3, 4} {
		w.lead(t, d, received, far)
	}
}

// lead takes the head of a group so far: its solution ready, told, resolved, its result told.
func (w *world) lead(t *testing.T, d *desk, member string, far int) {
	t.Helper()
	number := d.dispatched(t, told("All kettles leak."))
	d.act(t, "supervisor", number, cases.Wish{Verb: models.VerbLink, Data: models.Linked{Other: models.Other{Number: member}, Relation: models.RelationMember}})
	say := func(name string) map[string]string {
		return map[string]string{name: "a new kettle", "measure.0": "send it"}
	}
	steps := []cases.Wish{
		{Verb: models.VerbPropose, Words: say("solution"), Data: models.Proposed{Measures: []models.Measure{{Owner: "handler", Due: d.now().Add(24 * time.Hour)}}}},
		{Verb: models.VerbTellSolution, Words: map[string]string{models.TextText: "a new kettle"}, Data: models.SolutionTold{Channel: models.ChannelPhone}},
		{Verb: models.VerbResolve, Words: map[string]string{models.TextResult: "sent"}, Data: models.Resolved{MeasuresDone: true, Outcome: models.OutcomeUpheld}},
		{Verb: models.VerbTellResult, Words: map[string]string{models.TextText: "done"}, Data: models.ResultTold{Channel: models.ChannelPhone, Done: true, Effect: true, FollowUp: true, Thanks: true}},
	}
	for _, step := range steps[:far] {
		d.act(t, "handler", number, step)
	}
}

// reported are a report and its twin.
func (w *world) reported(t *testing.T, d *desk) {
	t.Helper()
	by := d.call(t, "supervisor").Actor
	first, _, err := d.reports.MakeOf(t.Context(), by, report.StepMonth, "2026-02-10")
	require.NoError(t, err)
	twin, _, err := d.reports.Restate(t.Context(), by, first.ID, "late cases", "k")
	require.NoError(t, err)
	w.reports = []string{first.ID, twin.ID}
}

// adjusted are an adjustment that can be started, and one that can be taken back.
func (w *world) adjusted(t *testing.T, d *desk) {
	t.Helper()
	for _, starts := range []bool{false, true} {
		call := d.call(t, "supervisor")
		a, err := d.PreviewAdjustment(t.Context(), call, cases.AdjustmentWish{
			Kind: models.AdjustLater, Later: "1d", Clocks: []models.Clock{models.ClockHandling}, Reason: "typhoon day",
		})
		require.NoError(t, err)
		if w.adjustments = append(w.adjustments, a.ID); !starts {
			continue
		}
		_, err = d.StartAdjustment(t.Context(), call.Actor, a.ID)
		require.NoError(t, err)
		d.carryOut(t, "/organisation/adjustments/"+a.ID, false)
	}
}

// connected are endpoints of each sort, one with a message that can be sent again.
func (w *world) connected(t *testing.T, d *desk) {
	t.Helper()
	for _, wish := range []cases.EndpointWish{
		{Channel: models.MessageWebhook, Secret: endpoints.Secret(make([]byte, 32))},
		{Channel: models.MessageFeishu, Secret: "signs"},
		{Channel: models.MessageSMS, Secret: endpoints.Secret(make([]byte, 32))},
	} {
		w.endpoints = append(w.endpoints, d.endpoint(t, wish))
	}
	number := d.open(t, told("It drips."))
	require.NoError(t, d.store.PutMessages(t.Context(), []models.Message{
		{ID: "m-1", CaseID: d.row(t, number).ID, Seq: 1, Template: "alert", Channel: models.MessageFeishu, Endpoint: w.endpoints[1], Language: models.LanguageEN, State: models.MessageFailed, NextAt: noon, CreatedAt: noon},
	}))
	require.NoError(t, d.store.PutDelivery(t.Context(), models.Delivery{
		MessageID: "m-1", At: noon, EndpointID: w.endpoints[1], Attempt: 14, Status: 502, Answer: "<b>bad gateway</b>", Outcome: models.MessageFailed,
	}))
}

// swapped is a duty roster in which somebody stands in for somebody else.
func (d *desk) swapped(t *testing.T) {
	t.Helper()
	d.join(t, "second-executive", models.RoleExecutive, "")
	_, err := d.PutRoster(t.Context(), d.call(t, "admin").Actor, cases.RosterWish{
		Role: models.RoleExecutive, Reason: "nights", Roster: cases.DutyRoster{
			Zone: "UTC", Start: "2026-03-16", HandOver: "09:00", TurnDays: 7, People: []string{"executive", "second-executive"},
			Swaps: []cases.DutySwap{{Person: "executive", From: noon.AddDate(0, 0, 8), Until: noon.AddDate(0, 0, 9)}},
		},
	})
	require.NoError(t, err)
}

// worded is a message that has words of the company's own.
func (d *desk) worded(t *testing.T) {
	t.Helper()
	_, err := d.PublishTemplate(t.Context(), d.call(t, "admin").Actor, cases.TemplateWish{
		TemplateKey: cases.TemplateKey{Name: "reply", Language: models.LanguageEN, Medium: models.MediumMail}, Reason: "shorter",
		Words: cases.TemplateDraft{Subject: "{{.Number}}", Body: "{{.Text}}\n{{.StatusURL}}"},
	})
	require.NoError(t, err)
}

// waiting is what waits for somebody: a call, an alert, a message that was given up.
func (w *world) waiting(t *testing.T, d *desk) {
	t.Helper()
	d.followedUp(t, "")
	number := d.urgent(t)
	w.alerts = append(w.alerts, d.alertLink(t, number, "department_head"))
	row := d.row(t, number)
	require.NoError(t, d.store.PutMessages(t.Context(), []models.Message{{
		ID: "m-1", CaseID: row.ID, Seq: 1, Template: "receipt", Channel: models.MessageEmail, State: models.MessageFailed, CreatedAt: d.now(), NextAt: d.now(), KeyID: row.KeyID,
	}}))
}

// fresh moves a desk into a copy of the world; without a desk, a new one. Its record is its own.
func (w *world) fresh(tb testing.TB, d *desk) *desk {
	tb.Helper()
	file := filepath.Join(w.folder, uuid.NewString()+".db")
	content, err := os.ReadFile(w.file)
	require.NoError(tb, err)
	require.NoError(tb, os.WriteFile(file, content, 0o600))
	if d == nil {
		d = deskOver(tb, file, w.folder)
		d.at = w.at
		return d
	}
	before := d.file
	d.move(tb, file)
	d.at = w.at
	require.NoError(tb, os.Remove(before))
	return d
}

// peopled are all who look at pages there; "" is the customer.
func (w *world) peopled() []string {
	people := []string{"", "admin", "supervisor", "clerk", "works-handler"}
	for _, role := range models.Roles() {
		if role != models.RoleAdmin && role != models.RoleSupervisor {
			people = append(people, string(role))
		}
	}
	return people
}

// refusedSettling is what a clerk sends who settles a complaint at once for a department that there is not.
var refusedSettling = url.Values{
	"channel": {"phone"}, "severity": {"general"}, "text": {"It leaks."}, "contact.phone": {"13800138000"}, "language": {"en"}, "zone": {"UTC"},
	"settle": {"yes"}, "settle.text": {"told"}, "settle.result": {"sent"}, "settle.outcome": {"upheld"}, "settle.department": {"nowhere"},
}

// visits lists what is asked for of an address of the console: with values of the world for its own.
func (w *world) visits(pattern string) []string {
	if pattern == "/live" || pattern == "/static/{address...}" || pattern == "/reports/{id}/pdf" { // no pages
		return nil
	}
	paths, ids := []string{strings.TrimSuffix(pattern, "{$}")}, []string{"handler"}
	if strings.HasPrefix(pattern, "/organisation/adjustments/") {
		ids = w.adjustments
	}
	if strings.HasPrefix(pattern, "/reports/") {
		ids = w.reports
	}
	if strings.HasPrefix(pattern, "/organisation/endpoints/") {
		ids = w.endpoints
	}
	if strings.HasPrefix(pattern, "/signals/") {
		ids = w.signals
	}
	for name, values := range map[string][]string{
		"{number}": w.numbers[1:], "{token}": slices.Concat(w.tokens, w.surveys, w.alerts), "{kind}": {"receipt"}, "{name}": {"reply"}, "{id}": ids,
		"{kpi}": {"csat", "received", "resolution_time"}, "{table}": {"summary"},
	} {
		var all []string
		for _, path := range paths {
			for _, value := range values {
				all = append(all, strings.Replace(path, name, value, 1))
			}
		}
		slices.Sort(all)
		paths = slices.Compact(all)
	}
	return paths
}
