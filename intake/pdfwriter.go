package intake

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// pageKeys are the parts of a page that are copied; all others stay behind.
var pageKeys = []string{"Contents", "Group", "UserUnit"}

// leftOut are the keys that may name people or times inside fonts, pictures and forms, or lead back to the whole file.
var leftOut = []string{
	"AF", "Alternates", "LastModified", "Metadata", "Name", "OC", "OPI", "Parent", "PieceInfo", "Ref",
	"StructParent", "StructParents",
}

// The numbers of the objects that every file begins with.
const (
	catalogue = 1
	pageTree  = 2
	firstFree = 3
)

// pdfWriter copies pages of one PDF into a new one, with the objects that they reach.
type pdfWriter struct {
	from *model.XRefTable
	// numbers maps the source's object numbers to the copy's.
	numbers map[int]int
	// objects holds the written objects by their number.
	objects map[int][]byte
	next    int
	pages   []int
	// text is what the contents copied since takeText show.
	text string
}

func newPDFWriter(from *model.XRefTable) *pdfWriter {
	return &pdfWriter{from: from, numbers: map[int]int{}, objects: map[int][]byte{}, next: firstFree}
}

// page copies one page by its number, from 1.
func (w *pdfWriter) page(number int) error {
	page, _, inherited, err := w.from.PageDict(number, false)
	if err != nil {
		return fmt.Errorf("read the page: %w", err)
	}
	content, err := w.from.PageContent(page, number)
	if err != nil && !errors.Is(err, model.ErrNoContent) {
		return fmt.Errorf("read the page's content: %w", err)
	}
	w.text += shownText(content)
	own := types.Dict{"Type": types.Name("Page"), "Parent": *types.NewIndirectRef(pageTree, 0), "Rotate": types.Integer(inherited.Rotate)}
	for _, key := range pageKeys {
		if value, ok := page.Find(key); ok {
			own[key] = value
		}
	}
	resources := inherited.Resources
	if value, ok := page.Find("Resources"); ok {
		if resources, err = w.from.DereferenceDict(value); err != nil {
			return fmt.Errorf("read the page's resources: %w", err)
		}
	}
	if inherited.MediaBox == nil {
		return errors.New("the page has no size")
	}
	if own["Resources"], err = resourcesOf(w.from, resources, content); err != nil {
		return err
	}
	own["MediaBox"] = inherited.MediaBox.Array()
	if inherited.CropBox != nil {
		own["CropBox"] = inherited.CropBox.Array()
	}
	return w.addPage(own)
}

func (w *pdfWriter) addPage(page types.Dict) error {
	at := w.take()
	var body bytes.Buffer
	body.WriteString("<<")
	for _, key := range slices.Sorted(maps.Keys(page)) {
		fmt.Fprintf(&body, "/%s ", key)
		if key == "Parent" {
			fmt.Fprintf(&body, "%d 0 R", pageTree)
			continue
		}
		if err := w.write(&body, page[key]); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	body.WriteString(">>")
	w.objects[at] = body.Bytes()
	w.pages = append(w.pages, at)
	return nil
}

func (w *pdfWriter) take() int {
	w.next++
	return w.next - 1
}

// takeText returns the text of what was copied since the last call.
func (w *pdfWriter) takeText() string {
	text := w.text
	w.text = ""
	return text
}

// write writes an object; what it refers to is copied on the way.
func (w *pdfWriter) write(into *bytes.Buffer, object types.Object) error {
	switch object := object.(type) {
	case nil:
		into.WriteString("null")
	case types.IndirectRef:
		return w.reference(into, object)
	case types.Dict:
		return w.dict(into, object)
	case types.Array:
		into.WriteString("[")
		for _, element := range object {
			if err := w.write(into, element); err != nil {
				return err
			}
			into.WriteString(" ")
		}
		into.WriteString("]")
	case types.Float:
		into.WriteString(strconv.FormatFloat(object.Value(), 'f', -1, 64))
	case types.StringLiteral, types.HexLiteral:
		w.text += "\n" + shownText([]byte(object.PDFString())) // A property of marked text may spell it out again.
		into.WriteString(object.PDFString())
	case types.Boolean, types.Integer, types.Name:
		into.WriteString(object.PDFString())
	default:
		return fmt.Errorf("an object of type %T cannot stand in a page", object)
	}
	return nil
}

func (w *pdfWriter) dict(into *bytes.Buffer, dict types.Dict) error {
	into.WriteString("<<")
	for _, key := range slices.Sorted(maps.Keys(dict)) {
		if slices.Contains(leftOut, key) {
			continue
		}
		fmt.Fprintf(into, "%s ", types.Name(key).PDFString())
		if err := w.write(into, dict[key]); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	into.WriteString(">>")
	return nil
}

// reference writes a reference to the copy of an object, which it makes when it meets the object first.
func (w *pdfWriter) reference(into *bytes.Buffer, ref types.IndirectRef) error {
	source := ref.ObjectNumber.Value()
	number, copied := w.numbers[source]
	if !copied {
		number = w.take()
		w.numbers[source] = number // Before the copy, which may lead back here.
		object, err := w.from.Dereference(ref)
		if err != nil {
			return fmt.Errorf("read object %d: %w", source, err)
		}
		var body bytes.Buffer
		if stream, ok := object.(types.StreamDict); ok {
			err = w.stream(&body, stream)
		} else {
			err = w.write(&body, object)
		}
		if err != nil {
			return err
		}
		w.objects[number] = body.Bytes()
	}
	fmt.Fprintf(into, "%d 0 R", number)
	return nil
}

// stream writes a stream as it is encoded, with its length given directly.
func (w *pdfWriter) stream(into *bytes.Buffer, stream types.StreamDict) error {
	if draws(stream) {
		if err := stream.Decode(); err != nil {
			return fmt.Errorf("decode a form or pattern: %w", err)
		}
		w.text += "\n" + shownText(stream.Content)
	}
	head, ok := stream.Dict.Clone().(types.Dict)
	if !ok {
		return errors.New("a form or pattern has no dictionary")
	}
	if own, ok := head.Find("Resources"); ok && draws(stream) {
		resources, err := w.from.DereferenceDict(own)
		if err != nil {
			return fmt.Errorf("read the resources of a form or pattern: %w", err)
		}
		if head["Resources"], err = resourcesOf(w.from, resources, stream.Content); err != nil {
			return err
		}
	}
	head["Length"] = types.Integer(len(stream.Raw))
	if err := w.dict(into, head); err != nil {
		return err
	}
	into.WriteString("\nstream\n")
	into.Write(stream.Raw)
	into.WriteString("\nendstream")
	return nil
}

// draws says whether a stream holds content as a page does: a form, or a pattern whose tiles are drawn.
func draws(stream types.StreamDict) bool {
	if pattern := stream.IntEntry("PatternType"); pattern != nil {
		return *pattern == 1
	}
	subtype := stream.Subtype()
	return subtype != nil && *subtype == "Form"
}

// finish writes the file: header, objects, cross-reference table and trailer, without properties or an identifier.
func (w *pdfWriter) finish() []byte {
	w.objects[catalogue] = fmt.Appendf(nil, "<</Type/Catalog/Pages %d 0 R>>", pageTree)
	kids := ""
	for _, page := range w.pages {
		kids += fmt.Sprintf("%d 0 R ", page)
	}
	w.objects[pageTree] = fmt.Appendf(nil, "<</Type/Pages/Count %d/Kids[%s]>>", len(w.pages), kids)

	var file bytes.Buffer
	file.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, w.next)
	for number := catalogue; number < w.next; number++ {
		offsets[number] = file.Len()
		fmt.Fprintf(&file, "%d 0 obj\n%s\nendobj\n", number, w.objects[number])
	}
	table := file.Len()
	fmt.Fprintf(&file, "xref\n0 %d\n0000000000 65535 f \n", w.next)
	for number := catalogue; number < w.next; number++ {
		fmt.Fprintf(&file, "%010d 00000 n \n", offsets[number])
	}
	fmt.Fprintf(&file, "trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", w.next, catalogue, table)
	return file.Bytes()
}
