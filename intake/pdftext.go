package intake

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf16"
)

// shownText collects the strings that a page's content shows. It reads one-byte and two-byte strings; glyphs of
// fonts with a numbering of their own come out as other characters.
func shownText(content []byte) string {
	var text strings.Builder
	inArray := false
	for at := 0; at < len(content); {
		switch c := content[at]; {
		case c == '(':
			value, next := literal(content, at)
			show(&text, value)
			at = next
		case c == '<' && at+1 < len(content) && content[at+1] == '<', c == '>':
			at += 1 + btoi(c == '<')
		case c == '<':
			value, next := hexadecimal(content, at)
			show(&text, value)
			at = next
		case c == '%':
			at = len(content) - len(bytes.TrimLeftFunc(content[at:], func(c rune) bool { return c != '\n' && c != '\r' }))
		default:
			inArray = c == '[' || inArray && c != ']'
			if !inArray {
				text.WriteByte(separator(c))
			}
			at++
		}
	}
	return text.String()
}

// separator lets strings of one array run together, which is how a word with adjusted gaps is written, and keeps
// all others apart.
func separator(c byte) byte {
	if c == '\n' || c == '\r' {
		return '\n'
	}
	return ' '
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// show writes a string's characters: as UTF-16 if every other byte is zero, else byte by byte.
func show(text *strings.Builder, value []byte) {
	wide := len(value) > 0 && len(value)%2 == 0
	for i := 0; wide && i < len(value); i += 2 {
		wide = value[i] == 0
	}
	if wide {
		units := make([]uint16, len(value)/2)
		for i := range units {
			units[i] = uint16(value[2*i+1])
		}
		text.WriteString(string(utf16.Decode(units)))
		return
	}
	for _, c := range value {
		text.WriteRune(rune(c))
	}
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

// hexadecimal reads the string of hex digits that begins at a position, and the position behind it.
func hexadecimal(content []byte, at int) (value []byte, next int) {
	end := bytes.IndexByte(content[at:], '>')
	if end < 0 {
		return nil, len(content)
	}
	high := -1
	for _, c := range content[at+1 : at+end] {
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		switch {
		case digit < 0:
		case high < 0:
			high = digit
		default:
			value, high = append(value, byte(high<<4|digit)), -1
		}
	}
	if high >= 0 {
		value = append(value, byte(high<<4))
	}
	return value, at + end + 1
}

func alphanumeric(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }
