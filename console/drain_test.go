package console_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// endless is a file that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// large is a complaint with a file of so many bytes of nothing, and its size; the words come first.
func large(tb testing.TB, bytesOfFile int64) (body io.Reader, size int64, kind string) {
	tb.Helper()
	var around bytes.Buffer
	parts := multipart.NewWriter(&around)
	require.NoError(tb, parts.WriteField("text", "It leaks once more."))
	_, err := parts.CreateFormFile("file", "film.mp4")
	require.NoError(tb, err)
	before := around.String()
	around.Reset()
	require.NoError(tb, parts.Close())
	after := around.String()
	return io.MultiReader(strings.NewReader(before), io.LimitReader(endless{}, bytesOfFile), strings.NewReader(after)),
		int64(len(before)+len(after)) + bytesOfFile, parts.FormDataContentType()
}

// tooOften lets somebody complain as often as they may.
func (d *desk) tooOften(tb testing.TB, from string) *window {
	tb.Helper()
	w := d.as(tb, "")
	w.from = from
	for i := range 6 {
		got := w.post(tb, "/complain", url.Values{"key": {fmt.Sprint("k-", i)}, "text": {"It leaks."}, "anonymous": {"yes"}})
		if got.Code == http.StatusTooManyRequests {
			return w
		}
		require.Equal(tb, http.StatusSeeOther, got.Code)
	}
	require.Fail(tb, "nobody complains too often")
	return nil
}

// sent sends a form to its end over a connection of its own, as browsers do, and reads the answer only
// then.
func sent(tb testing.TB, server *httptest.Server, body io.Reader, size int64, kind string) answer {
	tb.Helper()
	wire, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(tb, err)
	defer func() { _ = wire.Close() }()
	require.NoError(tb, wire.SetDeadline(time.Now().Add(time.Minute)))
	_, err = fmt.Fprintf(wire, "POST /complain HTTP/1.1\r\nHost: %s\r\nAccept: text/html\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", server.Listener.Addr(), kind, size)
	require.NoError(tb, err)
	_, err = io.Copy(wire, body)
	require.NoError(tb, err, "we hung up while the form was still being sent")
	got, err := http.ReadResponse(bufio.NewReader(wire), nil)
	require.NoError(tb, err)
	defer func() { _ = got.Body.Close() }()
	page, err := io.ReadAll(got.Body)
	require.NoError(tb, err)
	return answer{Code: got.StatusCode, Header: got.Header, Body: string(page)}
}

func TestWhoSendsFarTooMuchReadsWhyItIsRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.wait(time.Since(noon)) // a connection knows no other clock
	server := httptest.NewServer(d.console)
	t.Cleanup(server.Close)
	body, size, kind := large(t, 60<<20)
	got := sent(t, server, body, size, kind)
	require.Equal(t, http.StatusRequestEntityTooLarge, got.Code)
	require.Contains(t, got.Text(), "It leaks once more.")

	d.tooOften(t, "127.0.0.1:1")
	body, size, kind = large(t, 20<<20)
	got = sent(t, server, body, size, kind)
	require.Equal(t, http.StatusTooManyRequests, got.Code)
	require.Contains(t, got.Body, "It leaks once more.</textarea>")
	require.Contains(t, got.Text(), "Please choose your files once more")
	require.Empty(t, d.files(t))
}

// countedBody says how much of a body was read.
type countedBody struct {
	io.Reader

	read int64
}

func (c *countedBody) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += int64(n)
	return n, err
}

func TestOfAFormThatIsRefusedSoMuchIsReadAndNoMore(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.tooOften(t, "")
	const film = 256 << 20
	for says, c := range map[string]struct{ file, declared, most int64 }{
		"what is said to be endless is not begun":          {file: 10 * film, declared: 10 * film, most: 2 << 20},
		"what is not said to be endless ends all the same": {file: 10 * film, declared: -1, most: film + 2<<20},
	} {
		whole, _, kind := large(t, c.file)
		body := &countedBody{Reader: whole}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/complain", body)
		r.ContentLength = c.declared
		r.Header.Set("Content-Type", kind)
		got := w.send(t, r)
		require.Equal(t, http.StatusTooManyRequests, got.Code, says)
		require.Contains(t, got.Body, "It leaks once more.", says)
		require.Less(t, body.read, c.most, says)
	}
	require.Empty(t, d.files(t))
}
