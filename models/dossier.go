package models

// Dossier is everything on record about one case, as it stood at one instant: what the checker reads.
type Dossier struct {
	Case        Case
	Key         Key // that seals the case's texts
	Entries     []Entry
	Texts       []Text       // bound to an event, or staged only
	Attachments []Attachment // bound to an event, or claimed only
	FileKeys    []Key        // that seal the attachments
	Alerts      []Alert
	Messages    []Message
	Surveys     []Survey
	CallTasks   []CallTask
	Links       []Link
	Incomings   []Incoming
	Start       *StartIntent
	Archive     *Archive
	FactRows
}
