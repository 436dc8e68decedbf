package console

import (
	"net/http"

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
}

// waitingAlert is an alert with a form of its own.
type waitingAlert struct {
	cases.WaitingAlert

	Key string // of the form
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
	for _, w := range waiting {
		page.Waiting = append(page.Waiting, waitingAlert{w, c.NewID()})
	}
	if page.Recent, err = c.Cases.Acknowledged(ctx, v.Actor, recentAlerts); err != nil {
		return page, err
	}
	page.directory, err = v.directory(ctx)
	return page, err
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
