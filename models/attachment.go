package models

import (
	"slices"
	"time"
)

// Attachment is a file that came with a case, or is about to: an upload is staged first, claimed when
// a complaint or command names it, and bound when the event that names it is on record. The bytes lie
// in a folder, sealed with a key of the attachment's own.
type Attachment struct {
	ID        string `gorm:"primaryKey"`
	Uploader  string // principal that may name it while it is staged; empty: it is being swept
	CaseID    string // empty until it is claimed
	Command   string // that claimed it
	Seq       int64  // of the event that names it; 0: not bound
	KeyID     string // of its own key, destroyed with the customer's
	Name      []byte // as the uploader called it, sealed: file names tell of people
	Digest    string // hex HMAC-SHA-256 of the bytes
	Blob      string // hex SHA-256 of the sealed bytes: the file's name in the folder
	Size      int64
	MediaType string
	StagedAt  time.Time // uploaded, or claimed last: a day later it is swept unless it is bound
}

// Ref is how an event names the attachment.
func (a Attachment) Ref() FileRef {
	return FileRef{ID: a.ID, Digest: a.Digest, Size: a.Size, MediaType: a.MediaType}
}

// FileBinding ties an attachment to the event that names it.
type FileBinding struct {
	ID  string `json:"id"`
	Seq int64  `json:"seq"`
}

// Filed is the data of an event that may name attachments.
type Filed interface {
	Data
	// NamedFiles lists the attachments, in the order given.
	NamedFiles() []FileRef
}

// NamedFiles implements Filed.
func (d Opened) NamedFiles() []FileRef { return d.Files }

// NamedFiles implements Filed.
func (d Attached) NamedFiles() []FileRef { return d.Files }

// WithFiles implements Filing.
func (Attached) WithFiles(files []FileRef) Data { return Attached{Files: files} }

// FilesOf lists the attachments that an event names.
func FilesOf(e Event) []FileRef {
	if d, is := e.Data.(Filed); is {
		return d.NamedFiles()
	}
	return nil
}

// Bindings ties the attachments that an event names to it.
func Bindings(e Event) []FileBinding {
	var bindings []FileBinding
	for _, f := range FilesOf(e) {
		bindings = append(bindings, FileBinding{ID: f.ID, Seq: e.Seq})
	}
	return bindings
}

// MayUpload says who may stage a file: whoever has a verb to name it with, somewhere.
func MayUpload(a Actor) error {
	staff := a.Kind == ActorPerson || a.Kind == ActorService
	if staff && slices.ContainsFunc(grants, func(g grant) bool { return a.Is(g.role) }) {
		return nil
	}
	return Refuse(CodeForbidden, "uploading is for those who work on cases")
}

// Filing is the data of a verb that names uploads: the ids become references before it is decided.
type Filing interface {
	Data
	// WithFiles is the same data naming these attachments.
	WithFiles(files []FileRef) Data
}
