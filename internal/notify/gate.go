package notify

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"recourse/models"
)

// gates let messages to endpoints through at the pace that each endpoint takes, and keep them away from
// one that does not answer: a dead receiver must not hold up everybody's mail.
type gates struct {
	mu  sync.Mutex
	all map[string]*gate
}

// gate is the way to one endpoint.
type gate struct {
	perMinute int
	changed   time.Time            // of the endpoint: whoever mended it wants to see that now
	bucket    *rate.Limiter        // nil: no limit
	turns     map[string]time.Time // of the messages that wait, by id
	last      time.Time            // of the turns given
	failures  int                  // one after the other
	quiet     time.Time            // until then the endpoint is left alone
}

// How long an endpoint is left alone when it does not take messages.
const (
	firstQuiet = 2 * time.Second
	mostQuiet  = time.Minute
	turnLife   = 10 * time.Minute      // a turn not taken by then was taken in another process
	slack      = 20 * time.Millisecond // a token is whole when its turn comes
)

// turn says until when a message has to wait; zero: it may go now. Who comes later waits behind it.
func (g *gates) turn(e models.Endpoint, id string, now time.Time) time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	one := g.of(e)
	if now.Before(one.quiet) {
		return one.quiet
	}
	if one.bucket == nil {
		return time.Time{}
	}
	at, waited := one.turns[id]
	if waited && now.Before(at) {
		return at
	}
	if (waited || !now.Before(one.last)) && one.bucket.AllowN(now, 1) {
		delete(one.turns, id)
		return time.Time{}
	}
	one.forget(now)
	if one.last.Before(now) {
		one.last = now
	}
	one.last = one.last.Add(time.Duration(float64(time.Second)/float64(one.bucket.Limit())) + slack)
	one.turns[id] = one.last
	return one.last
}

// went notes whether an endpoint took a message, or how long it wants to be left alone.
func (g *gates) went(e models.Endpoint, now time.Time, taken bool, wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	one := g.of(e)
	if taken {
		one.failures, one.quiet = 0, time.Time{}
		return
	}
	pause := min(firstQuiet<<min(one.failures, 10), mostQuiet)
	one.failures++
	one.quiet = now.Add(max(pause, wait))
}

func (g *gates) of(e models.Endpoint) *gate {
	if g.all == nil {
		g.all = map[string]*gate{}
	}
	one := g.all[e.ID]
	if one == nil || one.perMinute != e.PerMinute || !one.changed.Equal(e.ChangedAt) {
		one = &gate{perMinute: e.PerMinute, changed: e.ChangedAt, bucket: bucket(e.PerMinute), turns: map[string]time.Time{}}
		g.all[e.ID] = one
	}
	return one
}

// forget drops turns that nobody will take any more.
func (g *gate) forget(now time.Time) {
	for id, at := range g.turns {
		if now.Sub(at) > turnLife {
			delete(g.turns, id)
		}
	}
}

// bucket lets so many through in any minute, a quarter of them at once: what flows in while a full bucket
// is emptied counts as well.
func bucket(perMinute int) *rate.Limiter {
	if perMinute == 0 {
		return nil
	}
	burst := perMinute / 4
	if burst < 2 {
		return rate.NewLimiter(rate.Every(time.Minute/time.Duration(perMinute)), 1)
	}
	return rate.NewLimiter(rate.Every(time.Minute/time.Duration(perMinute-burst)), burst)
}
