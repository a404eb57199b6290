package activities_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store/storetest"
)

func TestOpenCase_ARefusalIsAnAnswerAndNoFailure(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	request := ask(clerical, of("9999", storetest.Maths1))
	opened, err := o.caseFile().OpenCase(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, casework.StageRefused, opened.Stage)
	require.NotNil(t, opened.Refusal)

	repeated, err := o.caseFile().OpenCase(t.Context(), ask())
	require.NoError(t, err)
	require.Equal(t, ref, repeated.Reference)
	require.Equal(t, []string{"opened"}, o.trail(ref), "a repeat opens nothing")
}

func TestAllocateTask_RepeatKeepsThePerformer(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	first := o.allocate(ref)
	require.Equal(t, first, o.allocate(ref))
	require.Equal(t, []string{"opened", "allocated"}, o.trail(ref))
}

func TestRecordAlert_OnceWithItsTrueInstant(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	alerts := &activities.Alerts{Clocks: o.Store}
	var breach casework.Deadline
	for _, clock := range o.page(ref).Clocks {
		if clock.ID == casework.ClockOutcome {
			breach = casework.Deadline{Clock: clock.ID, Act: casework.ActBreach, At: clock.Ends}
		}
	}
	in := casework.AlertInput{Key: key(ref, casework.StepAlert, breach.At.AddDate(0, 0, 1)), Deadline: breach}
	for range 2 {
		alerted, err := alerts.RecordAlert(t.Context(), in)
		require.NoError(t, err)
		require.Equal(t, casework.Alerted{SLAState: casework.SLABreached, Due: true, Number: 1}, alerted)
	}
	require.Equal(t, 1, count(o.trail(ref), "clock-breached"))

	in.Key = key("R-7K4F-M2QX-9TBD-H", casework.StepAlert, breach.At)
	_, err := alerts.RecordAlert(t.Context(), in)
	final(t, err, casework.NotFound, "unknown-case")
}

// domain §8.2: the centre may appeal within 14 days of the publication, so an outage between the completion and its
// record costs the body time and never the centre.
func TestRecordDecision_HeldUpIsPublishedWhenItIsRecorded(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	recorded := decidedAt.Add(49 * time.Hour)
	decided, err := o.caseFileAt(recorded).RecordDecision(t.Context(), o.decision(ref, o.allocate(ref), nil))
	require.NoError(t, err)
	require.Equal(t, recorded, decided.PublishedAt)
	window := recorded.AddDate(0, 0, 14)
	for _, d := range decided.Plan {
		if d.Clock == casework.ClockWindow {
			require.True(t, d.At.After(window), "the window ends with the fourteenth day after %s, not at %s", recorded, d.At)
		}
	}
}

// The REST service has verified a performer's own upload, so the step need not ask S3 again.
func TestRecordDecision_PerformersUploadIsTakenAsItWasPinned(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	in := o.decision(ref, o.allocate(ref), nil)
	o.shelf.away = 1
	decided, err := o.caseFile().RecordDecision(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, casework.StageAppealWindow, decided.Stage)
	require.Empty(t, o.shelf.verified)
}

// byOperator hands the same completion in on behalf of the performer, who has announced the upload, as the signal does.
func (o office) byOperator(in casework.DecideInput) casework.DecideInput {
	o.t.Helper()
	if file := in.Completion.Annotated; file != nil {
		_, err := o.RegisterUpload(o.t.Context(), in.Completion.Task, in.Actor.Subject, file.Key, file.SHA256, file.Size, decidedAt)
		require.NoError(o.t, err)
	}
	in.Actor = casework.Actor{Subject: "ops-1", Role: casework.RoleOperator, OnBehalfOf: in.Actor.Subject, Reason: "The examiner's connection is down."}
	return in
}

func TestRecordDecision_OperatorsUploadIsVerifiedAndPinned(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	in := o.byOperator(o.decision(ref, o.allocate(ref), nil))
	pinned := *in.Completion.Annotated
	in.Completion.Annotated = &casework.FileRef{Key: pinned.Key, SHA256: pinned.SHA256, Size: pinned.Size}
	decided, err := o.caseFile().RecordDecision(t.Context(), in)
	require.NoError(t, err)
	require.Nil(t, decided.Refusal)
	require.Equal(t, []string{pinned.Key + " " + activities.PDF}, o.shelf.verified)
	source, err := o.ScriptSource(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, pinned, source, "the version that was verified is the one that the centre gets")
}

func TestRecordDecision_OperatorsUploadThatIsNotThereIsRefused(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	in := o.byOperator(o.decision(ref, o.allocate(ref), nil))
	o.shelf.fault = casework.NewFault(casework.Invalid, "upload-missing", "The file has not been uploaded yet.")
	decided, err := o.caseFile().RecordDecision(t.Context(), in)
	require.NoError(t, err, "a refusal is the step's answer, for the workflow to write down")
	require.Equal(t, casework.Decided{Refusal: o.shelf.fault}, decided)
	require.Equal(t, casework.StageAssigned, o.page(ref).Stage)

	o.shelf.fault, o.shelf.away = nil, 1
	_, err = o.caseFile().RecordDecision(t.Context(), in)
	require.ErrorIs(t, err, errShelfAway)
	again(t, err)
	decided, err = o.caseFile().RecordDecision(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, casework.StageAppealWindow, decided.Stage, "the task stayed open for the next try")
}

// A key of the bucket proves nothing: a completion by signal names a file that the performer announced for this very
// task, as it was announced, and one that opens. Nothing else is looked at, and the task stays open.
func TestRecordDecision_OperatorNamesAnUploadOfThisTaskOnly(t *testing.T) { //nolint:tparallel // the subtests share one register, one after the other
	t.Parallel()
	o := setup(t)
	ref := o.open()
	good := o.byOperator(o.decision(ref, o.allocate(ref), nil))
	other := o.open(of("4001", storetest.Maths2))
	theirs := o.byOperator(o.decision(other, o.allocate(other), nil))
	for name, row := range map[string]struct {
		spoil func(*casework.FileRef)
		code  string
	}{
		"a script of the register": {func(f *casework.FileRef) { f.Key = "scripts/2026-06/4001.pdf" }, "unknown-upload"},
		"another task's upload":    {func(f *casework.FileRef) { *f = *theirs.Completion.Annotated }, "unknown-upload"},
		"another content":          {func(f *casework.FileRef) { f.SHA256 = theirs.Completion.Annotated.SHA256 }, "upload-differs"},
		"another size":             {func(f *casework.FileRef) { f.Size++ }, "upload-differs"},
		"a file that does not open": {func(*casework.FileRef) {
			o.shelf.unreadable = casework.NewFault(casework.Invalid, "not-a-pdf", "It cannot be opened.")
		}, "not-a-pdf"},
	} {
		t.Run(name, func(t *testing.T) {
			in, named := good, *good.Completion.Annotated
			row.spoil(&named)
			in.Completion.Annotated = &named
			decided, err := o.caseFile().RecordDecision(t.Context(), in)
			require.NoError(t, err)
			require.NotNil(t, decided.Refusal)
			require.Equal(t, row.code, decided.Refusal.Code)
			require.Equal(t, casework.StageAssigned, o.page(ref).Stage)
			o.shelf.unreadable = nil
		})
	}
	decided, err := o.caseFile().RecordDecision(t.Context(), good)
	require.NoError(t, err)
	require.Nil(t, decided.Refusal)
}

// architecture §3.3: a repeat returns the stored result. The worker died after the commit, and the upload has been
// cleared away since: the case is decided all the same, and the workflow must hear so.
func TestRecordDecision_RepeatAnswersWhatWasRecordedWhateverBecameOfTheUpload(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	in := o.byOperator(o.decision(ref, o.allocate(ref), nil))
	first, err := o.caseFile().RecordDecision(t.Context(), in)
	require.NoError(t, err)
	o.shelf.fault = casework.NewFault(casework.Invalid, "upload-missing", "The file has not been uploaded yet.")
	repeated, err := o.caseFile().RecordDecision(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, first, repeated)
}

// Two linked cases: the one decided last settles the award, the other takes the settlement over (architecture §4).
func TestTakeOverSettlement_MemberEntersItsAppealWindowOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	member, last := o.open(), o.open(of("4001", storetest.Maths2))
	require.False(t, o.decide(member, nil).Settled)
	require.Equal(t, []casework.Reference{member}, o.decide(last, nil).Members)
	take := func() casework.Settled {
		t.Helper()
		settled, err := o.caseFile().TakeOverSettlement(t.Context(), key(member, casework.StepSettle, decidedAt))
		require.NoError(t, err)
		return settled
	}
	settled := take()
	require.Equal(t, casework.StageAppealWindow, settled.Stage)
	require.Equal(t, settled, take())
	require.Equal(t, casework.StageAppealWindow, o.page(member).Stage)
}

func TestRecordRefusalAndCloseCase_AreWrittenOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil)
	refused := casework.RefusedInput{
		Key: key(ref, casework.StepRefusal, decidedAt), Actor: casework.Actor{Subject: "ops-1", Role: casework.RoleOperator},
		Name: casework.MessageComplete, Fault: casework.NewFault(casework.Conflict, "already-completed", "The task of this case is completed already."),
	}
	closing := key(ref, casework.StepClose, decidedAt.AddDate(0, 0, 15))
	for range 2 {
		_, err := o.caseFile().RecordRefusal(t.Context(), refused)
		require.NoError(t, err)
		_, err = o.caseFile().CloseCase(t.Context(), closing)
		require.NoError(t, err)
	}
	require.Equal(t, casework.StageClosed, o.page(ref).Stage)
	trail := o.trail(ref)
	require.Equal(t, 1, count(trail, "signal-refused"))
	require.Equal(t, 1, count(trail, "closed"))
}

// Every step on a case that does not exist is a final no; a register that does not answer is an outage.
func TestSteps_TellANoFromAnOutage(t *testing.T) {
	t.Parallel()
	o := setup(t)
	unknown := casework.Reference("R-7K4F-M2QX-9TBD-H")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	steps := map[string]func(context.Context) error{
		"allocate": func(ctx context.Context) error {
			_, err := (&activities.Allocation{Roster: o.Store, Staffing: o.book}).AllocateTask(ctx, key(unknown, casework.StepAllocate, decidedAt))
			return err
		},
		"decide": func(ctx context.Context) error {
			_, err := o.caseFile().RecordDecision(ctx, casework.DecideInput{Key: key(unknown, casework.StepDecide, decidedAt)})
			return err
		},
		"settle": func(ctx context.Context) error {
			_, err := o.caseFile().TakeOverSettlement(ctx, key(unknown, casework.StepSettle, decidedAt))
			return err
		},
		"act": func(ctx context.Context) error {
			_, err := o.caseFile().ActOnTask(ctx, o.operation(unknown, "ex-1001", casework.OpStart))
			return err
		},
		"hold": func(ctx context.Context) error {
			request := casework.HoldRequest{Cause: casework.HoldOther, ApprovedBy: storetest.Approver, Actor: operator("Page 3 is missing.")}
			_, err := o.caseFile().HoldCase(ctx, casework.HoldInput{Key: key(unknown, casework.StepHold, decidedAt), Request: request})
			return err
		},
		"resume": func(ctx context.Context) error {
			request := casework.ResumeRequest{Cause: casework.HoldOther, Actor: operator("The paper is in order.")}
			_, err := o.caseFile().ResumeCase(ctx, casework.ResumeInput{Key: key(unknown, casework.StepResume, decidedAt), Request: request})
			return err
		},
		"nudge": func(ctx context.Context) error {
			request := casework.NudgeRequest{Actor: operator("The centre telephoned.")}
			_, err := o.caseFile().Nudge(ctx, casework.NudgeInput{Key: key(unknown, casework.StepNudge, decidedAt), Request: request})
			return err
		},
		"close": func(ctx context.Context) error {
			_, err := o.caseFile().CloseCase(ctx, key(unknown, casework.StepClose, decidedAt))
			return err
		},
	}
	for name, step := range steps {
		t.Log(name)
		final(t, step(t.Context()), casework.NotFound, "unknown-case")
		again(t, step(gone))
	}
}
