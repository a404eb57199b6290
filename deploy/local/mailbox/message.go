package mailbox

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
)

// Content is what a reader sees of a message.
type Content struct {
	Text        string       `json:"text"`
	HTML        string       `json:"html"`
	Attachments []Attachment `json:"attachments"`
	// Damage is the first thing that could not be read; the rest is shown all the same.
	Damage string `json:"damage,omitempty"`
}

// Attachment is a part that is not the message's text.
type Attachment struct {
	Number    int    `json:"number"` // counts from 1 in the message
	Name      string `json:"name"`   // of its file; made from the number where the part has none
	MediaType string `json:"mediaType"`
	Size      int    `json:"size"` // bytes
	body      []byte
}

// deepest is how far parts may lie inside parts. Each level reads through all levels above it.
const deepest = 20

// parse reads the parts of a raw message, as far as they can be read.
func parse(raw []byte) Content {
	var content Content
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		content.damaged("the message", err)
		return content
	}
	content.add(header{message.Header}, message.Body, 0)
	return content
}

func (c *Content) damaged(what string, err error) {
	if c.Damage == "" {
		c.Damage = fmt.Sprintf("%s cannot be read: %v", what, err)
	}
}

// header is what a message and a part of one have in common.
type header struct {
	values interface{ Get(string) string }
}

// add takes in one part, and the parts inside it.
func (c *Content) add(h header, body io.Reader, depth int) {
	mediaType, parameters, err := mime.ParseMediaType(orElse(h.values.Get("Content-Type"), "text/plain"))
	if err != nil {
		c.damaged("a content type", err)
		mediaType = orElse(mediaType, "text/plain")
	}
	if strings.HasPrefix(mediaType, "multipart/") {
		c.addParts(multipart.NewReader(body, parameters["boundary"]), depth+1)
		return
	}
	decoded, err := io.ReadAll(transferDecoder(h.values.Get("Content-Transfer-Encoding"), body))
	if err != nil {
		c.damaged("a part", err)
	}
	disposition, named, err := mime.ParseMediaType(orElse(h.values.Get("Content-Disposition"), "inline"))
	if err != nil {
		c.damaged("a content disposition", err)
	}
	name := decodeHeader(orElse(named["filename"], parameters["name"]))
	switch {
	case name == "" && disposition != "attachment" && mediaType == "text/html":
		c.HTML += string(decoded)
	case name == "" && disposition != "attachment" && mediaType == "text/plain":
		c.Text += string(decoded)
	default:
		number := len(c.Attachments) + 1
		c.Attachments = append(c.Attachments, Attachment{
			Number: number, Name: orElse(name, fmt.Sprintf("part-%d", number)), MediaType: mediaType,
			Size: len(decoded), body: decoded,
		})
	}
}

func (c *Content) addParts(parts *multipart.Reader, depth int) {
	if depth > deepest {
		c.damaged("a part", fmt.Errorf("parts lie inside each other more than %d deep", deepest))
		return
	}
	for found := 0; ; found++ {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			if found == 0 {
				c.damaged("a part", errors.New("the boundary between parts never comes"))
			}
			return
		}
		if err != nil {
			c.damaged("a part", err)
			return
		}
		c.add(header{part.Header}, part, depth)
	}
}

func transferDecoder(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	default:
		return body
	}
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

// decodeHeader makes an encoded header readable; one that cannot be decoded stays as it came.
func decodeHeader(value string) string {
	decoded, err := new(mime.WordDecoder).DecodeHeader(value)
	if err != nil {
		return value
	}
	return decoded
}

// stamp does to a raw message what SES does: it sets its own Message-ID and Date and takes out its
// private headers and the blind copies.
func stamp(raw []byte, messageID, date string) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "Message-ID: <%s@eu-west-2.amazonses.com>\r\nDate: %s\r\n", messageID, date)
	head, body, _ := bytes.Cut(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	keep := true
	for line := range bytes.SplitSeq(head, []byte("\n")) {
		if len(line) > 0 && line[0] != ' ' && line[0] != '\t' { // else the line continues the one before
			keep = !replaced(line)
		}
		if keep {
			out.Write(line)
			out.WriteString("\r\n")
		}
	}
	out.WriteString("\r\n")
	out.Write(bytes.ReplaceAll(body, []byte("\n"), []byte("\r\n")))
	return out.Bytes()
}

func replaced(line []byte) bool {
	name, _, _ := bytes.Cut(bytes.ToLower(line), []byte(":"))
	switch name = bytes.TrimSpace(name); string(name) {
	case "message-id", "date", "bcc":
		return true
	default:
		return bytes.HasPrefix(name, []byte("x-ses-"))
	}
}
