package check

import (
	"fmt"

	"recourse/models"
)

// messages: every message that an event calls for is there once and says where it got to; every
// other one is a copy of one of them for somebody or for an endpoint, carries an event to webhooks, or a
// survey or a call.
func messages(f *file) []string {
	var found complaints
	missing := map[string]models.Message{}
	for _, m := range f.should.Messages {
		missing[m.ID] = m
	}
	carried, copies := carriers(f), copiesOf(f.Messages)
	for _, m := range f.Messages {
		found = append(found, states(m)...)
		want, called := missing[m.ID]
		switch {
		case called:
			delete(missing, m.ID)
			if m.Template != want.Template || m.Channel != want.Channel || m.Seq != want.Seq || m.Person != want.Person ||
				!alike(m.Roles, want.Roles) || m.Department != want.Department {
				found.say("message %s is not the one that event %d calls for", m.ID, want.Seq)
			}
			found = append(found, waited(f, m)...)
		case carried[m.ID]:
		case m.Template == models.TemplateEvent && m.Endpoint == "":
			found = append(found, f.carries(m)...)
		case copies.take(m):
		default:
			found.say("message %s (%s) belongs to no event", m.ID, m.Template)
		}
	}
	for _, m := range f.should.Messages {
		if _, is := missing[m.ID]; is {
			found.say("event %d calls for a message (%s by %s), which is missing", m.Seq, m.Template, m.Channel)
		}
	}
	return found
}

// states: a message that was sent says when; one that waits was not.
func states(m models.Message) []string {
	var found complaints
	switch m.State {
	case models.MessageSent:
		if m.SentAt == nil {
			found.say("message %s was sent and does not say when", m.ID)
		}
	case models.MessagePending, models.MessageFailed, models.MessageSkipped:
		if m.SentAt != nil {
			found.say("message %s is %s and says when it was sent", m.ID, m.State)
		}
	default:
		found.say("message %s is %q, which is nothing", m.ID, m.State)
	}
	return found
}

// carries: a message that carries an event bears the event's id.
func (f *file) carries(m models.Message) []string {
	var found complaints
	if m.Seq < 1 || m.Seq > int64(len(f.events)) || f.events[m.Seq-1].ID != m.ID || m.Channel != models.MessageWebhook {
		found.say("message %s carries no event", m.ID)
	}
	return found
}

// undirected says whether a message is to roles or to a department's head, not yet to a person.
func undirected(m models.Message) bool {
	return m.Person == "" && (len(m.Roles) > 0 || m.Department != "")
}

// forwarded says whether a message goes on to people or endpoints, each of whom has one of their own: it
// was to roles, carries an event, lies in somebody's inbox, or is for a customer whom only an SMS reaches.
func forwarded(m models.Message) bool {
	switch {
	case m.Endpoint != "":
		return false
	case undirected(m), m.Template == models.TemplateEvent:
		return m.State == models.MessageSent
	case m.Person != "":
		return m.Channel == models.MessageInbox
	}
	return m.Channel == models.MessageEmail
}

// copies counts, for each message that went on to people, how often each of them may have it.
type copies struct {
	most  map[origin]int
	taken map[origin]map[string]int
}

// origin is what a message and its copies have in common.
type origin struct {
	template string
	seq      int64
}

func copiesOf(all []models.Message) copies {
	c := copies{most: map[origin]int{}, taken: map[origin]map[string]int{}}
	for _, m := range all {
		if forwarded(m) {
			c.most[origin{m.Template, m.Seq}]++
			c.taken[origin{m.Template, m.Seq}] = map[string]int{}
		}
	}
	return c
}

// take says whether a message is one of the copies.
func (c copies) take(m models.Message) bool {
	from, to := origin{m.Template, m.Seq}, m.Person+" by "+string(m.Channel)+" "+m.Endpoint
	if m.Person == "" && m.Endpoint == "" || c.taken[from][to] >= c.most[from] {
		return false
	}
	c.taken[from][to]++
	return true
}

// carriers are the messages that bring a survey to the customer or a call to a colleague; the
// activities that do it give them these ids.
func carriers(f *file) map[string]bool {
	ids := map[string]bool{}
	for _, e := range f.events {
		switch d := e.Data.(type) {
		case models.SurveyOffered:
			ids[models.EventID(e.Case, int64(d.SurveyCycle), "message survey")] = true
		case models.CallbackPlaced:
			ids[models.EventID(e.Case, int64(e.Cycle), fmt.Sprintf("message callback %d", d.Attempt))] = true
		}
	}
	return ids
}
