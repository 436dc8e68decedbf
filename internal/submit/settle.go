package submit

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"
)

// settleStep is how long is waited between two looks at what the engine does.
const settleStep = 500 * time.Millisecond

// settle waits until every case that was accepted has its workflow, and counts what is on record.
func (r *run) settle(ctx context.Context) error {
	if len(r.cases) == 0 {
		return nil
	}
	if err := r.allStarted(ctx); err != nil {
		return err
	}
	if err := r.onRecord(ctx); err != nil {
		return err
	}
	return r.firstTasks(ctx)
}

// allStarted waits until nothing as old as our complaints is still to be started. Whatever waits and
// is younger than our last answer is somebody else's.
func (r *run) allStarted(ctx context.Context) error {
	until := r.cfg.Now().Add(r.cfg.Patience)
	for {
		var ready struct {
			RelayAge int64 `json:"relay_age_seconds"`
		}
		_, err := r.door.get(ctx, "/readyz", &ready)
		if err == nil && time.Duration(ready.RelayAge+1)*time.Second <= r.cfg.Now().Sub(r.done) {
			r.report.Started, r.report.StartedAfter = len(r.cases), r.cfg.Now().Sub(r.done)
			return nil
		}
		if r.cfg.Now().After(until) {
			return errors.Join(fmt.Errorf("after %s complaints still wait for their workflows, the oldest for %d s", r.cfg.Patience, ready.RelayAge), err)
		}
		if err := r.cfg.Sleep(ctx, settleStep); err != nil {
			return err
		}
	}
}

// onRecord finds our cases in the list of all, page by page.
func (r *run) onRecord(ctx context.Context) error {
	found := map[string]int{}
	from := r.earliest.UTC().Truncate(time.Second).Format(time.RFC3339)
	for path := "/api/v1/complaints?limit=200&received_from=" + url.QueryEscape(from); path != "" && len(found) < len(r.cases); {
		var page struct {
			Items []struct {
				Number string `json:"number"`
			} `json:"items"`
		}
		next, err := r.door.get(ctx, path, &page)
		if err != nil {
			return fmt.Errorf("list what is on record: %w", err)
		}
		for _, item := range page.Items {
			if r.cases[item.Number] {
				found[item.Number]++
			}
		}
		path = next
	}
	r.report.OnRecord = len(found)
	return nil
}

// firstTasks waits until as many workflows completed their first task as there are new cases.
func (r *run) firstTasks(ctx context.Context) error {
	if r.cfg.Counter == nil {
		return nil
	}
	least, _ := r.report.newCases()
	until := r.cfg.Now().Add(r.cfg.Patience)
	for {
		n, err := r.cfg.Counter.FirstTasks(ctx)
		if err != nil {
			return fmt.Errorf("count first tasks: %w", err)
		}
		done := n - r.tasksBefore
		r.report.FirstTasks = &done
		if done >= least || r.cfg.Now().After(until) {
			r.report.SettledAfter = r.cfg.Now().Sub(r.done)
			return nil
		}
		if err := r.cfg.Sleep(ctx, settleStep); err != nil {
			return err
		}
	}
}
