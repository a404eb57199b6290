package mailbox

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

const (
	namespaceURI = "http://ses.amazonaws.com/doc/2010-12-01/"
	// maxMessage and maxRecipients are SES's limits for one message; maxRequest leaves room for a message in
	// base64 and form encoding.
	maxMessage, maxRecipients = 10 << 20, 50
	maxRequest                = 20 << 20
	// The quota that GetSendQuota answers: mails per day and per second.
	dailyQuota, sendRate = 50_000, 14
)

// sesError is an error in SES's own words.
type sesError struct {
	Status  int
	Code    string
	Message string
}

func (e *sesError) Error() string { return e.Code + ": " + e.Message }

func invalid(format string, args ...any) *sesError {
	return &sesError{http.StatusBadRequest, "InvalidParameterValue", fmt.Sprintf(format, args...)}
}

// errAbort closes the connection instead of answering.
var errAbort = errors.New("no answer")

// query serves SES's Query protocol: a form with an Action, answered in XML.
func (s *server) query(w http.ResponseWriter, r *http.Request) {
	answer, err := s.act(w, r)
	if errors.Is(err, errAbort) {
		panic(http.ErrAbortHandler)
	}
	requestID := s.newID()
	var refused *sesError
	switch {
	case errors.As(err, &refused):
		writeXML(w, refused.Status, errorAnswer{
			XMLNS: namespaceURI, Type: "Sender", Code: refused.Code, Message: refused.Message, RequestID: requestID,
		})
	case err != nil:
		s.log.ErrorContext(r.Context(), "serve SES", "error", err)
		writeXML(w, http.StatusInternalServerError, errorAnswer{
			XMLNS: namespaceURI, Type: "Receiver", Code: "InternalFailure", Message: err.Error(), RequestID: requestID,
		})
	default:
		answer.RequestID = requestID
		writeXML(w, http.StatusOK, answer)
	}
}

func (s *server) act(w http.ResponseWriter, r *http.Request) (*answer, error) {
	if key := "Credential=" + s.config.AccessKey + "/"; !strings.Contains(r.Header.Get("Authorization"), key) {
		return nil, &sesError{http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid."}
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	if err := r.ParseForm(); err != nil {
		return nil, invalid("The request cannot be read: %v.", err)
	}
	action := r.PostForm.Get("Action")
	switch action {
	case "SendRawEmail", "SendEmail":
		return s.send(r, action)
	}
	if fault, met := s.faults.meetRequest(); met && fault.Mode == Down {
		return nil, errAbort
	}
	switch action {
	case "GetSendQuota":
		return s.quota(), nil
	case "VerifyEmailIdentity":
		return newAnswer(action, result{}), nil
	default:
		return nil, &sesError{http.StatusBadRequest, "InvalidAction", "Could not find operation " + action + "."}
	}
}

// send accepts one mail, unless a fault is switched on for one of its recipients.
func (s *server) send(r *http.Request, action string) (*answer, error) {
	raw, m, err := compose(r.PostForm, action)
	if err != nil {
		return nil, err
	}
	fault, met := s.faults.meet(m.To)
	if met {
		switch fault.Mode {
		case Down:
			return nil, errAbort
		case Hang:
			<-r.Context().Done()
			return nil, errAbort
		case Throttle:
			return nil, &sesError{http.StatusBadRequest, "Throttling", "Maximum sending rate exceeded."}
		case Reject:
			return nil, &sesError{http.StatusBadRequest, "MessageRejected", "Email address is not verified."}
		case DropAnswer, HangAnswer:
			m.Undelivered = fault.WithholdEvent
		}
	}
	m.ID, m.At = s.newID(), s.clock.Wall().UTC()
	m.StackAt = s.clock.stackTime(r.Context(), m.At)
	if err := s.box.accept(m, raw); err != nil {
		return nil, err
	}
	if met {
		if fault.Mode == HangAnswer {
			<-r.Context().Done()
		}
		return nil, errAbort
	}
	return newAnswer(action, result{MessageID: m.ID}), nil
}

// compose reads the message, its envelope and its tags from the form.
func compose(form url.Values, action string) ([]byte, Mail, error) {
	m := Mail{From: form.Get("Source"), Tags: make(map[string]string)}
	if m.From != "" {
		// It becomes a header, in which a line break would begin another one.
		if _, err := mail.ParseAddress(m.From); err != nil {
			return nil, Mail{}, invalid("Illegal address: %v.", err)
		}
	}
	raw := simpleMessage(form)
	if action == "SendRawEmail" {
		data, err := base64.StdEncoding.DecodeString(form.Get("RawMessage.Data"))
		if err != nil || len(data) == 0 {
			return nil, Mail{}, invalid("RawMessage.Data is not base64.")
		}
		raw = data
	}
	if len(raw) > maxMessage {
		return nil, Mail{}, invalid("Message length is more than %d bytes long: '%d'.", maxMessage, len(raw))
	}
	parsed, err := mail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		return nil, Mail{}, invalid("The message cannot be read: %v.", err)
	}
	if m.To, err = recipients(form, parsed.Header); err != nil {
		return nil, Mail{}, err
	}
	if m.From == "" && parsed.Header.Get("From") == "" {
		return nil, Mail{}, invalid("Missing required header 'From'.")
	}
	for i := 1; form.Has(member("Tags", i) + ".Name"); i++ {
		m.Tags[form.Get(member("Tags", i)+".Name")] = form.Get(member("Tags", i) + ".Value")
	}
	for pair := range strings.SplitSeq(parsed.Header.Get("X-SES-MESSAGE-TAGS"), ",") {
		if name, value, found := strings.Cut(strings.TrimSpace(pair), "="); found {
			m.Tags[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return raw, m, validTags(m.Tags)
}

// tagText is what SES allows in the name and in the value of a message tag.
var tagText = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func validTags(tags map[string]string) error {
	for name, value := range tags {
		if !tagText.MatchString(name) || !tagText.MatchString(value) {
			return invalid("Invalid tag <%s=%s>: only alphanumeric ASCII characters, '_' and '-' are allowed.", name, value)
		}
	}
	return nil
}

// recipients are the envelope's where it names any, else those of the message's header.
func recipients(form url.Values, header mail.Header) ([]string, error) {
	var found []string
	for _, list := range []string{
		"Destinations", "Destination.ToAddresses", "Destination.CcAddresses", "Destination.BccAddresses",
	} {
		for i := 1; form.Has(member(list, i)); i++ {
			found = append(found, form.Get(member(list, i)))
		}
	}
	if len(found) == 0 {
		for _, name := range []string{"To", "Cc", "Bcc"} {
			if header.Get(name) != "" {
				found = append(found, header.Get(name))
			}
		}
	}
	addresses, err := mail.ParseAddressList(strings.Join(found, ", "))
	if err != nil {
		return nil, invalid("Illegal address: %v.", err)
	}
	switch count := len(addresses); {
	case count == 0: // an empty group, such as undisclosed-recipients
		return nil, invalid("Missing final recipients.")
	case count > maxRecipients:
		return nil, invalid("Recipient count exceeds %d.", maxRecipients)
	}
	plain := make([]string, 0, len(addresses))
	for _, a := range addresses {
		plain = append(plain, a.Address)
	}
	return plain, nil
}

func member(list string, i int) string { return list + ".member." + strconv.Itoa(i) }

func (s *server) quota() *answer {
	return newAnswer("GetSendQuota", result{
		Max24HourSend: dailyQuota, MaxSendRate: sendRate, SentLast24Hours: float64(len(s.box.Mails(""))),
	})
}

// answer is the envelope of every success; its element names depend on the action.
type answer struct {
	XMLName   xml.Name
	XMLNS     string `xml:"xmlns,attr"`
	Result    result
	RequestID string `xml:"ResponseMetadata>RequestId"`
}

type result struct {
	XMLName         xml.Name
	MessageID       string  `xml:"MessageId,omitempty"`
	Max24HourSend   float64 `xml:",omitempty"`
	MaxSendRate     float64 `xml:",omitempty"`
	SentLast24Hours float64 `xml:",omitempty"`
}

func newAnswer(action string, r result) *answer {
	r.XMLName.Local = action + "Result"
	return &answer{XMLName: xml.Name{Local: action + "Response"}, XMLNS: namespaceURI, Result: r}
}

type errorAnswer struct {
	XMLName   xml.Name `xml:"ErrorResponse"`
	XMLNS     string   `xml:"xmlns,attr"`
	Type      string   `xml:"Error>Type"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestID string   `xml:"RequestId"`
}

func writeXML(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_ = xml.NewEncoder(w).Encode(body) // the caller may be gone; nobody is left to tell
}
