package history

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"recourse/models"
)

// History is what a log tells of one case.
type History struct {
	Adopted  models.Adopted
	Customer string // id of the customer in that system; empty: it does not say
	Rows     int    // of the log that it was read from
}

// Closed says that the case had ended by then.
func (h History) Closed() bool { return ended(h.Adopted.Moves) }

func ended(moves []models.AdoptedMove) bool {
	over := false
	for _, m := range moves {
		switch m.Kind { //nolint:exhaustive // the others neither end a case nor take it up again
		case models.KindClosed, models.KindWithdrawn, models.KindNotAccepted, models.KindArchived:
			over = true
		case models.KindReworked:
			over = false
		}
	}
	return over
}

// builder makes histories of the records of one case after another.
type builder struct {
	m      *Mapping
	opt    Options
	files  []string // names, for faults
	digest []string
	report *Report
	tell   func(Fault)
}

// draft is a case under way.
type draft struct {
	*builder
	rows     []record
	number   string
	received time.Time
	inferred []string
	moves    []models.AdoptedMove
	refused  bool
	mended   map[string]bool // columns of which a contradiction was told already
	later    []models.Kind   // moves left out that the log tells of an instant behind its end
}

// build makes the history of a case; is says that there is one.
func (b *builder) build(rows []record) (h History, is bool) {
	d := &draft{builder: b, rows: rows, number: rows[0].number, mended: map[string]bool{}}
	d.sort()
	d.untilAsOf()
	if len(d.rows) > 0 {
		d.receive()
	}
	if len(d.rows) == 0 || b.behind(d.received) {
		b.report.Behind.Cases++
		return h, false
	}
	h = History{Adopted: models.Adopted{
		Source: b.m.Source, Reference: d.number, File: b.digest[d.rows[0].file], Line: d.rows[0].line, AsOf: b.opt.AsOf,
		HandlingDue: lastTime(d.rows, func(r record) time.Time { return r.due }),
		Transfers:   most(d.rows, func(r record) int { return r.transfers }),
		Reworks:     most(d.rows, func(r record) int { return r.reopens }),
	}, Rows: len(d.rows)}
	d.events()
	d.milestones()
	d.sane()
	h.Adopted.Opened = d.opened()
	h.Customer = d.first("customer")
	d.details()
	h.Adopted.Moves, h.Adopted.Inferred = d.moves, d.inferred
	if len(d.mended) > 0 {
		b.report.Contradicting++
	}
	if d.refused {
		b.report.CasesRefused++
		return h, false
	}
	return h, true
}

// behind says whether an instant lies behind the end of the log.
func (b *builder) behind(at time.Time) bool { return !b.opt.AsOf.IsZero() && at.After(b.opt.AsOf) }

// untilAsOf leaves out the rows of events behind the end of the log: nobody knew then what they say. They are
// the last ones. Of a row per case only instants can lie behind it.
func (d *draft) untilAsOf() {
	if d.m.Rows != RowsEvents {
		return
	}
	n := len(d.rows)
	for n > 0 && d.behind(d.rows[n-1].at) {
		n--
	}
	d.rows = d.rows[:n]
}

// sort puts rows in the order of their instants, then of the order column, then in which they stand.
func (d *draft) sort() {
	inFile := func(a, b record) int { return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line)) }
	if d.m.Rows == RowsEvents {
		slices.SortStableFunc(d.rows, func(a, b record) int {
			return cmp.Or(a.at.Compare(b.at), compareOrder(a.order, b.order), inFile(a, b))
		})
		return
	}
	slices.SortFunc(d.rows, inFile)
	if d.m.lastRow {
		d.report.Superseded += len(d.rows) - 1
		d.rows = d.rows[len(d.rows)-1:]
		return
	}
	for _, again := range d.rows[1:] {
		d.fault(again, d.m.number, fmt.Sprintf("the case stands in line %d already, and only that row counts", d.rows[0].line), false)
		d.report.RowsRefused++
	}
	d.rows = d.rows[:1]
}

func (d *draft) fault(r record, c *column, says string, mended bool) {
	name := ""
	if c != nil {
		name = columnName(c)
	}
	d.tell(Fault{File: d.files[r.file], Line: r.line, Case: d.number, Column: name, Says: says, Mended: mended})
}

// columnName is how faults call a column.
func columnName(c *column) string {
	names := make([]string, len(c.refs))
	for i, r := range c.refs {
		if names[i] = r.name; r.name == "" {
			names[i] = fmt.Sprintf("column %d", r.position)
		}
	}
	return strings.Join(names, "+")
}

// contradiction tells that the log contradicts itself; the case is refused, or goes on with the instant
// mended. What one column says is told once per case.
func (d *draft) contradiction(r record, c *column, says string) {
	if !d.m.clamp {
		d.refused = true
	}
	if name := columnName(c); !d.mended[name] {
		d.mended[name] = true
		d.fault(r, c, says, d.m.clamp)
	}
}

// receive finds when the case was received: by its column, by an activity, else by its first event.
func (d *draft) receive() {
	d.received = firstTime(d.rows, func(r record) time.Time { return r.received })
	for _, r := range d.rows {
		if !d.received.IsZero() {
			return
		}
		for _, a := range append(d.m.activity.acts(r.activity), d.m.state.acts(r.state)...) {
			if a.received {
				d.received = r.at
			}
		}
	}
	if d.received.IsZero() {
		d.received = d.rows[0].at
		d.inferred = append(d.inferred, "received_at")
	}
}

// opened is the complaint as the log tells it: what the log does not tell is inferred.
func (d *draft) opened() models.Opened {
	o := models.Opened{
		ReceivedAt: d.received, Zone: d.m.zone.String(),
		Severity: models.Severity(d.first("severity")), Channel: models.Channel(d.first("channel")),
		Language: models.Language(d.first("language")), Nature: models.Nature(d.last("nature")),
		Category: d.last("category"), Region: d.last("region"), Product: d.last("product"), Model: d.last("model"),
		Concerned: d.last("concerned"), Anonymous: d.first("customer") == "",
	}
	infer := func(name string, is bool) bool {
		if is {
			d.inferred = append(d.inferred, name)
		}
		return is
	}
	if infer("severity", o.Severity == "") {
		o.Severity = models.SeverityGeneral
	}
	if infer("channel", o.Channel == "") {
		o.Channel = models.ChannelAPI
	}
	if infer("language", o.Language == "") {
		o.Language = cmp.Or(d.opt.Language, models.LanguageZH)
	}
	if infer("nature", o.Nature == "") {
		o.Nature = models.NatureCustomer
	}
	infer("customer_id", o.Anonymous)
	return o
}

// constant is what the mapping says of every case.
func (m *Mapping) constant(name string) string {
	for _, f := range m.fields {
		if f.name == name {
			return f.constant
		}
	}
	return ""
}

// first is what the first row says that says anything of a field, last what the last one does.
func (d *draft) first(name string) string {
	slot := fieldSlot(name)
	for _, r := range d.rows {
		if r.fields[slot] != "" {
			return r.fields[slot]
		}
	}
	return d.m.constant(name)
}

func (d *draft) last(name string) string {
	slot := fieldSlot(name)
	for _, r := range slices.Backward(d.rows) {
		if r.fields[slot] != "" {
			return r.fields[slot]
		}
	}
	return d.m.constant(name)
}

func firstTime(rows []record, of func(record) time.Time) time.Time {
	for _, r := range rows {
		if at := of(r); !at.IsZero() {
			return at
		}
	}
	return time.Time{}
}

func lastTime(rows []record, of func(record) time.Time) time.Time {
	for _, r := range slices.Backward(rows) {
		if at := of(r); !at.IsZero() {
			return at
		}
	}
	return time.Time{}
}

// most is the greatest of a counter, nil when no row says it.
func most(rows []record, of func(record) int) *int {
	n := unsaid
	for _, r := range rows {
		n = max(n, of(r))
	}
	if n == unsaid {
		return nil
	}
	return &n
}
