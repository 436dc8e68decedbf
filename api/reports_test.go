package api_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/report"
	"recourse/models"
)

// reporting is the neighbour who keeps one report.
type reporting struct{ n *neighbour }

var frozen = models.Report{
	ID: "r-1", Step: "month", FromAt: noon, UntilAt: noon, Zone: "UTC", CutAt: noon, MadeAt: noon, MadeBy: "p-1", Format: 1, Digest: "d", Body: []byte(`{"format":1}`),
}

func (r reporting) List(ctx context.Context, _ models.Actor, cursor string, _ int) ([]models.Report, string, error) {
	r.n.said = cursor
	return []models.Report{frozen}, "next", r.n.answer(ctx)
}

func (r reporting) Show(ctx context.Context, _ models.Actor, id string) (report.Shown, error) {
	r.n.number = id
	return report.Shown{Report: frozen, Intact: true, Twins: []models.Report{frozen}}, r.n.answer(ctx)
}

func (r reporting) MakeOf(ctx context.Context, _ models.Actor, step report.Step, day string) (models.Report, bool, error) {
	r.n.said = string(step) + " " + day
	return frozen, !r.n.replay, r.n.answer(ctx)
}

func (r reporting) Restate(ctx context.Context, _ models.Actor, id, reason, key string) (models.Report, bool, error) {
	r.n.number, r.n.said = id, reason+" "+key
	return frozen, !r.n.replay, r.n.answer(ctx)
}

func (r reporting) Tell(ctx context.Context, id string) (int, error) {
	r.n.asked = id
	return 1, r.n.answer(ctx)
}

func TestAReportIsMadeAndToldOnce(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	require.Equal(t, http.StatusCreated, s.ask(t, http.MethodPost, "/api/v1/reports", `{"day":"2026-10-01"}`).Code)
	require.Equal(t, "month 2026-10-01", s.said)
	require.Equal(t, "r-1", s.asked, "its subscribers are told")
	require.Equal(t, http.StatusCreated, s.ask(t, http.MethodPost, "/api/v1/reports/r-9/restatements", `{"reason":"late"}`).Code)
	require.Equal(t, "late k-1", s.said)
	require.Equal(t, "r-9", s.number)
	s.replay, s.asked = true, nil
	require.Equal(t, http.StatusOK, s.ask(t, http.MethodPost, "/api/v1/reports", `{"day":"2026-10-01"}`).Code)
	require.Nil(t, s.asked, "what there was is told nobody again")
	require.Equal(t, http.StatusOK, s.ask(t, http.MethodPost, "/api/v1/reports/r-9/restatements", `{"reason":"late"}`).Code)
	require.Equal(t, "r-1", s.asked, "the same wish again: whoever was to be told may not have been, and nobody is told twice")
	require.Contains(t, s.ask(t, http.MethodGet, "/api/v1/reports/r-1", "").Body.String(), `"body":{"format":1}`)
}
