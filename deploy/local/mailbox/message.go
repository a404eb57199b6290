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
}

// Attachment is a part that has a file name.
type Attachment struct {
	Number    int    `json:"number"` // counts from 1 in the message
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Size      int    `json:"size"` // bytes
	body      []byte
}

// parse reads the parts of a raw message.
func parse(raw []byte) (Content, error) {
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Content{}, fmt.Errorf("read the message: %w", err)
	}
	var content Content
	if err := content.add(header{message.Header}, message.Body); err != nil {
		return Content{}, err
	}
	return content, nil
}

// header is what a message and a part of one have in common.
type header struct {
	values interface{ Get(string) string }
}

// add takes in one part, and the parts inside it.
func (c *Content) add(h header, body io.Reader) error {
	mediaType, parameters, err := mime.ParseMediaType(orElse(h.values.Get("Content-Type"), "text/plain"))
	if err != nil {
		return fmt.Errorf("read a content type: %w", err)
	}
	if strings.HasPrefix(mediaType, "multipart/") {
		parts := multipart.NewReader(body, parameters["boundary"])
		for {
			part, err := parts.NextRawPart()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("read a part: %w", err)
			}
			if err := c.add(header{part.Header}, part); err != nil {
				return err
			}
		}
	}
	decoded, err := io.ReadAll(transferDecoder(h.values.Get("Content-Transfer-Encoding"), body))
	if err != nil {
		return fmt.Errorf("decode a part: %w", err)
	}
	_, disposition, err := mime.ParseMediaType(orElse(h.values.Get("Content-Disposition"), "inline"))
	if err != nil {
		return fmt.Errorf("read a content disposition: %w", err)
	}
	name := orElse(disposition["filename"], parameters["name"])
	switch {
	case name != "":
		c.Attachments = append(c.Attachments, Attachment{
			Number: len(c.Attachments) + 1, Name: name, MediaType: mediaType, Size: len(decoded), body: decoded,
		})
	case mediaType == "text/html":
		c.HTML = string(decoded)
	case mediaType == "text/plain":
		c.Text += string(decoded)
	}
	return nil
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
	switch string(name) {
	case "message-id", "date", "bcc":
		return true
	default:
		return bytes.HasPrefix(name, []byte("x-ses-"))
	}
}
