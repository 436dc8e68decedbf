package files

import (
	"archive/zip"
	"bytes"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// sniff says what content is; empty for what is not taken. It looks at content alone and unpacks
// nothing: of a zip only the table of contents is read.
func sniff(content []byte) string {
	for _, look := range []func([]byte) string{office, media, pictures, words} {
		if found := look(content); found != "" {
			return found
		}
	}
	return ""
}

// pictures are what the standard library knows by itself.
func pictures(content []byte) string {
	found, _, _ := strings.Cut(http.DetectContentType(content), ";")
	switch found {
	case "image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "application/pdf", "video/webm":
		return found
	case "audio/wave":
		return "audio/wav"
	case "application/ogg":
		return "audio/ogg"
	}
	return ""
}

// media are recordings: what the standard library lacks, or tells apart too roughly.
func media(content []byte) string {
	switch {
	case startsWith(content, "#!AMR"):
		return "audio/amr"
	case startsWith(content, "ID3"), len(content) > 3 && content[0] == 0xff && content[1]&0xe6 == 0xe2 && content[2]&0xf0 != 0xf0:
		return "audio/mpeg" // a tag, or the first frame of layer 3
	case len(content) >= 12 && string(content[4:8]) == "ftyp":
		return brand(string(content[8:12]))
	}
	return ""
}

// brand tells apart what shares the container of MP4 by the brand it names first.
func brand(b string) string {
	switch {
	case slices.Contains([]string{"heic", "heix", "heim", "heis", "mif1", "msf1", "hevc", "hevx"}, b):
		return "image/heic"
	case strings.HasPrefix(b, "M4A"), strings.HasPrefix(b, "M4B"):
		return "audio/mp4"
	case strings.HasPrefix(b, "3gp"), strings.HasPrefix(b, "3g2"):
		return "video/3gpp"
	case b == "qt  ":
		return "video/quicktime"
	case slices.Contains([]string{"isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "MSNV", "dash"}, b):
		return "video/mp4"
	}
	return ""
}

// office are documents of Word and Excel: a zip that holds their main part, and no macros.
func office(content []byte) string {
	if !startsWith(content, "PK\x03\x04") {
		return ""
	}
	table, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return ""
	}
	found := ""
	for _, part := range table.File {
		switch name := strings.ToLower(part.Name); {
		case strings.HasSuffix(name, "vbaproject.bin"):
			return ""
		case name == "word/document.xml":
			found = wordType
		case name == "xl/workbook.xml":
			found = cellType
		}
	}
	return found
}

// words is plain text, in UTF-8 or as Chinese Windows writes it, that no browser and no shell would run.
func words(content []byte) string {
	text := bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(text) && !chinese(text) || bytes.ContainsFunc(text, control) {
		return ""
	}
	start := strings.ToLower(string(bytes.TrimSpace(text[:min(len(text), 1024)])))
	if strings.HasPrefix(start, "#!") || strings.HasPrefix(start, "<") || strings.Contains(start, "<script") || strings.Contains(start, "<svg") || strings.Contains(start, "<html") {
		return ""
	}
	return "text/plain"
}

func control(r rune) bool {
	return r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' || r == 0x7f
}

// chinese says whether text is well formed GB18030, which holds GBK and GB2312: ASCII, pairs and fours
// of bytes. Private use is taken, what stands alone is not.
func chinese(text []byte) bool {
	high := func(i int) bool { return i < len(text) && text[i] >= 0x81 && text[i] <= 0xfe }
	digit := func(i int) bool { return i < len(text) && text[i] >= '0' && text[i] <= '9' }
	for i := 0; i < len(text); {
		switch {
		case text[i] < 0x80:
			i++
		case !high(i):
			return false
		case i+1 < len(text) && text[i+1] >= 0x40 && text[i+1] != 0x7f && text[i+1] != 0xff:
			i += 2
		case digit(i+1) && high(i+2) && digit(i+3):
			i += 4
		default:
			return false
		}
	}
	return true
}
