package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/recourse-exams/recourse/casework/allocation"
)

const (
	// rounds is how often a choice may be overtaken by others before the step starts afresh.
	rounds = 50
	// queueing is how many people an allocation asks for at once.
	queueing = 8
)

// reserving is the search for a performer who may have a task, who is free, and whose row nobody else holds.
type reserving struct {
	allocating
	task allocation.Task
	// roster is what is known of everybody; guessed is true if it counts tasks that others are only about to give.
	roster  []allocation.Performer
	guessed bool
}

// reserve chooses, locks the chosen person and chooses again from what is true then. If another person comes out, the
// lock is given back before theirs is taken, so that two allocations never hold two people crosswise. Whoever is held by
// another allocation at this moment counts as having one task more, and the next one is asked for: else many at once would
// all queue for the least loaded person, who is not that any more when their turn comes. The lock of the person who is
// chosen is held for one round trip and the commit.
func (r *reserving) reserve(ctx context.Context, u *unit) (allocation.Proof, error) {
	proof, patient := r.rules.Choose(r.task, r.roster), false
	for range rounds {
		if proof.Chosen == "" && r.guessed {
			if err := r.lookAgain(ctx, u); err != nil {
				return proof, err
			}
			proof, patient = r.rules.Choose(r.task, r.roster), true
		}
		if proof.Chosen == "" {
			return proof, nil
		}
		first := proof.Chosen
		held, err := r.hold(ctx, u, proof.Queue[:min(len(proof.Queue), queueing)], patient)
		if err != nil {
			return proof, err
		}
		if proof = r.rules.Choose(r.task, r.roster); held != "" && held == proof.Chosen {
			return proof, nil
		}
		if held != "" {
			u.write("give the performer back", backToChoiceSQL)
		}
		// Whoever is the one even with the task that somebody else is giving them is worth waiting for.
		patient = proof.Chosen == first
	}
	return proof, fmt.Errorf("the roster of component %s did not keep still", r.task.Component)
}

// lookAgain reads the whole roster once more, without guesses.
func (r *reserving) lookAgain(ctx context.Context, u *unit) error {
	roster := askRoster(u, r.task.Reference, r.key.At)
	if err := u.send(ctx); err != nil {
		return err
	}
	r.roster, r.guessed = *roster, false
	return nil
}

const beforeChoiceSQL = `SAVEPOINT choice`

const backToChoiceSQL = `ROLLBACK TO SAVEPOINT choice`

// lockFreeSQL locks the first person of a list whom nobody holds and who has no more tasks than was known.
const lockFreeSQL = `
SELECT p.id
FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS ask (id, open_tasks, place)
JOIN performers p ON p.id = ask.id AND p.open_tasks <= ask.open_tasks
ORDER BY ask.place
LIMIT 1
FOR UPDATE OF p SKIP LOCKED`

// hold locks the first person of a queue and waits for whoever holds them, or the first whom nobody holds, and reads
// everybody of the queue again behind the lock: the others stay as they were a moment ago. So is read who has a task about
// the same result: another service for it may just have been given to the same person. It returns who is held, or nobody.
func (r *reserving) hold(ctx context.Context, u *unit, queue []string, patient bool) (string, error) {
	u.write("set a savepoint", beforeChoiceSQL)
	var locked *[]string
	if patient {
		locked = column[string](u, "lock performer "+queue[0], lockPerformerSQL, queue[0])
	} else {
		locked = column[string](u, "lock a performer", lockFreeSQL, queue, r.openTasks(queue))
	}
	fresh := askRostered(u, r.task.Reference, r.key.At, queue...)
	earlier := askEarlier(u, r.task.Reference)
	if err := u.send(ctx); err != nil {
		return "", err
	}
	r.task.EarlierStages = *earlier
	passed := queue
	held := ""
	if len(*locked) > 0 {
		held = (*locked)[0]
		passed = queue[:slices.Index(queue, held)]
	}
	r.refresh(*fresh, queue, passed)
	return held, nil
}

// openTasks are how many tasks each of a queue is known to hold.
func (r *reserving) openTasks(queue []string) []int {
	open := make([]int, len(queue))
	for i := range r.roster {
		if at := slices.Index(queue, r.roster[i].ID); at >= 0 {
			open[at] = r.roster[i].OpenTasks
		}
	}
	return open
}

// refresh takes over what was read again of a queue. Whoever was passed over and has no task more yet is about to get one.
func (r *reserving) refresh(fresh []allocation.Performer, queue, passed []string) {
	open := r.openTasks(passed)
	for i := range fresh {
		if at := slices.Index(passed, fresh[i].ID); at >= 0 && fresh[i].OpenTasks <= open[at] {
			fresh[i], r.guessed = fresh[i].WithOneMore(), true
		}
	}
	r.roster = slices.DeleteFunc(r.roster, func(p allocation.Performer) bool { return slices.Contains(queue, p.ID) })
	r.roster = append(r.roster, fresh...)
}
