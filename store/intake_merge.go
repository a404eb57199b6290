package store

// mergeCatalogue brings everything but results into the register. Each statement leaves rows alone that are equal
// already, so that importing the same folder again writes nothing.
var mergeCatalogue = []merge{
	{"bodies", `
INSERT INTO awarding_bodies AS old (id, name, ranks) SELECT id, name, ranks FROM in_bodies
ON CONFLICT (id) DO UPDATE SET name = excluded.name, ranks = excluded.ranks
WHERE (old.name, old.ranks) IS DISTINCT FROM (excluded.name, excluded.ranks)`},
	{"centres", `
INSERT INTO centres AS old (number, name, address, nation) SELECT number, name, address, nation FROM in_centres
ON CONFLICT (number) DO UPDATE SET name = excluded.name, address = excluded.address, nation = excluded.nation
WHERE (old.name, old.address, old.nation) IS DISTINCT FROM (excluded.name, excluded.address, excluded.nation)`},
	{"contacts that left", `
DELETE FROM contacts AS old WHERE old.centre IN (SELECT number FROM in_centres)
AND NOT EXISTS (SELECT FROM in_contacts AS new WHERE new.centre = old.centre AND new.subject = old.subject)`},
	{"contacts", `
INSERT INTO contacts AS old (centre, subject, name, email, exams_officer)
SELECT centre, subject, name, email, exams_officer FROM in_contacts
ON CONFLICT (centre, subject) DO UPDATE SET name = excluded.name, email = excluded.email, exams_officer = excluded.exams_officer
WHERE (old.name, old.email, old.exams_officer) IS DISTINCT FROM (excluded.name, excluded.email, excluded.exams_officer)`},
	{"qualifications", `
INSERT INTO qualifications AS old (id, body, title, level, subject, rules, family, unitised)
SELECT id, body, title, level, subject, rules, family, unitised FROM in_qualifications
ON CONFLICT (id) DO UPDATE SET body = excluded.body, title = excluded.title, level = excluded.level, subject = excluded.subject,
    rules = excluded.rules, family = excluded.family, unitised = excluded.unitised
WHERE (old.body, old.title, old.level, old.subject, old.rules, old.family, old.unitised)
    IS DISTINCT FROM (excluded.body, excluded.title, excluded.level, excluded.subject, excluded.rules, excluded.family, excluded.unitised)`},
	{"components", `
INSERT INTO components AS old (id, qualification, title, max_mark, weight, assessment, objective, tier)
SELECT id, qualification, title, max_mark, weight, assessment, objective, tier FROM in_components
ON CONFLICT (id) DO UPDATE SET qualification = excluded.qualification, title = excluded.title, max_mark = excluded.max_mark,
    weight = excluded.weight, assessment = excluded.assessment, objective = excluded.objective, tier = excluded.tier
WHERE (old.qualification, old.title, old.max_mark, old.weight, old.assessment, old.objective, old.tier)
    IS DISTINCT FROM (excluded.qualification, excluded.title, excluded.max_mark, excluded.weight, excluded.assessment, excluded.objective,
        excluded.tier)`},
	{"series", `
INSERT INTO series AS old (id, body, title, month, centre_release, candidate_release, gcse_release, a_level_release)
SELECT id, body, title, month, centre_release, candidate_release, gcse_release, a_level_release FROM in_series
ON CONFLICT (id) DO UPDATE SET body = excluded.body, title = excluded.title, month = excluded.month,
    centre_release = excluded.centre_release, candidate_release = excluded.candidate_release, gcse_release = excluded.gcse_release,
    a_level_release = excluded.a_level_release
WHERE (old.body, old.title, old.month, old.centre_release, old.candidate_release, old.gcse_release, old.a_level_release)
    IS DISTINCT FROM (excluded.body, excluded.title, excluded.month, excluded.centre_release, excluded.candidate_release,
        excluded.gcse_release, excluded.a_level_release)`},
	{"key dates that were taken back", `
DELETE FROM key_dates AS old WHERE old.series IN (SELECT id FROM in_series)
AND NOT EXISTS (SELECT FROM in_key_dates AS new WHERE (new.series, new.service, new.priority) = (old.series, old.service, old.priority))`},
	{"key dates", `
INSERT INTO key_dates AS old (series, service, priority, last_day) SELECT series, service, priority, last_day FROM in_key_dates
ON CONFLICT (series, service, priority) DO UPDATE SET last_day = excluded.last_day WHERE old.last_day <> excluded.last_day`},
	{"award boundaries that were taken back", `
DELETE FROM award_boundaries AS old
WHERE (old.series, old.qualification) IN (SELECT series, qualification FROM in_boundaries WHERE component = '' AND part = '')
AND NOT EXISTS (SELECT FROM in_boundaries AS new WHERE new.part = ''
    AND (new.series, new.qualification, new.grade) = (old.series, old.qualification, old.grade))`},
	{"award boundaries", `
INSERT INTO award_boundaries AS old (qualification, series, grade, mark)
SELECT qualification, series, grade, mark FROM in_boundaries WHERE component = '' AND part = ''
ON CONFLICT (qualification, series, grade) DO UPDATE SET mark = excluded.mark WHERE old.mark <> excluded.mark`},
	{"part boundaries that were taken back", `
DELETE FROM part_boundaries AS old
WHERE (old.series, old.qualification) IN (SELECT series, qualification FROM in_boundaries WHERE component = '')
AND NOT EXISTS (SELECT FROM in_boundaries AS new
    WHERE (new.series, new.qualification, new.part, new.grade) = (old.series, old.qualification, old.part, old.grade))`},
	{"part boundaries", `
INSERT INTO part_boundaries AS old (qualification, series, part, grade, mark)
SELECT qualification, series, part, grade, mark FROM in_boundaries WHERE component = '' AND part <> ''
ON CONFLICT (qualification, series, part, grade) DO UPDATE SET mark = excluded.mark WHERE old.mark <> excluded.mark`},
	{"unit boundaries that were taken back", `
DELETE FROM component_boundaries AS old
WHERE (old.series, old.component) IN (SELECT series, component FROM in_boundaries WHERE component <> '')
AND NOT EXISTS (SELECT FROM in_boundaries AS new WHERE new.series = old.series AND new.component = old.component AND new.grade = old.grade)`},
	{"unit boundaries", `
INSERT INTO component_boundaries AS old (component, series, grade, mark)
SELECT component, series, grade, mark FROM in_boundaries WHERE component <> ''
ON CONFLICT (component, series, grade) DO UPDATE SET mark = excluded.mark WHERE old.mark <> excluded.mark`},
	{"papers", `
INSERT INTO component_files AS old (series, component, kind, key, version, sha256, size)
SELECT series, component, kind, key, version, sha256, size FROM in_papers
ON CONFLICT (series, component, kind) DO UPDATE SET key = excluded.key, version = excluded.version, sha256 = excluded.sha256, size = excluded.size
WHERE (old.key, old.version) IS DISTINCT FROM (excluded.key, excluded.version)`},
	{"candidates", `
INSERT INTO candidates AS old (centre, number, name, uci) SELECT centre, number, name, uci FROM in_candidates
ON CONFLICT (centre, number) DO UPDATE SET name = excluded.name, uci = excluded.uci
WHERE (old.name, old.uci) IS DISTINCT FROM (excluded.name, excluded.uci)`},
	{"entries", `
INSERT INTO entries (centre, candidate, series, qualification) SELECT centre, candidate, series, qualification FROM in_entries
ON CONFLICT DO NOTHING`},
	{"moderations", `
INSERT INTO moderations AS old (centre, component, series, changed, sample, moderator, checker)
SELECT centre, component, series, changed, sample, moderator, NULLIF(checker, '') FROM in_moderations
ON CONFLICT (centre, component, series) DO UPDATE SET changed = excluded.changed, sample = excluded.sample,
    moderator = excluded.moderator, checker = excluded.checker
WHERE (old.changed, old.sample, old.moderator, old.checker)
    IS DISTINCT FROM (excluded.changed, excluded.sample, excluded.moderator, excluded.checker)`},
}

// mergeResults finds the results of the set, adds the new ones, and notes which ones would change. Today's mark is
// not compared, because a case may have changed it: what was published first is.
var mergeResults = []merge{
	{"known results", `
UPDATE in_results AS new SET result = old.id
FROM component_results AS old
WHERE (old.centre, old.candidate, old.series, old.component) = (new.centre, new.candidate, new.series, new.component)`},
	{"new results", `
INSERT INTO component_results (centre, candidate, series, component, mark, original_mark, indicator)
SELECT centre, candidate, series, component, mark, mark, indicator FROM in_results WHERE result IS NULL`},
	{"the numbers of new results", `
UPDATE in_results AS new SET result = old.id, fresh = true
FROM component_results AS old
WHERE new.result IS NULL
AND (old.centre, old.candidate, old.series, old.component) = (new.centre, new.candidate, new.series, new.component)`},
	{"item marks by result", `
CREATE TEMPORARY TABLE in_marked ON COMMIT DROP AS
SELECT r.result, r.fresh, i.item, i.position, i.max, m.mark, m.marker, m.second_marker, m.back_reader, m.checker
FROM in_item_marks m
JOIN in_results r ON (r.centre, r.candidate, r.series, r.component) = (m.centre, m.candidate, m.series, m.component)
JOIN in_items i ON (i.series, i.component, i.item) = (m.series, m.component, m.item)`},
	{"item checks by result", `
CREATE TEMPORARY TABLE in_checked ON COMMIT DROP AS
SELECT result, fresh, item, second_marker AS checker, 'second-marker' AS role FROM in_marked WHERE second_marker <> ''
UNION ALL
SELECT result, fresh, item, back_reader, 'back-reader' FROM in_marked WHERE back_reader <> ''
UNION ALL
SELECT result, fresh, item, checker, 'checker' FROM in_marked WHERE checker <> ''`},
	// Else the planner takes the new tables for small ones and compares row by row.
	{"statistics", `ANALYZE in_results, in_marked, in_checked`},
	{"changed marks", `
UPDATE in_results AS new SET changed = true
FROM component_results AS old WHERE old.id = new.result AND NOT new.fresh AND old.original_mark <> new.mark`},
	{"changed items", `
UPDATE in_results AS r SET changed = true
FROM (
    (SELECT result, item, position, max, mark, marker FROM in_marked WHERE NOT fresh
     EXCEPT SELECT result, item, position, max, original_mark, marker FROM item_marks)
    UNION ALL
    (SELECT old.result, old.item, old.position, old.max, old.original_mark, old.marker
     FROM item_marks old JOIN in_results known ON known.result = old.result AND NOT known.fresh
     EXCEPT SELECT result, item, position, max, mark, marker FROM in_marked)
) AS difference WHERE difference.result = r.result`},
	{"changed checks", `
UPDATE in_results AS r SET changed = true
FROM (
    (SELECT result, item, checker, role FROM in_checked WHERE NOT fresh
     EXCEPT SELECT result, item, checker, role FROM item_checks)
    UNION ALL
    (SELECT old.result, old.item, old.checker, old.role
     FROM item_checks old JOIN in_results known ON known.result = old.result AND NOT known.fresh
     EXCEPT SELECT result, item, checker, role FROM in_checked)
) AS difference WHERE difference.result = r.result`},
	{"changed scripts", `
UPDATE in_results AS r SET changed = true
FROM in_scripts AS new, scripts AS old
WHERE (r.centre, r.candidate, r.series, r.component) = (new.centre, new.candidate, new.series, new.component)
AND old.result = r.result AND NOT r.fresh
AND (old.original_sha256, old.anonymised_sha256) IS DISTINCT FROM (new.original_sha256, new.anonymised_sha256)`},
	{"changed awards", `
UPDATE in_results AS r SET changed = true
FROM in_awards AS new, awards AS old, components AS c
WHERE (old.centre, old.candidate, old.series, old.qualification) = (new.centre, new.candidate, new.series, new.qualification)
AND (old.original_total, old.original_grade) IS DISTINCT FROM (new.total, new.grade)
AND c.qualification = new.qualification AND c.id = r.component AND NOT r.fresh
AND (r.centre, r.candidate, r.series) = (new.centre, new.candidate, new.series)`},
}

// lockChanged keeps enquiries about these results from opening until the import is over: opening one takes a share
// of the result's key.
const lockChanged = `
SELECT FROM component_results WHERE id IN (SELECT result FROM in_results WHERE changed) ORDER BY id FOR UPDATE`

const selectTouched = `
SELECT DISTINCT r.centre, r.candidate, r.series, r.component
FROM in_results r JOIN cases c ON c.result = r.result
WHERE r.changed AND c.stage <> 'refused'
ORDER BY r.centre, r.candidate, r.series, r.component`

// mergeMarks replaces the marks, items and awards of changed results, on which no case rests, and adds the new ones.
// Indicators follow the set also where a case rests on the result: they are the body's word of the day, no mark.
var mergeMarks = []merge{
	{"results", `
UPDATE component_results AS old SET mark = new.mark, original_mark = new.mark
FROM in_results AS new WHERE old.id = new.result AND new.changed AND old.original_mark <> new.mark`},
	{"indicators of results", `
UPDATE component_results AS old SET indicator = new.indicator
FROM in_results AS new WHERE old.id = new.result AND NOT new.fresh AND old.indicator <> new.indicator`},
	{"outdated item checks", `
DELETE FROM item_checks WHERE result IN (SELECT result FROM in_results WHERE changed)`},
	{"outdated item marks", `
DELETE FROM item_marks WHERE result IN (SELECT result FROM in_results WHERE changed)`},
	{"item marks", `
INSERT INTO item_marks (result, item, position, max, mark, original_mark, marker)
SELECT m.result, m.item, m.position, m.max, m.mark, m.mark, m.marker
FROM in_marked m JOIN in_results r ON r.result = m.result WHERE r.fresh OR r.changed`},
	{"item checks", `
INSERT INTO item_checks (result, item, checker, role)
SELECT k.result, k.item, k.checker, k.role
FROM in_checked k JOIN in_results r ON r.result = k.result WHERE r.fresh OR r.changed`},
	{"scripts", `
INSERT INTO scripts AS old (result, original_key, original_version, original_sha256, original_size,
    anonymised_key, anonymised_version, anonymised_sha256, anonymised_size)
SELECT r.result, s.original_key, s.original_version, s.original_sha256, s.original_size,
    s.anonymised_key, s.anonymised_version, s.anonymised_sha256, s.anonymised_size
FROM in_scripts s JOIN in_results r ON (r.centre, r.candidate, r.series, r.component) = (s.centre, s.candidate, s.series, s.component)
ON CONFLICT (result) DO UPDATE SET original_key = excluded.original_key, original_version = excluded.original_version,
    original_sha256 = excluded.original_sha256, original_size = excluded.original_size, anonymised_key = excluded.anonymised_key,
    anonymised_version = excluded.anonymised_version, anonymised_sha256 = excluded.anonymised_sha256, anonymised_size = excluded.anonymised_size
WHERE (old.original_sha256, old.anonymised_sha256) IS DISTINCT FROM (excluded.original_sha256, excluded.anonymised_sha256)`},
	{"awards", `
INSERT INTO awards AS old (centre, candidate, series, qualification, total, grade, original_total, original_grade, indicator)
SELECT centre, candidate, series, qualification, total, grade, total, grade, indicator FROM in_awards
ON CONFLICT (centre, candidate, series, qualification) DO UPDATE SET total = excluded.total, grade = excluded.grade,
    original_total = excluded.original_total, original_grade = excluded.original_grade
WHERE (old.original_total, old.original_grade) IS DISTINCT FROM (excluded.original_total, excluded.original_grade)`},
	{"indicators of awards", `
UPDATE awards AS old SET indicator = new.indicator
FROM in_awards AS new
WHERE (old.centre, old.candidate, old.series, old.qualification) = (new.centre, new.candidate, new.series, new.qualification)
AND old.indicator <> new.indicator`},
}
