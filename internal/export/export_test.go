package export_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/check/checktest"
	"recourse/internal/export"
	"recourse/internal/store"
	"recourse/models"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// house is a record with cases of every sort.
type house struct {
	*store.Store

	rows []models.Case
}

func newHouse(t *testing.T, cases ...int) house {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "record.db"), store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Migrate(t.Context()))
	require.NoError(t, checktest.Fill(t.Context(), s, 3, append(cases, 16)[0]))
	rows, err := s.AllCases(t.Context(), "", 1000)
	require.NoError(t, err)
	return house{Store: s, rows: rows}
}

// withFile is a case that has an attachment, a customer and some events, as few as there are.
func (h house) withFile(t *testing.T) models.Case {
	t.Helper()
	var found []models.Case
	for _, row := range h.rows {
		files, err := h.Attachments(t.Context(), row.ID)
		require.NoError(t, err)
		if len(files) > 0 && row.CustomerID != "" && row.Seq > 2 {
			found = append(found, row)
		}
	}
	require.NotEmpty(t, found)
	return slices.MinFunc(found, func(a, b models.Case) int { return int(a.Seq - b.Seq) })
}

func (h house) source() export.Source {
	return export.Source{Record: h.Store, Vault: checktest.Vault(), Files: checktest.Files()}
}

// file exports a case and returns the bytes.
func (h house) file(t *testing.T, number string) []byte {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "case.zip"))
	require.NoError(t, err)
	defer f.Close()
	_, err = export.Write(t.Context(), f, h.source(), number, noon)
	require.NoError(t, err)
	b, err := os.ReadFile(f.Name())
	require.NoError(t, err)
	return b
}

func verify(t *testing.T, file []byte) export.Report {
	t.Helper()
	r, err := export.Verify(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	return r
}

func said(t *testing.T, r export.Report) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, r.Write(&b))
	return b.String()
}

// parts unpacks an export.
func parts(t *testing.T, file []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	all := map[string][]byte{}
	for _, f := range z.File {
		in, err := f.Open()
		require.NoError(t, err)
		all[f.Name], err = io.ReadAll(in)
		require.NoError(t, err)
	}
	return all
}

// forge packs parts again, with a manifest and a signature that agree with them, as somebody would who
// knows how.
func forge(t *testing.T, all map[string][]byte, change func(m *export.Manifest)) []byte {
	t.Helper()
	var m export.Manifest
	require.NoError(t, json.Unmarshal(all["manifest.json"], &m))
	if change != nil {
		change(&m)
	}
	m.Files = nil
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name string, content []byte) {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write(content)
		require.NoError(t, err)
	}
	for name, content := range all {
		if name == "manifest.json" {
			continue
		}
		sum := sha256.Sum256(content)
		m.Files = append(m.Files, export.Part{Path: name, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])})
		put(name, content)
	}
	manifest, err := json.Marshal(m)
	require.NoError(t, err)
	put("manifest.json", manifest)
	require.NoError(t, z.SetComment(strings.Repeat("0", 64)))
	require.NoError(t, z.Close())
	file := b.Bytes()
	sum := sha256.Sum256(file[:len(file)-64])
	copy(file[len(file)-64:], hex.EncodeToString(sum[:]))
	return file
}

func TestEveryCaseIsExportedWholeAndProvesItself(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, row := range h.rows {
		file := h.file(t, row.Number)
		r := verify(t, file)
		require.True(t, r.OK(), said(t, r))
		require.Equal(t, hex.EncodeToString(row.Hash), r.Manifest.Head, "the chain ends where the record does")
		require.EqualValues(t, row.Seq, r.Manifest.Events)
		entries, err := h.Entries(t.Context(), row.ID, 0, 1)
		require.NoError(t, err)
		if entries[0].Kind == models.KindOpened { // what another system had came without words
			require.Positive(t, r.Texts)
		}
		bound, err := h.Attachments(t.Context(), row.ID)
		require.NoError(t, err)
		require.Len(t, r.Manifest.Attachments, len(bound))
		require.Contains(t, said(t, r), "holds: not a byte was changed")
		require.Contains(t, said(t, r), "does not prove")
	}
}

func TestAnExportIsReadableByItself(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	row := h.withFile(t)
	all := parts(t, h.file(t, row.Number))
	page := string(all["index.html"])
	require.Contains(t, page, `<html lang="zh-CN">`)
	require.Contains(t, page, "登记投诉")
	require.Contains(t, page, row.Number)
	require.Contains(t, page, `<a href="attachments/0001.png">photo.png</a>`)
	require.Contains(t, string(all["attachments/0001.png"]), "photo ")
	require.NotContains(t, page, "http://")
	require.NotContains(t, page, "<script")
	require.Contains(t, string(all["events.jsonl"]), `"files":[{`, "the event names its attachment")
	texts, err := h.Texts(t.Context(), row.ID)
	require.NoError(t, err)
	key, err := h.Key(t.Context(), row.KeyID)
	require.NoError(t, err)
	words, _, err := checktest.Vault().OpenText(key.Wrapped, key.ID, texts[0].Ref, texts[0].Sealed)
	require.NoError(t, err)
	require.Contains(t, string(all["texts.jsonl"]), words)
}

func TestCorrectedContactDataIsInTheExport(t *testing.T) {
	t.Parallel()
	h, corrected := newHouse(t, 100), 0
	for _, row := range h.rows {
		texts, err := h.Texts(t.Context(), row.ID)
		require.NoError(t, err)
		i := slices.IndexFunc(texts, func(t models.Text) bool { return t.Name == models.TextContact && t.Seq > 1 })
		if i < 0 {
			continue
		}
		corrected++
		file := h.file(t, row.Number)
		require.True(t, verify(t, file).OK())
		all := parts(t, file)
		require.Contains(t, string(all["index.html"]), "更正记录")
		require.Contains(t, string(all["index.html"]), "words of contact 话")
		require.Contains(t, string(all["texts.jsonl"]), texts[i].Ref)
	}
	require.Positive(t, corrected)
}

func TestASealedRecordNamesItsAttachments(t *testing.T) {
	t.Parallel()
	h, sealed := newHouse(t, 200), 0 // one in a hundred is sealed
	for _, row := range h.rows {
		bound, err := h.Attachments(t.Context(), row.ID)
		require.NoError(t, err)
		archive, err := h.Archive(t.Context(), row.ID)
		if models.CodeOf(err) == models.CodeNotFound || len(bound) == 0 {
			continue
		}
		require.NoError(t, err)
		require.Contains(t, string(archive.Document), `"id":"`+bound[0].ID+`"`)
		require.Contains(t, string(archive.Document), bound[0].Digest)
		sealed++
	}
	require.Positive(t, sealed)
}

func TestAnyChangedByteIsFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	file := h.file(t, h.withFile(t).Number)
	for i := range file {
		broken := bytes.Clone(file)
		broken[i] ^= 1
		r, err := export.Verify(bytes.NewReader(broken), int64(len(broken)))
		require.NoError(t, err)
		require.False(t, r.OK(), "byte %d of %d", i, len(file))
	}
	for _, other := range [][]byte{nil, []byte("PK"), file[:len(file)/2], file[1:], append(bytes.Clone(file), 'x'), bytes.Repeat([]byte("x"), 500)} {
		require.False(t, verify(t, other).OK())
	}
}

func TestAForgedExportIsFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	file := h.file(t, h.withFile(t).Number)
	other := h.rows[slices.IndexFunc(h.rows, func(c models.Case) bool { return c.ID != h.withFile(t).ID })]
	replace := func(part, from, to string) func(map[string][]byte) {
		return func(all map[string][]byte) {
			require.Contains(t, string(all[part]), from)
			all[part] = bytes.Replace(all[part], []byte(from), []byte(to), 1)
		}
	}
	require.True(t, verify(t, forge(t, parts(t, file), nil)).OK(), "the forger knows how")
	for name, tt := range map[string]struct {
		says     string
		parts    func(map[string][]byte)
		manifest func(*export.Manifest)
	}{
		"a word is changed":   {says: "is not what its digest says", parts: replace("texts.jsonl", `"words":"`, `"words":"x`)},
		"a salt is changed":   {says: "is not what its digest says", parts: replace("texts.jsonl", `"salt":"`, `"salt":"00`)},
		"a text is taken out": {says: "is missing", parts: func(all map[string][]byte) { all["texts.jsonl"] = nil }},
		"a text is put in": {says: "named by no event", parts: func(all map[string][]byte) {
			all["texts.jsonl"] = append(all["texts.jsonl"], `{"ref":"x","name":"text"}`...)
		}},
		"an event is changed":          {says: "event 1 does not continue the chain", parts: replace("events.jsonl", `"category":"billing"`, `"category":"bilLing"`)},
		"an event is written anew":     {says: "event 1 does not continue the chain", parts: replace("events.jsonl", `"event":{`, `"event":{ `)},
		"the first event is taken out": {says: "does not continue the chain", parts: func(all map[string][]byte) { _, all["events.jsonl"], _ = bytes.Cut(all["events.jsonl"], []byte("\n")) }},
		"the last event is taken out": {says: "does not end where", parts: func(all map[string][]byte) {
			lines := bytes.SplitAfter(all["events.jsonl"], []byte("\n"))
			all["events.jsonl"] = bytes.Join(lines[:len(lines)-2], nil)
		}},
		"another case's events":     {says: "is not the one of this place and case", parts: func(all map[string][]byte) { all["events.jsonl"] = parts(t, h.file(t, other.Number))["events.jsonl"] }},
		"an attachment is cut":      {says: "is not the one that the event names", parts: replace("attachments/0001.png", "photo", "phot")},
		"an attachment is replaced": {says: "is not the one that the event names", parts: replace("attachments/0001.png", "photo", "phota")},
		"an attachment is denied":   {says: "attachment", manifest: func(m *export.Manifest) { m.Attachments = nil }},
		"an attachment is added": {says: "named by no event", manifest: func(m *export.Manifest) {
			a := m.Attachments[0]
			a.ID = "x"
			m.Attachments = append(m.Attachments, a)
		}},
		"another digest": {says: "is not the one that the event names", manifest: func(m *export.Manifest) { m.Attachments[0].Digest = "x" }},
		"another number": {says: "the events are of complaint", manifest: func(m *export.Manifest) { m.Number = "RC2026-0000015" }},
		"another end":    {says: "does not end where", manifest: func(m *export.Manifest) { m.Head = "00" }},
		"a later format": {says: "newer program", manifest: func(m *export.Manifest) { m.Export = 2 }},
		"no page":        {says: "does not name index.html", parts: func(all map[string][]byte) { delete(all, "index.html") }},
	} {
		all := parts(t, file)
		if tt.parts != nil {
			tt.parts(all)
		}
		r := verify(t, forge(t, all, tt.manifest))
		require.False(t, r.OK(), name)
		require.Contains(t, said(t, r), tt.says, name)
	}
}

func TestAnErasedCustomersExportHoldsTheChainAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	row := h.withFile(t)
	require.NoError(t, h.Erase(t.Context(), row.CustomerID, noon))
	file := h.file(t, row.Number)
	r := verify(t, file)
	require.True(t, r.OK(), said(t, r))
	require.True(t, r.Manifest.Erased)
	require.Zero(t, r.Texts)
	require.Empty(t, r.Manifest.Attachments)
	require.Contains(t, said(t, r), "the customer was erased")
	require.Contains(t, string(parts(t, file)["index.html"]), "客户资料已按要求删除")
}

// elsewhere gives out other bytes than were kept.
type elsewhere struct{ *checktest.Shelf }

func (elsewhere) Get(string) ([]byte, error) { return []byte("else"), nil }

func TestWhatWasAlteredIsNeverExported(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	from := h.source()
	from.Files = elsewhere{checktest.Files()}
	f, err := os.Create(filepath.Join(t.TempDir(), "case.zip"))
	require.NoError(t, err)
	defer f.Close()
	_, err = export.Write(t.Context(), f, from, h.withFile(t).Number, noon)
	require.ErrorContains(t, err, "attachment")
	_, err = export.Write(t.Context(), f, h.source(), "RC2026-9999999", noon)
	require.Equal(t, models.CodeNotFound, models.CodeOf(err))
}
