package api

import (
	"context"
	"slices"

	"github.com/recourse-exams/recourse/api/roadmap"
)

// GetRoadmap draws the way of a result through the services of a family's rules.
func (s *Server) GetRoadmap(ctx context.Context, in GetRoadmapRequestObject) (GetRoadmapResponseObject, error) {
	m, p, ok := s.rules.RoadMap(in.Family)
	if !ok {
		return nil, unknownName("unknown-family", "road map of a family", in.Family, s.families())
	}
	form := map[GetRoadmapParamsFormat]string{GetRoadmapParamsFormatSvg: svgForm, GetRoadmapParamsFormatText: textForm}[in.Params.Format]
	if form == "" {
		var err error
		if form, err = preferred(exchangeOf(ctx).accept, svgForm, textForm); err != nil {
			return nil, err
		}
	}
	if form == textForm {
		return publish(form, []byte(roadmap.Text(p, m)), in.Params.IfNoneMatch), nil
	}
	return publish(form, roadmap.SVG(p, m), in.Params.IfNoneMatch), nil
}

// families lists the families that have a road map, in alphabetical order.
func (s *Server) families() []string {
	var families []string
	for _, set := range s.rules.Sets() {
		for _, p := range s.rules.Versions(set) {
			for _, m := range p.RoadMaps {
				families = append(families, m.Family)
			}
		}
	}
	slices.Sort(families)
	return slices.Compact(families)
}
