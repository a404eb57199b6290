package api

import (
	"context"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// ListQualifications lists the qualifications of the register, each with the services that its rules know.
func (s *Server) ListQualifications(ctx context.Context, in ListQualificationsRequestObject) (ListQualificationsResponseObject, error) {
	filter := docket.QualificationFilter{Limit: orDefault(in.Params.Limit, defaultLimit) + 1}
	var at time.Time
	if err := readCursor(qualificationsList, in.Params.Cursor, &at, &filter.AfterID); err != nil {
		return nil, err
	}
	found, err := s.catalogue.Qualifications(ctx, filter)
	if err != nil {
		return nil, err
	}
	found, more := cut(found, filter.Limit-1)
	page := QualificationList{Items: make([]Qualification, len(found))}
	received, _ := s.received(ctx)
	for i, q := range found {
		page.Items[i] = qualificationView(q)
		page.Items[i].Services = s.knownServices(q.Rules, received)
	}
	if more {
		page.Next = writeCursor(qualificationsList, time.Time{}, found[len(found)-1].ID)
	}
	return publishJSON(page, in.Params.IfNoneMatch)
}

func qualificationView(q docket.Qualification) Qualification {
	view := Qualification{
		ID: q.ID, Title: q.Title, Body: q.Body, Level: q.Level, Family: QualificationFamily(q.Family), Unitised: q.Unitised, Rules: q.Rules,
		Components: make([]QualificationComponent, len(q.Components)),
	}
	for i, c := range q.Components {
		view.Components[i] = QualificationComponent{ID: c.ID, Title: c.Title, MaxMark: c.MaxMark, CentreMarked: c.CentreMarked, Objective: c.Objective}
	}
	return view
}

// knownServices lists the services of the rules that decide requests of today.
func (s *Server) knownServices(set string, received time.Time) []KnownService {
	services := []KnownService{}
	p, _ := s.rules.InForce(set, received)
	for _, rules := range p.Services {
		services = append(services, KnownService{
			Service: Service(rules.Service), Title: rules.Title, Here: slices.Contains(casework.EnquiryServices(), rules.Service),
		})
	}
	return services
}
