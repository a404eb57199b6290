package mail_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/mail"
)

var update = flag.Bool("update", false, "write the golden files")

func TestMessage_Golden(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*docket.Envelope){
		"plain": func(*docket.Envelope) {},
		"letter": func(e *docket.Envelope) {
			e.To = docket.Recipient{Name: "Bronwen Rhŷs (exams officer)", Address: "bronwen.rhys@bryn-glas.example"}
			e.Subject = "Outcome of your review of marking for Siân Ŵyn: the grade changes from 5 to 6 and the fee of £62.00 is waived"
			e.Text = "Dear Bronwen,\n\nThe grade changes from 5 to 6 – no fee of £62.00 is due.\n.\nFrom here on = signs and a line that is much longer than seventy-six characters have to survive.\n"
			e.HTML = "<p>The grade changes from 5 to 6 – no fee of £62.00 is due.</p>\n"
			e.Attachments = []docket.Attachment{
				{Name: "outcome-R-7K4F-M2QX-9TBD-H.pdf", MediaType: "application/pdf", Body: bytes.Repeat([]byte("%PDF-1.7 "), 20)},
				{Name: "canlyniad Ŵyn.txt", MediaType: "text/plain; charset=utf-8", Body: []byte("6")},
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := envelope()
			change(&e)
			raw := rawOf(t, e, mail.WithReplyTo("Exams team <exams@cambria.example>"))
			require.Equal(t, raw, rawOf(t, e, mail.WithReplyTo("Exams team <exams@cambria.example>")), "the same envelope, the same bytes")
			file := filepath.Join("testdata", name+".eml")
			if *update {
				require.NoError(t, os.WriteFile(file, raw, 0o600))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(want), string(raw))
		})
	}
}

func TestMessage_ComesBackAsItWasMeant(t *testing.T) {
	t.Parallel()
	endpoint, captured := capture(t)
	sender := senderTo(t, endpoint)
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.StringOf(rapid.RuneFrom([]rune("abc XYZ,.:;=?<>\"()@\\éŴ£–漢"))).Filter(func(s string) bool { return strings.TrimSpace(s) == s })
		text := rapid.StringOf(rapid.RuneFrom([]rune("abc .-=\té£\n")))
		e := envelope()
		e.To.Name = line.Draw(t, "name")
		e.Subject = strings.Join(strings.Fields(line.Draw(t, "subject")), " ")
		e.Text, e.HTML = text.Draw(t, "text"), text.Draw(t, "html")
		body := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "attachment")
		e.Attachments = []docket.Attachment{{Name: "a.pdf", MediaType: "application/pdf", Body: body}}
		_, err := sender.Send(t.Context(), e)
		require.NoError(t, err)
		raw := <-captured

		for line := range strings.SplitSeq(string(raw), "\r\n") {
			require.LessOrEqual(t, len(line), 998)
			require.NotContains(t, line, "\n")
		}
		message, err := netmail.ReadMessage(bytes.NewReader(raw))
		require.NoError(t, err)
		to, err := message.Header.AddressList("To")
		require.NoError(t, err)
		require.Equal(t, []*netmail.Address{{Name: e.To.Name, Address: e.To.Address}}, to)
		subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
		require.NoError(t, err)
		require.Equal(t, e.Subject, subject)

		parts := read(t, message.Header.Get("Content-Type"), message.Body)
		require.Len(t, parts, 2)
		alternatives := read(t, parts[0].Header.Get("Content-Type"), bytes.NewReader(parts[0].content))
		require.Len(t, alternatives, 2)
		require.Equal(t, e.Text, decoded(t, alternatives[0].content))
		require.Equal(t, e.HTML, decoded(t, alternatives[1].content))
		attached, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(string(parts[1].content), "\r\n", ""))
		require.NoError(t, err)
		require.Equal(t, body, append([]byte{}, attached...))
	})
}

func TestMessage_NothingCanStartAnotherHeader(t *testing.T) {
	t.Parallel()
	for name, inject := range map[string]func(*docket.Envelope){
		"a subject":           func(e *docket.Envelope) { e.Subject = "Outcome\r\nBcc: all@evil.example" },
		"a subject's LF":      func(e *docket.Envelope) { e.Subject = "Outcome\nBcc: all@evil.example" },
		"a name":              func(e *docket.Envelope) { e.To.Name = "Amira\r\nBcc: all@evil.example" },
		"an address":          func(e *docket.Envelope) { e.To.Address = "a@b.example\r\nBcc: all@evil.example" },
		"a list of addresses": func(e *docket.Envelope) { e.To.Address = "a@b.example, c@d.example" },
		"a named address":     func(e *docket.Envelope) { e.To.Address = "A <a@b.example>" },
		"no address":          func(e *docket.Envelope) { e.To.Address = "" },
		"letters beyond SES":  func(e *docket.Envelope) { e.To.Address = "jörg@b.example" },
		"a file name": func(e *docket.Envelope) {
			e.Attachments = []docket.Attachment{{Name: "a\r\nX: y", MediaType: "text/plain"}}
		},
		"a file type": func(e *docket.Envelope) {
			e.Attachments = []docket.Attachment{{Name: "a", MediaType: "text/plain\r\nX: y"}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := envelope()
			inject(&e)
			sent := false
			endpoint := serve(t, func(w http.ResponseWriter, r *http.Request) { sent = true; accepted(w, r) })
			_, err := senderTo(t, endpoint).Send(t.Context(), e)
			require.Equal(t, "mail-malformed", requireFault(t, err, casework.Refused).Code)
			require.False(t, sent)
		})
	}
}

// capture runs an SES that accepts everything and passes on the raw message.
func capture(t *testing.T) (endpoint string, messages <-chan []byte) {
	t.Helper()
	captured := make(chan []byte, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := base64.StdEncoding.DecodeString(r.FormValue("RawMessage.Data"))
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		captured <- raw
		accepted(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, captured
}

func rawOf(t *testing.T, e docket.Envelope, options ...mail.Option) []byte {
	t.Helper()
	endpoint, captured := capture(t)
	_, err := senderTo(t, endpoint, options...).Send(t.Context(), e)
	require.NoError(t, err)
	return <-captured
}

type part struct {
	*multipart.Part
	content []byte
}

func read(t *rapid.T, contentType string, body io.Reader) []part {
	_, params, err := mime.ParseMediaType(contentType)
	require.NoError(t, err)
	reader := multipart.NewReader(body, params["boundary"])
	var parts []part
	for {
		p, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return parts
		}
		require.NoError(t, err)
		content, err := io.ReadAll(p)
		require.NoError(t, err)
		parts = append(parts, part{p, content})
	}
}

func decoded(t *rapid.T, content []byte) string {
	text, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(content)))
	require.NoError(t, err)
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}
