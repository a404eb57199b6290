package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/store"
)

// filters narrow cases by what they are about and how they stand.
type filters struct {
	Centre   string `help:"The centre's number."`
	Stage    string `help:"Where the case stands, such as assigned." default:"" enum:",refused,unassigned,assigned,decided,appeal-window,closed"`
	Service  string `help:"The service: clerical-check or review-of-marking." default:"" enum:",clerical-check,review-of-marking"`
	Series   string `help:"The series."`
	SLA      string `name:"sla" help:"How it stands against what the awarding body owes: on-time, warned, breached, met or paused." default:"" enum:",on-time,warned,breached,met,paused"`
	Assignee string `help:"Who holds the case's task."`
	HeldFor  string `help:"For what the case waits, such as hold." default:"" enum:",waiting-for-sample,consent-inspection,waiting-for-payment,malpractice,hold"`
}

// selection reads what a command is about: named cases, or those that at least one flag picks.
func (p picks) selection() (docket.BatchSelection, error) {
	f := p.filters
	if (len(p.References) == 0) == (f == filters{}) {
		return docket.BatchSelection{}, errors.New("name the cases, or pick them by at least one flag such as --centre, and not both")
	}
	selection := docket.BatchSelection{
		Centre: f.Centre, Stage: casework.Stage(f.Stage), Service: casework.Service(f.Service), Series: f.Series,
		SLAState: casework.SLAState(f.SLA), HeldFor: casework.HoldCause(f.HeldFor), Assignee: f.Assignee,
	}
	for _, typed := range p.References {
		reference, err := casework.ParseReference(typed)
		if err != nil {
			return selection, err
		}
		selection.References = append(selection.References, reference)
	}
	return selection, nil
}

type caseListCommand struct {
	Centre   string `help:"The centre's number."`
	Stage    string `help:"Where the case stands, such as assigned." default:"" enum:",refused,unassigned,assigned,decided,appeal-window,closed"`
	Service  string `help:"The service: clerical-check or review-of-marking." default:"" enum:",clerical-check,review-of-marking"`
	Series   string `help:"The series."`
	SLA      string `name:"sla" help:"How it stands against what the awarding body owes: on-time, warned, breached, met or paused." default:"" enum:",on-time,warned,breached,met,paused"`
	Assignee string `help:"Who holds or held the case's task."`
	HeldFor  string `help:"For what the case waits, such as hold, or any." default:"" enum:",any,waiting-for-sample,consent-inspection,waiting-for-payment,malpractice,hold"`
	Limit    int    `help:"How many at most." default:"50"`
}

// Run lists cases with who acts next and what is due.
func (c caseListCommand) Run(ctx context.Context, out io.Writer) error {
	_, register, err := connect.Open(ctx, store.Open)
	if err != nil {
		return err
	}
	defer register.Close()
	return c.list(ctx, out, register)
}

// caseBook lists cases.
type caseBook interface {
	Cases(ctx context.Context, filter docket.Filter) ([]docket.Case, error)
}

func (c caseListCommand) list(ctx context.Context, out io.Writer, register caseBook) error {
	found, err := register.Cases(ctx, docket.Filter{
		Centre: c.Centre, Stage: casework.Stage(c.Stage), Service: casework.Service(c.Service), Series: c.Series,
		SLAState: casework.SLAState(c.SLA), HeldFor: c.causes(), Assignee: c.Assignee, Limit: c.Limit,
	})
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "CASE\tCENTRE\tSERVICE\tCOMPONENT\tSTAGE\tSLA\tWAITS FOR\tOUTCOME DUE\tHELD FOR")
	for _, k := range found {
		due := ""
		for _, clock := range k.Clocks {
			if clock.ID == casework.ClockOutcome {
				due = casework.Shown(clock.Due())
			}
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			k.Reference, k.Request.CentreNumber, k.Request.Service, k.Request.Component, k.Stage, k.SLAState, k.WaitingOn, due, waits(k.Holds))
	}
	return table.Flush()
}

// causes are those for which the listed cases wait; none if that does not matter.
func (c caseListCommand) causes() []casework.HoldCause {
	switch c.HeldFor {
	case "":
		return nil
	case "any":
		return casework.HoldCauses()
	default:
		return []casework.HoldCause{casework.HoldCause(c.HeldFor)}
	}
}

// waits says for what a case waits and since when.
func waits(holds []docket.Hold) string {
	var lasting []string
	for _, hold := range holds {
		if hold.EndedAt.IsZero() {
			lasting = append(lasting, string(hold.Cause)+" since "+casework.Shown(hold.BeganAt))
		}
	}
	return strings.Join(lasting, ", ")
}

type batchCommand struct {
	ID string `arg:"" help:"The batch's id, such as b_9f86d081884c7d659a2feaa0c55ad015."`
}

// Run shows what became of each case.
func (c batchCommand) Run(ctx context.Context, out io.Writer) error {
	_, register, err := connect.Open(ctx, store.Open)
	if err != nil {
		return err
	}
	defer register.Close()
	return c.show(ctx, out, register)
}

// batchReader reads batches.
type batchReader interface {
	Batch(ctx context.Context, id string) (docket.Batch, error)
}

func (c batchCommand) show(ctx context.Context, out io.Writer, register batchReader) error {
	batch, err := register.Batch(ctx, c.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s by %s at %s: %d done, %d refused, %d waiting\n",
		batch.Command.Action, batch.Command.Actor.Subject, casework.Shown(batch.MadeAt), batch.Done, batch.Refused, batch.Waiting)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "CASE\tSTATE\tWHY")
	for _, item := range batch.Items {
		fmt.Fprintf(table, "%s\t%s\t%s\n", item.Reference, item.State, item.Why)
	}
	return table.Flush()
}
