package console

import (
	"io"
	"net/http"
	"time"
)

// A browser sends a form to its end before it reads what is answered. Where we answer and hang up before
// that, it shows that the connection broke, and what was typed is gone. So the rest of a form that is
// refused for its size is read and thrown away: up to mostDrained bytes, which is a film of some minutes,
// for as long as the files of strangers may travel, and of so many forms at a time. Beyond that we hang up.
const (
	mostDrained = 256 << 20
	drainTime   = arrivalTime
	draining    = 4
)

// drain throws away what is still to come of a form, so that the answer is read.
func (v *visit) drain() {
	if v.r.ContentLength > mostDrained {
		return
	}
	select {
	case v.c.draining <- struct{}{}:
		defer func() { <-v.c.draining }()
	default: // nobody waits for a kind word to others
		return
	}
	wire, until := http.NewResponseController(v.w), v.c.Now().Add(drainTime)
	_ = wire.SetReadDeadline(until) // where it cannot be set, the server's holds
	_ = wire.SetWriteDeadline(until.Add(time.Minute))
	_, _ = io.CopyN(io.Discard, v.r.Body, mostDrained) // whoever stops sending is answered as well
}
