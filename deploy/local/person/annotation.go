package person

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Where a reviewer writes: right of the first marker's ring, in points from the page's lower left corner.
const (
	reviewerLeft = 546.0
	tickRise     = 11.0
	// labelLeft is where the answer booklets print an item's number, with labelSlack to either side.
	labelLeft  = 56.7
	labelSlack = 1.0
	// Items that no page shows are listed downwards from here, on the last page.
	listTop, listStep = 800.0, 14.0
)

// The reviewer's ink is green: candidates write in blue and black, first markers in red.
const (
	tickStyle = "fontname:ZapfDingbats, points:12, fillcolor:#0B6B3A, position:bl, rotation:0, scalefactor:1 abs, opacity:1, offset:%.1f %.1f"
	markStyle = "fontname:Helvetica-Bold, points:11, fillcolor:#0B6B3A, position:bl, rotation:0, scalefactor:1 abs, opacity:1, offset:%.1f %.1f"
	tickSign  = "4" // a tick in ZapfDingbats
)

// Annotate draws a review on an anonymised script: the reviewer's tick beside every item, and beside a changed item
// the mark that it has now. It names nobody, because the centre gets the copy and may not learn who reviewed it
// (domain §8.3, reading 9).
func Annotate(script []byte, sheet []Item, completion Completion) ([]byte, error) {
	if len(completion.Items) != len(sheet) {
		return nil, fmt.Errorf("annotate the script: %d marks for a sheet of %d items", len(completion.Items), len(sheet))
	}
	places, last, err := find(script, sheet)
	if err != nil {
		return nil, err
	}
	stamps := map[int][]*model.Watermark{}
	unplaced := 0
	for i, item := range sheet {
		at, ok := places[item.Item]
		if !ok {
			at = place{page: last, y: listTop - float64(unplaced)*listStep}
			unplaced++
		}
		marks, err := stampsOf(item, completion.Items[i].Mark, at)
		if err != nil {
			return nil, err
		}
		stamps[at.page] = append(stamps[at.page], marks...)
	}
	var annotated bytes.Buffer
	if err := api.AddWatermarksSliceMap(bytes.NewReader(script), &annotated, stamps, configuration()); err != nil {
		return nil, fmt.Errorf("annotate the script: %w", err)
	}
	return annotated.Bytes(), nil
}

// stampsOf is what the reviewer writes about one item.
func stampsOf(item Item, mark int, at place) ([]*model.Watermark, error) {
	rise, written := 0.0, []string(nil)
	if mark != item.Original {
		rise, written = tickRise, []string{"now " + strconv.Itoa(mark)}
	}
	tick, err := api.TextWatermark(tickSign, fmt.Sprintf(tickStyle, reviewerLeft, at.y+rise), true, false, types.POINTS)
	if err != nil {
		return nil, fmt.Errorf("draw the tick of item %s: %w", item.Item, err)
	}
	stamps := []*model.Watermark{tick}
	for _, text := range written {
		stamp, err := api.TextWatermark(text, fmt.Sprintf(markStyle, reviewerLeft, at.y), true, false, types.POINTS)
		if err != nil {
			return nil, fmt.Errorf("write the mark of item %s: %w", item.Item, err)
		}
		stamps = append(stamps, stamp)
	}
	return stamps, nil
}

// configuration is written out because the library's default one reads and writes a folder in the user's home.
func configuration() *model.Configuration {
	return &model.Configuration{
		Reader15: true, ValidationMode: model.ValidationRelaxed, Eol: types.EolLF, Offline: true,
		WriteXRefStream: true, WriteObjectStream: true, Unit: types.POINTS, Limits: model.DefaultResourceLimits(),
	}
}

// place is a spot on a page, in points from its lower edge.
type place struct {
	page int
	y    float64
}

// shown matches one piece of text with its position in a page's content.
var shown = regexp.MustCompile(`([\d.]+) ([\d.]+) Td\s*\(((?:[^()\\]|\\.)*)\)\s*Tj`)

// find looks for the place of each item's mark: the line where the first marker wrote "/max", or else the item's own
// number. It returns the number of pages too.
func find(script []byte, sheet []Item) (places map[string]place, pages int, err error) {
	pdf, err := api.ReadContext(bytes.NewReader(script), configuration())
	if err == nil {
		err = pdf.EnsurePageCount()
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read the script: %w", err)
	}
	places = map[string]place{}
	for page := 1; page <= pdf.PageCount; page++ {
		content, err := pdfcpu.ExtractPageContent(pdf, page)
		if err != nil {
			return nil, 0, fmt.Errorf("read page %d of the script: %w", page, err)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			return nil, 0, fmt.Errorf("read page %d of the script: %w", page, err)
		}
		findOn(page, string(text), sheet, places)
	}
	return places, pdf.PageCount, nil
}

func findOn(page int, text string, sheet []Item, places map[string]place) {
	var current *Item
	for _, piece := range shown.FindAllStringSubmatch(text, -1) {
		x, errX := strconv.ParseFloat(piece[1], 64)
		y, errY := strconv.ParseFloat(piece[2], 64)
		if errX != nil || errY != nil {
			continue
		}
		said := strings.TrimSpace(piece[3])
		if x > labelLeft-labelSlack && x < labelLeft+labelSlack {
			if i := slices.IndexFunc(sheet, func(item Item) bool { return item.Item == said }); i >= 0 {
				current = &sheet[i]
				places[current.Item] = place{page: page, y: y}
			}
		}
		if current != nil && said == "/"+strconv.Itoa(current.Max) {
			places[current.Item] = place{page: page, y: y}
			current = nil
		}
	}
}
