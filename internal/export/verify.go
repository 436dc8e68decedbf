package export

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"recourse/models"
)

// Report is what a file proves, and what is wrong with it.
type Report struct {
	Manifest Manifest
	Texts    int
	Faults   []string
}

// OK says that nothing is wrong.
func (r Report) OK() bool { return len(r.Faults) == 0 }

func (r *Report) fault(format string, args ...any) {
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

// Write says it to people: what holds, and what a file alone cannot prove.
func (r Report) Write(w io.Writer) error {
	if !r.OK() {
		for _, f := range r.Faults {
			if _, err := fmt.Fprintln(w, "WRONG  "+f); err != nil {
				return err
			}
		}
		return nil
	}
	m := r.Manifest
	_, err := fmt.Fprintf(w, `%s holds: not a byte was changed since it was exported on %s
  %d events, each chained to the one before; the chain ends in
  %s
  %d texts, each with the salted digest that its event keeps
  %d attachments, each with the SHA-256 that was taken at the export, and of the size and kind that its event names
`, m.Number, m.ExportedAt.Format("2006-01-02 15:04 UTC"), m.Events, m.Head, r.Texts, len(m.Attachments))
	if err == nil && m.Erased {
		_, err = io.WriteString(w, "  the customer was erased: texts and attachments are gone, the events stand\n")
	}
	if err == nil {
		_, err = io.WriteString(w, `This file alone does not prove:
  that the chain is the one on record: compare its end with the record, a seal or an anchor
  that an attachment is the one that the event's digest means: that digest needs the key of the house, which compared it at the export
  that nobody wrote the whole file anew: keep it, or its SHA-256, where its author cannot reach it
`)
	}
	return err
}

// Verify proves a file by itself. The error says that it could not be read at all.
func Verify(file io.ReaderAt, size int64) (Report, error) {
	var r Report
	if size < signature {
		r.fault("this is no export of recourse: it is too short")
		return r, nil
	}
	sum, err := hashBefore(file, size-signature)
	if err != nil {
		return r, err
	}
	kept := make([]byte, signature)
	if _, err := file.ReadAt(kept, size-signature); err != nil && !errors.Is(err, io.EOF) {
		return r, err
	}
	if sum != string(kept) {
		r.fault("the file was changed: its SHA-256 is not the one at its end")
	}
	opened, err := zip.NewReader(file, size)
	if err != nil {
		r.fault("the zip cannot be opened: %v", err)
		return r, nil
	}
	v := &verifier{Report: &r, parts: map[string]*zip.File{}, texts: map[string]textLine{}}
	if v.manifest(opened) {
		v.contents()
		v.readTexts()
		v.chain()
	}
	return r, nil
}

type verifier struct {
	*Report

	parts map[string]*zip.File
	texts map[string]textLine
}

// most is how much of a part is held in memory.
const most = 1 << 30

func (v *verifier) read(path string) []byte {
	part := v.parts[path]
	if part == nil {
		v.fault("%s is missing", path)
		return nil
	}
	in, err := part.Open()
	if err != nil {
		v.fault("%s cannot be read: %v", path, err)
		return nil
	}
	defer in.Close()
	content, err := io.ReadAll(io.LimitReader(in, most))
	if err != nil {
		v.fault("%s cannot be read: %v", path, err)
	}
	return content
}

// manifest reads what should be there; false when that cannot be known.
func (v *verifier) manifest(opened *zip.Reader) bool {
	for _, part := range opened.File {
		if v.parts[part.Name] != nil {
			v.fault("%s is there twice", part.Name)
		}
		v.parts[part.Name] = part
	}
	err := json.Unmarshal(v.read(manifestPath), &v.Manifest)
	switch {
	case err != nil || v.Manifest.Export < 1:
		v.fault("this is no export of recourse: %s cannot be read", manifestPath)
		return false
	case v.Manifest.Export > format:
		v.fault("this export is of format %d, this program knows %d: use a newer program", v.Manifest.Export, format)
		return false
	}
	return true
}

// contents holds every part against the manifest.
func (v *verifier) contents() {
	listed := map[string]bool{manifestPath: true}
	for _, p := range v.Manifest.Files {
		listed[p.Path] = true
		size, sum := v.measure(p.Path)
		if sum != "" && (size != p.Size || sum != p.SHA256) {
			v.fault("%s was changed: its SHA-256 is not the one in %s", p.Path, manifestPath)
		}
	}
	for path := range v.parts {
		if !listed[path] {
			v.fault("%s is not in %s", path, manifestPath)
		}
	}
	for _, path := range []string{eventsPath, textsPath, indexPath} {
		if !listed[path] {
			v.fault("%s does not name %s", manifestPath, path)
		}
	}
}

// measure hashes a part without holding it; empty when that failed and was told.
func (v *verifier) measure(path string) (int64, string) {
	part := v.parts[path]
	if part == nil {
		v.fault("%s is missing", path)
		return 0, ""
	}
	in, err := part.Open()
	if err != nil {
		v.fault("%s cannot be read: %v", path, err)
		return 0, ""
	}
	defer in.Close()
	h := sha256.New()
	size, err := io.Copy(h, in) //nolint:gosec // hashed, never held
	if err != nil {
		v.fault("%s cannot be read: %v", path, err)
		return 0, ""
	}
	return size, hex.EncodeToString(h.Sum(nil))
}

func (v *verifier) readTexts() {
	lines(v.read(textsPath), func(n int, line []byte) {
		var t textLine
		if err := json.Unmarshal(line, &t); err != nil {
			v.fault("line %d of %s cannot be read", n, textsPath)
			return
		}
		v.texts[t.Ref] = t
	})
	v.Texts = len(v.texts)
}

// chain computes every hash again, and judges what the events name.
func (v *verifier) chain() {
	var (
		head  []byte
		seq   int64
		named = map[string]bool{}
	)
	lines(v.read(eventsPath), func(n int, line []byte) {
		seq++
		var l eventLine
		if err := json.Unmarshal(line, &l); err != nil {
			v.fault("line %d of %s cannot be read", n, eventsPath)
			return
		}
		head = models.Chain(head, l.Event)
		if hex.EncodeToString(head) != l.Hash {
			v.fault("event %d does not continue the chain", seq)
			head, _ = hex.DecodeString(l.Hash) // go on from what it claims, to accuse only the first
		}
		var e models.Event
		if err := json.Unmarshal(l.Event, &e); err != nil {
			v.fault("event %d cannot be read: %v", seq, err)
			return
		}
		v.event(e, seq, named)
	})
	if hex.EncodeToString(head) != v.Manifest.Head || seq != int64(v.Manifest.Events) {
		v.fault("the chain has %d events and does not end where %s says", seq, manifestPath)
	}
	for ref, t := range v.texts {
		if !named[ref] {
			v.fault("text %s of event %d is named by no event", t.Name, t.Seq)
		}
	}
	for _, a := range v.Manifest.Attachments {
		if !named[a.ID] {
			v.fault("attachment %s is named by no event", a.ID)
		}
	}
}

// event judges one event: its place, and the texts and attachments that it names.
func (v *verifier) event(e models.Event, seq int64, named map[string]bool) {
	if e.Seq != seq || e.Case != v.Manifest.Case {
		v.fault("event %d is not the one of this place and case", seq)
	}
	if o, is := models.OpenedIn(e); is && o.Number != v.Manifest.Number {
		v.fault("the events are of complaint %s, not of %s", o.Number, v.Manifest.Number)
	}
	for _, ref := range e.Texts {
		named[ref.Ref] = true
		t, is := v.texts[ref.Ref]
		salt, err := hex.DecodeString(t.Salt)
		switch {
		case !is && !v.Manifest.Erased:
			v.fault("text %s of event %d is missing", ref.Name, seq)
		case is && (err != nil || saltedHash(salt, t.Words) != ref.Digest || t.Name != ref.Name || t.Seq != seq):
			v.fault("text %s of event %d is not what its digest says", ref.Name, seq)
		}
	}
	for _, ref := range models.FilesOf(e) {
		if !named[ref.ID] {
			v.attached(ref, seq)
		}
		named[ref.ID] = true
	}
}

func (v *verifier) attached(ref models.FileRef, seq int64) {
	for _, a := range v.Manifest.Attachments {
		if a.ID != ref.ID {
			continue
		}
		size, sum := v.measure(a.Path)
		if a.FileRef != ref || a.Seq != seq || size != ref.Size || sum != a.SHA256 {
			v.fault("attachment %s of event %d is not the one that the event names", ref.ID, seq)
		}
		return
	}
	if !v.Manifest.Erased {
		v.fault("attachment %s of event %d is missing", ref.ID, seq)
	}
}

// lines visits the lines of a part, counted from 1.
func lines(content []byte, visit func(n int, line []byte)) {
	in := bufio.NewReader(bytes.NewReader(content))
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			visit(n, line)
		}
		if err != nil {
			return
		}
	}
}
