package api_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

// staff is a register of performers and of what they share about tasks, in memory.
type staff struct {
	mu        sync.Mutex
	examiners []docket.Examiner
	// filter is the last filter of the list; changes and actors are what was changed, and who did it.
	filter  docket.ExaminerFilter
	changes []docket.RosterChange
	actors  []casework.Actor
	change  docket.ExaminerChange
	// says is the answer to the next change of an absence or a conflict, if it is set; standsAgainst is what a conflict that
	// is declared stands against.
	says          error
	standsAgainst []casework.TaskID

	claims    map[casework.TaskID]string
	claimed   int
	done      map[string]casework.TaskDone
	notes     []docket.TaskNote
	noteKeys  map[string]string
	questions []docket.Question
	asked     string
	drawn     []docket.Monitored
	work      []docket.Work
	workAsked docket.WorkFilter
}

var (
	_ api.Roster = (*staff)(nil)
	_ api.Team   = (*staff)(nil)
)

func newStaff() *staff {
	people := []docket.Examiner{
		{ID: "ex-1001", Name: "Ines Marlow", Leader: "ex-1005", Capacity: 12, OpenTasks: 4, WeekTasks: 7, Week: calendar.Date{Year: 2026, Month: time.August, Day: 24}},
		{ID: "ex-1002", Name: "Owen Pike", Leader: "ex-1005", Capacity: 8},
		{ID: "ex-1005", Name: "Mara Quill", Capacity: 5},
	}
	for i := range people {
		p := &people[i]
		p.Body, p.Email, p.Rank, p.Roles = "cambria", p.ID+"@examiners.example", casework.RankExaminer, []casework.PerformerRole{casework.Reviewer}
		p.Components, p.Active, p.Version = []string{"MA1-1H"}, true, 3
		p.ContractFrom = calendar.Date{Year: 2026, Month: time.June, Day: 1}
	}
	return &staff{
		examiners: people, claims: map[casework.TaskID]string{}, done: map[string]casework.TaskDone{}, noteKeys: map[string]string{},
	}
}

func (s *staff) Examiners(_ context.Context, filter docket.ExaminerFilter) ([]docket.Examiner, error) {
	s.filter = filter
	var found []docket.Examiner
	for _, e := range s.examiners {
		if e.ID > filter.AfterID && (filter.Leader == "" || e.Leader == filter.Leader) {
			found = append(found, e)
		}
	}
	return found[:min(len(found), filter.Limit)], nil
}

func (s *staff) person(id string) (*docket.Examiner, error) {
	i := slices.IndexFunc(s.examiners, func(e docket.Examiner) bool { return e.ID == id })
	if i < 0 {
		return nil, casework.NewFault(casework.NotFound, "unknown-examiner", fmt.Sprintf("There is no examiner %s.", id))
	}
	return &s.examiners[i], nil
}

func (s *staff) Examiner(_ context.Context, id string) (docket.Examiner, error) {
	found, err := s.person(id)
	if err != nil {
		return docket.Examiner{}, err
	}
	return *found, nil
}

// noted writes down who changed what, and answers with what the test wants to be said.
func (s *staff) noted(what, id string, actor casework.Actor, at time.Time) error {
	if _, err := s.person(id); err != nil {
		return err
	}
	if s.says != nil {
		return s.says
	}
	s.actors = append(s.actors, actor)
	s.changes = append(s.changes, docket.RosterChange{ID: int64(len(s.changes) + 1), At: at, Actor: actor, What: what, Facts: []docket.Fact{{Name: "of", Value: id}}})
	return nil
}

func (s *staff) ChangeExaminer(_ context.Context, id string, change docket.ExaminerChange, actor casework.Actor, at time.Time) (docket.Examiner, error) {
	found, err := s.person(id)
	if err != nil {
		return docket.Examiner{}, err
	}
	if found.Version != change.Version {
		return docket.Examiner{}, casework.NewFault(casework.Conflict, "examiner-changed", "Another version.")
	}
	s.change = change
	if err := s.noted("changed", id, actor, at); err != nil {
		return docket.Examiner{}, err
	}
	found.Version++
	if change.Capacity != nil {
		found.Capacity = *change.Capacity
	}
	return *found, nil
}

func (s *staff) AddAbsence(_ context.Context, id string, absence docket.Absence, actor casework.Actor, at time.Time) (docket.Absence, error) {
	if err := s.noted("absence-added", id, actor, at); err != nil {
		return docket.Absence{}, err
	}
	absence.ID = 12
	return absence, nil
}

func (s *staff) EndAbsence(_ context.Context, id string, _ int64, actor casework.Actor, at time.Time) error {
	return s.noted("absence-ended", id, actor, at)
}

func (s *staff) DeclareConflict(_ context.Context, id string, conflict docket.Conflict, actor casework.Actor, at time.Time) (docket.Conflict, error) {
	if err := s.noted("conflict-declared", id, actor, at); err != nil {
		return docket.Conflict{}, err
	}
	conflict.ID, conflict.StandsAgainst = 7, s.standsAgainst
	return conflict, nil
}

func (s *staff) TakeBackConflict(_ context.Context, id string, _ int64, actor casework.Actor, at time.Time) error {
	return s.noted("conflict-taken-back", id, actor, at)
}

func (s *staff) RosterChanges(_ context.Context, _ string, beforeID int64, limit int) ([]docket.RosterChange, error) {
	var found []docket.RosterChange
	for _, change := range slices.Backward(s.changes) {
		if beforeID == 0 || change.ID < beforeID {
			found = append(found, change)
		}
	}
	return found[:min(len(found), limit)], nil
}

func (s *staff) TakeClaim(_ context.Context, task casework.TaskID, performer, _ string, _, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.claimed++
	if holder, taken := s.claims[task]; taken && holder != performer {
		return casework.TaskTaken(task)
	}
	s.claims[task] = performer
	return nil
}

func (s *staff) TaskDone(_ context.Context, _ casework.Reference, updateID string) (casework.TaskDone, bool, error) {
	done, ok := s.done[updateID]
	return done, ok, nil
}

func (s *staff) TaskNotes(_ context.Context, task casework.TaskID) ([]docket.TaskNote, error) {
	return slices.DeleteFunc(slices.Clone(s.notes), func(n docket.TaskNote) bool { return n.Task != task }), nil
}

func (s *staff) AddTaskNote(_ context.Context, note docket.TaskNote, key, digest string) (docket.TaskNote, error) {
	if kept, used := s.noteKeys[key]; used {
		if kept != digest {
			return docket.TaskNote{}, casework.NewFault(casework.Invalid, casework.FaultKeyReused, "Used for another note.")
		}
		return s.notes[0], nil
	}
	s.noteKeys[key] = digest
	note.ID = int64(len(s.notes) + 1)
	s.notes = append(s.notes, note)
	return note, nil
}

func (s *staff) Ask(_ context.Context, task casework.TaskID, by, question string, at time.Time) (docket.Question, error) {
	asked := docket.Question{ID: int64(len(s.questions) + 1), Task: task, AskedBy: by, AskedAt: at, Question: question, Leader: "ex-1005"}
	s.questions = append(s.questions, asked)
	return asked, nil
}

func (s *staff) Answer(_ context.Context, id int64, by casework.Actor, answer string, at time.Time) (docket.Question, error) {
	i := slices.IndexFunc(s.questions, func(q docket.Question) bool { return q.ID == id })
	switch {
	case i < 0:
		return docket.Question{}, casework.NewFault(casework.NotFound, "unknown-question", "There is no such question.")
	case s.questions[i].Leader != by.Subject:
		return docket.Question{}, casework.NewFault(casework.Forbidden, "not-the-leader", "It went to somebody else.")
	}
	s.actors = append(s.actors, by)
	s.questions[i].AnsweredBy, s.questions[i].Answer, s.questions[i].AnsweredAt = by.Subject, answer, at
	return s.questions[i], nil
}

func (s *staff) Questions(_ context.Context, performer string, open bool) ([]docket.Question, error) {
	s.asked = performer
	return slices.DeleteFunc(slices.Clone(s.questions), func(q docket.Question) bool {
		return open && q.Answer != "" || performer != "" && q.AskedBy != performer && q.Leader != performer
	}), nil
}

func (s *staff) Monitoring(_ context.Context, lead string, open bool, afterID int64, limit int) ([]docket.Monitored, error) {
	s.asked = lead
	found := slices.DeleteFunc(slices.Clone(s.drawn), func(m docket.Monitored) bool { return m.ID <= afterID || open && m.Finding != "" })
	return found[:min(len(found), limit)], nil
}

func (s *staff) Find(_ context.Context, id int64, lead, finding, note string, at time.Time) (docket.Monitored, error) {
	i := slices.IndexFunc(s.drawn, func(m docket.Monitored) bool { return m.ID == id })
	if i < 0 {
		return docket.Monitored{}, casework.NewFault(casework.NotFound, "unknown-monitoring", "There is no such entry.")
	}
	s.drawn[i].Monitor, s.drawn[i].Finding, s.drawn[i].Note, s.drawn[i].FoundAt = lead, finding, note, at
	return s.drawn[i], nil
}

func (s *staff) WorkLog(_ context.Context, filter docket.WorkFilter) ([]docket.Work, error) {
	s.workAsked = filter
	found := slices.DeleteFunc(slices.Clone(s.work), func(w docket.Work) bool {
		return filter.Performer != "" && w.Performer != filter.Performer || w.Task <= filter.AfterTask
	})
	return found[:min(len(found), filter.Limit)], nil
}

// acted is what the dispatcher of operations on tasks was handed.
type acted struct {
	mu        sync.Mutex
	requests  []casework.TaskRequest
	updateIDs []string
	// act replaces the answer.
	act func(casework.TaskRequest) (casework.TaskDone, error)
}

var _ api.TaskActs = (*acted)(nil)

func (a *acted) Act(_ context.Context, reference casework.Reference, updateID string, request casework.TaskRequest) (casework.TaskDone, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.requests, a.updateIDs = append(a.requests, request), append(a.updateIDs, updateID)
	if a.act != nil {
		return a.act(request)
	}
	return casework.TaskDone{
		Reference: reference, Task: request.Task, State: casework.TaskReserved, Assignee: request.Actor.Subject, Stage: casework.StageAssigned,
		Times: casework.TaskTimes{StartBy: now.Add(24 * time.Hour), CompleteBy: now.Add(72 * time.Hour)},
	}, nil
}
