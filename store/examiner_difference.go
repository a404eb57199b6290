package store

import (
	"fmt"
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

// difference lists what is another in a performer's own row, with the value before: "rank" is lead, and "rankBefore"
// was senior. Names are those of the columns of an import (docs/import.md). Absences and conflicts have lines of their
// own.
func difference(before, after docket.Examiner) []docket.Fact {
	var facts []docket.Fact
	for _, field := range []struct{ name, before, after string }{
		{"body", before.Body, after.Body},
		{"name", before.Name, after.Name},
		{"email", before.Email, after.Email},
		{"roles", listed(before.Roles), listed(after.Roles)},
		{"rank", string(before.Rank), string(after.Rank)},
		{"leader", before.Leader, after.Leader},
		{"components", listed(before.Components), listed(after.Components)},
		{"subjects", listed(before.Subjects), listed(after.Subjects)},
		{"tiers", listed(before.Tiers), listed(after.Tiers)},
		{"capacity", fmt.Sprint(before.Capacity), fmt.Sprint(after.Capacity)},
		{"contractFrom", dayOrNone(before.ContractFrom), dayOrNone(after.ContractFrom)},
		{"contractUntil", dayOrNone(before.ContractUntil), dayOrNone(after.ContractUntil)},
		{"trainedUntil", dayOrNone(before.TrainedUntil), dayOrNone(after.TrainedUntil)},
		{"active", yesOrNo(before.Active), yesOrNo(after.Active)},
	} {
		if field.before != field.after {
			facts = append(facts, fact(field.name, field.after), fact(field.name+"Before", field.before))
		}
	}
	return facts
}

// sorted is a list in the order in which the register keeps it, so that another order is no change.
func sorted[S ~string](list []S) []string {
	ordered := make([]string, len(list))
	for i, s := range list {
		ordered[i] = string(s)
	}
	slices.Sort(ordered)
	return ordered
}

// listed writes a list in the order in which the register keeps it.
func listed[S ~string](list []S) string { return strings.Join(sorted(list), " ") }

func dayOrNone(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func yesOrNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}
