package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/store"
)

type approversCommand struct {
	Changes bool `help:"Show instead what imports changed about them, with London days and times."`
}

// Run lists who may agree to holds, or who could when.
func (c approversCommand) Run(ctx context.Context, out io.Writer) error {
	_, register, err := connect.Open(ctx, store.Open)
	if err != nil {
		return err
	}
	defer register.Close()
	if c.Changes {
		changes, err := register.ApproverChanges(ctx)
		if err != nil {
			return err
		}
		return c.printChanges(out, changes)
	}
	found, err := register.Approvers(ctx)
	if err != nil {
		return err
	}
	return c.print(out, found)
}

func (approversCommand) print(out io.Writer, found []docket.Approver) error {
	if len(found) == 0 {
		_, err := fmt.Fprintln(out, "nobody may agree to holds, so no case can be held; approvers.csv of the import names who may")
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "APPROVER\tNAME\tBODY")
	for _, a := range found {
		fmt.Fprintf(table, "%s\t%s\t%s\n", a.ID, a.Name, a.Body)
	}
	return table.Flush()
}

func (approversCommand) printChanges(out io.Writer, changes []docket.ApproverChange) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SINCE\tAPPROVER\tNAME\tE-MAIL\tBODY\tMAY AGREE")
	for _, c := range changes {
		may := "yes"
		if !c.Active {
			may = "no more"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", c.At.In(calendar.London()).Format("2006-01-02 15:04"), c.ID, c.Name, c.Email, c.Body, may)
	}
	return table.Flush()
}
