package figures_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/extract"
	"recourse/internal/figures"
	"recourse/internal/kpi"
	"recourse/internal/kpi/kpitest"
	"recourse/internal/policies"
	"recourse/models"
)

// TestHowMuchAnExtractTakes is a measurement: make bench-extract. It takes tables of RECOURSE_BENCH_CASES cases away
// over HTTP and tells how long it took, and how far the heap rose above what it was at rest.
func TestHowMuchAnExtractTakes(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("RECOURSE_BENCH_CASES"))
	if n == 0 {
		t.Skip("a measurement: make bench-extract")
	}
	company := kpitest.Year(1, n)
	s := onRecord(t, company)
	svc := &figures.Service{
		Record: s, Hours: everyHour{}, Zone: shanghai, Now: func() time.Time { return company.AsOf }, Log: slog.New(slog.DiscardHandler),
	}
	table, err := svc.Table(t.Context())
	require.NoError(t, err)
	source := extract.Source{Record: s, Past: func(context.Context, string, ...string) (extract.Past, error) { return policies.Past{}, nil }}
	q := kpi.Query{From: company.From, Until: company.Until, Cut: company.AsOf, Zone: shanghai, Visible: models.VisibleTo(supervisor)}
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, err := extract.Ready(r.Context(), source, table, q, extract.Wish{Table: r.FormValue("table"), Format: r.FormValue("format"), At: company.AsOf})
		if err == nil {
			err = file.Write(w)
		}
		if err != nil {
			t.Error(err)
		}
	}))
	defer door.Close()
	for _, name := range []string{"cases", "cycles"} {
		for _, format := range []string{"csv", "xlsx"} {
			var size int64
			began := time.Now()
			rose := peak(func() {
				ask, err := http.NewRequestWithContext(t.Context(), http.MethodGet, door.URL+"?table="+name+"&format="+format, nil)
				require.NoError(t, err)
				answer, err := http.DefaultClient.Do(ask)
				require.NoError(t, err)
				size, err = io.Copy(io.Discard, answer.Body)
				require.NoError(t, err)
				require.NoError(t, answer.Body.Close())
			})
			fmt.Printf("%s of %d cases as %s: %.1f MiB in %s, heap at most %.1f MiB above idle\n",
				name, n, format, float64(size)/(1<<20), time.Since(began).Round(100*time.Millisecond), float64(rose)/(1<<20))
		}
	}
}

// peak is by how many bytes the heap rose at most above what it was at rest, garbage and all, looked at every two
// milliseconds.
func peak(do func()) (rose int64) {
	idle, done := heap(), make(chan struct{})
	told := make(chan int64)
	go func() {
		var most int64
		for tick := time.NewTicker(2 * time.Millisecond); ; {
			select {
			case <-done:
				tick.Stop()
				told <- most
				return
			case <-tick.C:
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				most = max(most, int64(now.HeapInuse)-int64(idle)) //nolint:gosec // bytes of a heap
			}
		}
	}()
	do()
	close(done)
	return <-told
}
