package api_test

import (
	"context"
	"time"

	"recourse/api"
	"recourse/internal/cases"
	"recourse/internal/figures"
	"recourse/internal/kpi"
	"recourse/internal/policy"
	"recourse/models"
)

// neighbour stands in for internal/cases: it remembers what it was asked and answers with one case.
type neighbour struct {
	refuse   error // what everything is answered with, unless nil
	panics   bool
	slow     bool // waits until the request's time is over
	health   cases.Health
	replay   bool
	language models.Language // of the case

	waits <-chan struct{} // downloads wait for it, after they came
	came  chan struct{}

	call   cases.Call
	opened cases.NewComplaint
	wish   cases.Wish
	number string
	query  cases.Query
	said   string
	verb   models.Verb
	scores models.Scores
	put    any
	upload cases.Upload
	letter cases.LetterKind
	asked  any // what was looked for
}

var _ api.Cases = (*neighbour)(nil)

var (
	noon   = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	number = models.Number(2026, 1)
)

const (
	token    = "rc_supervisor"
	zhToken  = "rc_zhuguan"
	customer = "c3VwZXJzZWNyZXR0b2tlbg"
)

func (n *neighbour) answer(ctx context.Context) error {
	if n.panics {
		panic("the neighbour fell over")
	}
	if n.slow {
		<-ctx.Done()
		return ctx.Err()
	}
	return n.refuse
}

func (n *neighbour) Authenticate(_ context.Context, secret string) (models.Person, error) {
	p := models.Person{ID: "p-1", Name: "Su Pervisor", Language: models.LanguageEN, Roles: []models.Role{models.RoleSupervisor}}
	switch secret {
	case token:
		return p, nil
	case zhToken:
		p.Language = models.LanguageZH
		return p, nil
	}
	return models.Person{}, models.Refuse(models.CodeUnauthorized, "this token is not known, or no longer")
}

func (n *neighbour) Open(ctx context.Context, call cases.Call, c cases.NewComplaint) (cases.Accepted, error) {
	n.call, n.opened = call, c
	return cases.Accepted{
		ID: "0199", Number: number, WorkflowID: "complaint/0199", Orchestration: cases.OrchestrationStarted,
		StatusToken: customer, ReceivedAt: noon, RecordedAt: noon, ResponseDue: noon.AddDate(0, 0, 1),
		ResponseBy: noon.AddDate(0, 0, 1), FeedbackDue: noon.AddDate(0, 0, 2), HandlingDue: noon.AddDate(0, 0, 7), Replayed: n.replay,
	}, n.answer(ctx)
}

func (n *neighbour) done() cases.Done {
	return cases.Done{Number: number, Seq: 7, State: models.StateDispatched, Recorded: true, Possible: []models.Verb{models.VerbAccept}, Replayed: n.replay}
}

func (n *neighbour) Do(ctx context.Context, call cases.Call, number string, w cases.Wish) (cases.Done, error) {
	n.call, n.number, n.wish = call, number, w
	return n.done(), n.answer(ctx)
}

func row() models.Case {
	return models.Case{
		ID: "0199", Number: number, Seq: 7, State: models.StateInvestigating, Severity: models.SeverityUrgent,
		Nature: models.NatureCustomer, Channel: models.ChannelPhone, Language: models.LanguageZH, Policy: "default-1", Cycle: 1,
		ReceivedAt: noon, RecordedAt: noon, ResponseLimitAt: noon.AddDate(0, 0, 1), FeedbackLimitAt: noon.AddDate(0, 0, 2),
		HandlingDueAt: noon.AddDate(0, 0, 3), FirstReplyAt: &noon, Snapshot: []byte("{}"),
	}
}

func (n *neighbour) Case(ctx context.Context, _ models.Actor, number string) (cases.View, error) {
	n.number = number
	return cases.View{
		Case: row(), Sight: models.SightFull, Text: "跳闸", Contact: &models.Contact{Name: "王小明", Second: &models.SecondContact{Phone: "1"}},
		Possible: []models.Verb{models.VerbPropose},
		Requests: []cases.RequestView{{Seq: 5, What: models.RequestArchiveEarly, Asker: "p-2", Decider: models.RoleSupervisor}},
	}, n.answer(ctx)
}

func (n *neighbour) List(ctx context.Context, _ models.Actor, q cases.Query) (cases.Page[models.Case], error) {
	n.query = q
	return cases.Page[models.Case]{Items: []models.Case{row()}, Next: "bmV4dA"}, n.answer(ctx)
}

func (n *neighbour) Timeline(ctx context.Context, _ models.Actor, _ string) ([]cases.Moment, error) {
	e := models.Event{
		ID: "e-1", Case: "0199", Seq: 1, Cycle: 1, Kind: models.KindDecided, Version: 1, Actor: models.TheCustomer(),
		DecidedAt: noon, HappenedAt: noon, Data: models.Decided{Request: 9007199254740993, What: models.RequestArchiveEarly},
	}
	return []cases.Moment{{Event: e, Words: map[string]string{"reason": "因为"}, Hash: []byte{1, 2}}}, n.answer(ctx)
}

func (n *neighbour) Clocks(ctx context.Context, _ models.Actor, _ string) ([]cases.ClockView, error) {
	down := []models.Outage{{Part: models.PartWorker, From: noon, Until: noon.Add(time.Hour)}}
	view := cases.ClockView{
		ClockSpan: models.ClockSpan{Clock: models.ClockTotal, StartedAt: noon}, Run: "1/total/1", Cycle: 1, AsOf: noon.Add(90 * time.Second),
		Segments: []cases.Segment{
			{Kind: "running", From: noon, Until: noon.Add(time.Minute), Seq: 1, Actor: models.System(), Policy: "policy-3", Calendar: "working"},
			{Kind: "paused", From: noon.Add(time.Minute), Until: noon.Add(80 * time.Second), Seq: 2, Actor: models.Actor{Kind: models.ActorPerson, ID: "p-1"}, Reason: models.PauseOutside, Policy: "policy-3"},
			{Kind: "holiday", From: noon.Add(80 * time.Second), Until: noon.Add(90 * time.Second), Seq: 3, Actor: models.TheCustomer(), Policy: "policy-3", Calendar: "working", NameEN: "National Day", NameZH: "国庆节"},
		},
		Breaches: []cases.LedgerBreach{{Bound: models.BoundLimit, Seq: 4, DueAt: noon, NoticedAt: noon.Add(time.Hour), Cause: "outage", Outages: down}},
		Outages:  down,
	}
	view.Sums.Gross, view.Sums.Net, view.Sums.Paused, view.Sums.Holiday = 90*time.Second, time.Minute, 20*time.Second, 10*time.Second
	return []cases.ClockView{view}, n.answer(ctx)
}

func (n *neighbour) WorkOrder(ctx context.Context, _ models.Actor, _ string) (cases.WorkOrder, error) {
	return cases.WorkOrder{Case: row(), Event: models.Event{DecidedAt: noon, Data: models.Dispatched{Person: "p-3"}}, Objective: "修好"}, n.answer(ctx)
}

func (n *neighbour) Upload(ctx context.Context, call cases.Call, u cases.Upload) (cases.Uploaded, error) {
	n.call, n.upload = call, u
	return cases.Uploaded{ID: "a-1", Name: u.Name, MediaType: "image/png", Size: int64(len(u.Content)), Replayed: n.replay}, n.answer(ctx)
}

func (n *neighbour) Attachments(ctx context.Context, _ models.Actor, number string) ([]cases.AttachmentView, error) {
	n.number = number
	return []cases.AttachmentView{{ID: "a-1", Name: "漏水.png", MediaType: "image/png", Size: 3, Seq: 1, By: models.TheCustomer(), At: noon}}, n.answer(ctx)
}

func (n *neighbour) Attachment(ctx context.Context, _ models.Actor, number, id string) (cases.AttachmentView, []byte, error) {
	if n.waits != nil {
		n.came <- struct{}{}
		<-n.waits
	} else {
		n.number = number + " " + id
	}
	return cases.AttachmentView{ID: id, Name: "漏水 \"1\";.png", MediaType: "image/png"}, []byte("png"), n.answer(ctx)
}

func (n *neighbour) Letter(ctx context.Context, _ models.Actor, number string, kind cases.LetterKind) (cases.Letter, error) {
	n.number, n.letter = number, kind
	return cases.Letter{
		Kind: kind, Company: "示例 <公司>", Zone: time.FixedZone("CST", 8*3600), Language: n.language, Number: number, At: noon.Add(10 * time.Hour),
		Name: "王小明", Address: "南京路 1 号", Text: "<b>跳闸</b>\n第二行", ResponseDue: noon.AddDate(0, 0, 1), FeedbackDue: noon.AddDate(0, 0, 2),
	}, n.answer(ctx)
}

func (n *neighbour) Alerts(ctx context.Context, _ models.Actor, _ cases.AlertQuery) (cases.Page[cases.AlertView], error) {
	a := models.Alert{ID: "a-1", Clock: models.ClockFeedback, Bound: models.BoundLimit, Roles: []models.Role{models.RoleExecutive}, Severity: models.SeverityUrgent, DueAt: noon, FiredAt: noon}
	return cases.Page[cases.AlertView]{Items: []cases.AlertView{{Alert: a, Number: number}}}, n.answer(ctx)
}

func (n *neighbour) Acknowledge(ctx context.Context, call cases.Call, id string) (cases.Done, error) {
	n.call, n.number = call, id
	return n.done(), n.answer(ctx)
}

func (n *neighbour) Snooze(ctx context.Context, call cases.Call, id string, _ time.Time, _ string) (cases.Done, error) {
	n.call, n.number = call, id
	return n.done(), n.answer(ctx)
}

func (n *neighbour) HandOver(ctx context.Context, call cases.Call, id, _, _ string) (cases.Done, error) {
	n.call, n.number = call, id
	return n.done(), n.answer(ctx)
}

func (n *neighbour) Ahead(ctx context.Context, _ models.Actor, _ int) (cases.Ahead, error) {
	due := []cases.DueCount{{Clock: models.ClockFeedback, Severity: models.SeverityUrgent, Bound: models.BoundTarget, Count: 2}}
	return cases.Ahead{From: noon, Until: noon.Add(time.Hour), Hours: []cases.DueHour{{From: noon, Total: 2, Due: due}, {From: noon}}}, n.answer(ctx)
}

func (n *neighbour) roster() cases.Roster {
	return cases.Roster{
		Role: models.RoleExecutive, Version: 2, CreatedAt: noon, Now: cases.OnDuty{Role: models.RoleExecutive, At: noon, Person: "p-1", Until: noon.AddDate(0, 0, 7), Told: "p-2"},
		Roster: cases.DutyRoster{Zone: "Asia/Shanghai", Start: "2026-11-23", HandOver: "09:00", TurnDays: 7, People: []string{"p-1"}},
	}
}

func (n *neighbour) Rosters(ctx context.Context) ([]cases.Roster, error) {
	return []cases.Roster{n.roster()}, n.answer(ctx)
}

func (n *neighbour) PutRoster(ctx context.Context, _ models.Actor, _ cases.RosterWish) (cases.Roster, error) {
	return n.roster(), n.answer(ctx)
}

func (n *neighbour) OnDuty(ctx context.Context, _ models.Role, _ string, _ time.Time) (cases.OnDuty, error) {
	return n.roster().Now, n.answer(ctx)
}

func (n *neighbour) Outbox(ctx context.Context, _ models.Actor, _ cases.OutboxQuery) (cases.Page[cases.OutboxMessage], error) {
	return cases.Page[cases.OutboxMessage]{Items: []cases.OutboxMessage{{
		Message: models.Message{
			ID: "m-1", Template: "alert", Channel: models.MessageFeishu, Endpoint: "e-1", State: models.MessagePending, Attempts: 2, CreatedAt: noon, NextAt: noon,
		},
		Number: number, Last: &models.Delivery{MessageID: "m-1", EndpointID: "e-1", Attempt: 2, At: noon, Status: 200, Code: "11232", Outcome: models.MessagePending},
	}}}, n.answer(ctx)
}

func (n *neighbour) Inbox(ctx context.Context, _ models.Actor, _ string, _ int) (cases.Page[cases.Notice], error) {
	return cases.Page[cases.Notice]{Items: []cases.Notice{{Message: models.Message{ID: "m-1", Template: "alert", CreatedAt: noon}, Number: number, Subject: "提醒", Text: "请处理"}}}, n.answer(ctx)
}

// Table has one case in it.
func (n *neighbour) Table(ctx context.Context) (*kpi.Table, error) {
	t := kpi.NewTable()
	c := row()
	c.ReceivedAt = noon.Add(-time.Hour)
	t.Put(kpi.Record{Case: c})
	return t, n.answer(ctx)
}

func (n *neighbour) Query(a models.Actor, ask figures.Ask) (kpi.Query, error) {
	return (&figures.Service{Now: func() time.Time { return noon }, Zone: time.UTC}).Query(a, ask)
}

// FiguresOf, Entries and Survivors are the record as extracts read it.
func (n *neighbour) FiguresOf(ctx context.Context, _ []string) ([]models.FigureRow, error) {
	return []models.FigureRow{{Case: row()}}, n.answer(ctx)
}

func (n *neighbour) Entries(ctx context.Context, _ string, _ int64, _ int) ([]models.Entry, error) {
	return nil, n.answer(ctx)
}

func (n *neighbour) Volumes(ctx context.Context) ([]models.Volume, error) {
	return nil, n.answer(ctx)
}

func (n *neighbour) Survivors(ctx context.Context) (map[string]string, error) {
	return nil, n.answer(ctx)
}

func (n *neighbour) Departments(ctx context.Context) ([]models.Department, error) {
	return []models.Department{{ID: "d-1", NameZH: "售后", NameEN: "After-sales", DisabledAt: &noon}}, n.answer(ctx)
}

func (n *neighbour) PutDepartment(ctx context.Context, _ models.Actor, d models.Department) error {
	n.put = d
	return n.answer(ctx)
}

func (n *neighbour) People(ctx context.Context, _ models.Actor) ([]models.Person, error) {
	return []models.Person{{ID: "p-1", Name: "Su", Roles: []models.Role{models.RoleHandler}}}, n.answer(ctx)
}

func (n *neighbour) PutPerson(ctx context.Context, _ models.Actor, p models.Person) error {
	n.put = p
	return n.answer(ctx)
}

func (n *neighbour) Categories(ctx context.Context) ([]models.Category, error) {
	return []models.Category{
		{ID: "k-1", NameZH: "质量", NameEN: "Quality"},
		{ID: "k-2", Parent: "k-1", NameZH: "噪声", NameEN: "Noise"},
		{ID: "k-3", Parent: "gone", NameZH: "其他", NameEN: "Other"},
	}, n.answer(ctx)
}

func (n *neighbour) PutCategory(ctx context.Context, _ models.Actor, c models.Category) error {
	n.put = c
	return n.answer(ctx)
}

func (n *neighbour) Subscriptions(ctx context.Context, a models.Actor) ([]models.Subscription, error) {
	return []models.Subscription{{PersonID: a.ID, Topic: models.TopicReport, CreatedAt: noon}}, n.answer(ctx)
}

func (n *neighbour) Subscribe(ctx context.Context, _ models.Actor, topic models.Topic, wants bool) error {
	n.asked, n.put = topic, wants
	return n.answer(ctx)
}

func (n *neighbour) Teams(ctx context.Context) ([]models.Team, error) {
	return []models.Team{{ID: "t-1", Department: "d-1", NameZH: "北", NameEN: "North"}}, n.answer(ctx)
}

func (n *neighbour) PutTeam(ctx context.Context, _ models.Actor, t models.Team) error {
	n.put = t
	return n.answer(ctx)
}

func (n *neighbour) Absences(ctx context.Context, _ models.Actor, person string) ([]models.Absence, error) {
	return []models.Absence{{PersonID: person, FromAt: noon, UntilAt: noon.Add(time.Hour), Reason: "R"}}, n.answer(ctx)
}

func (n *neighbour) PutAbsences(ctx context.Context, _ models.Actor, person string, absences []models.Absence) error {
	n.number, n.put = person, absences
	return n.answer(ctx)
}

func (n *neighbour) Leave(ctx context.Context, call cases.Call, person, successor string) (cases.Left, error) {
	n.call, n.number = call, person
	return cases.Left{Person: person, Successor: successor, Cases: []string{number}, Replayed: n.replay}, n.answer(ctx)
}

func (n *neighbour) Gaps(ctx context.Context, _ models.Actor) ([]models.Gap, error) {
	return []models.Gap{{Kind: models.GapRoleWithoutPerson, ID: "executive"}}, n.answer(ctx)
}

func (n *neighbour) DispatchTable(ctx context.Context) (cases.DispatchTable, error) {
	return cases.DispatchTable{
		Version: 3, Document: []byte(`{"rules":[{"name":"N","department":"d-1"}]}`), Author: "p-1", Reason: "R", CreatedAt: noon,
		Warnings: []cases.Fault{{Pointer: "/table/rules/0", Says: "because"}},
	}, n.answer(ctx)
}

func (n *neighbour) DispatchTables(ctx context.Context, cursor string, _ int) (cases.Page[cases.DispatchTable], error) {
	v, err := n.DispatchTable(ctx)
	v.Reason += cursor
	return cases.Page[cases.DispatchTable]{Items: []cases.DispatchTable{v}, Next: "next"}, err
}

func (n *neighbour) PutDispatchTable(ctx context.Context, _ models.Actor, w cases.TableWish) (cases.DispatchTable, error) {
	n.put = w
	return cases.DispatchTable{Version: 4, Document: w.Document, Author: "p-1", Reason: w.Reason, CreatedAt: noon}, n.answer(ctx)
}

func policyThree() cases.Policy {
	return cases.Policy{
		Version: "policy-3", Document: "clocks: {}", Author: "p-1", Reason: "R", EffectiveAt: noon, CreatedAt: noon, InForce: true,
		Warnings: []cases.Fault{{Pointer: "/document/calendars/working", Says: "because"}},
	}
}

func (n *neighbour) Policies(ctx context.Context) ([]cases.Policy, error) {
	return []cases.Policy{policyThree(), {Version: "default-1"}}, n.answer(ctx)
}

func (n *neighbour) Policy(ctx context.Context, version string) (cases.Policy, error) {
	n.number = version
	return policyThree(), n.answer(ctx)
}

func (n *neighbour) TryPolicy(ctx context.Context, document []byte) (cases.PolicyTrial, error) {
	n.put = string(document)
	return cases.PolicyTrial{
		Faults: []cases.Fault{{Pointer: "/document/clocks", Says: "because"}}, Against: "default-1",
		Changes: []policy.Change{{Path: "/callback/attempts", Was: "3", Is: "4"}},
	}, n.answer(ctx)
}

func (n *neighbour) ImportDays(ctx context.Context, l cases.DayList) (cases.DaysAdded, error) {
	n.put = l
	return cases.DaysAdded{
		Entries: []cases.DayEntry{{From: "2026-12-24", Until: "2026-12-24", Kind: "closed", Hours: "14:00-16:00", Name: "drill"}},
		Known:   1, Fragment: "closures: {}", Document: "clocks: {}",
	}, n.answer(ctx)
}

func (n *neighbour) PublishPolicy(ctx context.Context, _ models.Actor, w cases.PolicyWish) (cases.Policy, error) {
	n.put = w
	return policyThree(), n.answer(ctx)
}

func template() cases.Template {
	return cases.Template{
		TemplateKey: cases.TemplateKey{Name: "receipt", Language: models.LanguageEN, Medium: models.MediumSMS},
		Words:       cases.TemplateDraft{Subject: "{{.Number}}", Body: "{{.StatusURL}}"}, Version: 2, Author: "p-1", Reason: "R", CreatedAt: noon,
	}
}

func templateView() cases.TemplateView {
	return cases.TemplateView{
		Template: template(), Must: []string{"Number"}, Either: []string{"AckBy"}, May: []string{"Number", "AckBy"},
		Versions: []cases.TemplateVersion{{Template: template()}},
	}
}

func (n *neighbour) Templates(ctx context.Context) ([]cases.Template, error) {
	return []cases.Template{template(), {TemplateKey: template().TemplateKey, Own: true}}, n.answer(ctx)
}

func (n *neighbour) Template(ctx context.Context, k cases.TemplateKey) (cases.TemplateView, error) {
	n.put = k
	return templateView(), n.answer(ctx)
}

func (n *neighbour) TryTemplate(ctx context.Context, _ cases.TemplateKey, words cases.TemplateDraft) (cases.TemplateTrial, error) {
	n.put = words
	return cases.TemplateTrial{
		Faults: []cases.Fault{{Pointer: "/body", Says: "because", Line: 3}}, Warnings: []cases.Fault{{Pointer: "/body", Says: "long"}},
		Readings: []cases.TemplateReading{{Sample: "usual", Subject: "S", Body: "B"}},
	}, n.answer(ctx)
}

func (n *neighbour) PublishTemplate(ctx context.Context, _ models.Actor, w cases.TemplateWish) (cases.TemplateView, error) {
	n.put = w
	return templateView(), n.answer(ctx)
}

func adjustment() cases.Adjustment {
	return cases.Adjustment{
		Adjustment: models.Adjustment{
			ID: "x-1", Kind: models.AdjustLater, State: models.AdjustmentRunning, Policy: "policy-3", Grace: time.Hour, Later: 24 * time.Hour, Calendar: "working",
			Clocks: []string{"handling"}, Until: &noon, Tell: true, Filter: models.AdjustmentFilter{Channels: []string{"phone"}}, Reason: "R", Author: "p-1",
			NotBefore: &noon, CreatedAt: noon, StartedBy: "p-1", StartedAt: &noon, DoneAt: &noon, UndoneBy: "p-2", UndoneAt: &noon,
		},
		Cases: 3, Earlier: 1, LaterBy: 2, AtOnce: 1, By: map[models.AdjustedState]int{models.AdjustedPlanned: 2, models.AdjustedDone: 1},
	}
}

func (n *neighbour) Adjustments(ctx context.Context, _ models.Actor) ([]cases.Adjustment, error) {
	return []cases.Adjustment{adjustment()}, n.answer(ctx)
}

func (n *neighbour) Adjustment(ctx context.Context, _ models.Actor, id string) (cases.Adjustment, error) {
	n.number = id
	return adjustment(), n.answer(ctx)
}

func (n *neighbour) AdjustedCases(ctx context.Context, _ models.Actor, id, _ string, _ int, _ models.AdjustedState) (cases.Page[models.AdjustedCase], error) {
	n.number = id
	moves := []models.BoundMove{{Run: "1/handling/1", Clock: models.ClockHandling, Bound: models.BoundLimit, From: noon, To: noon}}
	return cases.Page[models.AdjustedCase]{Next: "c-1", Items: []models.AdjustedCase{
		{CaseID: "c-1", Number: number, State: models.AdjustedDone, Planned: moves, Moved: moves, AtOnce: true, Why: "because", At: &noon}, {State: models.AdjustedPlanned},
	}}, n.answer(ctx)
}

func (n *neighbour) PreviewAdjustment(ctx context.Context, _ cases.Call, w cases.AdjustmentWish) (cases.Adjustment, error) {
	n.put = w
	return adjustment(), n.answer(ctx)
}

func (n *neighbour) StartAdjustment(ctx context.Context, _ models.Actor, id string) (cases.Adjustment, error) {
	n.number = id
	return adjustment(), n.answer(ctx)
}

func (n *neighbour) UndoAdjustment(ctx context.Context, _ models.Actor, id string) (cases.Adjustment, error) {
	n.number = id
	return adjustment(), n.answer(ctx)
}

func endpoint() cases.Endpoint {
	return cases.Endpoint{
		ID: "x-1", Name: "N", Channel: models.MessageWebhook, Shown: "hooks.example.com …3f9a", Signed: true, Department: "d-1", Language: models.LanguageEN,
		Severities: []models.Severity{models.SeverityUrgent}, PerMinute: 7, Confidential: true, DisabledAt: &noon, CreatedAt: noon, CreatedBy: "p-1",
		ChangedAt: noon, PreviousUntil: &noon,
	}
}

func delivery() cases.EndpointDelivery {
	return cases.EndpointDelivery{
		Delivery: models.Delivery{
			MessageID: "m-1", At: noon, EndpointID: "x-1", Attempt: 2, Took: time.Second, Status: 200, Code: "0", Answer: "ok", Outcome: models.MessageSent,
		},
		Number: number, Seq: 3, Template: "alert", State: models.MessageSent,
	}
}

func (n *neighbour) Endpoints(ctx context.Context, _ models.Actor) ([]cases.Endpoint, error) {
	return []cases.Endpoint{endpoint()}, n.answer(ctx)
}

func (n *neighbour) Endpoint(ctx context.Context, _ models.Actor, id string) (cases.Endpoint, error) {
	n.number = id
	return endpoint(), n.answer(ctx)
}

func (n *neighbour) AddEndpoint(ctx context.Context, call cases.Call, w cases.EndpointWish) (cases.Endpoint, error) {
	n.call, n.put = call, w
	return endpoint(), n.answer(ctx)
}

func (n *neighbour) ChangeEndpoint(ctx context.Context, _ models.Actor, id string, w cases.EndpointWish) (cases.Endpoint, error) {
	n.number, n.put = id, w
	return endpoint(), n.answer(ctx)
}

func (n *neighbour) RotateSecret(ctx context.Context, call cases.Call, id string, w cases.SecretWish) (cases.Endpoint, error) {
	n.call, n.number, n.put = call, id, w
	return endpoint(), n.answer(ctx)
}

func (n *neighbour) TestEndpoint(ctx context.Context, call cases.Call, id, to string) (cases.EndpointDelivery, error) {
	n.call, n.number, n.put = call, id, to
	return delivery(), n.answer(ctx)
}

func (n *neighbour) Deliveries(ctx context.Context, _ models.Actor, id, _ string, _ int) (cases.Page[cases.EndpointDelivery], error) {
	n.number = id
	return cases.Page[cases.EndpointDelivery]{Next: "c-1", Items: []cases.EndpointDelivery{delivery()}}, n.answer(ctx)
}

func (n *neighbour) Redeliver(ctx context.Context, call cases.Call, messageID string) (bool, error) {
	n.call, n.number = call, messageID
	return n.replay, n.answer(ctx)
}

func (n *neighbour) TryDispatch(ctx context.Context, f cases.Facts) (cases.Routing, error) {
	n.put = f
	return routing(), n.answer(ctx)
}

func (n *neighbour) Route(ctx context.Context, _ models.Actor, number string) (cases.Routing, error) {
	n.number = number
	return routing(), n.answer(ctx)
}

func routing() cases.Routing {
	p := policy.Propose(policy.DispatchTable{Rules: []policy.DispatchRule{
		{Name: "other", Match: policy.DispatchMatch{Region: "x"}, Destination: policy.Destination{Department: "d-2"}},
		{Name: "N", Destination: policy.Destination{Department: "d-1", Team: "t-1"}, Auto: true},
	}}, policy.DispatchFacts{}, policy.Company{})
	return cases.Routing{Route: p.Route("p-3"), Team: p.Team, At: p.At, Passed: p.Passed}
}

func (n *neighbour) Status(ctx context.Context, _ string) (cases.StatusView, error) {
	return cases.StatusView{Number: number, State: models.StateReceived, Language: models.LanguageZH, ReceivedAt: noon, ResponseDue: noon, FeedbackDue: noon}, n.answer(ctx)
}

func (n *neighbour) Say(ctx context.Context, call cases.Call, _ string, v models.Verb, text string) error {
	n.call, n.verb, n.said = call, v, text
	return n.answer(ctx)
}

func (n *neighbour) Reschedule(ctx context.Context, call cases.Call, _ string, to time.Time) error {
	n.call, n.verb, n.put = call, models.VerbReschedule, to
	return n.answer(ctx)
}

func (n *neighbour) Survey(ctx context.Context, _ string) (cases.SurveyView, error) {
	return cases.SurveyView{Number: number, Cycle: 1, Language: models.LanguageEN, ExpiresAt: noon}, n.answer(ctx)
}

func (n *neighbour) AnswerSurvey(ctx context.Context, call cases.Call, _ string, s models.Scores, text string) error {
	n.call, n.scores, n.said = call, s, text
	return n.answer(ctx)
}

func (n *neighbour) Health(context.Context) cases.Health { return n.health }

func (n *neighbour) Count(ctx context.Context, _ models.Actor, q cases.Query) (cases.Count, error) {
	n.query = q
	return cases.Count{Cases: 7, More: true}, n.answer(ctx)
}

func (n *neighbour) Search(ctx context.Context, _ models.Actor, q string, _ int) ([]cases.Hit, error) {
	n.asked = q
	return []cases.Hit{{Case: row(), In: []string{"facts", "contact"}}}, n.answer(ctx)
}

func (n *neighbour) Duplicates(ctx context.Context, _ models.Actor, c cases.NewComplaint) (cases.Beside, error) {
	n.opened = c
	return cases.Beside{CustomerID: "cu-1", Duplicates: []cases.Duplicate{{
		Case: row(), Reasons: []cases.Reason{cases.SameCustomer, cases.SameProduct, cases.WithinWindow, cases.SimilarText}, Likeness: 0.5,
	}}}, n.answer(ctx)
}

func (n *neighbour) Unmask(ctx context.Context, _ models.Actor, number, reason string) (models.Contact, error) {
	n.number, n.said = number, reason
	return models.Contact{Phone: "13800138000"}, n.answer(ctx)
}

func (n *neighbour) Reads(ctx context.Context, _ models.Actor, number, _ string, _ int) (cases.Page[cases.ReadView], error) {
	n.number = number
	read := models.ContactRead{ID: "r-1", Person: "p-2", ReadAt: noon, Place: models.ReadUnmask}
	return cases.Page[cases.ReadView]{Items: []cases.ReadView{{ContactRead: read, Reason: "R"}}, Next: "bmV4dA"}, n.answer(ctx)
}

func customerView() cases.CustomerView {
	return cases.CustomerView{
		ID: "cu-1", Sight: models.SightFull, Contact: &models.Contact{Name: "王小明"}, Also: []models.Contact{{Phone: "1"}}, Language: models.LanguageZH,
		CreatedAt: noon, Held: true, Merged: []string{"cu-2"},
		Acts: []cases.ActView{{CustomerAct: models.CustomerAct{CustomerID: "cu-2", Into: "cu-1", Kind: models.ActMerge, Person: "p-1", ActedAt: noon}, Reason: "R"}},
	}
}

func (n *neighbour) Customers(ctx context.Context, _ models.Actor, q cases.CustomerQuery) ([]cases.CustomerView, error) {
	n.asked = q
	return []cases.CustomerView{customerView()}, n.answer(ctx)
}

func (n *neighbour) Customer(ctx context.Context, _ models.Actor, id string) (cases.CustomerView, error) {
	n.asked = id
	return customerView(), n.answer(ctx)
}

func (n *neighbour) History(ctx context.Context, _ models.Actor, id, _ string, _ int) (cases.Page[models.Case], error) {
	n.asked = id
	return cases.Page[models.Case]{Items: []models.Case{row()}, Next: "bmV4dA"}, n.answer(ctx)
}

func (n *neighbour) acted(ctx context.Context, call cases.Call, id, said string, act models.CustomerActKind) (cases.CustomerDone, error) {
	n.call, n.asked, n.said = call, id, said
	return cases.CustomerDone{ID: id, Act: act, Replayed: n.replay}, n.answer(ctx)
}

func (n *neighbour) EraseCustomer(ctx context.Context, call cases.Call, id string) (cases.CustomerDone, error) {
	return n.acted(ctx, call, id, "", models.ActErase)
}

func (n *neighbour) Hold(ctx context.Context, call cases.Call, id, reason string) (cases.CustomerDone, error) {
	return n.acted(ctx, call, id, reason, models.ActHold)
}

func (n *neighbour) Release(ctx context.Context, call cases.Call, id, reason string) (cases.CustomerDone, error) {
	return n.acted(ctx, call, id, reason, models.ActRelease)
}

func (n *neighbour) Merge(ctx context.Context, call cases.Call, id, into, reason string) (cases.CustomerDone, error) {
	return n.acted(ctx, call, id, into+" "+reason, models.ActMerge)
}

func (n *neighbour) Signal(ctx context.Context, _ models.Actor, id string) (models.Signal, error) {
	n.said = id
	return risen, n.answer(ctx)
}

func (n *neighbour) Signals(ctx context.Context, _ models.Actor, q models.SignalQuery) (cases.Page[models.Signal], error) {
	n.asked = q
	return cases.Page[models.Signal]{Items: []models.Signal{risen}, Next: "next"}, n.answer(ctx)
}

// risen is a signal with all that one can have.
var risen = models.Signal{
	ID: "s-1", Dimension: "product", Value: "kettle", Step: "week", From: noon, Until: noon.AddDate(0, 0, 7), Zone: "Asia/Shanghai",
	Chart: "u", Count: 31, Size: 500, Center: 0.01, Upper: 0.02, Rules: []string{"beyond"}, Chance: 1e-9, FirstSeen: noon, DetectedAt: noon,
	Evidence: models.Evidence{
		Format: 1, Volume: models.VolumeUnits, Base: 1, Widened: 1, Chances: []models.RuleChance{{Rule: "beyond", Chance: 1e-9}},
		Points: []models.EvidencePoint{{From: noon, Until: noon, Label: "2026-W47", Count: 31, Size: 500, Upper: 0.02, Rules: []string{"beyond"}}},
	},
}
