package console_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

func TestTheStepsOfAnImportedCaseAreOnItsTimeline(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	before := d.now().AddDate(0, -3, 0)
	step := func(days int, m models.AdoptedMove) models.AdoptedMove {
		m.At = before.AddDate(0, 0, days)
		return m
	}
	importing, err := d.BeginImport(t.Context(), d.store, models.System(), models.Import{Source: "old-desk", Digest: "d", Files: []string{"log.csv"}}, cases.ImportNames{
		Departments: map[string]bool{"sales": true},
	})
	require.NoError(t, err)
	require.NoError(t, importing.Add(t.Context(), cases.AdoptedCase{Closed: true, Adopted: models.Adopted{
		Source: "old-desk", Reference: "INC-7", Inferred: []string{"severity", "channel"},
		Opened: models.Opened{
			ReceivedAt: before, Severity: models.SeverityGeneral, Channel: models.ChannelAPI, Nature: models.NatureCustomer,
			Language: models.LanguageEN, Zone: "UTC", Anonymous: true,
		},
		Moves: []models.AdoptedMove{
			step(0, models.AdoptedMove{Kind: models.KindDispatched, Department: "sales", Inferred: true}),
			step(1, models.AdoptedMove{Kind: models.KindPaused, Pause: models.PauseCustomer}),
			step(2, models.AdoptedMove{Kind: models.KindResolved}), step(3, models.AdoptedMove{Kind: models.KindClosed}),
		},
	}}))
	require.NoError(t, importing.Finish(t.Context()))
	hits, err := d.Search(t.Context(), models.Actor{Kind: models.ActorPerson, ID: "supervisor", Roles: []models.Role{models.RoleSupervisor}}, "INC-7", 9)
	require.NoError(t, err)
	require.Len(t, hits, 1)
	page := d.as(t, "supervisor").get(t, "/cases/"+hits[0].Case.Number).Body
	_, steps, is := strings.Cut(page, "The steps there")
	require.True(t, is)
	steps, _, _ = strings.Cut(steps, "</details>")
	require.Equal(t, 6, strings.Count(steps, `<li class="entry"`))
	require.Equal(t, 3, strings.Count(steps, "inferred"), "the dispatch, the end of the wait, the archive")
	require.Contains(t, steps, before.AddDate(0, 0, 1).UTC().Format(time.RFC3339)[:10])
	require.Contains(t, steps, "the customer")
}
