package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// ErrPending says that a request is durably accepted and nobody has acted on it yet: a worker will.
var ErrPending = errors.New("accepted, and not yet done")

// Verifier says who a bearer token was issued to. Its errors are those of package identity.
type Verifier interface {
	Verify(ctx context.Context, token string) (identity.Person, error)
}

// CaseReader reads cases. What is out of scope does not exist (fault NotFound).
type CaseReader interface {
	Facts(ctx context.Context, centre, candidate, series, component string) (offer.Facts, error)
	Case(ctx context.Context, reference casework.Reference, scope docket.Scope) (docket.Case, error)
	Cases(ctx context.Context, filter docket.Filter) ([]docket.Case, error)
	Timeline(ctx context.Context, reference casework.Reference, centreOnly bool) ([]docket.Entry, error)
	Allocations(ctx context.Context, reference casework.Reference) ([]docket.Allocation, error)
	// Recalculation says what another version of the rules would change in a case at an instant, and changes nothing;
	// a no is a *casework.Fault.
	Recalculation(ctx context.Context, reference casework.Reference, version string, at time.Time, rules ruling.Recounter) (casework.Recalculation, error)
	// Standing adds to facts the marks and boundaries of the award and the cases about its other components.
	Standing(ctx context.Context, facts offer.Facts) (offer.Facts, error)
}

// Catalogue reads what of the register everybody may know.
type Catalogue interface {
	Qualifications(ctx context.Context, filter docket.QualificationFilter) ([]docket.Qualification, error)
	Series(ctx context.Context) ([]docket.Series, error)
}

// TaskDesk is the performers' side of the register. A task of somebody else does not exist (fault NotFound).
type TaskDesk interface {
	Tasks(ctx context.Context, filter docket.TaskFilter) ([]docket.Task, error)
	Task(ctx context.Context, id casework.TaskID, assignee string) (docket.Task, error)
	// SaveDraft replaces the draft of the given version, 0 for none; a Conflict fault means that it is another's.
	SaveDraft(ctx context.Context, id casework.TaskID, assignee string, version int64, completion casework.Completion, at time.Time) (docket.Draft, error)
	// RegisterUpload notes an announced file and returns its id; the same key has the same id.
	RegisterUpload(ctx context.Context, id casework.TaskID, assignee, key, sha256 string, size int64, at time.Time) (int64, error)
	Upload(ctx context.Context, id int64, task casework.TaskID, assignee string) (docket.Upload, error)
	// AnnouncedUpload finds an announced file by its key.
	AnnouncedUpload(ctx context.Context, task casework.TaskID, assignee, key string) (docket.Upload, error)
}

// Roster is the register of those who perform tasks. Every change is kept with who made it; an instant is in UTC.
type Roster interface {
	Examiners(ctx context.Context, filter docket.ExaminerFilter) ([]docket.Examiner, error)
	Examiner(ctx context.Context, id string) (docket.Examiner, error)
	// ChangeExaminer replaces what the change names; a Conflict fault examiner-changed means that the version is another.
	ChangeExaminer(ctx context.Context, id string, change docket.ExaminerChange, actor casework.Actor, at time.Time) (docket.Examiner, error)
	// AddAbsence and DeclareConflict answer a repeat with what stands already. DeclareConflict answers with the tasks that
	// the interest stands against.
	AddAbsence(ctx context.Context, id string, absence docket.Absence, actor casework.Actor, at time.Time) (docket.Absence, error)
	EndAbsence(ctx context.Context, id string, absence int64, actor casework.Actor, at time.Time) error
	DeclareConflict(ctx context.Context, id string, conflict docket.Conflict, actor casework.Actor, at time.Time) (docket.Conflict, error)
	TakeBackConflict(ctx context.Context, id string, conflict int64, actor casework.Actor, at time.Time) error
	// RosterChanges lists what was changed about a person, the latest first; beforeID is the last id of the page before.
	RosterChanges(ctx context.Context, id string, beforeID int64, limit int) ([]docket.RosterChange, error)
}

// Team is what performers and their leaders share about tasks. What is not theirs does not exist (fault NotFound).
type Team interface {
	// TakeClaim reserves the right to ask the case for a task of the pool; a Conflict fault task-taken means that the
	// task is somebody else's by now.
	TakeClaim(ctx context.Context, task casework.TaskID, performer, key string, at, until time.Time) error
	// TaskDone reads the answer of an operation that was carried out under an update's id.
	TaskDone(ctx context.Context, reference casework.Reference, updateID string) (done casework.TaskDone, ok bool, err error)
	TaskNotes(ctx context.Context, task casework.TaskID) ([]docket.TaskNote, error)
	// AddTaskNote keeps a note, once under a key of its author; digest tells a repeat from another note under the key.
	AddTaskNote(ctx context.Context, note docket.TaskNote, key, digest string) (docket.TaskNote, error)
	// Ask sends a question to the leader of who asks; the same question again, while it is open, is the same.
	Ask(ctx context.Context, task casework.TaskID, by, question string, at time.Time) (docket.Question, error)
	Answer(ctx context.Context, id int64, by casework.Actor, answer string, at time.Time) (docket.Question, error)
	// Questions lists what a performer asked or may answer; an empty performer stands for everybody.
	Questions(ctx context.Context, performer string, open bool) ([]docket.Question, error)
	// Monitoring lists what was drawn for a lead to look at; an empty lead stands for everybody.
	Monitoring(ctx context.Context, lead string, open bool, afterID int64, limit int) ([]docket.Monitored, error)
	Find(ctx context.Context, id int64, lead, finding, note string, at time.Time) (docket.Monitored, error)
	WorkLog(ctx context.Context, filter docket.WorkFilter) ([]docket.Work, error)
}

// Ledger reads the money.
type Ledger interface {
	FeeLines(ctx context.Context, filter docket.FeeFilter) ([]fee.Line, error)
	Invoices(ctx context.Context, filter docket.InvoiceFilter) ([]docket.Invoice, error)
}

// Rules decides what may be asked, and shows the rules by which it decides.
type Rules interface {
	ruling.Recounter
	Assess(facts offer.Facts, ask offer.Ask) offer.Verdict
	// Options says of every service of the rules in force what asking for it would mean.
	Options(facts offer.Facts, ask offer.Ask) ([]offer.Option, error)
	// Sets lists the names of the sets of rules, and Versions those of a set, the earliest first.
	Sets() []string
	Versions(set string) []policy.Policy
	Policy(version string) (policy.Policy, error)
	InForce(set string, received time.Time) (p policy.Policy, ok bool)
	// RoadMap returns the road map of a family with the policy that draws it.
	RoadMap(family string) (m policy.RoadMap, p policy.Policy, ok bool)
}

// Files makes links of short life and verifies what was uploaded.
type Files interface {
	PresignPut(ctx context.Context, key, mediaType, sha256 string, size int64) (url string, headers http.Header, err error)
	PresignGet(ctx context.Context, file casework.FileRef, filename string, inline bool) (url string, err error)
	// Verify pins an uploaded file, or says in a fault why it is not what was announced.
	Verify(ctx context.Context, key, sha256 string, size int64, mediaType string) (casework.FileRef, error)
	// Readable checks that a pinned PDF can be opened, or says in a fault that it cannot.
	Readable(ctx context.Context, file casework.FileRef) error
}

// Dispatcher hands requests to the workflows of cases. Its methods return ErrPending when the request is durably
// accepted without an answer in time, a *casework.Fault when it is refused, and any other error when nobody knows
// whether it was accepted. Handing the same request on again is safe: it is not done twice.
type Dispatcher interface {
	Open(ctx context.Context, in casework.EnquiryInput) (casework.Opened, error)
	Complete(ctx context.Context, reference casework.Reference, updateID string, request casework.CompleteRequest) (casework.Completed, error)
	Recalculate(ctx context.Context, reference casework.Reference, updateID string, request casework.RecalculateRequest) (casework.Recalculation, error)
	Hold(ctx context.Context, reference casework.Reference, updateID string, request casework.HoldRequest) (casework.Held, error)
	Resume(ctx context.Context, reference casework.Reference, updateID string, request casework.ResumeRequest) (casework.Held, error)
	Nudge(ctx context.Context, reference casework.Reference, updateID string, request casework.NudgeRequest) (casework.Nudged, error)
	// StartBatch lets the workflow of a batch run that stands in the register; one that was started goes on.
	StartBatch(ctx context.Context, in casework.BatchInput) error
}

// TaskActs hands what somebody does with a task to the task's case, as a Dispatcher hands on requests.
type TaskActs interface {
	Act(ctx context.Context, reference casework.Reference, updateID string, request casework.TaskRequest) (casework.TaskDone, error)
}

// Part is something that the process needs, with a check of whether it is ready.
type Part struct {
	Name  string
	Check func(ctx context.Context) error
}
