package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// pageRow is a case with the names of what it is about; a refused one may name things that do not exist.
type pageRow struct {
	Reference       casework.Reference
	Kind            casework.Kind
	Stage           casework.Stage
	Version         int64
	Service         casework.Service
	Centre          string
	Candidate       string
	Series          string
	Component       string
	ConsentGivenOn  *time.Time
	ReviewedScript  bool
	Reason          casework.EnquiryReason
	Requester       string
	RequestSHA256   string `db:"request_sha256"`
	ReceivedAt      time.Time
	Policy          string
	Refusal         *casework.Fault
	AwardReview     zeronull.Int8
	SLAState        casework.SLAState `db:"sla_state"`
	WaitingOn       string
	NextActionAt    zeronull.Timestamptz
	CentreName      zeronull.Text
	CandidateName   zeronull.Text
	SeriesTitle     zeronull.Text
	ComponentTitle  zeronull.Text
	QualificationID zeronull.Text `db:"qualification_id"`
	Qualification   zeronull.Text
}

// casesSQL narrows by reference, scope and filter; empty arguments do not narrow. The keyset (received_at,
// reference) runs from the newest request to the oldest, and by reference where several came at once.
const casesSQL = `
SELECT k.reference, k.kind, k.stage, k.version, k.service, k.centre, k.candidate, k.series, k.component, k.consent_given_on,
       k.reviewed_script, k.reason, k.requester, k.request_sha256, k.received_at, k.policy, k.refusal, k.award_review, k.sla_state,
       k.waiting_on, k.next_action_at, e.name AS centre_name, n.name AS candidate_name, c.title AS component_title, s.title AS series_title,
       q.id AS qualification_id, q.title AS qualification
FROM cases k
LEFT JOIN centres e ON e.number = k.centre
LEFT JOIN candidates n ON n.centre = k.centre AND n.number = k.candidate
LEFT JOIN series s ON s.id = k.series
LEFT JOIN components c ON c.id = k.component
LEFT JOIN qualifications q ON q.id = c.qualification
WHERE ($1 = '' OR k.reference = $1)
  AND ($2 = '' OR k.centre = $2)
  AND (cardinality($3::text[]) = 0 OR q.family = ANY ($3))
  AND ($4 = '' OR k.stage = $4)
  AND ($5 = '' OR k.service = $5)
  AND ($6 = '' OR k.series = $6)
  AND ($7 = '' OR k.sla_state = $7)
  AND ($8 = '' OR EXISTS (SELECT FROM tasks t WHERE t.reference = k.reference AND t.assignee = $8))
  AND (cardinality($9::text[]) = 0 OR k.held_for <> '{}' AND k.held_for && $9)
  AND ($10::timestamptz IS NULL OR k.received_at <= $10 AND (k.received_at < $10 OR k.reference > $11))
ORDER BY k.received_at DESC, k.reference
LIMIT $12`

// Case reads one case whole. What is out of scope does not exist; a refused request of an unknown component
// belongs to no family and is seen only without a limit on families.
func (s *Store) Case(ctx context.Context, ref casework.Reference, scope docket.Scope) (docket.Case, error) {
	var rows *[]pageRow
	var belonging parts
	err := inSnapshot(ctx, s, func(_ context.Context, u *unit) error {
		rows, belonging = askCase(u, ref, scope)
		return nil
	})
	if err != nil {
		return docket.Case{}, fmt.Errorf("read case %s: %w", ref, err)
	}
	if len(*rows) == 0 {
		return docket.Case{}, unknown("case", "case "+string(ref))
	}
	return belonging.pages(*rows)[0], nil
}

// askCase queues everything about one case.
func askCase(u *unit, ref casework.Reference, scope docket.Scope) (*[]pageRow, parts) {
	rows := askCases(u, ref, docket.Filter{Centre: scope.Centre, Families: scope.Families, Limit: 1})
	return rows, askParts(u, []casework.Reference{ref})
}

// Cases lists cases, newest request first.
func (s *Store) Cases(ctx context.Context, filter docket.Filter) ([]docket.Case, error) {
	var rows *[]pageRow
	var belonging parts
	err := inSnapshot(ctx, s, func(ctx context.Context, u *unit) error {
		rows = askCases(u, "", filter)
		if err := u.send(ctx); err != nil {
			return err
		}
		refs := make([]casework.Reference, len(*rows))
		for i, row := range *rows {
			refs[i] = row.Reference
		}
		belonging = askParts(u, refs)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the cases: %w", err)
	}
	return belonging.pages(*rows), nil
}

// The filter's empty arguments must be known when the query is planned, or the indexes for the given ones are of
// no use: a plan for any arguments would walk every case.
const planForArgumentsSQL = `SET LOCAL plan_cache_mode = force_custom_plan`

func askCases(u *unit, ref casework.Reference, f docket.Filter) *[]pageRow {
	u.write("plan for the arguments", planForArgumentsSQL)
	return each[pageRow](u, "read the cases", casesSQL, ref, f.Centre, texts(f.Families), f.Stage, f.Service, f.Series, f.SLAState,
		f.Assignee, texts(f.HeldFor), zeronull.Timestamptz(f.AfterReceived), f.AfterReference, pageSize(f.Limit))
}

func (r pageRow) page() docket.Case {
	return docket.Case{
		Reference: r.Reference, Kind: r.Kind, Stage: r.Stage, Version: r.Version,
		Request: casework.EnquiryRequest{
			Service: r.Service, CentreNumber: r.Centre, CandidateNumber: r.Candidate, Series: r.Series, Component: r.Component,
			ConsentGivenOn: dateFrom(r.ConsentGivenOn), ReviewedScript: r.ReviewedScript, Reason: r.Reason,
		},
		RequestSHA256: r.RequestSHA256, Refusal: r.Refusal, Requester: r.Requester, ReceivedAt: r.ReceivedAt, Policy: r.Policy,
		SLAState: r.SLAState, WaitingOn: r.WaitingOn, NextActionAt: timeOf(r.NextActionAt),
		CentreName: string(r.CentreName), CandidateName: string(r.CandidateName), SeriesTitle: string(r.SeriesTitle), ComponentTitle: string(r.ComponentTitle),
		Qualification: string(r.Qualification), QualificationID: string(r.QualificationID),
	}
}

const referencesSQL = `SELECT reference FROM cases ORDER BY received_at, reference`

// References lists every case, oldest request first, for checks that walk the whole register.
func (s *Store) References(ctx context.Context) ([]casework.Reference, error) {
	rows, err := s.pool.Query(ctx, referencesSQL)
	if err != nil {
		return nil, fmt.Errorf("list the references: %w", unavailable(err))
	}
	refs, err := pgx.CollectRows(rows, pgx.RowTo[casework.Reference])
	if err != nil {
		return nil, fmt.Errorf("list the references: %w", unavailable(err))
	}
	return refs, nil
}
