package intake_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/register"
	"github.com/recourse-exams/recourse/intake"
)

// TestRead_WhatTheRulesAskAboutIsChecked: each column that the rulebook's conditions read, with each value that
// cannot be, at its line and column.
func TestRead_WhatTheRulesAskAboutIsChecked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		file, before, after string
		want                []string
	}{
		"a set of rules that does not exist": {
			"qualifications.csv", "Mathematics,2,mathematics,,", "Mathematics,2,mathematics,ocr,",
			[]string{`qualifications.csv:2:65: "ocr" is no set of rules; there are cambria, ocr-gq`},
		},
		"another way of marking": {
			"components.csv", "Paper 1,60,1,external", "Paper 1,60,1,internal",
			[]string{`components.csv:2:48: "internal" is not one of external, moderated`},
		},
		"an objective portfolio": {
			"components.csv", "moderated,no", "moderated,yes",
			[]string{"components.csv:10:62: DM-2 is marked by the centre, so it is no objective test"},
		},
		"a month of no year": {
			"series.csv", "series,6,", "series,0,",
			[]string{"series.csv:2:35: month 0 is not between 1 and 12"},
		},
		"A levels after GCSEs": {
			"series.csv", "thursday-1,thursday-1\n", "thursday-1,thursday-1 +1d\n",
			[]string{"series.csv:2:74: the A level results day 2026-11-20 is after the GCSE results day 2026-11-19"},
		},
		"a service that nobody offers": {
			"keydates.csv", "demo,script-copy,no", "demo,scripts,no",
			[]string{`keydates.csv:9:6: "scripts" is not one of clerical-check, review-of-marking, priority-review-of-marking, ` +
				`expedited-review-of-marking, review-of-moderation, expedited-review-of-moderation, script-copy, reviewed-script-copy, ` +
				`missing-result, late-certification, moderation-claim, appeal`},
		},
		"a review with priority of its own": {
			"keydates.csv", "demo,clerical-check,no", "demo,clerical-check,yes",
			[]string{"keydates.csv:2:21: clerical-check has no last day of its own for priority; only script-copy has"},
		},
		"the same service twice": {
			"keydates.csv", "demo,script-copy,no", "demo,script-copy,yes",
			[]string{"keydates.csv:9:6: demo script-copy is given twice, first in row 7"},
		},
		"an indicator of another body": {
			"results.csv", "demo,GM-1,36,", "demo,GM-1,36,U",
			[]string{`results.csv:2:25: "U" is not one of X, #, Q`},
		},
		"a mark beside no result": {
			"results.csv", "demo,GM-1,36,", "demo,GM-1,36,X",
			[]string{
				"results.csv:2:22: mark 36 stands beside X, which says that there is no result",
				"results.csv:2:25: X says that there is no result, but items are marked in itemmarks",
				"awards.csv:2:39: part of the work that the award counts is missing, so the award shows # or X",
			},
		},
		"a grade of a pending result": {
			"awards.csv", ",C,Q", ",C,",
			[]string{"awards.csv:47:37: a result that the award counts is pending, so the award shows Q"},
		},
		"a grade beside nothing missing": {
			"awards.csv", ",74,6,", ",74,6,#",
			[]string{"awards.csv:2:39: the award shows #, but no result that it counts shows X or #"},
		},
		"a ladder of a part that is none": {
			"boundaries.csv", "demo,gcse-design,,,9,90", "demo,gcse-design,,internal,9,90",
			[]string{`boundaries.csv:41:19: "internal" is not how a component of gcse-design is marked: write external or moderated, as its components say`},
		},
		"a sample that is somewhere": {
			"moderations.csv", "64101,DM-2,demo,yes,held", "64101,DM-2,demo,yes,posted",
			[]string{`moderations.csv:2:21: "posted" is not one of held, returned, lost`},
		},
		"a moderation without the cohort": {
			"moderations.csv", "71203,DM-2,demo,no", "71305,DM-2,demo,no",
			[]string{
				"results.csv:121:17: DM-2 is moderated, but the moderation of centre 71203 in DM-2 (demo) is not in moderations",
				"moderations.csv:3:7: centre 71305 in DM-2 (demo) has no result in results",
			},
		},
		"a paper that nobody moderates": {
			"moderations.csv", "71203,DM-2,demo,no", "71203,GM-1,demo,no",
			[]string{
				"results.csv:121:17: DM-2 is moderated, but the moderation of centre 71203 in DM-2 (demo) is not in moderations",
				"moderations.csv:3:7: GM-1 is marked by the awarding body, so there is nothing to moderate",
			},
		},
		"a moderation of a stranger": {
			"moderations.csv", "64101,DM-2,demo,yes,held,mo-4101,mo-4102\n", "64101,DM-2,demo,yes,held,mo-4101,mo-4102\n99999,DM-2,demo,yes,held,mo-4101,\n",
			[]string{
				"moderations.csv:3:1: centre 99999 is not in centres",
				"moderations.csv:3:7: centre 99999 in DM-2 (demo) has no result in results",
			},
		},
		"a moderation in no series": {
			"moderations.csv", "mo-4102\n", "mo-4102\n64101,DM-2,never,yes,held,mo-4101,\n",
			[]string{
				"moderations.csv:3:7: centre 64101 in DM-2 (never) has no result in results",
				"moderations.csv:3:12: never is not in series",
			},
		},
		"a moderator who checks": {
			"moderations.csv", "mo-4101,mo-4102", "mo-4101,mo-4101",
			[]string{"moderations.csv:2:34: mo-4101 cannot have checked their own moderation"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			edit(t, dir, test.file, test.before, test.after)
			require.Equal(t, test.want, problemsOf(dir))
		})
	}
}

// TestRead_WhatTheRulesAskAboutIsTakenAsItStands reads each of these columns with a value that is not the
// demonstration's.
func TestRead_WhatTheRulesAskAboutIsTakenAsItStands(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	edit(t, dir, "qualifications.csv", "Mathematics,2,mathematics,,", "Mathematics,2,mathematics,ocr-gq,")
	edit(t, dir, "series.csv", "series,6,", "series,11,")
	edit(t, dir, "series.csv", "thursday-1,thursday-1\n", "thursday-1,thursday-2\n")
	edit(t, dir, "moderations.csv", "71203,DM-2,demo,no,held,mo-4102,", "71203,DM-2,demo,no,lost,mo-4102,mo-9")
	edit(t, dir, "boundaries.csv", "demo,l2-numeracy,", "demo,gcse-design,,moderated,Pass,24\ndemo,l2-numeracy,")
	set := read(t, dir)
	require.Equal(t, "ocr-gq", set.Qualifications[0].RuleSet())
	require.Equal(t, "cambria", set.Qualifications[1].RuleSet())
	require.Equal(t, register.External, set.Components[0].Assessment)
	require.Equal(t, register.Moderated, set.Components[8].Assessment)
	require.Equal(t, 11, set.Series[0].Month)
	require.Equal(t, set.Series[0].GCSERelease.AddDays(-7), set.Series[0].ALevelRelease)
	require.Equal(t, register.Moderation{
		CohortKey: register.CohortKey{Centre: "71203", Component: "DM-2", Series: "demo"}, Sample: register.SampleLost, Moderator: "mo-4102", Checker: "mo-9",
	}, set.Moderations[1])
	require.Contains(t, set.Boundaries, register.Boundary{Series: "demo", Qualification: "gcse-design", Part: register.Moderated, Grade: "Pass", Mark: 24})
	var priority []register.KeyDate
	for _, date := range set.KeyDates {
		if date.Priority {
			priority = append(priority, date)
		}
	}
	require.Len(t, priority, 1)
	require.Equal(t, casework.ScriptCopy, priority[0].Service)
}

// TestRead_ABodyWithoutRulesOfItsNameMustSayWhich: nobody may guess by which rules a deadline is kept.
func TestRead_ABodyWithoutRulesOfItsNameMustSayWhich(t *testing.T) {
	t.Parallel()
	for _, sets := range [][]string{nil, {"ocr-gq"}} {
		_, problems := intake.Read(little(t), importDay, sets)
		require.Len(t, problems, 5, "one for each qualification")
		require.Equal(t, "qualifications.csv:2:65: no set of rules is named like the awarding body cambria: name one of "+strings.Join(sets, ", "), problems[0].String())
	}
}
