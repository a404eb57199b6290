package rulebook_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// mark shows a reading that no source confirms.
func mark(p policy.Provenance) string {
	if p.Confirmed {
		return ""
	}
	return " ?"
}

// summary writes what a policy says, one line for each rule that has a figure, so that a changed figure is seen.
func summary(p policy.Policy) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%s: %s, %s from %s%s", p.Version, p.Title, p.BodyName, p.ValidFrom, mark(p.Words.Provenance))
	line("words: %s, %s; invoices in %v%s", p.Words.Candidate, p.Words.Centre, p.Invoices.Months, mark(p.Invoices.Provenance))
	for _, s := range p.Services {
		line("\n%s: %s (%s, %v)%s", s.Service, s.Title, s.Scope, s.Requesters, mark(s.Provenance))
		line("  consent %s, after release %t%s", s.Consent.Need, s.Consent.AfterRelease, mark(s.Consent.Provenance))
		for _, c := range s.Eligible {
			line("  if %s %s%s", c.Test, details(c), mark(c.Provenance))
		}
		line("  window %s %s%s", s.Window.Anchor, counted(s.Window.Span), mark(s.Window.Provenance))
		if s.Priority != nil {
			line("  priority %s %s%s", s.Priority.Anchor, counted(s.Priority.Span), mark(s.Priority.Provenance))
		}
		for _, d := range s.Decisions {
			line("  decisions %v %s%s", d.Of, counted(d.Span), mark(d.Provenance))
		}
		for _, c := range s.Clocks {
			line("  clock %s %s, paused by %v, warns %v%s", c.ID, words(c), c.PausedBy, c.Warn, mark(c.Provenance))
		}
		for _, g := range s.Targets {
			line("  target %s %s%s%s", g.Clock, counted(g.Span), yearDay(g.By), mark(g.Provenance))
		}
		line("  effect protected %t, carried forward %t%s", s.Effect.Protected, s.Effect.CarryForward, mark(s.Effect.Provenance))
		for _, f := range s.Fees {
			line("  fee %s for %s, %s%s", f.Code, f.For, f.Waiver.Strategy, mark(policy.Provenance{Confirmed: f.Waiver.Confirmed}))
			if f.Unitised != nil {
				line("    unitised %s%s", f.Unitised.Strategy, mark(policy.Provenance{Confirmed: f.Unitised.Confirmed}))
			}
			if f.Small != nil {
				line("    %d per cent for %d or fewer%s", f.Small.Percent, f.Small.UpTo, mark(f.Small.Provenance))
			}
			if len(f.InAdvance) > 0 {
				line("    in advance from %v", f.InAdvance)
			}
		}
		consequences(line, s)
	}
	for _, s := range p.Series {
		line("\nseries %s: candidates %s, A level %s, GCSE %s%s", s.ID, s.CandidateRelease.Format("2006-01-02T15:04Z"), s.ALevelRelease, s.GCSERelease, mark(s.Provenance))
		for _, d := range s.KeyDates {
			line("  %s priority %t until %s%s", d.Service, d.Priority, d.Date, mark(d.Provenance))
		}
	}
	line("")
	for _, row := range p.Tariff {
		line("%s level %d-%d: %s%s", row.Code, row.FromLevel, row.ToLevel, price(row), mark(row.Provenance))
	}
	return b.String()
}

// consequences are the rules of a service about what may follow the request.
func consequences(line func(format string, args ...any), s policy.Service) {
	if s.Cancel != nil {
		line("  cancel until %s%s", s.Cancel.Until, mark(s.Cancel.Provenance))
	}
	for _, u := range s.Upgrades {
		line("  upgrade to %s%s", u.To, mark(u.Provenance))
	}
	if s.Script != nil {
		line("  script hidden %t, copy included %t%s", s.Script.HideDuringReview, s.Script.IncludedCopy, mark(s.Script.Provenance))
	}
	if s.Panel != nil {
		line("  panel of %d, %d independent%s", s.Panel.Members, s.Panel.Independent, mark(s.Panel.Provenance))
	}
}

func yearDay(d policy.YearDay) string {
	if d.Day == 0 {
		return ""
	}
	return fmt.Sprintf("by %d %s", d.Day, d.Month)
}

func counted(s policy.Span) string {
	if s.Amount == 0 {
		return ""
	}
	return s.Words()
}

func details(c policy.Condition) string {
	switch c.Test {
	case policy.LevelWithin:
		return fmt.Sprintf("%d-%d", c.FromLevel, c.ToLevel)
	case policy.SeriesMonth:
		return fmt.Sprint(c.Months)
	case policy.NotAfter, policy.OnlyAfter, policy.WithinAfter:
		return fmt.Sprintf("%v %s", c.Services, counted(c.Within))
	default:
		return ""
	}
}

func price(row policy.Price) string {
	if row.Unpublished {
		return "unpublished"
	}
	return row.Pence.String()
}

// TestSets_AreSummedUpInTheirGoldenFiles shows every figure of every set for reading.
// `go test ./rulebook -run Golden -update` writes them.
func TestSets_AreSummedUpInTheirGoldenFiles(t *testing.T) {
	t.Parallel()
	for _, set := range load(t).Sets() {
		for _, p := range load(t).Versions(set) {
			path := filepath.Join("testdata", "sets", p.Version+".golden")
			if *update {
				require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
				require.NoError(t, os.WriteFile(path, []byte(summary(p)), 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, string(want), summary(p))
		}
	}
}

// TestSets_AreTheElevenThatArePublished names them all.
func TestSets_AreTheElevenThatArePublished(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{
		"aqa", "cambria", "jcq", "ncfe-qualhub", "ncfe-tlevel", "ncfe-vcert", "ncfe-web", "ocr-2012", "ocr-gq", "ocr-remote", "ocr-technicals",
	}, load(t).Sets())
}

// TestSets_EveryRuleHasItsClauseAndItsSource: the source is one of the file's, in full.
func TestSets_EveryRuleHasItsClauseAndItsSource(t *testing.T) {
	t.Parallel()
	for _, set := range load(t).Sets() {
		p := newest(t, set)
		var titles []string
		for _, s := range p.Sources {
			titles = append(titles, s.Title)
		}
		require.Greater(t, len(p.Provenances()), 50, set)
		for _, rule := range p.Provenances() {
			require.NotEmpty(t, rule.Clause, set)
			require.Contains(t, titles, rule.Source, set)
		}
	}
}

// TestSets_EachSourceIsUsed: a list of sources that nobody cites would only look like evidence.
func TestSets_EachSourceIsUsed(t *testing.T) {
	t.Parallel()
	for _, set := range load(t).Sets() {
		p := newest(t, set)
		cited := map[string]bool{}
		for _, rule := range p.Provenances() {
			cited[rule.Source] = true
		}
		for _, s := range p.Sources {
			require.True(t, cited[s.Title], "%s lists %s and cites it nowhere", set, s.ID)
		}
	}
}

// TestSets_OnlyTheDemonstrationIsFictional: nobody may take its figures for a real body's.
func TestSets_OnlyTheDemonstrationIsFictional(t *testing.T) {
	t.Parallel()
	for _, set := range load(t).Sets() {
		require.Equal(t, set == "cambria", newest(t, set).Fictional, set)
	}
}

// TestSets_NCFESpeaksOfLearnersAndProviders (domain §8.3, reading 11).
func TestSets_NCFESpeaksOfLearnersAndProviders(t *testing.T) {
	t.Parallel()
	for _, set := range load(t).Sets() {
		p := newest(t, set)
		want := []string{"candidate", "centre"}
		if p.Body == "ncfe" {
			want = []string{"learner", "provider"}
		}
		require.Equal(t, want, []string{p.Words.Candidate, p.Words.Centre}, set)
	}
}

// TestSets_WhatDomainLeavesUnconfirmedIsShownSo lists the readings that domain.md marks [U].
func TestSets_WhatDomainLeavesUnconfirmedIsShownSo(t *testing.T) {
	t.Parallel()
	for _, set := range []string{"jcq", "ocr-gq", "aqa", "ocr-technicals", "ocr-remote"} {
		p := newest(t, set)
		for _, id := range []casework.ClockID{casework.ClockPreliminary, casework.ClockHearing} {
			rule, ok := p.Clock(appeal, id)
			require.True(t, ok)
			require.False(t, rule.Confirmed, "%s %s", set, id)
		}
	}
	for _, s := range newest(t, "cambria").Services {
		for _, rule := range s.Clocks {
			require.True(t, len(rule.PausedBy) == 0 || !rule.PauseRule.Confirmed, "%s %s: what pauses a clock (§5.5)", s.Service, rule.ID)
		}
	}
}
