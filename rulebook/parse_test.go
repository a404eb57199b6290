package rulebook_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/rulebook"
)

// published is the text of a good rule file, which the tests spoil one place at a time.
func published(tb testing.TB) string {
	tb.Helper()
	text, err := os.ReadFile("cambria-2026.yaml")
	require.NoError(tb, err)
	return string(text)
}

func faultsOf(t *testing.T, err error) []rulebook.Fault {
	t.Helper()
	var file *rulebook.FileError
	require.ErrorAs(t, err, &file)
	require.NotEmpty(t, file.Faults)
	return file.Faults
}

func TestParse_TheSeparateFaults(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name     string
		old, new string
		want     string
	}{
		// Form.
		{"broken YAML", "version: cambria-2026.1", "version: [cambria", "cambria.yaml:"},
		{"an unknown key", "bodyName: Cambria Awards", "bodyname: Cambria Awards", `unknown field "bodyname"`},
		{"an unknown key inside a rule", "offset: 35, unit", "offsets: 35, unit", `unknown field "offsets"`},
		{"a key twice", "body: cambria\n", "body: cambria\nbody: cambria\n", `"body" already defined`},
		{"a text for a number", "amount: 10", "amount: ten", "expected a whole number here"},
		{"a text for a yes or no", "allowed: true", "allowed: perhaps", "expected true or false here"},
		{"a text for a list", "months: [1, 4, 7, 10, 11]", "months: monthly", "sequence is expected"},
		{"keys for a text", "bodyName: Cambria Awards", "bodyName: {full: Cambria Awards}", "expected a text here"},
		{"a text for keys", "    completion:\n", "    completion: none\n    completions:\n", "cambria.yaml:"},
		{"keys for a number", "amount: 10\n", "amount: {of: 10}\n", "expected a whole number here"},
		{"a date that does not exist", "validFrom: 2026-01-01", "validFrom: 2026-02-30", `"2026-02-30" is not one`},
		{"a time that does not exist", `at: "09:00"`, `at: "9 o'clock"`, "a time of day is written like 09:00"},
		{"two documents", "invoices:", "---\ninvoices:", "one document"},

		// The head.
		{"no version", "version: cambria-2026.1\n", "", `a version is written like cambria-2026.1; "" is not one`},
		{"a version of another form", "version: cambria-2026.1", "version: Cambria 2026", `"Cambria 2026" is not one`},
		{"no body", "body: cambria\n", "", "the body is an id"},
		{"no name", "bodyName: Cambria Awards\n", "", "bodyName is missing"},
		{"no first day", "validFrom: 2026-01-01\n", "", "validFrom is missing"},

		// Where a rule comes from.
		{"no clause", "opens: {clause: clause 2.1, source: regulations,", "opens: {source: regulations,", "the rule names no clause"},
		{"no source", "opens: {clause: clause 2.1, source: regulations,", "opens: {clause: clause 2.1,", "the rule names no source"},
		{"an unknown source", "opens: {clause: clause 2.1, source: regulations,", "opens: {clause: clause 2.1, source: hearsay,", `source "hearsay" is not in the list`},
		{"not said whether confirmed", "opens: {clause: clause 2.1, source: regulations, confirmed: true}", "opens: {clause: clause 2.1, source: regulations}", "confirmed is missing; say true or false"},
		{"a rule left out", "    once: {clause: clause 2.5, source: regulations, confirmed: true}\n", "", "the rule names no clause"},
		{"a source twice", "- id: tariff\n", "- id: regulations\n", "source regulations is listed twice"},
		{"a source without an id", "- id: tariff\n", "- id: \"\"\n", "a source has an id"},
		{"a source without a title", "title: Cambria Awards (fictional), Fees 2026", `title: ""`, "source tariff has no title"},

		// Services.
		{"an unknown service", "- service: clerical-check", "- service: tea", `service "tea" is not one of [clerical-check review-of-marking]`},
		{"a service twice", "- service: review-of-marking", "- service: clerical-check", "service clerical-check has rules twice"},
		{"an unknown anchor", "anchor: gcse-release", "anchor: easter", `anchor "easter" is not one of [gcse-release]`},
		{"a wrong unit of a window", "offset: 35, unit: calendar-days", "offset: 35, unit: hours", `unit "hours" is not one of [calendar-days]`},
		{"a window that ends before it begins", "offset: 35", "offset: -1", "offset is from 0 to 1000; -1 is not"},
		{"consent not decided", "required: true, afterRelease: true,", "afterRelease: true,", "required is missing"},
		{"age of consent not decided", "required: true, afterRelease: true,", "required: true,", "afterRelease is missing"},
		{"objective tests not decided", "{allowed: true,", "{", "allowed is missing"},
		{"contained in nothing", "services: [review-of-marking]", "services: []", "containedIn names no service"},
		{"contained in an unknown service", "services: [review-of-marking]", "services: [tea]", `service "tea" is not one of`},

		// Clocks.
		{"an unknown kind of clock", "kind: right", "kind: wish", `kind of clock "wish" is not one of [right]`},
		{"a kind that makes no sense there", "kind: right", "kind: sla", `kind of clock "sla" is not one of [right]`},
		{"no amount", "      amount: 10\n", "", "amount is from 1 to 1000; 0 is not"},
		{"an amount beyond reason", "amount: 10\n", "amount: 100000\n", "100000 is not"},
		{"an unknown unit", "unit: hours", "unit: fortnights", `unit "fortnights" is not one of [calendar-days hours]`},
		{"a warn point of both kinds", "{hoursBefore: 4}", "{hoursBefore: 4, daysBefore: 1}", "either in days or in hours"},
		{"a warn point beyond reason", "{hoursBefore: 4}", "{hoursBefore: 4000}", "a warn point is from 0 to 1000"},
		{"a warn point in the hour of the clock change", `at: "09:00"`, `at: "01:15"`, "London's clocks skip or repeat"},
		{"a right that warns", "kind: right\n", "kind: right\n  warn: [{daysBefore: 1, at: \"09:00\"}]\n", "only an sla clock warns"},

		// Money.
		{"an unknown waiver", "strategy: linked_award_grade", "strategy: on_tuesdays", `strategy "on_tuesdays" is not one of [linked_award_grade]`},
		{"a fee without a price", "fee: clerical-check\n", "fee: clerical\n", `the tariff has 0 prices of fee "clerical" at level 1`},
		{"a gap in the levels", "fromLevel: 3, toLevel: 8", "fromLevel: 4, toLevel: 8", `the tariff has 0 prices of fee "review-of-marking" at level 3`},
		{"two prices at a level", "fromLevel: 3, toLevel: 8", "fromLevel: 2, toLevel: 8", `the tariff has 2 prices of fee "review-of-marking" at level 2`},
		{"a level that does not exist", "fromLevel: 3, toLevel: 8", "fromLevel: 3, toLevel: 9", "toLevel is from 1 to 8; 9 is not"},
		{"no price", "pence: 1350, ", "", "pence is missing"},
		{"a negative price", "pence: 1350", "pence: -1350", "a price is not negative"},
		{"a part of a penny", "pence: 1350", "pence: 1350.5", "expected a whole number here"},
		{"a price in another base", "pence: 1350", "pence: 0x10", "expected a whole number here"},
		{"a price with an exponent", "pence: 1350", "pence: 1e3", "expected a whole number here"},
		{"a fee in another form", "{fee: reviewed-script", "{fee: Reviewed Script", "a fee has a code in lower case"},
		{"a fee of two services", "fee: review-of-marking\n", "fee: clerical-check\n", `fee "clerical-check" is used twice`},
		{"a price of no service", "invoices:", "  - {fee: tea, fromLevel: 1, toLevel: 8, pence: 200, clause: row 9, source: tariff, confirmed: true}\n\ninvoices:", `fee "tea" belongs to no service`},
		{"a month that does not exist", "months: [1, 4,", "months: [13, 4,", "a month is from 1 to 12; 13 is not"},
		{"a month twice", "months: [1, 4,", "months: [4, 4,", "month 4 is named twice"},
		{"no months", "months: [1, 4, 7, 10, 11]", "months: []", "the rule names no months"},

		// Codes.
		{"a reason that is spelled out nowhere", "        - totalling-error\n", "        - adding-error\n", `code "adding-error" is spelled out nowhere`},
		{"a reason twice", "        - totalling-error\n", "        - input-error\n", "code input-error is named twice"},
		{"a check that is spelled out nowhere", "checklist: [all-parts-marked, addition,", "checklist: [all-parts-marked, sums,", `code "sums" is spelled out nowhere`},
		{"no reasons for an unchanged outcome", "unchangedReasons: [addition-and-transfer-correct]", "unchangedReasons: []", "the list is empty"},
		{"annotation not decided", "      annotatedScript: false\n", "", "annotatedScript is missing"},
		{"a code spelled out twice", "- code: missing-script-found", "- code: illegible-work", "code illegible-work is spelled out twice"},
		{"a code in another form", "- code: centre-mark-wrong", "- code: Centre mark wrong", `"Centre mark wrong" is not one`},
		{"a code without a text", "text: The marks were added up wrongly.", `text: ""`, "code totalling-error has no text"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			text := published(t)
			require.Contains(t, text, row.old, "the test spoils what is there")
			_, err := rulebook.Parse("cambria.yaml", []byte(strings.Replace(text, row.old, row.new, 1)))
			require.ErrorContains(t, err, row.want)
			faults := faultsOf(t, err)
			for _, fault := range faults {
				require.Positive(t, fault.Line)
				require.Positive(t, fault.Column)
			}
		})
	}
}

func TestParse_NamesTheLineAndColumn(t *testing.T) {
	t.Parallel()
	text := published(t)
	for _, row := range []struct {
		old, new string
		// mark is the text in the spoiled file at whose start the fault is reported.
		mark string
	}{
		{"unit: hours", "unit: fortnights", "fortnights"},
		{"kind: right", "kind: wish", "wish"},
		{"anchor: gcse-release", "anchor: easter", "easter"},
		{"pence: 1350", "pence: -1350", "-1350"},
		{"amount: 10\n", "amount: ten\n", "ten\n"},
		{"offset: 35, unit", "offsets: 35, unit", "offsets: 35"},
		{"validFrom: 2026-01-01", "validFrom: 2026-02-30", "2026-02-30"},
		{`at: "09:00"`, `at: "9 o'clock"`, `"9 o'clock"`},
		{"pence: 1350", "pence: 1350.5", "1350.5"},
		{"months: [1, 4,", "months: [13, 4,", "13, 4"},
	} {
		spoiled := strings.Replace(text, row.old, row.new, 1)
		before, _, found := strings.Cut(spoiled, row.mark)
		require.True(t, found)
		line := 1 + strings.Count(before, "\n")
		column := len(before) - strings.LastIndex(before, "\n")
		_, err := rulebook.Parse("cambria.yaml", []byte(spoiled))
		faults := faultsOf(t, err)
		require.Len(t, faults, 1)
		require.Equalf(t, [2]int{line, column}, [2]int{faults[0].Line, faults[0].Column}, "%s", faults[0])
		require.Equal(t, "cambria.yaml", faults[0].File)
	}
}

func TestParse_AllFaultsOfMeaningAtOnceInTheirOrder(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("kind: right", "kind: wish", "anchor: gcse-release", "anchor: easter", "months: [1, 4,", "months: [13, 4,").Replace(published(t))
	_, err := rulebook.Parse("cambria.yaml", []byte(text))
	faults := faultsOf(t, err)
	require.Len(t, faults, 4, "the anchor stands in two services")
	for i, fault := range faults[1:] {
		require.LessOrEqual(t, faults[i].Line, fault.Line)
	}
	require.Len(t, strings.Split(err.Error(), "\n"), 4)
}

func TestParse_WhatIsNoRuleFileAtAll(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n\n", "# only a comment\n", "just a sentence", "- a\n- list\n", "42", "null"} {
		_, err := rulebook.Parse("x.yaml", []byte(text))
		require.Errorf(t, err, "%q", text)
		require.Contains(t, err.Error(), "x.yaml:1:1: a rule file is one document of keys and values")
	}
	_, err := rulebook.Parse("x.yaml", []byte("{}"))
	require.ErrorContains(t, err, "the file has no services")
	_, err = rulebook.Parse("x.yaml", make([]byte, 1<<20+1))
	require.ErrorContains(t, err, "at most 1048576 bytes")
}

// FuzzParse: whatever the text, the answer is an error with a place or a policy that every rule can be applied to.
func FuzzParse(f *testing.F) {
	f.Add([]byte(published(f)))
	f.Add([]byte("version: [a"))
	f.Add([]byte("services: [{service: clerical-check}]"))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("? {a: b}\n: c"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := rulebook.Parse("fuzz.yaml", text)
		if err != nil {
			faultsOf(t, err)
			return
		}
		at := instant(t, "2026-09-24T10:15:00Z")
		require.True(t, deadline.Start(p.AppealWindow, at).Ends.After(at))
		require.True(t, deadline.Start(p.ReviewedScript.Delivery, at).Ends.After(at))
		facts := gcse(t)
		for level := 1; level <= 8; level++ {
			facts.Level = level
			for _, s := range p.Services {
				v := offer.Judge(p, facts, offer.Ask{Service: s.Service, ReceivedAt: at, ConsentGivenOn: calendar.DateOf(at), ReviewedScript: true})
				require.Len(t, v.Fees, 2, "every level has its price")
				require.NotEmpty(t, v.Rules.ChangeReasons)
				require.Equal(t, casework.ClockOutcome, v.Clocks[0].ID)
			}
		}
	})
}
