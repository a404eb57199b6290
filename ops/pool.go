package ops

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// waiting says why nobody has a task.
type waiting struct {
	// Why counts who was considered and what stood against them.
	Why     string
	Do      string
	Runbook string
}

// whyNobody reads from the last search why the case's task is in the pool; nil if somebody has it.
func whyNobody(tasks []docket.DeskTask, allocations []docket.Allocation) *waiting {
	if len(tasks) == 0 || tasks[len(tasks)-1].State != casework.TaskReady {
		return nil
	}
	why := "It has not been offered to anybody yet."
	// A person who was named and gave the task back says nothing about the others.
	searches := slices.DeleteFunc(slices.Clone(allocations), func(a docket.Allocation) bool { return a.Proof.Operation != "" })
	if len(searches) > 0 {
		last := searches[len(searches)-1]
		why = fmt.Sprintf("%d considered on %s: %s.", len(last.Proof.Findings), moment(last.At), against(last))
	}
	return &waiting{
		Why: why, Runbook: docket.Runbooks + "nobody-eligible.md",
		Do: "Extend the roster, end an absence or take a conflict back: the task is then offered again by itself. Nobody with a conflict is ever given it.",
	}
}

// against counts the reasons of an allocation that found nobody, the most frequent first. A person may have several.
func against(a docket.Allocation) string {
	counts := map[string]int{}
	for _, f := range a.Proof.Findings {
		for _, code := range f.Excluded {
			counts[words(code)]++
		}
		if f.Full && len(f.Excluded) == 0 {
			counts["no capacity left"]++
		}
	}
	if len(counts) == 0 {
		return "the roster has nobody for this"
	}
	codes := slices.SortedFunc(maps.Keys(counts), func(x, y string) int { return cmp.Or(cmp.Compare(counts[y], counts[x]), strings.Compare(x, y)) })
	parts := make([]string, len(codes))
	for i, code := range codes {
		parts[i] = fmt.Sprintf("%s %d", code, counts[code])
	}
	return strings.Join(parts, ", ")
}
