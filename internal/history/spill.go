package history

import (
	"bufio"
	"errors"
	"hash/fnv"
	"io"
	"os"
)

const (
	fanOut    = 64      // temporary files at a time
	maxInPart = 8 << 20 // bytes of records that are sorted in memory at a time
	maxDepth  = 3       // how often a part is parted again: a single case may be as large as it likes
)

// spill keeps records in temporary files, those of one case in the same file, so that a case whose rows
// are scattered over the log comes together without the log in memory.
type spill struct {
	folder string
	most   int64 // bytes of records in memory at a time
	depth  int
	parts  [fanOut]*part
	buffer []byte
}

type part struct {
	file *os.File
	out  *bufio.Writer
	size int64
}

// of is the part of a case; each depth parts by other bits.
func (s *spill) of(number string) int {
	h := fnv.New64a()
	_, _ = io.WriteString(h, number)
	return int(h.Sum64() >> (6 * s.depth) % fanOut)
}

func (s *spill) add(rec record) (err error) {
	p := s.parts[s.of(rec.number)]
	if p == nil {
		p = &part{}
		if p.file, err = os.CreateTemp(s.folder, "part-*"); err != nil {
			return err
		}
		p.out = bufio.NewWriterSize(p.file, 16<<10)
		s.parts[s.of(rec.number)] = p
	}
	s.buffer = rec.encode(s.buffer)
	p.size += int64(len(s.buffer))
	_, err = p.out.Write(s.buffer)
	return err
}

// each visits the records of every part, a part at a time; part is parted again while it is too large.
func (s *spill) each(visit func([]record) error) error {
	for i, p := range s.parts {
		if p == nil {
			continue
		}
		if err := s.part(p, visit); err != nil {
			return err
		}
		s.parts[i] = nil
		if err := p.drop(); err != nil {
			return err
		}
	}
	return nil
}

func (s *spill) part(p *part, visit func([]record) error) error {
	if err := p.out.Flush(); err != nil {
		return err
	}
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if p.size > s.most && s.depth < maxDepth {
		finer := &spill{folder: s.folder, most: s.most, depth: s.depth + 1}
		return errors.Join(p.read(finer.add), finer.each(visit), finer.drop())
	}
	var all []record
	if err := p.read(func(rec record) error { all = append(all, rec); return nil }); err != nil {
		return err
	}
	return visit(all)
}

func (p *part) read(visit func(record) error) error {
	in := bufio.NewReaderSize(p.file, 64<<10)
	for {
		var rec record
		err := rec.decode(in, func(b []byte) error { _, err := io.ReadFull(in, b); return err })
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := visit(rec); err != nil {
			return err
		}
	}
}

func (p *part) drop() error { return errors.Join(p.file.Close(), os.Remove(p.file.Name())) }

// drop removes what is left of the temporary files.
func (s *spill) drop() (err error) {
	for i, p := range s.parts {
		if p != nil {
			err = errors.Join(err, p.drop())
			s.parts[i] = nil
		}
	}
	return err
}
