package store

import (
	"context"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/policy"
)

const qualificationsSQL = `
SELECT id, body, title, level, family, rules, unitised
FROM qualifications
WHERE id > $1
ORDER BY id
LIMIT $2`

const componentsOfSQL = `
SELECT id, qualification, title, max_mark, assessment = 'moderated' AS centre_marked, objective
FROM components
WHERE qualification = ANY ($1)
ORDER BY id`

type qualificationRow struct {
	ID       string
	Body     string
	Title    string
	Level    int
	Family   casework.Family
	Rules    string
	Unitised bool
}

type componentRow struct {
	ID            string
	Qualification string
	Title         string
	MaxMark       int
	CentreMarked  bool
	Objective     bool
}

// Qualifications lists a page of the register's qualifications with their components, both in the order of their ids.
func (s *Store) Qualifications(ctx context.Context, filter docket.QualificationFilter) ([]docket.Qualification, error) {
	rows, err := collect[qualificationRow](ctx, s.pool, qualificationsSQL, filter.AfterID, pageSize(filter.Limit))
	if err != nil {
		return nil, fmt.Errorf("list the qualifications: %w", unavailable(err))
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	components, err := collect[componentRow](ctx, s.pool, componentsOfSQL, ids)
	if err != nil {
		return nil, fmt.Errorf("list the components: %w", unavailable(err))
	}
	listed := make([]docket.Qualification, len(rows))
	for i, row := range rows {
		listed[i] = docket.Qualification{
			ID: row.ID, Body: row.Body, Title: row.Title, Level: row.Level, Family: row.Family, Rules: row.Rules, Unitised: row.Unitised,
		}
		for _, c := range components {
			if c.Qualification == row.ID {
				listed[i].Components = append(listed[i].Components, docket.Component{
					ID: c.ID, Title: c.Title, MaxMark: c.MaxMark, CentreMarked: c.CentreMarked, Objective: c.Objective,
				})
			}
		}
	}
	return listed, nil
}

// A series has no rules of its own: those of its body's qualifications say until when its services may be asked for.
const seriesSQL = `
SELECT s.id, s.body, s.title, s.month, s.centre_release, s.candidate_release, s.a_level_release, s.gcse_release,
       array(SELECT DISTINCT q.rules FROM qualifications q WHERE q.body = s.body ORDER BY q.rules) AS rules
FROM series s
ORDER BY s.candidate_release, s.id`

const keyDatesSQL = `SELECT series, service, priority, last_day FROM key_dates ORDER BY series, service, priority`

type seriesRow struct {
	ID               string
	Body             string
	Title            string
	Month            int
	CentreRelease    time.Time
	CandidateRelease time.Time
	ALevelRelease    *time.Time `db:"a_level_release"`
	GCSERelease      *time.Time `db:"gcse_release"`
	Rules            []string
}

type keyDateRow struct {
	Series   string
	Service  casework.Service
	Priority bool
	LastDay  time.Time
}

// Series lists the register's series with their key dates, in the order of their results. The rows of the register
// have no source of their own.
func (s *Store) Series(ctx context.Context) ([]docket.Series, error) {
	rows, err := collect[seriesRow](ctx, s.pool, seriesSQL)
	if err != nil {
		return nil, fmt.Errorf("list the series: %w", unavailable(err))
	}
	dates, err := collect[keyDateRow](ctx, s.pool, keyDatesSQL)
	if err != nil {
		return nil, fmt.Errorf("list the key dates: %w", unavailable(err))
	}
	listed := make([]docket.Series, len(rows))
	for i, row := range rows {
		listed[i] = docket.Series{Body: row.Body, Rules: row.Rules, Month: row.Month, Series: policy.Series{
			ID: row.ID, Title: row.Title, CentreRelease: row.CentreRelease.UTC(), CandidateRelease: row.CandidateRelease.UTC(),
			ALevelRelease: dateFrom(row.ALevelRelease), GCSERelease: dateFrom(row.GCSERelease),
		}}
		for _, d := range dates {
			if d.Series == row.ID {
				listed[i].KeyDates = append(listed[i].KeyDates, policy.KeyDate{Service: d.Service, Priority: d.Priority, Date: dateFrom(&d.LastDay)})
			}
		}
	}
	return listed, nil
}
