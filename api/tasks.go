package api

import (
	"context"
	"fmt"
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// ListTasks lists the person's own tasks, the pool of those that they may claim or the tasks of those whom they lead,
// the one that is due first on top.
func (s *Server) ListTasks(ctx context.Context, in ListTasksRequestObject) (ListTasksResponseObject, error) {
	person := personOf(ctx)
	if err := performs(person); err != nil {
		return nil, err
	}
	limit := orDefault(in.Params.Limit, defaultLimit)
	at, _ := s.received(ctx)
	filter := docket.TaskFilter{
		Assignee: person.Subject, State: casework.TaskState(in.Params.State), Limit: limit + 1, At: at,
		Pool: in.Params.View == ListTasksParamsViewPool, Team: in.Params.View == ListTasksParamsViewTeam,
	}
	list := tasksList
	switch {
	case filter.Pool:
		list = poolList
	case filter.Team:
		list = teamList
	}
	if err := readCursor(list, in.Params.Cursor, &filter.AfterDue, &filter.AfterID); err != nil {
		return nil, err
	}
	tasks, err := s.tasks.Tasks(ctx, filter)
	if err != nil {
		return nil, err
	}
	tasks, more := cut(tasks, limit)
	page := TaskList{Items: make([]TaskSummary, len(tasks))}
	for i, task := range tasks {
		page.Items[i] = summaryView(task)
	}
	if more {
		last := tasks[len(tasks)-1]
		page.Next = writeCursor(list, last.Due, string(last.ID))
	}
	return ListTasks200JSONResponse(page), nil
}

// GetTask shows one of the person's tasks with links to what it needs.
func (s *Server) GetTask(ctx context.Context, in GetTaskRequestObject) (GetTaskResponseObject, error) {
	task, _, err := s.readTask(ctx, in.Reference, in.Number)
	if err != nil {
		return nil, err
	}
	view := taskView(task)
	if task.Draft != nil {
		if view.Draft, err = s.draftView(ctx, task, *task.Draft); err != nil {
			return nil, err
		}
	}
	for _, file := range []struct {
		ref  casework.FileRef
		name string
		into *Link
	}{
		{task.Script, "script", &view.Links.Script},
		{task.Scheme, "mark-scheme", &view.Links.Scheme},
		{task.Paper, "question-paper", &view.Links.Paper},
	} {
		if file.ref.Key == "" {
			continue
		}
		if *file.into, err = s.link(ctx, file.ref, string(task.Reference)+"-"+file.name+".pdf", true); err != nil {
			return nil, fmt.Errorf("task %s: %s: %w", task.ID, file.name, err)
		}
	}
	return GetTask200JSONResponse(view), nil
}

// readTask reads a task that the person, or somebody whom they lead, holds, and says in which role the person works on it.
func (s *Server) readTask(ctx context.Context, typed string, number int32) (docket.Task, casework.Role, error) {
	person := personOf(ctx)
	if err := performs(person); err != nil {
		return docket.Task{}, "", err
	}
	reference, err := parseReference(typed)
	if err != nil {
		return docket.Task{}, "", err
	}
	task, err := s.tasks.Task(ctx, casework.TaskOf(reference, int(number)), person.Subject)
	if err != nil {
		return docket.Task{}, "", err
	}
	role := task.Sheet.Service.Performer().SignsInAs()
	if !person.Holds(role) {
		return docket.Task{}, "", roleMissing("work on this task", []casework.Role{role})
	}
	return task, role, nil
}

// ownTask reads a task that the person holds: who leads them may look at it and does not work on it.
func (s *Server) ownTask(ctx context.Context, typed string, number int32) (docket.Task, casework.Role, error) {
	task, role, err := s.readTask(ctx, typed, number)
	if err == nil && task.Assignee != personOf(ctx).Subject {
		err = casework.NotThePerformer(task.ID)
	}
	return task, role, err
}

func summaryView(task docket.Task) TaskSummary {
	view := TaskSummary{
		ID: string(task.ID), Href: taskHref(task.ID), Kind: TaskKind(task.Sheet.Kind), Service: Service(task.Sheet.Service), State: TaskState(task.State),
		Component: Titled{Code: task.Component, Title: task.Title}, Due: task.Due, CompletedAt: task.CompletedAt,
		Assignee: task.Assignee, StartBy: task.StartBy, CompleteBy: task.CompleteBy, StartedAt: task.StartedAt, WaitingFor: waitingFor(task.Held),
	}
	if task.Draft != nil {
		view.DraftSavedAt = task.Draft.SavedAt
	}
	return view
}

// taskView names field by field what a performer may see; nothing else of the case gets in (domain §8.3, reading 9).
// The draft and the links are added by whoever can look them up.
func taskView(task docket.Task) Task {
	rules := task.Sheet.Rules
	view := Task{
		ID: string(task.ID), Href: taskHref(task.ID), Kind: TaskKind(task.Sheet.Kind), Service: Service(task.Sheet.Service), State: TaskState(task.State),
		Component: Titled{Code: task.Component, Title: task.Title}, Due: task.Due, CompletedAt: task.CompletedAt,
		Assignee: task.Assignee, StartBy: task.StartBy, CompleteBy: task.CompleteBy, StartedAt: task.StartedAt, WaitingFor: waitingFor(task.Held),
		Items: make([]SheetItem, len(task.Sheet.Items)),
		Rules: TaskRules{
			ChangeReasons: listed(rules.ChangeReasons), UnchangedReasons: listed(rules.UnchangedReasons),
			Checklist: listed(rules.Checklist), AnnotatedScript: rules.AnnotatedScript,
		},
	}
	for i, item := range task.Sheet.Items {
		view.Items[i] = SheetItem(item)
	}
	for _, mark := range task.Sheet.Corrected {
		view.Corrected = append(view.Corrected, ItemMark(mark))
	}
	return view
}

// waitingFor says for what a suspended task waits, as far as whoever marks the script may know.
func waitingFor(causes []casework.HoldCause) []string {
	var shown []string
	for _, cause := range causes {
		cause = cause.For(casework.AudiencePerformer)
		if !slices.Contains(shown, string(cause)) {
			shown = append(shown, string(cause))
		}
	}
	return shown
}

func taskHref(id casework.TaskID) string { return "/v1/tasks/" + string(id) }

// listed makes an empty list of none, which JSON writes as [] and not as null.
func listed(codes []string) []string { return append([]string{}, codes...) }
