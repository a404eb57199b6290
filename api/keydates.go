package api

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
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
	return list.answer(ctx, in.Params, registered)
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

func (l *dateList) answer(ctx context.Context, params ListKeyDatesParams, registered []docket.Series) (publication, error) {
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
	return publishPage(ctx, KeyDateList{Items: append([]KeyDate{}, shown...)}, "key-dates.html", params.IfNoneMatch)
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

// seriesDates are the key dates of one series by one version of the rules, as the page shows them.
type seriesDates struct {
	KeyDate

	Dates []KeyDate
}

// ID is the place of the series on the page.
func (d seriesDates) ID() string {
	if d.Registered {
		return "here-" + d.Policy + "-" + d.Series
	}
	return d.Policy + "-" + d.Series
}

// calendars sorts key dates for people: the register's series first, then by body, the latest series first; within
// one in the order given.
func calendars(dates []KeyDate) []seriesDates {
	var found []seriesDates
	for _, d := range dates {
		i := slices.IndexFunc(found, func(s seriesDates) bool {
			return s.Policy == d.Policy && s.Series == d.Series && s.Registered == d.Registered
		})
		if i < 0 {
			i, found = len(found), append(found, seriesDates{KeyDate: d})
		}
		found[i].Dates = append(found[i].Dates, d)
	}
	slices.SortStableFunc(found, func(a, b seriesDates) int {
		if a.Registered != b.Registered {
			if a.Registered {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Rules, b.Rules), cmp.Compare(b.Series, a.Series))
	})
	return found
}

// cutoff is the London time before which a request must arrive on the last day, empty for a whole day.
func cutoff(d KeyDate) string {
	end := d.Closes.Add(time.Second)
	if d.Closes.IsZero() || end.Equal(d.LastDay.End()) {
		return ""
	}
	return end.In(calendar.London()).Format("15:04")
}
