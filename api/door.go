package api

import (
	"context"
	"time"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/internal/throttle"
	"recourse/models"
)

// Cases is what the door needs from behind it; internal/cases has it.
type Cases interface {
	Authenticate(ctx context.Context, secret string) (models.Person, error)

	Open(ctx context.Context, call cases.Call, n cases.NewComplaint) (cases.Accepted, error)
	Do(ctx context.Context, call cases.Call, number string, w cases.Wish) (cases.Done, error)
	Case(ctx context.Context, a models.Actor, number string) (cases.View, error)
	List(ctx context.Context, a models.Actor, q cases.Query) (cases.Page[models.Case], error)
	Count(ctx context.Context, a models.Actor, q cases.Query) (cases.Count, error)
	Search(ctx context.Context, a models.Actor, q string, limit int) ([]cases.Hit, error)
	Duplicates(ctx context.Context, a models.Actor, n cases.NewComplaint) (cases.Beside, error)
	Unmask(ctx context.Context, a models.Actor, number, reason string) (models.Contact, error)
	Reads(ctx context.Context, a models.Actor, number, cursor string, limit int) (cases.Page[cases.ReadView], error)
	Timeline(ctx context.Context, a models.Actor, number string) ([]cases.Moment, error)
	Clocks(ctx context.Context, a models.Actor, number string) ([]cases.ClockView, error)
	WorkOrder(ctx context.Context, a models.Actor, number string) (cases.WorkOrder, error)

	Upload(ctx context.Context, call cases.Call, u cases.Upload) (cases.Uploaded, error)
	Attachments(ctx context.Context, a models.Actor, number string) ([]cases.AttachmentView, error)
	Attachment(ctx context.Context, a models.Actor, number, id string) (cases.AttachmentView, []byte, error)
	Letter(ctx context.Context, a models.Actor, number string, kind cases.LetterKind) (cases.Letter, error)

	Customers(ctx context.Context, a models.Actor, q cases.CustomerQuery) ([]cases.CustomerView, error)
	Customer(ctx context.Context, a models.Actor, id string) (cases.CustomerView, error)
	History(ctx context.Context, a models.Actor, id, cursor string, limit int) (cases.Page[models.Case], error)
	EraseCustomer(ctx context.Context, call cases.Call, id string) (cases.CustomerDone, error)
	Hold(ctx context.Context, call cases.Call, id, reason string) (cases.CustomerDone, error)
	Release(ctx context.Context, call cases.Call, id, reason string) (cases.CustomerDone, error)
	Merge(ctx context.Context, call cases.Call, id, into, reason string) (cases.CustomerDone, error)

	Alerts(ctx context.Context, a models.Actor, q cases.AlertQuery) (cases.Page[cases.AlertView], error)
	Acknowledge(ctx context.Context, call cases.Call, alertID string) (cases.Done, error)
	Snooze(ctx context.Context, call cases.Call, alertID string, until time.Time, reason string) (cases.Done, error)
	HandOver(ctx context.Context, call cases.Call, alertID, person, reason string) (cases.Done, error)
	Outbox(ctx context.Context, a models.Actor, q cases.OutboxQuery) (cases.Page[cases.OutboxMessage], error)
	Inbox(ctx context.Context, a models.Actor, cursor string, limit int) (cases.Page[cases.Notice], error)

	Subscriptions(ctx context.Context, a models.Actor) ([]models.Subscription, error)
	Subscribe(ctx context.Context, a models.Actor, topic models.Topic, wants bool) error
	Signal(ctx context.Context, a models.Actor, id string) (models.Signal, error)
	Signals(ctx context.Context, a models.Actor, q models.SignalQuery) (cases.Page[models.Signal], error)

	Departments(ctx context.Context) ([]models.Department, error)
	PutDepartment(ctx context.Context, a models.Actor, d models.Department) error
	People(ctx context.Context, a models.Actor) ([]models.Person, error)
	PutPerson(ctx context.Context, a models.Actor, p models.Person) error
	Categories(ctx context.Context) ([]models.Category, error)
	PutCategory(ctx context.Context, a models.Actor, c models.Category) error
	Teams(ctx context.Context) ([]models.Team, error)
	PutTeam(ctx context.Context, a models.Actor, t models.Team) error
	Absences(ctx context.Context, a models.Actor, person string) ([]models.Absence, error)
	PutAbsences(ctx context.Context, a models.Actor, person string, absences []models.Absence) error
	Leave(ctx context.Context, call cases.Call, person, successor string) (cases.Left, error)
	Gaps(ctx context.Context, a models.Actor) ([]models.Gap, error)

	Ahead(ctx context.Context, a models.Actor, hours int) (cases.Ahead, error)
	Rosters(ctx context.Context) ([]cases.Roster, error)
	PutRoster(ctx context.Context, a models.Actor, w cases.RosterWish) (cases.Roster, error)
	OnDuty(ctx context.Context, role models.Role, department string, at time.Time) (cases.OnDuty, error)

	DispatchTable(ctx context.Context) (cases.DispatchTable, error)
	DispatchTables(ctx context.Context, cursor string, limit int) (cases.Page[cases.DispatchTable], error)
	PutDispatchTable(ctx context.Context, a models.Actor, w cases.TableWish) (cases.DispatchTable, error)
	Policies(ctx context.Context) ([]cases.Policy, error)
	Policy(ctx context.Context, version string) (cases.Policy, error)
	TryPolicy(ctx context.Context, document []byte) (cases.PolicyTrial, error)
	ImportDays(ctx context.Context, l cases.DayList) (cases.DaysAdded, error)
	PublishPolicy(ctx context.Context, a models.Actor, w cases.PolicyWish) (cases.Policy, error)

	Templates(ctx context.Context) ([]cases.Template, error)
	Template(ctx context.Context, k cases.TemplateKey) (cases.TemplateView, error)
	TryTemplate(ctx context.Context, k cases.TemplateKey, words cases.TemplateDraft) (cases.TemplateTrial, error)
	PublishTemplate(ctx context.Context, a models.Actor, w cases.TemplateWish) (cases.TemplateView, error)

	Adjustments(ctx context.Context, a models.Actor) ([]cases.Adjustment, error)
	Adjustment(ctx context.Context, a models.Actor, id string) (cases.Adjustment, error)
	AdjustedCases(ctx context.Context, a models.Actor, id, after string, limit int, state models.AdjustedState) (cases.Page[models.AdjustedCase], error)
	PreviewAdjustment(ctx context.Context, call cases.Call, w cases.AdjustmentWish) (cases.Adjustment, error)
	StartAdjustment(ctx context.Context, a models.Actor, id string) (cases.Adjustment, error)
	UndoAdjustment(ctx context.Context, a models.Actor, id string) (cases.Adjustment, error)
	Endpoints(ctx context.Context, a models.Actor) ([]cases.Endpoint, error)
	Endpoint(ctx context.Context, a models.Actor, id string) (cases.Endpoint, error)
	AddEndpoint(ctx context.Context, call cases.Call, w cases.EndpointWish) (cases.Endpoint, error)
	ChangeEndpoint(ctx context.Context, a models.Actor, id string, w cases.EndpointWish) (cases.Endpoint, error)
	RotateSecret(ctx context.Context, call cases.Call, id string, w cases.SecretWish) (cases.Endpoint, error)
	TestEndpoint(ctx context.Context, call cases.Call, id, to string) (cases.EndpointDelivery, error)
	Deliveries(ctx context.Context, a models.Actor, id, cursor string, limit int) (cases.Page[cases.EndpointDelivery], error)
	Redeliver(ctx context.Context, call cases.Call, messageID string) (replayed bool, err error)

	TryDispatch(ctx context.Context, f cases.Facts) (cases.Routing, error)
	Route(ctx context.Context, a models.Actor, number string) (cases.Routing, error)

	Status(ctx context.Context, token string) (cases.StatusView, error)
	Say(ctx context.Context, call cases.Call, token string, v models.Verb, text string) error
	Reschedule(ctx context.Context, call cases.Call, token string, to time.Time) error
	Survey(ctx context.Context, token string) (cases.SurveyView, error)
	AnswerSurvey(ctx context.Context, call cases.Call, token string, s models.Scores, text string) error

	Health(ctx context.Context) cases.Health
}

// door answers the contract's operations; one file per resource.
type door struct {
	Config
	contract  *contract
	throttle  *throttle.Throttle
	transfers chan struct{} // held by the files that are travelling
}

var _ openapi.StrictServerInterface = (*door)(nil)
