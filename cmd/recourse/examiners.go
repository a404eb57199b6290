package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/store"
)

type examinersCommand struct {
	List     examinerListCommand    `cmd:"" help:"List the people who perform tasks, with how much they have to do."`
	Show     examinerShowCommand    `cmd:"" help:"Show one person with absences, conflicts and tasks."`
	Declare  examinerDeclareCommand `cmd:"" help:"Enter a conflict of interest of a person, and show which of their tasks it stands against."`
	Reassign examinerAwayCommand    `cmd:"" help:"Give every task that a person holds to others, as when they are ill."`
}

// rosterBook reads the register of examiners.
type rosterBook interface {
	Examiners(ctx context.Context, filter docket.ExaminerFilter) ([]docket.Examiner, error)
	Examiner(ctx context.Context, id string) (docket.Examiner, error)
	TasksHeldBy(ctx context.Context, id string) ([]casework.TaskID, error)
}

type examinerListCommand struct {
	Role      string `help:"What they are engaged for: reviewer, moderator, clerical, panel or independent."`
	Rank      string `help:"Their rank, such as lead."`
	Component string `help:"Whom a component concerns."`
	Leader    string `help:"Whom somebody leads."`
	Limit     int    `help:"How many at most." default:"200"`
}

// Run lists the people.
func (c examinerListCommand) Run(ctx context.Context, out io.Writer) error {
	config, register, err := connect.Open(ctx, store.Open)
	if err != nil {
		return err
	}
	defer register.Close()
	return c.list(ctx, out, register, calendar.DateOf(connect.NewClock(register, config.MovableClock).Now()))
}

func (c examinerListCommand) list(ctx context.Context, out io.Writer, register rosterBook, today calendar.Date) error {
	found, err := register.Examiners(ctx, docket.ExaminerFilter{
		Role: casework.PerformerRole(c.Role), Rank: casework.Rank(c.Rank), Component: c.Component, Leader: c.Leader, Limit: c.Limit,
	})
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "EXAMINER\tNAME\tROLES\tRANK\tLEADER\tHOLDS\tTHIS WEEK\tOF\tTODAY")
	for _, e := range found {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\n",
			e.ID, e.Name, listed(e.Roles), e.Rank, e.Leader, e.OpenTasks, e.TasksInWeekOf(today), e.Capacity, present(e, today))
	}
	return table.Flush()
}

func listed[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return strings.Join(texts, ", ")
}

// present says whether a person may be given a task on a London day, or the first thing that keeps them from it, whatever
// the task: the rule of allocation asks the same (casework/allocation).
func present(e docket.Examiner, day calendar.Date) string {
	switch {
	case !e.Active:
		return "inactive"
	case day.Before(e.ContractFrom):
		return "contract begins " + e.ContractFrom.String()
	case !e.ContractUntil.IsZero() && e.ContractUntil.Before(day):
		return "contract ended " + e.ContractUntil.String()
	case !e.TrainedUntil.IsZero() && e.TrainedUntil.Before(day):
		return "training ran out " + e.TrainedUntil.String()
	}
	for _, a := range e.Absences {
		if !day.Before(a.From) && !a.Until.Before(day) {
			return "absent until " + a.Until.String()
		}
	}
	if max(e.OpenTasks, e.TasksInWeekOf(day)) >= e.Capacity {
		return "full"
	}
	return "available"
}

type examinerShowCommand struct {
	ID string `arg:"" help:"The examiner's id."`
}

// Run shows one person.
func (c examinerShowCommand) Run(ctx context.Context, out io.Writer) error {
	config, register, err := connect.Open(ctx, store.Open)
	if err != nil {
		return err
	}
	defer register.Close()
	return c.show(ctx, out, register, calendar.DateOf(connect.NewClock(register, config.MovableClock).Now()))
}

func (c examinerShowCommand) show(ctx context.Context, out io.Writer, register rosterBook, today calendar.Date) error {
	e, err := register.Examiner(ctx, c.ID)
	if err != nil {
		return err
	}
	held, err := register.TasksHeldBy(ctx, e.ID)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(what, value string) { fmt.Fprintf(table, "%s\t%s\n", what, value) }
	row("examiner", e.ID+", "+e.Name+", "+present(e, today))
	row("roles", listed(e.Roles)+", rank "+string(e.Rank))
	row("led by", e.Leader)
	row("components", listed(e.Components))
	row("subjects", listed(e.Subjects))
	row("this week", fmt.Sprintf("%d of %d tasks, holds %d", e.TasksInWeekOf(today), e.Capacity, e.OpenTasks))
	for _, a := range e.Absences {
		row("absence", fmt.Sprintf("%s to %s, %s", a.From, a.Until, a.Reason))
	}
	for _, k := range e.Conflicts {
		row("conflict", interest(k))
	}
	stopped := against(e.Conflicts)
	for _, task := range held {
		line := string(task)
		if why := stopped[task]; why != "" {
			line += ", cannot be completed by them: " + why + "; reassign it"
		}
		row("task", line)
	}
	return table.Flush()
}

type examinerAwayCommand struct {
	ID  string `arg:"" help:"Who is away."`
	why `embed:""`
	To  string `help:"Who gets the tasks; left out, the rule finds somebody for each."`
}

// Run shows which tasks the person holds, and with --apply and the digest has them given to others.
func (c examinerAwayCommand) Run(ctx context.Context, out io.Writer) error {
	return c.run(ctx, out, picks{filters: filters{Assignee: c.ID}}, casework.BatchCommand{Action: casework.BatchReassign, To: c.To})
}
