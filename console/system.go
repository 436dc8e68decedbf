package console

import (
	"net/url"

	"recourse/internal/cases"
)

// systemPage is how the program itself is doing.
type systemPage struct {
	cases.System

	Version  string
	Temporal string // address of the Temporal UI; empty: not known
	Queries  []savedQuery
	Answers  []refusedAnswer
}

// refusedAnswer is an answer that a case refused, with the reason in the reader's language.
type refusedAnswer struct {
	cases.RefusedAnswer

	Says string
}

// savedQuery is one of the questions of docs/runbook.md, asked in the Temporal UI.
type savedQuery struct{ Key, Query, Path string }

// savedQueries are those of docs/runbook.md that need no value filled in.
var savedQueries = []savedQuery{
	{Key: "overdue", Query: "WorkflowType = 'Complaint' AND ExecutionStatus = 'Running' AND Overdue = true"},
	{Key: "unacknowledged", Query: "WorkflowType = 'Complaint' AND ExecutionStatus = 'Running' AND OpenAlerts > 0"},
	{Key: "stuck", Query: "WorkflowType = 'Complaint' AND ExecutionStatus = 'Running' AND TemporalReportedProblems IS NOT NULL"},
	{Key: "failing", Query: "WorkflowType = 'Complaint' AND ExecutionStatus IN ('Failed', 'Terminated', 'Canceled', 'TimedOut')"},
	{Key: "problem", Query: "WorkflowType = 'Complaint' AND ExecutionStatus = 'Running' AND ProblemCase = true"},
}

func (c *console) system(v *visit) error {
	found, err := c.Cases.System(v.r.Context(), v.Actor)
	if err != nil {
		return err
	}
	page := systemPage{System: found, Version: c.Version, Temporal: c.TemporalURL}
	if c.TemporalURL != "" {
		for _, q := range savedQueries {
			q.Path = c.TemporalURL + "/namespaces/" + url.PathEscape(c.namespace()) + "/workflows?query=" + url.QueryEscape(q.Query)
			page.Queries = append(page.Queries, q)
		}
	}
	for _, refused := range found.Refused {
		page.Answers = append(page.Answers, refusedAnswer{refused, v.Refusal(refused.Why)})
	}
	return v.show("system", page)
}
