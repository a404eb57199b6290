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
		ask := r.queue(proof.Chosen)
		held, err := r.hold(ctx, u, ask, patient)
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
		patient = proof.Chosen == ask[0].ID
	}
	return proof, fmt.Errorf("the roster of component %s did not keep still", r.task.Component)
}

// lookAgain reads the whole roster once more, without guesses.
func (r *reserving) lookAgain(ctx context.Context, u *unit) error {
	roster := askRoster(u, r.task.Reference, r.key.At)
	if err := u.send(ctx); err != nil {
		return err
	}
	r.roster, r.guessed = roster(), false
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
func (r *reserving) hold(ctx context.Context, u *unit, queue []allocation.Performer, patient bool) (string, error) {
	ask, open := make([]string, len(queue)), make([]int, len(queue))
	for i, p := range queue {
		ask[i], open[i] = p.ID, p.OpenTasks
	}
	u.write("set a savepoint", beforeChoiceSQL)
	var locked *[]string
	if patient {
		locked = column[string](u, "lock performer "+ask[0], lockPerformerSQL, ask[0])
	} else {
		locked = column[string](u, "lock a performer", lockFreeSQL, ask, open)
	}
	fresh := askRostered(u, r.task.Reference, r.key.At, ask...)
	earlier := askEarlier(u, r.task.Reference)
	if err := u.send(ctx); err != nil {
		return "", err
	}
	r.task.EarlierStages = *earlier
	held := ""
	if len(*locked) > 0 {
		held = (*locked)[0]
	}
	r.refresh(fresh(), queue, held)
	return held, nil
}

// refresh takes over what was read again. Whoever was passed over and has no task more yet is about to get one.
func (r *reserving) refresh(fresh, queue []allocation.Performer, held string) {
	known := make(map[string]int, len(queue))
	for _, p := range queue {
		if p.ID == held {
			break
		}
		known[p.ID] = p.OpenTasks
	}
	for i, p := range fresh {
		if open, passed := known[p.ID]; passed && p.OpenTasks <= open {
			fresh[i], r.guessed = withOneMore(p), true
		}
	}
	r.roster = slices.DeleteFunc(r.roster, func(p allocation.Performer) bool {
		return slices.ContainsFunc(queue, func(asked allocation.Performer) bool { return asked.ID == p.ID })
	})
	r.roster = append(r.roster, fresh...)
}

// queue lists whom the rule chooses one after the other if each of them gets a task, beginning with the chosen one. They
// are as the roster has them.
func (r *reserving) queue(chosen string) []allocation.Performer {
	roster := slices.Clone(r.roster)
	var queue []allocation.Performer
	for len(queue) < queueing {
		at := slices.IndexFunc(roster, func(p allocation.Performer) bool { return p.ID == chosen })
		if at < 0 || slices.ContainsFunc(queue, func(p allocation.Performer) bool { return p.ID == chosen }) {
			break
		}
		queue = append(queue, roster[at])
		roster[at] = withOneMore(roster[at])
		chosen = r.rules.Choose(r.task, roster).Chosen
	}
	return queue
}

func withOneMore(p allocation.Performer) allocation.Performer {
	p.OpenTasks++
	p.WeekTasks++
	return p
}
