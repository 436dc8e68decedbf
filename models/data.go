package models

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Kind names what an event says. Kinds are never renamed.
type Kind string

// The kinds of event, in the order of the main road, then what happens by itself.
const (
	KindOpened           Kind = "opened"
	KindDispatched       Kind = "dispatched"
	KindAccepted         Kind = "accepted"
	KindReplied          Kind = "replied"
	KindContactLogged    Kind = "contact_logged"
	KindNoted            Kind = "noted"
	KindMessaged         Kind = "messaged"
	KindProposed         Kind = "proposed"
	KindApproved         Kind = "approved"
	KindRejected         Kind = "rejected"
	KindSolutionTold     Kind = "solution_told"
	KindResolved         Kind = "resolved"
	KindResultTold       Kind = "result_told"
	KindSurveyOffered    Kind = "survey_offered"
	KindCallbackPlaced   Kind = "callback_placed"
	KindCallbackRecorded Kind = "callback_recorded"
	KindSurveyAnswered   Kind = "survey_answered"
	KindConfirmed        Kind = "confirmed"
	KindNotSolved        Kind = "not_solved"
	KindClosed           Kind = "closed"
	KindReworked         Kind = "reworked"
	KindReopened         Kind = "reopened"
	KindRequested        Kind = "requested"
	KindDecided          Kind = "decided"
	KindArchived         Kind = "archived"
	KindAcknowledged     Kind = "acknowledged"
	KindBreached         Kind = "breached"
	KindEscalated        Kind = "escalated"
	KindSurveyExpired    Kind = "survey_expired"
	KindRestarted        Kind = "restarted"
	KindSnoozed          Kind = "snoozed"
	KindHandedOver       Kind = "handed_over"
)

// read makes a reader for the current version of one kind.
func read[D Data](raw json.RawMessage) (Data, error) {
	var d D
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, err
	}
	return d, nil
}

// kinds says for every kind how each version of its data is read; version n is at index n-1. A
// later version is appended, and the earlier readers turn old data into today's type.
var kinds = map[Kind][]func(json.RawMessage) (Data, error){
	KindOpened:           {read[Opened], read[Opened]}, // 2: files, route
	KindDispatched:       {read[Dispatched]},
	KindAccepted:         {read[Accepted]},
	KindReplied:          {read[Replied]},
	KindContactLogged:    {read[ContactLogged]},
	KindNoted:            {read[Noted]},
	KindMessaged:         {read[Messaged]},
	KindProposed:         {read[Proposed], read[Proposed]}, // 2: money
	KindApproved:         {read[Approved]},
	KindRejected:         {read[Rejected]},
	KindSolutionTold:     {read[SolutionTold], read[SolutionTold]}, // 2: group
	KindResolved:         {read[Resolved]},
	KindResultTold:       {read[ResultTold], read[ResultTold]}, // 2: group
	KindSurveyOffered:    {read[SurveyOffered]},
	KindCallbackPlaced:   {read[CallbackPlaced]},
	KindCallbackRecorded: {read[CallbackRecorded]},
	KindSurveyAnswered:   {read[SurveyAnswered]},
	KindConfirmed:        {read[Confirmed]},
	KindNotSolved:        {read[NotSolved]},
	KindClosed:           {read[Closed]},
	KindReworked:         {read[Reworked]},
	KindReopened:         {read[Reopened]},
	KindRequested:        {read[Requested], read[Requested]}, // 2: what a request of the wider life asks for
	KindDecided:          {read[Decided]},
	KindArchived:         {read[Archived]},
	KindAcknowledged:     {read[Acknowledged]},
	KindBreached:         {read[Breached]},
	KindEscalated:        {read[Escalated], read[Escalated]}, // 2: by
	KindSurveyExpired:    {read[SurveyExpired]},
	KindRestarted:        {read[Restarted]},
	KindSnoozed:          {read[Snoozed]},
	KindHandedOver:       {read[HandedOver]},

	KindSettled:         {read[Settled]},
	KindReturned:        {read[Returned]},
	KindRecalled:        {read[Recalled]},
	KindTransferred:     {read[Transferred]},
	KindRetracted:       {read[Retracted]},
	KindAssigned:        {read[Assigned]},
	KindTaskGiven:       {read[TaskGiven]},
	KindTaskFinished:    {read[TaskFinished]},
	KindTaskCancelled:   {read[TaskCancelled]},
	KindMeasureTaken:    {read[MeasureTaken]},
	KindProgressTold:    {read[ProgressTold]},
	KindInterimTold:     {read[InterimTold]},
	KindContactPromised: {read[ContactPromised]},
	KindUrged:           {read[Urged]},
	KindSupervised:      {read[Supervised]},
	KindReported:        {read[Reported]},
	KindReclassified:    {read[Reclassified]},
	KindAmended:         {read[Amended]},
	KindVoided:          {read[Voided]},
	KindAttached:        {read[Attached]},
	KindRestricted:      {read[Restricted]},
	KindProblemDeclared: {read[ProblemDeclared]},
	KindRescheduled:     {read[Rescheduled]},
	KindSurveyReminded:  {read[SurveyReminded]},
	KindPaused:          {read[Paused]},
	KindResumed:         {read[Resumed]},
	KindExtended:        {read[Extended]},
	KindCompensated:     {read[Compensated]},
	KindNotAccepted:     {read[NotAccepted]},
	KindWithdrawn:       {read[Withdrawn]},
	KindMerged:          {read[Merged]},
	KindUnmerged:        {read[Unmerged]},
	KindLinked:          {read[Linked]},
	KindDeadlinesMoved:  {read[DeadlinesMoved]},

	KindAdopted: {read[Adopted], read[Adopted]}, // 2: what its moves did to clocks; before, the event named the bounds that they had in the end
}

// Kinds lists the kinds that this release knows, by name.
func Kinds() []Kind { return slices.Sorted(maps.Keys(kinds)) }

// Version returns the current version of a kind's data.
func (k Kind) Version() int { return len(kinds[k]) }

// VersionOf returns the version as which data is written: the current one of its kind, but the one before
// where that says all of it. An alert that a running case decides again keeps its bytes.
func VersionOf(d Data) int {
	if alert, is := d.(Escalated); is && len(alert.By) == 0 {
		return 1
	}
	return d.Kind().Version()
}

// ReadData reads the data of an event of kind k, as it was written in version.
func ReadData(k Kind, version int, raw json.RawMessage) (Data, error) {
	readers := kinds[k]
	if version < 1 || version > len(readers) {
		return nil, fmt.Errorf("kind %q version %d is not known to this release", k, version)
	}
	return readers[version-1](raw)
}
