package cases

import (
	"context"
	"encoding/json"

	"recourse/internal/endpoints"
	"recourse/models"
)

// TestEndpoint sends a ping to an endpoint, disabled or not, and says what was answered. A robot's group
// sees it; a gateway is given the number to try it with, which is kept nowhere.
func (s *Service) TestEndpoint(ctx context.Context, call Call, id, to string) (EndpointDelivery, error) {
	if err := mayEndpoints(call.Actor); err != nil {
		return EndpointDelivery{}, err
	}
	if s.Outside == nil {
		return EndpointDelivery{}, models.Refuse(models.CodeUnavailable, "nothing leaves to endpoints here")
	}
	done, replayed, err := once(ctx, s, call, func() (EndpointDelivery, error) { return s.ping(ctx, id, to) })
	done.Replayed = replayed
	return done, err
}

func (s *Service) ping(ctx context.Context, id, number string) (EndpointDelivery, error) {
	row, err := s.Store.Endpoint(ctx, id)
	if err != nil {
		return EndpointDelivery{}, err
	}
	if row.Channel.Gateway() == (number == "") {
		return EndpointDelivery{}, models.Invalid("/to", "a gateway is tried with a phone number, anything else without")
	}
	access, err := s.EndpointAccess(ctx, row)
	if err != nil {
		return EndpointDelivery{}, err
	}
	to := endpoints.Target{Channel: row.Channel, URL: access.URL, Secret: access.Secret}
	now := s.now()
	if row.PreviousUntil != nil && now.Before(*row.PreviousUntil) {
		to.Previous = access.Previous
	}
	p := endpoints.Parcel{
		ID: s.NewID(), Type: "ping", At: now, Language: row.Language, Title: s.Company, Text: "ping", To: number, Data: json.RawMessage(`{}`),
	}
	answer, err := s.Outside.Deliver(ctx, to, p)
	d := models.Delivery{
		MessageID: p.ID, At: now, EndpointID: id, Attempt: 1, Took: answer.Took, Status: answer.Status, Code: answer.Code, Answer: answer.Text,
		Outcome: models.MessageSent,
	}
	if err != nil {
		d.Outcome = models.MessageFailed
	}
	if row.Channel.Gateway() {
		d.Answer = "" // gateways like to repeat the number
	}
	return EndpointDelivery{Delivery: d}, s.Store.PutDelivery(ctx, d)
}

// Deliveries shows the attempts at an endpoint, the newest first; admin and ops only.
func (s *Service) Deliveries(ctx context.Context, a models.Actor, id, cursor string, limit int) (Page[EndpointDelivery], error) {
	if err := mayEndpoints(a); err != nil {
		return Page[EndpointDelivery]{}, err
	}
	if _, err := s.Store.Endpoint(ctx, id); err != nil {
		return Page[EndpointDelivery]{}, err
	}
	rows, next, err := s.Store.Deliveries(ctx, id, cursor, limit)
	if err != nil {
		return Page[EndpointDelivery]{}, err
	}
	ids := make([]string, len(rows))
	for i, d := range rows {
		ids[i] = d.MessageID
	}
	messages, err := s.Store.MessagesByID(ctx, ids)
	page, numbers := Page[EndpointDelivery]{Next: next}, map[string]string{}
	for _, d := range rows {
		one := EndpointDelivery{Delivery: d}
		if m, is := messages[d.MessageID]; is {
			one.Seq, one.Template, one.State = m.Seq, m.Template, m.State
			if one.Number, err = s.numberOf(ctx, m.CaseID, numbers); err != nil {
				return page, err
			}
		}
		page.Items = append(page.Items, one)
	}
	return page, err
}

// Redeliver lets a message that was given up, or that goes to an endpoint, leave again, under the same id, by
// which the receiver knows it; admin and ops only. CodeConflict when it is on its way already.
func (s *Service) Redeliver(ctx context.Context, call Call, messageID string) (replayed bool, err error) {
	if err := mayEndpoints(call.Actor); err != nil {
		return false, err
	}
	_, replayed, err = once(ctx, s, call, func() (struct{}, error) {
		found, err := s.Store.MessagesByID(ctx, []string{messageID})
		if err != nil {
			return struct{}{}, err
		}
		if _, is := found[messageID]; !is {
			return struct{}{}, models.Refuse(models.CodeNotFound, "there is no such message")
		}
		return struct{}{}, s.Store.Redeliver(ctx, messageID, s.now())
	})
	return replayed, err
}
