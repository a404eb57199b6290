package api

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

// ListExaminers lists those who perform tasks, in the order of their ids.
func (s *Server) ListExaminers(ctx context.Context, in ListExaminersRequestObject) (ListExaminersResponseObject, error) {
	limit := orDefault(in.Params.Limit, defaultLimit)
	filter := docket.ExaminerFilter{
		Role: casework.PerformerRole(in.Params.Role), Rank: casework.Rank(in.Params.Rank), Component: in.Params.Component,
		Leader: in.Params.Leader, AbsentOn: in.Params.AbsentOn.Date, Limit: limit + 1,
	}
	if err := readCursor(examinersList, in.Params.Cursor, new(time.Time), &filter.AfterID); err != nil {
		return nil, err
	}
	found, err := s.roster.Examiners(ctx, filter)
	if err != nil {
		return nil, err
	}
	found, more := cut(found, limit)
	today := s.today(ctx)
	page := ExaminerList{Items: make([]Examiner, len(found))}
	for i, examiner := range found {
		page.Items[i] = examinerView(examiner, true, today)
	}
	if more {
		page.Next = writeCursor(examinersList, time.Time{}, found[len(found)-1].ID)
	}
	return ListExaminers200JSONResponse(page), nil
}

// GetExaminer shows one examiner: everybody to the awarding body, to a performer themselves.
func (s *Server) GetExaminer(ctx context.Context, in GetExaminerRequestObject) (GetExaminerResponseObject, error) {
	person := personOf(ctx)
	keeper := person.Holds(bodyReaders()...)
	if !keeper && in.Examiner != person.Subject {
		return nil, noExaminer(in.Examiner)
	}
	found, err := s.examiner(s.roster.Examiner(ctx, in.Examiner))
	if err != nil {
		return nil, err
	}
	return GetExaminer200JSONResponse{Body: examinerView(found, keeper, s.today(ctx)), Headers: GetExaminer200ResponseHeaders{ETag: etag(found.Version)}}, nil
}

// ChangeExaminer replaces what is sent if the examiner still is as the person read them.
func (s *Server) ChangeExaminer(ctx context.Context, in ChangeExaminerRequestObject) (ChangeExaminerResponseObject, error) {
	version, err := examinerVersion(in.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	change, err := examinerChange(*in.Body)
	if err != nil {
		return nil, err
	}
	change.Version = version
	by := keeper(ctx)
	by.Reason = in.Body.Reason
	received, _ := s.received(ctx)
	found, err := s.examiner(s.roster.ChangeExaminer(ctx, in.Examiner, change, by, received))
	if err != nil {
		return nil, err
	}
	return ChangeExaminer200JSONResponse{Body: examinerView(found, true, calendar.DateOf(received)), Headers: ChangeExaminer200ResponseHeaders{ETag: etag(found.Version)}}, nil
}

// examiner shows what the register says of one person, a change that came too late with the status of its own.
func (*Server) examiner(found docket.Examiner, err error) (docket.Examiner, error) {
	var fault *casework.Fault
	if errors.As(err, &fault) && fault.Code == "examiner-changed" {
		p := newProblem("examiner-changed", "Somebody changed the examiner since you read them.")
		p.cause = err
		return docket.Examiner{}, p
	}
	return found, err
}

// keeper is the person of the request acting on the register of examiners.
func keeper(ctx context.Context) casework.Actor {
	person := personOf(ctx)
	return actor(person, bodyRole(person))
}

func noExaminer(id string) *problem {
	detail := fmt.Sprintf("There is no examiner %s that you may see.", id)
	return newProblem("not-found", detail, casework.Reason{Code: "not-found", Detail: detail, Remedy: "Check the id. A performer sees themselves only."})
}

// examinerVersion is the version that a change was made from.
func examinerVersion(header string) (int64, error) {
	if header == "" {
		return 0, newProblem("version-required", "Send If-Match with the ETag of the examiner as you know them.")
	}
	version, err := strconv.ParseInt(strings.Trim(header, `"`), 10, 64)
	if err != nil || version < 1 {
		return 0, newProblem("examiner-changed", fmt.Sprintf("If-Match names %s, which is no version of this examiner.", header))
	}
	return version, nil
}

// examinerChange is what the body replaces; every day that is none is said at once.
func examinerChange(body ExaminerChange) (docket.ExaminerChange, error) {
	change := docket.ExaminerChange{
		Leader: body.Leader, Components: body.Components, Subjects: body.Subjects, Capacity: body.Capacity, Active: body.Active,
		Roles: texts[casework.PerformerRole](body.Roles), Tiers: texts[string](body.Tiers),
	}
	if body.Rank != nil {
		change.Rank = new(casework.Rank(*body.Rank))
	}
	var reasons []casework.Reason
	for _, day := range []struct {
		given   *string
		into    **calendar.Date
		pointer string
	}{
		{body.ContractFrom, &change.ContractFrom, "/contractFrom"},
		{body.ContractUntil, &change.ContractUntil, "/contractUntil"},
		{body.TrainedUntil, &change.TrainedUntil, "/trainedUntil"},
	} {
		if day.given == nil {
			continue
		}
		*day.into = new(calendar.Date)
		if *day.given == "" {
			continue
		}
		parsed, err := calendar.ParseDate(*day.given)
		if err != nil {
			reasons = append(reasons, casework.Reason{
				Code: "value-not-allowed", Pointer: day.pointer, Remedy: "Write the day like 2026-09-24.",
				Detail: fmt.Sprintf("%q, the value of %s, is not a date.", *day.given, named(day.pointer)),
			})
		}
		**day.into = parsed
	}
	if len(reasons) > 0 {
		return docket.ExaminerChange{}, misshapen(reasons)
	}
	if change == (docket.ExaminerChange{}) {
		detail := "The body names nothing that would change."
		return docket.ExaminerChange{}, newProblem("missing-field", detail, casework.Reason{Code: "missing-field", Detail: detail, Remedy: "Send at least one of the fields of an examiner."})
	}
	return change, nil
}

// texts gives the texts of a list another type; nil stays nil.
func texts[T, F ~string](given *[]F) *[]T {
	if given == nil {
		return nil
	}
	list := make([]T, len(*given))
	for i, text := range *given {
		list[i] = T(text)
	}
	return &list
}

// examinerView shows an examiner. Unless the reader keeps the register, an interest of kind other has neither centre
// nor candidate: it may have been noted when a task was declined, and would tell whose task it was (domain §8.3,
// reading 9). So would the tasks that an interest stands against.
func examinerView(e docket.Examiner, keeper bool, today calendar.Date) Examiner {
	view := Examiner{
		ID: e.ID, Href: examinerHref(e.ID), Body: e.Body, Name: e.Name, Email: e.Email, Rank: string(e.Rank), Leader: e.Leader,
		Components: listed(e.Components), Subjects: listed(e.Subjects), Capacity: e.Capacity, ContractFrom: e.ContractFrom,
		ContractUntil: e.ContractUntil, TrainedUntil: e.TrainedUntil, Active: e.Active, Version: e.Version, OpenTasks: e.OpenTasks,
		WeekTasks: e.TasksInWeekOf(today), Roles: *texts[PerformerRole](&e.Roles), Tiers: *texts[ExaminerTiers](&e.Tiers),
		Absences: make([]Absence, len(e.Absences)), Conflicts: make([]ExaminerConflict, len(e.Conflicts)),
	}
	for i, absence := range e.Absences {
		view.Absences[i] = absenceView(absence)
	}
	for i, conflict := range e.Conflicts {
		view.Conflicts[i] = conflictView(conflict)
		if keeper {
			continue
		}
		view.Conflicts[i].StandsAgainst = nil
		if conflict.Kind == string(ExaminerConflictKindOther) {
			view.Conflicts[i].Centre, view.Conflicts[i].Candidate = "", ""
		}
	}
	return view
}

// today is the London day of the request, by the one clock.
func (s *Server) today(ctx context.Context) calendar.Date {
	received, _ := s.received(ctx)
	return calendar.DateOf(received)
}

func examinerHref(id string) string { return "/v1/examiners/" + id }
