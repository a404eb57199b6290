package intake_test

import (
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/intake"
)

// page is a script whose second page has a content and resources written by hand.
func page(resources, content string, more ...string) []byte {
	return handmade(append([]string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]/MediaBox[0 0 300 300]>>",
		"<</Type/Page/Parent 2 0 R>>",
		"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<<" + resources + ">>>>",
		stream("", content),
	}, more...)...)
}

// TestAnonymise_FindsANameWhereverContentCanHideIt: each page shows, or carries unseen, a name that a performer
// could read out of the file that they are given.
func TestAnonymise_FindsANameWhereverContentCanHideIt(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		script []byte
		want   string
	}{
		"surname first":                  {page("", "BT (OKAFOR, Grace) Tj ET"), "Grace Okafor"},
		"surname first in two strings":   {page("", "BT (Okafor) Tj 40 0 Td (Grace) Tj ET"), "Grace Okafor"},
		"a comment of the content":       {page("", "% drawn for Grace Okafor\nBT (an answer) Tj ET"), "Grace Okafor"},
		"a comment at the very end":      {page("", "BT (an answer) Tj ET %Grace Okafor"), "Grace Okafor"},
		"behind a picture's bracket":     {page("", "BI /W 1 /H 1 /BPC 8 /CS /G ID < EI BT (Grace Okafor) Tj ET"), "Grace Okafor"},
		"behind a picture's per cent":    {page("", "BI /W 1 /H 1 /BPC 8 /CS /G ID % EI BT (Grace Okafor) Tj ET"), "Grace Okafor"},
		"a spelling of marked text":      {page("", "/Span <</ActualText (Grace Okafor)>> BDC BT (G. O.) Tj ET EMC"), "Grace Okafor"},
		"a spelling in wide letters":     {page("", "/Span <</ActualText <FEFF"+hexOf(wide("Grace Okafor"))+">>> BDC EMC"), "Grace Okafor"},
		"a property list":                {page("/Properties<</P1<</ActualText(Grace Okafor)>>>>", "/Span /P1 BDC BT (G. O.) Tj ET EMC"), "Grace Okafor"},
		"a property list in hexadecimal": {page("/Properties<</P1<</ActualText<4772616365204f6b61666f72>>>>>", "/Span /P1 BDC EMC"), "Grace Okafor"},
		"a property list elsewhere":      {page("/Properties<</P1 6 0 R>>", "/Span /P1 BDC EMC", "<</ActualText(Gr\\141ce Okafor)>>"), "Grace Okafor"},
		"a pattern's tile": {page("/Pattern<</P 6 0 R>>", "/Pattern cs /P scn 0 0 99 99 re f",
			stream("/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9/Resources<<>>", "BT (Grace Okafor) Tj ET")), "Grace Okafor"},
		"a form inside a form": {page("/XObject<</A 6 0 R>>", "/A Do",
			stream("/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</B 7 0 R>>>>", "/B Do"),
			stream("/Subtype/Form/BBox[0 0 9 9]", "BT (Grace Okafor) Tj ET")), "Grace Okafor"},
		"a number set off by a gap":      {page("", "BT [(Centre)-333(64101)-250(paper 1)] TJ ET"), "64101"},
		"a number in kerned pieces":      {page("", "BT [(64)-20(1)12.5(01)] TJ ET"), "64101"},
		"a name set off by gaps":         {page("", "BT [(by)-500(Grace)-.2e3(Ok)+15(afor)] TJ ET"), "Grace Okafor"},
		"a line ended by a return alone": {page("", "%\rBT (Grace Okafor) Tj ET"), "Grace Okafor"},
		"an escaped line end":            {page("", "BT (Grace Oka\\\nfor) Tj ET"), "Grace Okafor"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := intake.Anonymise(test.script, grace)
			require.ErrorContains(t, err, "page 2 still shows \""+test.want+"\"")
		})
	}
}

func hexOf(s string) string {
	const digits = "0123456789ABCDEF"
	var out strings.Builder
	for _, c := range []byte(s) {
		out.WriteByte(digits[c>>4])
		out.WriteByte(digits[c&15])
	}
	return out.String()
}

// TestAnonymise_FindsNamesOfEveryLatinAlphabet: the awarding body's candidates have Welsh, Polish and Vietnamese
// names, and their scripts are typed with fonts of one and of two bytes a letter.
func TestAnonymise_FindsNamesOfEveryLatinAlphabet(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Siân Ŵyn", "Llŷr Gwŷdd", "Łukasz Wójcik", "Žofie Šťastná", "Hannah Sørensen", "Ngô Bảo Châu", "Ẁilym Ỳstwyth",
		"Aoife Ní Dhónaill", "Γιώργος Παπαδάκης", "Ольга Иванова", "Sinéad O’Brien-Œuvré", "D'Arcy Ó Sé",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			secrets := intake.Secrets{Words: []string{name}}
			for place, content := range map[string]string{
				"alone":         "BT <" + hexOf(wide(name)) + "> Tj ET",
				"in a sentence": "BT <" + hexOf(wide("Written by "+name+" in ink.")) + "> Tj ET",
				"in capitals":   "BT <" + hexOf(wide(strings.ToUpper(name))) + "> Tj ET",
				"marked":        "/S <</ActualText <FEFF" + hexOf(wide(name)) + ">>> BDC EMC",
			} {
				_, err := intake.Anonymise(page("", content), secrets)
				require.ErrorContains(t, err, "page 2 still shows", place)
			}
			_, err := intake.Anonymise(page("", "BT <"+hexOf(wide("Written by nobody."))+"> Tj ET"), secrets)
			require.NoError(t, err)
		})
	}
}

// TestAnonymise_FindsLettersOfWindowsFonts: the library writes built-in fonts in Windows-1252, whose letters
// between 0x80 and 0x9f are no Latin-1.
func TestAnonymise_FindsLettersOfWindowsFonts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Šárka Žižka", "Anaïs Lœuillet", "Œdipe Ÿves", "ŠPELA ŽELEZNIK", "Gruffudd Bœuf"} {
		pdf := twoPages()
		pdf.Text(20, 20, pdf.UnicodeTranslatorFromDescriptor("cp1252")("by "+name))
		_, err := intake.Anonymise(output(t, pdf), intake.Secrets{Words: []string{name}})
		require.ErrorContains(t, err, `still shows "`+name+`"`)
	}
}

// TestAnonymise_ShortNamesAreWholeWords: a name of a few letters is inside many a word, and an import that stops
// there could never be made to go on.
func TestAnonymise_ShortNamesAreWholeWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		shown      bool
	}{
		{"Ha Ng", "the rate of change", false},
		{"An Li", "an lion", false},
		{"An Li", "man li", false},
		{"An Li", "a man lists; then an Li", true},
		{"Ha Ng", "Ha Ng", true},
		{"Ha Ng", "(Ng, Ha)", true},
		{"Ha Ng", "HA-NG", true},
		{"Ha Ng", "H a N g", true},
		{"Jo Ng", "Jo\u00a0Ng", true},
		{"Anna Lee-Roe", "thisisAnnaLeeRoeswork", true}, // A longer name is told apart even so.
		{"", "anything", false},
	}
	for _, test := range tests {
		t.Run(test.name+" in "+test.text, func(t *testing.T) {
			t.Parallel()
			pdf := twoPages()
			pdf.Text(20, 20, pdf.UnicodeTranslatorFromDescriptor("cp1252")(test.text))
			_, err := intake.Anonymise(output(t, pdf), intake.Secrets{Words: []string{test.name}, Numbers: []string{""}})
			require.Equal(t, test.shown, err != nil, "%v", err)
		})
	}
}

// TestAnonymise_ATypedScriptWithItsOwnFont: the library writes its own fonts' letters as two bytes.
func TestAnonymise_ATypedScriptWithItsOwnFont(t *testing.T) {
	t.Parallel()
	typed := func(text string) []byte {
		pdf := fpdf.New("P", "mm", "A4", "")
		pdf.AddPage()
		pdf.AddUTF8Font("hand", "", "../letters/fonts/OpenSans-Regular.ttf")
		pdf.AddPage()
		pdf.SetFont("hand", "", 12)
		pdf.Text(20, 20, text)
		return output(t, pdf)
	}
	secrets := intake.Secrets{Words: []string{"Llŷr Gwŷdd"}, Numbers: []string{"71203"}}
	_, err := intake.Anonymise(typed("gan Llŷr Gwŷdd"), secrets)
	require.ErrorContains(t, err, `still shows "Llŷr Gwŷdd"`)
	_, err = intake.Anonymise(typed("canolfan 71203"), secrets)
	require.ErrorContains(t, err, `still shows "71203"`)
	_, err = intake.Anonymise(typed("y gwŷdd yn y coed, 712030"), secrets)
	require.NoError(t, err)
}
