package intake_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/intake"
)

// handmade writes a PDF of the objects given, numbered from 1; the first is the catalogue.
func handmade(objects ...string) []byte {
	var file bytes.Buffer
	file.WriteString("%PDF-1.7\n")
	offsets := make([]int, 0, len(objects))
	for i, object := range objects {
		offsets = append(offsets, file.Len())
		fmt.Fprintf(&file, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := file.Len()
	fmt.Fprintf(&file, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&file, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&file, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return file.Bytes()
}

func stream(dict, content string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(content), content)
}

// tree is a script whose pages inherit their size, resources and rotation, share a font and have their contents in
// two parts.
func tree(pageKeys string) []byte {
	return handmade(
		"<</Type/Catalog/Pages 2 0 R/Lang(Grace Okafor)>>",
		"<</Type/Pages/Count 3/Kids[3 0 R 4 0 R]/MediaBox[0 0 595.28 841.89]/Rotate 90/Resources<</Font<</F1 8 0 R>>>>>>",
		"<</Type/Page/Parent 2 0 R/Contents 6 0 R>>",
		"<</Type/Pages/Parent 2 0 R/Count 2/Kids[5 0 R 9 0 R]>>",
		"<</Type/Page/Parent 4 0 R/Contents[6 0 R 7 0 R]"+pageKeys+">>",
		stream("", "BT /F1 12 Tf (first part) Tj ET"),
		stream("", "BT /F1 12 Tf (second part) Tj ET"),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Name/F1>>",
		"<</Type/Page/Parent 4 0 R>>",
	)
}

func TestAnonymise_ResolvesWhatPagesInherit(t *testing.T) {
	t.Parallel()
	anonymous, err := intake.Anonymise(tree(""), grace)
	require.NoError(t, err)
	require.NotContains(t, string(anonymous), "Grace")
	pdf := parse(t, anonymous)
	require.Equal(t, 2, pdf.PageCount)
	require.Contains(t, contentOf(t, pdf, 1), "first part")
	require.Contains(t, contentOf(t, pdf, 1), "second part")
	page, _, attributes, err := pdf.PageDict(1, false)
	require.NoError(t, err)
	require.Equal(t, 90, *page.IntEntry("Rotate"))
	require.InDelta(t, 841.89, attributes.MediaBox.Height(), 0.001)
	require.Equal(t, 1, strings.Count(string(anonymous), "/BaseFont/Helvetica")+strings.Count(string(anonymous), "/BaseFont /Helvetica"), "a shared font is copied once")
}

// TestAnonymise_CopiesNoKeyThatMayName lists what a page and its resources may carry besides what is drawn.
func TestAnonymise_CopiesNoKeyThatMayName(t *testing.T) {
	t.Parallel()
	for _, keys := range []string{
		"/Annots[<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(Grace Okafor)>>]",
		"/PieceInfo<</App<</Private(Grace Okafor)>>>>", "/LastModified(Grace Okafor)", "/AA<</O<</S/URI/URI(Grace Okafor)>>>>",
		"/Thumb 6 0 R/Grace#20Okafor 1", "/Group<</S/Transparency/Metadata(Grace Okafor)>>",
		"/Resources<</Font<</F1 8 0 R>>/PieceInfo(Grace Okafor)>>", "/Tabs/S/StructParents 3",
	} {
		t.Run(keys, func(t *testing.T) {
			t.Parallel()
			anonymous, err := intake.Anonymise(tree(keys), grace)
			require.NoError(t, err)
			require.NotContains(t, string(anonymous), "Grace")
			require.NotContains(t, string(anonymous), "StructParents")
			require.Equal(t, 2, parse(t, anonymous).PageCount)
		})
	}
}

func TestAnonymise_RefusesAPageWithoutASize(t *testing.T) {
	t.Parallel()
	_, err := intake.Anonymise(handmade(
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>",
		"<</Type/Page/Parent 2 0 R>>", "<</Type/Page/Parent 2 0 R>>",
	), grace)
	require.ErrorContains(t, err, "page 2: the page has no size")
}

// TestAnonymise_ResourcesThatLeadInACircle end, because each object is copied once.
func TestAnonymise_ResourcesThatLeadInACircle(t *testing.T) {
	t.Parallel()
	script := handmade(
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]/MediaBox[0 0 100 100]>>",
		"<</Type/Page/Parent 2 0 R>>",
		"<</Type/Page/Parent 2 0 R/Contents 6 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
		stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>", "/X Do"),
		stream("", "/X Do"),
	)
	anonymous, err := intake.Anonymise(script, grace)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(anonymous), "/Subtype /Form"))
}
