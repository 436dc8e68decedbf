package samples

import (
	"context"
	"fmt"
	"slices"

	"recourse/activities"
	"recourse/internal/lifecycle"
	"recourse/models"
)

// settle says what became of a message of a sample: what goes to one of us lies in the inbox, what
// went to customers was posted on their page, and nothing is ever mailed to somebody made up.
func (l *loader) settle(c lifecycle.Case, m models.Message) []models.Message {
	if m.Channel == models.MessageEmail {
		m.State, m.LastError = models.MessageSkipped, "a sample: nobody is there to read it"
		return []models.Message{m}
	}
	sent := m.CreatedAt
	m.State, m.SentAt = models.MessageSent, &sent
	all := []models.Message{m}
	if m.Channel != models.MessageInbox || m.Person != "" {
		return all
	}
	for _, p := range l.recipients(c, m) {
		mine := m
		mine.ID = models.EventID(m.CaseID, m.Seq, fmt.Sprintf("copy %s %s %s", m.ID, m.Channel, p.ID)) // as the dispatcher has it
		mine.Person, mine.Roles, mine.Department, mine.Language = p.ID, nil, "", p.Language
		all = append(all, mine)
	}
	return all
}

// recipients are the people whom a message to roles or to the head of a department reaches.
func (l *loader) recipients(c lifecycle.Case, m models.Message) []models.Person {
	if m.Department != "" {
		return l.who(models.RoleDepartmentHead, m.Department)
	}
	var all []models.Person
	for _, role := range m.Roles {
		for _, p := range l.resolve(c, role) {
			if !slices.ContainsFunc(all, func(q models.Person) bool { return q.ID == p.ID }) {
				all = append(all, p)
			}
		}
	}
	return all
}

// resolve finds who has a role for a case; where there is nobody, the next in the chain.
func (l *loader) resolve(c lifecycle.Case, role models.Role) []models.Person {
	for _, r := range append([]models.Role{role}, models.Above(role)...) {
		var found []models.Person
		switch r { //nolint:exhaustive // the others are the same everywhere
		case models.RoleHandler:
			found = slices.DeleteFunc(l.who(r, ""), func(p models.Person) bool { return p.ID != c.Assignee })
		case models.RoleDepartmentHead:
			found = slices.DeleteFunc(l.who(r, ""), func(p models.Person) bool { return !p.Actor().In(c.Department) })
		default:
			found = l.who(r, "")
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

func (l *loader) who(role models.Role, department string) []models.Person {
	return slices.DeleteFunc(slices.Clone(l.people), func(p models.Person) bool {
		return !p.Actor().Is(role) || department != "" && !p.Actor().In(department)
	})
}

// settled is the record to an activity whose messages were settled long ago.
type settled struct {
	activities.Store

	settle func(models.Message) []models.Message
}

func (s settled) all(messages []models.Message) []models.Message {
	var done []models.Message
	for _, m := range messages {
		done = append(done, s.settle(m)...)
	}
	return done
}

// PutSurvey keeps a survey whose message was not sent.
func (s settled) PutSurvey(ctx context.Context, v models.Survey, l models.Link, messages []models.Message) error {
	return s.Store.PutSurvey(ctx, v, l, s.all(messages))
}

// PutCallTask keeps a call that was announced.
func (s settled) PutCallTask(ctx context.Context, t models.CallTask, seq int64, messages []models.Message) error {
	return s.Store.PutCallTask(ctx, t, seq, s.all(messages))
}
