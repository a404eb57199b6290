package mailbox

import (
	"bytes"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net/url"
	"strings"
)

const boundary = "parts-of-a-simple-message"

// simpleMessage writes the message that SES would make of SendEmail's parameters.
func simpleMessage(form url.Values) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "From: %s\r\n", form.Get("Source"))
	for _, field := range []struct{ header, list string }{
		{"To", "Destination.ToAddresses"}, {"Cc", "Destination.CcAddresses"},
	} {
		var addresses []string
		for i := 1; form.Has(member(field.list, i)); i++ {
			addresses = append(addresses, form.Get(member(field.list, i)))
		}
		if len(addresses) > 0 {
			fmt.Fprintf(&out, "%s: %s\r\n", field.header, strings.Join(addresses, ", "))
		}
	}
	fmt.Fprintf(&out, "Subject: %s\r\n", mime.QEncoding.Encode("utf-8", form.Get("Message.Subject.Data")))
	fmt.Fprintf(&out, "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=%q\r\n\r\n", boundary)
	writePart(&out, "text/plain", form.Get("Message.Body.Text.Data"))
	writePart(&out, "text/html", form.Get("Message.Body.Html.Data"))
	fmt.Fprintf(&out, "--%s--\r\n", boundary)
	return out.Bytes()
}

func writePart(out *bytes.Buffer, mediaType, body string) {
	if body == "" {
		return
	}
	fmt.Fprintf(out, "--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
		boundary, mediaType)
	// Writes to a buffer do not fail.
	encoder := quotedprintable.NewWriter(out)
	_, _ = encoder.Write([]byte(body))
	_ = encoder.Close()
	out.WriteString("\r\n")
}
