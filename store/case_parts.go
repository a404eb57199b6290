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

const documentsSQL = `
SELECT reference, id, kind, key, version, sha256, size, media_type, available_at
FROM documents
WHERE reference = ANY ($1)
ORDER BY id`

func (p *parts) readDocuments(ctx context.Context, tx pgx.Tx) error {
	type documentRow struct {
		Reference   casework.Reference
		ID          int64
		Kind        string
		Key         string
		Version     string
		SHA256      string `db:"sha256"`
		Size        int64
		MediaType   string
		AvailableAt time.Time
	}
	rows, err := collect[documentRow](ctx, tx, documentsSQL, p.refs)
	if err != nil {
		return fmt.Errorf("read the documents: %w", err)
	}
	for _, r := range rows {
		page := p.byRef[r.Reference]
		page.Documents = append(page.Documents, docket.Document{
			ID: r.ID, Kind: r.Kind, File: casework.FileRef{Key: r.Key, Version: r.Version, SHA256: r.SHA256, Size: r.Size},
			MediaType: r.MediaType, AvailableAt: r.AvailableAt,
		})
	}
	return nil
}

const linkedSQL = `
SELECT award_review, reference, component, stage
FROM cases
WHERE award_review = ANY ($1)
ORDER BY reference`

func (p *parts) readLinked(ctx context.Context, tx pgx.Tx) error {
	type linkedRow struct {
		AwardReview int64
		Reference   casework.Reference
		Component   string
		Stage       casework.Stage
	}
	reviews := make([]int64, 0, len(p.byReview))
	for review := range p.byReview {
		reviews = append(reviews, review)
	}
	rows, err := collect[linkedRow](ctx, tx, linkedSQL, reviews)
	if err != nil {
		return fmt.Errorf("read the linked cases: %w", err)
	}
	for _, r := range rows {
		for _, page := range p.byReview[r.AwardReview] {
			if page.Reference != r.Reference {
				page.Linked = append(page.Linked, docket.Linked{Reference: r.Reference, Component: r.Component, Stage: r.Stage})
			}
		}
	}
	return nil
}

const outcomesSQL = `
SELECT d.reference, d.published_at, d.mark_before, d.mark_after, c.max_mark AS component_max, d.unchanged_reason AS reason,
       a.state = 'settled' AS settled, a.grade_before, a.grade_after, d.unit_grade_before, d.unit_grade_after
FROM decisions d
JOIN cases k ON k.reference = d.reference
JOIN components c ON c.id = k.component
JOIN award_reviews a ON a.id = k.award_review
WHERE d.reference = ANY ($1)`

func (p *parts) readOutcomes(ctx context.Context, tx pgx.Tx) error {
	type outcomeRow struct {
		Reference       casework.Reference
		PublishedAt     time.Time
		MarkBefore      int
		MarkAfter       int
		ComponentMax    int
		Reason          string
		Settled         bool
		GradeBefore     zeronull.Text
		GradeAfter      zeronull.Text
		UnitGradeBefore zeronull.Text
		UnitGradeAfter  zeronull.Text
	}
	rows, err := collect[outcomeRow](ctx, tx, outcomesSQL, p.refs)
	if err != nil {
		return fmt.Errorf("read the outcomes: %w", err)
	}
	for _, r := range rows {
		p.byRef[r.Reference].Outcome = &docket.Outcome{
			PublishedAt: r.PublishedAt, MarkBefore: r.MarkBefore, MarkAfter: r.MarkAfter, ComponentMax: r.ComponentMax, Reason: r.Reason,
			Settled: r.Settled, GradeBefore: string(r.GradeBefore), GradeAfter: string(r.GradeAfter),
			UnitGradeBefore: string(r.UnitGradeBefore), UnitGradeAfter: string(r.UnitGradeAfter),
		}
	}
	return nil
}

const outcomeItemsSQL = `
SELECT reference, item, max, mark_before AS before, mark_after AS after, reason
FROM decision_items
WHERE reference = ANY ($1)
ORDER BY reference, position`

func (p *parts) readOutcomeItems(ctx context.Context, tx pgx.Tx) error {
	type itemRow struct {
		Reference casework.Reference
		docket.OutcomeItem
	}
	rows, err := collect[itemRow](ctx, tx, outcomeItemsSQL, p.refs)
	if err != nil {
		return fmt.Errorf("read the items of the outcomes: %w", err)
	}
	for _, r := range rows {
		outcome := p.byRef[r.Reference].Outcome
		outcome.Items = append(outcome.Items, r.OutcomeItem)
	}
	return nil
}
