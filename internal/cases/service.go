package cases

import (
	"context"
	"log/slog"
	"runtime"
	"sync/atomic"
	"time"

	"recourse/internal/policies"
	"recourse/internal/policy"
	"recourse/models"
	"recourse/workflows/contract"
)

// Store is the record, as this package needs it. Errors are models.Error where a caller can do
// something about them; see the methods of internal/store for their codes.
type Store interface {
	AcceptIntake(ctx context.Context, in models.Intake) error
	NextSequence(ctx context.Context) (int64, error)
	Stage(ctx context.Context, keyID string, texts []models.Text) ([]models.TextRef, error)
	Begin(ctx context.Context, key models.IdempotencyKey) (kept models.IdempotencyKey, fresh bool, err error)
	Finish(ctx context.Context, key models.IdempotencyKey) error
	Release(ctx context.Context, key models.IdempotencyKey) error

	Case(ctx context.Context, id string) (models.Case, error)
	CasesOf(ctx context.Context, ids []string) (map[string]models.Case, error)
	RowsOf(ctx context.Context, ids []string) (map[string]models.Case, error)
	CaseByNumber(ctx context.Context, number string) (models.Case, error)
	Cases(ctx context.Context, q models.CaseQuery) (rows []models.Case, next string, err error)
	Entries(ctx context.Context, caseID string, afterSeq int64, limit int) ([]models.Entry, error)
	Texts(ctx context.Context, caseID string) ([]models.Text, error)
	StageFile(ctx context.Context, file models.Attachment, key models.Key) error
	Uploads(ctx context.Context, uploader string, ids []string) ([]models.Attachment, error)
	ClaimFiles(ctx context.Context, keyID string, claim models.Attachment, ids []string) error
	Attachments(ctx context.Context, caseID string) ([]models.Attachment, error)
	Key(ctx context.Context, id string) (models.Key, error)
	AllCases(ctx context.Context, afterID string, n int) ([]models.Case, error)
	CountCases(ctx context.Context, q models.CaseQuery) (int64, error)
	CustomersUntil(ctx context.Context, last time.Time, n int) ([]string, error)
	CaseCounts(ctx context.Context, q models.CaseQuery, now time.Time) ([]models.CaseCount, error)
	Alike(ctx context.Context, q models.CaseQuery, way models.Way) ([]models.Case, error)
	TextsNamed(ctx context.Context, caseIDs []string, name string) ([]models.Text, error)
	ComplaintTexts(ctx context.Context, caseIDs []string) ([]models.Text, error)
	AllTexts(ctx context.Context, caseIDs []string) ([]models.Text, error)
	Keys(ctx context.Context, ids []string) ([]models.Key, error)
	Reindex(ctx context.Context, rows []models.SearchText) error
	DropStrayTerms(ctx context.Context) (gone int64, err error)
	RestoreWays(ctx context.Context) (found int64, err error)
	CorrectedContacts(ctx context.Context, customerIDs []string) ([]models.Text, error)

	Customer(ctx context.Context, id string) (models.Customer, error)
	CustomerRecords(ctx context.Context, id string) ([]models.Customer, error)
	HoldCustomer(ctx context.Context, act models.CustomerAct) error
	ReleaseCustomer(ctx context.Context, act models.CustomerAct) error
	MergeCustomers(ctx context.Context, act models.CustomerAct) error
	Erase(ctx context.Context, customerID string, now time.Time) error
	PutCustomerAct(ctx context.Context, act models.CustomerAct) error
	CustomerActs(ctx context.Context, survivor string) ([]models.CustomerAct, error)
	PutContactRead(ctx context.Context, read models.ContactRead) error
	ContactReads(ctx context.Context, of models.Case, from string, limit int) (page []models.ContactRead, next string, err error)
	CustomerByDigest(ctx context.Context, digests []string) (models.Customer, error)

	Alert(ctx context.Context, id string) (models.Alert, error)
	Alerts(ctx context.Context, q models.AlertQuery) (page []models.Alert, next string, err error)
	Inbox(ctx context.Context, personID string, visible models.Visible, from string, limit int) (page []models.Message, next string, err error)
	Link(ctx context.Context, hash string, now time.Time) (models.Link, error)
	AlertLink(ctx context.Context, hash string, now time.Time) (models.AlertLink, error)
	UseAlertLink(ctx context.Context, hash, wish string, at time.Time) error
	FreeAlertLink(ctx context.Context, hash, wish string) error
	Survey(ctx context.Context, caseID string, cycle int) (models.Survey, error)
	PutIncoming(ctx context.Context, in models.Incoming) error
	Incomings(ctx context.Context, caseID string) ([]models.Incoming, error)

	PersonByToken(ctx context.Context, hash []byte, now time.Time) (models.Person, models.Token, error)
	TouchToken(ctx context.Context, token models.Token, now time.Time) error
	PersonBySession(ctx context.Context, hash []byte, now, idle time.Time) (models.Person, models.Session, error)
	TouchSession(ctx context.Context, session models.Session, now time.Time) error
	Tokens(ctx context.Context, personID string) ([]models.Token, error)
	PutToken(ctx context.Context, token models.Token) error
	RevokeToken(ctx context.Context, id string, at time.Time) error
	PutSession(ctx context.Context, session models.Session) error
	Sessions(ctx context.Context, personID string, now, idle time.Time) ([]models.Session, error)
	EndSession(ctx context.Context, personID, id string, at time.Time) error
	Password(ctx context.Context, personID string) (models.Password, error)
	PutPassword(ctx context.Context, p models.Password, but string) error
	RehashPassword(ctx context.Context, kept models.Password, hash string) error
	PutLanguage(ctx context.Context, personID string, lang models.Language) error
	Subscriptions(ctx context.Context, personID string) ([]models.Subscription, error)
	Subscribe(ctx context.Context, row models.Subscription) error
	Unsubscribe(ctx context.Context, personID string, topic models.Topic) error
	Signal(ctx context.Context, id string) (models.Signal, error)
	Signals(ctx context.Context, q models.SignalQuery) (page []models.Signal, next string, err error)
	Changed(ctx context.Context, after time.Time, n int) (rows []models.Case, last time.Time, err error)
	Person(ctx context.Context, id string) (models.Person, error)
	People(ctx context.Context) ([]models.Person, error)
	Department(ctx context.Context, id string) (models.Department, error)
	Departments(ctx context.Context) ([]models.Department, error)
	Teams(ctx context.Context) ([]models.Team, error)
	Category(ctx context.Context, id string) (models.Category, error)
	Categories(ctx context.Context) ([]models.Category, error)
	PutCompany(ctx context.Context, c models.Company) error

	Absences(ctx context.Context, personID string) ([]models.Absence, error)
	PutAbsences(ctx context.Context, personID string, absences []models.Absence) error
	Absent(ctx context.Context, at time.Time) (ids []string, err error)
	AbsencesFrom(ctx context.Context, at time.Time) ([]models.Absence, error)
	Rosters(ctx context.Context) ([]models.Roster, error)
	Roster(ctx context.Context, role models.Role, department string) (models.Roster, error)
	PutRoster(ctx context.Context, row models.Roster) error
	Leave(ctx context.Context, d models.Departure) error
	LeftBehind(ctx context.Context, personID string) ([]models.LeftBehind, error)
	OpenByAssignee(ctx context.Context) (map[string]int, error)
	OpenByDepartment(ctx context.Context) (map[string]int, error)
	DispatchTable(ctx context.Context) (models.DispatchTable, error)
	DispatchTables(ctx context.Context, from string, limit int) (page []models.DispatchTable, next string, err error)
	PutDispatchTable(ctx context.Context, row models.DispatchTable) error
	Policies(ctx context.Context) ([]models.Policy, error)
	PutPolicy(ctx context.Context, row models.Policy) error
	Templates(ctx context.Context) ([]models.Template, error)
	TemplateVersions(ctx context.Context, name string, lang models.Language, m models.Medium) ([]models.Template, error)
	PutTemplate(ctx context.Context, row models.Template) error
	Uptimes(ctx context.Context, from, until time.Time) ([]models.Uptime, error)

	Endpoints(ctx context.Context) ([]models.Endpoint, error)
	Endpoint(ctx context.Context, id string) (models.Endpoint, error)
	AddEndpoint(ctx context.Context, row models.Endpoint, key models.Key) error
	ChangeEndpoint(ctx context.Context, row models.Endpoint, since time.Time) error
	PutDelivery(ctx context.Context, d models.Delivery) error
	FailedDeliveries(ctx context.Context, since time.Time) (map[string]int64, error)
	Deliveries(ctx context.Context, endpointID, from string, limit int) (page []models.Delivery, next string, err error)
	MessagesByID(ctx context.Context, ids []string) (map[string]models.Message, error)
	Redeliver(ctx context.Context, id string, at time.Time) error

	RunningCases(ctx context.Context, afterID string, n int) ([]models.Case, error)
	PutAdjustment(ctx context.Context, a models.Adjustment, cases []models.AdjustedCase) error
	AddAdjusted(ctx context.Context, cases []models.AdjustedCase) error
	Adjustment(ctx context.Context, id string) (models.Adjustment, error)
	Adjustments(ctx context.Context, n int) ([]models.Adjustment, error)
	MoveAdjustment(ctx context.Context, id string, from, to models.AdjustmentState, by string, at time.Time) (bool, error)
	Adjusted(ctx context.Context, id, afterCase string, n int, states ...models.AdjustedState) ([]models.AdjustedCase, error)
	SetAdjusted(ctx context.Context, c models.AdjustedCase) error
	CountAdjusted(ctx context.Context, id string) ([]models.AdjustmentCount, error)

	Start(ctx context.Context, caseID string) (models.StartIntent, error)
	CallsOf(ctx context.Context, personID string, visible models.Visible, n int) ([]models.CallTask, error)
	PendingStarts(ctx context.Context) (int64, error)
	WaitingStarts(ctx context.Context, n int) ([]models.StartIntent, error)
	Restarts(ctx context.Context, n int) ([]models.StartIntent, error)
	CountMessages(ctx context.Context) ([]models.MessageCount, error)
	Outbox(ctx context.Context, q models.OutboxQuery) ([]models.Message, string, error)
	LatestDeliveries(ctx context.Context, messages []string) (map[string]models.Delivery, error)
	RefusedIncomings(ctx context.Context, since time.Time, n int) ([]models.Incoming, error)
	CountSessions(ctx context.Context, now, idle time.Time) (int64, error)
	OldestStart(ctx context.Context) (*time.Time, error)
	Ping(ctx context.Context) error
}

// Vault keeps texts and contact data unreadable without their key.
type Vault interface {
	NewKey() (id string, wrapped []byte, err error)
	SealText(wrapped []byte, keyID, ref, words string) (sealed []byte, digest string, err error)
	OpenText(wrapped []byte, keyID, ref string, sealed []byte) (words, digest string, err error)
	SealFile(wrapped []byte, keyID, ref string, plain []byte) ([]byte, error)
	OpenFile(wrapped []byte, keyID, ref string, sealed []byte) ([]byte, error)
	Digest(kind, value string) string
	DigestFile(content []byte) string
	Terms(kind string, words []string) []int64
	LinkToken(parts ...string) string
}

// Engine runs the workflows.
type Engine interface {
	// Command decides a command in the case's workflow.
	Command(ctx context.Context, caseID string, order contract.Order) (contract.Outcome, error)
	// Adjust starts what carries an adjustment out, or takes it back; one that runs already goes on.
	Adjust(ctx context.Context, in contract.AdjustInput, summary string) error
	// Reachable says whether the engine answers.
	Reachable(ctx context.Context) error
	// Troubled returns the cases whose workflow is in a trouble; more: there may be others.
	Troubled(ctx context.Context, t contract.Trouble) (ids []string, more bool, err error)
}

// Starter brings new cases and customers' answers to the engine.
type Starter interface {
	// Now starts a new case from inside its intake, and says whether it runs.
	Now(ctx context.Context, in contract.CaseInput) bool
	// Wake says that something is waiting.
	Wake()
}

// Plans knows every version of the policy.
type Plans interface {
	// Plan returns what a case of a customer in a zone needs to know from an instant on, by a version of
	// the policy; without one, by the one in force at that instant.
	Plan(ctx context.Context, version string, at time.Time, customerZone string) (models.Plan, error)
}

// Endings lists the calendars in force at an instant whose holidays are not known far enough ahead.
type Endings func(ctx context.Context, at time.Time) []policy.Ending

// Past tells what versions of the policy say of any time gone by, as it concerns a customer in a zone.
type Past func(ctx context.Context, customerZone string, versions ...string) (policies.Past, error)

// Erase makes a customer's words unreadable for good, whatever holds there are.
type Erase func(ctx context.Context, customerID string, now time.Time) error

// Config is what the service is made of.
type Config struct {
	Store     Store
	Vault     Vault
	Engine    Engine
	Starter   Starter
	Plans     Plans
	Endings   Endings                   // may be nil
	Past      Past                      // of the policy; nil: it is read from the record
	Outside   Outside                   // hands pings to endpoints; may be nil
	Files     Folder                    // of attachments; may be nil where nobody uploads any
	MaxFile   int64                     // bytes of an attachment; 0: 20 MiB
	MaxFiles  int                       // attachments of a case; 0: 50
	Hash      func(token string) string // of a link's token, as it is kept
	Company   string                    // its name, as it signs letters
	Language  models.Language           // of the company
	Zone      *time.Location            // of the company
	StartWait time.Duration             // how long intake waits for the start of its own workflow
	Now       func() time.Time
	NewID     func() string
	Counted   func(Orchestration) // counts intakes; may be nil
	Erase     Erase               // a customer, where backups must hear of it; nil: on record alone
	Logger    *slog.Logger
}

// Service is every verb and every view.
type Service struct {
	Config

	opening atomic.Int64 // intakes under way
	rules   rulesCache
	turn    chan struct{} // held by the intakes that are being put on record
	watch   watch
	agendas agendas
}

// New makes the service.
func New(cfg Config) *Service {
	if cfg.Counted == nil {
		cfg.Counted = func(Orchestration) {}
	}
	if cfg.MaxFile == 0 {
		cfg.MaxFile = maxFile
	}
	if cfg.MaxFiles == 0 {
		cfg.MaxFiles = maxFiles
	}
	if cfg.Erase == nil {
		cfg.Erase = cfg.Store.Erase
	}
	if cfg.Past == nil {
		cfg.Past = policies.NewBook(policies.Config{Record: cfg.Store, Company: cfg.Zone, Now: cfg.Now}).Past
	}
	return &Service{Config: cfg, turn: make(chan struct{}, turns())}
}

// Over is the same service over another view of the record.
func (s *Service) Over(record Store) *Service {
	cfg := s.Config
	cfg.Store = record
	return New(cfg)
}

// turns is how many intakes are put on record at a time, others waiting in the order they came: four
// for each processor, most of which wait for the database and commit together. Measured on two
// processors: with three in all a quarter fewer come in, with sixteen the slowest get slower.
func turns() int { return 4 * runtime.GOMAXPROCS(0) }

// busyAt is how many intakes at a time are a rush.
const busyAt = 4

// Busy says that complaints are coming in faster than one by one: whatever can wait should.
func (s *Service) Busy() bool { return s.opening.Load() >= busyAt }

// now is the instant of a decision, as precise as the record.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }
