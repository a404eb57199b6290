package rulebook

import (
	"regexp"
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

// seriesShape is how a series is named: the year and the month of its examinations.
var seriesShape = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])$`)

func (f *file) readSeries(t *table) []policy.Series {
	var list []policy.Series
	for _, row := range t.tables("series", "a series") {
		s := series(row)
		if s.ID != "" && slices.ContainsFunc(list, func(other policy.Series) bool { return other.ID == s.ID }) {
			f.fault(row.place("id"), "series %s is listed twice; leave one", s.ID)
		}
		list = append(list, s)
		f.series = append(f.series, row.at)
	}
	return list
}

func series(t *table) policy.Series {
	s := policy.Series{
		ID: t.text("id"), Title: t.text("title"),
		CentreRelease: t.instantIf("centreRelease"), CandidateRelease: t.instantIf("candidateRelease"),
		ALevelRelease: t.dayIf("aLevelRelease"), GCSERelease: t.dayIf("gcseRelease"),
		Provenance: t.provenance(),
	}
	if s.ID != "" && !seriesShape.MatchString(s.ID) {
		t.file.fault(t.place("id"), "a series is named by the month of its examinations, like 2026-06; %q is not", s.ID)
	}
	if opens := firstDay(s); seriesShape.MatchString(s.ID) && !opens.IsZero() && opens.String() < s.ID {
		t.file.fault(t.place("id"), "the results of series %s cannot come out on %s, before its examinations; write the right year", s.ID, opens)
	}
	if !s.CandidateRelease.IsZero() {
		if s.CandidateRelease.Before(s.CentreRelease) {
			t.file.fault(t.place("centreRelease"), "centres would see the results after their candidates; write the embargoed release, which is earlier")
		}
		released := calendar.DateOf(s.CandidateRelease)
		for key, day := range map[string]calendar.Date{"aLevelRelease": s.ALevelRelease, "gcseRelease": s.GCSERelease} {
			if !day.IsZero() && day.Before(released) {
				t.file.fault(t.place(key), "%s %s lies before the first candidates have results, on %s", key, day, released)
			}
		}
	}
	for _, row := range t.tables("keyDates", "a key date") {
		date := keyDate(row, s)
		if slices.ContainsFunc(s.KeyDates, func(other policy.KeyDate) bool {
			return other.Service == date.Service && other.Priority == date.Priority
		}) && date.Service != "" {
			row.file.fault(row.place("service"), "series %s has two key dates for %s; leave one", s.ID, date.Service)
		}
		s.KeyDates = append(s.KeyDates, date)
	}
	t.end()
	return s
}

func keyDate(t *table, s policy.Series) policy.KeyDate {
	date := policy.KeyDate{Service: choice(t, "service", casework.Services()), Priority: t.yesIf("priority"), Date: t.day("date"), Provenance: t.provenance()}
	t.end()
	t.file.mustHave(date.Service, t.place("service"))
	if opens := firstDay(s); date.Date.Before(opens) && !date.Date.IsZero() {
		t.file.fault(t.place("date"), "the window would close on %s, before it opens on %s; give a later date", date.Date, opens)
	}
	t.file.once(func(p policy.Policy) {
		service, ok := p.Service(date.Service)
		if ok && date.Priority && service.Priority == nil {
			t.file.fault(t.place("priority"), "%s has no window with priority; leave priority out, or write its rule", date.Service)
		}
		if anchor := service.Window.Anchor; anchor == policy.AnchorOutcome || anchor == policy.AnchorModeration {
			t.file.fault(t.place("service"), "the window of %s counts from %s of each case, so a series has no last day of it; leave the key date out", date.Service, anchor.Words())
		}
	})
	return date
}

// firstDay is the London date on which the first candidates have results of a series; zero if it is not published.
func firstDay(s policy.Series) calendar.Date {
	switch {
	case !s.CandidateRelease.IsZero():
		return calendar.DateOf(s.CandidateRelease)
	case !s.ALevelRelease.IsZero():
		return s.ALevelRelease
	default:
		return s.GCSERelease
	}
}
