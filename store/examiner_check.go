package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// examinerWorldSQL reads what a performer's fields may name: the ranks of the body, its components and subjects, and
// everybody above the leader that is asked for, up to the top; a circle ends where it closes.
const examinerWorldSQL = `
WITH RECURSIVE above AS (
    SELECT id, leader, body FROM performers WHERE id = $2
    UNION
    SELECT p.id, p.leader, p.body FROM above a JOIN performers p ON p.id = a.leader
)
SELECT b.ranks,
       ARRAY(SELECT c.id FROM components c JOIN qualifications q ON q.id = c.qualification WHERE q.body = b.id) AS components,
       ARRAY(SELECT DISTINCT q.subject FROM qualifications q WHERE q.body = b.id ORDER BY q.subject) AS subjects,
       ARRAY(SELECT a.id FROM above a) AS above,
       coalesce((SELECT p.body FROM performers p WHERE p.id = $2), '') AS leader_body
FROM awarding_bodies b
WHERE b.id = $1`

type examinerWorld struct {
	Ranks      []casework.Rank
	Components []string
	Subjects   []string
	Above      []string
	LeaderBody string
}

// checkExaminer says everything that a performer's fields name wrongly, as one fault.
func checkExaminer(ctx context.Context, tx pgx.Tx, e docket.Examiner) error {
	world, err := collectOne[examinerWorld](ctx, tx, examinerWorldSQL, e.Body, e.Leader)
	if err != nil {
		return missing(err, "body", "awarding body "+e.Body)
	}
	reasons := slices.Concat(world.rolesOf(e), world.leaderOf(e), world.fieldOf(e), termsOf(e))
	if len(reasons) == 0 {
		return nil
	}
	return casework.NewFault(casework.Invalid, "examiner-invalid", fmt.Sprintf("Examiner %s cannot be changed so.", e.ID), reasons...)
}

func (w examinerWorld) rolesOf(e docket.Examiner) []casework.Reason {
	var reasons []casework.Reason
	if len(e.Roles) == 0 {
		reasons = append(reasons, casework.Reason{
			Code: "roles-missing", Pointer: "/roles", Detail: "Nobody is on the roster for nothing.",
			Remedy: "Give at least one role, or set active to false for somebody who gets no tasks.",
		})
	}
	for i, role := range e.Roles {
		if !slices.Contains(casework.PerformerRoles(), role) {
			reasons = append(reasons, oneOf(fmt.Sprintf("/roles/%d", i), string(role), casework.PerformerRoles()))
		}
	}
	if !slices.Contains(w.Ranks, e.Rank) {
		reasons = append(reasons, oneOf("/rank", string(e.Rank), w.Ranks))
	}
	return reasons
}

func (w examinerWorld) leaderOf(e docket.Examiner) []casework.Reason {
	reason := casework.Reason{Code: "leader-invalid", Pointer: "/leader", Remedy: "Name somebody else of the same awarding body, or nobody."}
	switch {
	case e.Leader == "":
		return nil
	case w.LeaderBody != e.Body:
		reason.Detail = fmt.Sprintf("%s does not perform tasks for %s.", e.Leader, e.Body)
	case e.Leader == e.ID:
		reason.Detail = "Nobody leads themselves."
	case slices.Contains(w.Above, e.ID):
		reason.Detail = fmt.Sprintf("%s is led by %s in turn.", e.Leader, e.ID)
	default:
		return nil
	}
	return []casework.Reason{reason}
}

// tiers are the levels of entry for which a component may be set.
var tiers = []string{"foundation", "higher"}

func (w examinerWorld) fieldOf(e docket.Examiner) []casework.Reason {
	var reasons []casework.Reason
	for i, component := range e.Components {
		if !slices.Contains(w.Components, component) {
			reasons = append(reasons, casework.Reason{
				Code: "component-unknown", Pointer: fmt.Sprintf("/components/%d", i),
				Detail: fmt.Sprintf("%s has no component %s.", e.Body, component), Remedy: "Name a component of the register.",
			})
		}
	}
	for i, subject := range e.Subjects {
		if !slices.Contains(w.Subjects, subject) {
			reasons = append(reasons, oneOf(fmt.Sprintf("/subjects/%d", i), subject, w.Subjects))
		}
	}
	for i, tier := range e.Tiers {
		if !slices.Contains(tiers, tier) {
			reasons = append(reasons, oneOf(fmt.Sprintf("/tiers/%d", i), tier, tiers))
		}
	}
	return reasons
}

// termsOf checks capacity and contract, which hang on nothing else.
func termsOf(e docket.Examiner) []casework.Reason {
	var reasons []casework.Reason
	if e.Capacity < 0 {
		reasons = append(reasons, casework.Reason{
			Code: "capacity-invalid", Pointer: "/capacity", Detail: fmt.Sprintf("A capacity of %d tasks a week is below 0.", e.Capacity),
			Remedy: "Give how many tasks the person takes in a week, from 0.",
		})
	}
	if !e.ContractFrom.IsZero() && !e.ContractUntil.IsZero() && e.ContractUntil.Before(e.ContractFrom) {
		reasons = append(reasons, casework.Reason{
			Code: "contract-backwards", Pointer: "/contractUntil",
			Detail: fmt.Sprintf("The contract would end on %s, before it begins on %s.", e.ContractUntil, e.ContractFrom),
			Remedy: "Give a last day that is not before the first.",
		})
	}
	return reasons
}

func oneOf[S ~string](pointer, value string, allowed []S) casework.Reason {
	words := make([]string, len(allowed))
	for i, word := range allowed {
		words[i] = string(word)
	}
	return casework.Reason{
		Code: "value-not-allowed", Pointer: pointer, Detail: fmt.Sprintf("%q is none of the values that are taken here.", value),
		Remedy: "Give one of " + strings.Join(words, ", ") + ".",
	}
}
