package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// register is a register of one candidate, in memory: it answers the ports of package api as the store does.
type register struct {
	mu        sync.Mutex
	facts     offer.Facts
	cases     []docket.Case
	timeline  []docket.Entry
	tasks     []docket.Task
	uploads   []docket.Upload
	feeLines  []fee.Line
	invoices  []docket.Invoice
	feeFilter docket.FeeFilter
	// taskFilter is the last filter of a list of tasks.
	taskFilter docket.TaskFilter

	allocations []docket.Allocation
	// broken is returned by every read of cases when set.
	broken error
}

func newRegister() *register {
	return &register{facts: offer.Facts{
		CentreNumber: "64101", CandidateNumber: "0117", Component: "MA1-1H", Series: "demo",
		KnownCandidate: true, KnownResult: true, Level: 2, Family: casework.FamilyGeneral, Body: "cambria", Rules: "cambria", SeriesMonth: 6, Qualification: "MA1",
		CandidateRelease: time.Date(2026, 8, 20, 7, 0, 0, 0, time.UTC),
		GCSERelease:      calendar.Date{Year: 2026, Month: time.August, Day: 20},
	}}
}

func (r *register) Facts(_ context.Context, centre, candidate, series, component string) (offer.Facts, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	facts := r.facts
	facts.KnownCandidate = facts.KnownCandidate && centre == facts.CentreNumber && candidate == facts.CandidateNumber
	facts.KnownResult = facts.KnownResult && facts.KnownCandidate && series == facts.Series && component == facts.Component
	facts.CentreNumber, facts.CandidateNumber, facts.Series, facts.Component = centre, candidate, series, component
	for _, c := range r.cases {
		if c.Refusal == nil && c.Request.CandidateNumber == candidate && c.Request.Component == component {
			facts.Earlier = append(facts.Earlier, offer.Earlier{Reference: c.Reference, Service: c.Request.Service, Stage: c.Stage})
		}
	}
	return facts, r.broken
}

func (r *register) visible(c docket.Case, centre string, families []casework.Family) bool {
	return (centre == "" || c.Request.CentreNumber == centre) && (len(families) == 0 || slices.Contains(families, r.facts.Family))
}

func (r *register) Case(_ context.Context, reference casework.Reference, scope docket.Scope) (docket.Case, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.cases {
		if c.Reference == reference && r.visible(c, scope.Centre, scope.Families) {
			return c, r.broken
		}
	}
	if r.broken != nil {
		return docket.Case{}, r.broken
	}
	return docket.Case{}, casework.NewFault(casework.NotFound, "unknown-case", "There is no such case.")
}

func (r *register) Cases(_ context.Context, filter docket.Filter) ([]docket.Case, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []docket.Case
	for _, c := range r.cases {
		after := filter.AfterReference == "" || c.ReceivedAt.Before(filter.AfterReceived) ||
			c.ReceivedAt.Equal(filter.AfterReceived) && c.Reference > filter.AfterReference
		if after && r.visible(c, filter.Centre, filter.Families) && (filter.Stage == "" || c.Stage == filter.Stage) &&
			(filter.Service == "" || c.Request.Service == filter.Service) {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b docket.Case) int {
		if order := b.ReceivedAt.Compare(a.ReceivedAt); order != 0 {
			return order
		}
		return strings.Compare(string(a.Reference), string(b.Reference))
	})
	return found[:min(len(found), filter.Limit)], r.broken
}

func (r *register) Timeline(_ context.Context, _ casework.Reference, centreOnly bool) ([]docket.Entry, error) {
	var entries []docket.Entry
	for _, entry := range r.timeline {
		if entry.Centre || !centreOnly {
			entries = append(entries, entry)
		}
	}
	return entries, nil
}

func (r *register) Tasks(_ context.Context, filter docket.TaskFilter) ([]docket.Task, error) {
	r.taskFilter = filter
	var found []docket.Task
	for _, task := range r.tasks {
		if task.Assignee == filter.Assignee && (filter.State == "" || task.State == filter.State) && task.ID > filter.AfterID {
			found = append(found, task)
		}
	}
	return found[:min(len(found), filter.Limit)], nil
}

func (r *register) Task(_ context.Context, id casework.TaskID, assignee string) (docket.Task, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := r.task(id, assignee); i >= 0 {
		return r.tasks[i], nil
	}
	return docket.Task{}, casework.NewFault(casework.NotFound, "unknown-task", "There is no such task.")
}

func (r *register) task(id casework.TaskID, assignee string) int {
	return slices.IndexFunc(r.tasks, func(t docket.Task) bool { return t.ID == id && t.Assignee == assignee })
}

func (r *register) SaveDraft(_ context.Context, id casework.TaskID, assignee string, version int64, completion casework.Completion, at time.Time) (docket.Draft, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	task := &r.tasks[r.task(id, assignee)]
	var stored int64
	if task.Draft != nil {
		stored = task.Draft.Version
	}
	if stored != version {
		return docket.Draft{}, casework.NewFault(casework.Conflict, "draft-changed", "The draft is another's.")
	}
	task.Draft = &docket.Draft{Version: version + 1, SavedAt: at, Completion: completion}
	return *task.Draft, nil
}

func (r *register) RegisterUpload(_ context.Context, _ casework.TaskID, _, key, sha256 string, size int64, _ time.Time) (int64, error) {
	for _, upload := range r.uploads {
		if upload.Key == key {
			return upload.ID, nil
		}
	}
	upload := docket.Upload{ID: int64(len(r.uploads) + 1), Key: key, SHA256: sha256, Size: size}
	r.uploads = append(r.uploads, upload)
	return upload.ID, nil
}

func (r *register) Upload(_ context.Context, id int64, _ casework.TaskID, _ string) (docket.Upload, error) {
	if id < 1 || id > int64(len(r.uploads)) {
		return docket.Upload{}, casework.NewFault(casework.NotFound, "unknown-upload", "There is no such upload.")
	}
	return r.uploads[id-1], nil
}

func (r *register) AnnouncedUpload(_ context.Context, _ casework.TaskID, _, key string) (docket.Upload, error) {
	for _, upload := range r.uploads {
		if upload.Key == key {
			return upload, nil
		}
	}
	return docket.Upload{}, casework.NewFault(casework.NotFound, "unknown-upload", "There is no such upload.")
}

func (r *register) Allocations(context.Context, casework.Reference) ([]docket.Allocation, error) {
	return r.allocations, r.broken
}

// Recalculation shows the difference that a version a day longer would make to the first clock.
func (r *register) Recalculation(_ context.Context, reference casework.Reference, version string, _ time.Time, _ ruling.Recounter) (casework.Recalculation, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.cases, func(c docket.Case) bool { return c.Reference == reference })
	clock := r.cases[i].Clocks[0]
	return casework.Recalculation{Reference: reference, From: r.cases[i].Policy, Policy: version, Changes: []casework.ClockChange{
		{Clock: clock.ID, Before: clock.Due(), After: clock.Due().AddDate(0, 0, 1)},
	}}, r.broken
}

func (r *register) FeeLines(_ context.Context, filter docket.FeeFilter) ([]fee.Line, error) {
	r.feeFilter = filter
	var found []fee.Line
	for _, line := range r.feeLines {
		if (filter.Scope.Centre == "" || filter.Scope.Centre == line.Centre) && (filter.BeforeID == 0 || line.ID < filter.BeforeID) {
			found = append(found, line)
		}
	}
	return found[:min(len(found), filter.Limit)], nil
}

func (r *register) Invoices(_ context.Context, filter docket.InvoiceFilter) ([]docket.Invoice, error) {
	var found []docket.Invoice
	for _, invoice := range r.invoices {
		if (filter.Scope.Centre == "" || filter.Scope.Centre == invoice.Centre.Number) && (filter.BeforeNumber == "" || invoice.Number < filter.BeforeNumber) {
			found = append(found, invoice)
		}
	}
	return found[:min(len(found), filter.Limit)], nil
}

// opened makes the case that the opening step would make.
func (r *register) opened(in casework.EnquiryInput) docket.Case {
	ends := in.ReceivedAt.Add(20 * 24 * time.Hour)
	return docket.Case{
		Reference: in.Reference, Kind: casework.KindEnquiry, Request: in.Request, RequestSHA256: in.RequestSHA256,
		Stage: casework.StageUnassigned, Requester: in.Actor.Subject, ReceivedAt: in.ReceivedAt, Version: 1, Policy: "cambria-2026.1",
		SLAState: casework.SLAOnTime, WaitingOn: casework.WaitingBody, CentreName: "Aldermoor School", CandidateName: "Kim Doyle",
		ComponentTitle: "Paper 1", Qualification: "Mathematics", QualificationID: "MA1",
		Clocks: []docket.Clock{{Policy: "cambria-2026.1", Clock: deadline.Clock{
			ID: casework.ClockOutcome, Kind: casework.ClockSLA, Span: policy.Span{Amount: 20, Unit: policy.CalendarDays}, StartedAt: in.ReceivedAt,
			Ends: ends, OriginalEnds: ends, PausedBy: []policy.Pause{policy.ConsentInspection}, Division: calendar.EnglandAndWales,
			Clause: "clause 3.2", Source: "Regulations", Confirmed: true,
		}}},
		Fees: []fee.Line{{ID: 1, Reference: in.Reference, Centre: in.Request.CentreNumber, Code: "review-of-marking", Pence: 6200, State: fee.Quoted}},
	}
}

func (r *register) add(c docket.Case) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cases = append(r.cases, c)
}

// desk is a dispatcher whose workflows answer at once, unless a test says otherwise.
type desk struct {
	asks

	register *register
	mu       sync.Mutex
	opened   []casework.EnquiryInput
	// open replaces the answer to Open.
	open      func(casework.EnquiryInput) (casework.Opened, error)
	completed []casework.CompleteRequest
	updateIDs []string
	// complete replaces the answer to Complete.
	complete     func(casework.CompleteRequest) (casework.Completed, error)
	recalculated []casework.RecalculateRequest
	// recalculate replaces the answer to Recalculate.
	recalculate func(casework.RecalculateRequest) (casework.Recalculation, error)
}

var _ api.Dispatcher = (*desk)(nil)

func (d *desk) Open(_ context.Context, in casework.EnquiryInput) (casework.Opened, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened = append(d.opened, in)
	if d.open != nil {
		return d.open(in)
	}
	d.register.add(d.register.opened(in))
	return casework.Opened{Reference: in.Reference, Stage: casework.StageUnassigned}, nil
}

func (d *desk) Complete(_ context.Context, reference casework.Reference, updateID string, request casework.CompleteRequest) (casework.Completed, error) {
	d.completed, d.updateIDs = append(d.completed, request), append(d.updateIDs, updateID)
	if d.complete != nil {
		return d.complete(request)
	}
	return casework.Completed{Reference: reference, Task: request.Completion.Task, Stage: casework.StageAppealWindow, PublishedAt: request.ReceivedAt}, nil
}

func (d *desk) Recalculate(_ context.Context, reference casework.Reference, updateID string, request casework.RecalculateRequest) (casework.Recalculation, error) {
	d.recalculated, d.updateIDs = append(d.recalculated, request), append(d.updateIDs, updateID)
	if d.recalculate != nil {
		return d.recalculate(request)
	}
	return casework.Recalculation{Reference: reference, From: "cambria-2026.1", Policy: request.Policy}, nil
}

// cabinet signs links that say what they are for.
type cabinet struct {
	// verify replaces the answer to Verify.
	verify func() error
	// unreadable is what reading a verified file fails with.
	unreadable error
	// away is what signing a link fails with.
	away error
}

func (c *cabinet) PresignPut(_ context.Context, key, _, _ string, _ int64) (string, http.Header, error) {
	return "https://files.example/" + key, http.Header{"Content-Type": {"application/pdf"}, "X-Amz-Checksum-Sha256": {"abc"}}, c.away
}

func (c *cabinet) PresignGet(_ context.Context, file casework.FileRef, name string, _ bool) (string, error) {
	return "https://files.example/" + file.Key + "?name=" + name, c.away
}

func (c *cabinet) Verify(_ context.Context, key, sha256 string, size int64, _ string) (casework.FileRef, error) {
	if c.verify != nil {
		if err := c.verify(); err != nil {
			return casework.FileRef{}, err
		}
	}
	return casework.FileRef{Key: key, Version: "v1", SHA256: sha256, Size: size}, nil
}

func (c *cabinet) Readable(context.Context, casework.FileRef) error { return c.unreadable }

// lateCase is a register in which a case appears between the first look and the second.
type lateCase struct {
	*register
	appears docket.Case
	looked  bool
}

func (l *lateCase) Case(context.Context, casework.Reference, docket.Scope) (docket.Case, error) {
	if !l.looked {
		l.looked = true
		return docket.Case{}, casework.NewFault(casework.NotFound, "unknown-case", "There is no such case.")
	}
	return l.appears, nil
}

func (l *lateCase) Facts(ctx context.Context, centre, candidate, series, component string) (offer.Facts, error) {
	facts, err := l.register.Facts(ctx, centre, candidate, series, component)
	facts.Earlier = append(facts.Earlier, offer.Earlier{Reference: l.appears.Reference, Service: l.appears.Request.Service, Stage: l.appears.Stage})
	return facts, err
}
