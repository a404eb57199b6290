package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// Forms of what everybody may read.
const (
	jsonForm = "application/json"
	htmlForm = "text/html"
	svgForm  = "image/svg+xml"
	textForm = "text/plain"
)

// publication is an answer that everybody may read and keep for a while, in the form that was asked for. It is the
// answer of every public operation that has other forms or a tag.
type publication struct {
	form string
	body []byte
	// unchanged is true if the reader has it already.
	unchanged bool
	tag       string
}

var (
	_ ListKeyDatesResponseObject       = publication{}
	_ ListFeesResponseObject           = publication{}
	_ GetChargingPolicyResponseObject  = publication{}
	_ ListQualificationsResponseObject = publication{}
	_ GetRoadmapResponseObject         = publication{}
)

// publish makes a publication of a body; known is the reader's If-None-Match.
func publish(form string, body []byte, known string) publication {
	sum := sha256.Sum256(append([]byte(form+"\n"), body...))
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	return publication{form: form, body: body, tag: tag, unchanged: matches(known, tag)}
}

// publishJSON publishes a value of the contract.
func publishJSON(value any, known string) (publication, error) {
	body, err := json.Marshal(value)
	if err != nil {
		return publication{}, fmt.Errorf("write what is published: %w", err)
	}
	return publish(jsonForm, append(body, '\n'), known), nil
}

// publishPage publishes a value of the contract in the form that Accept prefers: as JSON, or as the page for people
// that a template makes of it.
func publishPage(ctx context.Context, value any, page, known string) (publication, error) {
	form, err := preferred(exchangeOf(ctx).accept, jsonForm, htmlForm)
	if err != nil {
		return publication{}, err
	}
	if form == jsonForm {
		return publishJSON(value, known)
	}
	made, err := templates()
	if err != nil {
		return publication{}, err
	}
	body, err := render(made, page, value)
	return publish(form, body, known), err
}

func (p publication) write(w http.ResponseWriter) error {
	header := w.Header()
	header.Set("ETag", p.tag)
	header.Set("Cache-Control", publicCache)
	header.Set("Vary", "Accept")
	if p.unchanged {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if p.form == htmlForm || p.form == svgForm {
		header.Set("Content-Security-Policy", pagePolicy)
	}
	media := p.form
	if p.form == htmlForm || p.form == textForm {
		media += "; charset=utf-8"
	}
	header.Set("Content-Type", media)
	header.Set("Content-Length", strconv.Itoa(len(p.body)))
	_, err := bytes.NewReader(p.body).WriteTo(w)
	return err
}

// VisitListKeyDatesResponse writes the publication.
func (p publication) VisitListKeyDatesResponse(w http.ResponseWriter) error { return p.write(w) }

// VisitListFeesResponse writes the publication.
func (p publication) VisitListFeesResponse(w http.ResponseWriter) error { return p.write(w) }

// VisitGetChargingPolicyResponse writes the publication.
func (p publication) VisitGetChargingPolicyResponse(w http.ResponseWriter) error { return p.write(w) }

// VisitListQualificationsResponse writes the publication.
func (p publication) VisitListQualificationsResponse(w http.ResponseWriter) error { return p.write(w) }

// VisitGetRoadmapResponse writes the publication.
func (p publication) VisitGetRoadmapResponse(w http.ResponseWriter) error { return p.write(w) }
