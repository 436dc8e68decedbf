package models

import "strconv"

// The names under which texts travel with commands and events.
const (
	TextText      = "text"
	TextFacts     = "facts"
	TextObjective = "objective"
	TextSolution  = "solution"
	TextMinutes   = "minutes"
	TextResult    = "result"
	TextReason    = "reason"
	TextContact   = "contact"
	TextDetails   = "particulars"
	TextAnswer    = "answer"
	TextEvidence  = "receipt_evidence"
)

// TextMeasure names the text of measure i, counted from 0.
func TextMeasure(i int) string { return "measure." + strconv.Itoa(i) }
