package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/offer"
)

// paper names one result: a candidate's work in one component of one series.
type paper struct {
	centre, candidate, series, component string
}

func paperOf(r casework.EnquiryRequest) paper {
	return paper{centre: r.CentreNumber, candidate: r.CandidateNumber, series: r.Series, component: r.Component}
}

// factRow is what the register knows about a paper; ids are zero if there is no such row.
type factRow struct {
	KnownCandidate   bool
	Result           zeronull.Int8
	Award            zeronull.Int8
	Qualification    zeronull.Text
	Level            zeronull.Int4
	Family           zeronull.Text
	Unitised         bool
	Objective        bool
	NoScript         bool
	Body             zeronull.Text
	CandidateRelease zeronull.Timestamptz
	GCSERelease      *time.Time `db:"gcse_release"`
	ruledRow
}

// ruledRow is what the conditions of a set of rules ask about beyond the result itself.
type ruledRow struct {
	Rules          zeronull.Text
	Nation         zeronull.Text
	SeriesMonth    zeronull.Int4
	ALevelRelease  *time.Time `db:"a_level_release"`
	CentreMarked   bool
	MarksChanged   bool
	SampleHeld     bool
	Cohort         int
	Indicator      string
	AwardIndicator string
}

// into writes the row where the rules look for it.
func (r ruledRow) into(f *offer.Facts) {
	f.Rules, f.Nation = string(r.Rules), string(r.Nation)
	f.SeriesMonth, f.ALevelRelease = int(r.SeriesMonth), dateFrom(r.ALevelRelease)
	f.CentreMarked, f.MarksChanged, f.SampleHeld, f.Cohort = r.CentreMarked, r.MarksChanged, r.SampleHeld, r.Cohort
	f.Indicator, f.AwardIndicator = r.Indicator, r.AwardIndicator
}

// Every part may be missing, so the question itself is the only row that is there for certain. A cohort is counted
// where it matters: among moderated work, and without those who gave none in.
const factsSQL = `
SELECT n.centre IS NOT NULL AS known_candidate, r.id AS result, a.id AS award, q.id AS qualification, q.level, q.family,
       coalesce(q.unitised, false) AS unitised, coalesce(c.objective, false) AS objective,
       r.id IS NOT NULL AND NOT EXISTS (SELECT FROM scripts WHERE scripts.result = r.id) AS no_script,
       coalesce(q.body, s.body) AS body, s.candidate_release, s.gcse_release,
       q.rules, t.nation, s.month AS series_month, s.a_level_release, coalesce(c.assessment = 'moderated', false) AS centre_marked,
       coalesce(m.changed, false) AS marks_changed, coalesce(m.sample = 'held', false) AS sample_held,
       coalesce(r.indicator, '') AS indicator, coalesce(a.indicator, '') AS award_indicator,
       CASE WHEN c.assessment = 'moderated' THEN
           (SELECT count(*) FROM component_results AS of
            WHERE of.centre = ask.centre AND of.series = ask.series AND of.component = ask.component AND of.indicator <> 'X')
       ELSE 0 END AS cohort
FROM (VALUES ($1::text, $2::text, $3::text, $4::text)) AS ask (centre, candidate, series, component)
LEFT JOIN candidates n ON n.centre = ask.centre AND n.number = ask.candidate
LEFT JOIN series s ON s.id = ask.series
LEFT JOIN components c ON c.id = ask.component
LEFT JOIN qualifications q ON q.id = c.qualification
LEFT JOIN component_results r ON r.centre = ask.centre AND r.candidate = ask.candidate AND r.series = ask.series AND r.component = ask.component
LEFT JOIN awards a ON a.centre = ask.centre AND a.candidate = ask.candidate AND a.series = ask.series AND a.qualification = q.id
LEFT JOIN centres t ON t.number = ask.centre
LEFT JOIN moderations m ON m.centre = ask.centre AND m.component = ask.component AND m.series = ask.series`

const lastDaysSQL = `SELECT service, priority, last_day FROM key_dates WHERE series = $1 ORDER BY service, priority`

const earlierSQL = `
SELECT c.reference, c.service, c.stage, d.published_at AS outcome_at
FROM cases c
LEFT JOIN decisions d ON d.reference = c.reference
WHERE c.result = (SELECT id FROM component_results WHERE centre = $1 AND candidate = $2 AND series = $3 AND component = $4)
  AND c.stage NOT IN ('refused', 'cancelled', 'withdrawn')
ORDER BY c.received_at, c.reference`

// earlierRow is one request before; without an outcome it has no instant.
type earlierRow struct {
	Reference casework.Reference
	Service   casework.Service
	Stage     casework.Stage
	OutcomeAt zeronull.Timestamptz
}

func earlierFrom(rows []earlierRow) []offer.Earlier {
	var all []offer.Earlier
	for _, r := range rows {
		all = append(all, offer.Earlier{Reference: r.Reference, Service: r.Service, Stage: r.Stage, OutcomeAt: timeOf(r.OutcomeAt)})
	}
	return all
}

// Facts reads what decides whether a service may be asked for a result. A result counts as known once its
// award is known too, because a review ends in a grade.
func (s *Store) Facts(ctx context.Context, centre, candidate, series, component string) (offer.Facts, error) {
	var read func() (offer.Facts, factRow, error)
	err := inSnapshot(ctx, s, func(_ context.Context, u *unit) error {
		read = askFacts(u, paper{centre: centre, candidate: candidate, series: series, component: component})
		return nil
	})
	if err != nil {
		return offer.Facts{}, fmt.Errorf("read the facts about component %s: %w", component, err)
	}
	facts, _, err := read()
	return facts, err
}

// askFacts queues what decides whether a service may be asked for a paper.
func askFacts(u *unit, p paper) func() (offer.Facts, factRow, error) {
	type keyDate struct {
		Service  casework.Service
		Priority bool
		LastDay  time.Time
	}
	rows := each[factRow](u, "read the result", factsSQL, p.centre, p.candidate, p.series, p.component)
	days := each[keyDate](u, "read the key dates", lastDaysSQL, p.series)
	earlier := each[earlierRow](u, "read earlier requests", earlierSQL, p.centre, p.candidate, p.series, p.component)
	return func() (offer.Facts, factRow, error) {
		if len(*rows) != 1 {
			return offer.Facts{}, factRow{}, fmt.Errorf("the register holds the paper %v %d times", p, len(*rows))
		}
		row := (*rows)[0]
		facts := offer.Facts{
			CentreNumber: p.centre, CandidateNumber: p.candidate, Series: p.series, Component: p.component,
			KnownCandidate: row.KnownCandidate, KnownResult: row.Result != 0 && row.Award != 0,
			Level: int(row.Level), Family: casework.Family(row.Family), Unitised: row.Unitised, Objective: row.Objective, NoScript: row.NoScript,
			Body: string(row.Body), CandidateRelease: timeOf(row.CandidateRelease), GCSERelease: dateFrom(row.GCSERelease),
		}
		facts.Qualification = string(row.Qualification)
		row.into(&facts)
		for _, day := range *days {
			facts.LastDays = append(facts.LastDays, offer.LastDay{Service: day.Service, Priority: day.Priority, Date: dateFrom(&day.LastDay)})
		}
		if facts.KnownResult {
			facts.Earlier = earlierFrom(*earlier)
		}
		return facts, row, nil
	}
}

// dateFrom reads a date column, which arrives as the day's midnight in UTC; null is the zero Date.
func dateFrom(t *time.Time) calendar.Date {
	if t == nil {
		return calendar.Date{}
	}
	year, month, day := t.Date()
	return calendar.Date{Year: year, Month: month, Day: day}
}

// dateTo writes a date column; the zero Date is null.
func dateTo(d calendar.Date) *time.Time {
	if d.IsZero() {
		return nil
	}
	t := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	return &t
}
