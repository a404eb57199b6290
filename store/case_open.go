package store

import (
	"context"
	"fmt"
	"strings"

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
	return runStep(ctx, s, key, in, work[known, casework.Opened]{lock: o.lock, do: o.do})
}

type opening struct {
	in     casework.EnquiryInput
	key    casework.StepKey
	assess offer.Assess
}

// Requests of one candidate in one series queue up here, before any row is locked, and nobody else waits for it.
const lockRequestsSQL = `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`

// known is what the register knows about a request's paper while the request is at the head of its queue.
type known struct {
	facts offer.Facts
	found factRow
}

func (o opening) lock(u *unit) func() (known, error) {
	p := paperOf(o.in.Request)
	u.write("queue the request", lockRequestsSQL, strings.Join([]string{"requests", p.centre, p.candidate, p.series}, "/"))
	read := askFacts(u, p)
	return func() (k known, err error) {
		k.facts, k.found, err = read()
		return k, err
	}
}

func (o opening) do(_ context.Context, u *unit, k known) (casework.Opened, error) {
	facts := k.facts
	r := o.in.Request
	verdict := o.assess(facts, offer.Ask{
		Service: r.Service, ReceivedAt: o.in.ReceivedAt, ConsentGivenOn: r.ConsentGivenOn, ReviewedScript: r.ReviewedScript,
	})
	if verdict.Refusal != nil {
		return o.refuse(u, verdict)
	}
	if !facts.KnownResult {
		return casework.Opened{}, fmt.Errorf("the rules accepted a request for a result that the register does not hold")
	}
	if earlier := sameService(facts, r.Service); earlier != "" {
		// The rules refuse this themselves; a policy that forgot to would break the register's promise.
		verdict.Refusal = casework.NewFault(casework.Conflict, "already-requested",
			fmt.Sprintf("This service was asked for this result before, as %s.", earlier))
		return o.refuse(u, verdict)
	}
	return o.accept(u, verdict, k)
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
func (o opening) accept(u *unit, v offer.Verdict, k known) (casework.Opened, error) {
	ref, f := o.in.Reference, k.facts
	joinAwardReview(u, int64(k.found.Award), o.key.At)
	o.insertCase(u, casework.StageUnassigned, v, k.found)
	plan := startClocks(u, ref, freshClocks(v.Policy, v.Clocks)...)
	quoteFees(u, ref, f, k.found, v.Fees)
	opened := casework.Opened{Reference: ref, Stage: casework.StageUnassigned, Policy: v.Policy, Plan: plan}
	facts := []docket.Fact{fact("service", o.in.Request.Service), fact("component", f.Component), fact("received", o.in.ReceivedAt), fact("policy", v.Policy)}
	for _, clock := range v.Clocks {
		if clock.ID == casework.ClockOutcome {
			opened.OutcomeDue = clock.Ends
			facts = append(facts, fact("outcomeDue", clock.Due()))
		}
	}
	return opened, o.begin(u, entry{at: o.key.At, actor: o.in.Actor, what: wroteOpened, centre: true, facts: facts})
}

// begin writes the first line of the case's trail.
func (o opening) begin(u *unit, first entry) error {
	return new(trailEnd).append(u, o.in.Reference, first)
}

func (o opening) refuse(u *unit, v offer.Verdict) (casework.Opened, error) {
	v.Clocks = nil // A request that is not taken starts nothing, whatever it would have started.
	o.insertCase(u, casework.StageRefused, v, factRow{})
	facts := []docket.Fact{fact("service", o.in.Request.Service), fact("component", o.in.Request.Component), fact("code", v.Refusal.Code)}
	for _, reason := range v.Refusal.Reasons {
		facts = append(facts, fact("reason", reason.Code))
	}
	refused := entry{at: o.key.At, actor: o.in.Actor, what: wroteRefused, centre: true, facts: facts}
	return casework.Opened{Reference: o.in.Reference, Stage: casework.StageRefused, Refusal: v.Refusal, Policy: v.Policy},
		o.begin(u, refused)
}

// A case that is taken stands in the open review of its award.
const insertCaseSQL = `
INSERT INTO cases (reference, kind, stage, service, centre, candidate, series, component, consent_given_on, reviewed_script, reason,
                   requester, request_sha256, received_at, opened_at, policy, rules, refusal, result, award_review, sla_state,
                   waiting_on, next_action_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
        (SELECT id FROM award_reviews WHERE award = $20 AND state = 'open'), $21, $22, $23)`

func (o opening) insertCase(u *unit, stage casework.Stage, v offer.Verdict, found factRow) {
	r := o.in.Request
	clocks := freshClocks(v.Policy, v.Clocks)
	u.write("insert the case", insertCaseSQL, o.in.Reference, casework.KindEnquiry, stage, r.Service, r.CentreNumber, r.CandidateNumber, r.Series,
		r.Component, dateTo(r.ConsentGivenOn), r.ReviewedScript, r.Reason, o.in.Actor.Subject, o.in.RequestSHA256, o.in.ReceivedAt, o.key.At,
		v.Policy, v.Rules, v.Refusal, found.Result, found.Award, slaState(clocks), stage.WaitingOn(), zeronull.Timestamptz(nextAction(clocks, nil)))
}

const quoteFeeSQL = `
INSERT INTO fee_lines (reference, award_review, body, centre, code, pence, state, why, clause, source)
VALUES ($1, (SELECT id FROM award_reviews WHERE award = $2 AND state = 'open'), $3, $4, $5, $6, $7, '', $8, $9)`

// quoteFees writes what the case will cost unless it is waived; a free service has no line.
func quoteFees(u *unit, ref casework.Reference, f offer.Facts, found factRow, quotes []fee.Quote) {
	for _, quote := range quotes {
		if quote.Pence == 0 {
			continue
		}
		u.write(fmt.Sprintf("quote fee %s", quote.Code), quoteFeeSQL,
			ref, found.Award, f.Body, f.CentreNumber, quote.Code, quote.Pence, fee.Quoted, quote.Clause, quote.Source)
	}
}
