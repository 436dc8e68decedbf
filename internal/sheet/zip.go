package sheet

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// openZip opens what is a zip by its content: a workbook, or files in it of which one is the table.
func (f File) openZip() (*Table, error) {
	z, err := zip.OpenReader(f.Path)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(z.File, func(m *zip.File) bool { return m.Name == "xl/workbook.xml" }) {
		if err := z.Close(); err != nil {
			return nil, err
		}
		return f.openWorkbook()
	}
	member, err := f.member(z.File)
	if err != nil {
		return nil, errors.Join(err, z.Close())
	}
	in, err := member.Open()
	if err != nil {
		return nil, errors.Join(err, z.Close())
	}
	return f.openCSV(bufio.NewReader(in), in, io.Closer(z))
}

// member is the file inside the zip that is the table.
func (f File) member(all []*zip.File) (*zip.File, error) {
	var files []*zip.File
	var names []string
	for _, m := range all {
		if strings.HasSuffix(m.Name, "/") || strings.HasPrefix(m.Name, "__MACOSX/") || strings.HasPrefix(path.Base(m.Name), ".") {
			continue
		}
		if f.Sheet == "" || m.Name == f.Sheet || path.Base(m.Name) == f.Sheet {
			files = append(files, m)
		}
		names = append(names, m.Name)
	}
	switch {
	case len(files) == 1:
		return files[0], nil
	case f.Sheet != "":
		return nil, fmt.Errorf("the zip has no single file %q; it has %s", f.Sheet, strings.Join(names, ", "))
	default:
		return nil, fmt.Errorf("one file is wanted in the zip, or the name of one in file.sheet; it has %d: %s. Unpack it where they are parts of one log, and name them all", len(names), strings.Join(names, ", "))
	}
}
