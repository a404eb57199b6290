package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strconv"

	"github.com/recourse-exams/recourse/casework/docket"
)

// base64Line is the longest line of a base64 part (RFC 2045, 6.8).
const base64Line = 76

// compose writes the mail as RFC 5322 text: the text and the HTML as alternatives, then the attachments. The
// same envelope gives the same bytes. Date and Message-ID are left out, because SES sets its own.
func (s *Sender) compose(envelope docket.Envelope) ([]byte, error) {
	head, err := s.header(envelope)
	if err != nil {
		return nil, err
	}
	body, err := alternatives(envelope)
	if err == nil && len(envelope.Attachments) > 0 {
		body, err = withAttachments(envelope, body)
	}
	if err != nil {
		return nil, err
	}
	head = append(head, field{"Content-Type", body.contentType})
	return append(head.bytes(), body.content...), nil
}

// entity is a MIME body with the type that its header must name.
type entity struct {
	contentType string
	content     []byte
}

// alternatives puts the HTML after the text: the last alternative is the preferred one (RFC 2046, 5.1.4).
func alternatives(envelope docket.Envelope) (entity, error) {
	return multi("alternative", envelope, func(parts *multipart.Writer) error {
		for _, part := range []struct{ contentType, content string }{
			{"text/plain; charset=utf-8", envelope.Text},
			{"text/html; charset=utf-8", envelope.HTML},
		} {
			w, err := parts.CreatePart(textproto.MIMEHeader{
				"Content-Type":              {part.contentType},
				"Content-Transfer-Encoding": {"quoted-printable"},
			})
			if err != nil {
				return err
			}
			quoted := quotedprintable.NewWriter(w)
			if _, err := io.WriteString(quoted, part.content); err != nil {
				return err
			}
			if err := quoted.Close(); err != nil {
				return err
			}
		}
		return nil
	})
}

func withAttachments(envelope docket.Envelope, body entity) (entity, error) {
	return multi("mixed", envelope, func(parts *multipart.Writer) error {
		w, err := parts.CreatePart(textproto.MIMEHeader{"Content-Type": {body.contentType}})
		if err != nil {
			return err
		}
		if _, err := w.Write(body.content); err != nil {
			return err
		}
		for _, attachment := range envelope.Attachments {
			if err := attach(parts, attachment); err != nil {
				return err
			}
		}
		return nil
	})
}

func attach(parts *multipart.Writer, attachment docket.Attachment) error {
	if err := plain("an attachment's name", attachment.Name); err != nil {
		return err
	}
	if err := plain("an attachment's type", attachment.MediaType); err != nil {
		return err
	}
	w, err := parts.CreatePart(textproto.MIMEHeader{
		"Content-Type":              {attachment.MediaType},
		"Content-Disposition":       {mime.FormatMediaType("attachment", map[string]string{"filename": attachment.Name})},
		"Content-Transfer-Encoding": {"base64"},
	})
	if err != nil {
		return err
	}
	text := base64.StdEncoding.EncodeToString(attachment.Body)
	for len(text) > 0 {
		line := text[:min(base64Line, len(text))]
		text = text[len(line):]
		if _, err := io.WriteString(w, line+"\r\n"); err != nil {
			return err
		}
	}
	return nil
}

// multi writes a multipart entity whose boundary is derived from the envelope, so that it is the same again.
func multi(subtype string, envelope docket.Envelope, write func(*multipart.Writer) error) (entity, error) {
	var out bytes.Buffer
	parts := multipart.NewWriter(&out)
	if err := parts.SetBoundary(boundary(subtype, envelope)); err != nil {
		return entity{}, err
	}
	if err := write(parts); err != nil {
		return entity{}, err
	}
	if err := parts.Close(); err != nil {
		return entity{}, err
	}
	return entity{contentType: fmt.Sprintf("multipart/%s; boundary=%s", subtype, parts.Boundary()), content: out.Bytes()}, nil
}

// boundary is a hash, which no line of an encoded part can be by chance.
func boundary(subtype string, envelope docket.Envelope) string {
	hash := sha256.New()
	for _, part := range []string{subtype, strconv.FormatInt(envelope.LedgerID, 10), envelope.Text, envelope.HTML} {
		_, _ = io.WriteString(hash, part+"\x00") // A hash takes everything.
	}
	return hex.EncodeToString(hash.Sum(nil)[:16])
}
