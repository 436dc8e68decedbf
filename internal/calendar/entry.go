package calendar

// EntryKind says what a list of days says of one.
type EntryKind string

// The kinds.
const (
	EntryOff    EntryKind = "off"    // a day off
	EntryWorked EntryKind = "worked" // a make-up working day
	EntryClosed EntryKind = "closed" // a closure
)

// Entry is one entry of a list of days: a day, or several in a row.
type Entry struct {
	From, Until Date // Until is a day of it, too
	Kind        EntryKind
	Hours       Window // of a closure; AllDay: all of each day
	Name        string
	Line        int // of the list
}
