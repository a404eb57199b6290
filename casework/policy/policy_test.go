package policy_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/policy"
)

func charged(code fee.Code, occasion policy.FeeFor, clause string) policy.FeeRule {
	return policy.FeeRule{Code: code, For: occasion, Waiver: fee.Waiver{Clause: clause}}
}

func small() policy.Policy {
	return policy.Policy{
		Version: "small.1",
		Services: []policy.Service{
			{Service: casework.ClericalCheck, Fees: []policy.FeeRule{charged("clerical-check", policy.ForRequest, "clause 1")}},
			{Service: casework.ReviewOfMarking, Fees: []policy.FeeRule{charged("review-of-marking", policy.ForRequest, "clause 2")}},
			{Service: casework.ReviewedScriptCopy, Fees: []policy.FeeRule{
				charged("reviewed-script", policy.ForRequest, "clause 3"), charged("late-reviewed-script", policy.ForLateCopy, "clause 4"),
			}},
		},
		Tariff: []policy.Price{
			{Code: "clerical-check", FromLevel: 1, ToLevel: 8, Pence: 1500},
			{Code: "review-of-marking", FromLevel: 1, ToLevel: 2, Pence: 6200},
			{Code: "review-of-marking", FromLevel: 3, ToLevel: 3, Pence: 6600},
		},
		ChangeReasons:    []policy.Wording{{Code: "totalling-error", Text: "The marks were added up wrongly."}},
		UnchangedReasons: []policy.Wording{{Code: "mark-scheme-applied-correctly", Text: "The mark scheme was applied correctly."}},
		Checks:           []policy.Wording{{Code: "addition", Text: "The marks were added up correctly."}},
	}
}

func TestPolicy_PriceIsThatOfTheLevel(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		code  fee.Code
		level int
		want  fee.Pence
		ok    bool
	}{
		{"clerical-check", 1, 1500, true},
		{"clerical-check", 8, 1500, true},
		{"review-of-marking", 2, 6200, true},
		{"review-of-marking", 3, 6600, true},
		{"review-of-marking", 4, 0, false},
		{"review-of-marking", 0, 0, false},
		{"appeal", 2, 0, false},
	} {
		price, ok := small().Price(row.code, row.level)
		require.Equalf(t, row.ok, ok, "%s at level %d", row.code, row.level)
		require.Equal(t, row.want, price.Pence)
	}
}

func TestPolicy_FindsServicesWaiversAndWords(t *testing.T) {
	t.Parallel()
	p := small()
	service, ok := p.Service(casework.ReviewOfMarking)
	require.True(t, ok)
	charge, ok := service.Fee(policy.ForRequest)
	require.True(t, ok)
	require.Equal(t, fee.Code("review-of-marking"), charge.Code)
	_, ok = service.Fee(policy.ForLateCopy)
	require.False(t, ok)
	_, ok = p.Service("tea")
	require.False(t, ok)

	for code, clause := range map[fee.Code]string{"clerical-check": "clause 1", "review-of-marking": "clause 2", "reviewed-script": "clause 3", "late-reviewed-script": "clause 4"} {
		waiver, ok := p.Waiver(code)
		require.True(t, ok)
		require.Equal(t, clause, waiver.Clause)
	}
	_, ok = p.Waiver("appeal")
	require.False(t, ok)

	for code, want := range map[string]string{
		"totalling-error": "The marks were added up wrongly.", "mark-scheme-applied-correctly": "The mark scheme was applied correctly.",
		"addition": "The marks were added up correctly.",
	} {
		text, ok := p.Text(code)
		require.True(t, ok)
		require.Equal(t, want, text)
	}
	_, ok = p.Text("mood")
	require.False(t, ok)
}

func TestWarnRule_Check(t *testing.T) {
	t.Parallel()
	nine := calendar.TimeOfDay{Hour: 9}
	for _, row := range []struct {
		name string
		rule policy.WarnRule
		want string
	}{
		{"days", policy.WarnRule{DaysBefore: 3, At: nine}, ""},
		{"days at midnight", policy.WarnRule{DaysBefore: 3}, ""},
		{"hours", policy.WarnRule{HoursBefore: 4}, ""},
		{"neither", policy.WarnRule{At: nine}, "either in days or in hours"},
		{"both", policy.WarnRule{DaysBefore: 3, HoursBefore: 4}, "either in days or in hours"},
		{"negative days", policy.WarnRule{DaysBefore: -3, At: nine}, "positive number"},
		{"negative hours", policy.WarnRule{HoursBefore: -3}, "positive number"},
		{"hours at a time of day", policy.WarnRule{HoursBefore: 4, At: nine}, "takes no time of day"},
		{"the hour of the clock change", policy.WarnRule{DaysBefore: 3, At: calendar.TimeOfDay{Hour: 1, Minute: 30}}, "than 01:30"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			err := row.rule.Check()
			if row.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, row.want)
		})
	}
}

// A warn point that passes the check exists on every date: no clock change can take it away.
func TestWarnRule_AnAcceptedTimeExistsOnEveryDate(t *testing.T) {
	t.Parallel()
	for hour := range 24 {
		rule := policy.WarnRule{DaysBefore: 1, At: calendar.TimeOfDay{Hour: hour, Minute: 30}}
		if rule.Check() != nil {
			continue
		}
		for day := range 800 {
			date := calendar.Date{Year: 2026, Month: 1, Day: 1}.AddDays(day)
			_, err := date.At(rule.At)
			require.NoError(t, err)
		}
	}
}

func TestLists_NameWhatRuleFilesMayUse(t *testing.T) {
	t.Parallel()
	distinct(t, policy.Units(), 5)
	distinct(t, policy.Anchors(), 8)
	distinct(t, policy.Events(), 15)
	distinct(t, policy.Pauses(), 5)
	distinct(t, policy.Tests(), 14)
	distinct(t, policy.Requesters(), 4)
	distinct(t, policy.Scopes(), 5)
	distinct(t, policy.ConsentNeeds(), 3)
	distinct(t, policy.CancelUntils(), 2)
	distinct(t, policy.FeeFors(), 3)
	distinct(t, policy.Outputs(), 10)
	distinct(t, policy.Notices(), 10)
	distinct(t, policy.Decisions(), 5)
}

// distinct holds that a list of names has a length and names nothing twice.
func distinct[T ~string](t *testing.T, names []T, length int) {
	t.Helper()
	require.Len(t, names, length)
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(names))), length)
	require.NotContains(t, names, T(""))
}
