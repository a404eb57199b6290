package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/register"
)

// staging is one temporary table of an import, with the rows that go into it. It is dropped at the end of the
// transaction.
type staging struct {
	name string
	// columns are the table's columns with their types, as SQL.
	columns []string
	rows    pgx.CopyFromSource
	// computed are columns that the import fills in itself.
	computed []string
}

func (s staging) fill(ctx context.Context, tx pgx.Tx) error {
	create := fmt.Sprintf("CREATE TEMPORARY TABLE %s (%s) ON COMMIT DROP", s.name, strings.Join(append(s.columns[:len(s.columns):len(s.columns)], s.computed...), ", "))
	if _, err := tx.Exec(ctx, create); err != nil {
		return fmt.Errorf("make %s: %w", s.name, err)
	}
	names := make([]string, 0, len(s.columns))
	for _, column := range s.columns {
		name, _, _ := strings.Cut(column, " ")
		names = append(names, name)
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{s.name}, names, s.rows); err != nil {
		return fmt.Errorf("copy into %s: %w", s.name, err)
	}
	if _, err := tx.Exec(ctx, "ANALYZE "+s.name); err != nil { // Else the planner takes a large table for a small one.
		return fmt.Errorf("analyse %s: %w", s.name, err)
	}
	return nil
}

// stage makes a staging table from a slice, without copying it.
func stage[R any](name string, rows []R, values func(R) []any, columns ...string) staging {
	source := pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) { return values(rows[i]), nil })
	return staging{name: name, columns: columns, rows: source}
}

func stagingTables(set register.Set) []staging {
	return slices.Concat(stagedCatalogue(set), stagedRoster(set), stagedResults(set))
}

func stagedCatalogue(set register.Set) []staging {
	return []staging{
		stage("in_bodies", set.Bodies, func(b register.Body) []any { return []any{b.ID, b.Name, b.RankOrder()} },
			"id text", "name text", "ranks text[]"),
		stage("in_centres", set.Centres, func(c register.Centre) []any {
			return []any{c.Number, c.Name, append([]string{}, c.Address...), c.Nation}
		}, "number text", "name text", "address text[]", "nation text"),
		stage("in_contacts", set.Contacts, func(c register.Contact) []any {
			return []any{c.Centre, c.Subject, c.Name, c.Email, c.ExamsOfficer}
		}, "centre text", "subject text", "name text", "email text", "exams_officer boolean"),
		stage("in_qualifications", set.Qualifications, func(q register.Qualification) []any {
			return []any{q.ID, q.Body, q.Title, q.Level, q.Subject, q.RuleSet(), string(q.Family), q.Unitised}
		}, "id text", "body text", "title text", "level integer", "subject text", "rules text", "family text", "unitised boolean"),
		stage("in_components", set.Components, func(c register.Component) []any {
			return []any{c.ID, c.Qualification, c.Title, c.MaxMark, c.Weight, string(c.Assessment), c.Objective, c.Tier}
		}, "id text", "qualification text", "title text", "max_mark integer", "weight integer", "assessment text", "objective boolean", "tier text"),
		stagedSeries(set),
		stage("in_key_dates", set.KeyDates, func(k register.KeyDate) []any {
			return []any{k.Series, string(k.Service), k.Priority, dateTo(k.LastDay)}
		}, "series text", "service text", "priority boolean", "last_day date"),
		stage("in_boundaries", set.Boundaries, func(b register.Boundary) []any {
			return []any{b.Series, b.Qualification, b.Component, string(b.Part), b.Grade, b.Mark}
		}, "series text", "qualification text", "component text", "part text", "grade text", "mark integer"),
		stage("in_items", set.Items, func(i register.Item) []any {
			return []any{i.Series, i.Component, i.Item, i.Position, i.Max}
		}, "series text", "component text", "item text", "position integer", "max integer"),
		stage("in_papers", set.Papers, func(p register.Paper) []any {
			return append([]any{p.Series, p.Component, p.Kind}, fileValues(p.File)...)
		}, "series text", "component text", "kind text", "key text", "version text", "sha256 text", "size bigint"),
		stage("in_candidates", set.Candidates, func(c register.Candidate) []any {
			return []any{c.Centre, c.Number, c.Name, c.UCI}
		}, "centre text", "number text", "name text", "uci text"),
		stage("in_entries", set.Entries, func(e register.Entry) []any {
			return []any{e.Centre, e.Candidate, e.Series, e.Qualification}
		}, "centre text", "candidate text", "series text", "qualification text"),
		stage("in_moderations", set.Moderations, func(m register.Moderation) []any {
			return []any{m.Centre, m.Component, m.Series, m.Changed, string(m.Sample), m.Moderator, m.Checker}
		}, "centre text", "component text", "series text", "changed boolean", "sample text", "moderator text", "checker text"),
	}
}

func stagedSeries(set register.Set) staging {
	series := stage("in_series", set.Series, func(s register.Series) []any {
		return []any{s.ID, s.Body, s.Title, s.Month, s.CentreRelease, s.CandidateRelease, dateTo(s.GCSERelease), dateTo(s.ALevelRelease)}
	}, "id text", "body text", "title text", "month integer", "centre_release timestamptz", "candidate_release timestamptz",
		"gcse_release date", "a_level_release date")
	series.computed = []string{"keeps boolean NOT NULL DEFAULT false"}
	return series
}

func stagedResults(set register.Set) []staging {
	results := stage("in_results", set.Results, func(r register.Result) []any {
		return []any{r.Centre, r.Candidate, r.Series, r.Component, r.Mark, string(r.Indicator)}
	}, "centre text", "candidate text", "series text", "component text", "mark integer", "indicator text")
	results.computed = []string{"result bigint", "fresh boolean NOT NULL DEFAULT false", "changed boolean NOT NULL DEFAULT false"}
	return []staging{
		results,
		stage("in_item_marks", set.ItemMarks, func(m register.ItemMark) []any {
			return []any{m.Centre, m.Candidate, m.Series, m.Component, m.Item, m.Mark, m.Marker, m.SecondMarker, m.BackReader, m.Checker}
		}, "centre text", "candidate text", "series text", "component text", "item text", "mark integer", "marker text", "second_marker text", "back_reader text", "checker text"),
		stage("in_awards", set.Awards, func(a register.Award) []any {
			return []any{a.Centre, a.Candidate, a.Series, a.Qualification, a.Total, a.Grade, string(a.Indicator)}
		}, "centre text", "candidate text", "series text", "qualification text", "total integer", "grade text", "indicator text"),
		stage("in_scripts", set.Scripts, func(s register.Script) []any {
			return append(append([]any{s.Centre, s.Candidate, s.Series, s.Component}, fileValues(s.Original)...), fileValues(s.Anonymised)...)
		}, "centre text", "candidate text", "series text", "component text",
			"original_key text", "original_version text", "original_sha256 text", "original_size bigint",
			"anonymised_key text", "anonymised_version text", "anonymised_sha256 text", "anonymised_size bigint"),
	}
}

func fileValues(f casework.FileRef) []any { return []any{f.Key, f.Version, f.SHA256, f.Size} }
