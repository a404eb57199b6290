package mail

import (
	"bytes"
	"fmt"
	"mime"
	netmail "net/mail"
	"strings"
	"unicode"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// headerLine is the longest line that a header is folded to (RFC 5322, 2.1.1).
const headerLine = 78

// field is one header field in its encoded form.
type field struct{ name, value string }

type header []field

// header makes the mail's header. A value that could start a field of its own is refused, never cleaned: it
// has no business being there.
func (s *Sender) header(envelope docket.Envelope) (header, error) {
	to, err := recipient(envelope.To)
	if err != nil {
		return nil, err
	}
	if err := plain("the subject", envelope.Subject); err != nil {
		return nil, err
	}
	h := header{{"From", address(s.from)}, {"To", address(to)}}
	if s.replyTo != nil {
		h = append(h, field{"Reply-To", address(*s.replyTo)})
	}
	return append(h,
		field{"Subject", mime.QEncoding.Encode("utf-8", envelope.Subject)},
		// No out-of-office answer is wanted (RFC 3834; the second is Exchange's own).
		field{"Auto-Submitted", "auto-generated"},
		field{"X-Auto-Response-Suppress", "All"},
		field{"MIME-Version", "1.0"},
	), nil
}

// bytes writes the header with the empty line that ends it.
func (h header) bytes() []byte {
	var out bytes.Buffer
	for _, f := range h {
		out.WriteString(fold(f.name+": "+f.value) + "\r\n")
	}
	out.WriteString("\r\n")
	return out.Bytes()
}

// fold breaks a header field at spaces, so that no line is longer than headerLine where there is a space.
func fold(text string) string {
	var out strings.Builder
	length := 0
	for i, word := range strings.Split(text, " ") {
		switch {
		case i == 0:
		case i > 1 && length+1+len(word) > headerLine: // The first word stays beside the field's name.
			out.WriteString("\r\n ")
			length = 1
		default:
			out.WriteByte(' ')
			length++
		}
		out.WriteString(word)
		length += len(word)
	}
	return out.String()
}

func recipient(to docket.Recipient) (netmail.Address, error) {
	if err := plain("the recipient's name", to.Name); err != nil {
		return netmail.Address{}, err
	}
	parsed, err := netmail.ParseAddress(to.Address)
	if err != nil || parsed.Address != to.Address || !ascii(to.Address) {
		return netmail.Address{}, malformed("the recipient's address is not one that SES can send to")
	}
	return netmail.Address{Name: to.Name, Address: to.Address}, nil
}

// address writes an address with its name. A name beyond ASCII goes in base64, because the Q encoding would let
// characters through that may not stand in a name (RFC 2047, 5, rule 3), a backslash among them.
func address(a netmail.Address) string {
	if ascii(a.Name) {
		return a.String()
	}
	unnamed := netmail.Address{Address: a.Address}
	return mime.BEncoding.Encode("utf-8", a.Name) + " " + unnamed.String()
}

// parseAddress reads a configured address with or without a name.
func parseAddress(text string) (netmail.Address, error) {
	parsed, err := netmail.ParseAddress(text)
	if err != nil {
		return netmail.Address{}, fmt.Errorf("%q is not a mail address: %w", text, err)
	}
	if !ascii(parsed.Address) {
		return netmail.Address{}, fmt.Errorf("%q has characters that SES cannot send from", text)
	}
	return *parsed, nil
}

// plain refuses control characters, line ends first of all, where a single line of text belongs.
func plain(what, text string) error {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return malformed(what + " has a line end or another control character in it")
	}
	return nil
}

func malformed(detail string) error {
	return casework.NewFault(casework.Refused, "mail-malformed", "The mail cannot be written: "+detail+".")
}

func ascii(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
}
