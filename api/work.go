package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strconv"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

// tablePage is how many entries of the log are read at a time for a month's table.
const tablePage = 200

// ListWork lists the completed tasks of a month: everybody's for who pays for them, a performer's own.
func (s *Server) ListWork(ctx context.Context, in ListWorkRequestObject) (ListWorkResponseObject, error) {
	filter, err := workFilter(ctx, in.Params)
	if err != nil {
		return nil, err
	}
	if in.Params.Format == ListWorkParamsFormatCsv {
		return s.workTable(ctx, filter)
	}
	limit := orDefault(in.Params.Limit, defaultLimit)
	filter.Limit = limit + 1
	if err := readCursor(workList, in.Params.Cursor, &filter.AfterCompleted, &filter.AfterTask); err != nil {
		return nil, err
	}
	work, err := s.team.WorkLog(ctx, filter)
	if err != nil {
		return nil, err
	}
	work, more := cut(work, limit)
	page := WorkList{Items: make([]Work, len(work))}
	for i, entry := range work {
		page.Items[i] = workView(entry)
	}
	if more {
		last := work[len(work)-1]
		page.Next = writeCursor(workList, last.CompletedAt, string(last.Task))
	}
	return ListWork200JSONResponse(page), nil
}

// workFilter is the month that is asked for, narrowed to whom the person may read about.
func workFilter(ctx context.Context, params ListWorkParams) (docket.WorkFilter, error) {
	// The contract's pattern lets nothing through that is no month.
	month, err := time.Parse("2006-01", params.Month)
	if err != nil {
		return docket.WorkFilter{}, fmt.Errorf("read the month %q: %w", params.Month, err)
	}
	filter := docket.WorkFilter{Performer: params.Performer, Month: calendar.Date{Year: month.Year(), Month: month.Month(), Day: 1}}
	person := personOf(ctx)
	if person.Holds(moneyReaders()...) {
		return filter, nil
	}
	if filter.Performer != "" && filter.Performer != person.Subject {
		detail := "You may read your own work and nobody else's."
		return docket.WorkFilter{}, newProblem("role-missing", detail, casework.Reason{
			Code: "role-missing", Pointer: "performer", Detail: detail, Remedy: "Leave the parameter out.",
		})
	}
	filter.Performer = person.Subject
	return filter, nil
}

// workTable is the whole month as a table, with instants in UTC.
func (s *Server) workTable(ctx context.Context, filter docket.WorkFilter) (ListWorkResponseObject, error) {
	var table bytes.Buffer
	writer := csv.NewWriter(&table)
	rows := [][]string{{"task", "performer", "kind", "service", "component", "reservedAt", "startedAt", "completedAt", "items", "changed"}}
	filter.Limit = tablePage
	for {
		page, err := s.team.WorkLog(ctx, filter)
		if err != nil {
			return nil, err
		}
		for _, entry := range page {
			rows = append(rows, workRow(entry))
		}
		if len(page) < tablePage {
			break
		}
		last := page[len(page)-1]
		filter.AfterCompleted, filter.AfterTask = last.CompletedAt, last.Task
	}
	if err := writer.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write the table of work: %w", err)
	}
	return ListWork200TextCsvResponse{Body: &table, ContentLength: int64(table.Len())}, nil
}

func workRow(w docket.Work) []string {
	started := ""
	if !w.StartedAt.IsZero() {
		started = w.StartedAt.UTC().Format(time.RFC3339)
	}
	return []string{
		string(w.Task), w.Performer, string(w.Kind), string(w.Service), w.Component, w.ReservedAt.UTC().Format(time.RFC3339), started,
		w.CompletedAt.UTC().Format(time.RFC3339), strconv.Itoa(w.Items), strconv.Itoa(w.Changed),
	}
}

func workView(w docket.Work) Work {
	return Work{
		Task: string(w.Task), Performer: w.Performer, Kind: TaskKind(w.Kind), Service: Service(w.Service), Component: w.Component,
		ReservedAt: w.ReservedAt, StartedAt: w.StartedAt, CompletedAt: w.CompletedAt, Items: w.Items, Changed: w.Changed,
	}
}
