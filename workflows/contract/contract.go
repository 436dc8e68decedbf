package contract

import (
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// Task queues: a slow mail server must not hold the case logic.
const (
	QueueCases   = "complaints"      // case workflows and their short writes to the store
	QueueEffects = "complaints-io"   // what a case does to the world
	QueueJobs    = "complaints-jobs" // schedules
)

// Workflows, updates, signals and activities by name.
const (
	WorkflowComplaint = "Complaint"
	WorkflowSweep     = "Sweep"
	WorkflowAdjust    = "Adjust"
	WorkflowSignals   = "Signals"
	WorkflowReport    = "Report"

	UpdateCommand = "command"
	SignalAnswer  = "answer"

	ActivityRecord        = "Record"
	ActivityReload        = "Reload"
	ActivityFreshPlan     = "FreshPlan"
	ActivityOfferSurvey   = "OfferSurvey"
	ActivityPlaceCallback = "PlaceCallback"
	ActivityArchive       = "Archive"
	ActivitySweep         = "Sweep"
	ActivityAdjust        = "Adjust"
	ActivitySignals       = "Signals"
	ActivityMakeReport    = "MakeReport"
	ActivityTellReport    = "TellReport"
	ActivityTellSignals   = "TellSignals"

	ScheduleSweep   = "recourse-sweep"
	ScheduleSignals = "recourse-signals"
)

// ScheduleReport is the id of the schedule that makes reports of a step.
func ScheduleReport(step string) string { return "recourse-report-" + step }

// WorkflowID is the id of a case's one workflow.
func WorkflowID(caseID string) string { return "complaint/" + caseID }

// AdjustmentID is the id of the workflow that carries an adjustment out, or takes it back.
func AdjustmentID(id string, undo bool) string {
	if undo {
		return "adjustment/" + id + "/undo"
	}
	return "adjustment/" + id
}

// AdjustInput carries an adjustment out, or takes it back.
type AdjustInput struct {
	ID        string    `json:"id"`
	Undo      bool      `json:"undo,omitempty"`
	NotBefore time.Time `json:"not_before,omitzero"`
}

// AdjustResult says how far an adjustment has come.
type AdjustResult struct {
	Left   int `json:"left"`   // cases still to come
	Failed int `json:"failed"` // of those, some that failed and are tried again
	Done   int `json:"done"`
}

// CaseInput starts a case's workflow: from its first event, or from the record of an earlier one.
type CaseInput struct {
	Case    lifecycle.Case      `json:"case"`
	Restart models.RestartCause `json:"restart,omitempty"` // why it is started again; empty for the first start
}

// Order is a command on its way to the workflow, with a fresh plan.
type Order struct {
	Command lifecycle.Command `json:"command"`
	Plan    models.Plan       `json:"plan"`
}

// Outcome says what became of a command.
type Outcome struct {
	Seq      int64        `json:"seq"` // of its last event
	State    models.State `json:"state"`
	Recorded bool         `json:"recorded"` // false: decided, the database is catching up
}

// Answer is what a customer sent by link: stored under ID before it was passed on.
type Answer struct {
	ID    string `json:"id"`
	Order Order  `json:"order"`
}

// Passed says what became of a customer's answer; an empty refusal means it was decided.
type Passed struct {
	ID      string `json:"id"`
	Refusal string `json:"refusal,omitempty"`
}

// RecordInput is what the Record activity writes in one go.
type RecordInput struct {
	Recording models.Recording `json:"recording"`
	Passed    []Passed         `json:"passed,omitempty"`
}

// FreshPlanInput asks for the plan of a case from now on.
type FreshPlanInput struct {
	Policy string `json:"policy,omitempty"` // version that the case runs under; empty: the one in force
	Zone   string `json:"zone"`             // of the customer
}

// SurveyInput offers a survey.
type SurveyInput struct {
	CaseID string `json:"case_id"`
	lifecycle.OfferSurvey
}

// CallbackInput places a call.
type CallbackInput struct {
	CaseID     string          `json:"case_id"`
	Department string          `json:"department"` // that must not make the call
	Language   models.Language `json:"language"`
	lifecycle.PlaceCallback
}

// ArchiveInput seals a record.
type ArchiveInput struct {
	CaseID string `json:"case_id"`
}

// SignalsInput looks for signals.
type SignalsInput struct {
	At time.Time `json:"at"` // in the periods that are complete by then
}

// SignalsResult says what was found.
type SignalsResult struct {
	At    time.Time `json:"at"`
	New   int       `json:"new"`   // signals that were not on record before
	Mails int       `json:"mails"` // to those who want to be told
}

// ReportInput makes the report of the last period that was over at an instant.
type ReportInput struct {
	Step string    `json:"step"`
	At   time.Time `json:"at,omitzero"` // for which the run was scheduled
}

// ReportResult says which report there is.
type ReportResult struct {
	ID    string    `json:"id"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Made  bool      `json:"made"`  // false: there was one
	Mails int       `json:"mails"` // to its subscribers
}

// SweepResult says what a sweep found and did.
type SweepResult struct {
	Cases     int       `json:"cases"`               // live cases looked at
	Restarted []string  `json:"restarted,omitempty"` // ids of cases whose workflow was started again
	Orphans   []string  `json:"orphans,omitempty"`   // ids of running workflows without a live case
	At        time.Time `json:"at"`
}

// Trouble is a way in which the workflow of a case can be in trouble.
type Trouble string

// The troubles, as docs/runbook.md asks for them.
const (
	TroubleStuck   Trouble = "stuck"   // its tasks fail, so that the case stands still
	TroubleFailing Trouble = "failing" // it ended other than by its seal, and does not run again
)

// Troubles lists the closed set.
func Troubles() []Trouble { return []Trouble{TroubleStuck, TroubleFailing} }
