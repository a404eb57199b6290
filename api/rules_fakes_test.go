package api_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/rulebook"
)

// loadRules reads the rulebook once for all tests: it is never changed.
var loadRules = sync.OnceValues(rulebook.Load)

// Standing adds nothing: the register of one candidate holds an award of one component.
func (r *register) Standing(_ context.Context, facts offer.Facts) (offer.Facts, error) {
	return facts, r.broken
}

func (r *register) Qualifications(context.Context, docket.QualificationFilter) ([]docket.Qualification, error) {
	return []docket.Qualification{{
		ID: "MA1", Body: "cambria", Title: "Mathematics", Level: 2, Family: casework.FamilyGeneral, Rules: "cambria",
		Components: []docket.Component{{ID: "MA1-1H", Title: "Paper 1", MaxMark: 80}},
	}}, r.broken
}

func (r *register) Series(context.Context) ([]docket.Series, error) {
	return []docket.Series{{Body: "cambria", Rules: []string{"cambria"}, Month: 6, Series: policy.Series{
		ID: "demo", Title: "Demonstration", CandidateRelease: r.facts.CandidateRelease, GCSERelease: r.facts.GCSERelease,
	}}}, r.broken
}

// sceneFacts reads the facts of a scene's register, changed if the scene wants them so.
type sceneFacts struct {
	api.CaseReader

	scene *scene
}

// Facts implements api.CaseReader.
func (s sceneFacts) Facts(ctx context.Context, centre, candidate, series, component string) (offer.Facts, error) {
	facts, err := s.CaseReader.Facts(ctx, centre, candidate, series, component)
	if s.scene.facts != nil {
		s.scene.facts(&facts)
	}
	return facts, err
}

func offered(t *testing.T, list api.ServiceList, service casework.Service) api.ServiceOffer {
	t.Helper()
	for _, o := range list.Items {
		if string(o.Service) == string(service) {
			return o
		}
	}
	require.Fail(t, "not listed", "%s in %v", service, list.Items)
	return api.ServiceOffer{}
}

// quotedRequest is one request of a basket, with more fields if any are given.
func quotedRequest(candidate, component, service string, more ...string) string {
	fields := append([]string{fmt.Sprintf(`"service":%q,"candidateNumber":%q,"series":"demo","component":%q`, service, candidate, component)}, more...)
	return "{" + strings.Join(fields, ",") + "}"
}

// basketOf is a basket of one request for a centre, empty for the person's own.
func basketOf(request, centre string) string {
	if centre == "" {
		return `{"requests":[` + request + `]}`
	}
	return fmt.Sprintf(`{"centreNumber":%q,"requests":[%s]}`, centre, request)
}
