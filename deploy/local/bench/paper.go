package bench

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// template is a candidate of the demonstration data whose results are copied, with the officer who asks about them.
type template struct{ centre, candidate, officer string }

// templates have the component that the benchmark asks about, and no conflict with either clerk.
var templates = []template{{"64101", "1005", "eo-64101"}, {"71203", "3003", "eo-71203"}}

const (
	component = "GM-2"
	// Candidate numbers have four digits; the demonstration data uses those below firstCopy.
	firstCopy, lastCopy = 5000, 9999
)

// paper is a copied result that nobody has asked about yet.
type paper struct {
	template template
	number   int
}

// Each copies what the register holds about the candidate $2 of the centre $1, for the numbers from $3 to $4.
var copySQL = []string{
	`INSERT INTO candidates (centre, number, name, uci)
SELECT centre, n::text, name, uci FROM candidates, generate_series($3::int, $4::int) n WHERE centre = $1 AND number = $2`,
	`INSERT INTO entries (centre, candidate, series, qualification)
SELECT centre, n::text, series, qualification FROM entries, generate_series($3::int, $4::int) n WHERE centre = $1 AND candidate = $2`,
	`INSERT INTO component_results (centre, candidate, series, component, mark, original_mark)
SELECT centre, n::text, series, component, mark, original_mark FROM component_results, generate_series($3::int, $4::int) n
WHERE centre = $1 AND candidate = $2`,
	`INSERT INTO awards (centre, candidate, series, qualification, total, grade, original_total, original_grade)
SELECT centre, n::text, series, qualification, total, grade, original_total, original_grade FROM awards, generate_series($3::int, $4::int) n
WHERE centre = $1 AND candidate = $2`,
	`INSERT INTO item_marks (result, item, position, max, mark, original_mark, marker)
SELECT c.id, m.item, m.position, m.max, m.mark, m.original_mark, m.marker
FROM component_results r JOIN item_marks m ON m.result = r.id
JOIN component_results c ON c.centre = r.centre AND c.series = r.series AND c.component = r.component
WHERE r.centre = $1 AND r.candidate = $2 AND c.candidate BETWEEN $3::int::text AND $4::int::text`,
	`INSERT INTO scripts (result, original_key, original_version, original_sha256, original_size,
                     anonymised_key, anonymised_version, anonymised_sha256, anonymised_size)
SELECT c.id, s.original_key, s.original_version, s.original_sha256, s.original_size,
       s.anonymised_key, s.anonymised_version, s.anonymised_sha256, s.anonymised_size
FROM component_results r JOIN scripts s ON s.result = r.id
JOIN component_results c ON c.centre = r.centre AND c.series = r.series AND c.component = r.component
WHERE r.centre = $1 AND r.candidate = $2 AND c.candidate BETWEEN $3::int::text AND $4::int::text`,
}

const (
	// capacitySQL lets the clerks take every task: what is measured is the system, not the roster.
	capacitySQL = `UPDATE performers SET capacity = 1000000 WHERE 'clerical' = ANY (roles)`
	analyzeSQL  = `ANALYZE`
)

// seed copies papers until there are at least as many as wanted, and lists one entry for each.
func seed(ctx context.Context, pool *pgxpool.Pool, wanted int) ([]paper, error) {
	each := (wanted + len(templates) - 1) / len(templates)
	if most := lastCopy - firstCopy + 1; each > most {
		return nil, fmt.Errorf("%d papers are more than the %d that candidate numbers leave room for: measure for fewer seconds", wanted, most*len(templates))
	}
	for _, t := range templates {
		for _, sql := range copySQL {
			if _, err := pool.Exec(ctx, sql, t.centre, t.candidate, firstCopy, firstCopy+each-1); err != nil {
				return nil, fmt.Errorf("copy the papers of candidate %s: %w", t.candidate, err)
			}
		}
	}
	for _, sql := range []string{capacitySQL, analyzeSQL} {
		if _, err := pool.Exec(ctx, sql); err != nil {
			return nil, fmt.Errorf("prepare the register: %w", err)
		}
	}
	var all []paper
	for n := range each {
		for _, t := range templates {
			all = append(all, paper{t, firstCopy + n})
		}
	}
	return all, nil
}
