package api

import (
	"context"

	"github.com/recourse-exams/recourse/casework/docket"
)

// GetOperations counts what operators look at first.
func (s *Server) GetOperations(ctx context.Context, _ GetOperationsRequestObject) (GetOperationsResponseObject, error) {
	at, _ := s.received(ctx)
	desk, err := s.overview.Desk(ctx, at)
	if err != nil {
		return nil, err
	}
	return GetOperations200JSONResponse(deskView(desk)), nil
}

func deskView(d docket.Desk) OperationsDesk {
	view := OperationsDesk{
		At: d.At, Open: d.Open, Breached: d.Breached, DueIn24H: d.DueIn24h, InPool: d.InPool, Held: d.Held, AtCentre: d.AtCentre,
		Questions: d.Questions, Monitoring: d.Monitoring, FindingCount: d.FindingCount, Findings: make([]Finding, len(d.Findings)),
		DeadWebhooks: d.DeadWebhooks, DoubtfulMails: d.DoubtfulMails, WatchedAt: d.WatchedAt,
	}
	for i, f := range d.Findings {
		view.Findings[i] = Finding{
			Reference: string(f.Reference), Href: caseHref(f.Reference), Kind: FindingKind(f.Kind), About: f.About, Detail: f.Detail, FoundAt: f.FoundAt,
		}
	}
	return view
}
