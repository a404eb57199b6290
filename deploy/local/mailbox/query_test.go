package mailbox_test

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/mailbox"
)

// reply is an answer of the Query protocol, success or not.
type reply struct {
	XMLName   xml.Name
	MessageID string `xml:"SendEmailResult>MessageId"`
	Type      string `xml:"Error>Type"`
	Code      string `xml:"Error>Code"`
	Message   string `xml:"Error>Message"`
	RequestID string `xml:"RequestId"`
	MetaID    string `xml:"ResponseMetadata>RequestId"`
}

// ask posts a body as it is, with a signature that names a key: what an SDK would never send can be sent so.
func (b *box) ask(body, authorization string) (int, reply) {
	request, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.url+"/", strings.NewReader(body))
	require.NoError(b.t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	answer, err := http.DefaultClient.Do(request)
	require.NoError(b.t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(b.t, err)
	require.Equal(b.t, "text/xml", answer.Header.Get("Content-Type"), "%s", text)
	var r reply
	require.NoError(b.t, xml.Unmarshal(text, &r), "%s", text) //nolint:musttag // the element's name is asked for too, and has no tag
	return answer.StatusCode, r
}

const signed = "AWS4-HMAC-SHA256 Credential=" + accessKey + "/20260820/eu-west-2/ses/aws4_request, SignedHeaders=host, Signature=00"

// form writes pairs of a name and a value as a form.
func form(pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values.Encode()
}

// simple is a whole SendEmail; further pairs are added or win.
func simple(pairs ...string) string {
	return form(append([]string{
		"Action", "SendEmail", "Source", "results@cambria.example", "Destination.ToAddresses.member.1", "a@x.example",
		"Message.Subject.Data", "Subject", "Message.Body.Text.Data", "Text",
	}, pairs...)...)
}

func TestQuery_EverySuccessAndEveryRefusalNamesItsRequest(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	status, sent := b.ask(simple(), signed)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, xml.Name{Space: "http://ses.amazonaws.com/doc/2010-12-01/", Local: "SendEmailResponse"}, sent.XMLName)
	require.Equal(t, b.mails()[0].ID, sent.MessageID)
	require.NotEmpty(t, sent.MetaID)
	require.NotEqual(t, sent.MessageID, sent.MetaID)

	status, refused := b.ask(form("Action", "ListTemplates"), signed)
	require.Equal(t, http.StatusBadRequest, status)
	require.Equal(t, "ErrorResponse", refused.XMLName.Local)
	require.Equal(t, "Sender", refused.Type, "an SDK does not repeat what the sender did wrong")
	require.Equal(t, "InvalidAction", refused.Code)
	require.Contains(t, refused.Message, "ListTemplates")
	require.NotEmpty(t, refused.RequestID)
}

func TestQuery_OnlyTheStacksOwnKeyMaySend(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	for name, authorization := range map[string]string{
		"none":                      "",
		"another scheme":            "Bearer " + accessKey,
		"a key that begins with it": strings.Replace(signed, accessKey, accessKey+"2", 1),
		"a key that ends with it":   strings.Replace(signed, accessKey, "A"+accessKey, 1),
		"the key in another place":  "AWS4-HMAC-SHA256 Credential=OTHER/x, SignedHeaders=" + accessKey + "/, Signature=00",
	} {
		status, answer := b.ask(simple(), authorization)
		require.Equal(t, http.StatusForbidden, status, name)
		require.Equal(t, "InvalidClientTokenId", answer.Code, name)
	}
	require.Empty(t, b.mails())
}

func TestQuery_ARequestThatMakesNoSenseIsTheSendersFault(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	raw := func(message string) string {
		return form("Action", "SendRawEmail", "RawMessage.Data", base64.StdEncoding.EncodeToString([]byte(message)))
	}
	for name, c := range map[string]struct{ body, code string }{
		"an empty body":                {"", "InvalidAction"},
		"no action":                    {form("Source", "a@x.example"), "InvalidAction"},
		"a broken form":                {"Action=SendEmail&Source=%zz", "InvalidParameterValue"},
		"a raw mail without data":      {form("Action", "SendRawEmail"), "InvalidParameterValue"},
		"data that is not base64":      {form("Action", "SendRawEmail", "RawMessage.Data", "Fee: £15"), "InvalidParameterValue"},
		"a continued line first":       {raw(" From: a@x.example\n\nhello"), "InvalidParameterValue"},
		"nobody, in words":             {raw("From: a@x.example\nTo: undisclosed-recipients:;\n\nhello"), "InvalidParameterValue"},
		"a destination that is empty":  {simple("Destination.ToAddresses.member.1", ""), "InvalidParameterValue"},
		"a destination without a host": {simple("Destination.ToAddresses.member.1", "amira"), "InvalidParameterValue"},
		"no source":                    {simple("Source", ""), "InvalidParameterValue"},
		"a source that is a name":      {simple("Source", "Cambria Awards"), "InvalidParameterValue"},
		"a header inside the source":   {simple("Source", "a@x.example\r\nX-SES-MESSAGE-TAGS: ledger=forged"), "InvalidParameterValue"},
		"a header inside a recipient":  {simple("Destination.ToAddresses.member.1", "a@x.example\r\nBcc: b@x.example"), "InvalidParameterValue"},
		"a tag without a value":        {simple("Tags.member.1.Name", "ledger"), "InvalidParameterValue"},
		"a tag with a space":           {simple("Tags.member.1.Name", "ledger", "Tags.member.1.Value", "a b"), "InvalidParameterValue"},
		"a tag that is too long":       {simple("Tags.member.1.Name", "ledger", "Tags.member.1.Value", strings.Repeat("a", 257)), "InvalidParameterValue"},
	} {
		status, answer := b.ask(c.body, signed)
		require.Equal(t, http.StatusBadRequest, status, name)
		require.Equal(t, c.code, answer.Code, "%s: %s", name, answer.Message)
		require.Equal(t, "Sender", answer.Type, name)
	}
	require.Empty(t, b.mails(), "nothing of it was accepted")
}

func TestQuery_ASubjectCannotBecomeAnotherHeader(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	subject := "Outcome\r\nBcc: everybody@x.example\r\n\r\n<script>"
	status, sent := b.ask(simple("Message.Subject.Data", subject), signed)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, subject, b.mails()[0].Subject)
	require.Equal(t, []string{"a@x.example"}, b.mails()[0].To)
	_, raw := b.get("/messages/"+sent.MessageID+"/raw", "")
	require.NotContains(t, raw, "\r\nBcc:")
}

// Amazon SES, "Service quotas": 50 recipients per message.
func TestQuery_AMessageHasAtMostFiftyRecipients(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	var addresses []string
	for n := range 51 {
		addresses = append(addresses, fmt.Sprintf("a%d@x.example", n))
	}
	send := func(to, copies []string) error {
		_, err := b.ses.SendEmail(t.Context(), &ses.SendEmailInput{
			Source: aws.String("results@cambria.example"), Destination: &types.Destination{ToAddresses: to, BccAddresses: copies},
			Message: &types.Message{Subject: &types.Content{Data: aws.String("s")}, Body: &types.Body{}},
		})
		return err
	}
	require.NoError(t, send(addresses[:49], addresses[49:50]))
	require.Equal(t, addresses[:50], b.mails()[0].To)
	var api smithy.APIError
	require.ErrorAs(t, send(addresses[:49], addresses[49:]), &api, "copies count too")
	require.Equal(t, "InvalidParameterValue", api.ErrorCode())
	require.Len(t, b.mails(), 1)
}

// Amazon SES, "Service quotas": 10 MB per message, attachments included.
func TestQuery_AMessageIsAtMostTenMegabytes(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	const head = "From: results@cambria.example\nTo: a@x.example\n\n"
	send := func(size int) error {
		_, err := b.ses.SendRawEmail(t.Context(), &ses.SendRawEmailInput{RawMessage: &types.RawMessage{
			Data: append([]byte(head), bytes.Repeat([]byte{'x'}, size-len(head))...),
		}})
		return err
	}
	require.NoError(t, send(10<<20))
	var api smithy.APIError
	for _, tooLarge := range []int{10<<20 + 1, 16 << 20} {
		require.ErrorAs(t, send(tooLarge), &api)
		require.Equal(t, "InvalidParameterValue", api.ErrorCode(), tooLarge)
	}
	require.Len(t, b.mails(), 1)
}

func TestQuery_TheEnvelopeDecidesWhoIsToldAndNotTheHeader(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	id := b.mustSend(`"Holt, Amira" <amira@alderbrook.example>`, "L-1")
	require.Equal(t, []string{"amira@alderbrook.example"}, b.mails()[0].To)
	_, raw := b.get("/messages/"+id+"/raw", "")
	require.Contains(t, raw, "To: Amira Holt <amira@alderbrook.example>")
}

func TestQuery_ABlindCopyIsHiddenHoweverItsHeaderIsWritten(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]string{
		"as usual":              "Bcc: secret@x.example\n",
		"in capitals":           "BCC:secret@x.example\n",
		"with a space":          "Bcc : secret@x.example\n",
		"folded":                "Bcc:\n secret@x.example\n",
		"folded with a tab":     "Bcc: Archive\n\t<secret@x.example>\n",
		"with a carriage break": "Bcc: secret@x.example\r\n",
		"twice":                 "Bcc: other@x.example\nBcc: secret@x.example\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			answer, err := b.ses.SendRawEmail(t.Context(), &ses.SendRawEmailInput{
				Destinations: []string{"a@x.example"},
				RawMessage:   &types.RawMessage{Data: []byte("From: b@x.example\n" + header + "Subject: kept\n\nThe body: Bcc: none\n")},
			})
			require.NoError(t, err)
			_, raw := b.get("/messages/"+aws.ToString(answer.MessageId)+"/raw", "")
			require.NotContains(t, raw, "secret@x.example")
			require.Contains(t, raw, "Subject: kept\r\n", "the header after it stays")
			require.Contains(t, raw, "The body: Bcc: none", "and so does the body")
		})
	}
}

func TestQuery_TheQuotaCountsWhatWasAccepted(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.fault(mailbox.Fault{Mode: mailbox.Reject, Count: 1})
	_, err := b.send("a@x.example", "L-1")
	require.Error(t, err)
	for range 3 {
		b.mustSend("a@x.example", "L-1")
	}
	quota, err := b.ses.GetSendQuota(t.Context(), &ses.GetSendQuotaInput{})
	require.NoError(t, err)
	require.InDelta(t, 3, quota.SentLast24Hours, 0)
}
