-- Cases and everything that the steps write. Each lasting change of a case is one transaction, which also
-- leaves a row in steps and at least one in audit_entries. Instants are given by the writer, never by the server.
-- +goose Up

-- The cases of one award whose outcomes settle together. Only one is open per award at a time.
CREATE TABLE award_reviews (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    award        bigint      NOT NULL REFERENCES awards,
    number       integer     NOT NULL CHECK (number > 0),
    state        text        NOT NULL CHECK (state IN ('open', 'settled')),
    opened_at    timestamptz NOT NULL,
    settled_at   timestamptz,
    total_before integer,
    total_after  integer,
    grade_before text,
    grade_after  text,
    UNIQUE (award, number),
    CHECK ((state = 'settled') = (settled_at IS NOT NULL AND grade_before IS NOT NULL AND grade_after IS NOT NULL
        AND total_before IS NOT NULL AND total_after IS NOT NULL))
);
CREATE UNIQUE INDEX award_reviews_one_open ON award_reviews (award) WHERE state = 'open';

-- A refused request may name things that do not exist, so what was asked for is text without foreign keys and
-- what was found is in result and award_review. 'cancelled' and 'withdrawn' are kept for a later release.
CREATE TABLE cases (
    reference        text        PRIMARY KEY,
    kind             text        NOT NULL CHECK (kind IN ('enquiry')),
    stage            text        NOT NULL CHECK (stage IN ('refused', 'unassigned', 'assigned', 'decided', 'appeal-window',
                                                           'closed', 'cancelled', 'withdrawn')),
    version          bigint      NOT NULL DEFAULT 1 CHECK (version > 0),
    service          text        NOT NULL,
    centre           text        NOT NULL,
    candidate        text        NOT NULL,
    series           text        NOT NULL,
    component        text        NOT NULL,
    consent_given_on date,
    reviewed_script  boolean     NOT NULL,
    reason           text        NOT NULL,
    requester        text        NOT NULL,
    request_sha256   text        NOT NULL,
    received_at      timestamptz NOT NULL,
    opened_at        timestamptz NOT NULL,
    policy           text        NOT NULL,
    rules            jsonb       NOT NULL,
    refusal          jsonb,
    result           bigint      REFERENCES component_results,
    award_review     bigint      REFERENCES award_reviews,
    sla_state        text        NOT NULL CHECK (sla_state IN ('on-time', 'warned', 'breached', 'met', 'paused')),
    waiting_on       text        NOT NULL CHECK (waiting_on IN ('reviewer', 'awarding body', 'linked case', 'centre', 'nobody')),
    next_action_at   timestamptz,
    closed_at        timestamptz,
    -- The causes for which the case waits now; its holds tell since when and why.
    held_for         text[]      NOT NULL DEFAULT '{}',
    -- What is still to be noticed of the deadlines of the task that somebody holds, so that next_action_at counts it.
    task_plan        jsonb       NOT NULL DEFAULT '[]',
    CHECK ((stage = 'refused') = (refusal IS NOT NULL)),
    CHECK (stage = 'refused' OR service IN ('clerical-check', 'review-of-marking')),
    CHECK (stage = 'refused' OR (result IS NOT NULL AND award_review IS NOT NULL))
);
-- One live request per paper and service, whoever asks at the same moment.
CREATE UNIQUE INDEX cases_once_per_result ON cases (result, service)
    WHERE stage NOT IN ('refused', 'cancelled', 'withdrawn');
-- Whoever took part in any request about a paper, whatever became of it.
CREATE INDEX cases_of_result ON cases (result) WHERE result IS NOT NULL;
CREATE INDEX cases_newest ON cases (received_at DESC, reference);
CREATE INDEX cases_newest_of_centre ON cases (centre, received_at DESC, reference);
CREATE INDEX cases_newest_of_stage ON cases (stage, received_at DESC, reference);
CREATE INDEX cases_held ON cases (received_at DESC, reference) WHERE held_for <> '{}';
CREATE INDEX cases_of_award_review ON cases (award_review) WHERE award_review IS NOT NULL;

-- What was done, once per number: a repeat is answered with result. about is the deadline or the message that a
-- step is about, where a case has several; number counts within it.
CREATE TABLE steps (
    reference    text        NOT NULL REFERENCES cases,
    step         text        NOT NULL,
    about        text        NOT NULL,
    number       integer     NOT NULL CHECK (number > 0),
    cause        text        NOT NULL,
    at           timestamptz NOT NULL,
    input_sha256 text        NOT NULL,
    result       jsonb       NOT NULL,
    PRIMARY KEY (reference, step, about, number)
);

-- hash chains each entry to the one before of the same case.
CREATE TABLE audit_entries (
    reference text        NOT NULL REFERENCES cases,
    number    bigint      NOT NULL CHECK (number > 0),
    at        timestamptz NOT NULL,
    actor     jsonb       NOT NULL,
    what      text        NOT NULL,
    facts     jsonb       NOT NULL,
    centre    boolean     NOT NULL,
    hash      text        NOT NULL,
    PRIMARY KEY (reference, number)
);

CREATE TABLE clocks (
    reference     text          NOT NULL REFERENCES cases,
    id            text          NOT NULL,
    kind          text          NOT NULL CHECK (kind IN ('sla', 'duty', 'right', 'target')),
    amount        integer       NOT NULL,
    unit          text          NOT NULL,
    roll_forward  boolean       NOT NULL,
    cutoff        text          CHECK (cutoff ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    last_day      date,
    division      text          NOT NULL CHECK (division IN ('', 'england-and-wales', 'scotland', 'northern-ireland')),
    started_at    timestamptz   NOT NULL,
    ends          timestamptz   NOT NULL,
    original_ends timestamptz   NOT NULL,
    warn          timestamptz[] NOT NULL,
    warn_rules    jsonb         NOT NULL,
    paused_by     text[]        NOT NULL,
    pauses        jsonb         NOT NULL,
    -- The hours of London's night in which no warning is given, such as 20:00-07:30; empty if there are none.
    quiet         text          NOT NULL CHECK (quiet = '' OR quiet ~ '^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$'),
    policy        text          NOT NULL,
    clause        text          NOT NULL,
    source        text          NOT NULL,
    confirmed     boolean       NOT NULL,
    met_at        timestamptz,
    breached_at   timestamptz,
    cancelled_at  timestamptz,
    PRIMARY KEY (reference, id),
    CHECK (started_at <= ends),
    CHECK (met_at IS NULL OR cancelled_at IS NULL)
);
-- What the watcher looks for: promises that nobody has kept or recorded yet.
CREATE INDEX clocks_running ON clocks (ends) WHERE kind = 'sla' AND met_at IS NULL AND breached_at IS NULL AND cancelled_at IS NULL;
CREATE INDEX clocks_breached ON clocks (id) WHERE breached_at IS NOT NULL;

-- A warn point or a breach that was noticed, once each: at is its true instant.
CREATE TABLE clock_alerts (
    reference   text        NOT NULL,
    clock       text        NOT NULL,
    act         text        NOT NULL CHECK (act IN ('warn', 'breach', 'expire', 'chase', 'lapse')),
    at          timestamptz NOT NULL,
    detected_at timestamptz NOT NULL,
    PRIMARY KEY (reference, clock, act, at),
    FOREIGN KEY (reference, clock) REFERENCES clocks
);

-- A time for which the case waits. The centre reads cause and reason, never who asked and who approved. The approver's
-- name is the one they had then; the system needs no approver.
CREATE TABLE holds (
    reference     text        NOT NULL REFERENCES cases,
    number        integer     NOT NULL CHECK (number > 0),
    cause         text        NOT NULL CHECK (cause IN ('waiting-for-sample', 'consent-inspection', 'waiting-for-payment', 'malpractice', 'hold')),
    reason        text        NOT NULL CHECK (reason <> ''),
    asked_by      text        NOT NULL,
    approved_by   text        NOT NULL,
    approver_name text        NOT NULL,
    began_at      timestamptz NOT NULL,
    ended_at      timestamptz,
    ended_by      text,
    end_reason    text        NOT NULL DEFAULT '',
    delivered     boolean,
    PRIMARY KEY (reference, number),
    CHECK ((approved_by = '') = (approver_name = '')),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (delivered IS NULL))
);
CREATE UNIQUE INDEX holds_once_per_cause ON holds (reference, cause) WHERE ended_at IS NULL;
CREATE INDEX holds_lasting ON holds (began_at, reference, number) WHERE ended_at IS NULL;

-- suspended_from is the state to which a suspended task returns. roster is the roster's version when the task went into
-- the pool last. suspended_by is for what it is stopped: causes of the case's holds, and a person. stops are the times since
-- reserved_at in which its holder might not work on it; its deadlines count without them.
CREATE TABLE tasks (
    id              text        PRIMARY KEY,
    reference       text        NOT NULL REFERENCES cases,
    number          integer     NOT NULL CHECK (number > 0),
    kind            text        NOT NULL CHECK (kind IN ('review', 'second-look')),
    state           text        NOT NULL CHECK (state IN ('ready', 'reserved', 'in-progress', 'suspended', 'completed', 'withdrawn')),
    suspended_from  text        CHECK (suspended_from IN ('ready', 'reserved', 'in-progress')),
    suspended_by    text[]      NOT NULL DEFAULT '{}',
    role            text        NOT NULL CHECK (role IN ('reviewer', 'moderator', 'clerical', 'panel', 'independent')),
    component       text        NOT NULL REFERENCES components,
    centre          text        NOT NULL,
    assignee        text        REFERENCES performers,
    sheet           jsonb       NOT NULL,
    due             timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    reserved_at     timestamptz,
    started_at      timestamptz,
    start_by        timestamptz,
    complete_by     timestamptz,
    stops           jsonb       NOT NULL DEFAULT '[]',
    least_rank      text        NOT NULL DEFAULT '',
    roster          bigint      NOT NULL DEFAULT 0,
    completed_at    timestamptz,
    UNIQUE (reference, number),
    CHECK (state <> 'ready' OR assignee IS NULL),
    CHECK (state NOT IN ('reserved', 'in-progress', 'completed') OR assignee IS NOT NULL),
    CHECK ((state = 'suspended') = (suspended_from IS NOT NULL)),
    CHECK ((state = 'completed') = (completed_at IS NOT NULL))
);
CREATE INDEX tasks_of_assignee ON tasks (assignee, due, id);
CREATE INDEX tasks_in_pool ON tasks (component, due, id) WHERE state = 'ready';
-- What is still to be done of somebody's, without everything that they ever did.
CREATE INDEX tasks_held_by ON tasks (assignee, due, id) WHERE state IN ('reserved', 'in-progress', 'suspended');
CREATE INDEX tasks_running ON tasks (complete_by) WHERE state IN ('reserved', 'in-progress');
-- Where a declared interest meets what is held: centre is the case's and stands here for this.
CREATE INDEX tasks_held_at ON tasks (assignee, centre) WHERE state IN ('reserved', 'in-progress', 'suspended');

-- Whether an interest in a centre is one in a candidate of it: whoever works or worked there has one in everybody.
CREATE FUNCTION interest_concerns(kind text, declared text, candidate text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
SELECT kind IN ('works-at', 'worked-at') OR declared IS NULL OR declared = candidate
$$;

-- Which interests stand against whoever holds a task, and so against its completion: they were declared since it was given
-- out. code is that of the rule of allocation.
CREATE VIEW interests_against AS
SELECT f.id AS conflict, t.id AS task, t.reference, t.assignee AS performer,
       CASE f.kind WHEN 'works-at' THEN 'works-at-centre' WHEN 'worked-at' THEN 'worked-at-centre' WHEN 'related-to' THEN 'related-to-candidate'
                   ELSE 'other-conflict' END AS code
FROM conflicts f
JOIN tasks t ON t.assignee = f.performer AND t.centre = f.centre AND t.state IN ('reserved', 'in-progress', 'suspended')
JOIN cases k ON k.reference = t.reference
WHERE interest_concerns(f.kind, f.candidate, k.candidate);

-- Who gave a task back, or had it taken: they are not asked again.
CREATE TABLE task_leavings (
    task      text        NOT NULL REFERENCES tasks,
    performer text        NOT NULL REFERENCES performers,
    at        timestamptz NOT NULL,
    operation text        NOT NULL,
    why       text        NOT NULL,
    reason    text        NOT NULL,
    PRIMARY KEY (task, performer, at)
);

-- Which task of the pool may be claimed by whom on a London day: the page of the pool and the gate of claims ask it, and it
-- says what the rule of allocation says of them, capacity aside. The lists of people are arrays, so that a page of the pool
-- never reads a whole register of marks. The planner takes the function apart like a view.
CREATE FUNCTION claimable(today date) RETURNS TABLE (performer text, task text) LANGUAGE sql STABLE AS $$
SELECT p.id, t.id
FROM tasks t
JOIN cases k ON k.reference = t.reference
JOIN components c ON c.id = t.component
JOIN qualifications q ON q.id = c.qualification
JOIN awarding_bodies b ON b.id = q.body
JOIN performers p ON p.body = b.id
WHERE t.state = 'ready' AND p.active AND t.role = ANY (p.roles)
  AND coalesce(p.contract_from <= today, true) AND coalesce(p.contract_until >= today, true) AND coalesce(p.trained_until >= today, true)
  AND (SELECT count(*) FROM absences a
       WHERE a.performer = p.id AND daterange(a.from_day, a.until_day, '[]') @> today AND coalesce(today < a.ended_on, true)) = 0
  AND (c.tier = '' OR p.tiers = '{}' OR c.tier = ANY (p.tiers))
  AND (q.subject = ANY (p.subjects) OR EXISTS (SELECT FROM performer_components o WHERE o.performer = p.id AND o.component = t.component))
  AND (t.least_rank = '' OR array_position(b.ranks, p.rank) >= array_position(b.ranks, t.least_rank))
  AND (SELECT count(*) FROM conflicts f
       WHERE f.performer = p.id AND f.centre = k.centre AND interest_concerns(f.kind, f.candidate, k.candidate)) = 0
  AND p.id <> ALL (ARRAY(SELECT i.marker FROM item_marks i WHERE i.result = k.result))
  AND p.id <> ALL (ARRAY(SELECT i.checker FROM item_checks i WHERE i.result = k.result))
  AND p.id <> ALL (ARRAY(SELECT unnest(ARRAY[m.moderator, coalesce(m.checker, m.moderator)]) FROM moderations m
                         WHERE m.centre = k.centre AND m.component = k.component AND m.series = k.series))
  AND p.id <> ALL (ARRAY(SELECT o.assignee FROM cases e JOIN tasks o ON o.reference = e.reference
                         WHERE e.result = k.result AND o.id <> t.id AND o.assignee IS NOT NULL))
  AND p.id <> ALL (ARRAY(SELECT l.performer FROM cases e JOIN tasks o ON o.reference = e.reference JOIN task_leavings l ON l.task = o.id
                         WHERE e.result = k.result AND CASE WHEN e.reference = k.reference THEN l.operation <> 'delegate' OR o.id <> t.id
                                                            ELSE l.operation <> 'decline' END))
$$;

-- A reminder or an escalation of a task's deadline that was noticed, once each: at is its true instant.
CREATE TABLE task_alerts (
    task        text        NOT NULL REFERENCES tasks,
    clock       text        NOT NULL CHECK (clock IN ('start-by', 'complete-by')),
    act         text        NOT NULL CHECK (act IN ('remind', 'escalate-lead', 'escalate-chief', 'escalate-operations')),
    at          timestamptz NOT NULL,
    detected_at timestamptz NOT NULL,
    PRIMARY KEY (task, clock, act, at)
);

-- Whoever takes a task from the pool writes this row first, so that of a thousand who try at once one asks the case and
-- the others are told at once. It is a reservation of the right to ask, which runs out; the task itself is given by the case.
CREATE TABLE task_claims (
    task      text        PRIMARY KEY REFERENCES tasks,
    performer text        NOT NULL REFERENCES performers,
    key       text        NOT NULL,
    until     timestamptz NOT NULL
);

-- What a completion was that is not the last of its case: a second look starts from it.
CREATE TABLE task_completions (
    task        text        PRIMARY KEY REFERENCES tasks,
    performer   text        NOT NULL REFERENCES performers,
    actor       jsonb       NOT NULL,
    received_at timestamptz NOT NULL,
    at          timestamptz NOT NULL,
    completion  jsonb       NOT NULL
);

-- What a performer wrote down beside the task, with an announced file if there is one; never shown to a centre. key is
-- the author's for the request and digest what it asked for, so that a repeat is no second note.
CREATE TABLE task_notes (
    id     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task   text        NOT NULL REFERENCES tasks,
    author text        NOT NULL REFERENCES performers,
    at     timestamptz NOT NULL,
    text   text        NOT NULL CHECK (text <> ''),
    file   jsonb,
    key    text        NOT NULL,
    digest text        NOT NULL,
    UNIQUE (task, author, key)
);
CREATE INDEX task_notes_of_task ON task_notes (task, id);

-- A question to the team leader, which leaves the task with its performer. One without a leader is for operations, who
-- are no performers.
CREATE TABLE task_questions (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task        text        NOT NULL REFERENCES tasks,
    asked_by    text        NOT NULL REFERENCES performers,
    asked_at    timestamptz NOT NULL,
    question    text        NOT NULL CHECK (question <> ''),
    leader      text        REFERENCES performers,
    answered_by text,
    answered_at timestamptz,
    answer      text        NOT NULL DEFAULT '',
    CHECK ((answered_by IS NULL) = (answered_at IS NULL) AND (answered_by IS NULL) = (answer = ''))
);
CREATE INDEX task_questions_of_task ON task_questions (task, id);
CREATE INDEX task_questions_open ON task_questions (leader, id) WHERE answered_at IS NULL;
CREATE INDEX task_questions_of_performer ON task_questions (asked_by, id);

-- Every task that a performer completed, from which their fee is counted.
CREATE TABLE work_log (
    task         text        PRIMARY KEY REFERENCES tasks,
    performer    text        NOT NULL REFERENCES performers,
    kind         text        NOT NULL,
    service      text        NOT NULL,
    component    text        NOT NULL,
    reserved_at  timestamptz NOT NULL,
    started_at   timestamptz,
    completed_at timestamptz NOT NULL,
    items        integer     NOT NULL,
    changed      integer     NOT NULL
);
CREATE INDEX work_log_of_performer ON work_log (performer, completed_at, task);
CREATE INDEX work_log_of_month ON work_log (completed_at, task);

-- Unchanged outcomes that were drawn for a lead to look at afterwards; the outcome does not wait for it.
CREATE TABLE monitoring (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task       text        NOT NULL UNIQUE REFERENCES tasks,
    drawn_at   timestamptz NOT NULL,
    performer  text        NOT NULL REFERENCES performers,
    monitor    text        REFERENCES performers,
    found_at   timestamptz,
    finding    text        CHECK (finding IN ('agreed', 'concern')),
    note       text        NOT NULL DEFAULT '',
    CHECK ((monitor IS NULL) = (found_at IS NULL) AND (monitor IS NULL) = (finding IS NULL))
);
CREATE INDEX monitoring_open ON monitoring (drawn_at) WHERE found_at IS NULL;

-- What people of the awarding body note about a case, and whom they spoke to: a centre never sees it.
CREATE TABLE case_notes (
    id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text        NOT NULL REFERENCES cases,
    kind      text        NOT NULL CHECK (kind IN ('note', 'telephone', 'e-mail', 'letter', 'meeting')),
    author    text        NOT NULL,
    at        timestamptz NOT NULL,
    contact   text        NOT NULL DEFAULT '',
    text      text        NOT NULL CHECK (text <> ''),
    -- The author's Idempotency-Key at this case: a repeat makes no second note.
    key       text        NOT NULL,
    UNIQUE (reference, key),
    CHECK ((kind = 'note') = (contact = ''))
);
CREATE INDEX case_notes_of_case ON case_notes (reference, id);

-- Unfinished work of a performer; never a fact of the case.
CREATE TABLE drafts (
    task       text        PRIMARY KEY REFERENCES tasks,
    version    bigint      NOT NULL CHECK (version > 0),
    saved_at   timestamptz NOT NULL,
    completion jsonb       NOT NULL
);

-- A task as people see it who perform tasks: with its papers, and the unfinished work.
CREATE VIEW desk AS
SELECT t.id, t.reference, t.state, t.assignee, t.component, c.title, t.sheet, t.due, t.start_by, t.complete_by, t.started_at, t.completed_at,
       CASE WHEN t.state = 'suspended' THEN k.held_for ELSE '{}' END AS held,
       CASE WHEN s.result IS NOT NULL THEN jsonb_build_object(
           'key', s.anonymised_key, 'version', s.anonymised_version, 'sha256', s.anonymised_sha256, 'size', s.anonymised_size) END AS script,
       (SELECT jsonb_build_object('key', f.key, 'version', f.version, 'sha256', f.sha256, 'size', f.size)
        FROM component_files f WHERE f.series = k.series AND f.component = k.component AND f.kind = 'scheme') AS scheme,
       (SELECT jsonb_build_object('key', f.key, 'version', f.version, 'sha256', f.sha256, 'size', f.size)
        FROM component_files f WHERE f.series = k.series AND f.component = k.component AND f.kind = 'paper') AS paper,
       d.version AS draft_version, d.saved_at AS draft_saved_at, d.completion AS draft_completion
FROM tasks t
JOIN cases k ON k.reference = t.reference
JOIN components c ON c.id = t.component
LEFT JOIN scripts s ON s.result = k.result
LEFT JOIN drafts d ON d.task = t.id;

CREATE TABLE uploads (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task          text        NOT NULL REFERENCES tasks,
    assignee      text        NOT NULL REFERENCES performers,
    key           text        NOT NULL,
    sha256        text        NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size          bigint      NOT NULL CHECK (size > 0),
    registered_at timestamptz NOT NULL,
    UNIQUE (task, key)
);

-- Who was considered for a task, who was excluded and why; chosen is null if nobody could be. The proof of a task that was
-- given to a person by name says by which operation.
CREATE TABLE allocations (
    reference text        NOT NULL REFERENCES cases,
    number    integer     NOT NULL CHECK (number > 0),
    at        timestamptz NOT NULL,
    chosen    text        REFERENCES performers,
    proof     jsonb       NOT NULL,
    PRIMARY KEY (reference, number)
);

-- The published outcome of a case's component. Unit grades come with the award's settlement.
CREATE TABLE decisions (
    reference         text        PRIMARY KEY REFERENCES cases,
    task              text        NOT NULL REFERENCES tasks,
    performer         text        NOT NULL REFERENCES performers,
    actor             jsonb       NOT NULL,
    received_at       timestamptz NOT NULL,
    published_at      timestamptz NOT NULL,
    mark_before       integer     NOT NULL,
    mark_after        integer     NOT NULL,
    unchanged_reason  text        NOT NULL,
    checklist         jsonb       NOT NULL,
    annotated_key     text,
    annotated_version text,
    annotated_sha256  text,
    annotated_size    bigint,
    unit_grade_before text,
    unit_grade_after  text,
    CHECK ((annotated_key IS NULL) = (annotated_version IS NULL)
        AND (annotated_key IS NULL) = (annotated_sha256 IS NULL)
        AND (annotated_key IS NULL) = (annotated_size IS NULL))
);

CREATE TABLE decision_items (
    reference   text    NOT NULL REFERENCES decisions,
    item        text    NOT NULL,
    position    integer NOT NULL,
    max         integer NOT NULL,
    mark_before integer NOT NULL,
    mark_after  integer NOT NULL CHECK (mark_after BETWEEN 0 AND max),
    reason      text    NOT NULL,
    PRIMARY KEY (reference, item)
);

CREATE TABLE documents (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference    text        NOT NULL REFERENCES cases,
    kind         text        NOT NULL CHECK (kind IN ('outcome-letter-html', 'outcome-letter-pdf', 'reviewed-script')),
    key          text        NOT NULL,
    version      text        NOT NULL,
    sha256       text        NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size         bigint      NOT NULL CHECK (size > 0),
    media_type   text        NOT NULL,
    available_at timestamptz NOT NULL,
    UNIQUE (reference, kind, sha256)
);

-- Numbers without gaps: the row is locked until the number's transaction ends.
CREATE TABLE counters (
    name  text   PRIMARY KEY,
    value bigint NOT NULL CHECK (value > 0)
);

-- A run that was made once for a body and a month; its invoices are its answer ever after.
CREATE TABLE invoice_runs (
    body  text        NOT NULL REFERENCES awarding_bodies,
    month date        NOT NULL CHECK (extract(day FROM month) = 1),
    at    timestamptz NOT NULL,
    PRIMARY KEY (body, month)
);

CREATE TABLE invoices (
    number           text        PRIMARY KEY,
    body             text        NOT NULL,
    month            date        NOT NULL,
    centre           text        NOT NULL REFERENCES centres,
    issued_at        timestamptz NOT NULL,
    total            bigint      NOT NULL CHECK (total > 0),
    document_key     text,
    document_version text,
    document_sha256  text,
    document_size    bigint,
    UNIQUE (body, month, centre),
    FOREIGN KEY (body, month) REFERENCES invoice_runs,
    CHECK ((document_key IS NULL) = (document_version IS NULL)
        AND (document_key IS NULL) = (document_sha256 IS NULL)
        AND (document_key IS NULL) = (document_size IS NULL))
);
CREATE INDEX invoices_of_centre ON invoices (centre, number DESC);

-- Every priced line ends in exactly one of invoiced, waived, cancelled; a credit follows an invoice.
CREATE TABLE fee_lines (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference    text        NOT NULL REFERENCES cases,
    award_review bigint      NOT NULL REFERENCES award_reviews,
    body         text        NOT NULL REFERENCES awarding_bodies,
    centre       text        NOT NULL REFERENCES centres,
    code         text        NOT NULL,
    pence        bigint      NOT NULL CHECK (pence > 0),
    state        text        NOT NULL CHECK (state IN ('quoted', 'due', 'waived', 'cancelled', 'invoiced', 'credited')),
    why          text        NOT NULL,
    clause       text        NOT NULL,
    source       text        NOT NULL,
    due_at       timestamptz,
    invoice      text        REFERENCES invoices,
    UNIQUE (reference, code),
    CHECK ((state IN ('invoiced', 'credited')) = (invoice IS NOT NULL)),
    CHECK ((state IN ('due', 'invoiced', 'credited')) = (due_at IS NOT NULL))
);
CREATE INDEX fee_lines_due ON fee_lines (body, due_at) WHERE state = 'due';
CREATE INDEX fee_lines_of_award_review ON fee_lines (award_review);
CREATE INDEX fee_lines_of_centre ON fee_lines (centre, id DESC);
CREATE INDEX fee_lines_of_invoice ON fee_lines (invoice) WHERE invoice IS NOT NULL;

-- The mail ledger: a mail of a kind goes to an address once, whatever is repeated. about tells apart what number and
-- clock do not, such as the kind of the mail that had no recipient.
CREATE TABLE mails (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference     text        REFERENCES cases,
    invoice       text        REFERENCES invoices,
    kind          text        NOT NULL CHECK (kind IN ('acknowledgement', 'task', 'nobody-eligible', 'sla-warning', 'sla-breach',
                                                       'component-outcome', 'outcome', 'invoice', 'task-reminder', 'task-escalation',
                                                       'duty-chase', 'duty-lapsed', 'case-held', 'case-resumed', 'nudge', 'question',
                                                       'answer', 'clock-unrecorded', 'case-stuck', 'digest', 'webhook-dead', 'no-recipient')),
    number        integer     NOT NULL CHECK (number > 0),
    clock         text        NOT NULL,
    about         text        NOT NULL,
    name          text        NOT NULL,
    address       text        NOT NULL,
    state         text        NOT NULL CHECK (state IN ('new', 'sending', 'sent', 'uncertain', 'refused')),
    prepared_at   timestamptz NOT NULL,
    sending_since timestamptz,
    resent        boolean     NOT NULL DEFAULT false,
    message_id    text        NOT NULL DEFAULT '',
    refusal       text        NOT NULL DEFAULT '',
    sent_at       timestamptz,
    UNIQUE NULLS NOT DISTINCT (reference, invoice, kind, number, clock, about, address),
    CHECK (num_nonnulls(reference, invoice) = CASE WHEN kind IN ('digest', 'webhook-dead') THEN 0 ELSE 1 END),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CHECK ((state = 'new') = (sending_since IS NULL))
);
CREATE INDEX mails_doubtful ON mails (id) WHERE state IN ('sending', 'uncertain', 'refused') OR resent;

-- The movable clock of a demonstration; no row is ever written where time cannot be moved.
CREATE TABLE clock_offset (
    id         boolean PRIMARY KEY DEFAULT true CHECK (id),
    offset_ms  bigint  NOT NULL,
    pending_ms bigint  NOT NULL DEFAULT 0,
    pending_id text
);
