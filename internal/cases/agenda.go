package cases

import (
	"context"
	"sync"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// agenda is what a case holds for somebody to decide or to call about. It stands in the snapshot alone,
// which takes longer to read than all the rest of a page.
type agenda struct {
	seq        int64 // of the snapshot that it was read from
	requests   []lifecycle.Request
	clocks     map[int64]models.ClockSpan // the approval clocks, by request
	proposedBy string
	cycle      int
	callback   lifecycle.Callback
}

// awaits says whether the case waits for what comes of an attempt to call the customer back.
func (a agenda) awaits(cycle, attempt int) bool {
	return lifecycle.Case{Cycle: a.cycle, Callback: a.callback}.Awaits(cycle, attempt)
}

// call is the attempt placed last.
func (a agenda) call() CallView {
	return CallView{Attempt: a.callback.Attempt, NotBefore: a.callback.NotBefore, Until: a.callback.Until}
}

// agendasMost bounds how many are kept in memory.
const agendasMost = 2000

// agendas keeps those that were read. A snapshot of a sequence never changes, so they are true for as
// long as the row says the same sequence.
type agendas struct {
	mu   sync.Mutex
	kept map[string]agenda
}

// recall returns the agenda of a case as it stands.
func (k *agendas) recall(row models.Case) (agenda, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	one, is := k.kept[row.ID]
	return one, is && one.seq == row.Seq
}

func (k *agendas) keep(id string, one agenda) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept == nil || len(k.kept) >= agendasMost {
		k.kept = map[string]agenda{}
	}
	k.kept[id] = one
}

// agendasOf returns what is to be done on some cases, by their ids, reading the snapshots only of those
// that have moved on since.
func (s *Service) agendasOf(ctx context.Context, rows []models.Case) (map[string]agenda, error) {
	found, unknown := make(map[string]agenda, len(rows)), []string(nil)
	for _, row := range rows {
		if one, is := s.agendas.recall(row); is {
			found[row.ID] = one
		} else {
			unknown = append(unknown, row.ID)
		}
	}
	if len(unknown) == 0 {
		return found, nil
	}
	whole, err := s.Store.CasesOf(ctx, unknown)
	if err != nil {
		return nil, err
	}
	for id, row := range whole {
		one, err := agendaOf(row)
		if err != nil {
			return nil, err
		}
		s.agendas.keep(id, one)
		found[id] = one
	}
	return found, nil
}

func agendaOf(row models.Case) (agenda, error) {
	c, err := lifecycle.Restore(row)
	if err != nil {
		return agenda{}, err
	}
	one := agenda{seq: row.Seq, requests: c.Requests, proposedBy: c.Proposal.By, cycle: c.Cycle, callback: c.Callback, clocks: map[int64]models.ClockSpan{}}
	for _, run := range c.Runs {
		if run.Clock == models.ClockApproval {
			one.clocks[run.Seq] = run.ClockSpan
		}
	}
	return one, nil
}
