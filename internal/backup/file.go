package backup

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"
)

// format is the version of the files. A later one is refused, an earlier one must stay readable.
const format = 1

// head is the first line of a file.
type head struct {
	Backup    int       `json:"recourse_backup"` // format
	Holds     string    `json:"holds"`           // records or keys
	Pair      string    `json:"pair"`            // the same in both files of one backup
	CreatedAt time.Time `json:"created_at"`
	Schema    int64     `json:"schema"` // version of the tables
}

// tail is the last line: what stands between the two.
type tail struct {
	End    bool   `json:"recourse_backup_end"`
	Lines  int64  `json:"lines"`
	SHA256 string `json:"sha256"` // of everything before this line
}

// What a file holds.
const (
	holdsRecords = "records"
	holdsKeys    = "keys"
)

// draft is a file being written beside its place: nothing has its name until all of it is on disk.
type draft struct {
	path  string
	file  *os.File
	zip   *gzip.Writer
	sum   hash.Hash
	lines int64
}

// begin makes a draft that only its owner may read, and writes its head.
func begin(path string, h head) (*draft, error) {
	if err := free(path); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // 0600
	if err != nil {
		return nil, err
	}
	d := &draft{path: path, file: file, zip: gzip.NewWriter(file), sum: sha256.New()}
	line, err := json.Marshal(h)
	if err == nil {
		_, err = d.Write(append(line, '\n'))
	}
	if err != nil {
		return nil, errors.Join(err, d.drop())
	}
	d.lines = 0
	return d, nil
}

// Write takes lines of the dump.
func (d *draft) Write(b []byte) (int, error) {
	d.lines += int64(bytes.Count(b, []byte("\n")))
	d.sum.Write(b)
	return d.zip.Write(b)
}

// end writes the tail and brings everything to the disk.
func (d *draft) end() error {
	line, err := json.Marshal(tail{End: true, Lines: d.lines, SHA256: hex.EncodeToString(d.sum.Sum(nil))})
	if err != nil {
		return err
	}
	if _, err := d.zip.Write(append(line, '\n')); err != nil {
		return err
	}
	return errors.Join(d.zip.Close(), d.file.Sync(), d.file.Close())
}

// keep gives the finished draft its name.
func (d *draft) keep() error {
	if err := free(d.path); err != nil {
		return err
	}
	if err := os.Rename(d.file.Name(), d.path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(d.path))
}

// free refuses a name that is taken.
func free(path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is there already; a backup overwrites nothing", path)
	}
	return nil
}

// drop takes an unfinished draft away.
func (d *draft) drop() error {
	_ = d.file.Close() // closed before, or not worth knowing
	err := os.Remove(d.file.Name())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// read goes through a file to its end and visits the lines between head and tail. It says that the
// file is whole only when it returns nil.
func read(path, holds string, visit func(line []byte) error) (head, error) {
	h, err := readFile(path, holds, visit)
	if err != nil {
		return h, fmt.Errorf("read %s: %w", path, err)
	}
	return h, nil
}

func readFile(path, holds string, visit func(line []byte) error) (h head, err error) {
	file, err := os.Open(path)
	if err != nil {
		return h, err
	}
	defer file.Close()
	zip, err := gzip.NewReader(file)
	if err != nil {
		return h, broken(err)
	}
	lines := bufio.NewReaderSize(zip, 1<<16)
	sum := sha256.New()
	var held []byte // the last line is known only by the end behind it
	for n := int64(-1); ; n++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return h, whole(held, n-1, sum)
		}
		if err != nil {
			return h, broken(err)
		}
		if n == -1 {
			if h, err = readHead(line, holds); err != nil {
				return h, err
			}
		}
		if n > 0 {
			if err := visit(held); err != nil {
				return h, err
			}
		}
		sum.Write(held)
		held = line
	}
}

func readHead(line []byte, holds string) (h head, err error) {
	switch err := json.Unmarshal(line, &h); {
	case err != nil || h.Backup == 0:
		return h, errors.New("this is no backup of recourse")
	case h.Backup > format:
		return h, fmt.Errorf("this backup is of format %d, this program knows %d: use a newer program", h.Backup, format)
	case h.Holds != holds:
		return h, fmt.Errorf("this file holds %s, not %s", h.Holds, holds)
	}
	return h, nil
}

// whole says whether the last line is the tail of what stands before it.
func whole(last []byte, lines int64, sum hash.Hash) error {
	var t tail
	switch err := json.Unmarshal(last, &t); {
	case err != nil || !t.End:
		return errors.New("the file ends too early")
	case t.Lines != lines:
		return fmt.Errorf("the file has %d lines and should have %d", lines, t.Lines)
	case t.SHA256 != hex.EncodeToString(sum.Sum(nil)):
		return errors.New("the file was altered: its contents do not have the digest at its end")
	}
	return nil
}

func broken(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("the file ends too early")
	}
	return fmt.Errorf("the file is damaged: %w", err)
}
