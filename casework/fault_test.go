package casework_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// A fault that is its own only reason says so once, wherever it is read as one line.
func TestFault_SaysEachSentenceOnce(t *testing.T) {
	t.Parallel()
	reason := func(detail string) casework.Reason { return casework.Reason{Detail: detail} }
	for want, fault := range map[string]*casework.Fault{
		"The task is taken.":                           casework.NewFault(casework.Conflict, "task-taken", "The task is taken."),
		"The task is gone.":                            casework.NewFault(casework.Conflict, "task-taken", "The task is gone.", reason("The task is gone.")),
		"It cannot be kept. Too long. Of nobody.":      casework.NewFault(casework.Invalid, "x", "It cannot be kept.", reason("Too long."), reason("Of nobody.")),
		"It cannot be kept: twice. The same, of both.": casework.NewFault(casework.Invalid, "x", "It cannot be kept: twice.", reason("The same, of both."), reason("The same, of both.")),
	} {
		require.Equal(t, want, fault.Error())
	}
}
