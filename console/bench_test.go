package console_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"html"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"recourse/internal/pgtest"
	"recourse/models"
)

// TestHowFastPagesAre fills a record with as many cases as RECOURSE_BENCH_CASES says and prints how
// long pages take. It asserts nothing: machines differ. `make bench-console` runs it.
func TestHowFastPagesAre(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("RECOURSE_BENCH_CASES"))
	if err != nil {
		t.Skip("a measurement: make bench-console")
	}
	url := pgtest.URL(t)
	d := deskOn(t, url)
	began := time.Now()
	numbers := fillDesk(t, d, n)
	age(t, url)
	t.Logf("%d cases in %s", n, time.Since(began).Round(time.Second))
	random := rand.New(rand.NewPCG(5, 6))
	measure := func(id, what string, path func() string) {
		w := d.as(t, id)
		var took []time.Duration
		for range 100 {
			asked := path()
			began := time.Now()
			got := w.get(t, asked)
			took = append(took, time.Since(began))
			require.Equal(t, http.StatusOK, got.Code, asked)
		}
		slices.Sort(took)
		t.Logf("%-40s p50 %8s  p95 %8s", what, took[50].Round(100*time.Microsecond), took[95].Round(100*time.Microsecond))
	}
	fixed := func(path string) func() string { return func() string { return path } }
	measure("supervisor", "queue, all", fixed("/queue?who=all"))
	deep := "/queue?who=all"
	for range 20 {
		if next := nextPage.FindStringSubmatch(d.as(t, "supervisor").get(t, deep).Body); next != nil {
			deep = html.UnescapeString(next[1])
		}
	}
	measure("supervisor", "queue, the 21st page", fixed(deep))
	measure("supervisor", "queue, ended ones too, latest first", fixed("/queue?who=all&state=any&sort=received"))
	measure("supervisor", "queue, by severity", fixed("/queue?who=all&sort=severity"))
	measure("supervisor", "queue, overdue, of one department", fixed("/queue?who=all&overdue=1&department=works"))
	measure("department_head", "queue of a department", fixed("/queue?who=department"))
	measure("handler", "queue, mine", fixed("/queue?who=mine"))
	measure("supervisor", "queue by search, rare words", func() string { return "/queue?q=sn" + strconv.Itoa(random.IntN(100000)) })
	measure("supervisor", "queue by search, common words", fixed("/queue?q=%E5%AE%A2%E6%9C%8D"))
	measure("supervisor", "case page", func() string { return "/cases/" + numbers[random.IntN(len(numbers))] })
	for _, days := range []string{"7", "30", "90"} {
		measure("supervisor", "overview of "+days+" days", fixed("/overview?days="+days))
	}
	measure("department_head", "overview of a department, 30 days", fixed("/overview"))
	measure("supervisor", "tiles", fixed("/overview/tiles"))
}

// fillDesk puts cases on record from several hands.
func fillDesk(t *testing.T, d *desk, n int) (numbers []string) {
	t.Helper()
	var (
		all sync.WaitGroup
		mu  sync.Mutex
	)
	for hand := range 4 {
		all.Go(func() {
			for i := hand; i < n; i += 4 {
				c := told(fmt.Sprintf("洗衣机漏水，%d 次报修都没有修好，客服只说再等等。sn%05d", i%7, i%100000))
				c.Contact.Phone, c.Opened.Severity = strconv.Itoa(13000000000+i), models.Severities()[[]int{0, 0, 0, 1, 1, 2}[i%6]]
				accepted, err := d.Open(context.WithoutCancel(t.Context()), d.call(t, "intake"), c)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				numbers = append(numbers, accepted.Number)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return numbers
}

// age makes of them what a company has after a year: one in eight is open, in several states and
// hands, the others ended in their time. The events stay as they are; no page of these reads both.
func age(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	for _, statement := range []string{
		`UPDATE cases SET received_at = received_at - random() * interval '365 days',
			department = CASE WHEN random() < 0.5 THEN 'sales' ELSE 'works' END, assignee = CASE WHEN random() < 0.002 THEN 'handler' ELSE 'works-handler' END`,
		`UPDATE cases SET recorded_at = received_at, response_limit_at = received_at + interval '24 hours', feedback_limit_at = received_at + interval '48 hours',
			handling_due_at = received_at + interval '7 days', first_reply_at = received_at + random() * interval '26 hours', first_solution_at = received_at + random() * interval '50 hours'`,
		`UPDATE cases SET state = 'closed', due_at = NULL, soon_at = NULL, due_from = NULL, due_clock = '', next_due = NULL, first_resolved_at = received_at + random() * interval '8 days',
			resolved_at = received_at + interval '8 days', closed_at = received_at + interval '9 days', result_score = 1 + floor(random() * 5) WHERE random() < 0.875`,
		`UPDATE cases SET state = (ARRAY['received', 'dispatched', 'investigating', 'solution_ready', 'implementing', 'following_up'])[1 + floor(random() * 6)],
			due_at = '2026-03-18 12:00:00Z'::timestamptz + (random() - 0.1) * interval '5 days' WHERE state <> 'closed'`,
		`UPDATE cases SET due_from = due_at - interval '2 days', soon_at = due_at - interval '12 hours' WHERE due_at IS NOT NULL`,
		`VACUUM ANALYZE`,
	} {
		_, err = conn.Exec(t.Context(), statement)
		require.NoError(t, err, statement)
	}
	require.NoError(t, conn.Close(t.Context()))
}

// A first page is what a browser fetches that was never here: the page and all it names, but charts.
func TestAFirstPageIsLight(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for range 50 {
		d.dispatched(t, told(strings.Repeat("机器漏水地板湿了一片", 40)))
	}
	w := d.as(t, "supervisor")
	for _, page := range []string{"/queue", "/overview", "/sign-in"} {
		got := w.get(t, page)
		if page == "/sign-in" {
			got = d.as(t, "").get(t, page)
		}
		require.Equal(t, http.StatusOK, got.Code)
		weight, fetched := zipped(t, got.Body), map[string]bool{}
		for _, found := range regexp.MustCompile(`(?:href|src)="(/static/[^"#]+)`).FindAllStringSubmatch(got.Body, -1) {
			if fetched[found[1]] || strings.Contains(found[1], "echarts") {
				continue
			}
			fetched[found[1]] = true
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, found[1], nil)
			r.Header.Set("Accept-Encoding", "gzip")
			weight += len(w.send(t, r).Body)
		}
		require.GreaterOrEqual(t, len(fetched), 5)
		t.Logf("%s weighs %d bytes in %d files", page, weight, len(fetched)+1)
		require.Less(t, weight, 150_000, page)
	}
}

func zipped(t *testing.T, content string) int {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write([]byte(content))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Len()
}
