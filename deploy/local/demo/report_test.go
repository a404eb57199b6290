package demo_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/demo"
	"github.com/recourse-exams/recourse/deploy/local/person"
)

func facts(pairs ...string) []person.Fact {
	var all []person.Fact
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, person.Fact{Name: pairs[i], Value: pairs[i+1]})
	}
	return all
}

func TestSentence_TellsEveryEntryInPlainEnglish(t *testing.T) {
	t.Parallel()
	people := directory(t)
	asked := demo.Request{Centre: "64101", Candidate: "1001", Component: "GM-1", Service: "review-of-marking", ReviewedScript: true}
	for _, row := range []struct {
		what  string
		facts []person.Fact
		says  string
	}{
		{"opened", facts("outcomeDue", "2026-07-01T22:59:59Z"), "Ashdown School asks for a review of marking with a copy of the reviewed script; the outcome is due by Wed 1 Jul 2026 23:59:59"},
		{"allocated", facts("performer", "ex-1001", "considered", "4"), "the task goes to Helen Marsh (ex-1001), after 4 people were considered"},
		{"allocated", facts("performer", "ex-9", "considered", "1"), "the task goes to ex-9, after 1 people were considered"},
		{"no-performer", nil, "nobody eligible is free; operations are told"},
		{"task-completed", facts("performer", "cl-2001"), "Joan Fielding (cl-2001) hands the review in"},
		{"outcome-published", facts("markBefore", "36", "markAfter", "37"), "the outcome is published: mark 36 becomes 37"},
		{"outcome-published", facts("markBefore", "36", "markAfter", "36"), "the outcome is published: the mark stays 36"},
		{"award-settled", facts("gradeBefore", "6", "gradeAfter", "7", "review-of-marking", "£62.00 waived"), "the award is settled: grade 6 becomes 7; review of marking £62.00 waived"},
		{"award-settled", facts("gradeBefore", "B", "gradeAfter", "B", "unitGradeBefore", "B", "unitGradeAfter", "A"), "the award is settled: grade B stays; unit grade B becomes A"},
		{"appeal-window-opened", facts("until", "2026-12-01T23:59:59Z"), "the centre may appeal until Tue 1 Dec 2026 23:59:59"},
		{"script-released", nil, "the reviewed script is there for the centre to download"},
		{"clock-warned", facts("clock", "outcome"), "the outcome clock runs out soon; operations are told"},
		{"clock-breached", facts("clock", "outcome", "detected", "2026-12-02T00:00:00Z"), "THE OUTCOME CLOCK RAN OUT at this instant (noticed at Wed 2 Dec 2026 00:00:00); operations are told"},
		{"document-stored", facts("kind", "outcome-letter-pdf"), "stored: outcome letter (PDF)"},
		{"mail-sent", facts("kind", "sla-breach", "to", "operations@cambria.example"), "mailed: deadline breach to operations@cambria.example"},
		{"closed", nil, "the appeal window is over; the case is closed"},
		{"something-new", nil, "something-new"},
	} {
		require.Equal(t, row.says, demo.Sentence(person.Entry{What: row.what, Facts: row.facts}, asked, people))
	}
}

func TestReport_ShowsTheCasesAndEveryDifference(t *testing.T) {
	t.Parallel()
	asked, found := right(t)
	text, err := demo.Report(asked, directory(t), found, demo.Verdict{Checked: 80}, false, false)
	require.NoError(t, err)
	require.Contains(t, text, "R-1  Niamh Donnelly (71305/4001), GG-A, review of marking")
	require.Contains(t, text, "http://ui.example/namespaces/recourse/workflows/enquiry%2FR-1")
	require.Contains(t, text, "Fees: £62.00 due and invoiced, £62.00 waived")
	require.Contains(t, text, "BREACHED at Thu 16 Apr 2026 00:00:00")
	require.Contains(t, text, "add --keep")
	require.Contains(t, text, "80 facts checked: everything is as it should be.")

	text, err = demo.Report(asked, directory(t), found, demo.Verdict{Checked: 80, Differences: []string{"R-1: wrong"}}, false, true)
	require.NoError(t, err)
	require.Contains(t, text, "80 facts checked, 1 differ from what they should be:\n  - R-1: wrong")
	require.NotContains(t, text, "add --keep")
}

func TestReport_ColoursOnlyATerminal(t *testing.T) {
	t.Parallel()
	asked, found := right(t)
	for _, colour := range []bool{false, true} {
		text, err := demo.Report(asked, directory(t), found, demo.Verdict{}, colour, false)
		require.NoError(t, err)
		require.Equal(t, colour, strings.Contains(text, "\x1b["))
	}
}

// What an activity mails while the clock is being moved carries the instant before the move.
func TestReport_TimeNeverRunsBackwards(t *testing.T) {
	t.Parallel()
	asked, found := right(t)
	found.Cases[0].Timeline = []person.Entry{
		{What: "clock-warned", At: at(t, "2026-04-12T08:00:00Z")},
		{What: "mail-sent", At: at(t, "2026-03-30T08:00:00Z")},
	}
	text, err := demo.Report(asked[1:], directory(t), demo.Facts{Cases: found.Cases[:1]}, demo.Verdict{}, false, false)
	require.NoError(t, err)
	require.NotContains(t, text, "30 Mar")
	require.Contains(t, text, "Sun 12 Apr 2026 09:00:00")
}
