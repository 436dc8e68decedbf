package console

import (
	"net/url"
	"strings"

	"recourse/internal/cases"
	"recourse/models"
)

// outboxPage is what was sent, what waits, and what was given up.
type outboxPage struct {
	directory

	State    models.MessageState // shown alone; empty: all
	Channel  models.MessageChannel
	Number   string
	States   []models.MessageState
	Channels []models.MessageChannel
	Messages []cases.OutboxMessage
	Here     string // this page's address
	Key      string // of its forms
	Older    string // the next page's; empty: there is none
}

func (c *console) outbox(v *visit) error {
	asked := v.r.URL.Query()
	if err := plainText(asked); err != nil {
		return err
	}
	r := reader{asked: asked}
	page := outboxPage{
		State: oneOf(&r, "state", "", models.MessageStates()), Channel: oneOf(&r, "channel", "", models.MessageChannels()),
		Number: asked.Get("number"), States: models.MessageStates(), Channels: models.MessageChannels(),
	}
	if r.err != nil {
		return r.err
	}
	q := cases.OutboxQuery{Number: strings.ToUpper(strings.TrimSpace(page.Number)), Cursor: asked.Get("cursor")}
	if page.State != "" {
		q.States = []models.MessageState{page.State}
	}
	if page.Channel != "" {
		q.Channels = []models.MessageChannel{page.Channel}
	}
	ctx := v.r.Context()
	found, err := c.Cases.Outbox(ctx, v.Actor, q)
	if err != nil {
		return err
	}
	if page.directory, err = v.directory(ctx); err != nil {
		return err
	}
	page.Messages, page.Here, page.Key = found.Items, outboxAt(page, q.Cursor), c.NewID()
	if found.Next != "" {
		page.Older = outboxAt(page, found.Next)
	}
	return v.show("outbox", page)
}

// outboxAt is the address of what a page shows, from a cursor on.
func outboxAt(p outboxPage, cursor string) string {
	to := url.Values{}
	for name, value := range map[string]string{"state": string(p.State), "channel": string(p.Channel), "number": p.Number, "cursor": cursor} {
		if value != "" {
			to.Set(name, value)
		}
	}
	if len(to) == 0 {
		return outboxPath
	}
	return outboxPath + "?" + to.Encode()
}

const outboxPath = "/system/outbox"

// sendAgain tries a message again that was given up and goes back to where it was asked for.
func (c *console) sendAgain(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	id := v.r.PathValue("id")
	if _, err := c.Cases.Redeliver(v.r.Context(), v.call("redeliver "+id), id); err != nil && models.CodeOf(err) != models.CodeConflict {
		return err // one that is tried again already needs no more
	}
	v.tell("done.retry")
	to := v.field("back")
	if path, _, _ := strings.Cut(to, "?"); path != outboxPath {
		to = outboxPath
	}
	return v.goTo(to)
}
