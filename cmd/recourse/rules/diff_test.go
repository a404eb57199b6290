package rules_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/cmd/recourse/rules"
)

// ruleFile is the text of a rule file as it lies in the repository.
func ruleFile(t *testing.T, version string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "rulebook", "sets", version+".yaml"))
	require.NoError(t, err)
	return string(text)
}

// altered writes a rule file with one piece of text replaced, which must stand in it, and returns its path.
func altered(t *testing.T, version, old, now string) string {
	t.Helper()
	text := ruleFile(t, version)
	require.Contains(t, text, old)
	name := filepath.Join(t.TempDir(), version+".yaml")
	require.NoError(t, os.WriteFile(name, []byte(strings.Replace(text, old, now, 1)), 0o600))
	return name
}

func TestDiff_TheSameRulesEndWithStatusZero(t *testing.T) {
	t.Parallel()
	for _, p := range everyPolicy(t) {
		file := altered(t, p.Version, "set:", "set:")
		require.Equal(t, p.Version+" and "+file+" say the same.\n", asked(t, "diff "+p.Version+" "+file))
	}
}

func TestDiff_SaysRuleByRuleWhatChanged(t *testing.T) {
	t.Parallel()
	file := altered(t, "cambria-2026.1", "amount: 20\n", "amount: 18\n")
	out, err := run(t, "diff", "cambria-2026.1", file)
	require.ErrorIs(t, err, rules.DifferenceError{})
	require.Equal(t, "Changed: review-of-marking, clock outcome: was 20 calendar days from receipt of the request (sla: the awarding body owes it; late is a breach); is now 18 calendar days from receipt of the request (sla: the awarding body owes it; late is a breach)\n", out)
}

func TestDiff_BetweenTwoBodiesNamesWhatEachLacks(t *testing.T) {
	t.Parallel()
	out, err := run(t, "diff", "ocr-2012-2012.1", "jcq-2026.1")
	require.ErrorIs(t, err, rules.DifferenceError{})
	require.Contains(t, out, "Changed: appeal, window: was 14 calendar days from the outcome; is now 30 calendar days from the outcome\n")
	require.Contains(t, out, "Removed: moderation-claim, clock result: 35 working days from ")
	require.Contains(t, out, "Added: appeal, clock reasons-window: 15 calendar days from receipt of the reasons")
	back, err := run(t, "diff", "jcq-2026.1", "ocr-2012-2012.1")
	require.ErrorIs(t, err, rules.DifferenceError{})
	require.Contains(t, back, "Added: moderation-claim, clock result: 35 working days from ")
	require.Equal(t, strings.Count(out, "\n"), strings.Count(back, "\n"), "what one lacks the other adds")
}

func TestDiff_OfARuleFileWithFaultsGivesThem(t *testing.T) {
	t.Parallel()
	file := altered(t, "cambria-2026.1", "unit: calendar-days", "unit: fortnights")
	sentence := refusedWith(t, "diff cambria-2026.1 "+file)
	require.Regexp(t, `^the rule file has faults:\ncambria-2026\.1\.yaml:\d+:\d+: .*fortnights`, sentence)
}

// Nothing that a policy says may change without diff saying so: every single value of every version is altered in
// turn.
func TestDiff_NoChangeEscapesIt(t *testing.T) {
	t.Parallel()
	for _, p := range everyPolicy(t) {
		t.Run(p.Version, func(t *testing.T) {
			t.Parallel()
			require.Empty(t, rules.Compare(p, p))
			copied := deepCopy(reflect.ValueOf(p))
			after := reflect.New(copied.Type()).Elem()
			after.Set(copied)
			values := 0
			eachValue(after, "", func(path string, alter, restore func()) {
				values++
				alter()
				require.NotEmpty(t, rules.Compare(p, after.Interface().(policy.Policy)), "%s changed and nothing was said", path) //nolint:forcetypeassert // it was made of one
				restore()
			})
			require.Greater(t, values, 300)
			require.Empty(t, rules.Compare(p, after.Interface().(policy.Policy)), "everything was put back") //nolint:forcetypeassert // it was made of one
		})
	}
}

// names are the values by which two versions are told apart; they are no rules.
var names = []string{".Set", ".Version"}

// eachValue calls do for every text, number, yes or no and instant below a value, with functions that alter it and put
// it back. What is empty is left out: a rule file cannot give a condition on the series' month a first level.
func eachValue(v reflect.Value, path string, do func(path string, alter, restore func())) {
	for _, name := range names {
		if path == name {
			return
		}
	}
	kept := reflect.New(v.Type()).Elem()
	kept.Set(v)
	restore := func() { v.Set(kept) }
	if _, ok := v.Interface().(time.Time); ok {
		do(path, func() { v.Set(reflect.ValueOf(kept.Interface().(time.Time).Add(time.Hour))) }, restore) //nolint:forcetypeassert // it was looked at
		return
	}
	if v.IsZero() && (v.Kind() != reflect.Bool) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			eachValue(v.Field(i), path+"."+v.Type().Field(i).Name, do)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachValue(v.Index(i), path+"[]", do)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			eachValue(v.Elem(), path, do)
		}
	case reflect.String:
		if unit, ok := v.Interface().(policy.Unit); ok {
			units := policy.Units()
			next := units[(slices.Index(units, unit)+1)%len(units)]
			do(path, func() { v.Set(reflect.ValueOf(next)) }, restore)
			return
		}
		do(path, func() { v.SetString(kept.String() + "x") }, restore)
	case reflect.Bool:
		do(path, func() { v.SetBool(!kept.Bool()) }, restore)
	default:
		do(path, func() { v.SetInt(kept.Int() + 1) }, restore)
	}
}

// deepCopy copies a value with everything that its slices and pointers lead to.
func deepCopy(v reflect.Value) reflect.Value {
	if _, ok := v.Interface().(time.Time); ok {
		return v
	}
	made := reflect.New(v.Type()).Elem()
	made.Set(v)
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			made.Field(i).Set(deepCopy(v.Field(i)))
		}
	case reflect.Slice:
		if v.IsNil() {
			return made
		}
		made.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			made.Index(i).Set(deepCopy(v.Index(i)))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			made.Set(reflect.New(v.Type().Elem()))
			made.Elem().Set(deepCopy(v.Elem()))
		}
	default:
	}
	return made
}
