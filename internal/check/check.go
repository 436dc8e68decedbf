package check

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"recourse/models"
)

// Record is the record as the checker reads it.
type Record interface {
	// Dossiers returns up to n cases in the order of their ids behind afterID, each as it stood at
	// one instant.
	Dossiers(ctx context.Context, afterID string, n int) ([]models.Dossier, error)
	// Case returns the row of a case; CodeNotFound when there is none.
	Case(ctx context.Context, id string) (models.Case, error)
	// Faults lists what the database itself finds wrong.
	Faults(ctx context.Context) ([]string, error)
	// Loose lists what points to rows that are not there.
	Loose(ctx context.Context) ([]string, error)
	// OpenedTwice returns the first entries of cases that one command opened, by command and instant.
	OpenedTwice(ctx context.Context) ([]models.Entry, error)
	// AnsweredKeys visits the idempotency keys whose answer is kept.
	AnsweredKeys(ctx context.Context, visit func(models.IdempotencyKey) error) error
	// AllFiles visits every attachment, staged or not.
	AllFiles(ctx context.Context, visit func(models.Attachment) error) error
}

// Engine is what runs the workflows.
type Engine interface {
	// Running lists the ids of the cases whose workflows run, by an index that may lag.
	Running(ctx context.Context) ([]string, error)
	// Runs says whether the workflow of a case runs now.
	Runs(ctx context.Context, caseID string) (bool, error)
}

// Plans knows every version of the policy that a case ever ran under.
type Plans interface {
	// Plan returns what version says for a customer in a zone at an instant; false when nobody knows
	// that version any more.
	Plan(version string, at time.Time, customerZone string) (models.Plan, bool)
}

// Vault opens texts.
type Vault interface {
	// OpenText returns the words and their digest.
	OpenText(wrapped []byte, keyID, ref string, sealed []byte) (words, digest string, err error)
	// OpenFile returns the bytes of an attachment, DigestFile what an event keeps of them.
	OpenFile(wrapped []byte, keyID, ref string, sealed []byte) ([]byte, error)
	DigestFile(content []byte) string
}

// Files are the sealed bytes of attachments.
type Files interface {
	// Get returns bytes by the hash of themselves; an error when they are missing or altered.
	Get(name string) ([]byte, error)
	// Each visits the names of all files, and since when they are there.
	Each(visit func(name string, since time.Time) error) error
}

// Config is what the checker needs beside the record.
type Config struct {
	Now      func() time.Time
	Plans    Plans
	Vault    Vault           // nil: texts are not opened, and the report says so
	Files    Files           // nil: attachments' bytes are not read, and the report says so
	Grace    time.Duration   // how long what is due may take to be on record; 0: a minute
	Most     int             // findings listed per invariant at most; 0: 20
	Progress func(cases int) // called now and then; may be nil
}

// pageSize is how many cases are in memory at a time.
const pageSize = 100

// Run checks every invariant over the whole record. A nil engine leaves the workflows unchecked, and
// with them what should have happened since the last event of each case. The error says that the
// check could not be done; what is wrong with the record stands in the report.
func Run(ctx context.Context, record Record, engine Engine, cfg Config) (Report, error) {
	r, err := begin(ctx, record, engine, cfg)
	if err != nil {
		return Report{}, err
	}
	if err := r.pages(ctx); err != nil {
		return Report{}, err
	}
	for i, inv := range Invariants() {
		if inv.whole == nil || r.report.Verdicts[i].Skipped {
			continue
		}
		found, err := inv.whole(ctx, r)
		if err != nil {
			return Report{}, fmt.Errorf("%s: %w", inv.Key, err)
		}
		for _, f := range found {
			r.report.Verdicts[i].find(f, r.cfg.Most)
		}
	}
	r.report.Took = cfg.Now().Sub(r.now)
	return r.report, nil
}

// round is one check under way.
type round struct {
	record Record
	engine Engine
	cfg    Config
	now    time.Time
	report Report

	running  map[string]bool   // workflows not yet met by their case
	answered map[string]string // case named by a kept answer, not yet met → the key's route
	ladders  sync.Map          // by version of the policy
}

func begin(ctx context.Context, record Record, engine Engine, cfg Config) (*round, error) {
	if cfg.Grace == 0 {
		cfg.Grace = time.Minute
	}
	if cfg.Most == 0 {
		cfg.Most = 20
	}
	r := &round{record: record, engine: engine, cfg: cfg, now: cfg.Now()}
	r.report = Report{At: r.now.UTC()}
	for _, inv := range Invariants() {
		v := Verdict{Key: inv.Key, Title: inv.Title}
		if inv.skip != nil {
			v.Note = inv.skip(r)
			v.Skipped = v.Note != ""
		}
		r.report.Verdicts = append(r.report.Verdicts, v)
	}
	if err := r.listWorkflows(ctx); err != nil {
		return nil, err
	}
	return r, r.listAnswers(ctx)
}

// pages checks all cases, and reads some while it checks those before them.
func (r *round) pages(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type read struct {
		page []models.Dossier
		err  error
	}
	ahead := make(chan read)
	go func() {
		defer close(ahead)
		for after := ""; ; {
			page, err := r.record.Dossiers(ctx, after, pageSize)
			select {
			case ahead <- read{page, err}:
			case <-ctx.Done():
				return
			}
			if err != nil || len(page) < pageSize {
				return
			}
			after = page[len(page)-1].Case.ID
		}
	}()
	for got := range ahead {
		if got.err != nil {
			return fmt.Errorf("read the record: %w", got.err)
		}
		if err := r.page(ctx, got.page); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// page checks some cases, each on its own, as many at a time as there are processors.
func (r *round) page(ctx context.Context, page []models.Dossier) error {
	type outcome struct {
		found  [][]string
		events int
		err    error
	}
	outcomes := make([]outcome, len(page))
	var (
		work sync.WaitGroup
		next = make(chan int)
	)
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			for i := range next {
				o := &outcomes[i]
				o.found, o.events, o.err = r.one(ctx, page[i])
			}
		})
	}
	for i := range page {
		next <- i
	}
	close(next)
	work.Wait()
	for i, o := range outcomes {
		if o.err != nil {
			return fmt.Errorf("check case %s: %w", page[i].Case.Number, o.err)
		}
		r.count(page[i], o.found, o.events)
	}
	if r.cfg.Progress != nil {
		r.cfg.Progress(r.report.Cases)
	}
	return ctx.Err()
}

// one checks one case against every invariant.
func (r *round) one(ctx context.Context, d models.Dossier) (found [][]string, events int, err error) {
	f := r.open(d)
	found = make([][]string, len(r.report.Verdicts))
	for i, inv := range Invariants() {
		if inv.each == nil || r.report.Verdicts[i].Skipped || f.unread != nil && inv.Key != KeyChain {
			continue
		}
		if found[i], err = inv.each(ctx, f); err != nil {
			return nil, 0, err
		}
	}
	return found, len(f.events), nil
}

// count takes what was found about a case into the report.
func (r *round) count(d models.Dossier, found [][]string, events int) {
	r.report.Cases++
	r.report.Events += events
	r.report.tally(d)
	for i, says := range found {
		if len(says) > 0 {
			r.report.Verdicts[i].find(Finding{Number: nameOf(d.Case), Says: says}, r.cfg.Most)
		}
	}
	delete(r.running, d.Case.ID)
	delete(r.answered, d.Case.ID)
}

// nameOf is what people call a case: its number, or its id when it has none.
func nameOf(c models.Case) string {
	if c.Number == "" {
		return c.ID
	}
	return c.Number
}

// most cuts a list of sayings about one case short.
func most(says []string) []string {
	const n = 5
	if len(says) <= n {
		return says
	}
	return append(slices.Clip(says[:n]), fmt.Sprintf("and %d more", len(says)-n))
}
