package allocation_test

import (
	"cmp"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// world is what is true about one task, as sentences: "ann" "was marker". The oracle below reads these and never the
// structures of the package.
type world map[sentence]bool

type sentence struct{ person, what string }

func (w world) say(person, what string) { w[sentence{person, what}] = true }

// oracle answers by the sentences of domain §5.1 and architecture §5, each a line of its own: why a person may not have
// the task.
func oracle(w world, person string) []string {
	var why []string
	for _, rule := range []struct{ what, code string }{
		{"is not engaged for the task", "wrong-role"},
		{"performs neither paper nor subject", "component-not-theirs"},
		{"performs another tier", "tier-not-theirs"},
		{"stands below the least rank", "rank-too-low"},
		{"is inactive", "inactive"},
		{"has no contract today", "contract-not-running"},
		{"was trained until an earlier day", "training-expired"},
		{"is away today", "absent"},
		{"works at the centre", "works-at-centre"},
		{"worked at the centre", "worked-at-centre"},
		{"is related to the candidate", "related-to-candidate"},
		{"has another interest", "other-conflict"},
		{"declared something unclear", "unclear-conflict"},
		{"was marker", "marked-item"},
		{"was second-marker", "second-marked-item"},
		{"was back-reader", "back-read-item"},
		{"was checker", "checked-item"},
		{"was moderator", "moderated-cohort"},
		{"was moderation-checker", "checked-moderation"},
		{"took part earlier", "took-part-earlier"},
		{"gave the task back", "gave-task-back"},
	} {
		if w[sentence{person, rule.what}] {
			why = append(why, rule.code)
		}
	}
	return why
}

// dice draws what the world is like and says it twice: as sentences for the oracle and as structures for the package.
type dice struct {
	int func(n int) int
}

func (d dice) once(in int) bool { return d.int(in) == 0 }

func pick[T any](d dice, from ...T) T { return from[d.int(len(from))] }

var people = []string{"ann", "ben", "cat", "dan", "eva", "fay", "gus", "hal"}

func (d dice) draw() (world, allocation.Task, []allocation.Performer) {
	w := world{}
	order := pick(d, casework.Ranks(), []casework.Rank{"assessor", "verifier"})
	asked := allocation.Task{
		Reference: "R-1", Role: pick(d, casework.Reviewer, casework.Reviewer, casework.Clerk), Centre: "64101", Candidate: "0007", Component: "M1",
		Subject: "maths", Tier: pick(d, "", "higher", "foundation"), Ranks: order, LeastRank: pick(d, "", order[0], order[len(order)/2]),
		Day: calendar.Date{Year: 2026, Month: time.Month(1 + d.int(12)), Day: 1 + d.int(28)},
	}
	d.history(w, &asked)
	var roster []allocation.Performer
	for _, id := range people[:d.int(len(people)+1)] {
		p := allocation.Performer{ID: id, Capacity: d.int(5), OpenTasks: d.int(5), WeekTasks: d.int(5)}
		if idle := d.int(4); idle > 0 {
			p.IdleSince = noon(idle)
		}
		d.skills(w, asked, &p)
		d.terms(w, asked, &p)
		for range max(0, d.int(5)-2) {
			d.interest(w, &p)
		}
		roster = append(roster, p)
	}
	return w, asked, roster
}

// history draws who had to do with the work.
func (d dice) history(w world, asked *allocation.Task) {
	parts := []allocation.Part{"marker", "second-marker", "back-reader", "checker", "moderator", "moderation-checker"}
	for range d.int(4) {
		who, part := pick(d, people...), pick(d, parts...)
		asked.Involved = append(asked.Involved, allocation.Involvement{Person: who, Part: part})
		w.say(who, "was "+string(part))
	}
	if d.once(4) {
		who := pick(d, people...)
		asked.EarlierStages = append(asked.EarlierStages, who)
		w.say(who, "took part earlier")
	}
	if d.once(4) {
		who := pick(d, people...)
		asked.GaveBack = append(asked.GaveBack, who)
		w.say(who, "gave the task back")
	}
}

func (d dice) skills(w world, asked allocation.Task, p *allocation.Performer) {
	if p.Roles = []casework.PerformerRole{casework.Panellist, asked.Role}; d.once(8) {
		p.Roles = []casework.PerformerRole{casework.Panellist}
		w.say(p.ID, "is not engaged for the task")
	}
	switch d.int(8) {
	case 0:
		p.Components, p.Subjects = []string{"B1"}, []string{"biology"}
		w.say(p.ID, "performs neither paper nor subject")
	case 1, 2:
		p.Subjects = []string{"biology", "maths"}
	default:
		p.Components = []string{"M2", "M1"}
	}
	if p.Tiers = pick(d, nil, []string{"higher"}, []string{"foundation", "higher"}); asked.Tier == "foundation" && len(p.Tiers) == 1 {
		w.say(p.ID, "performs another tier")
	}
	place := d.int(len(asked.Ranks)+1) - 1
	p.Rank = "unheard of"
	if place >= 0 {
		p.Rank = asked.Ranks[place]
	}
	for need, rank := range asked.Ranks {
		if rank == asked.LeastRank && place < need {
			w.say(p.ID, "stands below the least rank")
		}
	}
}

func (d dice) terms(w world, asked allocation.Task, p *allocation.Performer) {
	if p.Inactive = d.once(10); p.Inactive {
		w.say(p.ID, "is inactive")
	}
	if !d.once(3) {
		begun := d.int(9) - 1 // One in nine begins tomorrow.
		p.ContractFrom = asked.Day.AddDays(-begun)
		if begun < 0 {
			w.say(p.ID, "has no contract today")
		}
	}
	if !d.once(3) {
		left := d.int(9) - 1
		p.ContractUntil = asked.Day.AddDays(left)
		if left < 0 {
			w.say(p.ID, "has no contract today")
		}
	}
	if !d.once(3) {
		left := d.int(9) - 1
		p.TrainedUntil = asked.Day.AddDays(left)
		if left < 0 {
			w.say(p.ID, "was trained until an earlier day")
		}
	}
	for range d.int(3) {
		from, length := d.int(21)-10, d.int(4)
		p.Absences = append(p.Absences, allocation.Absence{From: asked.Day.AddDays(from), Until: asked.Day.AddDays(from + length)})
		if from <= 0 && from+length >= 0 {
			w.say(p.ID, "is away today")
		}
	}
}

func (d dice) interest(w world, p *allocation.Performer) {
	c := allocation.Conflict{
		Kind:   pick(d, "works-at", "worked-at", "related-to", "other"),
		Centre: pick(d, "64101", "64101", "64202", "64202", "71203", ""), Candidate: pick(d, "", "0007", "0008", "64101/0007"),
	}
	p.Conflicts = append(p.Conflicts, c)
	work := strings.HasSuffix(c.Kind, "-at")
	full := strings.Contains(c.Candidate, "/")
	switch {
	case c.Centre == "" && (work || !full):
		w.say(p.ID, "declared something unclear")
	case work && c.Centre == "64101", !work && c.Candidate == "" && c.Centre == "64101", !work && full, !work && c.Centre+"/"+c.Candidate == "64101/0007":
		w.say(p.ID, map[string]string{
			"works-at": "works at the centre", "worked-at": "worked at the centre",
			"related-to": "is related to the candidate", "other": "has another interest",
		}[c.Kind])
	}
}

// leastLoaded sorts everybody who is eligible and free by their load as a fraction, and takes the first.
func leastLoaded(w world, roster []allocation.Performer) string {
	free := slices.DeleteFunc(slices.Clone(roster), func(p allocation.Performer) bool {
		return oracle(w, p.ID) != nil || p.OpenTasks >= p.Capacity || p.WeekTasks >= p.Capacity
	})
	if len(free) == 0 {
		return ""
	}
	load := func(p allocation.Performer) *big.Rat {
		return big.NewRat(int64(slices.Max([]int{p.OpenTasks, p.WeekTasks})), int64(p.Capacity))
	}
	slices.SortFunc(free, func(a, b allocation.Performer) int {
		return cmp.Or(load(a).Cmp(load(b)), a.IdleSince.Compare(b.IdleSince), strings.Compare(a.ID, b.ID))
	})
	return free[0].ID
}

// agrees compares one choice with the oracle's, and says who was chosen.
func agrees(t require.TestingT, d dice) string {
	w, asked, roster := d.draw()
	proof := allocation.Choose(asked, roster)
	require.Len(t, proof.Findings, len(roster), "everybody was considered")
	for _, finding := range proof.Findings {
		require.Equal(t, oracle(w, finding.Performer), finding.Excluded, "%s in %v", finding.Performer, w)
	}
	require.Equal(t, leastLoaded(w, roster), proof.Chosen)
	return proof.Chosen
}

// Issue 4: no conflicted allocation in 100,000 random ones, against an oracle of another hand; and always the least
// loaded. The seed is fixed, so that the same worlds are drawn wherever it runs; the property below draws others.
func TestChoose_HundredThousandRandomAllocationsAgreeWithTheOracle(t *testing.T) {
	t.Parallel()
	const rounds = 100_000
	random := rand.New(rand.NewPCG(20260914, 4))
	given := 0
	for range rounds {
		if agrees(t, dice{random.IntN}) != "" {
			given++
		}
	}
	require.Greater(t, given, rounds/10, "the worlds are such that somebody is chosen often enough")
	require.Less(t, given, rounds*9/10, "and that nobody can be often enough")
}

func TestChoose_AgreesWithTheOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		agrees(t, dice{func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") }})
	})
}

func TestChoose_TheRostersOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, asked, roster := dice{func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") }}.draw()
		require.Equal(t, allocation.Choose(asked, roster), allocation.Choose(asked, rapid.Permutation(roster).Draw(t, "shuffled")))
	})
}

// Whoever is added to a roster changes nothing about what was found about the others.
func TestChoose_JudgesEachPersonByThemselves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, asked, roster := dice{func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") }}.draw()
		together := allocation.Choose(asked, roster).Findings
		for i, p := range roster {
			require.Equal(t, together[i:i+1], allocation.Choose(asked, []allocation.Performer{p}).Findings)
		}
	})
}
