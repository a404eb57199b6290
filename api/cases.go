package api

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// GetCase shows one case.
func (s *Server) GetCase(ctx context.Context, in GetCaseRequestObject) (GetCaseResponseObject, error) {
	found, err := s.readCase(ctx, in.Reference)
	if err != nil {
		return nil, err
	}
	at, _ := s.received(ctx)
	view := caseView(found, at)
	tag, err := caseTag(view)
	if err != nil {
		return nil, err
	}
	if matches(in.Params.IfNoneMatch, tag) {
		return GetCase304Response{Headers: GetCase304ResponseHeaders{ETag: tag}}, nil
	}
	return GetCase200JSONResponse{Body: view, Headers: GetCase200ResponseHeaders{ETag: tag}}, nil
}

// readCase reads a case that the person may see, as far as they may know it, by the reference as people type it.
func (s *Server) readCase(ctx context.Context, typed string) (docket.Case, error) {
	scope, err := readScope(personOf(ctx), bodyReaders()...)
	if err != nil {
		return docket.Case{}, err
	}
	reference, err := parseReference(typed)
	if err != nil {
		return docket.Case{}, err
	}
	found, err := s.cases.Case(ctx, reference, scope)
	var fault *casework.Fault
	if errors.As(err, &fault) && fault.Kind == casework.NotFound {
		return docket.Case{}, noCase(reference)
	}
	return toldTo(personOf(ctx), found), err
}

// toldTo is a case as far as a person may know it.
func toldTo(person identity.Person, c docket.Case) docket.Case {
	if audienceOf(person) == casework.AudienceBody {
		return c
	}
	return c.ForCentre()
}

// audienceOf is as who a person reads cases.
func audienceOf(person identity.Person) casework.Audience {
	if person.Holds(bodyReaders()...) {
		return casework.AudienceBody
	}
	return casework.AudienceCentre
}

// heldFor lists the causes that a person means by the one that they narrow by, as they are told of it; none if they do not
// narrow.
func heldFor(person identity.Person, asked HeldFor) ([]casework.HoldCause, error) {
	if asked == "" {
		return nil, nil
	}
	if asked == HeldForAny {
		return casework.HoldCauses(), nil
	}
	audience := audienceOf(person)
	if causes := audience.Causes(casework.HoldCause(asked)); len(causes) > 0 {
		return causes, nil
	}
	const detail = "No case waits for what heldFor names, as you are told of it."
	words := []string{string(HeldForAny)}
	for _, cause := range audience.Told() {
		words = append(words, string(cause))
	}
	return nil, newProblem("invalid-parameter", detail, casework.Reason{
		Code: "invalid-parameter", Pointer: "heldFor", Detail: detail, Remedy: "Send one of " + strings.Join(words, ", ") + ".",
	})
}

func noCase(reference casework.Reference) *problem {
	detail := fmt.Sprintf("There is no case %s that you may see.", reference)
	return newProblem("not-found", detail, casework.Reason{
		Code: "not-found", Detail: detail, Remedy: "Check the reference. If you received it with a 202, try again in a few seconds.",
	})
}

func parseReference(typed string) (casework.Reference, error) {
	reference, err := casework.ParseReference(typed)
	if err != nil {
		p := newProblem("invalid-reference", "The address holds no reference: "+err.Error()+".")
		p.cause = err
		return "", p
	}
	return reference, nil
}

// ListCases lists the cases that the person may see.
func (s *Server) ListCases(ctx context.Context, in ListCasesRequestObject) (ListCasesResponseObject, error) {
	page, err := s.listCases(ctx, in.Params)
	if err != nil {
		return nil, err
	}
	return ListCases200JSONResponse{CasesJSONResponse(page)}, nil
}

// ListEnquiries lists the enquiries that the person may see: every case there is so far.
func (s *Server) ListEnquiries(ctx context.Context, in ListEnquiriesRequestObject) (ListEnquiriesResponseObject, error) {
	page, err := s.listCases(ctx, ListCasesParams(in.Params))
	if err != nil {
		return nil, err
	}
	return ListEnquiries200JSONResponse{CasesJSONResponse(page)}, nil
}

func (s *Server) listCases(ctx context.Context, params ListCasesParams) (CaseList, error) {
	scope, err := readScope(personOf(ctx), bodyReaders()...)
	if err != nil {
		return CaseList{}, err
	}
	if scope, err = narrowed(scope, params.Centre); err != nil {
		return CaseList{}, err
	}
	causes, err := heldFor(personOf(ctx), params.HeldFor)
	if err != nil {
		return CaseList{}, err
	}
	limit := orDefault(params.Limit, defaultLimit)
	filter := docket.Filter{
		Centre: scope.Centre, Families: scope.Families, Stage: casework.Stage(params.Stage), Service: casework.Service(params.Service),
		Series: params.Series, SLAState: casework.SLAState(params.SLAState), HeldFor: causes, Limit: limit + 1,
	}
	if err := readCursor(casesList, params.Cursor, &filter.AfterReceived, &filter.AfterReference); err != nil {
		return CaseList{}, err
	}
	found, err := s.cases.Cases(ctx, filter)
	if err != nil {
		return CaseList{}, err
	}
	found, more := cut(found, limit)
	at, _ := s.received(ctx)
	page := CaseList{Items: make([]Case, len(found))}
	for i, c := range found {
		page.Items[i] = caseView(toldTo(personOf(ctx), c), at)
	}
	if more {
		last := found[len(found)-1]
		page.Next = writeCursor(casesList, last.ReceivedAt, string(last.Reference))
	}
	return page, nil
}

func caseHref(reference casework.Reference) string { return "/v1/cases/" + string(reference) }

// caseTag names what is shown of a case. The case's version alone would not do: a page also shows what belongs to
// others, such as the stages of linked cases and the invoice that carries a fee line.
func caseTag(view Case) (string, error) {
	shown, err := canonicalHash(view)
	if err != nil {
		return "", fmt.Errorf("case %s: %w", view.Reference, err)
	}
	return fmt.Sprintf(`"%d-%s"`, view.Version, shown[:16]), nil
}

func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// matches reports whether an If-Match or If-None-Match header names the tag; weak tags count as their strong ones.
func matches(header, tag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == tag || candidate == "*" {
			return true
		}
	}
	return false
}
