package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// urgent is the list, and asserts that it is in order and says what the cases' pages say.
func (o office) urgent() []docket.DigestLine {
	o.t.Helper()
	lines, err := o.Urgent(o.t.Context(), 0)
	require.NoError(o.t, err)
	require.True(o.t, slices.IsSortedFunc(lines, func(a, b docket.DigestLine) int { return a.Due.Compare(b.Due) }), "the most overdue first")
	for _, line := range lines {
		page := o.page(line.Reference)
		found := clock(o.t, page, line.Clock)
		require.Equal(o.t, casework.ClockSLA, found.Kind)
		require.True(o.t, found.Due().Equal(line.Due), "due is what people are told")
		require.True(o.t, found.MetAt.IsZero())
		require.Equal(o.t, page.WaitingOn, line.WaitingOn)
		require.Equal(o.t, page.Request.Service, line.Service)
	}
	return lines
}

// outcomes lists whose outcome is owed.
func outcomes(lines []docket.DigestLine) []casework.Reference {
	var refs []casework.Reference
	for _, line := range lines {
		if line.Clock == casework.ClockOutcome {
			refs = append(refs, line.Reference)
		}
	}
	return refs
}

func TestUrgent_ListsWhatIsOwedAndNothingElse(t *testing.T) {
	t.Parallel()
	o := setup(t)
	require.Empty(t, o.urgent())
	review, check := o.open(), o.open(clerical, of("4002", storetest.Numeracy), withoutScript)
	refused := o.try(ask(withoutConsent, of("4003", storetest.Maths1))).Reference
	allocated := o.allocate(review)
	require.ElementsMatch(t, []casework.Reference{review, check}, outcomes(o.urgent()))
	require.NotContains(t, outcomes(o.urgent()), refused)
	for _, line := range o.urgent() {
		want := ""
		if line.Reference == review {
			want = allocated.Assignee
		}
		require.Equal(t, want, line.Assignee)
	}
	first, err := o.Urgent(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, o.urgent()[:1], first)

	_, err = o.Decide(t.Context(), decision(review, allocated, nil, storetest.Now.Add(24*time.Hour)), o.book, o.book)
	require.NoError(t, err)
	require.Equal(t, []casework.Reference{check}, outcomes(o.urgent()), "what was done is owed no more")
}
