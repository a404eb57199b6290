package specimen_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/register"
)

// redStroke is the colour of the marker's pen as a PDF writes it.
const redStroke = "0.745 0.094 0.125 RG"

// TestScripts_TheCoverNamesTheCandidateAndNoOtherPageDoes is what an anonymised copy relies on.
func TestScripts_TheCoverNamesTheCandidateAndNoOtherPageDoes(t *testing.T) {
	t.Parallel()
	s := set(t)
	files, err := made()
	require.NoError(t, err)
	people := map[string]register.Candidate{}
	for _, c := range s.Candidates {
		people[c.Centre+c.Number] = c
	}
	for _, script := range s.Scripts {
		person := people[script.Centre+script.Candidate]
		all := pages(t, files[script.Path])
		require.GreaterOrEqual(t, len(all), 2, script.Path)
		for _, text := range []string{person.UCI, script.Centre, script.Candidate} {
			require.Contains(t, all[0], "("+pad(text)+")", script.Path)
		}
		for _, page := range all[1:] {
			for _, text := range []string{person.UCI, script.Centre, strings.Fields(person.Name)[1]} {
				require.NotContains(t, page, text, script.Path)
			}
		}
	}
}

// pad is how the cover sets a field off from its frame.
func pad(text string) string { return " " + text }

// TestScripts_EveryCreditedStepHasATick counts the marker's strokes: two for a tick and one for the ring around a
// mark. In the stories the script shows one right step more or less than was credited, so fewer ticks may stand.
func TestScripts_EveryCreditedStepHasATick(t *testing.T) {
	t.Parallel()
	s := set(t)
	files, err := made()
	require.NoError(t, err)
	stories := map[string]bool{"71203-3001-GM-2": true} // One mark too many: the fourth tick has no step.
	items := map[string]int{}
	for _, item := range s.Items {
		items[item.Component]++
	}
	marks := map[register.ResultKey]int{}
	for _, result := range s.Results {
		marks[result.ResultKey] = result.Mark
	}
	for _, script := range s.Scripts {
		if strings.HasPrefix(script.Component, "NT") {
			continue // A test is scanned, not ticked.
		}
		strokes := 0
		for _, page := range pages(t, files[script.Path])[1:] {
			strokes += strings.Count(page, redStroke)
		}
		want := marks[script.ResultKey] + items[script.Component]
		if stories[strings.Join([]string{script.Centre, script.Candidate, script.Component}, "-")] {
			want--
		}
		require.Equal(t, want, strokes, script.Path)
	}
}

// TestScripts_ATestHasOneCrossForEachQuestion counts the crosses' two strokes by the pen's width.
func TestScripts_ATestHasOneCrossForEachQuestion(t *testing.T) {
	t.Parallel()
	files, err := made()
	require.NoError(t, err)
	for _, script := range set(t).Scripts {
		if script.Component == "NT-1" {
			require.Equal(t, 15, strings.Count(strings.Join(pages(t, files[script.Path])[1:], ""), "1.70 w"), script.Path)
		}
	}
}

// TestPapers_HoldEveryItemAndItsMarks reads question papers and schemes as an examiner would.
func TestPapers_HoldEveryItemAndItsMarks(t *testing.T) {
	t.Parallel()
	s := set(t)
	files, err := made()
	require.NoError(t, err)
	for _, paper := range s.Papers {
		all := pages(t, files[paper.Path])
		require.GreaterOrEqual(t, len(all), 1)
		require.LessOrEqual(t, len(all), 4, paper.Path)
		text := strings.Join(all, "\n")
		for _, item := range s.Items {
			if item.Component == paper.Component {
				require.Contains(t, text, "("+item.Item+")", "%s lacks item %s", paper.Path, item.Item)
			}
		}
		require.NotContains(t, text, "\xef\xbf\xbd", "%s holds a broken character", paper.Path)
	}
}
