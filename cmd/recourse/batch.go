package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/starter"
)

// batchBook reads the cases that a command picks and keeps a batch of them.
type batchBook interface {
	BatchCandidates(ctx context.Context, selection docket.BatchSelection) ([]docket.BatchCandidate, error)
	MakeBatch(ctx context.Context, batch docket.Batch) (docket.Batch, error)
	Approvers(ctx context.Context) ([]docket.Approver, error)
}

// caseLine hands to cases what they are told.
type caseLine interface {
	Hold(ctx context.Context, reference casework.Reference, updateID string, request casework.HoldRequest) (casework.Held, error)
	Resume(ctx context.Context, reference casework.Reference, updateID string, request casework.ResumeRequest) (casework.Held, error)
	Act(ctx context.Context, reference casework.Reference, updateID string, request casework.TaskRequest) (casework.TaskDone, error)
	Nudge(ctx context.Context, reference casework.Reference, updateID string, request casework.NudgeRequest) (casework.Nudged, error)
	StartBatch(ctx context.Context, in casework.BatchInput) error
}

// run shows what a command would do to the cases, and with --apply has it done.
func (w why) run(ctx context.Context, out io.Writer, chosen picks, command casework.BatchCommand) error {
	selection, err := chosen.selection()
	if err != nil {
		return err
	}
	systems, err := begin(ctx)
	if err != nil {
		return err
	}
	defer systems.Close()
	plan, err := w.show(ctx, out, systems.Register, selection, w.signed(command, systems.Clock.Now()))
	if err != nil || !w.Apply {
		return err
	}
	return plan.apply(ctx, out, systems.Register, starter.NewDispatcher(systems.Temporal, systems.Config.TaskQueue))
}

// signed is the command as an operator's, whom no token vouches for.
func (w why) signed(command casework.BatchCommand, at time.Time) casework.BatchCommand {
	command.Actor = casework.Actor{Subject: string(w.By), Role: casework.RoleOperator, Reason: w.Reason, Claimed: true}
	command.ReceivedAt = at
	return command
}

// plan is what a command is about to do.
type plan struct {
	command casework.BatchCommand
	cases   []docket.BatchCandidate
	// alone is true if the person named this one case, who then needs no digest.
	alone  bool
	digest string
	expect string
}

func (w why) show(ctx context.Context, out io.Writer, register batchBook, selection docket.BatchSelection, command casework.BatchCommand) (plan, error) {
	if fault := command.Check(); fault != nil {
		return plan{}, fault
	}
	named := selection.References
	if len(named) == 0 {
		selection = selection.Narrowed(command)
	}
	selection.Limit = casework.MostCases + 1
	candidates, err := register.BatchCandidates(ctx, selection)
	if err != nil {
		return plan{}, err
	}
	if len(candidates) > casework.MostCases {
		return plan{}, fmt.Errorf("more than %d cases are picked; narrow the filter and make several batches", casework.MostCases)
	}
	fit, unfit := docket.FitBatch(command, named, candidates)
	switch {
	case len(named) > 0 && len(unfit) > 0:
		var sentences []string
		for _, reason := range unfit {
			sentences = append(sentences, reason.Detail)
		}
		return plan{}, errors.New(strings.Join(sentences, " ") + " Nothing was done.")
	case len(fit) == 0:
		return plan{}, errors.New("no case that you picked fits; there is nothing to do")
	}
	approvers, err := register.Approvers(ctx)
	if err != nil {
		return plan{}, err
	}
	if fault := docket.CheckApprover(command, fit, approvers); fault != nil {
		return plan{}, fault
	}
	p := plan{command: command, cases: fit, alone: len(named) == 1, expect: w.Expect}
	p.digest = command.Digest(p.targets())
	if err := p.print(out); err != nil {
		return plan{}, err
	}
	if w.Apply {
		return p, p.agreed()
	}
	return p, p.advise(out)
}

func (p plan) targets() []casework.BatchTarget {
	all := make([]casework.BatchTarget, len(p.cases))
	for i, c := range p.cases {
		all[i] = c.BatchTarget
	}
	return all
}

func (p plan) print(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	// Only a plan to reassign knows who holds the tasks: an empty column would say that nobody does.
	reassigns := p.command.Action == casework.BatchReassign
	if reassigns {
		fmt.Fprintln(table, "CASE\tSTAGE\tTASK HELD BY\tHELD FOR")
	} else {
		fmt.Fprintln(table, "CASE\tSTAGE\tHELD FOR")
	}
	for _, c := range p.cases {
		var causes []string
		for _, cause := range c.HeldFor {
			causes = append(causes, string(cause))
		}
		fmt.Fprintf(table, "%s\t%s\t", c.Reference, c.Stage)
		if reassigns {
			fmt.Fprintf(table, "%s\t", c.Holder)
		}
		fmt.Fprintln(table, strings.Join(causes, ", "))
	}
	return table.Flush()
}

// advise says how to have done what was shown.
func (p plan) advise(out io.Writer) error {
	how := "--apply"
	if !p.alone {
		how += " --expect " + p.digest
	}
	number, them := fmt.Sprintf("%d cases", len(p.cases)), "them"
	if len(p.cases) == 1 {
		number, them = "1 case", "it"
	}
	_, err := fmt.Fprintf(out, "%s; nothing was done. To %s %s, repeat the command with %s\n", number, p.command.Action, them, how)
	return err
}

// agreed says whether what would be done is what the person was shown.
func (p plan) agreed() error {
	switch {
	case p.expect == p.digest, p.expect == "" && p.alone:
		return nil
	case p.expect == "":
		return errors.New("several cases need --expect with the digest of what you were shown; run the command without --apply first. Nothing was done")
	default:
		return errors.New("the cases are others than those you were shown; run the command without --apply again. Nothing was done")
	}
}

// apply tells one case at once, and several by a batch.
func (p plan) apply(ctx context.Context, out io.Writer, register batchBook, cases caseLine) error {
	if p.alone {
		return p.tell(ctx, out, cases, p.cases[0].BatchTarget)
	}
	batch := docket.Batch{ID: "b_" + strings.ReplaceAll(uuid.NewString(), "-", ""), Command: p.command, Digest: p.digest, MadeAt: p.command.ReceivedAt}
	for _, target := range p.targets() {
		batch.Items = append(batch.Items, docket.BatchItem{BatchTarget: target, State: casework.ItemWaiting})
	}
	if _, err := register.MakeBatch(ctx, batch); err != nil {
		return err
	}
	if err := cases.StartBatch(ctx, casework.BatchInput{Batch: batch.ID, Cases: len(batch.Items)}); err != nil {
		return fmt.Errorf("batch %s is kept, and it is not known whether it runs: %w", batch.ID, err)
	}
	_, err := fmt.Fprintf(out, "batch %s runs; see what becomes of each case: recourse cases batch %s\n", batch.ID, batch.ID)
	return err
}

func (p plan) tell(ctx context.Context, out io.Writer, cases caseLine, target casework.BatchTarget) error {
	id := uuid.NewString()
	var err error
	switch p.command.Action {
	case casework.BatchHold:
		_, err = cases.Hold(ctx, target.Reference, id, p.command.HoldRequest(""))
	case casework.BatchResume:
		_, err = cases.Resume(ctx, target.Reference, id, p.command.ResumeRequest(""))
	case casework.BatchReassign:
		_, err = cases.Act(ctx, target.Reference, id, p.command.ReassignRequest(target, ""))
	case casework.BatchNudge:
		_, err = cases.Nudge(ctx, target.Reference, id, p.command.NudgeRequest(""))
	}
	return handed(out, err)
}

// handed says whether a case has done what it was told.
func handed(out io.Writer, err error) error {
	switch {
	case errors.Is(err, api.ErrPending):
		_, err = fmt.Fprintln(out, "accepted; it will be done as soon as a worker takes it")
		return err
	case err != nil:
		return err
	}
	_, err = fmt.Fprintln(out, "done")
	return err
}
