package models

import "errors"

// Code is what a program may rely on when something is refused. Codes are never renamed.
type Code string

// The codes, from the caller's fault to ours.
const (
	CodeInvalid        Code = "invalid"         // a field is missing or wrong; Field names it
	CodeMalformed      Code = "malformed"       // the request could not be read at all
	CodeTooLarge       Code = "too_large"       // the request is larger than we take
	CodeUnauthorized   Code = "unauthorized"    // no valid token
	CodeForbidden      Code = "forbidden"       // a valid token, but not for this
	CodeNotFound       Code = "not_found"       // no such thing, or none that you may know of
	CodeUnlawful       Code = "unlawful"        // the law forbids the verb in this state
	CodeConflict       Code = "conflict"        // somebody else was faster
	CodeStale          Code = "stale"           // If-Match names an older version of the case
	CodeKeyMissing     Code = "key_missing"     // no Idempotency-Key
	CodeKeyReused      Code = "key_reused"      // the same key with another body
	CodeInFlight       Code = "in_flight"       // the first request with this key is still running
	CodeGone           Code = "gone"            // a link that has expired or was used
	CodeTooMany        Code = "too_many"        // slow down; try again later
	CodeUnavailable    Code = "unavailable"     // nothing was done; try again later
	CodeOutcomeUnknown Code = "outcome_unknown" // it may still happen; the same key returns its answer
	CodeDiverged       Code = "diverged"        // workflow and record disagree; ops were told
	CodeInternal       Code = "internal"        // our fault; the log knows more
)

// Codes lists the closed set.
func Codes() []Code {
	return []Code{
		CodeInvalid, CodeMalformed, CodeTooLarge, CodeUnauthorized, CodeForbidden, CodeNotFound, CodeUnlawful,
		CodeConflict, CodeStale, CodeKeyMissing, CodeKeyReused, CodeInFlight, CodeGone, CodeTooMany,
		CodeUnavailable, CodeOutcomeUnknown, CodeDiverged, CodeInternal,
	}
}

// Error is what we are willing to show: a code for programs and a sentence for people. Any other
// error is internal: logged whole, shown to nobody.
type Error struct {
	Code     Code   `json:"code"`
	Message  string `json:"message"`
	Field    string `json:"field,omitempty"`    // JSON pointer of the field at fault, such as /text
	State    State  `json:"state,omitempty"`    // where the case stood, for unlawful
	Possible []Verb `json:"possible,omitempty"` // what is possible instead, for unlawful
}

// Error returns the sentence.
func (e *Error) Error() string { return e.Message }

// Refuse makes an error with a code and a sentence.
func Refuse(code Code, message string) *Error { return &Error{Code: code, Message: message} }

// Invalid makes the refusal of one field, named by its JSON pointer.
func Invalid(field, message string) *Error {
	return &Error{Code: CodeInvalid, Field: field, Message: message}
}

// CodeOf returns the code of err: CodeInternal when it is not ours to show, empty for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, is := errors.AsType[*Error](err); is {
		return e.Code
	}
	return CodeInternal
}
