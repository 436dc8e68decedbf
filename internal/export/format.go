package export

import (
	"encoding/json"
	"time"

	"recourse/models"
)

// format is the version of the file. A later one is refused, an earlier one must stay readable.
const format = 1

// What lies in the file.
const (
	manifestPath = "manifest.json"
	eventsPath   = "events.jsonl"
	textsPath    = "texts.jsonl"
	indexPath    = "index.html"
	filesFolder  = "attachments/"
)

// Manifest says what the file holds. The SHA-256 of the whole file, without these last 64 characters,
// is the comment of the zip: it covers the manifest too.
type Manifest struct {
	Export      int             `json:"recourse_export"` // format
	Number      string          `json:"number"`
	Case        string          `json:"case"`
	Language    models.Language `json:"language"`
	ExportedAt  time.Time       `json:"exported_at"`
	Erased      bool            `json:"erased,omitempty"` // the customer was: words and attachments are gone
	Events      int             `json:"events"`
	Head        string          `json:"head"` // hex hash of the last event: compare it with the record, a seal or an anchor
	Files       []Part          `json:"files"`
	Attachments []Attached      `json:"attachments,omitempty"`
}

// Part is one part of the file.
type Part struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Attached is an attachment in the clear. Its digest is an HMAC with a key that never leaves the
// house: whoever exports compares it with the bytes; offline, the SHA-256 stands for them.
type Attached struct {
	models.FileRef

	Seq    int64  `json:"seq"` // of the event that names it
	Name   string `json:"name"`
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

// eventLine is one event as it lies on record. Event is kept byte by byte: it is what is hashed.
type eventLine struct {
	Hash  string          `json:"hash"`
	Event json.RawMessage `json:"event"`
}

// textLine is one text in the clear, with the salt of its digest.
type textLine struct {
	Seq   int64  `json:"seq"`
	Name  string `json:"name"`
	Ref   string `json:"ref"`
	Salt  string `json:"salt"` // hex
	Words string `json:"words"`
}
