package intake_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/intake"
)

var grace = intake.Secrets{Words: []string{"Grace Okafor", "Ashdown School"}, Numbers: []string{"64101", "641010241001V"}}

func TestAnonymise_NothingOfTheCoverRemains(t *testing.T) {
	t.Parallel()
	for name, secrets := range map[string]intake.Secrets{
		"scripts/64101-1001-GM-1.pdf": grace,
		"scripts/71203-3002-NT-1.pdf": {Words: []string{"Gethin Llywelyn", "Ysgol Bryn Glas"}, Numbers: []string{"71203"}},
	} {
		script := folder(t)[name].Data
		require.NotEmpty(t, traces(t, script, secrets), "the search finds them in the original")
		anonymous, err := intake.Anonymise(script, secrets)
		require.NoError(t, err)
		require.Empty(t, traces(t, anonymous, secrets))
		before, after := parse(t, script), parse(t, anonymous)
		require.Equal(t, before.PageCount-1, after.PageCount)
		for page := 1; page <= after.PageCount; page++ {
			require.Equal(t, contentOf(t, before, page+1), contentOf(t, after, page), "what the candidate wrote stays")
		}
	}
}

func TestAnonymise_EveryDemonstrationScriptCanBeAnonymised(t *testing.T) {
	t.Parallel()
	set, problems := intake.Read(folder(t), importDay, ruleSets)
	require.Empty(t, problems)
	names := map[string]string{}
	for _, candidate := range set.Candidates {
		names[candidate.Centre+candidate.Number] = candidate.Name
	}
	for _, script := range set.Scripts {
		secrets := intake.Secrets{Words: []string{names[script.Centre+script.Candidate]}, Numbers: []string{script.Centre}}
		anonymous, err := intake.Anonymise(folder(t)[script.Path].Data, secrets)
		require.NoError(t, err, script.Path)
		require.Empty(t, traces(t, anonymous, secrets), script.Path)
	}
}

func TestAnonymise_SameScriptSameBytes(t *testing.T) {
	t.Parallel()
	script := folder(t)["scripts/64202-2001-AB-3.pdf"].Data
	first, err := intake.Anonymise(script, intake.Secrets{})
	require.NoError(t, err)
	for range 5 {
		again, err := intake.Anonymise(script, intake.Secrets{})
		require.NoError(t, err)
		require.True(t, bytes.Equal(first, again))
	}
}

// TestAnonymise_LeavesBehindWhatIsNoPage hides the name in every other place of a PDF that can hold text.
func TestAnonymise_LeavesBehindWhatIsNoPage(t *testing.T) {
	t.Parallel()
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetTitle("Grace Okafor", true)
	pdf.SetAuthor("Grace Okafor", false)
	pdf.SetKeywords("64101", false)
	pdf.SetXmpMetadata([]byte("<x:xmpmeta>Grace Okafor</x:xmpmeta>"))
	pdf.SetAttachments([]fpdf.Attachment{{Content: []byte("Grace Okafor"), Filename: "Grace Okafor.txt"}})
	pdf.AddPage()
	pdf.Bookmark("Grace Okafor", 0, 0)
	pdf.AddPage()
	pdf.SetFont("Helvetica", "", 12)
	pdf.Text(20, 20, "an answer")
	pdf.Bookmark("Grace Okafor, page 2", 0, 0)
	pdf.LinkString(10, 10, 50, 50, "https://ashdown.example/Grace Okafor")
	script := output(t, pdf)
	require.NotEmpty(t, traces(t, script, grace))
	anonymous, err := intake.Anonymise(script, grace)
	require.NoError(t, err)
	require.Empty(t, traces(t, anonymous, grace))
	require.Contains(t, contentOf(t, parse(t, anonymous), 1), "an answer")
}

// TestAnonymise_RefusesAPageThatStillNames covers the ways in which a PDF may write a name.
func TestAnonymise_RefusesAPageThatStillNames(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		write func(*fpdf.Fpdf)
		want  string
	}{
		"plainly":         {func(p *fpdf.Fpdf) { p.Text(20, 20, "by Grace Okafor") }, "Grace Okafor"},
		"in capitals":     {func(p *fpdf.Fpdf) { p.Text(20, 20, "GRACE OKAFOR") }, "Grace Okafor"},
		"in two places":   {func(p *fpdf.Fpdf) { p.Text(20, 20, "Grace"); p.Text(50, 20, "Okafor") }, "Grace Okafor"},
		"as a number":     {func(p *fpdf.Fpdf) { p.Text(20, 20, "centre 64101.") }, "64101"},
		"the identifier":  {func(p *fpdf.Fpdf) { p.Text(20, 20, "641010241001v") }, "641010241001V"},
		"in octal":        {func(p *fpdf.Fpdf) { p.RawWriteStr("BT /F1 12 Tf (\\107race O\\(k\\)) Tj (Gr\\141ce Okafor) Tj ET") }, "Grace Okafor"},
		"in hexadecimal":  {func(p *fpdf.Fpdf) { p.RawWriteStr("BT <4772616365 204f6b61666f72> Tj ET") }, "Grace Okafor"},
		"with kerning":    {func(p *fpdf.Fpdf) { p.RawWriteStr("BT [(Gra) -20 (ce Oka) 5 (for)] TJ ET") }, "Grace Okafor"},
		"in wide letters": {func(p *fpdf.Fpdf) { p.RawWriteStr("BT (" + wide("Grace Okafor") + ") Tj ET") }, "Grace Okafor"},
		"inside a form": {func(p *fpdf.Fpdf) {
			p.UseTemplate(p.CreateTemplate(func(tpl *fpdf.Tpl) {
				tpl.SetFont("Helvetica", "", 12)
				tpl.Text(20, 20, "Grace Okafor")
			}))
		}, "Grace Okafor"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pdf := twoPages()
			test.write(pdf)
			_, err := intake.Anonymise(output(t, pdf), grace)
			require.ErrorContains(t, err, "page 2 still shows \""+test.want+"\"")
		})
	}
}

// TestAnonymise_ANumberInsideAnotherIsNoSecret: a candidate may well work out 164101 or 64.101.
func TestAnonymise_ANumberInsideAnotherIsNoSecret(t *testing.T) {
	t.Parallel()
	pdf := twoPages()
	pdf.Text(20, 20, "6 4101, 164101 and 641010 are no centre")
	_, err := intake.Anonymise(output(t, pdf), grace)
	require.NoError(t, err)
}

func TestAnonymise_RefusesWhatIsNoScript(t *testing.T) {
	t.Parallel()
	one := fpdf.New("P", "mm", "A4", "")
	one.AddPage()
	locked := twoPages()
	locked.SetProtection(0, "", "owner")
	for name, test := range map[string]struct {
		script []byte
		want   string
	}{
		"only a cover": {output(t, one), "no page behind its cover page"},
		"no PDF":       {[]byte("%PDF-1.7\nnothing"), "cannot be read"},
		"empty":        {nil, "cannot be read"},
		"encrypted":    {output(t, locked), "encrypted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := intake.Anonymise(test.script, intake.Secrets{})
			require.ErrorContains(t, err, test.want)
		})
	}
}

func FuzzAnonymise(f *testing.F) {
	f.Add(output(f, twoPages()))
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>\n"))
	f.Fuzz(func(t *testing.T, script []byte) {
		anonymous, err := intake.Anonymise(script, grace)
		if err == nil {
			require.True(t, bytes.HasPrefix(anonymous, []byte("%PDF-")))
		}
	})
}

// twoPages is a script whose second page, in Helvetica, is still to be written.
func twoPages() *fpdf.Fpdf {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCreationDate(time.Unix(0, 0))
	pdf.AddPage()
	pdf.AddPage()
	pdf.SetFont("Helvetica", "", 12)
	return pdf
}

func output(t testing.TB, pdf *fpdf.Fpdf) []byte {
	t.Helper()
	var body bytes.Buffer
	require.NoError(t, pdf.Output(&body))
	return body.Bytes()
}

func wide(s string) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		out = append(out, byte(unit>>8), byte(unit))
	}
	return string(out)
}

func parse(t testing.TB, body []byte) *model.Context {
	t.Helper()
	pdf, err := api.ReadContext(bytes.NewReader(body), &model.Configuration{Reader15: true, Offline: true, ValidationMode: model.ValidationRelaxed, Eol: types.EolLF, Limits: model.DefaultResourceLimits()})
	require.NoError(t, err)
	require.NoError(t, api.ValidateContext(pdf))
	require.NoError(t, pdf.EnsurePageCount())
	return pdf
}

func contentOf(t testing.TB, pdf *model.Context, page int) string {
	t.Helper()
	dict, _, _, err := pdf.PageDict(page, false)
	require.NoError(t, err)
	content, err := pdf.PageContent(dict, page)
	require.NoError(t, err)
	return string(content)
}

// traces searches a PDF's bytes and everything that inflates inside it, as Latin and as two-byte text, by a way of
// its own: it knows nothing of pages or objects.
func traces(t testing.TB, pdf []byte, secrets intake.Secrets) []string {
	t.Helper()
	everything := [][]byte{pdf}
	for at := 0; ; {
		next := bytes.Index(pdf[at:], []byte("stream"))
		if next < 0 {
			break
		}
		at += next + len("stream")
		inflater, err := zlib.NewReader(bytes.NewReader(bytes.TrimLeft(pdf[at:], "\r\n")))
		if err != nil {
			continue
		}
		inflated, _ := io.ReadAll(inflater) // A stream that breaks off still shows what it held.
		everything = append(everything, inflated)
	}
	var found []string
	for _, secret := range append(secrets.Words, secrets.Numbers...) {
		for _, body := range everything {
			if bytes.Contains(body, []byte(secret)) || bytes.Contains(body, []byte(wide(secret))) || strings.Contains(string(body), strings.ToUpper(secret)) {
				found = append(found, secret)
			}
		}
	}
	return found
}
