package intake_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/intake"
)

// settings are a library configuration that touches no folder of the user's.
func settings() *model.Configuration {
	return &model.Configuration{
		Reader15: true, Offline: true, ValidationMode: model.ValidationRelaxed, Eol: types.EolLF, Limits: model.DefaultResourceLimits(),
		WriteObjectStream: true, WriteXRefStream: true, EncryptUsingAES: true, EncryptKeyLength: 256, Permissions: model.PermissionsNone, Unit: types.POINTS,
	}
}

// answered is a script of a cover that names the candidate and of n pages that each hold an answer.
func answered(t testing.TB, n int) []byte {
	t.Helper()
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddPage()
	pdf.SetFont("Helvetica", "", 12)
	pdf.Text(20, 20, "Grace Okafor, Ashdown School, 64101")
	for i := range n {
		pdf.AddPage()
		pdf.Text(20, 20, fmt.Sprintf("answer %d", i+1))
	}
	return output(t, pdf)
}

// through runs a script through a transformation of the library.
func through(t testing.TB, script []byte, change func(from *bytes.Reader, into *bytes.Buffer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, change(bytes.NewReader(script), &out))
	return out.Bytes()
}

// TestAnonymise_WhateverWroteTheScript takes the same script through what scanners, readers and joiners do to it:
// only its answers come out.
func TestAnonymise_WhateverWroteTheScript(t *testing.T) {
	t.Parallel()
	note := model.NewTextAnnotation(*types.NewRectangle(0, 0, 99, 99), 0, "Grace Okafor", "n1", "", model.AnnNoZoom, nil, "Grace Okafor", nil, nil, "", "Grace Okafor", 0, 0, 0, true, "Comment")
	for name, change := range map[string]func(from *bytes.Reader, into *bytes.Buffer) error{
		"object and reference streams": func(from *bytes.Reader, into *bytes.Buffer) error { return api.Optimize(from, into, settings()) },
		"properties": func(from *bytes.Reader, into *bytes.Buffer) error {
			return api.AddProperties(from, into, map[string]string{"Candidate": "Grace Okafor", "Centre": "64101"}, settings())
		},
		"keywords": func(from *bytes.Reader, into *bytes.Buffer) error {
			return api.AddKeywords(from, into, []string{"Grace Okafor"}, settings())
		},
		"bookmarks": func(from *bytes.Reader, into *bytes.Buffer) error {
			return api.AddBookmarks(from, into, []pdfcpu.Bookmark{{PageFrom: 2, Title: "Grace Okafor"}}, true, settings())
		},
		"comments on every page": func(from *bytes.Reader, into *bytes.Buffer) error {
			return api.AddAnnotations(from, into, nil, note, settings())
		},
		"a rotation": func(from *bytes.Reader, into *bytes.Buffer) error { return api.Rotate(from, into, 90, nil, settings()) },
		"a crop": func(from *bytes.Reader, into *bytes.Buffer) error {
			box, err := api.Box("[0 0 400 500]", types.POINTS)
			if err != nil {
				return err
			}
			return api.Crop(from, into, nil, box, settings())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := through(t, answered(t, 3), change)
			anonymous, err := intake.Anonymise(script, grace)
			require.NoError(t, err)
			require.Empty(t, traces(t, anonymous, grace))
			after := parse(t, anonymous)
			require.Equal(t, 3, after.PageCount)
			for number := 1; number <= 3; number++ {
				require.Contains(t, contentOf(t, after, number), fmt.Sprintf("answer %d", number))
			}
		})
	}
}

// TestAnonymise_KeepsTheLookOfAPage: a page that was turned or cut is shown so to the performer too.
func TestAnonymise_KeepsTheLookOfAPage(t *testing.T) {
	t.Parallel()
	script := through(t, answered(t, 1), func(from *bytes.Reader, into *bytes.Buffer) error {
		return api.Rotate(from, into, 270, nil, settings())
	})
	script = through(t, script, func(from *bytes.Reader, into *bytes.Buffer) error {
		box, err := api.Box("[10 20 400 500]", types.POINTS)
		require.NoError(t, err)
		return api.Crop(from, into, nil, box, settings())
	})
	anonymous, err := intake.Anonymise(script, grace)
	require.NoError(t, err)
	before, after := parse(t, script), parse(t, anonymous)
	_, _, was, err := before.PageDict(2, false)
	require.NoError(t, err)
	_, _, is, err := after.PageDict(1, false)
	require.NoError(t, err)
	require.Equal(t, 270, is.Rotate)
	require.Equal(t, was.Rotate, is.Rotate)
	require.Equal(t, was.MediaBox.Array(), is.MediaBox.Array())
	require.Equal(t, was.CropBox.Array(), is.CropBox.Array())
}

// TestAnonymise_AStampOnEveryPageIsSeen: a scanning service that stamps the name on each page puts it into a form,
// in a font of its own.
func TestAnonymise_AStampOnEveryPageIsSeen(t *testing.T) {
	t.Parallel()
	for _, onTop := range []bool{true, false} {
		for text, pages := range map[string][]string{"Grace Okafor": nil, "Centre 64101": {"3"}} {
			script := through(t, answered(t, 2), func(from *bytes.Reader, into *bytes.Buffer) error {
				stamp, err := api.TextWatermark(text, "font:Helvetica, scale:1 abs, points:12", onTop, false, types.POINTS)
				require.NoError(t, err)
				return api.AddWatermarks(from, into, pages, stamp, settings())
			})
			_, err := intake.Anonymise(script, grace)
			if pages == nil {
				require.ErrorContains(t, err, `page 2 still shows "Grace Okafor"`)
			} else {
				require.ErrorContains(t, err, `page 3 still shows "64101"`)
			}
		}
	}
}

// TestAnonymise_RefusesEveryLock, whether it takes a password to read or only to print.
func TestAnonymise_RefusesEveryLock(t *testing.T) {
	t.Parallel()
	for name, conf := range map[string]func(*model.Configuration){
		"an owner's lock":    func(c *model.Configuration) { c.OwnerPW = "owner" },
		"a reader's lock":    func(c *model.Configuration) { c.UserPW, c.OwnerPW = "reader", "owner" },
		"an old weak cipher": func(c *model.Configuration) { c.OwnerPW, c.EncryptUsingAES, c.EncryptKeyLength = "owner", false, 128 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			locked := through(t, answered(t, 1), func(from *bytes.Reader, into *bytes.Buffer) error {
				c := settings()
				conf(c)
				return api.Encrypt(from, into, c)
			})
			_, err := intake.Anonymise(locked, grace)
			require.Error(t, err)
			require.Regexp(t, "encrypted|cannot be read", err.Error())
		})
	}
}

// TestAnonymise_AScannedScript keeps the pictures as they are, and only the second page's.
func TestAnonymise_AScannedScript(t *testing.T) {
	t.Parallel()
	scan := func(kind string, shade uint8) *bytes.Buffer {
		picture := image.NewGray(image.Rect(0, 0, 40, 30))
		for i := range picture.Pix {
			picture.Pix[i] = shade + uint8(i%7) //nolint:gosec // A remainder of seven fits.
		}
		picture.SetGray(1, 1, color.Gray{Y: 255})
		var body bytes.Buffer
		if kind == "png" {
			require.NoError(t, png.Encode(&body, picture))
		} else {
			require.NoError(t, jpeg.Encode(&body, picture, nil))
		}
		return &body
	}
	for _, kind := range []string{"png", "jpg"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			pdf := fpdf.New("P", "mm", "A4", "")
			for number, shade := range []uint8{200, 100} {
				pdf.AddPage()
				options := fpdf.ImageOptions{ImageType: kind}
				pdf.RegisterImageOptionsReader(fmt.Sprint(number), options, scan(kind, shade))
				pdf.ImageOptions(fmt.Sprint(number), 0, 0, 210, 0, false, options, 0, "")
			}
			anonymous, err := intake.Anonymise(output(t, pdf), grace)
			require.NoError(t, err)
			parse(t, anonymous)
			found, err := api.ExtractImagesRaw(bytes.NewReader(anonymous), nil, settings())
			require.NoError(t, err)
			require.Len(t, found, 1)
			if kind == "jpg" {
				require.True(t, bytes.Contains(anonymous, scan(kind, 100).Bytes()), "the second page's picture as it was")
				require.False(t, bytes.Contains(anonymous, scan(kind, 200).Bytes()), "the cover's picture is gone")
			}
		})
	}
}

// TestAnonymise_JoinedScripts: extra sheets were appended as a second file; both name nobody behind the cover.
func TestAnonymise_JoinedScripts(t *testing.T) {
	t.Parallel()
	extra := fpdf.New("L", "mm", "A3", "")
	extra.AddPage()
	extra.SetFont("Courier", "", 12)
	extra.Text(20, 20, "an extra sheet")
	var joined bytes.Buffer
	require.NoError(t, api.MergeRaw([]io.ReadSeeker{bytes.NewReader(answered(t, 2)), bytes.NewReader(output(t, extra))}, &joined, false, settings()))
	anonymous, err := intake.Anonymise(joined.Bytes(), grace)
	require.NoError(t, err)
	pdf := parse(t, anonymous)
	require.Equal(t, 3, pdf.PageCount)
	require.Contains(t, contentOf(t, pdf, 3), "an extra sheet")
	_, _, last, err := pdf.PageDict(3, false)
	require.NoError(t, err)
	require.Greater(t, last.MediaBox.Width(), last.MediaBox.Height(), "the sheet keeps its own size")

	_, err = intake.Anonymise(through(t, answered(t, 1), func(from *bytes.Reader, into *bytes.Buffer) error {
		return api.MergeRaw([]io.ReadSeeker{from, bytes.NewReader(answered(t, 1))}, into, false, settings())
	}), grace)
	require.ErrorContains(t, err, `page 3 still shows "Grace Okafor"`, "a second cover in the middle is found")
}

// TestAnonymise_TakesExactlyTheFirstPage: of a script of any length every later page stays, in its order.
func TestAnonymise_TakesExactlyTheFirstPage(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 9, 30} {
		anonymous, err := intake.Anonymise(answered(t, n), grace)
		require.NoError(t, err)
		pdf := parse(t, anonymous)
		require.Equal(t, n, pdf.PageCount)
		for number := 1; number <= n; number++ {
			require.Contains(t, contentOf(t, pdf, number), fmt.Sprintf("(answer %d)", number))
		}
	}
}

// TestAnonymise_ACopyHasNothingThatTwoCopiesWouldDifferIn: properties, identifiers and dates stay behind, so that
// copies of one script at two centres are one file.
func TestAnonymise_ACopyHasNothingThatTwoCopiesWouldDifferIn(t *testing.T) {
	t.Parallel()
	pdf := func(name, centre string) []byte {
		f := twoPages()
		f.SetPage(1)
		f.SetFont("Times", "B", 20)
		f.Text(20, 20, name+centre)
		f.SetPage(2)
		f.SetFont("Helvetica", "", 12)
		f.SetTitle(name, true)
		f.SetAuthor(centre, true)
		f.Text(20, 20, "x = 4")
		return output(t, f)
	}
	one, err := intake.Anonymise(pdf("Grace Okafor", "64101"), grace)
	require.NoError(t, err)
	for _, key := range []string{"/Info", "/ID", "/Metadata", "/CreationDate", "/Producer", "/Title"} {
		require.NotContains(t, string(one), key)
	}
	require.Less(t, strings.Count(string(one), " obj\n"), 12, "the cover's fonts and contents are not copied")
	other, err := intake.Anonymise(pdf("Priya Raman", "71305"), grace)
	require.NoError(t, err)
	require.Len(t, other, len(one))
}
