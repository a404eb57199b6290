package casework

import (
	"fmt"
	"strings"
)

// Reference names a case for people: "R-7K4F-M2QX-9TBD-Z". It is derived from the request, so that the same
// request always has the same reference, and says nothing about the candidate.
type Reference string

// alphabet leaves out what is misheard or misread (0 1 I L O U) and the vowels A and E, so that no word appears.
const alphabet = "23456789BCDFGHJKMNPQRSTVWXYZ"

// checkAlphabet is the alphabet and one letter more. Its length is a prime above the alphabet's, and the weights
// below are distinct and smaller than it: so one wrong character, or any two that changed places, the check
// character among them, always ask for another check character.
const checkAlphabet = alphabet + "A"

// referenceExample is shown to people whose reference cannot be read; it is a valid one.
const referenceExample = "R-7K4F-M2QX-9TBD-Z"

const referenceLength = 12

// NewReference makes a reference from a digest of at least 16 bytes, such as an HMAC; it panics on a shorter
// one, which would be a mistake in the program.
func NewReference(digest []byte) Reference {
	if len(digest) < 16 {
		panic("casework: a reference needs a digest of at least 16 bytes")
	}
	body := make([]byte, referenceLength)
	number := append([]byte(nil), digest[:16]...)
	for i := range body {
		body[i] = alphabet[divide(number, len(alphabet))]
	}
	s := string(body)
	return Reference(fmt.Sprintf("R-%s-%s-%s-%c", s[0:4], s[4:8], s[8:12], checkCharacter(s)))
}

// ParseReference reads a reference as people type it: case, spaces and dashes do not matter. It refuses one
// whose check character does not fit.
func ParseReference(typed string) (Reference, error) {
	plain := strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(strings.TrimSpace(typed)))
	if len(plain) != referenceLength+2 || plain[0] != 'R' {
		return "", fmt.Errorf("a reference looks like %s; %q does not", referenceExample, typed)
	}
	body, check := plain[1:1+referenceLength], plain[1+referenceLength]
	for _, c := range []byte(body) {
		if strings.IndexByte(alphabet, c) < 0 {
			return "", fmt.Errorf("a reference has no %q; check %q", c, typed)
		}
	}
	if checkCharacter(body) != check {
		return "", fmt.Errorf("the last character of %q does not fit the others; a character is wrong or two are swapped", typed)
	}
	return Reference(fmt.Sprintf("R-%s-%s-%s-%c", body[0:4], body[4:8], body[8:12], check)), nil
}

// divide divides the big-endian number in place and returns the remainder.
func divide(number []byte, by int) int {
	rest := 0
	for i, b := range number {
		value := rest<<8 | int(b)
		number[i] = byte(value / by)
		rest = value % by
	}
	return rest
}

// checkCharacter weighs the characters by 2, 3, … 13 modulo 29. The check character itself then weighs 28, that
// is -1: no weight occurs twice, so no two places can be exchanged unseen.
func checkCharacter(body string) byte {
	sum := 0
	for i, c := range []byte(body) {
		sum += (i + 2) * strings.IndexByte(alphabet, c)
	}
	return checkAlphabet[sum%len(checkAlphabet)]
}
