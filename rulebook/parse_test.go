package rulebook_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/rulebook"
)

// spoilt is one change to the small file and what must be said about it.
type spoilt struct {
	name     string
	old, new string
	want     string
}

func refuse(t *testing.T, rows []spoilt) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			text := small(t)
			require.Contains(t, text, row.old, "the test spoils what is there")
			_, err := rulebook.Parse("small.yaml", []byte(strings.Replace(text, row.old, row.new, 1)))
			require.ErrorContains(t, err, row.want)
			for _, fault := range faultsOf(t, err) {
				require.Equal(t, "small.yaml", fault.File)
				require.Positive(t, fault.Line)
				require.Positive(t, fault.Column)
			}
		})
	}
}

func TestParse_FaultsOfForm(t *testing.T) {
	t.Parallel()
	refuse(t, []spoilt{
		{"broken YAML", "version: small-2026.1", "version: [small", "small.yaml:"},
		{"an unknown key", "bodyName: Small Awards", "bodyname: Small Awards", `the file has no key "bodyname"; its keys are set, version`},
		{"an unknown key inside a rule", "anchor: gcse-release, amount", "anchor: gcse-release, offset", `window has no key "offset"; its keys are anchor`},
		{"a key twice", "body: small\n", "body: small\nbody: small\n", `"body" already defined`},
		{"an anchor of YAML", "words: {", "words: &w {", "anchors, aliases and tags are not read"},
		{"a tag of YAML", "title: Small, 2026", "title: !!str Small, 2026", "anchors, aliases and tags are not read"},
		{"a text for a number", "amount: 20\n", "amount: twenty\n", `amount is a whole number in decimal digits; "twenty" is not`},
		{"a text for a yes or no", "fictional: true", "fictional: perhaps", `fictional is true or false; "perhaps" is neither`},
		{"a number for a text", "title: Clerical check", "title: 7", "title is a text; put it in quotes"},
		{"an empty text", "title: Clerical check", `title: " "`, "title is empty"},
		{"nothing", "title: Clerical check", "title:", "nothing is written after title"},
		{"a text for a list", "months: [10, 1]", "months: monthly", "months is a list"},
		{"a text for keys", "opens: {clause: clause 2, source: rules, confirmed: true}", "opens: at once", "opens is written as keys and values"},
		{"a date that does not exist", "validFrom: 2026-01-01", "validFrom: 2026-02-30", `"2026-02-30" is not one`},
		{"a time that does not exist", `at: "09:00"`, `at: "9 o'clock"`, "a time of day is written like 09:00"},
		{"a release at a time that the clocks skip", "2026-08-13T08:00", "2026-03-29T01:30", "London's clocks skip"},
		{"two documents", "invoices:", "---\ninvoices:", "one document"},
	})
}

func TestParse_FaultsOfTheHead(t *testing.T) {
	t.Parallel()
	refuse(t, []spoilt{
		{"a set of another form", "set: small", "set: Small", `set is an id in lower case such as cambria; "Small" is not one`},
		{"a version of another set", "version: small-2026.1", "version: great-2026.1", `like small-2026.1; "great-2026.1" is not one`},
		{"a version without a number", "version: small-2026.1", "version: small-2026", `"small-2026" is not one`},
		{"a division that does not exist", "division: scotland", "division: wales", `division "wales" is not one of england-and-wales, scotland, northern-ireland`},
		{"rules that end before they begin", "validUntil: 2027-12-31", "validUntil: 2025-12-31", "validUntil 2025-12-31 lies before validFrom 2026-01-01"},
		{"rules that begin before the calendar", "validFrom: 2026-01-01", "validFrom: 2011-12-31", "the bank holidays are known from 2012-01-01"},
		{"a source twice", "- {id: fees, title: Fees of Small Awards}", "- {id: rules, title: Fees of Small Awards}", "source rules is listed twice"},
		{"a source in another form", "- {id: fees,", "- {id: Fees,", `a source has an id in lower case; "Fees" is not one`},
		{"an address with its scheme", "address: example.org/rules", `address: "https://example.org/rules"`, "without its scheme"},
		{"a source that is not listed", "words: {candidate: learner, centre: provider, clause: clause 1, source: rules", "words: {candidate: learner, centre: provider, clause: clause 1, source: hearsay", `source "hearsay" is not in the list of sources`},
		{"a word with a capital", "candidate: learner", "candidate: Learner", `candidate is a word in lower case, in the singular; "Learner" is not`},
		{"a closure that ends before it begins", "to: 2026-12-31", "to: 2026-12-28", "the closure ends on 2026-12-28, before it begins on 2026-12-29"},
		{"a closure beyond the calendar", "to: 2026-12-31", "to: 2029-01-02", "the bank holidays are known from 2012-01-01 to 2028-12-31, so nothing can be computed for 2029-01-02"},
		{"a month that does not exist", "months: [10, 1]", "months: [13, 1]", "a month is from 1 to 12; 13 is not"},
		{"a month twice", "months: [10, 1]", "months: [10, 10]", "month 10 is named twice"},
		{"a code spelled out twice", "code: marked-correctly", "code: totalling-error", "code totalling-error is spelled out twice"},
		{"a code in another form", "code: addition", "code: Adding up", `code "Adding up" is not written as a code of checks is`},
		{"an indicator in another form", "code: Q", "code: pending", `code "pending" is not written as a code of indicators is`},
		{"a road map in another form", "family: small", "family: Small", `a family has a name in lower case such as t-level; "Small" is not one`},
		{"a step that follows a later one", "after: [1, 2]", "after: [1, 3]", "a step before is from 1 to 2; 3 is not"},
		{"a step that follows none", ", after: [1, 2]", "", "does not say which steps lead to it"},
		{"a first step that follows", "{text: Results day}", "{text: Results day, after: [1]}", "the first step follows none"},
		{"a step of a service that is not there", "{service: appeal, text", "{service: moderation-claim, text", "service moderation-claim has no rules in set small"},
	})
}

func TestParse_FaultsOfServices(t *testing.T) {
	t.Parallel()
	refuse(t, []spoilt{
		{"an unknown service", "- service: clerical-check", "- service: tea", `service "tea" is not one of clerical-check, review-of-marking`},
		{"a service twice", "- service: priority-review-of-marking", "- service: review-of-marking", "service review-of-marking has rules twice"},
		{"nobody may ask", "requesters: [head-of-centre]", "requesters: []", "requesters is empty; name one of exams-officer"},
		{"an unknown requester", "requesters: [head-of-centre]", "requesters: [parent]", `requesters "parent" is not one of`},
		{"an unknown condition", "test: level, from: 2, to: 3", "test: mood", `test "mood" is not one of level, externally-marked`},
		{"a key of another condition", "test: level, from: 2, to: 3", "test: once, from: 2, to: 3", `a condition has no key "from"`},
		{"levels the wrong way round", "test: level, from: 2, to: 3", "test: level, from: 3, to: 2", "level 2 lies below level 3"},
		{"no months", "months: [6, 11]", "months: []", "months is empty"},
		{"after no service", "test: only-after, services: [review-of-marking, review-of-moderation]", "test: only-after, services: []", "services names no service"},
		{"after a service that is not there", "services: [clerical-check], amount: 5", "services: [missing-result], amount: 5", "service missing-result has no rules in set small"},
		{"after itself", "services: [clerical-check], amount: 5", "services: [review-of-marking], amount: 5", "is not tested against itself"},
		{"a wrong unit of a condition", "amount: 5, unit: working-days", "amount: 5, unit: hours", `unit "hours" is not one of calendar-days, working-days, weeks, months`},
		{"a day of consent that nobody needs", "need: none, afterRelease: false", "need: none, afterRelease: true", "write afterRelease: false"},
		{"an unknown anchor", "anchor: gcse-release", "anchor: easter", `anchor "easter" is not one of gcse-release, a-level-release`},
		{"a wrong unit of a window", "amount: 35, unit: calendar-days", "amount: 35, unit: hours", `unit "hours" is not one of calendar-days`},
		{"a window that closes before it opens", "amount: 35, unit: calendar-days", "amount: -1, unit: calendar-days", "a window cannot close before it opens"},
		{"a window of no days", "amount: 35, unit: calendar-days", "amount: 0, unit: calendar-days", "amount is from 1 to 1000; 0 is not"},
		{"a span without an anchor", "anchor: none,", "anchor: none, amount: 3, unit: weeks,", `window has no key "amount"`},
		{"working days that roll forward", "amount: 25, unit: working-days", "amount: 25, unit: working-days, rollForward: true", "working days always end on one"},
		{"a cut-off in the hour of the clock change", `cutoff: "17:00"`, `cutoff: "01:30"`, "London's clocks skip or repeat"},
		{"priority for another service", "    panel: {", "    priority: {anchor: none, clause: clause 3, source: rules, confirmed: true}\n    panel: {", "only script-copy has a window with priority"},
		{"an upgrade to a service that is not there", "{to: priority-review-of-marking", "{to: expedited-review-of-marking", "service expedited-review-of-marking has no rules in set small"},
		{"an upgrade to what is about something else", "{to: priority-review-of-marking", "{to: review-of-moderation", "a request for candidate-component cannot be turned into review-of-moderation, which is about a cohort-component"},
		{"an upgrade to itself", "{to: priority-review-of-marking", "{to: review-of-marking", "cannot be upgraded to review-of-marking"},
		{"the cancellation of a free service", "waiver: {strategy: always_free, clause: clause 5, source: rules, confirmed: true}", "waiver: {strategy: always_free, clause: clause 5, source: rules, confirmed: true}\n    cancel: {until: started, clause: clause 7, source: rules, confirmed: true}", "clerical-check is free, so no cancellation can save its fee"},
		{"an unknown document", "outputs: [outcome-letter", "outputs: [poem", `outputs "poem" is not one of`},
		{"a mail twice", "notices: [received, outcome]", "notices: [received, received]", "notices names received twice"},
		{"decisions of a review", "    rank: senior", "    decisions: [{of: [malpractice], amount: 14, unit: calendar-days, clause: clause 3, source: rules, confirmed: true}]", "only an appeal has decisions"},
		{"a panel of a review", "    rank: senior", "    panel: {members: 3, independent: 1, clause: clause 1, source: rules, confirmed: true}", "only an appeal has panel"},
		{"a decision with two windows", "      - {of: [malpractice, administrative], amount: 14,", "      - {of: [malpractice], amount: 7, unit: calendar-days, clause: clause 3, source: rules, confirmed: true}\n      - {of: [malpractice, administrative], amount: 14,", "decision malpractice has two windows"},
		{"more independent members than members", "members: 3, independent: 1", "members: 3, independent: 4", "of whom 4 cannot be independent"},
		{"a reason that is spelled out nowhere", "changeReasons: [totalling-error]", "changeReasons: [adding-error]", `code "adding-error" is spelled out nowhere`},
		{"a check in the place of a reason", "changeReasons: [totalling-error]", "changeReasons: [addition]", `code "addition" is spelled out nowhere`},
		{"no checklist", "checklist: [addition]", "checklist: []", "checklist is empty"},
	})
}

func TestParse_FaultsOfClocks(t *testing.T) {
	t.Parallel()
	refuse(t, []spoilt{
		{"an unknown clock", "clock: outcome\n", "clock: cuckoo\n", `clock "cuckoo" is not one of acceptance`},
		{"a clock of another service", "clock: sample, kind", "clock: hearing, kind", `clock "hearing" is not one of acceptance`},
		{"the window among the clocks", "clock: sample, kind: duty", "clock: window, kind: right", `clock "window" is not one of acceptance`},
		{"a clock twice", "      - {clock: script, kind: sla", "      - {clock: script, kind: sla, starts: received, amount: 2, unit: hours, clause: clause 6, source: rules, confirmed: true}\n      - {clock: script, kind: sla", "script-copy has the clock script twice"},
		{"an unknown kind of clock", "kind: duty", "kind: wish", `kind "wish" is not one of duty`},
		{"a kind that makes no sense there", "kind: duty", "kind: sla", `kind "sla" is not one of duty`},
		{"a start that never comes", "starts: sample-called", "starts: submitted", `starts "submitted" is not one of received`},
		{"an amount beyond reason", "amount: 20\n", "amount: 100000\n", "amount is from 1 to 1000; 100000 is not"},
		{"an unknown unit", "amount: 48, unit: hours", "amount: 48, unit: fortnights", `unit "fortnights" is not one of calendar-days, working-days, weeks, months, hours`},
		{"hours with a cut-off", "amount: 48, unit: hours", `amount: 48, unit: hours, cutoff: "17:00"`, "hours end at an instant"},
		{"a duty that warns", "starts: sample-called, amount: 3, unit: working-days", "starts: sample-called, amount: 3, unit: working-days, warn: [{hoursBefore: 1}]", "only an sla clock warns"},
		{"a warn point of both kinds", "{hoursBefore: 4}", `{hoursBefore: 4, daysBefore: 1, at: "09:00"}`, "either in days or in hours"},
		{"a warn point without its hour", `{daysBefore: 3, at: "09:00"}`, "{daysBefore: 3}", "at is missing from a warn point"},
		{"a warn point before the start", "{daysBefore: 3,", "{daysBefore: 20,", "the clock lasts 20 calendar days, so it cannot warn that long before its end"},
		{"a warn point before the start in hours", "amount: 48, unit: hours", "amount: 48, unit: hours, warn: [{hoursBefore: 48}]", "the clock lasts 48 hours"},
		{"a warn point in days of a clock in hours", "amount: 48, unit: hours", `amount: 48, unit: hours, warn: [{daysBefore: 1, at: "09:00"}]`, "a clock in hours warns in hours"},
		{"a warn point in the hour of the clock change", `at: "09:00"`, `at: "01:15"`, "London's clocks skip or repeat"},
		{"an unknown pause", "by: [hold]", "by: [tea]", `by "tea" is not one of waiting-for-sample`},
		{"a target of a clock that is not there", "- {clock: outcome, amount: 1", "- {clock: script, amount: 1", "has no sla clock script"},
		{"a target on no day of the year", `by: "08-31"`, `by: "31 August"`, `by is a day of the year such as "08-31"`},
	})
}

func TestParse_FaultsOfMoney(t *testing.T) {
	t.Parallel()
	refuse(t, []spoilt{
		{"an unknown waiver", "strategy: linked_award_grade", "strategy: on_tuesdays", `strategy "on_tuesdays" is not one of unit_grade, linked_award_grade`},
		{"a grade that a cohort does not have", "strategy: marks_reinstated", "strategy: linked_award_grade", "strategy linked_award_grade needs the award-grade, which a request for cohort-component does not bring about"},
		{"an appeal's outcome that a review does not have", "strategy: linked_award_grade", "strategy: appeal_upheld", "needs the appeal-outcome, which a request for candidate-component"},
		{"a fee without a price", "      - code: review-of-marking\n", "      - code: review\n", `the tariff has 0 prices of fee "review" at level 2`},
		{"a gap in the levels", "fromLevel: 3, toLevel: 3, pence: 6600", "fromLevel: 4, toLevel: 4, pence: 6600", `the tariff has 0 prices of fee "review-of-marking" at level 3`},
		{"two prices at a level", "fromLevel: 3, toLevel: 3, pence: 6600", "fromLevel: 2, toLevel: 3, pence: 6600", `the tariff has 2 prices of fee "review-of-marking" at level 2`},
		{"a level that does not exist", "fromLevel: 3, toLevel: 3, pence: 6600", "fromLevel: 3, toLevel: 9, pence: 6600", "toLevel is from 1 to 8; 9 is not"},
		{"a negative price", "pence: 6200", "pence: -6200", "pence is from 0 to 1000000; -6200 is not"},
		{"a part of a penny", "pence: 6200", "pence: 6200.5", "pence is a whole number"},
		{"a price in another base", "pence: 6200", "pence: 0x10", "pence is a whole number"},
		{"a free service with a price", "pence: 0,", "pence: 100,", `fee "clerical-check" is always free and has a price at level 1`},
		{"a price that somebody forgot", "pence: 6200", "pence: 0", `fee "review-of-marking" costs nothing at level 2 and is not always free`},
		{"a unit's grade that a linear qualification does not have", "waiver: {strategy: linked_award_grade", "waiver: {strategy: unit_grade", "strategy unit_grade needs the unit-grade, which a linear qualification does not have; write it under unitised"},
		{"free for some", "unitised: {strategy: unit_grade", "unitised: {strategy: always_free", "a fee is not free for some"},
		{"a fee in another form", "      - code: script-copy", "      - code: Script copy", `a fee has a code in lower case; "Script copy" is not one`},
		{"a fee of two services", "      - code: priority-review-of-marking", "      - code: review-of-marking", `fee "review-of-marking" is used twice`},
		{"two fees for one occasion", "for: second-stage", "for: request", "appeal has two fees for request"},
		{"no fee for the request", "        for: request\n        waiver: {strategy: never", "        for: late-copy\n        waiver: {strategy: never", `for "late-copy" is not one of request`},
		{"no fees at all", "    fees:\n      - code: clerical-check\n        for: request\n        waiver: {strategy: always_free, clause: clause 5, source: rules, confirmed: true}\n", "    fees: []\n", "clerical-check has no fee for a request"},
		{"a price of no service", "{fee: script-copy,", "{fee: tea,", `fee "tea" belongs to no service`},
		{"a small cohort of one candidate's result", "        inAdvance: [private-candidate]", "        small: {upTo: 5, percent: 50, clause: clause 5, source: rules, confirmed: true}", "is about no cohort"},
		{"half as much again", "percent: 50", "percent: 150", "percent is from 1 to 99; 150 is not"},
	})
}

func TestParse_FaultsOfSeries(t *testing.T) {
	t.Parallel()
	refuse(t, []spoilt{
		{"a series in another form", "id: 2026-06", "id: June 2026", `a series is named by the month of its examinations, like 2026-06; "June 2026" is not`},
		{"centres after candidates", "centreRelease: 2026-08-12T00:01", "centreRelease: 2026-08-14T00:01", "centres would see the results after their candidates"},
		{"a results day before the results", "gcseRelease: 2026-08-20", "gcseRelease: 2026-08-12", "gcseRelease 2026-08-12 lies before the first candidates have results, on 2026-08-13"},
		{"a key date before the results", "date: 2026-10-30", "date: 2026-08-12", "the window would close on 2026-08-12, before it opens on 2026-08-13"},
		{"a key date beyond the calendar", "date: 2026-10-30", "date: 2029-10-30", "nothing can be computed for 2029-10-30"},
		{"a key date of a service that is not there", "- {service: script-copy, date", "- {service: missing-result, date", "service missing-result has no rules in set small"},
		{"two key dates", "priority: true, date", "date", "series 2026-06 has two key dates for script-copy"},
		{"results before their examinations", "id: 2026-06", "id: 2027-06", "the results of series 2027-06 cannot come out on 2026-08-13, before its examinations"},
		{"results beyond the calendar", "candidateRelease: 2026-08-13T08:00\n    aLevelRelease: 2026-08-13\n    gcseRelease: 2026-08-20", "candidateRelease: 2029-08-13T08:00", "candidateRelease: the bank holidays are known from 2012-01-01 to 2028-12-31"},
		{"a key date of what each case counts for itself", "- {service: script-copy, date", "- {service: appeal, date", "the window of appeal counts from the outcome of each case, so a series has no last day of it"},
		{"priority where there is none", "- {service: script-copy, priority: true", "- {service: appeal, priority: true", "appeal has no window with priority"},
		{"a window that runs beyond the calendar", "candidateRelease: 2026-08-13T08:00\n    aLevelRelease: 2026-08-13\n    gcseRelease: 2026-08-20", "candidateRelease: 2028-12-13T08:00\n    aLevelRelease: 2028-12-13\n    gcseRelease: 2028-12-20", "before it opens on 2028-12-13"},
		{"a clock that runs beyond the calendar from the first day on", "amount: 25, unit: working-days", "amount: 1000, unit: weeks, rollForward: true", "small.yaml:8:12: the dates here lead beyond what is known: review-of-moderation, start clock window"},
		{"priority that runs beyond the calendar", "amount: 14, unit: calendar-days, clause: clause 3, source: rules, confirmed: true}\n    clocks", "amount: 1000, unit: working-days, clause: clause 3, source: rules, confirmed: true}\n    clocks", "the dates here lead beyond what is known: script-copy, start clock window"},
		{"a time after another outcome that runs beyond the calendar", "amount: 5, unit: working-days", "amount: 1000, unit: working-days", "the dates here lead beyond what is known: review-of-marking, start clock window"},
		{"a window against decisions that runs beyond the calendar", "administrative], amount: 14, unit: calendar-days", "administrative], amount: 1000, unit: working-days", "the dates here lead beyond what is known: appeal, start clock window"},
		{"a goal that runs beyond the calendar", "{clock: outcome, amount: 1, unit: weeks", "{clock: outcome, amount: 1000, unit: working-days", "the dates here lead beyond what is known: review-of-marking, start clock window"},
		{"a clock that runs beyond the calendar", "validUntil: 2027-12-31", "validUntil: 2028-12-30", "the dates here lead beyond what is known: review-of-moderation, start clock sample"},
	})
}

// TestParse_ASeriesMayNotLeadBeyondTheCalendar: the window itself is inside, the sample that is called on its last day
// is not.
func TestParse_ASeriesMayNotLeadBeyondTheCalendar(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("2026-08-12T00:01", "2028-11-17T00:01", "2026-08-13", "2028-11-20", "2026-08-20", "2028-11-20", "2026-10-30", "2028-12-01", "2026-08-27", "2028-12-01").Replace(small(t))
	_, err := rulebook.Parse("small.yaml", []byte(text))
	require.ErrorContains(t, err, "review-of-moderation, start clock sample")
	require.Equal(t, strings.Count(text[:strings.Index(text, "- id: 2026-06")], "\n")+1, faultsOf(t, err)[0].Line)
}

func TestParse_NamesTheLineAndColumn(t *testing.T) {
	t.Parallel()
	text := small(t)
	for _, row := range []struct {
		old, new string
		// mark is the text in the spoiled file at whose start the fault is reported.
		mark string
	}{
		{"unit: hours", "unit: fortnights", "fortnights"},
		{"kind: duty", "kind: wish", "wish"},
		{"anchor: gcse-release", "anchor: easter", "easter"},
		{"pence: 6200", "pence: -6200", "-6200"},
		{"amount: 20\n", "amount: ten\n", "ten\n"},
		{"validFrom: 2026-01-01", "validFrom: 2026-02-30", "2026-02-30"},
		{`at: "09:00"`, `at: "9 o'clock"`, `"9 o'clock"`},
		{"months: [10, 1]", "months: [13, 1]", "13, 1]"},
		{"rank: senior", "rang: senior", "rang: senior"},
		{"panel: {members: 3, ", "panel: {", "{independent: 1"},
	} {
		spoiled := strings.Replace(text, row.old, row.new, 1)
		before, _, found := strings.Cut(spoiled, row.mark)
		require.True(t, found)
		line := 1 + strings.Count(before, "\n")
		column := len(before) - strings.LastIndex(before, "\n")
		_, err := rulebook.Parse("small.yaml", []byte(spoiled))
		faults := faultsOf(t, err)
		require.Equalf(t, [2]int{line, column}, [2]int{faults[0].Line, faults[0].Column}, "%s", faults[0])
	}
}

func TestParse_AllFaultsAtOnceInTheirOrder(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("fictional: true", "fictional: perhaps", "kind: duty", "kind: wish", "anchor: gcse-release", "anchor: easter", "months: [10,", "months: [13,", "rank:", "rang:").Replace(small(t))
	_, err := rulebook.Parse("small.yaml", []byte(text))
	faults := faultsOf(t, err)
	require.Len(t, faults, 5)
	for i, fault := range faults[1:] {
		require.Less(t, faults[i].Line, fault.Line)
	}
	require.Len(t, strings.Split(err.Error(), "\n"), 5)
}

func TestParse_WhatIsNoRuleFileAtAll(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n\n", "# only a comment\n", "just a sentence", "- a\n- list\n", "42", "null"} {
		_, err := rulebook.Parse("x.yaml", []byte(text))
		require.Errorf(t, err, "%q", text)
		require.Contains(t, err.Error(), "x.yaml:1:1: a rule file is one document of keys and values")
	}
	_, err := rulebook.Parse("x.yaml", []byte("{}"))
	require.ErrorContains(t, err, "services is missing from the file")
	_, err = rulebook.Parse("x.yaml", []byte("services: []"))
	require.ErrorContains(t, err, "the file has rules for no service")
	_, err = rulebook.Parse("x.yaml", make([]byte, 1<<17+1))
	require.ErrorContains(t, err, "at most 131072 bytes")
	for _, bracket := range []string{"[", "{a: "} {
		_, err = rulebook.Parse("x.yaml", []byte("set: small\n"+strings.Repeat(bracket, 10_000)))
		require.ErrorContains(t, err, "more than 16 deep")
		require.Equal(t, 2, faultsOf(t, err)[0].Line)
		require.Equal(t, 16*len(bracket)+1, faultsOf(t, err)[0].Column, "it is refused before the library reads it")
	}
}

// FuzzParse: whatever the text, the answer is an error with a place or a policy whose every rule has its source and
// whose every clock can be started.
func FuzzParse(f *testing.F) {
	f.Add([]byte(small(f)))
	f.Add([]byte("version: [a"))
	f.Add([]byte("services: [{service: clerical-check}]"))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("words: !!map {<<: *w}"))
	f.Add([]byte("? {a: b}\n: c"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := rulebook.Parse("fuzz.yaml", text)
		if err != nil {
			for _, fault := range faultsOf(t, err) {
				require.Positive(t, fault.Line)
				require.NotEmpty(t, fault.Text)
			}
			return
		}
		for _, rule := range p.Provenances() {
			require.NotEmpty(t, rule.Clause)
			require.NotEmpty(t, rule.Source)
		}
		at := p.ValidFrom.Start()
		for _, s := range p.Services {
			for _, rule := range s.AllClocks() {
				working, err := p.Working(rule, p.Division)
				require.NoError(t, err)
				clock, err := deadline.Start(rule, working, at)
				require.NoError(t, err)
				require.True(t, clock.Ends.After(at))
			}
		}
	})
}
