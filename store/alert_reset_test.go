package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// about is the alert step of a deadline, as the case's workflow names it.
func about(ref casework.Reference, d casework.Deadline, detected time.Time) casework.AlertInput {
	step := key(ref, casework.StepAlert, 1, detected)
	step.About = d.Name()
	return casework.AlertInput{Key: step, Deadline: d}
}

// A case that is reset may meet its deadlines in another order. Each is known by its clock, act and instant: the
// answer about one never stands for another, and a repeat is answered alike.
func TestRecordAlert_IsKnownByItsDeadline(t *testing.T) {
	t.Parallel()
	o := setup(t)
	opened := o.try(ask())
	warn, breach := instants(t, opened)
	record := func(d casework.Deadline, detected time.Time) casework.Alerted {
		t.Helper()
		alerted, err := o.RecordAlert(t.Context(), about(opened.Reference, d, detected))
		require.NoError(t, err)
		return alerted
	}
	breached := record(breach, breach.At)
	require.Equal(t, casework.Alerted{SLAState: casework.SLABreached, Due: true, Number: 1}, breached)
	warned := record(warn, breach.At.Add(time.Hour))
	require.Equal(t, casework.SLABreached, warned.SLAState)
	require.Equal(t, breached, record(breach, breach.At.Add(2*time.Hour)), "told again after a reset")
	require.Equal(t, warned, record(warn, breach.At.Add(2*time.Hour)))
	require.Equal(t, []string{"opened", "clock-breached", "clock-warned"}, o.trail(opened.Reference))
	require.Equal(t, 2, o.count("SELECT count(DISTINCT about) FROM steps WHERE step = 'alert'"))
}

// The number of an alert names its mail in the ledger: every warn point has one of its own, whatever is repeated.
func TestRecordAlert_EveryWarnPointHasANumberOfItsOwn(t *testing.T) {
	t.Parallel()
	o := setup(t)
	opened := o.try(ask())
	first, breach := instants(t, opened)
	second := casework.Deadline{Clock: first.Clock, Act: casework.ActWarn, At: first.At.Add(24 * time.Hour)}
	_, err := o.Pool().Exec(t.Context(), "UPDATE clocks SET warn = warn || $1::timestamptz WHERE reference = $2 AND id = $3", second.At, opened.Reference, first.Clock)
	require.NoError(t, err)
	for range 2 {
		for number, d := range []casework.Deadline{first, second} {
			alerted, err := o.RecordAlert(t.Context(), about(opened.Reference, d, second.At.Add(time.Minute)))
			require.NoError(t, err)
			require.Equal(t, number+1, alerted.Number)
		}
	}
	alerted, err := o.RecordAlert(t.Context(), about(opened.Reference, breach, breach.At))
	require.NoError(t, err)
	require.Equal(t, 1, alerted.Number, "breaches count by themselves")
}
