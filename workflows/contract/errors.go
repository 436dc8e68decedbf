package contract

import (
	"errors"
	"slices"

	"go.temporal.io/sdk/temporal"

	"recourse/models"
)

// ErrNotRunning says that a case has no running workflow to take a command or an answer.
var ErrNotRunning = errors.New("the case has no running workflow")

// Failure turns a refusal into a failure that survives the trip through Temporal: the code becomes
// its type, because a Go type does not. Other errors pass as they are.
func Failure(err error) error {
	var refusal *models.Error
	if !errors.As(err, &refusal) {
		return err
	}
	return temporal.NewApplicationErrorWithOptions(refusal.Message, string(refusal.Code), temporal.ApplicationErrorOptions{
		NonRetryable: true,
		Category:     temporal.ApplicationErrorCategoryBenign,
		Details:      []any{refusal},
	})
}

// Refusal is the way back: a failure whose type is one of our codes becomes the models.Error it was.
func Refusal(err error) error {
	var failure *temporal.ApplicationError
	if !errors.As(err, &failure) || !slices.Contains(models.Codes(), models.Code(failure.Type())) {
		return err
	}
	refusal := models.Refuse(models.Code(failure.Type()), failure.Message())
	if failure.HasDetails() {
		var whole models.Error
		if failure.Details(&whole) == nil {
			refusal = &whole
		}
	}
	return refusal
}
