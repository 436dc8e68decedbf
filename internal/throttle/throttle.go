package throttle

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxThrottled is how many callers a throttle remembers at once.
const maxThrottled = 10_000

// Throttle slows down whoever asks too often. It remembers a bounded number of callers; beyond that
// the idle are forgotten first, and then anybody: memory is worth more than a perfect count.
type Throttle struct {
	rate  rate.Limit
	burst int
	now   func() time.Time

	mu      sync.Mutex
	callers map[string]*caller
}

type caller struct {
	limit *rate.Limiter
	seen  time.Time
}

// New makes a throttle that lets everybody ask burst times at once and r times a second after that.
func New(r rate.Limit, burst int, now func() time.Time) *Throttle {
	return &Throttle{rate: r, burst: burst, now: now, callers: map[string]*caller{}}
}

// Wait says how long key must wait before it may ask again; 0: it may go on now.
func (t *Throttle) Wait(key string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	who := t.callers[key]
	if who == nil {
		t.makeRoom(now)
		who = &caller{limit: rate.NewLimiter(t.rate, t.burst)}
		t.callers[key] = who
	}
	who.seen = now
	asked := who.limit.ReserveN(now, 1)
	delay := asked.DelayFrom(now)
	if delay > 0 {
		asked.CancelAt(now)
	}
	return delay
}

func (t *Throttle) makeRoom(now time.Time) {
	if len(t.callers) < maxThrottled {
		return
	}
	idle := time.Duration(float64(t.burst) / float64(t.rate) * float64(time.Second)) // by then their bucket is full
	for key, who := range t.callers {
		if now.Sub(who.seen) > idle {
			delete(t.callers, key)
		}
	}
	for key := range t.callers {
		if len(t.callers) < maxThrottled {
			return
		}
		delete(t.callers, key)
	}
}
