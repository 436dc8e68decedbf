package extract

// Segments are the whiles of one kind of a case, as their table has them.
var Segments = segments

// Kind is open, closed, holiday or paused.
func (s segment) Kind() string { return s.kind }
