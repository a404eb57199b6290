package letters_test

import (
	"bytes"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"github.com/stretchr/testify/require"
)

// piece is a text as it stands on a page, from its left end, in points from the bottom left corner.
type piece struct {
	x, y float64
	text string
}

// shown finds "BT x y Td (text) Tj" in a page's content.
var shown = regexp.MustCompile(`(?s)BT ([0-9.-]+) ([0-9.-]+) Td \(((?:\\.|[^\\)])*)\) ?Tj`)

// piecesOf reads every page of a PDF that must be valid.
func piecesOf(t *testing.T, pdf []byte) [][]piece {
	t.Helper()
	// The library's own default reads and writes a folder in the user's home, and not for several tests at once.
	conf := &model.Configuration{
		Reader15: true, DecodeAllStreams: true, ValidationMode: model.ValidationRelaxed, Eol: types.EolLF, Offline: true,
		Optimize: true, Limits: model.DefaultResourceLimits(),
	}
	ctx, err := api.ReadValidateAndOptimize(bytes.NewReader(pdf), conf)
	require.NoError(t, err)
	pages := make([][]piece, ctx.PageCount)
	for i := range pages {
		content, err := pdfcpu.ExtractPageContent(ctx, i+1)
		require.NoError(t, err)
		raw, err := io.ReadAll(content)
		require.NoError(t, err)
		for _, m := range shown.FindAllSubmatch(raw, -1) {
			x, err := strconv.ParseFloat(string(m[1]), 64)
			require.NoError(t, err)
			y, err := strconv.ParseFloat(string(m[2]), 64)
			require.NoError(t, err)
			pages[i] = append(pages[i], piece{x, y, decode(t, m[3])})
		}
		require.NotEmpty(t, pages[i])
	}
	return pages
}

// decode reads a PDF string of UTF-16, big end first.
func decode(t *testing.T, escaped []byte) string {
	t.Helper()
	var raw []byte
	for i := 0; i < len(escaped); i++ {
		c := escaped[i]
		if c == '\\' {
			i++
			c = escaped[i]
			if c == 'r' {
				c = '\r'
			}
		}
		raw = append(raw, c)
	}
	require.Zero(t, len(raw)%2)
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}

// pagesOf is the text of every page: pieces at one height are one line, with bars between them.
func pagesOf(t *testing.T, pdf []byte) []string {
	t.Helper()
	var pages []string
	for _, pieces := range piecesOf(t, pdf) {
		var page strings.Builder
		for i, p := range pieces {
			switch {
			case i == 0:
			case p.y == pieces[i-1].y:
				page.WriteString(" | ")
			default:
				page.WriteString("\n")
			}
			page.WriteString(p.text)
		}
		pages = append(pages, page.String()+"\n")
	}
	return pages
}
