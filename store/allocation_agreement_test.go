package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/store/storetest"
)

// Three places say who may have a task: the rule of allocation, the pool that a performer sees and claims from, and what
// refuses a holder's completion. In random houses they say the same of every person and task, but for what is meant to differ:
//
//   - a person without capacity is not chosen by the rule, and may claim;
//   - whoever holds a task may complete it, whatever has become of their role, training, contract or part in the work since
//     it was given out: only their interests in the centre or the candidate stop them, with the codes of the rule.
func TestAllocation_RuleClaimAndCompletionAgree(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		t.Run(fmt.Sprint("house ", seed), func(t *testing.T) {
			t.Parallel()
			h := house{office: setup(t), Rand: rand.New(rand.NewPCG(seed, 27))}
			h.build()
			h.judge()
			h.compareWithPool()
			h.compareWithHolders()
			h.compareWithCompletions()
		})
	}
}

// houseStaff are the people of a random house. The first of them, houseFlawless, may have every task as far as they
// themselves go, so that a single thing that they had to do with the work decides; each of the next has one of the flaws.
const (
	houseStaff    = 32
	houseFlawless = 8
)

var houseFlaws = []string{
	"active = false", "roles = '{clerical}'", "rank = 'stranger'", "subjects = '{geography}'", "tiers = '{foundation}'",
	"contract_from = '2026-08-28'", "contract_until = '2026-08-26'", "trained_until = '2026-08-26'",
}

// house is a register in which everything that may stand against somebody is drawn by lot.
type house struct {
	office
	*rand.Rand
	candidates []string
	// judged are the tasks of the pool with what the rule found about each person who was thought of.
	judged []judgement
}

type judgement struct {
	reference casework.Reference
	offered   casework.Allocated
	findings  map[string]allocation.Finding
}

func (h *house) once(in int) bool { return h.IntN(in) == 0 }

func (h *house) pick(from ...string) string { return from[h.IntN(len(from))] }

// person is anybody, and every second time one of the flawless.
func (h *house) person() string {
	if h.once(2) {
		return fmt.Sprintf("p%02d", 1+h.IntN(houseFlawless))
	}
	return fmt.Sprintf("p%02d", 1+h.IntN(houseStaff))
}

// maybe is one of the words once in so many times, and else the usual one.
func (h *house) maybe(in int, usual string, from ...string) string {
	if h.once(in) {
		return h.pick(from...)
	}
	return usual
}

func (h *house) build() {
	h.candidates = storetest.Cohort(h.t, h.Store, 12)
	h.exec("UPDATE components SET tier = '" + h.pick("", "higher") + "' WHERE id = 'M1-01'")
	h.exec(fmt.Sprintf(`INSERT INTO performers (id, body, name, email, roles, rank, subjects, capacity)
		SELECT 'p' || to_char(n, 'FM00'), 'cambria', 'P', 'p@cambria.example', '{reviewer}', 'chief', '{mathematics}', n %% 3 FROM generate_series(1, %d) n`, houseFlawless+len(houseFlaws)))
	for n, flaw := range houseFlaws {
		h.exec(fmt.Sprintf("UPDATE performers SET %s WHERE id = 'p%02d'", flaw, houseFlawless+1+n))
	}
	for n := houseFlawless + len(houseFlaws); n < houseStaff; n++ {
		h.employ(fmt.Sprintf("p%02d", n+1))
	}
	if h.once(2) { // One with a checker of the moderation, or one without, and others of other components and centres.
		h.exec("INSERT INTO moderations VALUES ('64101', 'M1-01', 'demo', true, 'held', 'p01', 'p02')")
	} else {
		h.exec("INSERT INTO moderations VALUES ('64101', 'M1-01', 'demo', true, 'held', 'p03', NULL)")
	}
	h.exec("INSERT INTO moderations VALUES ('64101', 'M1-02', 'demo', true, 'held', 'p04', 'p05'), ('71203', 'M1-01', 'demo', true, 'held', 'p04', 'p05')")
	for _, candidate := range h.candidates {
		for _, sql := range []string{
			"UPDATE item_marks SET marker = '%s' WHERE item = 'Q1' AND result = %s",
			"INSERT INTO item_checks SELECT result, item, '%s', '" + h.pick("second-marker", "back-reader", "checker") + "' FROM item_marks WHERE item = 'Q2' AND result = %s",
		} {
			h.exec(fmt.Sprintf(sql, h.person(), "(SELECT id FROM component_results WHERE component = 'M1-01' AND candidate = '"+candidate+"')"))
		}
		if h.once(3) {
			h.worked(h.open(of(candidate, storetest.Maths1), clerical, withoutScript))
		}
	}
}

// employ adds a person who, taken all together, may have every third task or so. storetest.Now is 27 August 2026.
func (h *house) employ(id string) {
	from, until := h.maybe(8, "NULL", "'2026-08-27'", "'2026-08-28'"), "NULL"
	if from == "NULL" {
		until = h.maybe(8, "NULL", "'2026-08-26'", "'2026-08-27'")
	}
	h.exec(fmt.Sprintf(`INSERT INTO performers (id, body, name, email, roles, rank, subjects, tiers, capacity, contract_from, contract_until, trained_until, active)
		VALUES ('%s', 'cambria', 'P', 'p@cambria.example', '%s', '%s', '%s', '%s', %d, %s, %s, %s, %t)`,
		id, h.maybe(10, "{reviewer,clerical}", "{clerical}", "{moderator,panel}"), h.pick("examiner", "senior", "principal", "lead", "chief", "stranger"),
		h.pick("{mathematics}", "{geography,mathematics}", "{geography}"), h.pick("{}", "{}", "{higher}", "{foundation}"), h.IntN(3),
		from, until, h.maybe(8, "NULL", "'2026-08-26'", "'2026-08-27'"), !h.once(12)))
	if h.once(2) {
		h.exec("INSERT INTO performer_components VALUES ('" + id + "', '" + h.pick("M1-01", "M1-02") + "')")
	}
	if h.once(4) {
		h.exec(fmt.Sprintf("INSERT INTO absences (performer, from_day, until_day, reason, ended_on) VALUES ('%s', '%s', '%s', 'other', %s)",
			id, h.pick("2026-08-20", "2026-08-27"), h.pick("2026-08-27", "2026-09-20"), h.pick("NULL", "NULL", "'2026-08-27'", "'2026-08-28'")))
	}
	for range h.IntN(3) {
		h.exec(fmt.Sprintf("INSERT INTO conflicts (performer, kind, centre, candidate) VALUES ('%s', '%s', '64101', '%s') ON CONFLICT DO NOTHING",
			id, h.pick("related-to", "related-to", "related-to", "other", "other", "works-at"), h.pick(h.candidates...)))
	}
	if h.once(5) {
		h.exec(fmt.Sprintf("INSERT INTO conflicts (performer, kind, centre, candidate) VALUES ('%s', '%s', '%s', %s) ON CONFLICT DO NOTHING",
			id, h.pick("works-at", "worked-at", "other"), h.pick(storetest.Centre, storetest.OtherCentre, storetest.OtherCentre), "NULL"))
	}
}

const pastTaskSQL = `INSERT INTO tasks (id, reference, number, kind, state, role, component, centre, sheet, due, created_at, assignee, completed_at, least_rank)
SELECT reference || '/%[2]d', reference, %[2]d, 'review', '%[3]s', 'reviewer', component, centre, '{}', received_at, received_at, %[4]s, %[5]s, '%[6]s'
FROM cases WHERE reference = '%[1]s'`

// worked gives a case a task that somebody holds, and perhaps somebody who passed it on.
func (h *house) worked(ref casework.Reference) {
	h.exec(fmt.Sprintf(pastTaskSQL, ref, 1, "in-progress", "'"+h.person()+"'", "NULL", ""))
	h.left(ref, 1)
}

func (h *house) left(ref casework.Reference, number int) {
	for range 1 + h.IntN(3) {
		h.exec(fmt.Sprintf("INSERT INTO task_leavings VALUES ('%s/%d', '%s', '2026-08-26T10:00Z', '%s', 'no-time', '') ON CONFLICT DO NOTHING",
			ref, number, h.person(), h.pick("decline", "release", "delegate", "reassign")))
	}
}

// judge opens a review for each candidate, some with a past, and keeps what the rule finds; each task goes to the pool.
func (h *house) judge() {
	for _, candidate := range h.candidates {
		ref := h.open(of(candidate, storetest.Maths1))
		number := 1
		if h.once(2) {
			h.exec(fmt.Sprintf(pastTaskSQL, ref, 1, "completed", "'"+h.person()+"'", "received_at", ""))
			h.left(ref, 1)
			number = 2
		}
		if number == 2 || h.once(2) {
			h.exec(fmt.Sprintf(pastTaskSQL, ref, number, "ready", "NULL", "NULL", h.pick("", "", "senior", "chief")))
			h.left(ref, number)
		}
		j := judgement{reference: ref, findings: map[string]allocation.Finding{}}
		var err error
		j.offered, err = h.Allocate(h.t.Context(), key(ref, casework.StepAllocate, 1, storetest.Now), choosing{h.book, func(task allocation.Task, roster []allocation.Performer) allocation.Proof {
			proof := allocation.Choose(task, roster)
			for _, finding := range proof.Findings {
				j.findings[finding.Performer] = finding
			}
			return allocation.Proof{Findings: proof.Findings}
		}})
		require.NoError(h.t, err)
		h.judged = append(h.judged, j)
	}
}

func (h *house) compareWithPool() {
	full, total := 0, 0
	for _, j := range h.judged {
		var may []string
		for id, finding := range j.findings {
			if len(finding.Excluded) == 0 {
				may = append(may, id)
				if total++; finding.Full {
					full++ // Capacity is not asked of whoever takes a task of their own will.
				}
			}
		}
		slices.Sort(may)
		pool := h.words("SELECT performer FROM claimable('2026-08-27') WHERE task = $1 ORDER BY 1", j.offered.Sheet.Task)
		require.Equal(h.t, may, pool, "task %s: the rule and the pool; the rule found %v", j.offered.Sheet.Task, j.findings)
	}
	require.NotZero(h.t, full)
	require.Greater(h.t, total, 2*len(h.judged), "there is somebody to compare")
}

// compareWithHolders gives every task to each person in turn.
func (h *house) compareWithHolders() {
	stands := 0
	h.exec("UPDATE cases SET stage = 'assigned' WHERE stage = 'unassigned'")
	for n := range houseStaff {
		id := fmt.Sprintf("p%02d", n+1)
		h.give(id, "state IN ('ready', 'reserved')")
		for _, j := range h.judged {
			finding, thought := j.findings[id]
			if !thought {
				continue // The rule does not look at whom neither the paper nor its subject concerns.
			}
			against := h.words("SELECT DISTINCT code FROM interests_against WHERE task = $1 AND performer = $2 ORDER BY 1", j.offered.Sheet.Task, id)
			require.Equal(h.t, interestsOf(finding), against, "%s of %s", j.offered.Sheet.Task, id)
			stands += len(against)
		}
	}
	require.NotZero(h.t, stands)
}

func (h *house) give(id, where string) {
	h.exec("UPDATE tasks SET state = 'reserved', assignee = '" + id + "' WHERE " + where)
}

// compareWithCompletions lets each task be handed in by somebody, of whom the step says what the rule found.
func (h *house) compareWithCompletions() {
	refused := 0
	h.exec("UPDATE performers SET open_tasks = 100") // They are counted down; nobody was given these tasks by a step.
	for _, j := range h.judged {
		if j.offered.Sheet.Kind != casework.TaskReview || strings.HasSuffix(string(j.offered.Sheet.Task), "/2") {
			continue // A further look is handed in with what was decided first, which these houses have not.
		}
		ids := make([]string, 0, len(j.findings))
		for id := range j.findings {
			if strings.HasPrefix(id, "p") {
				ids = append(ids, id)
			}
		}
		slices.SortFunc(ids, func(a, b string) int { // Whoever has an interest first, in every second case.
			if against := len(interestsOf(j.findings[b])) - len(interestsOf(j.findings[a])); against != 0 {
				return against
			}
			return strings.Compare(a, b)
		})
		if h.once(2) {
			slices.Reverse(ids)
		}
		j.offered.Assignee = ids[0]
		h.give(ids[0], "id = '"+string(j.offered.Sheet.Task)+"'")
		handed := decision(j.reference, j.offered, nil, later)
		handed.Actor = casework.Actor{Subject: "op-1", Role: casework.RoleOperator, OnBehalfOf: ids[0], Reason: "They telephoned."}
		decided, err := h.Decide(h.t.Context(), handed, h.book, single)
		require.NoError(h.t, err)
		why := interestsOf(j.findings[ids[0]])
		if len(why) == 0 {
			require.Nil(h.t, decided.Refusal, "%s: the rule found %v", ids[0], j.findings[ids[0]])
			continue
		}
		refused++
		require.NotNil(h.t, decided.Refusal, "%s: the rule found %v", ids[0], j.findings[ids[0]])
		for _, code := range why {
			require.Contains(h.t, decided.Refusal.Detail, code)
		}
	}
	require.NotZero(h.t, refused)
}

// interestsOf are the reasons of a finding that a declared interest gives, by the alphabet.
func interestsOf(finding allocation.Finding) []string {
	var interests []string
	for _, code := range finding.Excluded {
		switch code {
		case allocation.WorksAtCentre, allocation.WorkedAtCentre, allocation.RelatedToCandidate, allocation.OtherConflict:
			interests = append(interests, code)
		}
	}
	slices.Sort(interests)
	return interests
}
