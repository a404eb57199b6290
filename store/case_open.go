package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/offer"
)

// OpenCase makes a case of a request, or records why it cannot be taken. The rules see the facts of this
// transaction: two requests for one candidate in one series wait for each other, so the later one finds the
// earlier.
func (s *Store) OpenCase(ctx context.Context, in casework.OpenInput, assess offer.Assess) (casework.Opened, error) {
	key := casework.StepKey{Reference: in.Enquiry.Reference, Step: casework.StepOpen, Number: 1, Cause: "start", At: instant(in.At)}
	o := opening{in: in.Enquiry, key: key, assess: assess}
	o.in.ReceivedAt = instant(o.in.ReceivedAt)
	return runStep(ctx, s, key, in, work[struct{}, casework.Opened]{lock: o.lock, do: o.do})
}

type opening struct {
	in     casework.EnquiryInput
	key    casework.StepKey
	assess offer.Assess
}

// Requests of one candidate in one series queue up here, before any row is locked, and nobody else waits for it.
const lockRequestsSQL = `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`

func (o opening) lock(ctx context.Context, tx pgx.Tx) (struct{}, error) {
	p := paperOf(o.in.Request)
	_, err := tx.Exec(ctx, lockRequestsSQL, strings.Join([]string{"requests", p.centre, p.candidate, p.series}, "/"))
	if err != nil {
		return struct{}{}, fmt.Errorf("queue the request: %w", err)
	}
	return struct{}{}, nil
}

func (o opening) do(ctx context.Context, tx pgx.Tx, _ struct{}) (casework.Opened, error) {
	facts, found, err := readFacts(ctx, tx, paperOf(o.in.Request))
	if err != nil {
		return casework.Opened{}, err
	}
	r := o.in.Request
	verdict := o.assess(facts, offer.Ask{
		Service: r.Service, ReceivedAt: o.in.ReceivedAt, ConsentGivenOn: r.ConsentGivenOn, ReviewedScript: r.ReviewedScript,
	})
	if verdict.Refusal != nil {
		return o.refuse(ctx, tx, verdict)
	}
	if !facts.KnownResult {
		return casework.Opened{}, fmt.Errorf("the rules accepted a request for a result that the register does not hold")
	}
	if earlier := sameService(facts, r.Service); earlier != "" {
		// The rules refuse this themselves; a policy that forgot to would break the register's promise.
		verdict.Refusal = casework.NewFault(casework.Conflict, "already-requested",
			fmt.Sprintf("This service was asked for this result before, as %s.", earlier))
		return o.refuse(ctx, tx, verdict)
	}
	return o.accept(ctx, tx, verdict, facts, found)
}

func sameService(f offer.Facts, service casework.Service) casework.Reference {
	for _, earlier := range f.Earlier {
		if earlier.Service == service {
			return earlier.Reference
		}
	}
	return ""
}

// accept writes the case and what it starts: its clocks, its fee lines and the first line of its trail.
func (o opening) accept(ctx context.Context, tx pgx.Tx, v offer.Verdict, f offer.Facts, found factRow) (casework.Opened, error) {
	ref := o.in.Reference
	review, err := joinAwardReview(ctx, tx, int64(found.Award), o.key.At)
	if err != nil {
		return casework.Opened{}, err
	}
	if err := o.insertCase(ctx, tx, casework.StageUnassigned, v, found.Result, zeronull.Int8(review)); err != nil {
		return casework.Opened{}, err
	}
	plan, err := startClocks(ctx, tx, ref, v.Clocks...)
	if err != nil {
		return casework.Opened{}, err
	}
	if err := quoteFees(ctx, tx, ref, review, f, v.Fees); err != nil {
		return casework.Opened{}, err
	}
	opened := casework.Opened{Reference: ref, Stage: casework.StageUnassigned, Policy: v.Policy, Plan: plan}
	facts := []docket.Fact{fact("service", o.in.Request.Service), fact("component", f.Component), fact("received", o.in.ReceivedAt), fact("policy", v.Policy)}
	for _, clock := range v.Clocks {
		if clock.ID == casework.ClockOutcome {
			opened.OutcomeDue = clock.Ends
			facts = append(facts, fact("outcomeDue", clock.Due()))
		}
	}
	return opened, appendAudit(ctx, tx, ref, entry{at: o.key.At, actor: o.in.Actor, what: wroteOpened, centre: true, facts: facts})
}

func (o opening) refuse(ctx context.Context, tx pgx.Tx, v offer.Verdict) (casework.Opened, error) {
	v.Clocks = nil // A request that is not taken starts nothing, whatever it would have started.
	if err := o.insertCase(ctx, tx, casework.StageRefused, v, 0, 0); err != nil {
		return casework.Opened{}, err
	}
	facts := []docket.Fact{fact("service", o.in.Request.Service), fact("component", o.in.Request.Component), fact("code", v.Refusal.Code)}
	for _, reason := range v.Refusal.Reasons {
		facts = append(facts, fact("reason", reason.Code))
	}
	refused := entry{at: o.key.At, actor: o.in.Actor, what: wroteRefused, centre: true, facts: facts}
	return casework.Opened{Reference: o.in.Reference, Stage: casework.StageRefused, Refusal: v.Refusal, Policy: v.Policy},
		appendAudit(ctx, tx, o.in.Reference, refused)
}

const insertCaseSQL = `
INSERT INTO cases (reference, kind, stage, service, centre, candidate, series, component, consent_given_on, reviewed_script, reason,
                   requester, request_sha256, received_at, opened_at, policy, rules, refusal, result, award_review, sla_state,
                   waiting_on, next_action_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`

func (o opening) insertCase(ctx context.Context, tx pgx.Tx, stage casework.Stage, v offer.Verdict, result, review zeronull.Int8) error {
	r := o.in.Request
	clocks := freshClocks(v.Clocks)
	_, err := tx.Exec(ctx, insertCaseSQL, o.in.Reference, casework.KindEnquiry, stage, r.Service, r.CentreNumber, r.CandidateNumber, r.Series,
		r.Component, dateTo(r.ConsentGivenOn), r.ReviewedScript, r.Reason, o.in.Actor.Subject, o.in.RequestSHA256, o.in.ReceivedAt, o.key.At,
		v.Policy, v.Rules, v.Refusal, result, review, slaState(clocks), stage.WaitingOn(), zeronull.Timestamptz(nextAction(clocks)))
	if err != nil {
		return fmt.Errorf("insert the case: %w", err)
	}
	return nil
}

const quoteFeeSQL = `
INSERT INTO fee_lines (reference, award_review, body, centre, code, pence, state, why, clause, source)
VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $9)`

// quoteFees writes what the case will cost unless it is waived; a free service has no line.
func quoteFees(ctx context.Context, tx pgx.Tx, ref casework.Reference, review int64, f offer.Facts, quotes []fee.Quote) error {
	for _, quote := range quotes {
		if quote.Pence == 0 {
			continue
		}
		if _, err := tx.Exec(ctx, quoteFeeSQL, ref, review, f.Body, f.CentreNumber, quote.Code, quote.Pence, fee.Quoted, quote.Clause, quote.Source); err != nil {
			return fmt.Errorf("quote fee %s: %w", quote.Code, err)
		}
	}
	return nil
}
