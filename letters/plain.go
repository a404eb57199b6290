package letters

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// plainWidth is the longest line of a mail's text, apart from words and addresses that are longer.
const plainWidth = 76

// plainText prints blocks as a mail's text. A mail has sentences, facts, lists and links only: marks and fees line by
// line stand in its attachment.
func plainText(blocks []block) (string, error) {
	var parts []string
	for _, b := range blocks {
		switch b.Kind {
		case leadKind, paragraphKind:
			parts = append(parts, wrap(b.Text, "", ""))
		case headingKind:
			parts = append(parts, b.Text+"\n"+strings.Repeat("-", utf8.RuneCountInString(b.Text)))
		case itemKind:
			parts = append(parts, plainItems(b.Items))
		case factKind:
			parts = append(parts, plainFacts(b.Facts))
		case linkKind:
			parts = append(parts, b.Text+":\n"+b.URL)
		default:
			return "", fmt.Errorf("a mail has no %s", b.Kind)
		}
	}
	return strings.Join(parts, "\n\n") + "\n", nil
}

// plainFacts writes labels and values in two columns.
func plainFacts(facts []fact) string {
	width := 0
	for _, f := range facts {
		width = max(width, utf8.RuneCountInString(f.Label))
	}
	lines := make([]string, 0, len(facts))
	for _, f := range facts {
		label := f.Label + ":" + strings.Repeat(" ", width-utf8.RuneCountInString(f.Label)+2)
		lines = append(lines, wrap(f.Value, label, strings.Repeat(" ", width+3)))
	}
	return strings.Join(lines, "\n")
}

// plainItems writes each item behind a dash.
func plainItems(items []string) string {
	lines := make([]string, len(items))
	for i, item := range items {
		lines[i] = wrap(item, "- ", "  ")
	}
	return strings.Join(lines, "\n")
}

// wrap breaks text between words; first begins the first line and rest every other.
func wrap(text, first, rest string) string {
	var out strings.Builder
	current, empty := first, true
	for word := range strings.FieldsSeq(text) {
		if !empty && utf8.RuneCountInString(current)+1+utf8.RuneCountInString(word) > plainWidth {
			out.WriteString(strings.TrimRight(current, " ") + "\n")
			current, empty = rest, true
		}
		if !empty {
			current += " "
		}
		current, empty = current+word, false
	}
	return out.String() + strings.TrimRight(current, " ")
}
