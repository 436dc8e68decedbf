package api

import (
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

	"recourse/models"
)

// maxThrottled is how many callers a throttle remembers at once.
const maxThrottled = 10_000

// throttle slows down whoever asks too often. It remembers a bounded number of callers; beyond that
// the idle are forgotten first, and then anybody: memory is worth more than a perfect count.
type throttle struct {
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

func newThrottle(r rate.Limit, burst int, now func() time.Time) *throttle {
	return &throttle{rate: r, burst: burst, now: now, callers: map[string]*caller{}}
}

// wait says how long key must wait before it may ask again; 0: it may go on now.
func (t *throttle) wait(key string) time.Duration {
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

func (t *throttle) makeRoom(now time.Time) {
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

// limitRate slows the customers' pages down, per address and link.
func (d *door) limitRate(c *gin.Context) {
	if !forCustomers(inboundOf(c.Request.Context()).route) {
		return
	}
	if wait := d.throttle.wait(c.ClientIP() + " " + c.Param("token")); wait > 0 {
		d.refuse(c, &refusal{base: models.Refuse(models.CodeTooMany, "slow down, please"), retry: wait})
	}
}
