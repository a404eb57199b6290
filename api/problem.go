package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/recourse-exams/recourse/casework"
)

// problem is a no on its way to the client as a problem document (RFC 9457).
type problem struct {
	code    string
	status  int
	detail  string
	reasons []casework.Reason
	// retryAfter is in seconds; zero for none.
	retryAfter int
	// challenge is the value of WWW-Authenticate, for 401.
	challenge string
	// cause is for the log only.
	cause error
}

// Error implements error.
func (p *problem) Error() string { return p.code + ": " + p.detail }

// Unwrap returns what the client is not told.
func (p *problem) Unwrap() error { return p.cause }

// newProblem makes a problem of the catalogue; its status is the catalogue's.
func newProblem(code, detail string, reasons ...casework.Reason) *problem {
	entry, ok := lookUp(code)
	if !ok {
		panic("api: no problem " + code + " in the catalogue")
	}
	return &problem{code: code, status: entry.Status, detail: detail, reasons: reasons}
}

// acceptanceUnknown makes a 503 for when a request was on its way to its case and no answer came back: it may have
// been taken, and only the same request under the same key is sure not to be done twice.
func acceptanceUnknown(cause error) *problem {
	p := newProblem("acceptance-unknown", "A part of the system did not answer in time. It is not known whether your request was taken: "+
		"send the same request again, with the same Idempotency-Key if it had one; it will not be done twice.")
	p.retryAfter, p.cause = retrySeconds, cause
	return p
}

// retryLater makes a 503 for when a part of the system is away and nothing was accepted.
func retryLater(cause error) *problem {
	p := newProblem("temporarily-unavailable", "A part of the system is away and nothing was accepted. Send the same request again, with the same Idempotency-Key if it had one.")
	p.retryAfter, p.cause = retrySeconds, cause
	return p
}

// StatusOf says which HTTP status shows which sort of no, here and on the operators' pages.
func StatusOf(kind casework.FaultKind) int {
	switch kind {
	case casework.Conflict:
		return http.StatusConflict
	case casework.NotFound:
		return http.StatusNotFound
	case casework.Forbidden:
		return http.StatusForbidden
	case casework.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusUnprocessableEntity
	}
}

// fromFault shows a fault of the rules, the register or the case's workflow. A fault with one kind of reason is
// named after it, so that each has a page of its own.
func fromFault(f *casework.Fault) *problem {
	p := &problem{code: f.Code, status: StatusOf(f.Kind), detail: f.Detail, reasons: f.Reasons}
	if code, ok := onlyCode(f.Reasons); ok {
		if entry, known := lookUp(code); known && entry.Status == p.status {
			p.code = code
		}
	}
	if p.status == http.StatusServiceUnavailable {
		p.retryAfter = retrySeconds
	}
	return p
}

func onlyCode(reasons []casework.Reason) (string, bool) {
	for _, reason := range reasons {
		if reason.Code != reasons[0].Code {
			return "", false
		}
	}
	return first(reasons).Code, len(reasons) > 0
}

func first(reasons []casework.Reason) casework.Reason {
	if len(reasons) == 0 {
		return casework.Reason{}
	}
	return reasons[0]
}

// asProblem turns every error into the problem that the client is shown. What is neither a problem nor a fault is
// ours: the client learns nothing but that it happened. changes is true if the request could have changed something.
func asProblem(err error, changes bool) *problem {
	var p *problem
	if errors.As(err, &p) {
		return p
	}
	var fault *casework.Fault
	if errors.As(err, &fault) {
		shown := fromFault(fault)
		shown.cause = err
		return shown
	}
	if errors.Is(err, context.DeadlineExceeded) {
		if changes {
			return acceptanceUnknown(err)
		}
		return retryLater(err)
	}
	internal := newProblem("internal", "Something went wrong on our side. Nothing that you sent is at fault.")
	internal.cause = err
	return internal
}

// write sends the problem.
func (p *problem) write(w http.ResponseWriter, requestID string) {
	entry, ok := lookUp(p.code)
	if !ok {
		entry = generic(p.status)
	}
	body := Problem{
		Type:     problemPath + entry.Code,
		Title:    entry.Title,
		Status:   p.status,
		Code:     p.code,
		Detail:   p.detail,
		Instance: "urn:recourse:request:" + requestID,
		Errors:   reasonsOf(p.reasons),
	}
	if len(body.Errors) == 0 {
		// Every problem says what to do, also one that is its own only reason.
		body.Errors = []ProblemReason{{Code: p.code, Detail: p.detail, Remedy: entry.Remedy}}
	}
	if p.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	if p.challenge != "" {
		w.Header().Set("WWW-Authenticate", p.challenge)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Del("ETag")
	w.WriteHeader(p.status)
	// A failed write means that the client has gone.
	_ = json.NewEncoder(w).Encode(body)
}

func reasonsOf(reasons []casework.Reason) []ProblemReason {
	shown := make([]ProblemReason, len(reasons))
	for i, r := range reasons {
		shown[i] = ProblemReason{Code: r.Code, Detail: r.Detail, Remedy: r.Remedy, Clause: r.Clause, Source: r.Source, Unconfirmed: r.Unconfirmed}
		// A parameter has a name and no place in a body, where every pointer begins with a slash (RFC 6901).
		if strings.HasPrefix(r.Pointer, "/") {
			shown[i].Pointer = r.Pointer
		} else {
			shown[i].Parameter = r.Pointer
		}
	}
	return shown
}

// fail answers a request with an error and logs what the client is not told.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := asProblem(err, !reads(r))
	e := exchangeOf(r.Context())
	if p.status >= http.StatusInternalServerError {
		s.log.LogAttrs(r.Context(), slog.LevelError, "request failed",
			slog.String("request", e.requestID), slog.String("route", r.Pattern), slog.String("case", caseOf(r)),
			slog.String("code", p.code), slog.String("error", fmt.Sprint(p.cause)))
	}
	p.write(w, e.requestID)
}
