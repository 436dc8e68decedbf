package document

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is what is wrong with a document, and where.
type Fault struct {
	Path    string // JSON pointer
	Line    int    // of the document; 0: not known
	Says    string
	Warning bool // it may stand so
}

// String is the fault as a line of text.
func (f Fault) String() string {
	kind := "fault"
	if f.Warning {
		kind = "warning"
	}
	path := f.Path
	if f.Line > 0 {
		path = strings.TrimSpace(fmt.Sprintf("%s (line %d)", path, f.Line))
	}
	return fmt.Sprintf("%s %s: %s", kind, path, f.Says)
}

// Grave says whether any of the faults is more than a warning.
func Grave(faults []Fault) bool {
	return slices.ContainsFunc(faults, func(f Fault) bool { return !f.Warning })
}

// Sort puts faults in the order of the document.
func Sort(faults []Fault) {
	slices.SortStableFunc(faults, func(a, b Fault) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Path, b.Path)) })
}
