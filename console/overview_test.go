package console_test

import (
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

var tile = regexp.MustCompile(`<a class="card tile[^"]*" href="([^"]+)"><span class="count">(\d+)</span>`)

func TestATileCountsWhatItsLinkShows(t *testing.T) {
	t.Parallel()
	d := office(t)
	for _, id := range []string{"supervisor", "department_head", "intake", "works-handler"} {
		w := d.as(t, id)
		got := w.get(t, "/overview")
		require.Equal(t, http.StatusOK, got.Code)
		tiles := tile.FindAllStringSubmatch(got.Body, -1)
		require.Len(t, tiles, 4+len(models.Severities()))
		some := 0
		for _, one := range tiles {
			n, err := strconv.Atoi(one[2])
			require.NoError(t, err)
			require.Len(t, walked(t, w, html.UnescapeString(one[1])), n, "%s: %s", id, one[1])
			some += n
		}
		require.NotZero(t, some, id)
		require.Equal(t, strings.Count(got.Body, `class="card tile`), strings.Count(w.get(t, "/overview/tiles").Body, `class="card tile`))
	}
}

func TestTheOverviewTellsWhatFiguresAreMadeOf(t *testing.T) {
	t.Parallel()
	d := office(t)
	w := d.as(t, "supervisor")
	got := w.get(t, "/overview?days=7")
	require.Contains(t, got.Text(), "First response within 24 hours")
	require.Contains(t, got.Text(), "Did the customer hear from a person within a day?")
	require.Contains(t, got.Text(), "target 95.0 %")
	require.Contains(t, got.Text(), "12 complaints received")
	require.Contains(t, got.Text(), "2026-03-18 12", "of today, in the table")
	require.Equal(t, 7, strings.Count(got.Body, `<th scope="row">`))
	require.Equal(t, 90, strings.Count(w.get(t, "/overview?days=90").Body, `<th scope="row">`))
	require.Contains(t, got.Body, `<a href="/figures/first_response_rate?period=7">`)
	require.Contains(t, got.Body, "vendor/echarts.min.js")
	require.NotContains(t, w.get(t, "/queue").Body, "echarts")
	refused := w.get(t, "/overview?days=8")
	require.Equal(t, http.StatusUnprocessableEntity, refused.Code)
}

func TestMidnightBelongsToTheDayThatItBegins(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.open(t, told("before midnight"))
	d.wait(12 * time.Hour)
	d.open(t, told("at midnight"))
	d.wait(time.Minute)
	require.Contains(t, d.as(t, "supervisor").get(t, "/overview?days=7").Text(), "2026-03-18 1 2026-03-19 1")
}
