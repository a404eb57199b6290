package intake_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/intake"
)

// shared is a script whose cover and answer page have one dictionary of resources between them, as many programs
// write it: the cover's scanned picture is in it.
func shared(resources, answers string, more ...string) []byte {
	return handmade(append([]string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]/MediaBox[0 0 300 300]/Resources 6 0 R>>",
		"<</Type/Page/Parent 2 0 R/Contents 7 0 R>>",
		"<</Type/Page/Parent 2 0 R/Contents 5 0 R>>",
		stream("", answers),
		"<<" + resources + ">>",
		stream("", "q /Cover Do Q"),
	}, more...)...)
}

// picture is a picture whose single pixels tell it apart from others.
func picture(pixels string) string {
	return stream("/Type/XObject/Subtype/Image/Width 3/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", pixels)
}

// TestAnonymise_ThePictureOfTheCoverStaysBehind: a scanned cover shows everything that the performer must not know.
func TestAnonymise_ThePictureOfTheCoverStaysBehind(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string]string{
		"by its name":         "q /Answer Do Q",
		"by an escaped name":  "q /Ans#77er Do Q",
		"next to a delimiter": "/Answer<</A 1>>BDC/Answer Do EMC",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			anonymous, err := intake.Anonymise(shared("/XObject<</Cover 8 0 R/Answer 9 0 R>>", answers, picture("CCC"), picture("AAA")), grace)
			require.NoError(t, err)
			require.NotContains(t, string(anonymous), "CCC")
			require.Contains(t, string(anonymous), "AAA")
			require.Equal(t, 1, parse(t, anonymous).PageCount)
		})
	}
}

// TestAnonymise_FormsTakeAlongOnlyWhatTheyDraw, whether they have resources of their own or use their page's.
func TestAnonymise_FormsTakeAlongOnlyWhatTheyDraw(t *testing.T) {
	t.Parallel()
	form := func(keys, content string) string { return stream("/Subtype/Form/BBox[0 0 9 9]"+keys, content) }
	for name, script := range map[string][]byte{
		"resources of its own": shared("/XObject<</Cover 8 0 R/Form 10 0 R>>", "/Form Do",
			picture("CCC"), picture("AAA"), form("/Resources<</XObject<</Cover 8 0 R/Answer 9 0 R>>>>", "/Answer Do")),
		"the file's resources": shared("/XObject<</Cover 8 0 R/Form 10 0 R/Answer 9 0 R>>", "/Form Do",
			picture("CCC"), picture("AAA"), form("/Resources 6 0 R", "/Answer Do")),
		"the page's resources": shared("/XObject<</Cover 8 0 R/Form 10 0 R/Answer 9 0 R>>", "/Form Do",
			picture("CCC"), picture("AAA"), form("", "/Answer Do")),
		"a form of a form": shared("/XObject<</Cover 8 0 R/Outer 10 0 R/Inner 11 0 R/Answer 9 0 R>>", "/Outer Do",
			picture("CCC"), picture("AAA"), form("", "/Inner Do"), form("", "/Answer Do")),
		"forms in a circle": shared("/XObject<</Cover 8 0 R/Outer 10 0 R/Inner 11 0 R/Answer 9 0 R>>", "/Outer Do",
			picture("CCC"), picture("AAA"), form("", "/Inner Do"), form("", "/Outer Do /Answer Do")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			anonymous, err := intake.Anonymise(script, grace)
			require.NoError(t, err)
			require.NotContains(t, string(anonymous), "CCC")
			require.Contains(t, string(anonymous), "AAA")
		})
	}
}

// TestAnonymise_KeepsEverythingThatAContentUses, of every kind of resource, also what it uses without a name.
func TestAnonymise_KeepsEverythingThatAContentUses(t *testing.T) {
	t.Parallel()
	resources := "/ProcSet[/PDF/Text]/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>/F2<</Type/Font/Subtype/Type1/BaseFont/Courier>>>>" +
		"/ExtGState<</G1<</ca .5>>/G2<</ca .7>>>>/ColorSpace<</DefaultRGB[/CalRGB<</WhitePoint[.9505 1 1.089]>>]/C1[/Indexed/DeviceGray 1(ab)]/C2[/Indexed/DeviceGray 1(cd)]>>" +
		"/Shading<</S1<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 1 1]>>>>/Properties<</P1<</K(v1)>>/P2<</K(v2)>>>>"
	anonymous, err := intake.Anonymise(shared(resources, "/Span/P1 BDC /G1 gs /C1 cs BT /F1 12 Tf (an answer)Tj ET EMC"), grace)
	require.NoError(t, err)
	parse(t, anonymous)
	squeezed := strings.ReplaceAll(string(anonymous), " ", "")
	for _, kept := range []string{"/ProcSet[", "/BaseFont/Helvetica", "/DefaultRGB", "(ab)", "(v1)", "/ca0.5"} {
		require.Contains(t, squeezed, kept)
	}
	for _, left := range []string{"/Courier", "(cd)", "(v2)", "/ca0.7", "/ShadingType"} {
		require.NotContains(t, squeezed, left)
	}
}

// TestAnonymise_NamesThePageThatShowsASecret, even if all pages have one dictionary of resources.
func TestAnonymise_NamesThePageThatShowsASecret(t *testing.T) {
	t.Parallel()
	stamp := stream("/Subtype/Form/BBox[0 0 9 9]", "BT (Grace Okafor) Tj ET")
	_, err := intake.Anonymise(shared("/XObject<</Cover 8 0 R>>", "BT (an answer) Tj ET", stamp), grace)
	require.NoError(t, err, "the cover may show it")
	_, err = intake.Anonymise(shared("/XObject<</Cover 8 0 R/Stamp 8 0 R>>", "/Stamp Do", stamp), grace)
	require.ErrorContains(t, err, "page 2 still shows")
}
