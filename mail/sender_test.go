package mail_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/mail"
)

const from = "Cambria Awards <results@cambria.example>"

// envelope is a small mail to one person.
func envelope() docket.Envelope {
	return docket.Envelope{
		LedgerID: 42,
		To:       docket.Recipient{Name: "Amira Holt", Address: "amira.holt@ashdown.example"},
		Message: docket.Message{
			Subject: "Outcome of R-7K4F-M2QX-9TBD-H",
			Text:    "The mark is 61.\n",
			HTML:    "<p>The mark is 61.</p>\n",
		},
	}
}

// clientOf makes an SES client with the SDK's own retries on, as wiring makes it.
func clientOf(endpoint string) *ses.Client {
	return ses.NewFromConfig(aws.Config{
		Region:       "eu-west-2",
		BaseEndpoint: aws.String(endpoint),
		Credentials:  credentials.NewStaticCredentialsProvider("desk-key", "desk-secret", ""),
	})
}

func senderTo(t *testing.T, endpoint string, options ...mail.Option) *mail.Sender {
	t.Helper()
	sender, err := mail.New(clientOf(endpoint), from, mail.NoEvents{}, options...)
	require.NoError(t, err)
	return sender
}

// serve runs an SES that answers every request so.
func serve(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server.URL
}

func accepted(w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte(`<SendRawEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendRawEmailResult>` +
		`<MessageId>0100-abc</MessageId></SendRawEmailResult></SendRawEmailResponse>`))
}

// failure answers with SES's error document.
func failure(status int, code, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type><Code>` +
			code + `</Code><Message>` + message + `</Message></Error><RequestId>r</RequestId></ErrorResponse>`))
	}
}

func TestSend_HandsTheMailOverWithItsLedgerTag(t *testing.T) {
	t.Parallel()
	var form map[string][]string
	endpoint := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.ParseForm() == nil {
			form = r.PostForm
		}
		accepted(w, r)
	})
	id, err := senderTo(t, endpoint, mail.WithConfigurationSet("recourse-events")).Send(t.Context(), envelope())
	require.NoError(t, err)
	require.Equal(t, "0100-abc", id)
	require.Equal(t, []string{"SendRawEmail"}, form["Action"])
	require.Equal(t, []string{`"Cambria Awards" <results@cambria.example>`}, form["Source"])
	require.Equal(t, []string{"amira.holt@ashdown.example"}, form["Destinations.member.1"])
	require.Equal(t, []string{"ledger"}, form["Tags.member.1.Name"])
	require.Equal(t, []string{"42"}, form["Tags.member.1.Value"])
	require.Equal(t, []string{"recourse-events"}, form["ConfigurationSetName"])
	require.NotEmpty(t, form["RawMessage.Data"])
}

func TestNew_RefusesAnAddressThatNobodyCanAnswer(t *testing.T) {
	t.Parallel()
	client := clientOf("http://ses.example")
	for _, address := range []string{"", "results", "Cambria <results@>", "jörg@cambria.example", "a@b.example, c@d.example"} {
		_, err := mail.New(client, address, mail.NoEvents{})
		require.ErrorContains(t, err, "sender address", "%q", address)
		_, err = mail.New(client, from, mail.NoEvents{}, mail.WithReplyTo(address))
		require.ErrorContains(t, err, "reply address", "%q", address)
	}
}

func TestReady_NeedsAnSESThatLetsUsSend(t *testing.T) {
	t.Parallel()
	quota := func(most string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`<GetSendQuotaResponse><GetSendQuotaResult><Max24HourSend>` + most + `</Max24HourSend></GetSendQuotaResult></GetSendQuotaResponse>`))
		}
	}
	require.NoError(t, senderTo(t, serve(t, quota("200"))).Ready(t.Context()))
	require.ErrorContains(t, senderTo(t, serve(t, quota("0"))).Ready(t.Context()), "quota is 0")
	refused := senderTo(t, serve(t, failure(http.StatusForbidden, "AccessDenied", "No.")))
	require.ErrorContains(t, refused.Ready(t.Context()), "AccessDenied")
}
