package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

func TestSignalsAreAskedForAndShown(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	list := s.ask(t, http.MethodGet, "/api/v1/signals?dimension=product&value=kettle&step=week&from=2026-11-01T00:00:00Z&until=2026-11-20T12:00:00Z&limit=7", "")
	require.Equal(t, http.StatusOK, list.Code, list.Body)
	require.Equal(t, models.SignalQuery{
		Dimension: "product", Value: "kettle", Step: "week", From: noon.AddDate(0, 0, -19).Add(-12 * 60 * 60 * 1e9), Until: noon, Limit: 7,
	}, s.asked)
	require.Contains(t, list.Header().Get("Link"), "cursor=next")
	require.NotContains(t, list.Body.String(), "evidence")

	one := s.ask(t, http.MethodGet, "/api/v1/signals/s-1", "")
	require.Equal(t, http.StatusOK, one.Code)
	var shown struct {
		Count    int
		Expected float64
		Evidence struct{ Points []struct{ Label string } }
	}
	require.NoError(t, json.Unmarshal(one.Body.Bytes(), &shown))
	require.Equal(t, 31, shown.Count)
	require.InDelta(t, 5, shown.Expected, 1e-9)
	require.Equal(t, "2026-W47", shown.Evidence.Points[0].Label)

	wrong := s.ask(t, http.MethodGet, "/api/v1/signals?dimension=weather", "")
	require.Equal(t, http.StatusUnprocessableEntity, wrong.Code)
	require.Equal(t, "dimension", wrong.problem(t).Errors[0].Parameter)
}

func TestSignalsOfAPeriodThatEndsBeforeItBeginsAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.by(t, "sue", http.MethodGet, "/api/v1/signals?from=2026-11-20T00:00:00Z&until=2026-11-01T00:00:00Z", "").problem(t)
	require.Equal(t, "invalid", p.Code)
	require.Equal(t, "from", p.Errors[0].Parameter)
	require.Equal(t, http.StatusOK, h.by(t, "sue", http.MethodGet, "/api/v1/signals?from=2026-11-01T00:00:00Z&until=2026-11-20T00:00:00Z", "").Code)
}
