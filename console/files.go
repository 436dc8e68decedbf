package console

import (
	"context"
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

// formWithFiles reads what was filled in and the files that came with it, into memory and never onto a
// disk: what customers send us lies there only sealed.
func (v *visit) formWithFiles(most int64) (files []cases.Upload, err error) {
	kind, params, err := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, v.form(min(most, mostWords))
	}
	if v.Person != nil {
		v.takeLong()
	}
	free, err := v.c.travel(v.r.Context(), v.large())
	if err != nil {
		return nil, err
	}
	defer free()
	reader := multipart.NewReader(http.MaxBytesReader(v.w, v.r.Body, most), params["boundary"])
	v.r.PostForm = url.Values{}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			v.inZoneDrawn()
			return files, plainText(v.r.PostForm)
		}
		var content []byte
		if err == nil {
			content, err = v.contentOf(part)
		}
		if large := new(http.MaxBytesError); errors.As(err, &large) {
			return nil, models.Refuse(models.CodeTooLarge, "this is larger than we can take")
		}
		if err != nil {
			return nil, models.Refuse(models.CodeMalformed, "the form could not be read")
		}
		switch {
		case part.FileName() != "":
			files = append(files, cases.Upload{Name: part.FileName(), Declared: part.Header.Get("Content-Type"), Content: content})
		case part.FormName() != "" && part.Header.Get("Content-Type") == "": // a file's field without a file has a type
			v.r.PostForm.Add(part.FormName(), string(content))
		}
	}
}

// contentOf reads a part of a form. Of a file that is too large comes no more than shows that it is: it
// is refused beside its field, with the rest of the form read.
func (v *visit) contentOf(part *multipart.Part) ([]byte, error) {
	if part.FileName() == "" {
		return io.ReadAll(part)
	}
	content, err := io.ReadAll(io.LimitReader(part, v.c.MaxUpload+1))
	if err == nil {
		_, err = io.Copy(io.Discard, part)
	}
	return content, err
}

// transferTime is how long files may travel, beyond what the server gives to others.
const transferTime = 5 * time.Minute

func (v *visit) takeLong() {
	wire := http.NewResponseController(v.w)
	_ = wire.SetReadDeadline(v.c.Now().Add(transferTime)) // where it cannot be set, the server's holds
	_ = wire.SetWriteDeadline(v.c.Now().Add(transferTime))
}

// large says whether what comes is, or may be, a large form.
func (v *visit) large() bool { return v.r.ContentLength < 0 || v.r.ContentLength >= largeForm }

// travel waits until a large form may be read; the caller frees its place.
func (c *console) travel(ctx context.Context, large bool) (free func(), err error) {
	if !large {
		return func() {}, nil
	}
	select {
	case c.travelling <- struct{}{}:
		return func() { <-c.travelling }, nil
	case <-ctx.Done():
		return nil, models.Refuse(models.CodeTooMany, "too many files are travelling; try again in a moment")
	}
}

// Value is what the field of a form holds that carries an upload on.
func (f keptFile) Value() string { return f.ID + " " + f.Name }

// keepFiles stages what came with a form, and adds it to the form's field. The same file with the same
// form is one upload, however often it is sent. What is wrong with a file is said beside the field.
func (v *visit) keepFiles(files []cases.Upload, faults map[string]string) error {
	for _, file := range files {
		sum := sha256.Sum256(append([]byte(file.Name+"\x00"), file.Content...))
		call := cases.Call{Actor: v.Actor, Route: "console POST files", Key: v.r.PostForm.Get("key") + hex.EncodeToString(sum[:12]), Body: sum[:]}
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
