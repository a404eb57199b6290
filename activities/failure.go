package activities

import (
	"errors"

	"go.temporal.io/sdk/temporal"

	"github.com/recourse-exams/recourse/casework"
)

// FaultType is the type of the application error that carries a *casework.Fault across Temporal, as its first
// detail.
const FaultType = "fault"

// asFault finds a fault in an error of this process.
func asFault(err error) (fault *casework.Fault, ok bool) {
	ok = errors.As(err, &fault)
	return fault, ok
}

// Failure turns an error into what Temporal needs to know: a fault is the final word and expected, so it is
// neither retried nor alarmed about; anything else is an outage and is tried again. A fault that says
// unavailable is an outage too.
func Failure(err error) error {
	fault, ok := asFault(err)
	if !ok || fault.Kind == casework.Unavailable {
		return err
	}
	return temporal.NewApplicationErrorWithOptions(fault.Error(), FaultType, temporal.ApplicationErrorOptions{
		NonRetryable: true,
		Category:     temporal.ApplicationErrorCategoryBenign,
		Details:      []any{*fault},
	})
}

// Fault finds the fault that an error from Temporal carries; ok is false if it carries none.
func Fault(err error) (fault *casework.Fault, ok bool) {
	var application *temporal.ApplicationError
	if !errors.As(err, &application) || application.Type() != FaultType {
		return nil, false
	}
	fault = new(casework.Fault)
	if application.Details(fault) != nil {
		return nil, false
	}
	return fault, true
}
