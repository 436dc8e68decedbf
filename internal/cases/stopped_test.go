package cases_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/lifecycle"
	"recourse/internal/uptime"
	"recourse/models"
)

// Real: the record, both databases, the kernel that decides what is due, the heartbeats, the ledger.
// Simulated: the clock, and the workflow's loop, which is FireDue and Record.
func TestAThousandDeadlinesWhileTheSystemStoodStillForSixHours(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		const deadlines = 1000
		stop := noon.Add(5*time.Hour + 45*time.Minute)
		again := stop.Add(6 * time.Hour)
		beatsUntil(t, h, models.PartWorker, noon, stop)
		beatsUntil(t, h, models.PartTemporal, noon, again.Add(time.Minute))
		due := map[string]time.Time{}
		for i := range deadlines {
			row := h.waiting(t, noon.Add(time.Duration(i)*1200*time.Millisecond), stop)
			due[row.ID] = row.RecordedAt.Add(8 * time.Hour) // the target of an important case, six hours in the middle of it
		}
		beatsUntil(t, h, models.PartWorker, again, again.Add(time.Minute))

		h.now = again
		messages := map[string]int{} // by the event that causes them
		for id := range due {
			rec := h.catchUp(t, id)
			for _, m := range rec.Messages {
				messages[fmt.Sprint(id, m.Seq)]++
			}
			require.NoError(t, h.store.Record(t.Context(), rec), "written once more, nothing is there twice")
			require.Empty(t, h.catchUp(t, id).Entries, "nothing is left to notice")
		}

		delivered, superseded := map[string]int{}, map[string]int{}
		for _, a := range h.alerts(t) {
			if !a.FiredAt.Equal(again) {
				require.False(t, a.FiredAt.After(stop))
				continue
			}
			require.Equal(t, models.LateOutage, a.LateReason)
			require.Equal(t, again.Sub(a.DueAt), a.LateBy)
			if a.Superseded {
				superseded[a.CaseID]++
				require.Zero(t, messages[fmt.Sprint(a.CaseID, a.Seq)], "a superseded alert is sent to nobody")
				continue
			}
			delivered[a.CaseID]++
			require.Equal(t, due[a.CaseID], a.DueAt, "the highest rung that fell due is the one at the target")
			require.Equal(t, again.Add(2*time.Hour), *a.AckBy, "counted from delivery")
			require.Equal(t, 1, messages[fmt.Sprint(a.CaseID, a.Seq)])
		}
		require.Len(t, delivered, deadlines)
		require.Len(t, superseded, deadlines)

		h.now = again.Add(time.Minute)
		for id, at := range due {
			require.Equal(t, [2]int{1, 1}, [2]int{delivered[id], superseded[id]}, "each once")
			row, err := h.store.Case(t.Context(), id)
			require.NoError(t, err)
			h.explained(t, row, at, models.Outage{Part: models.PartWorker, From: stop, Until: again})
		}
	})
}

// beatsUntil keeps a part up from one instant to another.
func beatsUntil(t *testing.T, h *desk, part models.Part, from, until time.Time) {
	t.Helper()
	now := from
	k := uptime.Keeper{Record: h.store, Part: part, NewID: uuid.NewString, Now: func() time.Time { return now }}
	for ; !now.After(until); now = now.Add(uptime.Silence) {
		require.NoError(t, k.Beat(t.Context()))
	}
	now = until
	require.NoError(t, k.Beat(t.Context()))
}

// waiting puts an important case on record that was signed for and waits for its first reply, as it
// stands at an instant.
func (h *desk) waiting(t *testing.T, recorded, until time.Time) models.Case {
	t.Helper()
	h.now = recorded
	n := told("漏水", "王芳", "13800000000")
	n.Opened.Severity, n.Opened.ReceivedAt = models.SeverityImportant, recorded
	id := uuid.Must(uuid.NewV7()).String()
	handler := as(models.RoleHandler, "sales")
	require.NoError(t, h.PutSample(t.Context(), cases.Sample{ID: id, New: n, By: clerk, RecordedAt: recorded, Acts: []cases.Act{
		{At: recorded.Add(time.Minute), Actor: supervisor, Wish: cases.Wish{
			Verb: models.VerbDispatch, Data: models.Dispatched{Department: "sales", Severity: models.SeverityImportant, Nature: models.NatureCustomer},
			Words: map[string]string{models.TextObjective: "查明原因"},
		}},
		{At: recorded.Add(2 * time.Minute), Actor: handler, Wish: cases.Wish{Verb: models.VerbAccept, Data: models.Accepted{}}},
	}}, until, func(lifecycle.Case, models.Message) []models.Message { return nil }))
	row, err := h.store.Case(t.Context(), id)
	require.NoError(t, err)
	return row
}

// catchUp lets happen what is due, as the workflow does once it runs again, and puts it on record.
func (h *desk) catchUp(t *testing.T, id string) models.Recording {
	t.Helper()
	row, err := h.store.Case(t.Context(), id)
	require.NoError(t, err)
	c, err := lifecycle.Restore(row)
	require.NoError(t, err)
	_, events := lifecycle.FireDue(c, h.now)
	if len(events) == 0 {
		return models.Recording{}
	}
	_, rec, err := lifecycle.Write(c, events)
	require.NoError(t, err)
	require.NoError(t, h.store.Record(t.Context(), rec))
	return rec
}

// alerts are all that are on record.
func (h *desk) alerts(t *testing.T) (all []models.Alert) {
	t.Helper()
	for cursor := ""; ; {
		page, next, err := h.store.Alerts(t.Context(), models.AlertQuery{Visible: models.VisibleTo(auditor), Cursor: cursor, Limit: 200})
		require.NoError(t, err)
		if all = append(all, page...); next == "" {
			return all
		}
		cursor = next
	}
}

// explained says that the first response was breached once, at its due instant, and why that was noticed
// so late; and that the outage is on the ledger without being taken off.
func (h *desk) explained(t *testing.T, row models.Case, due time.Time, outage models.Outage) {
	t.Helper()
	clocks, err := h.Clocks(t.Context(), auditor, row.Number)
	require.NoError(t, err)
	breaches := 0
	for _, c := range clocks {
		breaches += len(c.Breaches)
		if c.Clock != models.ClockFirstResponse {
			continue
		}
		require.Len(t, c.Breaches, 1)
		require.Equal(t, cases.LedgerBreach{
			Bound: models.BoundTarget, Seq: c.Breaches[0].Seq, DueAt: due, NoticedAt: outage.Until, Cause: lifecycle.DelayOutage, Outages: []models.Outage{outage},
		}, c.Breaches[0])
		require.Equal(t, []models.Outage{outage}, c.Outages)
		require.Equal(t, h.now.Sub(row.ReceivedAt), c.Sums.Net, "six hours of outage are six hours of the customer's")
	}
	require.Equal(t, 1, breaches, "and no other clock")
}

func TestTheLedgerIsForWhoMaySeeTheCase(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		n := told("漏水", "王芳", "13800000000")
		n.Opened.ReceivedAt = noon
		row := h.dispatched(t, n, "")
		h.now = noon.Add(2 * time.Hour)
		_, err := h.Clocks(t.Context(), as(models.RoleHandler, "works"), row.Number)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		clocks, err := h.Clocks(t.Context(), operator, row.Number)
		require.NoError(t, err, "there is no word of the customer's on it")
		require.NotEmpty(t, clocks)
		for _, c := range clocks {
			require.Empty(t, c.Outages, "nothing is known, and nothing is said")
			require.Equal(t, c.Sums.Gross, c.Sums.Net)
		}
	})
}
