package files_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/files"
	"recourse/models"
)

func TestBytesComeBackUnderTheirHash(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "files")
	folder := files.In(path)
	require.NoError(t, folder.Each(func(string, time.Time) error { t.Error("nothing is there"); return nil }))
	name, err := folder.Put([]byte("sealed"))
	require.NoError(t, err)
	require.Equal(t, files.NameOf([]byte("sealed")), name)
	again, err := folder.Put([]byte("sealed"))
	require.NoError(t, err)
	require.Equal(t, name, again)
	got, err := folder.Get(name)
	require.NoError(t, err)
	require.Equal(t, "sealed", string(got))

	info, err := os.Stat(filepath.Join(path, name[:2], name))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	left, err := os.ReadDir(filepath.Join(path, name[:2]))
	require.NoError(t, err)
	require.Len(t, left, 1, "no draft is left")
}

func TestAnAlteredOrMissingFileSaysSo(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	folder := files.In(path)
	name, err := folder.Put([]byte("sealed"))
	require.NoError(t, err)
	place := filepath.Join(path, name[:2], name)
	require.NoError(t, os.WriteFile(place, []byte("seaLed"), 0o600))
	_, err = folder.Get(name)
	require.ErrorIs(t, err, files.ErrAltered)
	require.NoError(t, folder.Remove(name))
	require.NoError(t, folder.Remove(name), "twice is once")
	for _, none := range []string{name, "", "..", "../../etc/passwd", strings.Repeat("z", 64)} {
		_, err = folder.Get(none)
		require.ErrorIs(t, err, files.ErrMissing, none)
		require.NoError(t, folder.Remove(none))
	}
}

func TestACopyHoldsEverythingAndNothingAltered(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	from, to := files.In(path), files.In(filepath.Join(t.TempDir(), "copy"))
	one, err := from.Put([]byte("one"))
	require.NoError(t, err)
	_, err = from.Put([]byte("two"))
	require.NoError(t, err)
	copied, err := files.Copy(from, to)
	require.NoError(t, err)
	require.Equal(t, 2, copied)
	copied, err = files.Copy(from, to)
	require.NoError(t, err)
	require.Zero(t, copied, "only what is new")
	got, err := to.Get(one)
	require.NoError(t, err)
	require.Equal(t, "one", string(got))

	require.NoError(t, os.WriteFile(filepath.Join(path, one[:2], one), []byte("ONE"), 0o600))
	_, err = files.Copy(from, files.In(t.TempDir()))
	require.ErrorIs(t, err, files.ErrAltered)
	copied, err = files.Copy(files.In(filepath.Join(path, "never made")), to)
	require.NoError(t, err)
	require.Zero(t, copied)
}

func office(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p)
		require.NoError(t, err)
		_, err = w.Write([]byte("<x/>"))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

const png = "\x89PNG\x0d\x0a\x1a\x0a0000"

func TestAFileIsWhatItsContentSays(t *testing.T) {
	t.Parallel()
	const word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	for name, tt := range map[string]struct{ file, declared, content, is string }{
		"a picture":                        {"a.PNG", "image/png", png, "image/png"},
		"a photo without extension":        {"photo", "", "\xff\xd8\xff\xe0....JFIF", "image/jpeg"},
		"a photo of an iPhone":             {"a.heic", "image/heif", "\x00\x00\x00\x18ftypheic....", "image/heic"},
		"a letter":                         {"a.pdf", "application/pdf; x=1", "%PDF-1.7\n", "application/pdf"},
		"a document of Word":               {"合同.docx", "application/octet-stream", string(office(t, "[Content_Types].xml", "word/document.xml")), word},
		"a recording":                      {"a.mp3", "audio/mp3", "ID3\x04....", "audio/mpeg"},
		"a recording without tag":          {"a.mp3", "audio/mpeg", "\xff\xfb\x90\x64....", "audio/mpeg"},
		"a recording of a phone":           {"a.amr", "", "#!AMR\n..", "audio/amr"},
		"a voice memo":                     {"a.m4a", "audio/x-m4a", "\x00\x00\x00\x18ftypM4A ....", "audio/mp4"},
		"a video":                          {"a.mp4", "video/mp4", "\x00\x00\x00\x18ftypisom....", "video/mp4"},
		"a recording of a call":            {"a.wav", "audio/x-wav", "RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"},
		"a note":                           {"a.txt", "text/plain; charset=utf-8", "尺寸 < 10 厘米", "text/plain"},
		"a note of a Chinese Windows":      {"a.txt", "text/plain", "\xcd\xcb\xbf\xee 100 \xd4\xaa\r\n\x81\x30\x81\x30", "text/plain"},
		"a table as text":                  {"a.csv", "text/csv", "a,b\r\n1,2\r\n", "text/plain"},
		"a declared type that says little": {"a.pdf", "application/octet-stream", "%PDF-1.4", "application/pdf"},
	} {
		is, err := files.Judge(tt.file, tt.declared, []byte(tt.content))
		require.NoError(t, err, name)
		require.Equal(t, tt.is, is, name)
	}
}

func TestAFileThatLiesOrRunsIsRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file, declared, content string
		says                    []string
	}{
		"nothing":                     {"a.png", "image/png", "", []string{"is empty"}},
		"a program":                   {"a.exe", "", "MZ\x90\x00\x03", []string{"none of the kinds"}},
		"a program of Linux":          {"a", "", "\x7fELF\x02\x01", []string{"none of the kinds"}},
		"a program as a picture":      {"a.png", "image/png", "MZ\x90\x00\x03", []string{"none of the kinds"}},
		"a page":                      {"a.html", "text/html", "<!DOCTYPE html><p>", []string{"none of the kinds"}},
		"a page as text":              {"a.txt", "text/plain", "\n <html><script>", []string{"none of the kinds"}},
		"a page behind a mark":        {"a.txt", "text/plain", "\xef\xbb\xbf<html>", []string{"none of the kinds"}},
		"a drawing that runs":         {"a.svg", "image/svg+xml", `<?xml version="1.0"?><svg onload="x"/>`, []string{"none of the kinds"}},
		"a script":                    {"a.sh", "", "#!/bin/sh\nrm -rf /", []string{"none of the kinds"}},
		"a script without a mark":     {"a.js", "text/javascript", "alert(1)", []string{`named ".js"`, "text/plain"}},
		"a batch":                     {"a.bat", "", "del *.*", []string{`named ".bat"`, "text/plain"}},
		"a picture as a letter":       {"a.pdf", "application/pdf", png, []string{`named ".pdf"`, "image/png"}},
		"a letter declared a picture": {"a.pdf", "image/png", "%PDF-1.7", []string{"declared as image/png", "application/pdf"}},
		"a type that is none":         {"a.png", "image", png, []string{"declared as", "image/png"}},
		"a zip":                       {"a.zip", "application/zip", string(office(t, "a.exe")), []string{"none of the kinds"}},
		"a zip as a document":         {"a.docx", "", string(office(t, "a.txt")), []string{"none of the kinds"}},
		"a document with macros":      {"a.docx", "", string(office(t, "word/document.xml", "word/vbaProject.bin")), []string{"none of the kinds"}},
		"a cut zip":                   {"a.docx", "", string(office(t, "word/document.xml")[:40]), []string{"none of the kinds"}},
		"half a Chinese character":    {"a.txt", "text/plain", "\xcd\xcb\xbf", []string{"none of the kinds"}},
		"bytes that are no text":      {"a.txt", "text/plain", "\xcd\xff\x80", []string{"none of the kinds"}},
		"a Chinese page":              {"a.txt", "text/plain", "<html>\xcd\xcb\xbf\xee", []string{"none of the kinds"}},
		"text with a NUL":             {"a.txt", "text/plain", "a\x00b", []string{"none of the kinds"}},
	} {
		_, err := files.Judge(tt.file, tt.declared, []byte(tt.content))
		require.Equal(t, models.CodeInvalid, models.CodeOf(err), name)
		var refused *models.Error
		require.ErrorAs(t, err, &refused, name)
		require.Equal(t, "/file", refused.Field, name)
		for _, says := range tt.says {
			require.ErrorContains(t, err, says, name)
		}
	}
}

func TestANameIsOnlyAName(t *testing.T) {
	t.Parallel()
	for from, to := range map[string]string{
		"发票.pdf": "发票.pdf", `C:\Users\王\发票.pdf`: "发票.pdf", "../../etc/passwd": "passwd", "a\r\nb.png": "ab.png", "..": "", "": "", " . ": "",
		"gpj.\u202eexe.png": "gpj.exe.png", "a\xff.png": "a.png",
	} {
		require.Equal(t, to, files.CleanName(from), "%q", from)
	}
	long := files.CleanName(strings.Repeat("长", 300) + ".pdf")
	require.Len(t, []rune(long), 200)
	require.True(t, strings.HasSuffix(long, ".pdf"))
	for _, kind := range files.Names() {
		require.NotContains(t, []string{"html", "svg", "js", "exe"}, kind)
	}
	require.Equal(t, ".pdf", files.Extension("application/pdf"))
	require.Equal(t, ".bin", files.Extension("text/html"))
}
