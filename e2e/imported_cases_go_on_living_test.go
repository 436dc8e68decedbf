package e2e_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
	"recourse/workflows/contract"
)

// imported brings a log with open cases on record by the real command, while the product works: one of years ago, one
// whose first promise falls due soon after, and one that has time. It returns when the latter two were received.
func (s *stack) imported(t *testing.T) (soon, later time.Time) {
	t.Helper()
	record := s.record(t)
	for _, p := range people() {
		p.CreatedAt, p.Email = time.Now().UTC().Truncate(time.Microsecond), p.ID+"@example.net"
		require.NoError(t, record.PutPerson(t.Context(), p))
	}
	now := time.Now().UTC().Truncate(time.Second)
	soon, later = now.Add(45*time.Second-24*time.Hour), now.Add(-time.Hour)
	row := func(number string, received, due time.Time) string {
		return fmt.Sprintf("%s,%s,%s,%s\n", number, received.Format(time.RFC3339), due.Format(time.RFC3339), care)
	}
	log, mapping := filepath.Join(s.folder, "log.csv"), filepath.Join(s.folder, "map.yaml")
	require.NoError(t, os.WriteFile(log, []byte("id,in,due,team\n"+
		row("OLD", now.AddDate(-2, 0, 0), now.AddDate(-2, 0, 9))+row("SOON", soon, now.AddDate(0, 0, 20))+row("LATER", later, now.AddDate(0, 0, 30))), 0o600))
	require.NoError(t, os.WriteFile(mapping, []byte("source: desk\nrows: cases\nzone: UTC\ninstants: [iso]\ncase: id\nreceived: in\ndue: due\nfields: {department: team}\n"), 0o600))
	said := s.recourse(t, "import", log, "--mapping", mapping, "--as-of", now.Format(time.RFC3339))
	require.Contains(t, said, "put 3 cases on record")
	return soon, later
}

// desk are the cases that came from the other system, by their numbers there.
func (s *stack) desk(t *testing.T) map[string]models.FigureRow {
	t.Helper()
	rows := map[string]models.FigureRow{}
	require.NoError(t, s.record(t).Figures(context.WithoutCancel(t.Context()), func(r models.FigureRow) error {
		rows[r.Case.Reference] = r
		return nil
	}))
	return rows
}

func (s *stack) alertMails(t *testing.T, caseID string) (n int) {
	t.Helper()
	messages, err := s.record(t).Messages(t.Context(), caseID)
	require.NoError(t, err)
	for _, m := range messages {
		if m.Template == "alert" {
			n++
		}
	}
	return n
}

func TestImportedCasesGoOnLiving(t *testing.T) {
	s := newStack(t, databases[0].url(t))
	soon, later := s.imported(t)
	rows := s.desk(t)
	require.Len(t, rows, 3)
	for reference, row := range rows {
		await(t, settleWithin, reference+" has a workflow", func() bool { return runs(t, s.client, contract.WorkflowID(row.Case.ID)) })
	}
	require.Equal(t, []time.Time{later.Add(24 * time.Hour), later.Add(48 * time.Hour)}, []time.Time{rows["LATER"].Case.ResponseLimitAt, rows["LATER"].Case.FeedbackLimitAt})
	require.Equal(t, soon.Add(24*time.Hour), rows["SOON"].Case.ResponseLimitAt)
	require.False(t, rows["SOON"].Case.Breached, "it has until then")

	await(t, settleWithin, "the promise of SOON is broken when it falls due", func() bool { return s.desk(t)["SOON"].Case.Breached })
	await(t, settleWithin, "somebody is told of it", func() bool { return s.alertMails(t, rows["SOON"].Case.ID) > 0 })
	for _, e := range s.timeline(t, rows["SOON"].Case.Number) {
		require.Contains(t, []models.Kind{models.KindAdopted, models.KindBreached, models.KindEscalated}, e.Kind)
	}

	old := s.desk(t)["OLD"]
	require.True(t, old.Case.Breached, "what fell due before is on record as passed")
	require.False(t, old.Case.Escalated)
	require.Zero(t, s.alertMails(t, old.Case.ID), "and nobody is told of it")
	for _, a := range old.Alerts {
		require.True(t, a.Superseded, "%+v", a)
	}
	require.False(t, s.desk(t)["LATER"].Case.Breached)
	s.checkClean(t)
}
