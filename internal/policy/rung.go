package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"recourse/internal/document"
	"recourse/models"
)

// When a rung is, as people write it.
const (
	rungOnce = "once"
	rungDue  = "due"
)

// when reads when a rung is: "once", "75%", "due" or "due + 4h".
func (r *reader) when(rung *models.Rung, n *yaml.Node, at string) {
	text, is := r.Text(n, at)
	if !is {
		return
	}
	share, percent := strings.CutSuffix(text, "%")
	late, after := strings.CutPrefix(text, rungDue)
	switch {
	case text == rungOnce:
		rung.AtOnce = true
	case text == rungDue:
	case percent:
		n, err := strconv.Atoi(strings.TrimSpace(share))
		if err != nil || n < 1 || n > 99 {
			r.Fault(at, "%q is no share between nothing and all; for all of it write %q", text, rungDue)
		}
		rung.Share = n
	case after && strings.HasPrefix(strings.TrimSpace(late), "+"):
		length, err := parseLength(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(late), "+")))
		if err != nil || length == 0 {
			r.Fault(at, "%q: behind the plus stands a length such as 15m, 24h or 3d", text)
		}
		rung.After = length
	default:
		r.Fault(at, "%q is no place on a ladder, such as %s, %s or due + 4h", text, rungOnce, rungDue)
	}
}

// by reads the ways of an alert, in the order in which they are known. The ones without saying are none.
func (r *reader) by(n *yaml.Node, at string) []models.AlertWay {
	var named []models.AlertWay
	r.List(n, at, len(models.AlertWays()), func(n *yaml.Node, at string) {
		way := document.OneOf(&r.Reader, n, at, models.AlertWays())
		if slices.Contains(named, way) {
			r.Fault(at, "%q stands here twice", way)
		}
		named = append(named, way)
	})
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		r.Fault(at, "name at least one way; %s alone is one", models.WayInbox)
	}
	var ways []models.AlertWay
	for _, way := range models.AlertWays() {
		if slices.Contains(named, way) && (way != models.WayInbox || len(named) == 1) {
			ways = append(ways, way)
		}
	}
	if slices.Equal(ways, []models.AlertWay{models.WayEmail, models.WayChat}) {
		return nil
	}
	return ways
}

// whenText writes when a rung is, as it is read.
func whenText(r models.Rung) string {
	switch {
	case r.AtOnce:
		return rungOnce
	case r.Share > 0:
		return strconv.Itoa(r.Share) + "%"
	case r.After > 0:
		return rungDue + " + " + lengthText(r.After)
	}
	return rungDue
}

// place orders rungs on their ladder: at once, by share, when due, afterwards.
func place(r models.Rung) time.Duration {
	switch {
	case r.AtOnce:
		return -100
	case r.Share > 0:
		return time.Duration(r.Share - 100)
	}
	return r.After
}

// climbing says what is wrong with the order of a ladder's rungs.
func (r *reader) climbing(l models.Ladder) {
	at := fmt.Sprintf("/ladders/%s/%s", l.Severity, l.Class)
	told := false
	for i, rung := range l.Rungs {
		here := at + "/" + strconv.Itoa(i)
		if i > 0 && place(rung) <= place(l.Rungs[i-1]) {
			r.Fault(here+"/at", "%q does not come after %q, the rung before it", whenText(rung), whenText(l.Rungs[i-1]))
		}
		switch {
		case len(rung.RepeatTo) > 0 && rung.AckWithin == 0:
			r.Fault(here+"/repeat_to", "say with ack_within how long to wait for an acknowledgement first")
		case (len(rung.RepeatTo) > 0) != (rung.Repeats > 0):
			r.Fault(here+"/repeats", "repeat_to and repeats belong together")
		}
		told = told || place(rung) >= 0
	}
	if !told {
		r.Fault(at, "nobody is told when a clock is late: a rung at %q or later is missing", rungDue)
	}
}
