package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"time"
)

// heartbeat keeps proxies from taking a quiet line for a dead one.
const heartbeat = 15 * time.Second

// live tells a page which cases change while it is open, of those that its reader may see. What a
// page does with it is its own affair; it never reads a case from here. A page that shows one case
// names it, and is told who else looks at it.
func (c *console) live(v *visit) error {
	line := http.NewResponseController(v.w)
	if err := errors.Join(line.SetWriteDeadline(time.Time{}), line.SetReadDeadline(time.Time{})); err != nil { // it is meant to stay open
		return err
	}
	v.w.Header().Set("Content-Type", "text/event-stream")
	v.w.Header().Set("X-Accel-Buffering", "no")
	changes := c.Cases.Watch(v.r.Context(), v.Actor)
	number := v.r.URL.Query().Get("case")
	if number != "" && !c.mayStill(v.r.Context(), v.Actor, number) {
		number = ""
	}
	here := &seat{}
	if number != "" {
		here = c.present.enter(number, v.Person.ID, v.Person.Name)
		defer func() { c.present.leave(number, here) }()
	}
	_, _ = fmt.Fprint(v.w, "retry: 2000\n: hello\n\n")
	if err := line.Flush(); err != nil {
		return err
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-v.r.Context().Done():
			return nil
		case change := <-changes:
			told, _ := json.Marshal(map[string]any{"number": change.Number, "seq": change.Seq, "new": change.New})
			_, _ = fmt.Fprintf(v.w, "event: case\ndata: %s\n\n", told)
			if change.Number == number && !c.mayStill(v.r.Context(), v.Actor, number) { // it was restricted, or changed hands
				c.present.leave(number, here)
				here = &seat{}
			}
		case <-here.moved:
			if !c.mayStill(v.r.Context(), v.Actor, number) {
				c.present.leave(number, here)
				here = &seat{}
				continue
			}
			told, _ := json.Marshal(map[string]string{"says": v.sayOthers(number)})
			_, _ = fmt.Fprintf(v.w, "event: here\ndata: %s\n\n", told)
		case <-beat.C:
			if in, err := c.signed(v.r); err != nil || in == nil || !reflect.DeepEqual(in.Person.Actor(), v.Actor) {
				return nil // who was signed out, or may see other cases now, hears no more on this line
			}
			_, _ = fmt.Fprint(v.w, ": still here\n\n")
		}
		if line.Flush() != nil {
			return nil // the window was closed
		}
	}
}
