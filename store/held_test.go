package store_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// narrowed are the cases that a filter finds.
func (o office) narrowed(filter docket.Filter) []casework.Reference {
	o.t.Helper()
	cases, err := o.Cases(o.t.Context(), filter)
	require.NoError(o.t, err)
	refs := make([]casework.Reference, len(cases))
	for i, c := range cases {
		refs[i] = c.Reference
	}
	return refs
}

func TestHeld_ListsTheHoldsThatLastTheLongestFirst(t *testing.T) {
	t.Parallel()
	o := setup(t)
	held := func(limit int) []docket.HeldLine {
		lines, err := o.Held(t.Context(), limit)
		require.NoError(t, err)
		return lines
	}
	require.Empty(t, held(0))
	first, second := o.open(), o.open(of("4002", storetest.Maths1))
	o.open(of("4003", storetest.Maths1))
	o.hold(second, casework.HoldMalpractice, days(1))
	o.hold(first, casework.HoldConsent, days(2))
	o.hold(second, casework.HoldOther, days(3))
	line := func(ref casework.Reference, cause casework.HoldCause, day int) docket.HeldLine {
		return docket.HeldLine{
			Reference: ref, Service: casework.ReviewOfMarking, Component: storetest.Maths1, Cause: cause, BeganAt: days(day),
			AskedBy: caseworker.Subject, ApprovedBy: storetest.Approver, ApproverName: "Imogen Vale",
		}
	}
	all := []docket.HeldLine{line(second, casework.HoldMalpractice, 1), line(first, casework.HoldConsent, 2), line(second, casework.HoldOther, 3)}
	require.Equal(t, all, held(0))
	require.Equal(t, all[:2], held(2))
	o.resume(second, casework.HoldMalpractice, days(4), false)
	require.Equal(t, all[1:], held(0), "what has ended waits no more")
}

func TestCases_HeldForFindsWhatWaitsNow(t *testing.T) {
	t.Parallel()
	o := setup(t)
	twice, once := o.open(), o.open(fromOtherCentre, of("5001", storetest.Maths1))
	o.open(of("4002", storetest.Maths1))
	o.hold(twice, casework.HoldConsent, days(1))
	o.hold(twice, casework.HoldMalpractice, days(2))
	o.hold(once, casework.HoldOther, days(2))
	found := func(causes ...casework.HoldCause) []casework.Reference {
		return o.narrowed(docket.Filter{HeldFor: causes})
	}
	require.Len(t, found(), 3, "without a cause everything is listed")
	require.ElementsMatch(t, []casework.Reference{twice, once}, found(casework.HoldCauses()...))
	require.Equal(t, []casework.Reference{twice}, found(casework.HoldMalpractice))
	require.ElementsMatch(t, []casework.Reference{twice, once}, found(casework.HoldConsent, casework.HoldOther))
	require.Empty(t, found(casework.HoldPayment))
	require.Equal(t, []casework.Reference{once}, o.narrowed(docket.Filter{Centre: storetest.OtherCentre, HeldFor: casework.HoldCauses()}))
	o.resume(twice, casework.HoldMalpractice, days(3), false)
	require.Empty(t, found(casework.HoldMalpractice))
	require.Equal(t, []casework.Reference{twice}, found(casework.HoldConsent))
}

// Few cases wait, of very many: their lists read an index that holds nothing else.
func TestHeld_PlansReadOnlyWhatWaits(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.open()
	o.sql(`INSERT INTO cases (reference, kind, stage, service, centre, candidate, series, component, reviewed_script, reason, requester, request_sha256,
			received_at, opened_at, policy, rules, refusal, sla_state, waiting_on, held_for)
		SELECT 'R-' || n, kind, 'refused', service, centre, candidate, series, component, false, reason, requester, 'x',
			received_at - n * interval '7 seconds', opened_at, policy, rules, '{}', 'met', 'nobody', CASE WHEN n % 500 = 0 THEN '{hold}'::text[] ELSE '{}' END
		FROM cases, generate_series(1, 20000) n`)
	o.sql(`INSERT INTO holds (reference, number, cause, reason, asked_by, approved_by, approver_name, began_at, ended_at, ended_by, delivered)
		SELECT reference, 1, 'hold', 'So.', 'cw', '', '', received_at, CASE WHEN held_for = '{}' THEN opened_at END, CASE WHEN held_for = '{}' THEN 'cw' END,
			CASE WHEN held_for = '{}' THEN false END
		FROM cases WHERE stage = 'refused'`)
	o.sql("VACUUM ANALYZE cases, holds")
	sqls := statements(t)
	for name, row := range map[string]struct {
		sql, index string
		arguments  []any
	}{
		"one cause":  {"casesSQL", "cases_held", []any{"", "", []string{}, "", "", "", "", "", []string{"hold"}, nil, "", 51}},
		"any":        {"casesSQL", "cases_held", []any{"", "", []string{}, "", "", "", "", "", words(casework.HoldCauses()), nil, "", 51}},
		"a batch":    {"candidatesSQL", "cases_held", []any{[]string{}, words(casework.Stages()), "", "", "", "", "", "hold", "", false, 501}},
		"the desk's": {"heldSQL", "holds_lasting", []any{26}},
	} {
		plan := strings.Join(o.words("EXPLAIN "+sqls[row.sql], row.arguments...), "\n")
		require.Contains(t, plan, row.index, "%s:\n%s", name, plan)
		require.NotContains(t, plan, "Seq Scan on cases", "%s:\n%s", name, plan)
	}
}
