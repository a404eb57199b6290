package offer_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/offer"
)

// fields are the JSON pointers of the request's fields.
func fields() []string {
	var pointers []string
	request := reflect.TypeFor[casework.EnquiryRequest]()
	for i := range request.NumField() {
		name, _, _ := strings.Cut(request.Field(i).Tag.Get("json"), ",")
		pointers = append(pointers, "/"+name)
	}
	return pointers
}

func drawRequest(t *rapid.T) (offer.Facts, offer.Ask) {
	f, a := facts(t), ask(t)
	f.KnownCandidate = rapid.IntRange(0, 9).Draw(t, "candidate") > 0
	f.KnownResult = rapid.IntRange(0, 9).Draw(t, "result") > 0
	f.Objective = rapid.Bool().Draw(t, "objective")
	f.Level = rapid.IntRange(0, 4).Draw(t, "level")
	for range rapid.IntRange(0, 2).Draw(t, "earlier") {
		f.Earlier = append(f.Earlier, offer.Earlier{Reference: "R-2222-2222-2222-2", Service: rapid.SampledFrom(casework.EnquiryServices()).Draw(t, "before")})
	}
	a.Service = rapid.SampledFrom(append(casework.EnquiryServices(), "tea")).Draw(t, "service")
	a.ReviewedScript = rapid.Bool().Draw(t, "copy")
	received := date(t, "2026-08-15").AddDays(rapid.IntRange(0, 60).Draw(t, "received"))
	a.ReceivedAt = received.Start().Add(time.Duration(rapid.IntRange(0, 22).Draw(t, "hour")) * time.Hour)
	a.ConsentGivenOn = calendar.Date{}
	if rapid.Bool().Draw(t, "consent") {
		a.ConsentGivenOn = received.AddDays(rapid.IntRange(-20, 3).Draw(t, "given"))
	}
	return f, a
}

func TestJudge_EveryRefusalPointsAtAFieldAndHelps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, a := drawRequest(t)
		v := judge(t, f, a)
		require.Equal(t, v, judge(t, f, a), "the same request has the same answer")
		if v.Refusal == nil {
			requireMayOpen(t, f, a, v)
			return
		}
		require.NotEmpty(t, v.Refusal.Reasons)
		for _, reason := range v.Refusal.Reasons {
			require.Contains(t, fields(), reason.Pointer)
			require.NotEmpty(t, reason.Remedy)
		}
	})
}

// requireMayOpen holds what is true of every request that may open.
func requireMayOpen(t *rapid.T, f offer.Facts, a offer.Ask, v offer.Verdict) {
	require.True(t, f.KnownCandidate && f.KnownResult)
	require.False(t, a.ReceivedAt.Before(f.CandidateRelease))
	require.True(t, a.ReceivedAt.Before(v.Closes))
	require.False(t, a.ConsentGivenOn.Before(calendar.DateOf(f.CandidateRelease)))
	require.False(t, f.Objective && a.Service == casework.ReviewOfMarking)
	for _, e := range f.Earlier {
		require.NotEqual(t, a.Service, e.Service)
		require.Equal(t, casework.ClericalCheck, e.Service, "only a clerical check may have gone before")
	}
	require.Len(t, v.Clocks, 1)
	require.True(t, v.Clocks[0].Ends.After(a.ReceivedAt))
	want := 1
	if a.ReviewedScript {
		want = 2
	}
	require.Len(t, v.Fees, want)
}
