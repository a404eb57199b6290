package letters

import (
	"fmt"
	"strconv"
)

// result is the sentence that says what a review did.
func result(v caseView) string {
	o := v.Outcome
	mark := fmt.Sprintf("The mark stays %d out of %d", o.Before, o.Max)
	if !o.Same {
		direction := "down"
		if o.Up {
			direction = "up"
		}
		mark = fmt.Sprintf("The mark goes %s from %d to %d out of %d", direction, o.Before, o.After, o.Max)
	}
	return mark + gradeClause(*o)
}

func gradeClause(o outcomeView) string {
	switch {
	case !o.Settled:
		return ". The grade is not settled yet."
	case o.GradeSame && !o.UnitSame:
		return fmt.Sprintf(". The unit grade changes from %s to %s; the qualification grade stays %s.", o.UnitBefore, o.Unit, o.Grade)
	case o.GradeSame:
		return fmt.Sprintf(", and the grade stays %s.", o.Grade)
	case o.Same:
		return fmt.Sprintf(". The grade changes from %s to %s because of another component.", o.GradeBefore, o.Grade)
	default:
		return fmt.Sprintf(", and the grade changes from %s to %s.", o.GradeBefore, o.Grade)
	}
}

// moved is by how much the component's mark changed, as "+4", "−1" or "0".
func moved(o *outcomeView) string {
	if o.Same {
		return strconv.Itoa(0)
	}
	return itemView{Before: o.Before, After: o.After}.Moved()
}

// change says what a grade was and is.
func change(before, after string) string {
	if before == after {
		return after + " (unchanged)"
	}
	return after + " (was " + before + ")"
}

// owes reports whether any of the case's fees is due.
func owes(v caseView) bool {
	for _, f := range v.Fees {
		if f.Due {
			return true
		}
	}
	return false
}
