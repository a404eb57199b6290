package mailbox_test

import (
	"fmt"
	"mime"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/deploy/local/mailbox"
)

// deliver sends headers and a body as they are and returns the mail's path.
func (b *box) deliver(message string) string {
	answer, err := b.ses.SendRawEmail(b.t.Context(), &ses.SendRawEmailInput{
		Source: aws.String("results@cambria.example"), Destinations: []string{"a@x.example"},
		RawMessage: &types.RawMessage{Data: []byte(message)},
	})
	require.NoError(b.t, err)
	return "/messages/" + aws.ToString(answer.MessageId)
}

func (b *box) content(path string) mailbox.Content {
	var content mailbox.Content
	b.json(path, &content)
	return content
}

// mixed is a message with the given parts, each with its headers.
func mixed(parts ...string) string {
	return "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n" + strings.Join(parts, "\n--b\n") + "\n--b--\n"
}

const greeting = "Content-Type: text/plain\n\nDear Amira"

// SES takes these mails, so a person must see that they came and what is wrong with them.
func TestDamage_AMailThatCannotBeReadWholeIsShownAsFarAsItCan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		message string
		text    string // what can be read of it
		damage  string // what is said about the rest; "" where all can be read
	}{
		"no body at all":           {"Subject: s", "", ""},
		"an empty body":            {"Subject: s\n\n", "", ""},
		"a content type of noise":  {"Content-Type: ;;;\n\nDear Amira", "Dear Amira", "content type"},
		"a parameter of noise":     {"Content-Type: text/plain; charset=a b\n\nDear Amira", "Dear Amira", "content type"},
		"parts without a boundary": {"Content-Type: multipart/mixed\n\n--b\n" + greeting, "", "boundary"},
		"parts that never end":     {"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + greeting, "Dear Amira", "EOF"},
		"a boundary never met":     {"Content-Type: multipart/mixed; boundary=b\n\nDear Amira", "", "never comes"},
		"a part without a header":  {mixed("\nDear Amira"), "Dear Amira", ""},
		"base64 that is none":      {mixed(greeting, "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n!!!!"), "Dear Amira", "base64"},
		"base64 that is cut short": {mixed(greeting, "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjcK\nJV"), "Dear Amira", "EOF"},
		"an escape that is none":   {"Content-Transfer-Encoding: quoted-printable\n\nDear Amira=ZZ", "Dear Amira=ZZ", ""},
		"an unknown encoding":      {"Content-Transfer-Encoding: rot13\n\nDear Amira", "Dear Amira", ""},
		"a name with a space":      {mixed(greeting, "Content-Disposition: attachment; filename=my letter.pdf\nContent-Type: application/pdf\n\n%PDF"), "Dear Amira", "disposition"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			path := b.deliver(c.message)
			content := b.content(path)
			require.Equal(t, c.text, strings.TrimSpace(content.Text))
			if c.damage == "" {
				require.Empty(t, content.Damage)
			} else {
				require.Contains(t, content.Damage, c.damage)
			}
			answer, page := b.get(path, "text/html")
			require.Equal(t, http.StatusOK, answer.StatusCode, page)
			require.Equal(t, c.damage != "", strings.Contains(page, `class="note"`))
			answer, _ = b.get(path+"/raw", "")
			require.Equal(t, http.StatusOK, answer.StatusCode, "what was sent can be looked at in any case")
		})
	}
}

func TestDamage_PartsInPartsWithoutEndAreLeftAlone(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	nest := func(depth int) string {
		var head, tail strings.Builder
		for n := range depth {
			fmt.Fprintf(&head, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", n, n)
			fmt.Fprintf(&tail, "\n--b%d--\n", depth-1-n)
		}
		return head.String() + greeting + tail.String()
	}
	ordinary := b.content(b.deliver(nest(20)))
	require.Equal(t, "Dear Amira", ordinary.Text)
	require.Empty(t, ordinary.Damage)
	for _, depth := range []int{21, 2000} {
		hostile := b.content(b.deliver(nest(depth)))
		require.Empty(t, hostile.Text)
		require.Contains(t, hostile.Damage, "20 deep")
	}
}

func TestDamage_EveryPartThatIsNotTextCanBeOpened(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	path := b.deliver(mixed(
		greeting,
		"Content-Type: text/html\n\n<p>one</p>",
		"Content-Type: text/html\n\n<p>two</p>",
		"Content-Type: application/pdf\n\n%PDF without a name",
		"Content-Type: text/plain\nContent-Disposition: attachment\n\na note that is not the letter",
		"Content-Type: text/html; name=\"=?utf-8?q?canlyniad_=C5=B4yn.html?=\"\n\n<script>alert(2)</script>",
		"Content-Type: message/rfc822\n\nSubject: inner\n\ninner text",
		"Content-Type: application/pdf\nContent-Disposition: attachment; filename=\"a\\\"b.pdf\"\n\n%PDF",
		"Content-Type: application/pdf\nContent-Disposition: attachment; filename=\"../../etc/passwd\"\n\n%PDF",
	))
	content := b.content(path)
	require.Empty(t, content.Damage)
	require.Equal(t, "Dear Amira", content.Text, "an attached note is no part of the letter")
	require.Equal(t, "<p>one</p><p>two</p>", content.HTML)
	var names []string
	for n, a := range content.Attachments {
		require.Equal(t, n+1, a.Number)
		names = append(names, a.Name)
		answer, body := b.get(fmt.Sprintf("%s/attachments/%d", path, a.Number), "")
		require.Equal(t, http.StatusOK, answer.StatusCode)
		require.Len(t, body, a.Size)
		require.Equal(t, "nosniff", answer.Header.Get("X-Content-Type-Options"))
		kind, parameters, err := mime.ParseMediaType(answer.Header.Get("Content-Disposition"))
		require.NoError(t, err)
		require.Equal(t, "attachment", kind, "a browser stores it and shows nothing")
		require.Equal(t, a.Name, parameters["filename"])
	}
	require.Equal(t, []string{"part-1", "part-2", "canlyniad Ŵyn.html", "part-4", `a"b.pdf`, "../../etc/passwd"}, names)
	_, page := b.get(path, "")
	require.NotContains(t, page, "alert(2)")
	require.Contains(t, page, "canlyniad Ŵyn.html")
}

func TestDamage_NoHeaderCanWriteIntoThePages(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	const attack = `"><script>alert(3)</script>`
	path := b.deliver("From: \"" + `\"><script>alert(3)</script>` + "\" <a@x.example>\nSubject: </title>" + attack + "\n" +
		mixed("Content-Type: text/plain\n\n</pre>"+attack, "Content-Type: x/y; name=\"<script>alert(3)</script>\"\n\nx"))
	b.fault(mailbox.Fault{Mode: mailbox.Reject, Match: attack})
	for _, page := range []string{"/", path, "/?to=" + "%22%3E%3Cscript%3Ealert(3)%3C/script%3E"} {
		answer, html := b.get(page, "text/html")
		require.Equal(t, http.StatusOK, answer.StatusCode, page)
		require.NotContains(t, html, "<script", page)
		require.Equal(t, 1, strings.Count(html, "</title>"), page)
		require.Contains(t, answer.Header.Get("Content-Security-Policy"), "default-src 'none'", page)
	}
}

// Whatever a mail is made of, it is kept, it can be read as sent, and its page is served.
func TestDamage_NoMailTakesTheInboxDown(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	pieces := []string{
		"Content-Type: ", "multipart/mixed; boundary=b", "text/html", "text/plain; charset=\"", "\n", "\n\n", "\r\n", "--b", "--b--", " ", ";",
		"Content-Transfer-Encoding: base64\n", "Content-Disposition: attachment; filename=", "=?utf-8?q?=C5?=", "Subject: ", "\x00", "\xff", "é", "x",
	}
	rapid.Check(t, func(r *rapid.T) {
		body := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 25).Draw(r, "pieces"), "")
		path := b.deliver("X-Kept: yes\n" + "Content-Type: multipart/mixed; boundary=b\n\n--b\n" + body)
		for _, view := range []string{"", "/html", "/raw"} {
			answer, _ := b.get(path+view, "text/html")
			require.Equal(r, http.StatusOK, answer.StatusCode, view)
		}
		_, raw := b.get(path+"/raw", "")
		require.Equal(r, 1, strings.Count(raw, "X-Kept: yes\r\n"))
	})
}
