package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/register"
)

// markKeeping finds the staged series on which a case rests; a refused request rests on nothing.
const markKeeping = `
UPDATE in_series AS new SET keeps = true
WHERE EXISTS (SELECT FROM cases AS c WHERE c.series = new.id AND c.stage <> 'refused')`

const selectReleases = `
SELECT old.id, old.centre_release, old.candidate_release, old.gcse_release, old.a_level_release,
       new.centre_release AS given_centre_release, new.candidate_release AS given_candidate_release,
       new.gcse_release AS given_gcse_release, new.a_level_release AS given_a_level_release
FROM series AS old JOIN in_series AS new ON new.id = old.id
WHERE new.keeps
ORDER BY old.id`

const selectLastDays = `
SELECT series, service, priority, old.last_day, new.last_day AS given
FROM (SELECT series, service, priority, last_day FROM key_dates WHERE series IN (SELECT id FROM in_series WHERE keeps)) AS old
FULL JOIN (SELECT series, service, priority, last_day FROM in_key_dates WHERE series IN (SELECT id FROM in_series WHERE keeps)) AS new
    USING (series, service, priority)
WHERE old.last_day IS DISTINCT FROM new.last_day
ORDER BY series, service, priority`

// restoreDates puts the stored dates in place of the staged ones, so that merging them changes nothing.
var restoreDates = []merge{
	{"the dates of series that keep them", `
UPDATE in_series AS new SET centre_release = old.centre_release, candidate_release = old.candidate_release,
    gcse_release = old.gcse_release, a_level_release = old.a_level_release
FROM series AS old WHERE old.id = new.id AND new.keeps`},
	{"no key dates of series that keep theirs", `
DELETE FROM in_key_dates WHERE series IN (SELECT id FROM in_series WHERE keeps)`},
	{"the key dates of series that keep them", `
INSERT INTO in_key_dates (series, service, priority, last_day)
SELECT series, service, priority, last_day FROM key_dates WHERE series IN (SELECT id FROM in_series WHERE keeps)`},
}

// keepDates makes the staged dates of every series on which a case rests equal to the stored ones, and returns those
// that differed: by series, its releases before its key dates.
func keepDates(ctx context.Context, tx pgx.Tx) ([]register.KeptDate, error) {
	if _, err := tx.Exec(ctx, markKeeping); err != nil {
		return nil, fmt.Errorf("look for cases in the series: %w", err)
	}
	releases, err := differentReleases(ctx, tx)
	if err != nil {
		return nil, fmt.Errorf("compare releases: %w", err)
	}
	lastDays, err := differentLastDays(ctx, tx)
	if err != nil {
		return nil, fmt.Errorf("compare key dates: %w", err)
	}
	kept := append(releases, lastDays...)
	slices.SortStableFunc(kept, func(a, b register.KeptDate) int { return strings.Compare(a.Series, b.Series) })
	_, err = execute(ctx, tx, restoreDates)
	return kept, err
}

func differentReleases(ctx context.Context, tx pgx.Tx) ([]register.KeptDate, error) {
	type releases struct {
		ID                    string
		CentreRelease         time.Time
		CandidateRelease      time.Time
		GCSERelease           *time.Time `db:"gcse_release"`
		ALevelRelease         *time.Time `db:"a_level_release"`
		GivenCentreRelease    time.Time
		GivenCandidateRelease time.Time
		GivenGCSERelease      *time.Time `db:"given_gcse_release"`
		GivenALevelRelease    *time.Time `db:"given_a_level_release"`
	}
	rows, err := collect[releases](ctx, tx, selectReleases)
	if err != nil {
		return nil, err
	}
	var kept []register.KeptDate
	for _, r := range rows {
		for _, date := range []register.KeptDate{
			{Series: r.ID, What: "centreRelease", Stored: calendar.DateOf(r.CentreRelease), Given: calendar.DateOf(r.GivenCentreRelease)},
			{Series: r.ID, What: "candidateRelease", Stored: calendar.DateOf(r.CandidateRelease), Given: calendar.DateOf(r.GivenCandidateRelease)},
			{Series: r.ID, What: "gcseRelease", Stored: dateFrom(r.GCSERelease), Given: dateFrom(r.GivenGCSERelease)},
			{Series: r.ID, What: "aLevelRelease", Stored: dateFrom(r.ALevelRelease), Given: dateFrom(r.GivenALevelRelease)},
		} {
			if date.Stored != date.Given {
				kept = append(kept, date)
			}
		}
	}
	return kept, nil
}

func differentLastDays(ctx context.Context, tx pgx.Tx) ([]register.KeptDate, error) {
	type lastDay struct {
		Series   string
		Service  string
		Priority bool
		LastDay  *time.Time
		Given    *time.Time
	}
	rows, err := collect[lastDay](ctx, tx, selectLastDays)
	if err != nil {
		return nil, err
	}
	kept := make([]register.KeptDate, len(rows))
	for i, r := range rows {
		if r.Priority {
			r.Service += " with priority"
		}
		kept[i] = register.KeptDate{Series: r.Series, What: r.Service, Stored: dateFrom(r.LastDay), Given: dateFrom(r.Given)}
	}
	return kept, nil
}
