package register

import (
	"fmt"
	"strings"
)

// uciAlphabet are the check letters of a unique candidate identifier; the sum modulo 17 selects one (domain §5.7).
const uciAlphabet = "ABCDEFGHKLMRTVWXY"

// uciBodies are the letters of the awarding organisation inside an identifier (domain §5.7).
const uciBodies = "ABCEG0"

const uciLength = 13

// CheckUCI says what is wrong with a unique candidate identifier: centre number, awarding organisation's letter,
// two-digit year, candidate number and check letter (domain §5.7).
func CheckUCI(uci string) error {
	if len(uci) != uciLength {
		return fmt.Errorf("UCI %q has %d characters instead of %d", uci, len(uci), uciLength)
	}
	if !digits(uci[:5]) || strings.IndexByte(uciBodies, uci[5]) < 0 || !digits(uci[6:12]) {
		return fmt.Errorf("UCI %q is not five digits, a letter of %s, six digits and a check letter", uci, uciBodies)
	}
	if want := UCICheckLetter(uci[:12]); uci[12] != want {
		return fmt.Errorf("UCI %q ends in %c, but its check letter is %c: a character is wrong", uci, uci[12], want)
	}
	return nil
}

// UCICheckLetter computes the check letter of an identifier's first twelve characters; letters count A=1, B=2 and
// so on, and the weights fall from 16 to 5 (domain §5.7). Any other character counts nothing.
func UCICheckLetter(twelve string) byte {
	sum := 0
	for i := range min(len(twelve), uciLength-1) {
		value := 0
		switch c := twelve[i]; {
		case c >= '0' && c <= '9':
			value = int(c - '0')
		case c >= 'A' && c <= 'Z':
			value = int(c-'A') + 1
		}
		sum += value * (16 - i)
	}
	return uciAlphabet[sum%len(uciAlphabet)]
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
