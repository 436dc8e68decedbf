package cases

import (
	"context"
	"sync"
	"time"

	"recourse/models"
)

// How often the record is asked what changed, and how far back it is asked each time: for writers
// whose clock lags and transactions that took long.
const (
	watchEvery = 250 * time.Millisecond
	watchAgain = 5 * time.Second
	watchMost  = 1000 // rows a time
)

// Change says that a case is not as it was.
type Change struct {
	ID, Number string
	Seq        int64
	New        bool // it was put on record just now
}

// watch tells everybody who watches what changed, whichever process changed it. It asks the record
// only while somebody watches.
type watch struct {
	mu       sync.Mutex
	watchers map[*watcher]struct{}
	stop     context.CancelFunc
}

// watcher is one window of somebody. What it cannot take at once is dropped: the next change of the
// same case tells as much, and a page that comes back asks for all of it.
type watcher struct {
	actor models.Actor
	ahead chan Change
}

// watchAhead is how many changes wait for one window.
const watchAhead = 256

// Watch tells of every change of a case that the actor may see, until ctx ends. Changes of the last
// seconds may be told twice.
func (s *Service) Watch(ctx context.Context, a models.Actor) <-chan Change {
	w := &watcher{actor: a, ahead: make(chan Change, watchAhead)}
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	if s.watch.watchers == nil {
		s.watch.watchers = map[*watcher]struct{}{}
	}
	s.watch.watchers[w] = struct{}{}
	if s.watch.stop == nil {
		background, stop := context.WithCancel(context.WithoutCancel(ctx)) // it outlives this window
		s.watch.stop = stop
		go s.keepWatch(background)
	}
	context.AfterFunc(ctx, func() { s.endWatch(w) })
	return w.ahead
}

func (s *Service) endWatch(w *watcher) {
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	delete(s.watch.watchers, w)
	if len(s.watch.watchers) == 0 && s.watch.stop != nil {
		s.watch.stop()
		s.watch.stop = nil
	}
}

// keepWatch asks the record what changed until nobody watches.
func (s *Service) keepWatch(ctx context.Context) {
	seen := map[string]int64{} // case → sequence told last
	last := s.Now()
	every := time.NewTicker(watchEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
		now := s.Now() // what is written from here on is found the next time
		if !s.tellSince(ctx, last.Add(-watchAgain), seen) {
			continue
		}
		last = now
		if len(seen) > 100*watchMost { // told long ago; the window of the last seconds is short
			seen = map[string]int64{}
		}
	}
}

// tellSince tells what was written after an instant and not told yet, page by page; false when the
// record did not answer.
func (s *Service) tellSince(ctx context.Context, after time.Time, seen map[string]int64) bool {
	for {
		rows, last, err := s.Store.Changed(ctx, after, watchMost)
		if err != nil {
			s.Logger.DebugContext(ctx, "not known what changed", "error", err)
			return false
		}
		for _, row := range rows {
			if seen[row.ID] < row.Seq {
				_, known := seen[row.ID]
				seen[row.ID] = row.Seq
				s.tell(row, !known && row.Seq <= openedSeq)
			}
		}
		if len(rows) < watchMost || !last.After(after) {
			return true
		}
		after = last
	}
}

// openedSeq is up to which sequence a case has just been put on record.
const openedSeq = 2

// tell passes a change on to those who may see the case.
func (s *Service) tell(row models.Case, isNew bool) {
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	for w := range s.watch.watchers {
		if models.See(w.actor, row.Standing()) == models.SightNone {
			continue
		}
		select {
		case w.ahead <- Change{ID: row.ID, Number: row.Number, Seq: row.Seq, New: isNew}:
		default:
		}
	}
}
