package cases

import (
	"context"
	"regexp"

	"recourse/models"
)

// OutboxQuery asks for messages. What is empty asks for all.
type OutboxQuery struct {
	States   []models.MessageState
	Channels []models.MessageChannel
	Number   string // of a case
	Cursor   string
	Limit    int
}

// OutboxMessage is a message as ops see it: who gets it, how far it has come, and never what it says.
type OutboxMessage struct {
	models.Message

	Number string           // of its case
	Name   string           // of its endpoint
	Why    string           // it did not leave, or what was answered last; without addresses
	Last   *models.Delivery // the last attempt at an endpoint
}

// Outbox shows one page of the messages to customers, people and endpoints, the latest first; for ops and
// admin.
func (s *Service) Outbox(ctx context.Context, a models.Actor, q OutboxQuery) (page Page[OutboxMessage], err error) {
	if err := only(a, "the outbox is shown to ops and administrators", models.RoleOps, models.RoleAdmin); err != nil {
		return page, err
	}
	asked := models.OutboxQuery{States: q.States, Channels: q.Channels, Cursor: q.Cursor, Limit: q.Limit}
	numbers := map[string]string{}
	if q.Number != "" {
		row, err := s.Store.CaseByNumber(ctx, q.Number)
		switch models.CodeOf(err) { //nolint:exhaustive // the others are failures
		case "":
			asked.CaseID, numbers[row.ID] = row.ID, row.Number
		case models.CodeNotFound:
			return page, nil
		default:
			return page, err
		}
	}
	rows, next, err := s.Store.Outbox(ctx, asked)
	if err != nil {
		return page, err
	}
	page.Next = next
	names, latest, err := s.delivered(ctx, rows)
	if err != nil {
		return page, err
	}
	for _, m := range rows {
		one := OutboxMessage{Message: m, Name: names[m.Endpoint], Why: withoutAddresses(m.LastError)}
		if m.CaseID != "" {
			if one.Number, err = s.numberOf(ctx, m.CaseID, numbers); err != nil {
				return page, err
			}
		}
		if d, is := latest[m.ID]; is {
			one.Last = &d
		}
		page.Items = append(page.Items, one)
	}
	return page, nil
}

// delivered is how the endpoints of messages are called, and the last attempt at each message.
func (s *Service) delivered(ctx context.Context, rows []models.Message) (names map[string]string, latest map[string]models.Delivery, err error) {
	var ids []string
	for _, m := range rows {
		if m.Endpoint != "" {
			ids = append(ids, m.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil, nil
	}
	all, err := s.Store.Endpoints(ctx)
	if err != nil {
		return nil, nil, err
	}
	names = make(map[string]string, len(all))
	for _, e := range all {
		names[e.ID] = e.Name
	}
	latest, err = s.Store.LatestDeliveries(ctx, ids)
	return names, latest, err
}

var address = regexp.MustCompile(`[^\s<>"'(),:;]+@[^\s<>"'(),:;]+`)

// withoutAddresses is what a mail server answered, without whom it spoke of.
func withoutAddresses(says string) string { return address.ReplaceAllString(says, "***@***") }
