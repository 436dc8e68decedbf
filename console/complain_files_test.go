package console_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// files returns every upload on record.
func (d *desk) files(tb testing.TB) (all []models.Attachment) {
	tb.Helper()
	require.NoError(tb, d.store.AllFiles(tb.Context(), func(a models.Attachment) error {
		all = append(all, a)
		return nil
	}))
	return all
}

// many are so many files of text, each with some bytes of its own.
func many(n, size int) map[string]string {
	files := map[string]string{}
	for i := range n {
		files[fmt.Sprintf("photo-%02d.txt", i)] = fmt.Sprintf("%02d", i) + strings.Repeat("x", size)
	}
	return files
}

func complaint(more ...string) map[string]string {
	form := map[string]string{"key": "k-1", "text": "It leaks at the handle.", "contact.phone": "13800138000"}
	for i := 0; i < len(more); i += 2 {
		form[more[i]] = more[i+1]
	}
	return form
}

func TestACustomerSendsPhotosWithTheirComplaint(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "")
	page := w.get(t, "/complain")
	require.Contains(t, page.Body, `enctype="multipart/form-data"`)
	require.Contains(t, page.Text(), "At most 5 files, together up to 20 MB")
	send := func() answer { return w.send(t, upload(t, "/complain", complaint(), many(2, 10))) }
	first := send()
	require.Equal(t, http.StatusSeeOther, first.Code, first.Text())
	require.Equal(t, first.To(), send().To(), "a double click is one complaint")
	require.Len(t, d.files(t), 2)
	number := d.numbers(t)[0]
	found, err := d.Attachments(t.Context(), d.call(t, "supervisor").Actor, number)
	require.NoError(t, err)
	require.Len(t, found, 2)
	for _, one := range found {
		require.Equal(t, models.ActorService, one.By.Kind)
		require.Equal(t, "web-form", one.By.ID)
	}
	require.Contains(t, d.as(t, "supervisor").get(t, "/cases/"+number).Text(), "photo-01.txt")
}

func TestAComplaintThatIsRefusedKeepsNoFile(t *testing.T) {
	t.Parallel()
	for says, sent := range map[string]struct {
		form, files map[string]string
		beside      string
	}{
		"Give a phone number":                             {complaint("contact.phone", ""), many(2, 10), "contact"},
		"At most 5 files at once.":                        {complaint(), many(6, 10), "attachments"},
		"Together these files are larger than 20 MB.":     {complaint(), many(3, 8<<20), "attachments"},
		"photo.pdf: Is named":                             {complaint(), map[string]string{"photo.pdf": "no such thing"}, "attachments"},
		"Please clear this field":                         {complaint("website", "http://buy.example"), many(1, 10), "website"},
		"This is no text: it holds bytes that are no cha": {complaint("product", "a\x00b"), many(1, 10), ""},
	} {
		d := newDesk(t)
		got := d.as(t, "").send(t, upload(t, "/complain", sent.form, sent.files))
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, says)
		require.Contains(t, got.Text(), says)
		require.Contains(t, got.Body, "It leaks at the handle.", says)
		require.NotContains(t, got.Body, `name="attachment"`, says)
		if sent.beside != "" {
			require.Contains(t, got.Body, `id="fault-`+sent.beside+`"`, says)
			require.Contains(t, got.Text(), "Please choose your files once more", says)
		}
		require.Empty(t, d.files(t), says)
		require.Empty(t, d.numbers(t), says)
	}
}

func TestWhatCameWithABadFileIsSwept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	got := d.as(t, "").send(t, upload(t, "/complain", complaint(), map[string]string{"fine.txt": "Fine.", "worse.pdf": "no such thing"}))
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	require.Len(t, d.files(t), 1)
	gone, err := d.store.DisownFiles(t.Context(), d.now().Add(time.Hour))
	require.NoError(t, err)
	require.Len(t, gone, 1)
	require.NoError(t, d.store.DropFiles(t.Context(), gone))
	require.Empty(t, d.files(t))
}

func TestNobodyNamesTheFileOfAStranger(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	got := d.as(t, "").send(t, upload(t, "/complain", complaint(), map[string]string{"fine.txt": "Fine.", "worse.pdf": "no such thing"}))
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	left := d.files(t)
	require.Len(t, left, 1)
	other := url.Values{"key": {"k-2"}, "text": {"Mine now."}, "anonymous": {"yes"}, "attachment": {left[0].ID + " fine.txt"}}
	require.Equal(t, http.StatusSeeOther, d.as(t, "").post(t, "/complain", other).Code)
	found, err := d.Attachments(t.Context(), d.call(t, "supervisor").Actor, d.numbers(t)[0])
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestAFormBringsSoManyFilesAndNoMore(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	intake := map[string]string{}
	for name := range filled() {
		intake[name] = filled().Get(name)
	}
	for path, form := range map[string]map[string]string{"/intake": intake, "/cases/" + number + "/attach": {"key": "k-1"}} {
		w := d.as(t, map[bool]string{true: "intake", false: "handler"}[path == "/intake"])
		before := len(d.files(t))
		got := w.send(t, upload(t, path, form, many(21, 10)))
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, path)
		require.Contains(t, got.Body, `id="fault-attachments"`, path)
		require.Contains(t, got.Text(), "At most 20 files at once.", path)
		require.Len(t, d.files(t), before, path)
		if path == "/intake" {
			require.Contains(t, got.Body, "The kettle leaks.", "what was written is still there")
		}
		got = w.send(t, upload(t, path, form, many(20, 10)))
		require.Equal(t, http.StatusSeeOther, got.Code, "%s: %.300s", path, got.Text())
		require.Len(t, d.files(t), before+20, path)
	}
}

var keptFile = regexp.MustCompile(`name="attachment" value="([^"]*)"`)

func TestFilesThatAFormCarriesOnCountToo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	number := d.dispatched(t, told("It leaks."))
	w := d.as(t, "handler")
	files := many(19, 10)
	files["worse.pdf"] = "no such thing"
	got := w.send(t, upload(t, "/cases/"+number+"/attach", map[string]string{"key": "k-1"}, files))
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	require.Len(t, d.files(t), 19)
	form := url.Values{"key": {"k-2"}}
	for _, found := range keptFile.FindAllStringSubmatch(got.Body, -1) {
		form.Add("attachment", found[1])
	}
	require.Len(t, form["attachment"], 19)
	again := func(files map[string]string) answer {
		var body bytes.Buffer
		parts := multipart.NewWriter(&body)
		for name, values := range form {
			for _, value := range values {
				require.NoError(t, parts.WriteField(name, value))
			}
		}
		for name, content := range files {
			part, err := parts.CreateFormFile("attachments", name)
			require.NoError(t, err)
			_, err = io.WriteString(part, content)
			require.NoError(t, err)
		}
		require.NoError(t, parts.Close())
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/cases/"+number+"/attach", &body)
		r.Header.Set("Content-Type", parts.FormDataContentType())
		return w.send(t, r)
	}
	over := again(many(2, 20))
	require.Equal(t, http.StatusUnprocessableEntity, over.Code)
	require.Contains(t, over.Text(), "At most 20 files at once.")
	require.Len(t, keptFile.FindAllString(over.Body, -1), 19, "those that were kept are kept")
	require.Equal(t, http.StatusSeeOther, again(map[string]string{"one.txt": "one more"}).Code)
	views, err := d.Attachments(t.Context(), d.call(t, "handler").Actor, number)
	require.NoError(t, err)
	require.Len(t, views, 20)
}

func TestTheWordsOfAFormWithFilesAreBounded(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	got := d.as(t, "intake").send(t, upload(t, "/intake", map[string]string{"text": strings.Repeat("x", 5<<20)}, many(1, 10)))
	require.Equal(t, http.StatusRequestEntityTooLarge, got.Code)
	require.Empty(t, d.files(t))
}
