package console_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"rsc.io/qr"
)

var (
	code = regexp.MustCompile(`<svg class="qr" role="img" aria-label="([^"]*)" viewBox="0 0 (\d+) \d+"[^>]*>.*<path fill="#000" d="([^"]*)"/></svg>`)
	dark = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`)
)

func TestTheReceiptCarriesTheStatusLinkAsACodeToScan(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "intake")
	saved := w.post(t, "/intake", filled())
	path := strings.TrimSuffix(saved.To(), "saved") + "receipt"
	got := w.get(t, path)
	require.Equal(t, http.StatusOK, got.Code)
	link := regexp.MustCompile(`http://127\.0\.0\.1:8080/t/[a-z2-7]+`).FindString(got.Body)
	drawn := code.FindStringSubmatch(got.Body)
	require.NotNil(t, drawn, got.Body)
	require.Equal(t, "网址 "+link+" 的二维码", drawn[1], "in the language of the case")
	want, err := qr.Encode(link, qr.M)
	require.NoError(t, err)
	require.Equal(t, strconv.Itoa(want.Size+8), drawn[2], "four light modules stand around it")
	is := map[string]bool{}
	for _, run := range dark.FindAllStringSubmatch(drawn[3], -1) {
		x, _ := strconv.Atoi(run[1])
		y, _ := strconv.Atoi(run[2])
		n, _ := strconv.Atoi(run[3])
		for i := range n {
			is[fmt.Sprint(x+i-4, " ", y-4)] = true
		}
	}
	for y := range want.Size {
		for x := range want.Size {
			require.Equal(t, want.Black(x, y), is[fmt.Sprint(x, " ", y)], "%d %d", x, y)
		}
	}
	require.NotContains(t, d.as(t, "supervisor").get(t, path).Body, `class="qr"`, "the link is shown to whoever recorded the case alone")
}
