package history

import (
	"time"

	"recourse/internal/document"
	"recourse/internal/sheet"
	"recourse/models"
)

// Mapping says how the columns of a log become the history of cases. See docs/import.md.
type Mapping struct {
	Source string // what the system is called that the log comes from
	Rows   Shape
	Create []string // what may be put on record that nobody knows yet, of Creatable

	file    sheet.File // how the files are written; its path is each file's own
	unknown map[string]bool
	zone    *time.Location
	forms   []form
	where   []filter
	columns []*column // all of them, by slot

	number, order, at, by *column
	received, due         *column
	milestones            []milestone
	activity, state       *activity
	fields                []field
	transfers, reopens    *column
	clamp                 bool // contradictions are mended, not refused
	resolvedIsClosed      bool
	lastRow               bool // of several rows of a case the last counts, not the first
	volumes               volumeColumns

	lines   document.Lines
	misread bool // what the mapping says of the files themselves is wrong, so that they may look otherwise than they are
}

// Shape says what a row of the log is.
type Shape string

// The shapes.
const (
	RowsEvents  Shape = "events"  // something that happened to a case
	RowsCases   Shape = "cases"   // a case, with the instants of what happened in columns
	RowsVolumes Shape = "volumes" // how much was sold or served in a period
)

// Creatable lists what an import may put on record when a log names something that nobody knows.
func Creatable() []string { return []string{"departments", "people", "categories"} }

// column is where a value stands in a row.
type column struct {
	refs  []ref
	how   how
	forms []form // in which its instants are written; nil: the mapping's
	path  string // in the mapping
	slot  int

	unknown map[string]bool // its cells that say nothing; nil: the mapping's
	says    map[string]bool // cells that the mapping names as they are written
}

// ref names a column of the file by its header, or by its position counted from 1.
type ref struct {
	name     string
	position int
	path     string
}

type how int

const (
	howOne   how = iota
	howJoin      // the cells that say something, with a space in between
	howFirst     // the first cell that says something
)

// filter keeps the rows whose cell is one of these values, or leaves them out.
type filter struct {
	column *column
	values map[string]bool
	keep   bool
}

// milestone is a move whose instant stands in a column.
type milestone struct {
	kind   models.Kind
	column *column
}

// activity is a column that tells moves by name.
type activity struct {
	column    *column
	values    map[string][]act
	otherwise []act // for other names; nil: the row is refused
}

// act is what a name in the log means.
type act struct {
	kind  models.Kind        // empty: see the others; with none of them it means nothing
	pause models.PauseReason // of paused

	received bool // the case was received then
	open     bool // as a state: it is being worked on
}

// field is a field of the case.
type field struct {
	name   string
	column *column // nil: it is constant
	values map[string]string

	constant  string
	otherwise otherwise
	instead   string // of otherwiseValue
}

// otherwise says what happens to a value that the mapping does not name.
type otherwise int

const (
	otherwiseRefuse otherwise = iota // the row is refused
	otherwiseIgnore                  // as if the cell said nothing
	otherwiseKeep                    // it is taken as it is written
	otherwiseValue                   // another value is taken
)

// volumeColumns are the columns of a table of volumes.
type volumeColumns struct {
	product, from, until *column
	period               string // day, week, month, quarter or year from the beginning; empty: until says it
	amounts              []volumeAmount
}

type volumeAmount struct {
	kind   models.VolumeKind
	column *column
}

// Volumes says that the mapping is for a table of volumes, not for cases.
func (m *Mapping) Volumes() bool { return m.Rows == RowsVolumes }
