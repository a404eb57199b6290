package person_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/person"
	"github.com/recourse-exams/recourse/intake"
)

// sheet is the item list of component GM-1.
func sheet() []person.Item {
	var items []person.Item
	for _, row := range []struct {
		item          string
		max, original int
	}{
		{"1", 3, 0},
		{"2", 4, 3},
		{"3a", 2, 2},
		{"3b", 3, 1},
		{"4", 5, 4},
		{"5", 5, 4},
		{"6", 6, 5},
		{"7a", 4, 1},
		{"7b", 4, 3},
		{"8", 6, 4},
		{"9", 8, 3},
		{"10", 10, 6},
	} {
		items = append(items, person.Item{Item: row.item, Max: row.max, Original: row.original})
	}
	return items
}

func task() person.Task {
	return person.Task{Items: sheet(), Rules: person.Rules{
		ChangeReasons: []string{"work-not-marked"}, UnchangedReasons: []string{"judgement-reasonable"}, Checklist: []string{"addition"},
	}}
}

// anonymous is a script of the demonstration data as a performer sees it.
func anonymous(t *testing.T, name string) []byte {
	t.Helper()
	script, err := os.ReadFile(filepath.Join("..", "..", "demo", "cambria", "scripts", name))
	require.NoError(t, err)
	copied, err := intake.Anonymise(script, intake.Secrets{})
	require.NoError(t, err)
	return copied
}

func open(t *testing.T, pdf []byte) *model.Context {
	t.Helper()
	c, err := api.ReadContext(bytes.NewReader(pdf), &model.Configuration{
		Reader15: true, ValidationMode: model.ValidationRelaxed, Eol: types.EolLF, Offline: true, Limits: model.DefaultResourceLimits(),
	})
	require.NoError(t, err)
	require.NoError(t, c.EnsurePageCount())
	return c
}

// drawn is the content of every form that the annotation put on the pages, one after the other.
func drawn(t *testing.T, pdf []byte) string {
	t.Helper()
	c := open(t, pdf)
	var all strings.Builder
	for _, entry := range c.Table {
		stream, ok := entry.Object.(types.StreamDict)
		if !ok || stream.Subtype() == nil || *stream.Subtype() != "Form" {
			continue
		}
		require.NoError(t, stream.Decode())
		_, err := io.Copy(&all, bytes.NewReader(stream.Content))
		require.NoError(t, err)
	}
	return all.String()
}

func TestAnnotate_WritesTheNewMarkOnThePages(t *testing.T) {
	t.Parallel()
	script := anonymous(t, "64101-1001-GM-1.pdf")
	review := task().Changed("9", 4)
	annotated, err := person.Annotate(script, sheet(), review)
	require.NoError(t, err)
	require.Equal(t, open(t, script).PageCount, open(t, annotated).PageCount, "no page is lost or added")
	text := drawn(t, annotated)
	require.Equal(t, 1, strings.Count(text, "now 4"))
	require.Equal(t, len(sheet()), strings.Count(text, "(4) Tj"), "one tick per item")
}

func TestAnnotate_KeptMarksAreTickedAndNothingElse(t *testing.T) {
	t.Parallel()
	annotated, err := person.Annotate(anonymous(t, "64101-1001-GM-1.pdf"), sheet(), task().Unchanged())
	require.NoError(t, err)
	require.NotContains(t, drawn(t, annotated), "now ")
}

func TestAnnotate_AnItemThatNoPageShowsIsListed(t *testing.T) {
	t.Parallel()
	items := append(sheet(), person.Item{Item: "11z", Max: 2, Original: 1})
	review := person.Completion{}
	for _, item := range items {
		review.Items = append(review.Items, person.Mark{Item: item.Item, Mark: item.Original})
	}
	review.Items[len(items)-1].Mark = 2
	annotated, err := person.Annotate(anonymous(t, "64101-1001-GM-1.pdf"), items, review)
	require.NoError(t, err)
	require.Contains(t, drawn(t, annotated), "now 2")
}

// domain §8.3, reading 9: the copy goes to the centre, which may not learn who reviewed the script.
func TestAnnotate_NamesNobody(t *testing.T) {
	t.Parallel()
	annotated, err := person.Annotate(anonymous(t, "64101-1001-GM-1.pdf"), sheet(), task().Changed("9", 4))
	require.NoError(t, err)
	for _, name := range []string{"ex-10", "Okafor", "64101"} {
		require.NotContains(t, string(annotated)+drawn(t, annotated), name)
	}
}

func TestAnnotate_RefusesWhatIsNoPDF(t *testing.T) {
	t.Parallel()
	for n, body := range [][]byte{nil, []byte("a letter"), []byte("%PDF-1.4\n")} {
		_, err := person.Annotate(body, sheet(), task().Unchanged())
		require.Error(t, err, fmt.Sprint("body ", n))
	}
}

func TestCompletions_SayWhatChanged(t *testing.T) {
	t.Parallel()
	kept := task().Unchanged()
	require.Equal(t, "judgement-reasonable", kept.UnchangedReason)
	require.Equal(t, []person.Check{{Check: "addition", Correct: true}}, kept.Checklist)

	changed := task().Changed("9", 4)
	require.Empty(t, changed.UnchangedReason)
	require.Equal(t, person.Mark{Item: "9", Mark: 4, Reason: "work-not-marked"}, changed.Items[10])
	require.Equal(t, kept.Items[:10], changed.Items[:10])

	require.Equal(t, kept, task().Changed("9", 3), "the mark that it had is no change")
}
