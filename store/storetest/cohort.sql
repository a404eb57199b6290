INSERT INTO candidates (centre, number, name, uci)
SELECT '64101', n::text, 'Candidate ' || n, '64101026' || n || 'X' FROM generate_series(6000, 6000 + %[1]d - 1) AS n;

INSERT INTO entries (centre, candidate, series, qualification)
SELECT '64101', n::text, 'demo', 'gcse-mathematics' FROM generate_series(6000, 6000 + %[1]d - 1) AS n;

INSERT INTO component_results (centre, candidate, series, component, mark, original_mark)
SELECT '64101', n::text, 'demo', c.id, 40, 40
FROM generate_series(6000, 6000 + %[1]d - 1) AS n
CROSS JOIN components c
WHERE c.qualification = 'gcse-mathematics';

INSERT INTO item_marks (result, item, position, max, mark, original_mark, marker)
SELECT r.id, 'Q' || p, p, 20, 10, 10, 'ex-9999'
FROM component_results r
CROSS JOIN generate_series(1, 4) AS p
WHERE r.candidate >= '6000';

INSERT INTO awards (centre, candidate, series, qualification, total, grade, original_total, original_grade)
SELECT '64101', n::text, 'demo', 'gcse-mathematics', 80, '4', 80, '4' FROM generate_series(6000, 6000 + %[1]d - 1) AS n;

INSERT INTO scripts (result, original_key, original_version, original_sha256, original_size,
                     anonymised_key, anonymised_version, anonymised_sha256, anonymised_size)
SELECT r.id, 'scripts/' || r.centre || '/' || r.candidate || '/demo/' || r.component || '/original.pdf', 'v1',
       encode(sha256(convert_to('original' || r.id, 'UTF8')), 'hex'), 4000,
       'anonymous/' || r.id || '.pdf', 'v1', encode(sha256(convert_to('anonymous' || r.id, 'UTF8')), 'hex'), 3000
FROM component_results r
WHERE r.candidate >= '6000';
