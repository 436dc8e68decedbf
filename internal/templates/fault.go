package templates

import "fmt"

// Fault is one thing that is wrong with a draft.
type Fault struct {
	Field   string // subject or body
	Line    int    // of that field; 0: all of it
	Says    string
	Warning bool // it may stand so
}

// String is the fault as a line of text.
func (f Fault) String() string {
	where := f.Field
	if f.Line > 0 {
		where += fmt.Sprintf(", line %d", f.Line)
	}
	return where + ": " + f.Says
}

// Grave says whether there is a fault among them that is no warning.
func Grave(found []Fault) bool {
	for _, f := range found {
		if !f.Warning {
			return true
		}
	}
	return false
}

// The fields of a draft.
const (
	fieldSubject = "subject"
	fieldBody    = "body"
)
