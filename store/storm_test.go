package store_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// TestRegister_LocksAreTakenInOneOrder lets many linked cases of the same awards open, be allocated, be decided,
// be mailed about and be invoiced at the same moment. If two kinds of step took their locks in different orders,
// the server would have to break a deadlock sooner or later; it counts those.
func TestRegister_LocksAreTakenInOneOrder(t *testing.T) {
	t.Parallel()
	o := setup(t)
	_, err := o.Pool().Exec(t.Context(), "UPDATE performers SET capacity = 7")
	require.NoError(t, err)
	candidates := storetest.Cohort(t, o.Store, 8)
	var wait sync.WaitGroup
	for _, candidate := range candidates {
		for _, component := range []string{storetest.Maths1, storetest.Maths2} {
			for _, service := range casework.EnquiryServices() {
				request := ask(of(candidate, component), func(r *casework.EnquiryRequest) { r.Service = service })
				wait.Go(func() { o.rush(request) })
			}
		}
	}
	for month := range 3 {
		wait.Go(func() {
			run := september
			run.Month += time.Month(month)
			if _, err := o.IssueInvoices(t.Context(), storetest.Body, run, runAt); err != nil {
				t.Errorf("issue: %v", err)
			}
		})
	}
	wait.Wait()
	// The server writes its counters when a session ends.
	o.Pool().Reset()
	require.Zero(t, o.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
	o.whole()
}

// rush takes one case through its life as fast as it goes; where nobody is free, it stays in the pool.
func (o office) rush(request casework.EnquiryRequest) {
	ctx := o.t.Context()
	opened, err := o.OpenCase(ctx, opening(request, storetest.Now), o.book.Assess)
	if err != nil {
		o.t.Errorf("open: %v", err)
		return
	}
	if opened.Refusal != nil {
		return // A clerical check after a review of the same paper has nothing to check.
	}
	ref := opened.Reference
	allocated, err := o.Allocate(ctx, key(ref, casework.StepAllocate, 1, storetest.Now), o.book)
	if err != nil {
		o.t.Errorf("allocate: %v", err)
		return
	}
	mails, err := o.PrepareMails(ctx, casework.MailInput{Reference: ref, Kind: casework.MailAcknowledgement, Number: 1, At: storetest.Now}, []docket.Recipient{amira}, time.Time{})
	if err != nil {
		o.t.Errorf("prepare: %v", err)
		return
	}
	var both sync.WaitGroup
	both.Go(func() {
		if _, err := o.ClaimMail(ctx, mails[0].ID, later, false); err != nil {
			o.t.Errorf("claim: %v", err)
		}
		if err := o.MarkMailSent(ctx, mails[0].ID, "ses", later); err != nil {
			o.t.Errorf("mark: %v", err)
		}
	})
	if allocated.Assignee != "" {
		decided, err := o.Decide(ctx, decision(ref, allocated, map[string]int{"Q1": 13}, later), o.book, single)
		if err != nil || decided.Refusal != nil {
			o.t.Errorf("decide: %v %v", err, decided.Refusal)
		}
		for _, member := range decided.Members {
			if _, err := o.SettleMember(ctx, key(member, casework.StepSettle, 1, later), o.book); err != nil {
				o.t.Errorf("settle: %v", err)
			}
		}
	}
	both.Wait()
}
