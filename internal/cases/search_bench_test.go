package cases_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/pgtest"
	"recourse/models"
)

// TestHowFastSearchIs fills a record with as many cases as RECOURSE_BENCH_CASES says and prints how
// long lists and searches take. It asserts nothing: machines differ. `make bench-search` runs it.
func TestHowFastSearchIs(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("RECOURSE_BENCH_CASES"))
	if err != nil {
		t.Skip("a measurement: make bench-search")
	}
	url := pgtest.URL(t)
	if os.Getenv("RECOURSE_BENCH_DATABASE") == "sqlite" {
		url = t.TempDir() + "/bench.db"
	}
	h := newDesk(t, url)
	began := time.Now()
	fill(t, h, n)
	if strings.HasPrefix(url, "postgres") {
		settle(t, url)
	}
	t.Logf("%d cases in %s", n, time.Since(began).Round(time.Second))
	random := rand.New(rand.NewPCG(5, 6))
	head := as(models.RoleDepartmentHead, "sales")
	measure := func(what string, do func() error) {
		var took []time.Duration
		for range 200 {
			began := time.Now()
			require.NoError(t, do(), what)
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		t.Logf("%-44s p50 %8s  p95 %8s  max %8s", what, took[100].Round(10*time.Microsecond), took[190].Round(10*time.Microsecond), took[199].Round(10*time.Microsecond))
	}
	list := func(a models.Actor, q cases.Query) func() error {
		return func() error { _, err := h.List(t.Context(), a, q); return err }
	}
	look := func(a models.Actor, q func() string) func() error {
		return func() error { _, err := h.Search(t.Context(), a, q(), 20); return err }
	}
	word := func() string { return string(han(random, 2)) }
	measure("list, supervisor", list(supervisor, cases.Query{}))
	measure("list, department head", list(head, cases.Query{}))
	measure("list, states and severity", list(supervisor, cases.Query{States: []models.State{models.StateReceived}, Severities: []models.Severity{models.SeverityGeneral}}))
	measure("search, two characters at random", look(supervisor, word))
	measure("search, two characters in every other case", look(supervisor, func() string { return "客服" }))
	measure("search, a whole phrase", look(supervisor, func() string { return parts[random.IntN(len(parts))] }))
	measure("search, two phrases", look(supervisor, func() string { return parts[random.IntN(len(parts))] + " " + parts[random.IntN(len(parts))] }))
	measure("search, a word while it is typed", look(supervisor, func() string { return "sn" + strconv.Itoa(random.IntN(1000)) }))
	measure("search, a phone number", look(supervisor, func() string { return strconv.Itoa(13000000000 + random.IntN(n)) }))
	measure("search, a name", look(supervisor, func() string { return name(random) }))
	measure("search, a number", look(supervisor, func() string { return strconv.Itoa(random.IntN(n)*10 + 100) }))
	measure("search, two characters, department head", look(head, word))
	measure("search, a phrase, department head", look(head, func() string { return parts[random.IntN(len(parts))] }))
	measure("search, nothing found", look(supervisor, func() string { return "麤鑫 " + word() }))
	measure("count, all", func() error { _, err := h.Count(t.Context(), supervisor, cases.Query{}); return err })
	measure("duplicates, by customer, product and text", func() error {
		c := told(fmt.Sprintf("%s。%s", story(random), string(han(random, 30))), name(random), strconv.Itoa(13000000000+random.IntN(n)))
		c.Opened.Product = parts[1+random.IntN(8)]
		_, err := h.Duplicates(t.Context(), clerk, c)
		return err
	})
	measure("customer by phone", func() error {
		_, err := h.Customers(t.Context(), supervisor, cases.CustomerQuery{Phone: strconv.Itoa(13000000000 + random.IntN(n))})
		return err
	})
}

// fill puts cases on record from several hands.
func fill(t *testing.T, h *desk, n int) {
	t.Helper()
	var all sync.WaitGroup
	for hand := range 4 {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(hand), 9))
			for i := hand; i < n; i += 4 {
				c := told(fmt.Sprintf("%s。%s sn%07d", story(random), string(han(random, 30)), random.IntN(10_000_000)), name(random), strconv.Itoa(13000000000+i))
				c.Opened.Product = parts[1+random.IntN(8)]
				c.Opened.ReceivedAt = noon
				if _, err := h.Open(context.WithoutCancel(t.Context()), h.call(clerk), c); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// settle does at once what the server does by itself within minutes.
func settle(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), "VACUUM ANALYZE")
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))
}

// han are characters, the first ones more often, as in any language.
func han(random *rand.Rand, n int) []rune {
	runes := make([]rune, n)
	for i := range runes {
		runes[i] = rune(0x4e00 + int(2500*random.Float64()*random.Float64()))
	}
	return runes
}

var families = strings.Split("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗", "")

func name(random *rand.Rand) string {
	return families[random.IntN(len(families))] + string(han(random, 2))
}
