-- A small register of a fictional awarding body. Marks stand where tests need them:
--   4001 maths 42 + 42 = 84, one mark below grade 5; geography unit 1 at 25, one below B, award C either way
--   4002 maths 45 + 50 = 95, grade 5, far from any boundary
--   4003 maths 36 + 34 = 70, the lowest mark of grade 4
--   4004 has an entry and no result yet
INSERT INTO awarding_bodies (id, name) VALUES ('cambria', 'Cambria Awards');

INSERT INTO centres (number, name, address, nation) VALUES
    ('64101', 'Ashdown School', '{Mill Lane,Ashdown,AD1 2QX}', 'england'),
    ('71203', 'Ysgol Bryn Glas', '{Heol y Bryn,Bryn Glas,BG4 7TT}', 'wales');

INSERT INTO contacts (centre, subject, name, email, exams_officer) VALUES
    ('64101', 'eo-64101', 'Amira Holt', 'amira.holt@ashdown.example', true),
    ('64101', 'adm-64101', 'Joan Pike', 'joan.pike@ashdown.example', false),
    ('71203', 'eo-71203', 'Bronwen Rees', 'bronwen.rees@brynglas.example', true);

INSERT INTO approvers (body, id, name, email, active) VALUES
    ('cambria', 'cw-approver', 'Imogen Vale', 'imogen.vale@cambria.example', true),
    ('cambria', 'cw-left', 'Oscar Penn', 'oscar.penn@cambria.example', false);

INSERT INTO qualifications (id, body, title, level, subject, rules, family, unitised) VALUES
    ('gcse-mathematics', 'cambria', 'Cambria GCSE Mathematics', 2, 'mathematics', 'cambria', 'gq', false),
    ('gcse-geography', 'cambria', 'Cambria GCSE Geography (unitised)', 2, 'geography', 'cambria', 'gq', true),
    ('l2-numeracy', 'cambria', 'Cambria Level 2 Numeracy', 2, 'numeracy', 'cambria', 'vq', false);

INSERT INTO components (id, qualification, title, max_mark, weight, assessment, objective) VALUES
    ('M1-01', 'gcse-mathematics', 'Mathematics Paper 1', 80, 1, 'external', false),
    ('M1-02', 'gcse-mathematics', 'Mathematics Paper 2', 80, 1, 'external', false),
    ('G2-01', 'gcse-geography', 'Geography Unit 1', 40, 1, 'external', false),
    ('G2-02', 'gcse-geography', 'Geography Unit 2', 40, 1, 'external', false),
    ('N2-01', 'l2-numeracy', 'Numeracy on-screen test', 30, 1, 'external', true);

INSERT INTO series (id, body, title, month, centre_release, candidate_release, gcse_release) VALUES
    ('demo', 'cambria', 'Demonstration series', 6, '2026-08-19T07:00:00Z', '2026-08-20T07:00:00Z', '2026-08-20');

INSERT INTO key_dates (series, service, last_day) VALUES
    ('demo', 'clerical-check', '2026-10-30'),
    ('demo', 'review-of-marking', '2026-10-30');

INSERT INTO award_boundaries (qualification, series, grade, mark) VALUES
    ('gcse-mathematics', 'demo', '9', 140), ('gcse-mathematics', 'demo', '7', 110), ('gcse-mathematics', 'demo', '5', 85),
    ('gcse-mathematics', 'demo', '4', 70), ('gcse-mathematics', 'demo', '3', 50),
    ('gcse-geography', 'demo', 'A', 64), ('gcse-geography', 'demo', 'B', 52), ('gcse-geography', 'demo', 'C', 40),
    ('gcse-geography', 'demo', 'D', 28),
    ('l2-numeracy', 'demo', 'Pass', 18);

INSERT INTO component_boundaries (component, series, grade, mark) VALUES
    ('G2-01', 'demo', 'A', 32), ('G2-01', 'demo', 'B', 26), ('G2-01', 'demo', 'C', 20), ('G2-01', 'demo', 'D', 14),
    ('G2-02', 'demo', 'A', 32), ('G2-02', 'demo', 'B', 26), ('G2-02', 'demo', 'C', 20), ('G2-02', 'demo', 'D', 14);

INSERT INTO candidates (centre, number, name, uci) VALUES
    ('64101', '4001', 'Ada Fenwick', '641010264001A'),
    ('64101', '4002', 'Bilal Chaudhry', '641010264002B'),
    ('64101', '4003', 'Carys Nolan', '641010264003C'),
    ('64101', '4004', 'Devika Menon', '641010264004D'),
    ('71203', '5001', 'Elin Prys', '712030265001E');

INSERT INTO entries (centre, candidate, series, qualification)
SELECT c.centre, c.number, 'demo', q.id FROM candidates c CROSS JOIN qualifications q;

CREATE TEMPORARY TABLE seed_marks (centre text, candidate text, component text, item text, position integer, max integer, mark integer, marker text)
ON COMMIT DROP;
INSERT INTO seed_marks VALUES
    ('64101', '4001', 'M1-01', 'Q1', 1, 20, 10, 'ex-1001'), ('64101', '4001', 'M1-01', 'Q2', 2, 20, 12, 'ex-1001'),
    ('64101', '4001', 'M1-01', 'Q3', 3, 20, 9, 'ex-1002'), ('64101', '4001', 'M1-01', 'Q4', 4, 20, 11, 'ex-1002'),
    ('64101', '4001', 'M1-02', 'Q1', 1, 40, 21, 'ex-1003'), ('64101', '4001', 'M1-02', 'Q2', 2, 40, 21, 'ex-1003'),
    ('64101', '4002', 'M1-01', 'Q1', 1, 20, 11, 'ex-1001'), ('64101', '4002', 'M1-01', 'Q2', 2, 20, 12, 'ex-1001'),
    ('64101', '4002', 'M1-01', 'Q3', 3, 20, 12, 'ex-1002'), ('64101', '4002', 'M1-01', 'Q4', 4, 20, 10, 'ex-1002'),
    ('64101', '4002', 'M1-02', 'Q1', 1, 40, 26, 'ex-1003'), ('64101', '4002', 'M1-02', 'Q2', 2, 40, 24, 'ex-1003'),
    ('64101', '4003', 'M1-01', 'Q1', 1, 20, 9, 'ex-1001'), ('64101', '4003', 'M1-01', 'Q2', 2, 20, 9, 'ex-1001'),
    ('64101', '4003', 'M1-01', 'Q3', 3, 20, 9, 'ex-1002'), ('64101', '4003', 'M1-01', 'Q4', 4, 20, 9, 'ex-1002'),
    ('64101', '4003', 'M1-02', 'Q1', 1, 40, 17, 'ex-1003'), ('64101', '4003', 'M1-02', 'Q2', 2, 40, 17, 'ex-1003'),
    ('64101', '4001', 'G2-01', 'A', 1, 20, 12, 'ex-1005'), ('64101', '4001', 'G2-01', 'B', 2, 20, 13, 'ex-1005'),
    ('64101', '4001', 'G2-02', 'A', 1, 20, 10, 'ex-1005'), ('64101', '4001', 'G2-02', 'B', 2, 20, 12, 'ex-1005'),
    ('64101', '4002', 'N2-01', 'T', 1, 30, 21, 'machine'),
    ('71203', '5001', 'M1-01', 'Q1', 1, 20, 15, 'ex-1001'), ('71203', '5001', 'M1-01', 'Q2', 2, 20, 15, 'ex-1001'),
    ('71203', '5001', 'M1-01', 'Q3', 3, 20, 15, 'ex-1002'), ('71203', '5001', 'M1-01', 'Q4', 4, 20, 15, 'ex-1002'),
    ('71203', '5001', 'M1-02', 'Q1', 1, 40, 30, 'ex-1003'), ('71203', '5001', 'M1-02', 'Q2', 2, 40, 30, 'ex-1003');

INSERT INTO component_results (centre, candidate, series, component, mark, original_mark)
SELECT centre, candidate, 'demo', component, sum(mark), sum(mark) FROM seed_marks GROUP BY centre, candidate, component
ORDER BY centre, candidate, component;

INSERT INTO item_marks (result, item, position, max, mark, original_mark, marker)
SELECT r.id, m.item, m.position, m.max, m.mark, m.mark, m.marker
FROM seed_marks m
JOIN component_results r USING (centre, candidate, component);

INSERT INTO item_checks (result, item, checker, role)
SELECT id, 'Q1', 'ex-1004', 'second-marker' FROM component_results WHERE candidate = '4001' AND component = 'M1-01';

INSERT INTO awards (centre, candidate, series, qualification, total, grade, original_total, original_grade) VALUES
    ('64101', '4001', 'demo', 'gcse-mathematics', 84, '4', 84, '4'),
    ('64101', '4002', 'demo', 'gcse-mathematics', 95, '5', 95, '5'),
    ('64101', '4003', 'demo', 'gcse-mathematics', 70, '4', 70, '4'),
    ('64101', '4001', 'demo', 'gcse-geography', 47, 'C', 47, 'C'),
    ('64101', '4002', 'demo', 'l2-numeracy', 21, 'Pass', 21, 'Pass'),
    ('71203', '5001', 'demo', 'gcse-mathematics', 120, '7', 120, '7');

INSERT INTO performers (id, body, name, email, roles, rank, capacity) VALUES
    ('ex-1001', 'cambria', 'Rowan Teller', 'ex-1001@cambria.example', '{reviewer}', 'senior', 4),
    ('ex-1002', 'cambria', 'Sunita Varma', 'ex-1002@cambria.example', '{reviewer}', 'senior', 4),
    ('ex-1003', 'cambria', 'Tom Ashby', 'ex-1003@cambria.example', '{reviewer}', 'senior', 4),
    ('ex-1004', 'cambria', 'Uma Keane', 'ex-1004@cambria.example', '{reviewer}', 'senior', 4),
    ('ex-1005', 'cambria', 'Viktor Lind', 'ex-1005@cambria.example', '{reviewer}', 'senior', 4),
    ('ex-1006', 'cambria', 'Wanda Osei', 'ex-1006@cambria.example', '{reviewer}', 'senior', 4),
    ('cl-2001', 'cambria', 'Xanthe Moore', 'cl-2001@cambria.example', '{clerical}', 'examiner', 6),
    ('cl-2002', 'cambria', 'Yusuf Demir', 'cl-2002@cambria.example', '{clerical}', 'examiner', 6);

INSERT INTO performer_components (performer, component)
SELECT p.id, c.id FROM performers p CROSS JOIN components c WHERE p.roles = '{clerical}' OR NOT c.objective;

INSERT INTO conflicts (performer, kind, centre, candidate) VALUES
    ('ex-1003', 'works-at', '64101', NULL),
    ('ex-1006', 'related-to', '64101', '4003');

INSERT INTO component_files (series, component, kind, key, version, sha256, size)
SELECT 'demo', c.id, k.kind, 'components/demo/' || c.id || '/' || k.kind || '.pdf', 'v1', encode(sha256(convert_to(c.id || k.kind, 'UTF8')), 'hex'), 2000
FROM components c CROSS JOIN (VALUES ('scheme'), ('paper')) AS k (kind);

INSERT INTO scripts (result, original_key, original_version, original_sha256, original_size,
                     anonymised_key, anonymised_version, anonymised_sha256, anonymised_size)
SELECT r.id, 'scripts/' || r.centre || '/' || r.candidate || '/demo/' || r.component || '/original.pdf', 'v1',
       encode(sha256(convert_to('original' || r.id, 'UTF8')), 'hex'), 4000,
       'anonymous/' || r.id || '.pdf', 'v1', encode(sha256(convert_to('anonymous' || r.id, 'UTF8')), 'hex'), 3000
FROM component_results r
JOIN components c ON c.id = r.component
WHERE NOT c.objective;
