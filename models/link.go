package models

import "strconv"

// StatusLink names the status link of a case: its token is derived from these parts.
func StatusLink(caseID string) []string { return []string{string(LinkStatus), caseID} }

// SurveyLink names the survey link of a cycle: its token is derived from these parts.
func SurveyLink(caseID string, cycle int) []string {
	return []string{string(LinkSurvey), caseID, strconv.Itoa(cycle)}
}
