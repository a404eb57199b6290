package intake

import (
	"fmt"
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework/register"
)

// Summary says what an import did.
type Summary struct {
	// Skipped is true if IfEmpty was given and the register was not empty: nothing was read.
	Skipped    bool
	Centres    int
	Candidates int
	Results    int
	Awards     int
	Performers int
	// Files counts stored PDFs, anonymised copies included.
	Files int
	// Scriptless counts the results without a script that the awarding body marked: an examiner could not review them.
	Scriptless int
	// ApproversKept is true if the folder has no file of approvers, so that they stay as they were. Unapproved lists the
	// bodies for which its file names nobody: they can hold no case.
	ApproversKept bool
	Unapproved    []string
	// Kept lists the dates that stay as they were, because a case rests on their series.
	Kept []register.KeptDate
}

// String writes the summary as one line, and one more for each date that was kept.
func (s Summary) String() string {
	if s.Skipped {
		return "The register has rows already; nothing was imported."
	}
	line := fmt.Sprintf("Imported %s, %s, %s, %s, %s and %s.", counted(s.Centres, "centre"), counted(s.Candidates, "candidate"),
		counted(s.Results, "result"), counted(s.Awards, "award"), counted(s.Performers, "performer"), counted(s.Files, "file"))
	if s.Scriptless > 0 {
		line += fmt.Sprintf(" %s without a script: no reviewer could see one.", counted(s.Scriptless, "result"))
	}
	if s.ApproversKept {
		line += fmt.Sprintf(" There is no %s: who may agree to holds stays as it was, and a body with nobody can hold no case.", fileOf(register.Approvers))
	}
	if len(s.Unapproved) > 0 {
		line += fmt.Sprintf(" %s names nobody for %s, which can hold no case.", fileOf(register.Approvers), strings.Join(s.Unapproved, ", "))
	}
	return line + s.keptDates()
}

// keptDates writes what stays, series by series.
func (s Summary) keptDates() string {
	var out strings.Builder
	for i, date := range s.Kept {
		if i == 0 || s.Kept[i-1].Series != date.Series {
			fmt.Fprintf(&out, "\nSeries %s keeps its dates, because a case rests on them (--move-dates takes the folder's):", date.Series)
		}
		fmt.Fprintf(&out, "\n  %s", date)
	}
	return out.String()
}

func summarise(set register.Set) Summary {
	return Summary{
		Centres: len(set.Centres), Candidates: len(set.Candidates), Results: len(set.Results), Awards: len(set.Awards),
		Performers: len(set.Performers), Files: len(set.Papers) + 2*len(set.Scripts), Scriptless: scriptless(set),
		ApproversKept: set.Approvers == nil, Unapproved: unapproved(set),
	}
}

// unapproved lists the bodies without an approver, of a set that says who they are.
func unapproved(set register.Set) []string {
	if set.Approvers == nil {
		return nil
	}
	var bodies []string
	for _, body := range set.Bodies {
		if !slices.ContainsFunc(set.Approvers, func(a register.Approver) bool { return a.Body == body.ID }) {
			bodies = append(bodies, body.ID)
		}
	}
	return bodies
}

func scriptless(set register.Set) int {
	reviewable := make(map[string]bool, len(set.Components))
	for _, component := range set.Components {
		reviewable[component.ID] = component.Assessment == register.External
	}
	held := make(map[register.ResultKey]bool, len(set.Scripts))
	for _, script := range set.Scripts {
		held[script.ResultKey] = true
	}
	n := 0
	for _, result := range set.Results {
		if reviewable[result.Component] && result.Indicator != register.NoResult && !held[result.ResultKey] {
			n++
		}
	}
	return n
}
