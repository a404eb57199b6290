package intake

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
)

// wordGap is the move inside an array, in thousandths of the type size, from which on it is a gap between words;
// smaller ones adjust the distance of letters.
const wordGap = -180

// shownText collects the strings of a page's content, and its comments, which are copied with it. It reads one-byte
// and two-byte strings; glyphs of fonts with a numbering of their own come out as other characters.
func shownText(content []byte) string {
	var text strings.Builder
	inArray := false
	for at := 0; at < len(content); {
		switch c := content[at]; {
		case c == '(':
			value, next := literal(content, at)
			show(&text, value)
			at = next
		case c == '<':
			value, next := hexadecimal(content, at)
			show(&text, value)
			at = next
		case c == '%':
			end := lineEnd(content, at)
			show(&text, content[at:end])
			at = end
		case inArray && c != ']':
			value, next := gap(content, at)
			if value <= wordGap {
				text.WriteByte(' ')
			}
			at = next
		default:
			inArray = c == '['
			if !inArray {
				text.WriteByte(' ')
			}
			at++
		}
	}
	return text.String()
}

// lineEnd is where the line that holds a position ends.
func lineEnd(content []byte, at int) int {
	if length := bytes.IndexAny(content[at:], "\r\n"); length >= 0 {
		return at + length
	}
	return len(content)
}

// gap reads the number inside an array that begins at a position, and the position behind it. What is no number
// moves nothing.
func gap(content []byte, at int) (value float64, next int) {
	length := bytes.IndexFunc(content[at:], func(c rune) bool { return !strings.ContainsRune("+-.0123456789", c) })
	if length < 0 {
		length = len(content) - at
	}
	value, err := strconv.ParseFloat(string(content[at:at+length]), 64)
	if err != nil {
		value = 0
	}
	return value, at + max(1, length)
}

// show writes a string's characters, of one byte or of two.
func show(text *strings.Builder, value []byte) {
	value, marked := bytes.CutPrefix(value, []byte("\xfe\xff"))
	if !marked && !isWide(value) {
		for _, c := range value {
			text.WriteRune(windows(c))
		}
		return
	}
	units := make([]uint16, len(value)/2)
	for i := range units {
		units[i] = uint16(value[2*i])<<8 | uint16(value[2*i+1])
	}
	text.WriteString(string(utf16.Decode(units)))
}

// isWide says whether a string is UTF-16 of a European script: its upper bytes are those of letters (up to U+08FF,
// and U+1Exx for Welsh and Vietnamese) or of punctuation (U+20xx), and one at least is a byte that no text of single
// bytes holds.
func isWide(value []byte) bool {
	sure := false
	for i := 0; i < len(value); i += 2 {
		upper := value[i]
		if upper > 0x08 && upper != 0x1e && upper != 0x20 {
			return false
		}
		sure = sure || upper != 0x20
	}
	return sure && len(value)%2 == 0
}

// windows reads a byte of the encoding that most one-byte fonts have. It is Latin-1 but for a few letters that
// names are written with; marks and signs do not matter here.
func windows(c byte) rune {
	switch c {
	case 0x8a:
		return 'Š'
	case 0x8c:
		return 'Œ'
	case 0x8e:
		return 'Ž'
	case 0x9a:
		return 'š'
	case 0x9c:
		return 'œ'
	case 0x9e:
		return 'ž'
	case 0x9f:
		return 'Ÿ'
	}
	return rune(c)
}

// literal reads the string in parentheses that begins at a position, and the position behind it.
func literal(content []byte, at int) (value []byte, next int) {
	depth := 0
	for i := at; i < len(content); i++ {
		switch c := content[i]; c {
		case '(':
			if depth++; depth > 1 {
				value = append(value, c)
			}
		case ')':
			if depth--; depth == 0 {
				return value, i + 1
			}
			value = append(value, c)
		case '\\':
			var escaped byte
			escaped, i = escape(content, i+1)
			value = append(value, escaped)
		default:
			value = append(value, c)
		}
	}
	return value, len(content)
}

// escape reads what follows a backslash at a position, and the position of its last byte.
func escape(content []byte, at int) (value byte, last int) {
	if at >= len(content) {
		return ' ', at
	}
	c := content[at]
	if c < '0' || c > '7' {
		if plain := strings.IndexByte("nrtbf", c); plain >= 0 {
			return "\n\r\t\b\f"[plain], at
		}
		return c, at
	}
	for last = at; last < len(content) && last < at+3 && content[last] >= '0' && content[last] <= '7'; last++ {
		value = value<<3 | (content[last] - '0')
	}
	return value, last - 1
}

// hexadecimal reads the string of hex digits that begins at a position, and the position behind it. A "<" with
// anything else behind it begins a dictionary, or is a byte of a picture: it is no string, and what follows is read.
func hexadecimal(content []byte, at int) (value []byte, next int) {
	high := -1
	for i := at + 1; i < len(content); i++ {
		c := content[i]
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		switch {
		case c == '>':
			if high >= 0 {
				value = append(value, byte(high<<4))
			}
			return value, i + 1
		case strings.IndexByte("\x00\t\n\f\r ", c) >= 0:
		case digit < 0:
			return nil, at + 1
		case high < 0:
			high = digit
		default:
			value, high = append(value, byte(high<<4|digit)), -1
		}
	}
	return nil, at + 1
}

func alphanumeric(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }
