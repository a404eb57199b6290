package activities

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// Register writes a case's steps, each in one transaction, and answers a repeat with what it stored first.
type Register interface {
	Decisions
	Recalculations
	Holds
	Tasks
	Nudges
	Announcements
	OpenCase(ctx context.Context, in casework.OpenInput, assess offer.Assess) (casework.Opened, error)
	SettleMember(ctx context.Context, key casework.StepKey, rules ruling.Rules) (casework.Settled, error)
	RecordRefusedSignal(ctx context.Context, in casework.RefusedInput) error
	CloseCase(ctx context.Context, key casework.StepKey) error
}

// Decisions writes the deciding step and knows whether it was written.
type Decisions interface {
	Decide(ctx context.Context, in casework.DecideInput, rules ruling.Rules, scrutiny ruling.Scrutiny) (casework.Decided, error)
	// Decided is what the step of the key has recorded; ok is false if it has recorded nothing yet.
	Decided(ctx context.Context, key casework.StepKey) (decided casework.Decided, ok bool, err error)
}

// Announcements knows which files were announced for a task.
type Announcements interface {
	// AnnouncedUpload reads what a performer announced for a task under a key of the file store; one that was not
	// is a *casework.Fault of kind not found.
	AnnouncedUpload(ctx context.Context, task casework.TaskID, assignee, key string) (docket.Upload, error)
}

// Uploads checks files that people have sent; both methods return a *casework.Fault if a file is not what it should be.
type Uploads interface {
	// Verify checks that an upload has arrived as it was announced and pins its version.
	Verify(ctx context.Context, key, sha256 string, size int64, mediaType string) (casework.FileRef, error)
	// Readable checks that a pinned PDF can be opened.
	Readable(ctx context.Context, file casework.FileRef) error
}

// Rulebook answers for every policy version.
type Rulebook interface {
	ruling.Rules
	ruling.Holding
	ruling.Scrutiny
	// Assess decides whether a request may be taken.
	Assess(offer.Facts, offer.Ask) offer.Verdict
}

// CaseFile holds the steps that open, decide and close a case.
type CaseFile struct {
	Register Register
	Rulebook Rulebook
	Files    Uploads
	// Now is the starter's and worker's one clock.
	Now func() time.Time
}

// OpenCase makes the case or records why it cannot be taken.
func (f *CaseFile) OpenCase(ctx context.Context, in casework.OpenInput) (casework.Opened, error) {
	opened, err := f.Register.OpenCase(ctx, in, f.Rulebook.Assess)
	return opened, Failure(err)
}

// OpenCase is a quick write: the start that causes it is in history.
func OpenCase(ctx workflow.Context, in casework.OpenInput) (casework.Opened, error) {
	var file *CaseFile
	return quickWrite(ctx, "Open the case file", file.OpenCase, in)
}

// RecordDecision takes a completion and, unless the practice asks for a second look at it, publishes the outcome and
// settles the award if it was the last. A completion that an operator hands in for a performer names a file that nobody
// has checked yet, so it is checked here, as the REST service checks a performer's own.
func (f *CaseFile) RecordDecision(ctx context.Context, in casework.DecideInput) (casework.Decided, error) {
	if annotated := in.Completion.Annotated; annotated != nil && in.Actor.OnBehalfOf != "" {
		file, err := f.pin(ctx, in.Completion.Task, in.Actor.OnBehalfOf, *annotated)
		if fault, no := asFault(err); no {
			return f.refuseUpload(ctx, in.Key, fault)
		}
		if err != nil {
			return casework.Decided{}, err
		}
		in.Completion.Annotated = &file
	}
	// An outage may have held the decision up: the outcome is published when it is recorded, and the days in which
	// the centre may appeal count from then.
	in.Key.At = shown(in.Key.At, f.Now())
	decided, err := f.Register.Decide(ctx, in, f.Rulebook, f.Rulebook)
	return decided, Failure(err)
}

// pin finds the announcement of the file that an operator names and verifies the file against it. Any other key of
// the bucket, say another candidate's script, is refused whatever stands there.
func (f *CaseFile) pin(ctx context.Context, task casework.TaskID, performer string, named casework.FileRef) (casework.FileRef, error) {
	announced, err := f.Register.AnnouncedUpload(ctx, task, performer, named.Key)
	if err != nil {
		return casework.FileRef{}, err
	}
	if announced.SHA256 != named.SHA256 || announced.Size != named.Size {
		return casework.FileRef{}, casework.NewFault(casework.Invalid, "upload-differs",
			fmt.Sprintf("The upload was announced with %d bytes and the SHA-256 %s.", announced.Size, announced.SHA256))
	}
	file, err := f.Files.Verify(ctx, announced.Key, announced.SHA256, announced.Size, PDF)
	if err != nil {
		return casework.FileRef{}, err
	}
	return file, f.Files.Readable(ctx, file)
}

// refuseUpload refuses a completion whose upload is not as it was announced, unless an attempt that did not live to
// answer has recorded the decision: then that is the truth, whatever has become of the upload since.
func (f *CaseFile) refuseUpload(ctx context.Context, key casework.StepKey, fault *casework.Fault) (casework.Decided, error) {
	decided, ok, err := f.Register.Decided(ctx, key)
	if err != nil || ok {
		return decided, Failure(err)
	}
	return casework.Decided{Refusal: fault}, nil
}

// RecordDecision is an ordinary activity: the Update that causes it must be in history before the write, or a crash
// of the server would leave two truths (architecture §3.3).
func RecordDecision(ctx workflow.Context, in casework.DecideInput) (casework.Decided, error) {
	var file *CaseFile
	return ordinary(ctx, stepAttempt, "Record the decision of task "+string(in.Completion.Task), file.RecordDecision, in)
}

// TakeOverSettlement takes the settlement of the award review over into a case that waited for it.
func (f *CaseFile) TakeOverSettlement(ctx context.Context, key casework.StepKey) (casework.Settled, error) {
	settled, err := f.Register.SettleMember(ctx, key, f.Rulebook)
	return settled, Failure(err)
}

// TakeOverSettlement is a quick write: the signal that causes it is in history.
func TakeOverSettlement(ctx workflow.Context, key casework.StepKey) (casework.Settled, error) {
	var file *CaseFile
	return quickWrite(ctx, "Take over the award's settlement", file.TakeOverSettlement, key)
}

// RecordRefusal writes down a signal that the case could not take.
func (f *CaseFile) RecordRefusal(ctx context.Context, in casework.RefusedInput) (struct{}, error) {
	return struct{}{}, Failure(f.Register.RecordRefusedSignal(ctx, in))
}

// RecordRefusal is a quick write: the signal that causes it is in history.
func RecordRefusal(ctx workflow.Context, in casework.RefusedInput) error {
	var file *CaseFile
	_, err := quickWrite(ctx, "Record the refused "+in.Name+" signal", file.RecordRefusal, in)
	return err
}

// CloseCase ends the case after its appeal window.
func (f *CaseFile) CloseCase(ctx context.Context, key casework.StepKey) (struct{}, error) {
	return struct{}{}, Failure(f.Register.CloseCase(ctx, key))
}

// CloseCase is a quick write: the timer that causes it is in history.
func CloseCase(ctx workflow.Context, key casework.StepKey) error {
	var file *CaseFile
	_, err := quickWrite(ctx, "Close the case", file.CloseCase, key)
	return err
}
