package api_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/api"
	"recourse/internal/cases"
	"recourse/models"
)

const uploads = "/api/v1/attachments"

func TestAnUploadReachesTheCases(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	r := s.ask(t, http.MethodPost, uploads, form("B", "file", "漏水.png", "image/png", "png\x00\xff"))
	require.Equal(t, http.StatusCreated, r.Code, r.Body)
	require.JSONEq(t, `{"id":"a-1","name":"漏水.png","media_type":"image/png","size":5}`, r.Body.String())
	require.Equal(t, cases.Upload{Name: "漏水.png", Declared: "image/png", Content: []byte("png\x00\xff")}, s.upload)
	require.Equal(t, "POST /attachments", s.call.Route)
	require.Equal(t, "k-1", s.call.Key)
	require.NotContains(t, s.log.String(), "漏水", "the name of a file is in no log")

	first := s.call.Body
	s.ask(t, http.MethodPost, uploads, form("another-boundary", "file", "漏水.png", "image/png", "png\x00\xff"))
	require.Equal(t, first, s.call.Body, "the same file in another envelope is the same wish")
	for _, other := range []string{
		form("B", "file", "b.png", "image/png", "png\x00\xff"), form("B", "file", "漏水.png", "image/gif", "png\x00\xff"), form("B", "file", "漏水.png", "image/png", "png"),
	} {
		s.ask(t, http.MethodPost, uploads, other)
		require.NotEqual(t, first, s.call.Body)
	}
}

func TestBadUploadsAreRefusedByName(t *testing.T) {
	t.Parallel()
	file := form("B", "file", "a.png", "image/png", "png")
	for name, tt := range map[string]struct {
		body, code, pointer, says string
		headers                   with
	}{
		"no key":                 {body: file, code: "key_missing", headers: with{"Idempotency-Key": ""}},
		"no token":               {body: file, code: "unauthorized", headers: with{"Authorization": ""}},
		"JSON":                   {body: `{"file":"x"}`, code: "malformed", says: "multipart/form-data"},
		"no boundary":            {body: file, code: "malformed", says: "multipart/form-data", headers: with{"Content-Type": "multipart/form-data"}},
		"another kind of parts":  {body: file, code: "malformed", says: "multipart/form-data", headers: with{"Content-Type": "multipart/mixed; boundary=B"}},
		"cut off":                {body: file[:len(file)-8], code: "malformed"},
		"no form":                {body: "--B", code: "invalid", pointer: "/file", says: "missing", headers: with{"Content-Type": "multipart/form-data; boundary=B"}},
		"no part":                {body: "--B--\r\n", code: "invalid", pointer: "/file", says: "missing", headers: with{"Content-Type": "multipart/form-data; boundary=B"}},
		"a part of another name": {body: form("B", "photo", "a.png", "", "x"), code: "invalid", pointer: "/photo", says: "unsupported"},
		"a part more":            {body: strings.TrimSuffix(file, "--B--\r\n") + form("B", "note", "", "", "x"), code: "invalid", pointer: "/note"},
		"two files":              {body: strings.TrimSuffix(file, "--B--\r\n") + file, code: "invalid", pointer: "/file", says: "one file at a time"},
		"too large":              {body: form("B", "file", "a.png", "", strings.Repeat("x", 70<<10)), code: "too_large", says: "at most 100 bytes"},
	} {
		s := newStand(t, func(c *api.Config) { c.MaxUpload = 100 })
		r := s.ask(t, http.MethodPost, uploads, tt.body, tt.headers)
		p := r.problem(t)
		require.Equal(t, tt.code, p.Code, name)
		require.Contains(t, p.Detail, tt.says, name)
		if tt.pointer != "" {
			require.Equal(t, tt.pointer, *p.Errors[0].Pointer, name)
		}
		require.Empty(t, s.upload.Content, "%s: nothing was passed on", name)
	}
}

func TestADownloadIsSavedAndNeverShown(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	r := s.ask(t, http.MethodGet, complaints+"/"+number+"/attachments/a-1", "")
	require.Equal(t, http.StatusOK, r.Code, r.Body)
	require.Equal(t, "png", r.Body.String())
	require.Equal(t, number+" a-1", s.number)
	require.Equal(t, "3", r.Header().Get("Content-Length"))
	require.Equal(t, "image/png", r.Header().Get("Content-Type"))
	require.Equal(t, "nosniff", r.Header().Get("X-Content-Type-Options"))
	require.Equal(t, "private, no-store", r.Header().Get("Cache-Control"))
	require.Contains(t, r.Header().Get("Content-Security-Policy"), "sandbox; default-src 'none'")
	require.Equal(t, `attachment; filename="__ _1__.png"; filename*=UTF-8''%E6%BC%8F%E6%B0%B4%20%221%22%3B.png`, r.Header().Get("Content-Disposition"))
}

func TestADownloadIsRefusedAsTheCasesSay(t *testing.T) {
	t.Parallel()
	for code, status := range map[models.Code]int{models.CodeNotFound: 404, models.CodeForbidden: 403, models.CodeGone: 410} {
		s := newStand(t)
		s.refuse = models.Refuse(code, "because")
		r := s.ask(t, http.MethodGet, complaints+"/"+number+"/attachments/a-1", "")
		require.Equal(t, status, r.Code)
		require.Equal(t, string(code), r.problem(t).Code)
		require.Empty(t, r.Header().Get("Content-Disposition"))
	}
	for _, id := range []string{"..%2F..%2Fetc", "%00", strings.Repeat("a", 101)} {
		r := newStand(t).ask(t, http.MethodGet, complaints+"/"+number+"/attachments/"+id, "")
		require.GreaterOrEqual(t, r.Code, 400, id)
		require.Less(t, r.Code, 500, id)
	}
}

func TestAComplaintNamesItsUploads(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.ask(t, http.MethodPost, complaints, `{"channel":"phone","text":"T","anonymous":true,"attachments":["a-1","a-2"]}`)
	require.Equal(t, []string{"a-1", "a-2"}, s.opened.Attachments)
	p := s.ask(t, http.MethodPost, complaints, `{"channel":"phone","text":"T","anonymous":true,"attachments":["a-1","../x"]}`).problem(t)
	require.Equal(t, "/attachments/1", *p.Errors[0].Pointer)
	p = s.ask(t, http.MethodPost, complaints, `{"channel":"phone","text":"T","anonymous":true,"attachments":[]}`).problem(t)
	require.Equal(t, "/attachments", *p.Errors[0].Pointer)
}

func TestALetterIsPrintedInTheLanguageOfTheCase(t *testing.T) {
	t.Parallel()
	for kind, title := range map[string][2]string{
		"receipt": {"投诉登记回执", "Your complaint is on record"}, "reply": {"投诉答复", "Our answer to your complaint"},
		"solution": {"投诉处理方案", "Our solution for your complaint"}, "result": {"投诉处理结果", "The result of your complaint"},
	} {
		for i, language := range []models.Language{models.LanguageZH, models.LanguageEN} {
			s := newStand(t)
			s.language = language
			r := s.ask(t, http.MethodGet, complaints+"/"+number+"/letter?kind="+kind, "", with{"Accept-Language": "fr"})
			require.Equal(t, http.StatusOK, r.Code, r.Body)
			page := r.Body.String()
			require.Equal(t, cases.LetterKind(kind), s.letter)
			require.Contains(t, page, "<h1>"+title[i]+"</h1>")
			require.Contains(t, page, `<html lang="`+string(language)+`">`)
			require.Contains(t, page, number)
			require.Contains(t, page, "王小明")
			require.Contains(t, page, "南京路 1 号")
			require.Contains(t, page, "示例 &lt;公司&gt;")
			require.Contains(t, page, "&lt;b&gt;跳闸&lt;/b&gt;\n第二行", "words are words, never markup")
			require.Contains(t, page, []string{"2026年11月21日", "21 November 2026"}[i], "the day in the company's zone")
			require.Equal(t, kind == "receipt", strings.Contains(page, []string{"2026年11月22日 20:00", "22 November 2026, 20:00"}[i]), "a receipt names the promise")
			require.Equal(t, "private, no-store", r.Header().Get("Cache-Control"))

			_, style, _ := strings.Cut(page, "<style>")
			style, _, _ = strings.Cut(style, "</style>")
			sum := sha256.Sum256([]byte(style))
			require.Contains(t, r.Header().Get("Content-Security-Policy"), "style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
		}
	}
	p := newStand(t).ask(t, http.MethodGet, complaints+"/"+number+"/letter?kind=poem", "").problem(t)
	require.Equal(t, "invalid", p.Code)
	p = newStand(t).ask(t, http.MethodGet, complaints+"/"+number+"/letter", "").problem(t)
	require.Equal(t, "kind", p.Errors[0].Parameter)
}

func TestOnlySoManyFilesTravelAtOnce(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(c *api.Config) {
		c.Observe = nil // the stand's own is for one request at a time
		c.TransferTime = time.Minute
	})
	waits := make(chan struct{})
	s.waits, s.came = waits, make(chan struct{}, 8)
	done := make(chan int, 8)
	for range 8 {
		go func() {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, complaints+"/"+number+"/attachments/a-1", nil)
			r.Header.Set("Authorization", "Bearer "+token)
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, r)
			done <- w.Code
		}()
	}
	for range 8 {
		<-s.came
	}
	r := s.ask(t, http.MethodPost, uploads, form("B", "file", "a.png", "", "png"))
	require.Equal(t, http.StatusTooManyRequests, r.Code)
	require.NotEmpty(t, r.Header().Get("Retry-After"))
	require.Equal(t, http.StatusOK, s.ask(t, http.MethodGet, complaints+"/"+number+"/attachments", "").Code, "a list is no file")
	close(waits)
	for range 8 {
		require.Equal(t, http.StatusOK, <-done)
	}
	s.waits = nil
	require.Equal(t, http.StatusCreated, s.ask(t, http.MethodPost, uploads, form("B", "file", "a.png", "", "png")).Code)
}
