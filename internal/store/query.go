package store

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"recourse/models"
)

// within leaves of a query on cases what v lets see: all, or whatever one of its fields names; never
// what is about the person, and of guarded cases those alone whose circle they are of.
func within(v models.Visible, db *gorm.DB) *gorm.DB {
	if v.Whole {
		return db
	}
	db = db.Where(`cases.named NOT LIKE ? ESCAPE '!'`, holding(v.Person)).Where(admitting(v, db))
	if v.All {
		return db
	}
	some := db.Session(&gorm.Session{NewDB: true}).Where("1 = 0")
	if in := slices.DeleteFunc(slices.Clone(v.Departments), func(d string) bool { return d == "" }); len(in) > 0 {
		some = some.Or(named("department", " IN ?"), in)
	}
	for _, d := range v.Departments {
		some = some.Or(named("tasks", ` LIKE ? ESCAPE '!'`), holding(d))
	}
	if v.RecordedBy != "" {
		some = some.Or("cases.recorded_by = ?", v.RecordedBy)
	}
	if v.Assignee != "" {
		some = some.Or(named("assignee", " = ?"), v.Assignee)
	}
	if v.Received {
		some = some.Or("cases.state = ?", models.StateReceived)
	}
	return db.Where(some)
}

// named is a condition on a column that is empty in many rows, in the words in which a database knows
// that an index without those rows holds what is asked for. Nothing empty is ever asked for.
func named(column, condition string) string {
	return "cases." + column + condition + " AND cases." + column + " <> ''"
}

// admitting is the condition that somebody may come near a case at all: the same as models.See asks
// case by case.
func admitting(v models.Visible, db *gorm.DB) *gorm.DB {
	near := db.Session(&gorm.Session{NewDB: true}).
		Where("cases.circle = '' AND cases.nature NOT IN ?", []models.Nature{models.NatureInternal, models.NatureSpecial}).
		Or(`cases.circle LIKE ? ESCAPE '!'`, holding(v.Person))
	if v.Person != "" {
		near = near.Or("cases.assignee = ?", v.Person).Or("cases.circle = '' AND cases.recorded_by = ?", v.Person)
	}
	if v.Guards {
		near = near.Or("cases.circle = ''")
	}
	return near
}

// narrow leaves of a query on cases those that are asked for and may be seen.
func narrow(q models.CaseQuery, db *gorm.DB) *gorm.DB {
	db = within(q.Visible, db)
	db = among(db, "cases.state IN ?", q.States)
	db = among(db, "cases.severity IN ?", q.Severities)
	db = among(db, "cases.nature IN ?", q.Natures)
	db = among(db, "cases.channel IN ?", q.Channels)
	db = among(db, "cases.category IN ?", q.Categories)
	db = among(db, named("department", " IN ?"), q.Departments)
	db = among(db, named("assignee", " IN ?"), q.Assignees)
	db = among(db, "cases.product IN ?", q.Products)
	if q.CustomerID != "" {
		db = db.Where("cases.customer_id IN "+sameCustomer, q.CustomerID, q.CustomerID)
	}
	if q.Breached != nil {
		db = db.Where("cases.breached = ?", *q.Breached)
	}
	if q.Sample != nil {
		db = db.Where("cases.sample = ?", *q.Sample)
	}
	if q.ReceivedFrom != nil {
		db = db.Where("cases.received_at >= ?", *q.ReceivedFrom)
	}
	if q.ReceivedUntil != nil {
		db = db.Where("cases.received_at < ?", *q.ReceivedUntil)
	}
	if len(q.Asks) > 0 {
		asks := db.Session(&gorm.Session{NewDB: true}).Where("1 = 0")
		for _, r := range q.Asks {
			asks = asks.Or(`cases.asks LIKE ? ESCAPE '!'`, holding(string(r)))
		}
		db = db.Where("cases.asks <> ''").Where(asks)
	}
	if q.Number != "" {
		db = db.Where(`cases.number LIKE ? ESCAPE '!'`, "%"+likeLiterally.Replace(strings.ToUpper(q.Number))+"%")
	}
	if q.Exactly != "" {
		db = db.Where("cases.number = ?", q.Exactly)
	}
	if q.Concerns != "" {
		db = db.Where("("+named("assignee", " = ?")+" OR cases.recorded_by = ?)", q.Concerns, q.Concerns)
	}
	if q.Open {
		db = db.Where(openOnly)
	}
	if q.Paused {
		db = db.Where("cases.pause_reason <> ''")
	}
	if q.LateAt != nil {
		db = db.Where("cases.due_at < ?", *q.LateAt)
	}
	if q.NextDueBy != nil {
		db = db.Where("cases.next_due <= ?", *q.NextDueBy)
	}
	if q.SoonAt != nil {
		db = db.Where("cases.soon_at <= ? AND cases.due_at >= ?", *q.SoonAt, *q.SoonAt)
	}
	return db
}

// openOnly is models.State.Open as the index cases_waiting says it, within unweighed: only in these very
// words does a database know that it holds what is asked for.
const openOnly = `cases.state IN ('received', 'dispatched', 'investigating', 'awaiting_approval', 'solution_ready', 'implementing', 'resolved', 'following_up')`

// likeLiterally takes the meaning from the two signs that LIKE knows.
var likeLiterally = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

func among[T any](db *gorm.DB, condition string, values []T) *gorm.DB {
	if len(values) == 0 {
		return db
	}
	return db.Where(condition, values)
}

func pageSize(asked int) int {
	if asked <= 0 {
		return 50
	}
	return min(asked, models.MaxPage)
}

// cursor is the place of a row in a list that is ordered by an instant, then by id, or by id alone.
type cursor struct {
	At  time.Time
	ID  string
	Leg int // of a list that is read in several; see legs
}

func (c cursor) String() string {
	place := fmt.Sprintf("%d %s", c.At.UnixMicro(), c.ID)
	if c.Leg > 0 {
		place += " " + strconv.Itoa(c.Leg)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(place))
}

var errNoCursor = models.Invalid("/cursor", "this cursor is not one that a list gave out")

// readCursor reads what String wrote; nil for the first page.
func readCursor(s string) (*cursor, error) {
	if s == "" {
		return nil, nil //nolint:nilnil // no cursor is a cursor: the beginning
	}
	plain, err := base64.RawURLEncoding.DecodeString(s)
	micros, rest, found := strings.Cut(string(plain), " ")
	at, notNumber := strconv.ParseInt(micros, 10, 64)
	id, leg, more := strings.Cut(rest, " ")
	c := cursor{At: time.UnixMicro(at).UTC(), ID: id}
	if more && notNumber == nil {
		c.Leg, notNumber = strconv.Atoi(leg)
	}
	text := utf8.ValidString(id) && !strings.Contains(id, "\x00") // the database takes nothing else
	if err != nil || !found || notNumber != nil || c.Leg < 0 || !text {
		return nil, errNoCursor
	}
	return &c, nil
}
