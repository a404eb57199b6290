package rulebook_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/grading"
	"github.com/recourse-exams/recourse/casework/offer"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing them")

// refusals are requests that Cambria's rules do not let pass, from one reason to several.
func refusals(tb testing.TB) []struct {
	name  string
	facts offer.Facts
	ask   offer.Ask
} {
	tb.Helper()
	type row = struct {
		name  string
		facts offer.Facts
		ask   offer.Ask
	}
	var rows []row
	add := func(name string, service casework.Service, with func(f *offer.Facts, a *offer.Ask)) {
		r := row{name: name, facts: gcse(tb), ask: asked(tb, service)}
		with(&r.facts, &r.ask)
		rows = append(rows, r)
	}
	review, clerical := casework.ReviewOfMarking, casework.ClericalCheck
	earlier := func(service casework.Service) func(f *offer.Facts, a *offer.Ask) {
		return func(f *offer.Facts, _ *offer.Ask) {
			f.Earlier = []offer.Earlier{{Reference: "R-7K4F-M2QX-9TBD-Z", Service: service, Stage: casework.StageAssigned}}
		}
	}
	add("unknown candidate", review, func(f *offer.Facts, _ *offer.Ask) { f.KnownCandidate = false })
	add("unknown result", review, func(f *offer.Facts, _ *offer.Ask) { f.KnownResult = false })
	add("unknown service", "priority-review", func(*offer.Facts, *offer.Ask) {})
	add("before the candidates' release", review, func(_ *offer.Facts, a *offer.Ask) {
		a.ReceivedAt, a.ConsentGivenOn = instant(tb, "2026-08-20T06:59:59Z"), date(tb, "2026-08-20")
	})
	add("dates not published", review, func(f *offer.Facts, _ *offer.Ask) {
		f.Series, f.CandidateRelease, f.GCSERelease = "2027-06", time.Time{}, calendar.Date{}
	})
	add("a second too late", clerical, func(_ *offer.Facts, a *offer.Ask) { a.ReceivedAt = instant(tb, "2026-09-24T23:00:00Z") })
	add("no consent", review, func(_ *offer.Facts, a *offer.Ask) { a.ConsentGivenOn = calendar.Date{} })
	add("consent before results", review, func(_ *offer.Facts, a *offer.Ask) { a.ConsentGivenOn = date(tb, "2026-08-19") })
	add("consent of tomorrow", review, func(_ *offer.Facts, a *offer.Ask) { a.ConsentGivenOn = date(tb, "2026-09-25") })
	add("review of an objective test", review, func(f *offer.Facts, _ *offer.Ask) { f.Objective = true })
	add("same paper twice", review, earlier(review))
	add("clerical check after a review", clerical, earlier(review))
	add("everything at once", review, func(f *offer.Facts, a *offer.Ask) {
		earlier(review)(f, a)
		f.Objective, a.ConsentGivenOn, a.ReceivedAt = true, calendar.Date{}, instant(tb, "2026-11-01T12:00:00Z")
	})
	add("no rules", review, func(_ *offer.Facts, a *offer.Ask) { a.ReceivedAt = instant(tb, "2025-09-01T12:00:00Z") })
	return rows
}

// The golden file is for reading: these are the sentences that exams officers see.
// `go test ./rulebook -run Refusals -update` writes it.
func TestAssess_RefusalsAreWordedAsInTheGoldenFile(t *testing.T) {
	t.Parallel()
	book := load(t)
	var b strings.Builder
	for _, row := range refusals(t) {
		refusal := book.Assess(row.facts, row.ask).Refusal
		require.NotNilf(t, refusal, "%s", row.name)
		fmt.Fprintf(&b, "# %s\n%s %s: %s\n", row.name, refusal.Kind, refusal.Code, refusal.Detail)
		for _, r := range refusal.Reasons {
			fmt.Fprintf(&b, "  %s %s\n    %s\n    %s\n", r.Code, r.Pointer, r.Detail, r.Remedy)
			if r.Clause != "" {
				fmt.Fprintf(&b, "    %s, %s\n", r.Clause, r.Source)
			}
		}
		b.WriteString("\n")
	}
	path := filepath.Join("testdata", "refusals.golden")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String())
}

// Whatever is decided about a linked set, its money ends in due and waived, and by Cambria's rules a changed
// award grade leaves nothing to pay.
func TestFeeDecisions_OfRandomLinkedSets(t *testing.T) {
	t.Parallel()
	book := load(t)
	codes := []fee.Code{"clerical-check", "review-of-marking", "reviewed-script"}
	rapid.Check(t, func(t *rapid.T) {
		award := grading.Award{
			Unitised:   rapid.Bool().Draw(t, "unitised"),
			Boundaries: []grading.Boundary{{Grade: "A", Mark: 120}, {Grade: "B", Mark: 90}, {Grade: "C", Mark: 60}},
		}
		var lines []fee.Line
		for _, component := range []string{"one", "two"} {
			award.Components = append(award.Components, grading.Component{
				Code: component, Weight: 1, Before: rapid.IntRange(0, 80).Draw(t, "before"), After: rapid.IntRange(0, 80).Draw(t, "after"),
				Boundaries: []grading.Boundary{{Grade: "A", Mark: 60}, {Grade: "B", Mark: 45}, {Grade: "C", Mark: 30}},
			})
			for range rapid.IntRange(1, 2).Draw(t, "lines") {
				lines = append(lines, fee.Line{
					ID: int64(len(lines) + 1), Reference: casework.Reference(component),
					Code: rapid.SampledFrom(codes).Draw(t, "code"), Pence: 6200, State: fee.Quoted,
				})
			}
		}
		settlement, err := book.Settle(cambria, award)
		require.NoError(t, err)
		decisions, err := book.FeeDecisions(cambria, lines, settlement, func(ref casework.Reference) string { return string(ref) })
		require.NoError(t, err)
		require.Len(t, decisions, len(lines))
		for i, d := range decisions {
			unit, unitised := settlement.Unit(string(lines[i].Reference))
			free := settlement.GradeBefore != settlement.GradeAfter || unitised && unit.Before != unit.After
			require.Equalf(t, free, d.State == fee.Waived, "%+v of %+v", d, settlement)
			require.Equal(t, !free, d.State == fee.Due)
			require.Contains(t, d.Why, "clause 6.")
		}
	})
}
