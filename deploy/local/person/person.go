// Package person acts on a running stack as its people do: over the REST API, with their own tokens. The
// demonstration, the whole-system stories and the load of the benchmarks are told in its words.
package person

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// Person is somebody with a token.
type Person struct {
	// ID is the persona's id, such as "eo-64101".
	ID    string
	base  string
	token string
	http  *http.Client
}

// With reads a persona's token from its file and lets the person act on the API at base.
func With(base, id, tokenFile string) (*Person, error) {
	token, err := os.ReadFile(tokenFile)
	if err != nil {
		return nil, fmt.Errorf("read the token of %s: %w", id, err)
	}
	return Holding(base, id, strings.TrimSpace(string(token))), nil
}

// Holding makes a person who holds the token; an empty one is no token.
func Holding(base, id, token string) *Person {
	return &Person{ID: id, base: base, token: token, http: &http.Client{CheckRedirect: keepToken}}
}

// mostRedirects is where a chain of redirects is given up, as Go's own client does.
const mostRedirects = 10

// keepToken keeps the token from servers other than the one that was asked, such as the file store to which a
// document's address leads. Go's client tells servers apart by name alone, and here all have one name.
func keepToken(next *http.Request, before []*http.Request) error {
	if len(before) >= mostRedirects {
		return fmt.Errorf("%d redirects lead nowhere", mostRedirects)
	}
	if next.URL.Host != before[0].URL.Host {
		next.Header.Del("Authorization")
	}
	return nil
}

// Answer is what the API said.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Into reads the body.
func (a *Answer) Into(value any) error {
	if err := json.Unmarshal(a.Body, value); err != nil {
		return fmt.Errorf("read the answer %.200q: %w", a.Body, err)
	}
	return nil
}

// Problem is a problem document (RFC 9457) with its status.
type Problem struct {
	Status int      `json:"status"`
	Code   string   `json:"code"`
	Title  string   `json:"title"`
	Detail string   `json:"detail"`
	Errors []Reason `json:"errors"`
}

// Reason is one of a problem's reasons.
type Reason struct {
	Code    string `json:"code"`
	Detail  string `json:"detail"`
	Remedy  string `json:"remedy"`
	Pointer string `json:"pointer"`
}

// Error says what is wrong and what to do.
func (p *Problem) Error() string {
	text := fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail)
	for _, r := range p.Errors {
		text += fmt.Sprintf(" [%s %s: %s %s]", r.Code, r.Pointer, r.Detail, r.Remedy)
	}
	return text
}

// Header is a header that goes with a request.
type Header struct{ Name, Value string }

// Key is the header that names a request, so that sending it again does nothing twice.
func Key(value string) Header { return Header{Name: "Idempotency-Key", Value: value} }

// Send sends any body and returns any answer.
func (p *Person) Send(ctx context.Context, method, path string, body []byte, headers ...Header) (*Answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, p.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make the request %s %s: %w", method, path, err)
	}
	if p.token != "" {
		request.Header.Set("Authorization", "Bearer "+p.token)
	}
	if len(body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		request.Header.Set(h.Name, h.Value)
	}
	return exchange(p.http, request)
}

func exchange(client *http.Client, request *http.Request) (*Answer, error) {
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", request.Method, request.URL.Path, err)
	}
	body, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return nil, fmt.Errorf("read the answer of %s %s: %w", request.Method, request.URL.Path, err)
	}
	return &Answer{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}

// Do sends a value as JSON and reads the answer into out; anything but a success is a *Problem.
func (p *Person) Do(ctx context.Context, method, path string, in, out any, headers ...Header) (*Answer, error) {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return nil, fmt.Errorf("write the request: %w", err)
		}
	}
	answer, err := p.Send(ctx, method, path, body, headers...)
	if err != nil {
		return nil, err
	}
	if answer.Status >= http.StatusBadRequest {
		problem := &Problem{Status: answer.Status}
		if err := answer.Into(problem); err != nil {
			return nil, fmt.Errorf("%s %s answered %d: %w", method, path, answer.Status, err)
		}
		return answer, problem
	}
	if out == nil {
		return answer, nil
	}
	return answer, answer.Into(out)
}
