package store

import (
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// parts are what belongs to several cases, read at once rather than case by case.
type parts struct {
	holds     *[]holdRow
	clocks    *[]clockRow
	fees      *[]feeRow
	documents *[]documentRow
	linked    *[]linkedRow
	outcomes  *[]outcomeRow
	items     *[]outcomeItemRow
}

// askParts queues everything that belongs to the cases.
func askParts(u *unit, refs []casework.Reference) parts {
	return parts{
		holds: askHolds(u, refs), clocks: askClocks(u, refs), fees: askFees(u, refs),
		documents: each[documentRow](u, "read the documents", documentsSQL, refs),
		linked:    each[linkedRow](u, "read the linked cases", linkedSQL, refs),
		outcomes:  each[outcomeRow](u, "read the outcomes", outcomesSQL, refs),
		items:     each[outcomeItemRow](u, "read the items of the outcomes", outcomeItemsSQL, refs),
	}
}

// pages puts the parts to the cases that they belong to; those of a case that was not found belong to none.
func (p parts) pages(rows []pageRow) []docket.Case {
	pages := make([]docket.Case, len(rows))
	byRef := make(map[casework.Reference]*docket.Case, len(rows))
	for i, row := range rows {
		pages[i] = row.page()
		byRef[row.Reference] = &pages[i]
	}
	on := func(ref casework.Reference, put func(*docket.Case)) {
		if page, ok := byRef[ref]; ok {
			put(page)
		}
	}
	for _, row := range *p.holds {
		on(row.Reference, row.put)
	}
	for _, row := range *p.clocks {
		on(row.Reference, row.put)
	}
	for _, row := range *p.fees {
		on(row.Reference, func(page *docket.Case) { page.Fees = append(page.Fees, row.line()) })
	}
	for _, row := range *p.documents {
		on(row.Reference, row.put)
	}
	for _, row := range *p.linked {
		on(row.Reference, row.put)
	}
	for _, row := range *p.outcomes {
		on(row.Reference, row.put)
	}
	for _, row := range *p.items {
		on(row.Reference, func(page *docket.Case) { page.Outcome.Items = append(page.Outcome.Items, row.OutcomeItem) })
	}
	return pages
}

func (c clockRow) put(page *docket.Case) {
	page.Clocks = append(page.Clocks, c.shown())
	if c.ID == casework.ClockWindow {
		page.AppealUntil = c.Ends
	}
}

const documentsSQL = `
SELECT reference, id, kind, key, version, sha256, size, media_type, available_at
FROM documents
WHERE reference = ANY ($1)
ORDER BY id`

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

func (r documentRow) put(page *docket.Case) {
	page.Documents = append(page.Documents, docket.Document{
		ID: r.ID, Kind: r.Kind, File: casework.FileRef{Key: r.Key, Version: r.Version, SHA256: r.SHA256, Size: r.Size},
		MediaType: r.MediaType, AvailableAt: r.AvailableAt,
	})
}

const linkedSQL = `
SELECT k.reference, other.reference AS other, other.component, other.stage
FROM cases k
JOIN cases other ON other.award_review = k.award_review AND other.reference <> k.reference
WHERE k.reference = ANY ($1)
ORDER BY other.reference`

type linkedRow struct {
	Reference casework.Reference
	Other     casework.Reference
	Component string
	Stage     casework.Stage
}

func (r linkedRow) put(page *docket.Case) {
	page.Linked = append(page.Linked, docket.Linked{Reference: r.Other, Component: r.Component, Stage: r.Stage})
}

const outcomesSQL = `
SELECT d.reference, d.published_at, d.mark_before, d.mark_after, c.max_mark AS component_max, d.unchanged_reason AS reason,
       a.state = 'settled' AS settled, a.grade_before, a.grade_after, d.unit_grade_before, d.unit_grade_after
FROM decisions d
JOIN cases k ON k.reference = d.reference
JOIN components c ON c.id = k.component
JOIN award_reviews a ON a.id = k.award_review
WHERE d.reference = ANY ($1)`

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

func (r outcomeRow) put(page *docket.Case) {
	page.Outcome = &docket.Outcome{
		PublishedAt: r.PublishedAt, MarkBefore: r.MarkBefore, MarkAfter: r.MarkAfter, ComponentMax: r.ComponentMax, Reason: r.Reason,
		Settled: r.Settled, GradeBefore: string(r.GradeBefore), GradeAfter: string(r.GradeAfter),
		UnitGradeBefore: string(r.UnitGradeBefore), UnitGradeAfter: string(r.UnitGradeAfter),
	}
}

const outcomeItemsSQL = `
SELECT reference, item, max, mark_before AS before, mark_after AS after, reason
FROM decision_items
WHERE reference = ANY ($1)
ORDER BY reference, position`

type outcomeItemRow struct {
	Reference casework.Reference
	docket.OutcomeItem
}
