package submit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"recourse/internal/sheet"
)

// Counter counts what the engine did.
type Counter interface {
	// FirstTasks returns how many case workflows completed their first task, ever.
	FirstTasks(ctx context.Context) (int, error)
}

// Config says where to send the rows, and how.
type Config struct {
	Server      string        // such as http://127.0.0.1:8080
	Token       string        // of somebody who may put complaints on record
	Clients     int           // that send at a time; 0: 4
	Limit       int           // rows sent at most; 0: all
	RepeatShare float64       // of the rows are sent twice with the same key, 0 to 1
	Patience    time.Duration // with one sheet.Row, and with the engine at the end; 0: ten minutes
	Counter     Counter       // nil: first tasks are not counted
	HTTP        *http.Client  // nil: one made for so many clients
	Now         func() time.Time
	Sleep       func(context.Context, time.Duration) error // nil: by the clock
	Progress    io.Writer                                  // nil: none is shown
	Terminal    bool                                       // Progress is one: a bar, not lines
}

// Run sends a file and counts what became of it. The error says that it could not be done to the
// end; what was done until then stands in the report. Report.Verdict says whether the counts agree.
func Run(ctx context.Context, file sheet.File, m Mapping, cfg Config) (Report, error) {
	r, err := begin(file, m, cfg)
	if err != nil {
		return Report{}, err
	}
	rows, err := r.count(ctx)
	if err != nil {
		return Report{}, err
	}
	if r.cfg.Counter != nil {
		if r.tasksBefore, err = r.cfg.Counter.FirstTasks(ctx); err != nil {
			return Report{}, fmt.Errorf("count first tasks: %w", err)
		}
	}
	err = r.sendAll(ctx, rows)
	if err == nil {
		err = r.settle(ctx)
	}
	return r.report.finish(r), err
}

// run is one file under way.
type run struct {
	file   sheet.File
	m      Mapping
	cfg    Config
	door   *door
	digest string
	table  *sheet.Table // as the counting read found it: what its cells are like
	header []string
	used   map[string]bool // columns that the mapping names

	mu          sync.Mutex
	report      Report
	took        []time.Duration
	cases       map[string]bool // that rows led to, by number
	earliest    time.Time       // receipt among them
	began, done time.Time       // of the sending
	tasksBefore int
}

func begin(file sheet.File, m Mapping, cfg Config) (*run, error) {
	if cfg.Clients <= 0 {
		cfg.Clients = 4
	}
	if cfg.Patience == 0 {
		cfg.Patience = 10 * time.Minute
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	if cfg.HTTP == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // it is
		transport.MaxIdleConnsPerHost = cfg.Clients
		cfg.HTTP = &http.Client{Transport: transport, Timeout: 30 * time.Second}
	}
	file.Comma = m.Comma
	digest, err := file.Digest()
	if err != nil {
		return nil, err
	}
	r := &run{file: file, m: m, cfg: cfg, digest: digest, used: m.columns(), cases: map[string]bool{}}
	r.report.File, r.report.Digest, r.report.Clients = file.Path, digest, cfg.Clients
	r.door = &door{
		server: strings.TrimRight(cfg.Server, "/"), token: cfg.Token, http: cfg.HTTP, now: cfg.Now, sleep: cfg.Sleep,
		patience: cfg.Patience, tried: func() { r.note(func() { r.report.Retries++ }) },
	}
	return r, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// count reads the file once before anything is sent: a mapping that does not fit sends nothing.
func (r *run) count(ctx context.Context) (rows int, err error) {
	header := func(t *sheet.Table) error {
		r.table, r.header = t, t.Header
		return r.m.fits(t.Header)
	}
	err = r.file.Read(ctx, r.cfg.Limit, header, func(sheet.Row) error { rows++; return nil })
	return rows, err
}

// sendAll sends every row, so many at a time.
func (r *run) sendAll(ctx context.Context, rows int) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	shown := r.progress(rows)
	queue := make(chan sheet.Row)
	var clients sync.WaitGroup
	r.began = r.cfg.Now()
	for range r.cfg.Clients {
		clients.Go(func() {
			for one := range queue {
				if err := r.send(ctx, one); err != nil {
					stop(err)
					return
				}
				shown.step()
			}
		})
	}
	err := r.file.Read(ctx, r.cfg.Limit, func(*sheet.Table) error { return nil }, func(one sheet.Row) error {
		select {
		case queue <- one:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	close(queue)
	clients.Wait()
	r.done = r.cfg.Now()
	shown.end()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// send delivers a row, and some rows twice. An error ends the whole run.
func (r *run) send(ctx context.Context, one sheet.Row) error {
	r.note(func() { r.report.Rows++ })
	body, fault := r.body(one)
	if fault != nil {
		r.refuse(one, fault)
		return nil
	}
	key := Key(r.digest, one.Number)
	first, on, err := r.deliver(ctx, one, key, body)
	if err != nil || !on {
		return err
	}
	r.note(func() { r.keep(one, first) })
	if !repeated(key, r.cfg.RepeatShare) {
		return nil
	}
	again, on, err := r.deliver(ctx, one, key, body)
	if err != nil || !on {
		return err
	}
	r.note(func() {
		r.report.Repeats++
		if again.ID != first.ID || !again.replayed {
			r.report.Doubled = append(r.report.Doubled, one.Number)
		}
	})
	return nil
}

// body is what a row is sent as; the error is the row's own fault.
func (r *run) body(one sheet.Row) ([]byte, error) {
	if one.Fault != nil {
		return nil, one.Fault
	}
	for i, cell := range one.Cells {
		if r.used[r.header[i]] && !r.table.Readable(cell) {
			return nil, fmt.Errorf("%s: some characters cannot be read; is --encoding right?", r.header[i])
		}
	}
	complaint, err := r.m.complaint(r.header, one.Cells)
	if err != nil {
		return nil, err
	}
	return json.Marshal(complaint)
}

// deliver sends a row once; on says that it is on record.
func (r *run) deliver(ctx context.Context, one sheet.Row, key string, body []byte) (a answer, on bool, err error) {
	r.note(func() { r.report.Sent++ })
	a, err = r.door.open(ctx, key, body)
	var refused *refusal
	switch {
	case errors.Is(err, errShut):
		r.refuse(one, err)
		return a, false, fmt.Errorf("stopped at row %d: %w", one.Number, err)
	case errors.As(err, &refused):
		r.note(func() { r.report.RefusedByAPI++ })
		r.refuse(one, err)
		return a, false, nil
	case err != nil && ctx.Err() != nil:
		r.giveUp(one, err)
		return a, false, context.Cause(ctx)
	case err != nil:
		r.giveUp(one, err)
		return a, false, nil
	}
	r.note(func() {
		r.took = append(r.took, a.took)
		if a.replayed {
			r.report.Replayed++
		} else {
			r.report.Accepted++
		}
	})
	return a, true, nil
}

func (r *run) note(what func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	what()
}

// keep notes which case a row led to.
func (r *run) keep(one sheet.Row, a answer) {
	if r.cases[a.Number] {
		r.report.Doubled = append(r.report.Doubled, one.Number)
	}
	r.cases[a.Number] = true
	switch {
	case a.replayed && a.retried:
		r.report.Recovered++
	case a.replayed:
		r.report.Earlier++
	}
	if r.earliest.IsZero() || a.ReceivedAt.Before(r.earliest) {
		r.earliest = a.ReceivedAt
	}
}

func (r *run) refuse(one sheet.Row, why error) {
	r.note(func() {
		r.report.Refused = append(r.report.Refused, Fault{Row: one.Number, Line: one.Line, Why: why.Error(), Cells: one.Cells})
	})
}

func (r *run) giveUp(one sheet.Row, why error) {
	r.note(func() {
		r.report.Unanswered = append(r.report.Unanswered, Fault{Row: one.Number, Line: one.Line, Why: why.Error(), Cells: one.Cells})
	})
}

// Key is the Idempotency-Key of a row: the same file and row have the same key in every run.
func Key(digest string, number int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d", digest, number))
	return hex.EncodeToString(sum[:16])
}

// repeated chooses the share of keys that are sent twice, the same in every run.
func repeated(key string, share float64) bool {
	sum := sha256.Sum256([]byte("repeat " + key))
	return float64(binary.BigEndian.Uint32(sum[:4])) < share*(1<<32)
}
