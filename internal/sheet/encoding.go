package sheet

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Encodings lists how a CSV file may be written.
func Encodings() []string {
	return []string{"utf-8", "gb18030", "utf-16le", "utf-16be", "windows-1252"}
}

// decoders are the encodings that are not UTF-8, with their other names.
var decoders = map[string]encoding.Encoding{
	"gb18030":      simplifiedchinese.GB18030,
	"gbk":          simplifiedchinese.GB18030,
	"gb2312":       simplifiedchinese.GB18030,
	"utf-16":       unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	"utf-16le":     unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	"utf-16be":     unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	"windows-1252": charmap.Windows1252,
	"iso-8859-1":   charmap.Windows1252, // what is called so mostly is this
	"latin1":       charmap.Windows1252,
}

// KnownEncoding says whether a file may be written so; empty is UTF-8.
func KnownEncoding(name string) bool {
	name = strings.ToLower(name)
	return name == "" || name == "utf-8" || name == "utf8" || decoders[name] != nil
}

// marks are byte order marks. What begins with one is written so, whatever anybody says.
var marks = []struct {
	mark []byte
	name string
}{
	{[]byte("\xef\xbb\xbf"), "utf-8"},
	{[]byte("\xff\xfe"), "utf-16le"},
	{[]byte("\xfe\xff"), "utf-16be"},
}

// text reads the file as UTF-8 without a byte order mark; decoded says that it was written otherwise.
func (f File) text(in *bufio.Reader) (text io.Reader, decoded bool, err error) {
	name := strings.ToLower(f.Encoding)
	if !KnownEncoding(name) {
		return nil, false, fmt.Errorf("encoding %q is none of %v", f.Encoding, Encodings())
	}
	for _, m := range marks {
		if begins, _ := in.Peek(len(m.mark)); bytes.Equal(begins, m.mark) {
			name = m.name
			_, _ = in.Discard(len(m.mark))
			break
		}
	}
	from := decoders[name]
	if name == "utf-16le" || name == "utf-16be" { // its mark is gone already
		from = unicode.UTF16(map[string]unicode.Endianness{"utf-16le": unicode.LittleEndian, "utf-16be": unicode.BigEndian}[name], unicode.IgnoreBOM)
	}
	if from == nil {
		return in, false, nil
	}
	return from.NewDecoder().Reader(in), true, nil
}
