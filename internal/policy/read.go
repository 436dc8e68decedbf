package policy

import (
	"strings"
	"time"

	"recourse/internal/document"
)

// maxDocument bounds a policy document, in bytes.
const maxDocument = 256 << 10

// Read reads a policy as people write it, in YAML or JSON, and says everything that is wrong with it by
// itself. With a grave fault it must not be put in force. The company's zone is that of calendars which
// name none, and of the instants of examples.
func Read(text []byte, company *time.Location) (Policy, []Fault) {
	r := newReader(company)
	p := r.parse(text)
	if !Grave(r.Faults) {
		r.contradictions(p)
	}
	document.Sort(r.Faults)
	return p, r.Faults
}

// Reread reads a policy that was sound when it was put in force. What counts as a contradiction may
// have changed since; the cases that run under it go on.
func Reread(text []byte, company *time.Location) (Policy, []Fault) {
	r := newReader(company)
	return r.parse(text), r.Faults
}

// reader reads a document and collects what is wrong with it.
type reader struct {
	document.Reader
	company *time.Location
}

func newReader(company *time.Location) *reader {
	return &reader{Reader: document.Reader{What: "policy", Most: maxDocument}, company: company}
}

// fields are the readers of what a mapping may hold, by name.
type fields = document.Fields

// parse reads what the document says, sense or not.
func (r *reader) parse(text []byte) Policy {
	p := Policy{company: r.company, told: new(told)}
	if root := r.Root(text); root != nil {
		r.policy(&p, root)
	}
	p.written = r.Lines
	return p
}

func join[T ~string](values []T) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = string(v)
	}
	return strings.Join(words, ", ")
}
