package console

import (
	"net/http"
	"slices"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// alertsPage is what waits for somebody's acknowledgement, what climbs first first.
type alertsPage struct {
	directory

	Waiting []waitingAlert
	More    bool // others wait behind these
	Recent  []cases.AlertView
	Refused string // why the last acknowledgement came to nothing
	Reason  string // that was written, where its alert does not wait any more
}

// waitingAlert is an alert with forms of its own.
type waitingAlert struct {
	cases.WaitingAlert

	Key     string   // of the forms
	Path    string   // before what is done with it
	Snoozes []option // to when it may be put off
	Takers  []option // to whom it may be handed over
	Opened  string   // the form that was refused: snooze or hand-over
	Until   string   // that was chosen there, as the person and the reason
	Taker   string
	Reason  string
	Faults  map[string]string

	name func(id string) string // of a person
}

// Named is what somebody is called.
func (a waitingAlert) Named(id string) string { return a.name(id) }

// alertOf is an alert with its forms, sent to a path and what is done.
func (v *visit) alertOf(w cases.WaitingAlert, path string, name func(id string) string) waitingAlert {
	one := waitingAlert{WaitingAlert: w, Key: v.c.NewID(), Path: path + w.ID, Snoozes: v.snoozes(w), name: name}
	for _, id := range w.HandTo {
		one.Takers = append(one.Takers, option{id, name(id)})
	}
	return one
}

// refuse draws the form again that was refused, with what was chosen and written.
func (a *waitingAlert) refuse(v *visit, act string, why error, faults map[string]string) {
	a.Key, a.Opened, a.Faults = v.keyAfter(why), act, faults
	a.Until, a.Taker, a.Reason = v.field("until"), v.field("person"), v.field("reason")
}

// recentAlerts is how many of one's own acknowledgements are shown.
const recentAlerts = 10

func (c *console) alerts(v *visit) error {
	page, err := c.waitingAlerts(v)
	if err != nil {
		return err
	}
	if v.r.Header.Get("HX-Request") == "true" {
		return v.part("alerts", "waiting", page)
	}
	return v.show("alerts", page)
}

func (c *console) waitingAlerts(v *visit) (page alertsPage, err error) {
	ctx := v.r.Context()
	waiting, more, err := c.Cases.Waiting(ctx, v.Actor)
	if err != nil {
		return page, err
	}
	page.More = more
	if page.Recent, err = c.Cases.Acknowledged(ctx, v.Actor, recentAlerts); err != nil {
		return page, err
	}
	if page.directory, err = v.directory(ctx); err != nil {
		return page, err
	}
	for _, w := range waiting {
		page.Waiting = append(page.Waiting, v.alertOf(w, "/alerts/", page.Person))
	}
	return page, nil
}

// snoozes are the instants to which an alert may be put off: some round times from now, and the latest.
func (v *visit) snoozes(w cases.WaitingAlert) (options []option) {
	if w.SnoozeUntil.IsZero() {
		return nil
	}
	add := func(at time.Time) {
		options = append(options, option{at.UTC().Format(time.RFC3339Nano), v.Say("alerts.snooze_until", "at", v.Short(at, v.c.Now(), v.Zone), "span", v.Span(at.Sub(v.c.Now()).Round(time.Minute)))})
	}
	for _, d := range []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour} {
		if at := v.c.Now().Add(d).Truncate(time.Minute); at.After(w.SnoozeAfter.Add(time.Minute)) && at.Before(w.SnoozeUntil.Add(-time.Minute)) {
			add(at)
		}
	}
	add(w.SnoozeUntil)
	return options
}

// acknowledge takes an alert on. One that waits for nobody any more is said so above those that do.
func (c *console) acknowledge(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	done, err := c.Cases.Acknowledge(v.r.Context(), v.call("acknowledge "+v.r.PathValue("id")), v.r.PathValue("id"))
	switch models.CodeOf(err) { //nolint:exhaustive // the others are a page of their own
	case "":
		v.tell("done.acknowledged", "number", done.Number)
		return v.goTo("/alerts")
	case models.CodeConflict, models.CodeForbidden, models.CodeUnavailable, models.CodeUnlawful, models.CodeOutcomeUnknown, models.CodeInFlight:
		page, failed := c.waitingAlerts(v)
		if failed != nil {
			return failed
		}
		page.Refused = v.why(err)
		return v.showAs(statusOf(err), "alerts", page)
	}
	return err
}

// What is done with an alert for a reason, as its form is addressed.
const (
	actSnooze   = "snooze"
	actHandOver = "hand-over"
)

// putOff does with an alert what its form says: puts it off until one of the instants that were offered, or
// gives it to somebody else.
func (c *console) putOff(v *visit, act string) (cases.Done, error) {
	ctx, id := v.r.Context(), v.r.PathValue("id")
	call := v.call(act + " " + id)
	if act == actHandOver {
		return c.Cases.HandOver(ctx, call, id, v.field("person"), v.field("reason"))
	}
	until, err := time.Parse(time.RFC3339Nano, v.field("until"))
	if err != nil {
		return cases.Done{}, models.Invalid("/until", "choose until when the alert is put off")
	}
	return c.Cases.Snooze(ctx, call, id, until, v.field("reason"))
}

// onAlert does something with an alert that has a reason. A refused form keeps what was filled in.
func (c *console) onAlert(act string) handler {
	return func(v *visit) error { return c.putOffHere(v, act) }
}

func (c *console) putOffHere(v *visit, act string) error {
	if err := v.form(mostWords); err != nil {
		return err
	}
	id := v.r.PathValue("id")
	done, err := c.putOff(v, act)
	if err == nil {
		v.tell("done."+act, "number", done.Number)
		return v.goTo("/alerts")
	}
	faults := v.faults(err)
	if faults == nil {
		return err
	}
	page, failed := c.waitingAlerts(v)
	if failed != nil {
		return failed
	}
	i := slices.IndexFunc(page.Waiting, func(w waitingAlert) bool { return w.ID == id })
	if i < 0 {
		page.Refused, page.Reason = v.why(err), v.field("reason")
		return v.showAs(statusOf(err), "alerts", page)
	}
	page.Waiting[i].refuse(v, act, err, faults)
	return v.showAs(statusOf(err), "alerts", page)
}

// inboxPage is what was sent to somebody.
type inboxPage struct {
	Notices []cases.Notice
	Next    string
}

func (c *console) inbox(v *visit) error {
	page, err := c.Cases.Inbox(v.r.Context(), v.Actor, v.r.URL.Query().Get("cursor"), 50)
	if err != nil {
		return err
	}
	return v.showAs(http.StatusOK, "inbox", inboxPage{page.Items, page.Next})
}
