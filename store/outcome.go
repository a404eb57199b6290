package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
)

// outcome is what a decision does to one result.
type outcome struct {
	before, after int
	items         []outcomeItem
}

type outcomeItem struct {
	Item     string `json:"item"`
	Position int    `json:"position"`
	Max      int    `json:"max"`
	Before   int    `json:"before"`
	After    int    `json:"after" db:"-"`
	Reason   string `json:"reason" db:"-"`
}

func (o *outcome) changed() int {
	n := 0
	for _, item := range o.items {
		if item.Before != item.After {
			n++
		}
	}
	return n
}

const lockResultSQL = `SELECT mark FROM component_results WHERE id = $1 FOR UPDATE`

const currentItemsSQL = `SELECT item, position, max, mark AS before FROM item_marks WHERE result = $1 ORDER BY position`

const changeItemSQL = `UPDATE item_marks SET mark = $3 WHERE result = $1 AND item = $2`

const changeResultSQL = `UPDATE component_results SET mark = $2 WHERE id = $1`

// changeMarks writes the completion's changes into the register; what was published first stays beside them.
// Only items that differ from the sheet are changes: a linked request about the same paper may have corrected
// another item since the sheet was made, and that correction stands.
func (d deciding) changeMarks(ctx context.Context, tx pgx.Tx, own *caseRow, sheet casework.TaskSheet) (outcome, error) {
	var o outcome
	if err := tx.QueryRow(ctx, lockResultSQL, own.Result).Scan(&o.before); err != nil {
		return o, fmt.Errorf("lock the result: %w", err)
	}
	var err error
	if o.items, err = collect[outcomeItem](ctx, tx, currentItemsSQL, own.Result); err != nil {
		return o, fmt.Errorf("read the item marks: %w", err)
	}
	o.apply(d.in.Completion, sheet)
	for _, item := range o.items {
		if item.Before == item.After {
			continue
		}
		if _, err := tx.Exec(ctx, changeItemSQL, own.Result, item.Item, item.After); err != nil {
			return o, fmt.Errorf("change item %s: %w", item.Item, err)
		}
	}
	if o.before == o.after {
		return o, nil
	}
	if _, err := tx.Exec(ctx, changeResultSQL, own.Result, o.after); err != nil {
		return o, fmt.Errorf("change the result: %w", err)
	}
	return o, nil
}

func (o *outcome) apply(completion casework.Completion, sheet casework.TaskSheet) {
	o.after = o.before
	for i := range o.items {
		item := &o.items[i]
		item.After = item.Before
		for _, given := range completion.Items {
			if given.Item == item.Item && given.Mark != original(sheet, given.Item) {
				item.After, item.Reason = given.Mark, given.Reason
			}
		}
		o.after += item.After - item.Before
	}
}

// original is the mark on the sheet that the performer worked from.
func original(sheet casework.TaskSheet, item string) int {
	for _, on := range sheet.Items {
		if on.Item == item {
			return on.Original
		}
	}
	return -1
}
