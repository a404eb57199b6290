package mailbox_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/mailbox"
)

const accessKey = "LOCALKEY"

// box is a served mail folder with an SES client in front of it.
type box struct {
	t   *testing.T
	dir string
	url string
	ses *ses.Client
	now time.Time
	// ahead is what the stack's clock is ahead of now; nil where there is no such clock.
	ahead func(context.Context) (time.Duration, error)
}

func newBox(t *testing.T) *box {
	t.Helper()
	b := &box{t: t, dir: t.TempDir(), now: time.Date(2026, 8, 20, 9, 30, 0, 0, time.UTC)}
	b.serve()
	return b
}

// serve opens the folder as a new process does.
func (b *box) serve() {
	opened, err := mailbox.Open(b.dir)
	require.NoError(b.t, err)
	handler := mailbox.NewHandler(mailbox.Config{Dir: b.dir, AccessKey: accessKey}, opened,
		mailbox.Clock{Wall: func() time.Time { return b.now }, Ahead: b.ahead}, slog.New(slog.DiscardHandler))
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	b.t.Cleanup(server.Close)
	b.url, b.ses = server.URL, client(server.URL, accessKey)
}

// client tries each request once, so that a test sees what the first answer was.
func client(url, key string) *ses.Client {
	return ses.New(ses.Options{
		Region: "eu-west-2", BaseEndpoint: aws.String(url), Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider(key, "secret", ""),
	})
}

const rawMessage = "From: Cambria Awards <results@cambria.example>\n" +
	"To: Amira Holt <amira@alderbrook.example>\n" +
	"Bcc: archive@cambria.example\n" +
	"Subject: =?utf-8?q?Outcome_of_review_=E2=80=93_R7K2?=\n" +
	"Message-ID: <ours@cambria.example>\n" +
	"Date: Mon, 1 Jan 2001 00:00:00 +0000\n" +
	"X-SES-MESSAGE-TAGS: ledger=L-17,\n kind=outcome\n" +
	"MIME-Version: 1.0\n" +
	"Content-Type: multipart/mixed; boundary=outer\n\n" +
	"--outer\nContent-Type: multipart/alternative; boundary=inner\n\n" +
	"--inner\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nFee: =C2=A315.00\n" +
	"--inner\nContent-Type: text/html; charset=utf-8\n\n<p>Fee</p><script>alert(1)</script>\n--inner--\n" +
	"--outer\nContent-Type: application/pdf; name=letter.pdf\nContent-Disposition: attachment; filename=letter.pdf\n" +
	"Content-Transfer-Encoding: base64\n\nJVBERi0xLjcK\n--outer--\n"

// send sends a message to one address, tagged with a ledger id, and returns SES's message id.
func (b *box) send(to, ledger string) (string, error) {
	answer, err := b.ses.SendRawEmail(b.t.Context(), &ses.SendRawEmailInput{
		Destinations: []string{to},
		RawMessage:   &types.RawMessage{Data: []byte(rawMessage)},
		Tags:         []types.MessageTag{{Name: aws.String("ledger"), Value: aws.String(ledger)}},
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(answer.MessageId), nil
}

func (b *box) mustSend(to, ledger string) string {
	id, err := b.send(to, ledger)
	require.NoError(b.t, err)
	return id
}

func (b *box) get(path, accept string) (*http.Response, string) {
	request, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.url+path, nil)
	require.NoError(b.t, err)
	request.Header.Set("Accept", accept)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(b.t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(b.t, err)
	return answer, string(body)
}

func (b *box) json(path string, into any) {
	answer, body := b.get(path, "application/json")
	require.Equal(b.t, http.StatusOK, answer.StatusCode, body)
	require.NoError(b.t, json.Unmarshal([]byte(body), into))
}

func (b *box) mails() []mailbox.Mail {
	var mails []mailbox.Mail
	b.json("/messages", &mails)
	return mails
}

func (b *box) events(query string) []mailbox.Event {
	var events []mailbox.Event
	b.json("/events?"+query, &events)
	return events
}

func (b *box) fault(f mailbox.Fault) int {
	body, err := json.Marshal(f)
	require.NoError(b.t, err)
	return b.request(http.MethodPut, "/faults", string(body))
}

func (b *box) request(method, path, body string) int {
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(body))
	require.NoError(b.t, err)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(b.t, err)
	answer.Body.Close()
	return answer.StatusCode
}

func TestAnAcceptedMailIsKeptWithItsTags(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	id := b.mustSend("amira@alderbrook.example", "L-18")
	want := mailbox.Mail{
		ID: id, At: b.now, From: "Cambria Awards <results@cambria.example>",
		To: []string{"amira@alderbrook.example"}, Subject: "Outcome of review – R7K2",
		Tags: map[string]string{"ledger": "L-17", "kind": "outcome"}, // the header wins, as it names the message
	}
	require.Equal(t, []mailbox.Mail{want}, b.mails())

	b.serve()
	require.Equal(t, []mailbox.Mail{want}, b.mails(), "it is there after a restart")
}

func TestRecipientsComeFromTheHeaderWhereTheEnvelopeNamesNone(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	_, err := b.ses.SendRawEmail(t.Context(), &ses.SendRawEmailInput{RawMessage: &types.RawMessage{Data: []byte(rawMessage)}})
	require.NoError(t, err)
	require.Equal(t, []string{"amira@alderbrook.example", "archive@cambria.example"}, b.mails()[0].To)
}

func TestASimpleMailIsKeptLikeARawOne(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	answer, err := b.ses.SendEmail(t.Context(), &ses.SendEmailInput{
		Source:      aws.String("results@cambria.example"),
		Destination: &types.Destination{ToAddresses: []string{"a@x.example"}, CcAddresses: []string{"b@x.example"}},
		Message: &types.Message{
			Subject: &types.Content{Data: aws.String("Task – review")},
			Body: &types.Body{
				Text: &types.Content{Data: aws.String("Fee £15 = fifteen")}, Html: &types.Content{Data: aws.String("<p>£15</p>")},
			},
		},
	})
	require.NoError(t, err)
	require.Equal(t, []string{"a@x.example", "b@x.example"}, b.mails()[0].To)
	var content mailbox.Content
	b.json("/messages/"+aws.ToString(answer.MessageId), &content)
	require.Equal(t, "Fee £15 = fifteen", content.Text)
	require.Equal(t, "<p>£15</p>", content.HTML)
}

func TestSESReplacesIdentityAndHidesPrivateHeaders(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	id := b.mustSend("amira@alderbrook.example", "L-17")
	_, raw := b.get("/messages/"+id+"/raw", "")
	require.Contains(t, raw, "Message-ID: <"+id+"@eu-west-2.amazonses.com>")
	require.Contains(t, raw, "Date: Thu, 20 Aug 2026 09:30:00 +0000")
	for _, hidden := range []string{"ours@cambria.example", "2001", "archive@cambria.example", "X-SES", "kind=outcome"} {
		require.NotContains(t, raw, hidden)
	}
}

func TestDeliveriesCanBeFoundByTagAndTime(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	send := func(to, kind string) string {
		raw := strings.Replace(rawMessage, "ledger=L-17", "ledger="+kind, 1)
		answer, err := b.ses.SendRawEmail(t.Context(), &ses.SendRawEmailInput{
			Destinations: []string{to}, RawMessage: &types.RawMessage{Data: []byte(raw)},
		})
		require.NoError(t, err)
		return aws.ToString(answer.MessageId)
	}
	first := send("a@x.example", "L-1")
	b.now = b.now.Add(time.Hour)
	second := send("b@x.example", "L-2")

	require.Len(t, b.events(""), 2)
	found := b.events("tag=ledger:L-2")
	require.Len(t, found, 1)
	require.Equal(t, mailbox.Event{
		MessageID: second, Tags: map[string]string{"ledger": "L-2", "kind": "outcome"},
		Recipients: []string{"b@x.example"}, At: b.now,
	}, found[0])
	require.Equal(t, second, b.events("since=2026-08-20T10:00:00Z")[0].MessageID)
	require.Equal(t, first, b.events("tag=ledger:L-1")[0].MessageID)
	require.Empty(t, b.events("tag=ledger:L-3"))
	require.Equal(t, http.StatusBadRequest, b.request(http.MethodGet, "/events?since=yesterday", ""))
}

func TestSESRefusesWhatItWouldRefuse(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	raw := func(message string) *ses.SendRawEmailInput {
		return &ses.SendRawEmailInput{RawMessage: &types.RawMessage{Data: []byte(message)}}
	}
	for name, c := range map[string]struct {
		client *ses.Client
		input  *ses.SendRawEmailInput
		code   string
	}{
		"unknown key":       {client(b.url, "SOMEBODY"), raw(rawMessage), "InvalidClientTokenId"},
		"no sender":         {b.ses, raw("To: a@x.example\n\nhello"), "InvalidParameterValue"},
		"no recipient":      {b.ses, raw("From: a@x.example\n\nhello"), "InvalidParameterValue"},
		"not a message":     {b.ses, raw("hello"), "InvalidParameterValue"},
		"tag with a slash":  {b.ses, raw("From: a@x.example\nTo: a@x.example\nX-SES-MESSAGE-TAGS: ledger=a/b\n\nhello"), "InvalidParameterValue"},
		"broken addressing": {b.ses, raw("From: a@x.example\nTo: a at x\n\nhello"), "InvalidParameterValue"},
	} {
		_, err := c.client.SendRawEmail(t.Context(), c.input)
		var api smithy.APIError
		require.ErrorAs(t, err, &api, name)
		require.Equal(t, c.code, api.ErrorCode(), name)
	}
	require.Empty(t, b.mails())
}

func TestTheOtherActionsAnswerInSESsForm(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.mustSend("amira@alderbrook.example", "L-17")
	quota, err := b.ses.GetSendQuota(t.Context(), &ses.GetSendQuotaInput{})
	require.NoError(t, err)
	require.InDelta(t, 1, quota.SentLast24Hours, 0)
	require.Positive(t, quota.MaxSendRate)
	_, err = b.ses.VerifyEmailIdentity(t.Context(), &ses.VerifyEmailIdentityInput{EmailAddress: aws.String("a@x.example")})
	require.NoError(t, err)
	_, err = b.ses.ListIdentities(t.Context(), &ses.ListIdentitiesInput{})
	var api smithy.APIError
	require.ErrorAs(t, err, &api)
	require.Equal(t, "InvalidAction", api.ErrorCode())
}

func TestFaultsMeetTheRecipientsTheyName(t *testing.T) {
	t.Parallel()
	for mode, check := range map[mailbox.Mode]func(*testing.T, error){
		mailbox.Throttle: func(t *testing.T, err error) {
			var api smithy.APIError
			require.ErrorAs(t, err, &api)
			require.Equal(t, "Throttling", api.ErrorCode())
		},
		mailbox.Reject: func(t *testing.T, err error) {
			var rejected *types.MessageRejected
			require.ErrorAs(t, err, &rejected)
		},
		mailbox.Down: func(t *testing.T, err error) {
			var api smithy.APIError
			require.Error(t, err)
			require.NotErrorAs(t, err, &api, "there is no answer")
		},
	} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			require.Equal(t, http.StatusOK, b.fault(mailbox.Fault{Mode: mode, Match: "amira", Count: 2}))
			b.mustSend("tom@alderbrook.example", "L-1")
			for range 2 {
				_, err := b.send("amira@alderbrook.example", "L-2")
				check(t, err)
			}
			require.Len(t, b.mails(), 1, "the fault accepted nothing")
			b.mustSend("amira@alderbrook.example", "L-2")
			require.Len(t, b.mails(), 2, "it met as many as it was told to")
		})
	}
}

func TestADroppedAnswerHidesAnAcceptedMail(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.fault(mailbox.Fault{Mode: mailbox.DropAnswer, Count: 1})
	_, err := b.send("amira@alderbrook.example", "L-1")
	require.Error(t, err)
	require.Len(t, b.mails(), 1)
	require.Len(t, b.events(""), 1, "SES reports the delivery")

	b.fault(mailbox.Fault{Mode: mailbox.DropAnswer, Count: 1, WithholdEvent: true})
	_, err = b.send("amira@alderbrook.example", "L-1")
	require.Error(t, err)
	require.Len(t, b.mails(), 2)
	require.Len(t, b.events(""), 1, "and does not where the report is withheld")
}

func TestAHangingEndpointAcceptsNothing(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.fault(mailbox.Fault{Mode: mailbox.Hang})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := b.ses.SendRawEmail(ctx, &ses.SendRawEmailInput{RawMessage: &types.RawMessage{Data: []byte(rawMessage)}})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Empty(t, b.mails())
}

func TestAnEndpointThatIsDownAnswersNothingAtAll(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.fault(mailbox.Fault{Mode: mailbox.Down})
	_, err := b.ses.GetSendQuota(t.Context(), &ses.GetSendQuotaInput{})
	require.Error(t, err)
	var faults []mailbox.Fault
	b.json("/faults", &faults)
	require.Equal(t, []mailbox.Fault{{Mode: mailbox.Down}}, faults)
	require.Equal(t, http.StatusNoContent, b.request(http.MethodDelete, "/faults", ""))
	_, err = b.ses.GetSendQuota(t.Context(), &ses.GetSendQuotaInput{})
	require.NoError(t, err)
}

func TestANonsensicalFaultIsRefused(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	for _, body := range []string{`{"mode":"sulk"}`, `{"mode":"down","count":-1}`, `{"mode":"down","colour":"red"}`, `{`} {
		require.Equal(t, http.StatusBadRequest, b.request(http.MethodPut, "/faults", body), body)
	}
	b.mustSend("amira@alderbrook.example", "L-1")
}

func TestThePartsOfAMailCanBeRead(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	id := b.mustSend("amira@alderbrook.example", "L-1")
	var content mailbox.Content
	b.json("/messages/"+id, &content)
	require.Equal(t, "Fee: £15.00", strings.TrimSpace(content.Text))
	require.Len(t, content.Attachments, 1)
	answer, body := b.get("/messages/"+id+"/attachments/1", "")
	require.Equal(t, "application/pdf", answer.Header.Get("Content-Type"))
	require.Equal(t, "attachment; filename=letter.pdf", answer.Header.Get("Content-Disposition"))
	require.True(t, strings.HasPrefix(body, "%PDF-1.7"))
	require.Len(t, body, content.Attachments[0].Size)
	for _, missing := range []string{"/attachments/0", "/attachments/2", "/attachments/x"} {
		answer, _ := b.get("/messages/"+id+missing, "")
		require.Equal(t, http.StatusNotFound, answer.StatusCode, missing)
	}
}
