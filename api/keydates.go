package api

import (
	"context"
	"errors"
	"slices"

	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/keydate"
	"github.com/recourse-exams/recourse/casework/policy"
)

// ListKeyDates lists until when each service may be asked for, in the series of the register and of the rules.
func (s *Server) ListKeyDates(ctx context.Context, in ListKeyDatesRequestObject) (ListKeyDatesResponseObject, error) {
	versions, err := s.published(in.Params.Rules)
	if err != nil {
		return nil, err
	}
	registered, err := s.catalogue.Series(ctx)
	if err != nil {
		return nil, err
	}
	var list dateList
	for _, series := range registered {
		for _, set := range series.Rules {
			if p, ok := s.rules.InForce(set, series.CandidateRelease); ok && (in.Params.Rules == "" || set == in.Params.Rules) {
				list.add(p, series.Series, true)
			}
		}
	}
	for _, p := range versions {
		for _, series := range p.Series {
			list.add(p, series, false)
		}
	}
	return list.answer(in.Params, registered)
}

// dateList gathers key dates.
type dateList struct {
	dates  []KeyDate
	series []string
	err    error
}

// add takes the dates of one series by one version of the rules.
func (l *dateList) add(p policy.Policy, series policy.Series, registered bool) {
	l.series = append(l.series, series.ID)
	dates, err := keydate.Of(p, series)
	if err != nil {
		l.err = errors.Join(l.err, err)
	}
	for _, d := range dates {
		view := KeyDate{
			Series: series.ID, SeriesTitle: series.Title, Registered: registered, Rules: p.Set, Policy: p.Version, Body: p.BodyName,
			Fictional: p.Fictional, Service: Service(d.Service), Title: d.Title, Priority: d.Priority, Opens: d.Opens, LastDay: d.LastDay,
			Closes: lastSecond(d.Closes), How: KeyDateHow(d.How), Formula: d.Formula,
			Clause: d.Clause, Source: d.Source, Confirmed: d.Confirmed,
		}
		l.dates = append(l.dates, view)
	}
}

func (l *dateList) answer(params ListKeyDatesParams, registered []docket.Series) (publication, error) {
	if l.err != nil {
		return publication{}, l.err
	}
	for _, series := range registered {
		l.series = append(l.series, series.ID)
	}
	if params.Series != "" && !slices.Contains(l.series, params.Series) {
		slices.Sort(l.series)
		return publication{}, unknownName("unknown-series", "series", params.Series, slices.Compact(l.series))
	}
	shown := slices.DeleteFunc(l.dates, func(d KeyDate) bool { return params.Series != "" && d.Series != params.Series })
	slices.SortStableFunc(shown, soonest)
	return publishJSON(KeyDateList{Items: append([]KeyDate{}, shown...)}, params.IfNoneMatch)
}

// soonest puts the earliest last day first and those without one last.
func soonest(a, b KeyDate) int {
	if a.Closes.IsZero() != b.Closes.IsZero() {
		if a.Closes.IsZero() {
			return 1
		}
		return -1
	}
	return a.Closes.Compare(b.Closes)
}
