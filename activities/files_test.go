package activities_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// scripts is the script room at an instant; it is asked to release as soon as a case is decided.
func (o office) scripts(at time.Time) *activities.ScriptRoom {
	return &activities.ScriptRoom{Files: o.shelf, Scripts: o.Store, Now: func() time.Time { return at }}
}

func (o office) release(ref casework.Reference, at time.Time) (casework.Released, error) {
	return o.scripts(at).ReleaseScript(o.t.Context(), key(ref, casework.StepScript, decidedAt))
}

// domain §8.2: the reviewed copy within 24 h of the publication of the outcome.
func TestReleaseScript_AnnotatedCopyIsShownAndMeetsItsClock(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(map[string]int{"Q1": 11})
	at := decidedAt.Add(time.Minute)
	released, err := o.release(ref, at)
	require.NoError(t, err)
	require.Equal(t, casework.Released{At: at, SLAState: casework.SLAMet}, released)
	d := o.document(ref, docket.ReviewedScript)
	require.Equal(t, "uploads/"+string(ref)+"/1.pdf", d.File.Key)
	require.Equal(t, activities.PDF, d.MediaType)
	require.Equal(t, []string{d.File.Key + " " + activities.PDF}, o.shelf.verified, "the stored file is looked at once more")

	repeated, err := o.release(ref, at.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, released, repeated)
	require.Equal(t, 1, count(o.trail(ref), "script-released"))
	require.Equal(t, at, o.document(ref, docket.ReviewedScript).AvailableAt)
}

// domain §8.3, reading 3: a clerical check has no annotated copy, the centre gets the original.
func TestReleaseScript_AfterAClericalCheckItIsTheOriginal(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil, clerical)
	_, err := o.release(ref, decidedAt)
	require.NoError(t, err)
	require.Contains(t, o.document(ref, docket.ReviewedScript).File.Key, "scripts/64101/4001/")
}

// A stored script that no longer verifies is damage, not a rule's no: the release waits for the repair.
func TestReleaseScript_DamagedFileIsTriedAgainUntilItIsRepaired(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil)
	o.shelf.fault = casework.NewFault(casework.Invalid, "upload-differs", "The uploaded file has 3 bytes; 25 were announced.")
	_, err := o.release(ref, decidedAt)
	require.ErrorIs(t, err, o.shelf.fault)
	again(t, err)
	require.Empty(t, o.page(ref).Documents, "nothing damaged is shown to the centre")

	o.shelf.fault, o.shelf.away = nil, 1
	_, err = o.release(ref, decidedAt)
	again(t, err)
	_, err = o.release(ref, decidedAt)
	require.NoError(t, err)
	require.Len(t, o.page(ref).Documents, 1)
}

// A release that had to wait for S3 happened when it happened: the centre is not told otherwise, and the clock that
// ran out meanwhile stays breached (domain §8.2: within 24 h).
func TestReleaseScript_LateReleaseIsNotDatedBack(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		after time.Duration
		state casework.SLAState
	}{
		"in time":              {24*time.Hour - time.Microsecond, casework.SLAMet},
		"at the end, too late": {24 * time.Hour, casework.SLABreached},
		"six hours after that": {30 * time.Hour, casework.SLABreached},
		"by a clock that lags": {-time.Second, casework.SLAMet},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			ref := o.settled(nil)
			at := decidedAt.Add(max(row.after, 0))
			released, err := o.release(ref, decidedAt.Add(row.after))
			require.NoError(t, err)
			require.Equal(t, casework.Released{At: at, SLAState: row.state}, released)
			require.Equal(t, at, o.document(ref, docket.ReviewedScript).AvailableAt)
		})
	}
}

// A script that the register has lost is damage. A copy that was ordered waits for the import that brings it back; a
// final answer would end the case's errand, and with it the case, for good.
func TestReleaseScript_WaitsForAScriptThatWasLost(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil, clerical)
	_, err := o.Pool().Exec(t.Context(), `DELETE FROM scripts`)
	require.NoError(t, err)
	_, err = o.release(ref, decidedAt)
	again(t, err)
	_, err = o.Pool().Exec(t.Context(), `
INSERT INTO scripts (result, original_key, original_version, original_sha256, original_size, anonymised_key, anonymised_version, anonymised_sha256, anonymised_size)
SELECT result, 'scripts/late.pdf', 'v1', repeat('a', 64), 10, 'anonymous/late.pdf', 'v1', repeat('b', 64), 9 FROM cases WHERE reference = $1`, ref)
	require.NoError(t, err)
	_, err = o.release(ref, decidedAt)
	require.NoError(t, err)
	require.Equal(t, "scripts/late.pdf", o.document(ref, docket.ReviewedScript).File.Key)
}

func TestReleaseScript_NothingIsOwed(t *testing.T) {
	t.Parallel()
	o := setup(t)
	unordered := o.settled(nil, withoutScript)
	_, err := o.release(unordered, decidedAt)
	final(t, err, casework.Conflict, "no-script-owed")
	require.Empty(t, o.page(unordered).Documents)
}
