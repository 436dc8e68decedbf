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
	"runtime/metrics"
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
	for _, format := range []string{"csv", "xlsx"} {
		var size int64
		began := time.Now()
		idle, inUse, live := peak(func() {
			ask, err := http.NewRequestWithContext(t.Context(), http.MethodGet, door.URL+"?table=cases&format="+format, nil)
			require.NoError(t, err)
			answer, err := http.DefaultClient.Do(ask)
			require.NoError(t, err)
			size, err = io.Copy(io.Discard, answer.Body)
			require.NoError(t, err)
			require.NoError(t, answer.Body.Close())
		})
		fmt.Printf("%d cases as %s: %.1f MiB in %s; at rest the heap is %.1f MiB; at most %.1f MiB more are in use, garbage and all, %.1f MiB more are needed\n",
			n, format, mebi(size), time.Since(began).Round(100*time.Millisecond), mebi(idle), mebi(inUse), mebi(live))
	}
}

func mebi(bytes int64) float64 { return float64(bytes) / (1 << 20) }

// peak is the heap at rest and how far it rises at most above that, in bytes, looked at every two milliseconds: what is
// in use, with the garbage that was not collected yet, and what the collector found to be needed.
func peak(do func()) (idle, inUse, live int64) {
	idle = int64(heap())
	done, told := make(chan struct{}), make(chan struct{})
	found := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(found)
	before := found[0].Value.Uint64()
	go func() {
		defer close(told)
		for tick := time.NewTicker(2 * time.Millisecond); ; {
			select {
			case <-done:
				tick.Stop()
				return
			case <-tick.C:
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				metrics.Read(found)
				inUse = max(inUse, int64(now.HeapInuse)-idle)
				live = max(live, int64(found[0].Value.Uint64())-int64(before))
			}
		}
	}()
	do()
	close(done)
	<-told
	return idle, inUse, live
}
