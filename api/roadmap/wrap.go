package roadmap

import (
	"strings"
	"unicode"
)

// width estimates how wide a text is in a sans-serif type of a size, in the picture's units; it errs on the wide side,
// since nobody knows which type the reader has.
func width(text string, size float64) float64 {
	var em float64
	for _, r := range text {
		switch {
		case r == ' ':
			em += .29
		case strings.ContainsRune("iljtfI.,:;'!|()[]", r):
			em += .29
		case strings.ContainsRune("rcksvxyz-*", r):
			em += .48
		case strings.ContainsRune("mwMW@", r):
			em += .88
		case unicode.IsUpper(r):
			em += .71
		default:
			em += .58
		}
	}
	return em * size
}

// wrap breaks a text into lines that are not wider than the limit; a single word may be.
func wrap(text string, size, limit float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && width(longer, size) > limit {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
