package console

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// travelling is how many forms with files are held in memory at a time. Who comes then waits.
const travelling = 4

// largeForm is from which size on a form takes part in that.
const largeForm = 1 << 20

// room is how much a form has for files.
type room struct {
	files int   // at most, with those that it carries on
	bytes int64 // of all that come at once
	words int64 // bytes of all that is no file
}

// filesAtOnce is how many files of the largest size one form brings, and mostFiles how many of any.
const (
	filesAtOnce = 10
	mostFiles   = 20
)

// ourRoom is what a form of ours has for files.
func (c *console) ourRoom() room { return room{mostFiles, filesAtOnce * c.MaxUpload, mostWords} }

// body bounds what is read of a form: a little more than its room, so that what is too much is refused
// beside its field and with the rest of the form.
func (r room) body() int64 { return r.bytes + r.bytes/2 + r.words }

// formWithFiles reads what was filled in and the files that came with it, into memory and never onto a
// disk: what customers send us lies there only sealed. Of files for which there is no room nothing is
// kept; keepFiles says so. A form that is too large is read to its end all the same, that its sender reads
// why it was refused.
func (v *visit) formWithFiles(has room) ([]cases.Upload, error) {
	kind, params, err := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, v.form(has.words)
	}
	if v.Person != nil {
		v.takeLong(transferTime)
	}
	files, err := v.parts(params["boundary"], has)
	if models.CodeOf(err) == models.CodeTooLarge {
		v.drain()
	}
	return files, err
}

// parts reads a form part by part.
func (v *visit) parts(boundary string, has room) ([]cases.Upload, error) {
	free, err := v.travel()
	if err != nil {
		return nil, err
	}
	defer free()
	reader := multipart.NewReader(http.MaxBytesReader(v.w, v.r.Body, has.body()), boundary)
	v.r.PostForm = url.Values{}
	left := parcel{room: has}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			v.tooMuch = left.over
			v.inZoneDrawn()
			return left.came, plainText(v.r.PostForm)
		}
		if err == nil {
			err = v.take(part, &left)
		}
		if large := new(http.MaxBytesError); errors.As(err, &large) || models.CodeOf(err) == models.CodeTooLarge {
			return nil, tooLargeForm()
		}
		if err != nil {
			return nil, models.Refuse(models.CodeMalformed, "the form could not be read")
		}
	}
}

// parcel is what came of a form so far, and what there is room for still.
type parcel struct {
	room

	came []cases.Upload
	over string // key of what there was too much of; empty: nothing
}

// take reads one part of a form.
func (v *visit) take(part *multipart.Part, to *parcel) error {
	if part.FileName() == "" {
		content, err := io.ReadAll(io.LimitReader(part, to.words+1))
		if to.words -= int64(len(content)); to.words < 0 {
			return tooLargeForm()
		}
		if err == nil && part.FormName() != "" && part.Header.Get("Content-Type") == "" { // a file's field without a file has a type
			v.r.PostForm.Add(part.FormName(), string(content))
		}
		return err
	}
	if len(to.came) == to.files {
		to.over = "form.too_many_files"
		_, err := io.Copy(io.Discard, part)
		return err
	}
	content, err := v.contentOf(part, to.bytes)
	if to.bytes -= int64(len(content)); to.bytes < 0 {
		to.bytes, to.over, content = 0, cmp.Or(to.over, "form.too_large_files"), nil
	}
	to.came = append(to.came, cases.Upload{Name: part.FileName(), Declared: part.Header.Get("Content-Type"), Content: content})
	return err
}

// contentOf reads a file of a form. Of one that is too large comes no more than shows that it is: it is
// refused beside its field, with the rest of the form read.
func (v *visit) contentOf(part *multipart.Part, most int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(part, min(v.c.MaxUpload, most)+1))
	if err == nil {
		_, err = io.Copy(io.Discard, part)
	}
	return content, err
}

// transferTime is how long files may travel, beyond what the server gives to others.
const transferTime = 5 * time.Minute

func (v *visit) takeLong(span time.Duration) {
	wire := http.NewResponseController(v.w)
	_ = wire.SetReadDeadline(v.c.Now().Add(span)) // where it cannot be set, the server's holds
	_ = wire.SetWriteDeadline(v.c.Now().Add(span))
}

// large says whether what comes is, or may be, a large form.
func (v *visit) large() bool { return v.r.ContentLength < 0 || v.r.ContentLength >= largeForm }

// travel waits until a large form may be read; the caller frees its place. Those of strangers have places
// of their own: they never keep ours waiting.
func (v *visit) travel() (free func(), err error) {
	if !v.large() {
		return func() {}, nil
	}
	places := v.c.travelling
	if v.Person == nil {
		places = v.c.arriving
	}
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-v.r.Context().Done():
		return nil, models.Refuse(models.CodeTooMany, "too many files are travelling; try again in a moment")
	}
}

// Value is what the field of a form holds that carries an upload on.
func (f keptFile) Value() string { return f.ID + " " + f.Name }

// keepFiles stages what came with a form, as uploads of somebody, and adds it to the form's field. The same
// file with the same form is one upload, however often it is sent. What is wrong with a file is said beside
// the field; of too many, or too large ones, none is kept.
func (v *visit) keepFiles(by models.Actor, has room, files []cases.Upload, faults map[string]string) error {
	if v.tooMuch == "" && len(files)+len(keptFiles(v.r.PostForm)) > has.files {
		v.tooMuch = "form.too_many_files"
	}
	if v.tooMuch != "" {
		faults["attachments"] = v.Say(v.tooMuch, "n", has.files, "size", v.Number(has.bytes>>20))
		return nil
	}
	for _, file := range files {
		sum := sha256.Sum256(append([]byte(file.Name+"\x00"), file.Content...))
		call := cases.Call{Actor: by, Route: "console POST files", Key: v.r.PostForm.Get("key") + hex.EncodeToString(sum[:12]), Body: sum[:]}
		up, err := v.c.Cases.Upload(v.r.Context(), call, file)
		if said := v.faults(err); err != nil && said != nil {
			for _, says := range said {
				faults["attachments"] = file.Name + ": " + says
			}
			continue
		}
		if err != nil {
			return err
		}
		v.r.PostForm.Add("attachment", keptFile{up.ID, up.Name}.Value())
	}
	return nil
}

// keptFiles are the uploads that a form carries on.
func keptFiles(form url.Values) (kept []keptFile) {
	for _, value := range form["attachment"] {
		id, name, _ := strings.Cut(value, " ")
		kept = append(kept, keptFile{id, name})
	}
	return kept
}
