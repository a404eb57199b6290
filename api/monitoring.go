package api

import (
	"context"
	"strings"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// ListMonitoring lists the unchanged outcomes that were drawn for a leader to look at.
func (s *Server) ListMonitoring(ctx context.Context, in ListMonitoringRequestObject) (ListMonitoringResponseObject, error) {
	limit := orDefault(in.Params.Limit, defaultLimit)
	after, err := readIDCursor(monitoringList, in.Params.Cursor)
	if err != nil {
		return nil, err
	}
	drawn, err := s.team.Monitoring(ctx, ownOrAll(ctx), in.Params.Open, after, limit+1)
	if err != nil {
		return nil, err
	}
	drawn, more := cut(drawn, limit)
	page := MonitoringList{Items: make([]Monitored, len(drawn))}
	for i, entry := range drawn {
		page.Items[i] = monitoredView(entry)
	}
	if more {
		page.Next = writeIDCursor(monitoringList, drawn[len(drawn)-1].ID)
	}
	return ListMonitoring200JSONResponse(page), nil
}

// RecordFinding notes what a leader found when they looked.
func (s *Server) RecordFinding(ctx context.Context, in RecordFindingRequestObject) (RecordFindingResponseObject, error) {
	if in.Body.Finding == FindingContentFindingConcern && strings.TrimSpace(in.Body.Note) == "" {
		detail := "It does not say what the concern is."
		return nil, newProblem("missing-field", detail, casework.Reason{
			Code: "missing-field", Pointer: "/note", Detail: detail, Remedy: "Write a sentence that whoever decided can learn from.",
		})
	}
	received, _ := s.received(ctx)
	found, err := s.team.Find(ctx, in.Monitoring, personOf(ctx).Subject, string(in.Body.Finding), in.Body.Note, received)
	if err != nil {
		return nil, err
	}
	return RecordFinding200JSONResponse(monitoredView(found)), nil
}

func monitoredView(m docket.Monitored) Monitored {
	return Monitored{
		ID: m.ID, Task: string(m.Task), TaskHref: taskHref(m.Task), DrawnAt: m.DrawnAt, Performer: m.Performer, Service: Service(m.Service),
		Component: m.Component, Monitor: m.Monitor, FoundAt: m.FoundAt, Finding: MonitoredFinding(m.Finding), Note: m.Note,
	}
}
