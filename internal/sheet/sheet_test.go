package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"recourse/internal/sheet"
)

const letters = "编号,说明\n1,\"冰箱,不制冷\"\n2,太吵\n"

func put(t *testing.T, name string, content []byte) sheet.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return sheet.File{Path: path}
}

// all reads a file whole, faults as text.
func all(t *testing.T, f sheet.File) (header []string, rows []string) {
	t.Helper()
	err := f.Read(t.Context(), 0, func(read *sheet.Table) error { header = read.Header; return nil }, func(r sheet.Row) error {
		said := strings.Join(r.Cells, "|")
		if r.Fault != nil {
			said = r.Fault.Error()
		}
		rows = append(rows, fmt.Sprintf("%d/%d %s", r.Number, r.Line, said))
		return nil
	})
	require.NoError(t, err)
	return header, rows
}

func gzipped(t *testing.T, content string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := io.WriteString(z, content)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return out.Bytes()
}

func zipped(t *testing.T, members map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, content := range members {
		in, err := z.Create(name)
		require.NoError(t, err)
		_, err = io.WriteString(in, content)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return out.Bytes()
}

func TestTheSameTableIsReadHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(letters)
	require.NoError(t, err)
	utf16 := func(order unicode.Endianness, mark unicode.BOMPolicy) []byte {
		out, err := unicode.UTF16(order, mark).NewEncoder().String(letters)
		require.NoError(t, err)
		return []byte(out)
	}
	files := map[string]sheet.File{
		"utf-8":               put(t, "a.csv", []byte(letters)),
		"with a mark":         put(t, "a.csv", []byte("\ufeff"+letters)),
		"gzip":                put(t, "a.csv.gz", gzipped(t, "\ufeff"+letters)),
		"zip":                 put(t, "a.zip", zipped(t, map[string]string{"in/a.csv": letters, "__MACOSX/in/._a.csv": "x"})),
		"CRLF":                put(t, "a.csv", []byte(strings.ReplaceAll(letters, "\n", "\r\n"))),
		"utf-16le with mark":  put(t, "a.csv", utf16(unicode.LittleEndian, unicode.UseBOM)),
		"utf-16be with mark":  put(t, "a.csv", utf16(unicode.BigEndian, unicode.UseBOM)),
		"a mark goes over it": put(t, "a.csv", []byte("\ufeff"+letters)),
	}
	with := func(name string, f sheet.File, change func(*sheet.File)) {
		change(&f)
		files[name] = f
	}
	with("a mark goes over it", files["with a mark"], func(f *sheet.File) { f.Encoding = "gb18030" })
	with("gb18030", put(t, "a.csv", []byte(gb)), func(f *sheet.File) { f.Encoding = "GB18030" })
	with("gbk", put(t, "a.csv", []byte(gb)), func(f *sheet.File) { f.Encoding = "gbk" })
	with("utf-16be", put(t, "a.csv", utf16(unicode.BigEndian, unicode.IgnoreBOM)), func(f *sheet.File) { f.Encoding = "utf-16be" })
	with("one of two in a zip", put(t, "a.zip", zipped(t, map[string]string{"a.csv": letters, "b.csv": "x\n"})),
		func(f *sheet.File) { f.Sheet = "a.csv" })
	for name, f := range files {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header, rows := all(t, f)
			require.Equal(t, []string{"编号", "说明"}, header)
			require.Equal(t, []string{"1/2 1|冰箱,不制冷", "2/3 2|太吵"}, rows)
		})
	}
}

func TestAWorkbookIsReadAsItsCellsAreKept(t *testing.T) {
	t.Parallel()
	book := excelize.NewFile()
	require.NoError(t, book.SetSheetRow("Sheet1", "A1", &[]any{"written by hand"}))
	require.NoError(t, book.SetSheetRow("Sheet1", "A2", &[]any{" id ", "at", "note"}))
	require.NoError(t, book.SetSheetRow("Sheet1", "A3", &[]any{101001240734, 42429.0527777778, "a"}))
	require.NoError(t, book.SetSheetRow("Sheet1", "A6", &[]any{"7", 42430, "", " "}))
	require.NoError(t, book.SetSheetRow("Sheet1", "A5", &[]any{" ", ""}))
	require.NoError(t, book.SetSheetRow("Sheet1", "A7", &[]any{"8", 1, "b", "too much"}))
	style, err := book.NewStyle(&excelize.Style{NumFmt: 22})
	require.NoError(t, err)
	require.NoError(t, book.SetCellStyle("Sheet1", "B3", "B6", style))
	path := filepath.Join(t.TempDir(), "log.bin") // known by its content
	out, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, book.Write(out))
	require.NoError(t, out.Close())
	f := sheet.File{Path: path, Skip: 1}
	header, rows := all(t, f)
	require.Equal(t, []string{"id", "at", "note"}, header)
	require.Equal(t, []string{"1/3 101001240734|42429.0527777778|a", "2/6 7|42430|", "3/7 it has 4 columns, the header has 3"}, rows)

	f.Sheet = "Other"
	_, err = f.Open()
	require.ErrorContains(t, err, `no sheet "Other"; it has Sheet1`)
}

func TestABadRowIsToldByItsLineAndTheOthersAreRead(t *testing.T) {
	t.Parallel()
	f := put(t, "a.csv", []byte("made by hand\n\nid;note\n1;a;b\n2;\"x\ny\"\n3;a\"b\n4;d\n"))
	f.Comma, f.Skip = ";", 1
	header, rows := all(t, f)
	require.Equal(t, []string{"id", "note"}, header)
	require.Equal(t, []string{
		"1/4 it has 3 columns, the header has 2", "2/5 2|x\ny", `3/7 line 7 cannot be read: bare " in non-quoted-field`, "4/8 4|d",
	}, rows)
	f.Lax = true
	_, rows = all(t, f)
	require.Equal(t, `3/7 3|a"b`, rows[2])

	f = put(t, "a.csv", []byte("1,a\n2\n"))
	f.Headless = true
	header, rows = all(t, f)
	require.Nil(t, header)
	require.Equal(t, []string{"1/1 1|a", "2/2 it has 1 columns, the first row has 2"}, rows)
}

func TestWhatIsNoTableIsRefusedWithItsName(t *testing.T) {
	t.Parallel()
	klingon := put(t, "a.csv", []byte(letters))
	klingon.Encoding = "klingon"
	long := put(t, "long.csv", []byte("id\n1\n\""+strings.Repeat("x", 5<<20)))
	for want, f := range map[string]sheet.File{
		`"klingon" is none of [utf-8 gb18030`: klingon,
		"it has 2: a.csv, b.csv":              put(t, "two.zip", func() []byte { return zipped(t, map[string]string{"a.csv": "x", "b.csv": "y"})[:] }()),
		"empty.csv is empty":                  put(t, "empty.csv", nil),
		"old or a locked workbook":            put(t, "a.xls", []byte{0xd0, 0xcf, 0x11, 0xe0, 0, 0}),
		"behind line 2: a row of more than 4 MiB; is there a quote that nothing closes": long,
		"no such file": {Path: filepath.Join(t.TempDir(), "none.csv")},
	} {
		err := f.Read(t.Context(), 0, func(*sheet.Table) error { return nil }, func(sheet.Row) error { return nil })
		if strings.Contains(want, "a.csv, b.csv") {
			require.ErrorContains(t, err, "one file is wanted in the zip")
			continue
		}
		require.ErrorContains(t, err, want)
	}
}

func TestALostCharacterIsOursOnlyWhenWeDecode(t *testing.T) {
	t.Parallel()
	plain, err := put(t, "a.csv", []byte("id\n")).Open()
	require.NoError(t, err)
	defer plain.Close()
	require.True(t, plain.Readable("lost before us \ufffd"))
	require.False(t, plain.Readable("\xff"))
	f := put(t, "b.csv", []byte("id\n"))
	f.Encoding = "gb18030"
	decoded, err := f.Open()
	require.NoError(t, err)
	defer decoded.Close()
	require.False(t, decoded.Readable("lost by us \ufffd"))
}

// rowsOf is a CSV of n rows that lies nowhere.
type rowsOf struct{ n, at int }

func (r *rowsOf) Read(p []byte) (int, error) {
	if r.at == r.n {
		return 0, io.EOF
	}
	r.at++
	return copy(p, fmt.Sprintf("%09d,%s\n", r.at, strings.Repeat("x", 90))), nil
}

func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "big.csv.gz")
	out, err := os.Create(path)
	require.NoError(t, err)
	z, err := gzip.NewWriterLevel(out, gzip.BestSpeed)
	require.NoError(t, err)
	_, err = io.Copy(z, &rowsOf{n: 500_000}) // 50 MB
	require.NoError(t, err)
	require.NoError(t, errors.Join(z.Close(), out.Close()))
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	most, rows := uint64(0), 0
	err = sheet.File{Path: path}.Read(t.Context(), 0, func(*sheet.Table) error { return nil }, func(sheet.Row) error {
		if rows++; rows%100_000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc)
		}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, 499_999, rows)
	require.Less(t, most, before.HeapAlloc+8<<20)
}
