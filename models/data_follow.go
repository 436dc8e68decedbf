package models

import "time"

// SurveyOffered offers the survey of a cycle to the customer.
type SurveyOffered struct {
	SurveyCycle int       `json:"survey_cycle"`
	ExpiresAt   time.Time `json:"expires_at"`
}

// CallbackPlaced asks somebody outside the handling department to call the customer back.
type CallbackPlaced struct {
	Attempt   int       `json:"attempt"` // 1, 2, 3 of the cycle
	NotBefore time.Time `json:"not_before"`
	Until     time.Time `json:"until"`
}

// Scores are what the customer said of us; zero means not asked or not answered.
type Scores struct {
	Process   int  `json:"process,omitempty"`   // 1–5
	Result    int  `json:"result,omitempty"`    // 1–5
	Speed     int  `json:"speed,omitempty"`     // 1–5
	Attitude  int  `json:"attitude,omitempty"`  // 1–5
	Recommend *int `json:"recommend,omitempty"` // 0–10
}

// CallbackRecorded says what came of an attempt. Its text: text.
type CallbackRecorded struct {
	Attempt       int             `json:"attempt"`
	Outcome       CallbackOutcome `json:"outcome"`
	Scores        *Scores         `json:"scores,omitempty"`
	RescheduledTo time.Time       `json:"rescheduled_to,omitzero"`
	OtherChannel  bool            `json:"other_channel,omitempty"` // refused or wrong number: one other channel was tried
}

// SurveyAnswered is the customer's answer to the survey of a cycle. Its text: text.
type SurveyAnswered struct {
	SurveyCycle int    `json:"survey_cycle"`
	Scores      Scores `json:"scores"`
}

// Confirmed says that the customer calls the problem solved. Its text: text.
type Confirmed struct{}

// NotSolved says that the customer calls the problem not solved. Its text: text.
type NotSolved struct{}

// CloseReason says why a case closed.
type CloseReason string

// The reasons for closing.
const (
	CloseSolved     CloseReason = "solved"      // the customer said so in a callback
	CloseConfirmed  CloseReason = "confirmed"   // the customer said so by link
	CloseNotReached CloseReason = "not_reached" // attempts exhausted after the result was told
	CloseAnonymous  CloseReason = "anonymous"   // nobody to ask; the wait after the result is over
	CloseByHand     CloseReason = "by_hand"     // by a supervisor, for a written reason
)

// Closed ends the case. Its text: reason, when closed by hand.
type Closed struct {
	Reason CloseReason `json:"reason"`
}

// ReworkCause says what started another cycle.
type ReworkCause string

// The causes of a rework.
const (
	ReworkByHand      ReworkCause = "by_hand"
	ReworkCallback    ReworkCause = "callback"     // reached_unsolved
	ReworkNotReceived ReworkCause = "not_received" // the customer never got the result
	ReworkScore       ReworkCause = "score"        // the result score is low
	ReworkCustomer    ReworkCause = "customer"     // "not solved" by link
)

// Reworked starts another cycle in investigating. Its text: reason.
type Reworked struct {
	Cause ReworkCause `json:"cause"`
}

// Reopened takes an ended case up again, as another cycle. Its text: reason.
type Reopened struct {
	To State `json:"to"` // investigating, or received when it was never dispatched
}

// SurveyExpired says that nobody answered the survey of a cycle in time.
type SurveyExpired struct {
	SurveyCycle int `json:"survey_cycle"`
}

// Kind implements Data.
func (SurveyOffered) Kind() Kind    { return KindSurveyOffered }
func (CallbackPlaced) Kind() Kind   { return KindCallbackPlaced }   //nolint:revive // see SurveyOffered
func (CallbackRecorded) Kind() Kind { return KindCallbackRecorded } //nolint:revive // see SurveyOffered
func (SurveyAnswered) Kind() Kind   { return KindSurveyAnswered }   //nolint:revive // see SurveyOffered
func (Confirmed) Kind() Kind        { return KindConfirmed }        //nolint:revive // see SurveyOffered
func (NotSolved) Kind() Kind        { return KindNotSolved }        //nolint:revive // see SurveyOffered
func (Closed) Kind() Kind           { return KindClosed }           //nolint:revive // see SurveyOffered
func (Reworked) Kind() Kind         { return KindReworked }         //nolint:revive // see SurveyOffered
func (Reopened) Kind() Kind         { return KindReopened }         //nolint:revive // see SurveyOffered
func (SurveyExpired) Kind() Kind    { return KindSurveyExpired }    //nolint:revive // see SurveyOffered
