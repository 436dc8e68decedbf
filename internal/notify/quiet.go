package notify

import (
	"context"
	"fmt"

	"recourse/models"
)

// outlived says why a reminder that kept quiet hours need not be told any more: its clock has ended or somebody
// took it on, or whoever it is for was told of something later on the same clock. Empty: tell it; if the clock
// has run out meanwhile, the words say so.
func (d *Dispatcher) outlived(ctx context.Context, m models.Message) (why string, err error) {
	entries, err := d.o.Outbox.Entries(ctx, m.CaseID, m.Seq-1, 1)
	if err != nil || len(entries) == 0 {
		return "", err
	}
	first, err := entries[0].Event()
	if err != nil || !m.CreatedAt.After(first.DecidedAt) {
		return "", err // it did not wait
	}
	reminder, is := first.Data.(models.Escalated)
	if !is {
		return "", nil
	}
	alert, err := d.o.Outbox.Alert(ctx, models.AlertID(m.CaseID, m.Seq, reminder.Alert))
	if err != nil {
		return "", fmt.Errorf("alert of message %s: %w", m.ID, err)
	}
	if alert.EndedAt != nil || alert.AcknowledgedAt != nil {
		return "it was over before quiet hours ended", nil
	}
	if m.Person == "" {
		return "", nil
	}
	return d.toldSince(ctx, m, reminder.Run)
}

// toldSince says whether a person has a later alert on the same clock.
func (d *Dispatcher) toldSince(ctx context.Context, m models.Message, run string) (why string, err error) {
	since, err := d.o.Outbox.Entries(ctx, m.CaseID, m.Seq, 0)
	if err != nil {
		return "", err
	}
	later := map[int64]bool{} // by the sequence of its event
	for _, entry := range since {
		if entry.Kind != models.KindEscalated {
			continue
		}
		e, err := entry.Event()
		if err != nil {
			return "", err
		}
		if a, is := e.Data.(models.Escalated); is && a.Run == run {
			later[e.Seq] = true
		}
	}
	if len(later) == 0 {
		return "", nil
	}
	all, err := d.o.Outbox.Messages(ctx, m.CaseID)
	for _, other := range all {
		if later[other.Seq] && other.Person == m.Person && other.Channel == m.Channel && other.State != models.MessageSkipped {
			return "a later alert on the same clock reached them in quiet hours", nil
		}
	}
	return "", err
}
