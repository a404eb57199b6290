package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/casework"
)

// maxBody is the largest body that is read, in bytes.
const maxBody = 1 << 20

// guard stands before one operation's generated code. Everything that can be said from the contract alone is said
// here, in this order: who asks, how often, with which proof, in which role, in which form.
type guard struct {
	server    *Server
	operation *openapi3.Operation
	next      http.Handler
}

// ServeHTTP implements http.Handler.
func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	exchangeOf(r.Context()).route = r.Pattern
	for _, check := range []func(*http.Request) error{g.authenticate, g.throttle, g.secondFactor, g.role, g.parameters, g.body} {
		if err := check(r); err != nil {
			g.server.fail(w, r, err)
			return
		}
	}
	g.next.ServeHTTP(w, r)
}

func (g *guard) authenticate(r *http.Request) error {
	if public(g.operation) {
		return nil
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	if token == "" || !strings.EqualFold(scheme, "Bearer") {
		p := newProblem("token-missing", "This address needs a token: send Authorization: Bearer and the token.")
		p.challenge = "Bearer"
		return p
	}
	person, err := g.server.verifier.Verify(r.Context(), token)
	if err != nil {
		return tokenProblem(err)
	}
	exchangeOf(r.Context()).person = person
	return nil
}

func tokenProblem(err error) *problem {
	var p *problem
	switch {
	case errors.Is(err, identity.ErrUnavailable):
		return retryLater(err)
	case errors.Is(err, identity.ErrExpired):
		p = newProblem("token-expired", "The token was good and has expired. Sign in again.")
		p.challenge = `Bearer error="invalid_token", error_description="expired"`
	default:
		p = newProblem("token-invalid", "The token was not issued for this service by the awarding body's identity provider.")
		p.challenge = `Bearer error="invalid_token"`
	}
	p.cause = err
	return p
}

func (g *guard) throttle(r *http.Request) error {
	person := personOf(r.Context())
	if person.Subject == "" {
		return nil
	}
	wait := g.server.limits.wait(person.Subject, exchangeOf(r.Context()).arrived)
	if wait == 0 {
		return nil
	}
	p := newProblem("rate-limited", "You send more requests than this server takes from one person.")
	p.retryAfter = int((wait + time.Second - 1) / time.Second)
	return p
}

// role refuses whoever may not use the operation at all, before anything of the request is read: what is wrong with a
// request is said to those only who may make it.
func (g *guard) role(r *http.Request) error {
	if public(g.operation) {
		return nil
	}
	return admit(g.operation.OperationID, personOf(r.Context()))
}

// reads reports whether a request changes nothing: a HEAD is routed as the GET of the same address.
func reads(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

func (g *guard) secondFactor(r *http.Request) error {
	if reads(r) || public(g.operation) || harmless(g.operation) || personOf(r.Context()).SecondFactor() {
		return nil
	}
	detail := "Whatever changes something needs a token that was issued after a second factor."
	return newProblem("second-factor-required", detail,
		casework.Reason{Code: "second-factor-required", Detail: detail, Remedy: "Sign in again with a one-time code or a security key."})
}

// parameters checks the query and path against the contract, so that a misspelled filter never widens an answer.
func (g *guard) parameters(r *http.Request) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		// The generated code reads what can be read and drops the rest, which may have been a filter.
		detail := "The query cannot be read: " + err.Error() + "."
		return newProblem("invalid-parameter", detail, casework.Reason{Code: "invalid-parameter", Detail: detail, Remedy: "Write % and ; in values as %25 and %3B."})
	}
	checked := shape{patterns: g.server.contract.patterns}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if g.operation.Parameters.GetByInAndName(openapi3.ParameterInQuery, name) == nil {
			detail := fmt.Sprintf("The query parameter %q is not known here.", name)
			return newProblem("unknown-parameter", detail, casework.Reason{Code: "unknown-parameter", Pointer: name, Detail: detail, Remedy: "Remove it, or correct its name."})
		}
	}
	for _, ref := range g.operation.Parameters {
		parameter := ref.Value
		switch values := query[parameter.Name]; {
		case parameter.In == openapi3.ParameterInPath:
			checked.check(typed(r.PathValue(parameter.Name), parameter.Schema.Value), parameter.Schema.Value, parameter.Name)
		case parameter.In != openapi3.ParameterInQuery:
			// Headers have problems of their own; see the handlers.
		case len(values) > 1:
			checked.fault("invalid-parameter", parameter.Name, parameter.Name+" is given twice.", "Give it once.")
		case len(values) == 1:
			checked.check(typed(values[0], parameter.Schema.Value), parameter.Schema.Value, parameter.Name)
		case parameter.Required:
			checked.fault("invalid-parameter", parameter.Name, parameter.Name+" is missing.", strings.TrimSpace("Send it. "+parameter.Description))
		}
	}
	if len(checked.reasons) == 0 {
		return nil
	}
	return newProblem("invalid-parameter", checked.reasons[0].Detail, checked.reasons...)
}

// typed reads a parameter's text as the type that the contract names, so that it can be checked like a body.
func typed(text string, schema *openapi3.Schema) any {
	switch {
	case schema.Type.Is("integer"):
		return json.Number(text)
	case schema.Type.Is("boolean") && (text == "true" || text == "false"):
		return text == "true"
	default:
		return text
	}
}

func (g *guard) body(r *http.Request) error {
	if g.operation.RequestBody == nil || !g.operation.RequestBody.Value.Required && r.ContentLength == 0 {
		return nil
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return newProblem("unsupported-media-type", fmt.Sprintf("The body is announced as %q; this address takes application/json.", r.Header.Get("Content-Type")))
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		p := newProblem("malformed-json", "The body did not arrive whole.")
		p.cause = err
		return p
	}
	if len(body) > maxBody {
		return newProblem("body-too-large", "The body is larger than 1 MiB.")
	}
	document, err := parseDocument(body)
	if err != nil {
		return err
	}
	checked := shape{patterns: g.server.contract.patterns}
	checked.check(document, bodySchema(g.operation), "")
	if len(checked.reasons) > 0 {
		return misshapen(checked.reasons)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// misshapen names the problem after its reasons if they are all of one kind.
func misshapen(reasons []casework.Reason) *problem {
	code, ok := onlyCode(reasons)
	if !ok {
		code = "invalid-request"
	}
	detail := reasons[0].Detail
	if len(reasons) > 1 {
		detail = fmt.Sprintf("The body does not fit the contract in %d places. %s", len(reasons), detail)
	}
	return newProblem(code, detail, reasons...)
}
