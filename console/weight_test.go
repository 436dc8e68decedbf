package console_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A first page is what a browser fetches that was never here: the page and all it names, but charts.
func TestAFirstPageIsLight(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for range 50 {
		d.dispatched(t, told(strings.Repeat("机器漏水地板湿了一片", 40)))
	}
	w := d.as(t, "supervisor")
	for _, page := range []string{"/queue", "/overview", "/figures", "/figures/csat", "/sign-in"} {
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
