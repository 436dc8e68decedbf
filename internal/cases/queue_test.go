package cases_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

func TestAQueueShowsTheFirstWordsOnlyToWhoMayReadThem(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		row := h.dispatched(t, told("洗衣机漏水"+strings.Repeat("很长", 2000), "王五", "13800138000"), "")
		other := h.open(t, told("second", "Li Si", "13900139000"))
		for a, says := range map[*models.Actor]string{&supervisor: "洗衣机漏水", &quality: "洗衣机漏水", &operator: "", &administrator: ""} {
			page, err := h.Queue(t.Context(), *a, cases.Query{Order: models.OrderDue})
			require.NoError(t, err)
			require.Len(t, page.Items, 2)
			one, err := h.QueueRow(t.Context(), *a, cases.Query{States: []models.State{models.StateDispatched}}, row.Number)
			require.NoError(t, err)
			require.False(t, one.Gone)
			require.True(t, strings.HasPrefix(one.Gist, says))
			require.LessOrEqual(t, len([]rune(one.Gist)), 81)
			require.Equal(t, says == "", one.Gist == "")
			gone, err := h.QueueRow(t.Context(), *a, cases.Query{States: []models.State{models.StateDispatched}}, other.Number)
			require.NoError(t, err)
			require.True(t, gone.Gone)
		}
		_, err := h.QueueRow(t.Context(), as(models.RoleHandler, "works"), cases.Query{}, row.Number)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		require.NoError(t, h.store.Erase(t.Context(), row.CustomerID, noon))
		one, err := h.QueueRow(t.Context(), supervisor, cases.Query{}, row.Number)
		require.NoError(t, err)
		require.Empty(t, one.Gist, "what was erased is not shown, and breaks nothing")
	})
}

func TestWhatPressesStandsFirstAndWhatIsLateIsLateByTheSecond(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		first := h.open(t, told("first", "Li Si", "13900139000"))
		h.now = noon.Add(time.Hour)
		second := h.open(t, told("second", "Wang Wu", "13900139001"))
		numbers := func(q cases.Query) (all []string) {
			page, err := h.List(t.Context(), supervisor, q)
			require.NoError(t, err)
			for _, row := range page.Items {
				all = append(all, row.Number)
			}
			return all
		}
		require.Equal(t, []string{first.Number, second.Number}, numbers(cases.Query{Order: models.OrderDue}))
		require.Equal(t, []string{second.Number, first.Number}, numbers(cases.Query{}))
		for at, want := range map[time.Duration][2][]string{ // triage: 4 hours
			2 * time.Hour:               {nil, nil},
			3 * time.Hour:               {nil, {first.Number}},
			4 * time.Hour:               {nil, {first.Number, second.Number}}, // met at its bound is met
			4*time.Hour + time.Second:   {{first.Number}, {second.Number}},
			5*time.Hour + 1*time.Second: {{first.Number, second.Number}, nil},
		} {
			h.now = noon.Add(at)
			require.Equal(t, want[0], numbers(cases.Query{Order: models.OrderDue, Late: true}), "late after %s", at)
			require.Equal(t, want[1], numbers(cases.Query{Order: models.OrderDue, Soon: true}), "soon after %s", at)
			standings, err := h.Standings(t.Context(), supervisor)
			require.NoError(t, err)
			require.Equal(t, []int64{2, int64(len(want[0])), int64(len(want[1]))}, []int64{standings.Open.Cases, standings.Open.Late, standings.Open.Soon})
		}
	})
}
