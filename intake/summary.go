package intake

import (
	"fmt"
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
	}
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
