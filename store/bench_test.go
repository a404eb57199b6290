package store_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// crowd gives the office candidates for b.N cases and performers who can take them all.
func crowd(b *testing.B) (office, []string) {
	b.Helper()
	o := setup(b)
	_, err := o.Pool().Exec(b.Context(), "UPDATE performers SET capacity = 1000000")
	require.NoError(b, err)
	require.LessOrEqual(b, b.N, 4000, "candidate numbers have four digits; run with -benchtime 1000x")
	return o, storetest.Cohort(b, o.Store, b.N)
}

func BenchmarkOpenCase(b *testing.B) {
	o, candidates := crowd(b)
	b.ResetTimer()
	for _, candidate := range candidates {
		_, err := o.OpenCase(b.Context(), opening(ask(of(candidate, storetest.Maths1)), storetest.Now), o.book.Assess)
		require.NoError(b, err)
	}
}

func BenchmarkAllocate(b *testing.B) {
	o, candidates := crowd(b)
	refs := make([]casework.Reference, len(candidates))
	for i, candidate := range candidates {
		refs[i] = o.open(of(candidate, storetest.Maths1))
	}
	b.ResetTimer()
	for _, ref := range refs {
		_, err := o.Allocate(b.Context(), key(ref, casework.StepAllocate, 1, storetest.Now), o.book)
		require.NoError(b, err)
	}
}

func BenchmarkDecide(b *testing.B) {
	o, candidates := crowd(b)
	inputs := make([]casework.DecideInput, len(candidates))
	for i, candidate := range candidates {
		ref := o.open(of(candidate, storetest.Maths1))
		inputs[i] = decision(ref, o.allocate(ref), map[string]int{"Q1": 11}, later)
	}
	b.ResetTimer()
	for _, in := range inputs {
		_, err := o.Decide(b.Context(), in, o.book, single)
		require.NoError(b, err)
	}
}

// BenchmarkCases lists 50 cases out of many, deep in the list and of one centre, as a centre's page does.
func BenchmarkCases(b *testing.B) {
	const many = 600_000
	o := setup(b)
	template := o.open()
	_, err := o.Pool().Exec(b.Context(), `
		INSERT INTO cases (reference, kind, stage, service, centre, candidate, series, component, reviewed_script, reason, requester,
		                   request_sha256, received_at, opened_at, policy, rules, result, award_review, sla_state, waiting_on)
		SELECT 'R-' || n, k.kind, 'cancelled', k.service, (10000 + n % 3000)::text, k.candidate, k.series, k.component, false, k.reason,
		       k.requester, k.request_sha256, k.received_at - n * interval '7 seconds', k.opened_at, k.policy, k.rules, k.result,
		       k.award_review, k.sla_state, k.waiting_on
		FROM cases k, generate_series(1, $2) AS n
		WHERE k.reference = $1`, template, many)
	require.NoError(b, err)
	_, err = o.Pool().Exec(b.Context(), "UPDATE cases SET award_review = NULL, result = NULL, stage = 'refused', refusal = '{}' WHERE reference <> $1", template)
	require.NoError(b, err)
	_, err = o.Pool().Exec(b.Context(), "VACUUM ANALYZE cases")
	require.NoError(b, err)
	for name, filter := range map[string]docket.Filter{
		"newest": {Limit: 50}, "centre": {Limit: 50, Centre: "12345"},
		"deep": {Limit: 50, AfterReceived: storetest.Now.Add(-25 * 24 * time.Hour), AfterReference: "R-" + casework.Reference(strconv.Itoa(many))},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				cases, err := o.Cases(b.Context(), filter)
				require.NoError(b, err)
				require.Len(b, cases, 50)
			}
		})
	}
}
