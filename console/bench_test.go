package console_test

import (
	"context"
	"html"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"recourse/internal/pgtest"
	"recourse/models"
)

// TestHowFastPagesAre fills a record with as many cases as RECOURSE_BENCH_CASES says, and one with 800,
// of which a hundred are open, and prints how long pages take on both. It asserts nothing but that they
// are shown: machines differ. With RECOURSE_BENCH_FOLDER the records stay there and are used again;
// RECOURSE_BENCH_ONLY names a part of what a page is called, RECOURSE_BENCH_TIMES how often each is asked
// for. `make bench-console` runs it.
func TestHowFastPagesAre(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("RECOURSE_BENCH_CASES"))
	if err != nil {
		t.Skip("a measurement: make bench-console")
	}
	server := benchServer(t)
	small, large := benchedOn(t, server, 800), benchedOn(t, server, n)
	t.Logf("load %s; p50 and p95 of %d cases, p50 of %d, ratio", load(t), n, 800)
	for _, p := range benchPages(t) {
		if only := os.Getenv("RECOURSE_BENCH_ONLY"); !strings.Contains(p.says, only) {
			continue
		}
		few, many := p.measure(t, small), p.measure(t, large)
		t.Logf("%-72s %8s %8s %8s %5.1f", p.says, round(many[len(many)/2]), round(many[len(many)*95/100]), round(few[len(few)/2]),
			float64(many[len(many)/2])/float64(few[len(few)/2]))
	}
	t.Logf("load %s", load(t))
}

// benchServer is the address of one's own Postgres, or of one whose data stay in RECOURSE_BENCH_FOLDER.
func benchServer(t *testing.T) string {
	t.Helper()
	if own := os.Getenv(pgtest.EnvURL); own != "" {
		return own
	}
	server, err := pgtest.Start(os.Getenv("RECOURSE_BENCH_FOLDER"), "max_wal_size=4GB", "checkpoint_timeout=1h")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	return server.URL
}

// benched is a desk with so many cases.
type benched struct {
	*desk

	cases int
}

// benchedOn opens a desk over a database of the server, and fills it unless it is.
func benchedOn(t *testing.T, server string, n int) benched {
	t.Helper()
	name := "cases_" + strconv.Itoa(n)
	admin, err := pgx.Connect(t.Context(), server)
	require.NoError(t, err)
	defer admin.Close(context.WithoutCancel(t.Context()))
	var there bool
	require.NoError(t, admin.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there))
	if !there {
		_, err = admin.Exec(t.Context(), "CREATE DATABASE "+name)
		require.NoError(t, err)
	}
	address, err := url.Parse(server)
	require.NoError(t, err)
	address.Path = "/" + name
	d := deskOn(t, address.String())
	if !there {
		began := time.Now()
		fillDesk(t, d, address.String(), n)
		t.Logf("%d cases in %s", n, time.Since(began).Round(time.Second))
	}
	return benched{d, n}
}

// benchPage is one page as somebody asks for it.
type benchPage struct {
	says, who string
	path      func(w *window, b benched) string
	form      func(b benched) url.Values // nil: it is asked for without one
	fresh     bool                       // asked for a minute later each time, when nothing is remembered
}

// measure asks for the page so many times, and answers how long each took, the shortest first.
func (p benchPage) measure(t *testing.T, b benched) []time.Duration {
	t.Helper()
	times := asked(t, "RECOURSE_BENCH_TIMES", 50)
	w := b.as(t, p.who)
	took := make([]time.Duration, times)
	for i := range took {
		path := p.path(w, b)
		if p.fresh {
			b.wait(time.Minute)
		}
		took[i] = p.ask(t, w, b, path)
	}
	if p.fresh {
		b.wait(-time.Duration(times) * time.Minute)
	}
	slices.Sort(took)
	return took
}

// asked is a number from the environment.
func asked(t *testing.T, name string, usual int) int {
	t.Helper()
	if os.Getenv(name) == "" {
		return usual
	}
	n, err := strconv.Atoi(os.Getenv(name))
	require.NoError(t, err, name)
	return n
}

// ask asks for the page once and says how long it took.
func (p benchPage) ask(t *testing.T, w *window, b benched, path string) time.Duration {
	t.Helper()
	ask := func() answer { return w.get(t, path) }
	if p.form != nil {
		form := p.form(b)
		ask = func() answer { return w.post(t, path, form) }
	}
	began := time.Now()
	got := ask()
	took := time.Since(began)
	require.Equal(t, http.StatusOK, got.Code, path)
	return took
}

// benchPages are the pages that are measured.
func benchPages(t *testing.T) []benchPage {
	t.Helper()
	random := rand.New(rand.NewPCG(5, 6))
	fixed := func(path string) func(*window, benched) string {
		return func(*window, benched) string { return path }
	}
	later := func(path string, pages int) func(*window, benched) string {
		at := map[int]string{}
		return func(w *window, b benched) string {
			if at[b.cases] == "" {
				at[b.cases] = follow(t, w, path, pages)
			}
			return at[b.cases]
		}
	}
	all := []benchPage{
		{says: "queue: next page", who: "supervisor", path: later("/queue?who=all", 1)},
		{says: "queue: the 201st page", who: "supervisor", path: later("/queue?who=all", 200)},
		{says: "queue: ended ones too, latest first, the 201st page", who: "supervisor", path: later("/queue?who=all&state=any&sort=received", 200)},
		{says: "queue: by severity, the 101st page", who: "supervisor", path: later("/queue?who=all&sort=severity", 100)},
		{says: "queue: of a department, the 21st page", who: "department_head", path: later("/queue?who=department", 20)},
		{says: "queue: search, a rare word", who: "supervisor", path: func(_ *window, b benched) string {
			return "/queue?q=sn" + strconv.Itoa(10000000 + random.IntN(b.cases))[1:]
		}},
		{says: "queue: search, a phone number", who: "supervisor", path: func(_ *window, b benched) string {
			return "/queue?q=" + strconv.Itoa(13000000000+random.IntN(b.cases))
		}},
		{says: "case page", who: "supervisor", path: func(_ *window, b benched) string {
			return "/cases/" + models.Number(noon.Year(), 1+random.Int64N(int64(b.cases)))
		}},
	}
	for _, p := range [][3]string{
		{"supervisor", "/queue?who=all", "all"},
		{"supervisor", "/queue?who=all&sort=severity", "by severity"},
		{"supervisor", "/queue?who=all&sort=received", "latest first"},
		{"supervisor", "/queue?who=all&state=any&sort=received", "ended ones too, latest first"},
		{"supervisor", "/queue?who=all&state=any", "ended ones too, most pressing first"},
		{"supervisor", "/queue?who=all&overdue=1", "overdue"},
		{"supervisor", "/queue?who=all&soon=1", "due soon"},
		{"supervisor", "/queue?who=all&overdue=1&sort=received", "overdue, latest first"},
		{"supervisor", "/queue?who=all&overdue=1&sort=severity", "overdue, by severity"},
		{"supervisor", "/queue?who=all&paused=1", "paused"},
		{"supervisor", "/queue?who=all&severity=urgent", "urgent"},
		{"supervisor", "/queue?who=all&severity=urgent&sort=received", "urgent, latest first"},
		{"supervisor", "/queue?who=all&state=investigating", "of one state"},
		{"supervisor", "/queue?who=all&state=investigating&sort=received", "of one state, latest first"},
		{"supervisor", "/queue?who=all&state=closed", "closed"},
		{"supervisor", "/queue?who=all&state=awaiting_approval", "of a state that none is in"},
		{"supervisor", "/queue?who=all&department=works&overdue=1", "overdue of a large department"},
		{"supervisor", "/queue?who=all&department=museum", "of a tiny department"},
		{"supervisor", "/queue?who=all&department=museum&overdue=1", "overdue of a tiny department"},
		{"supervisor", "/queue?who=all&department=museum&soon=1&sort=severity", "due soon of a tiny department, by severity"},
		{"supervisor", "/queue?who=all&department=museum&state=any&sort=received", "of a tiny department, ended ones too, latest first"},
		{"supervisor", "/queue?who=all&assignee=handler", "of one person"},
		{"supervisor", "/queue?who=all&channel=email", "of a channel that none came by"},
		{"department_head", "/queue?who=department", "department, of its head"},
		{"department_head", "/queue?who=department&overdue=1", "department, overdue"},
		{"department_head", "/queue?who=department&sort=severity", "department, by severity"},
		{"department_head", "/queue?who=department&sort=received", "department, latest first"},
		{"curator", "/queue?who=department", "tiny department, of its head"},
		{"curator", "/queue?who=all", "all that the head of a tiny department sees"},
		{"handler", "/queue?who=mine", "mine, of a handler"},
		{"handler", "/queue?who=mine&overdue=1", "mine, overdue"},
		{"handler", "/queue?who=mine&sort=severity", "mine, by severity"},
		{"handler", "/queue?who=mine&sort=received", "mine, latest first"},
		{"handler", "/queue?who=all", "all that a handler sees"},
		{"intake", "/queue?who=mine", "mine, of a clerk"},
		{"intake", "/queue?who=all", "all that a clerk sees"},
		{"intake", "/queue?who=mine&state=any&sort=received", "mine, of a clerk, ended ones too, latest first"},
		{"auditor", "/queue?who=mine", "mine, of somebody who has none"},
		{"supervisor", "/queue?q=%E5%AE%A2%E6%9C%8D", "search, a word that is in two thirds"},
		{"supervisor", "/queue?q=%E5%AE%A2%E6%9C%8D+%E5%8F%91%E7%A5%A8", "search, two words"},
		{"supervisor", "/queue?q=%E5%AE%A2%E6%9C%8D&overdue=1&sort=due", "search, overdue, most pressing first"},
		{"supervisor", "/queue?q=%E5%AE%A2%E6%9C%8D&department=museum", "search, of a tiny department"},
		{"department_head", "/queue?q=%E5%AE%A2%E6%9C%8D&who=department", "search, of a department"},
		{"handler", "/queue?q=%E5%AE%A2%E6%9C%8D&who=mine", "search, mine"},
		{"supervisor", "/queue?q=%E9%BA%A4%E9%91%AB", "search, nothing found"},
	} {
		all = append(all, benchPage{says: "queue: " + p[2], who: p[0], path: fixed(p[1])})
	}
	for _, days := range []string{"7", "30", "90"} {
		all = append(all, benchPage{says: "overview of " + days + " days", who: "supervisor", path: fixed("/overview?days=" + days)})
	}
	return append(all,
		benchPage{says: "overview of 30 days, its figures counted anew", who: "supervisor", path: fixed("/overview"), fresh: true},
		benchPage{says: "overview of a department", who: "department_head", path: fixed("/overview")},
		benchPage{says: "tiles", who: "supervisor", path: fixed("/overview/tiles")},
		benchPage{says: "alerts", who: "supervisor", path: fixed("/alerts")},
		benchPage{says: "decisions", who: "supervisor", path: fixed("/decisions")},
		benchPage{says: "callbacks", who: "supervisor", path: fixed("/callbacks")},
		benchPage{says: "intake, the empty form", who: "intake", path: fixed("/intake")},
		benchPage{says: "intake, what stands beside it", who: "intake", path: fixed("/intake/beside"), form: func(b benched) url.Values {
			return url.Values{"phone": {strconv.Itoa(13000000000 + random.IntN(b.cases))}, "text": {"洗衣机漏水，客服只说再等等。"}, "product": {"洗衣机"}}
		}},
		benchPage{says: "organisation", who: "admin", path: fixed("/organisation")},
		benchPage{says: "system", who: "admin", path: fixed("/system")},
	)
}

// follow goes on so many pages, or to the last one, and returns its address.
func follow(t *testing.T, w *window, path string, pages int) string {
	t.Helper()
	for range pages {
		next := nextPage.FindStringSubmatch(w.get(t, path).Body)
		if next == nil {
			break
		}
		path = html.UnescapeString(next[1])
	}
	return path
}

func round(took time.Duration) time.Duration { return took.Round(100 * time.Microsecond) }

// load is how busy the machine is.
func load(t *testing.T) string {
	t.Helper()
	says, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(says))[:3], " ")
}
