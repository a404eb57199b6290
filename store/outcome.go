package store

import (
	"github.com/recourse-exams/recourse/casework"
)

// outcome is what a decision does to one result.
type outcome struct {
	before, after, max int
	items              []outcomeItem
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

const lockResultSQL = `
SELECT r.mark, c.max_mark AS max
FROM component_results r
JOIN components c ON c.id = r.component
WHERE r.id = (SELECT result FROM cases WHERE reference = $1)
FOR UPDATE OF r`

const currentItemsSQL = `
SELECT item, position, max, mark AS before
FROM item_marks
WHERE result = (SELECT result FROM cases WHERE reference = $1)
ORDER BY position`

const changeItemSQL = `UPDATE item_marks SET mark = $3 WHERE result = $1 AND item = $2`

const changeResultSQL = `UPDATE component_results SET mark = $2 WHERE id = $1`

// holdMarks queues the lock of a case's result and asks for its marks as they are now.
func holdMarks(u *unit, ref casework.Reference) func() outcome {
	type resultRow struct{ Mark, Max int }
	marks := each[resultRow](u, "lock the result", lockResultSQL, ref)
	items := each[outcomeItem](u, "read the item marks", currentItemsSQL, ref)
	return func() outcome {
		o := outcome{items: *items}
		for _, result := range *marks {
			o.before, o.max = result.Mark, result.Max
		}
		return o
	}
}

// record changes the marks in the register; what was published first stays beside them.
func (o *outcome) record(u *unit, own *heldCase) {
	for _, item := range o.items {
		if item.Before != item.After {
			u.write("change item "+item.Item, changeItemSQL, own.Result, item.Item, item.After)
		}
	}
	if o.before != o.after {
		u.write("change the result", changeResultSQL, own.Result, o.after)
	}
}

// apply works a completion's changes in. Only items that differ from the sheet are changes: a linked request about the
// same paper may have corrected another item since the sheet was made, and that correction stands.
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
