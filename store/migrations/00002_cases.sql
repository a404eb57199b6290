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
    sla_state        text        NOT NULL CHECK (sla_state IN ('on-time', 'warned', 'breached', 'met')),
    waiting_on       text        NOT NULL CHECK (waiting_on IN ('reviewer', 'awarding body', 'linked case', 'centre', 'nobody')),
    next_action_at   timestamptz,
    closed_at        timestamptz,
    CHECK ((stage = 'refused') = (refusal IS NOT NULL)),
    CHECK (stage = 'refused' OR service IN ('clerical-check', 'review-of-marking')),
    CHECK (stage = 'refused' OR (result IS NOT NULL AND award_review IS NOT NULL))
);
-- One live request per paper and service, whoever asks at the same moment.
CREATE UNIQUE INDEX cases_once_per_result ON cases (result, service)
    WHERE stage NOT IN ('refused', 'cancelled', 'withdrawn');
CREATE INDEX cases_newest ON cases (received_at DESC, reference);
CREATE INDEX cases_newest_of_centre ON cases (centre, received_at DESC, reference);
CREATE INDEX cases_newest_of_stage ON cases (stage, received_at DESC, reference);
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
    policy        text          NOT NULL,
    clause        text          NOT NULL,
    source        text          NOT NULL,
    confirmed     boolean       NOT NULL,
    met_at        timestamptz,
    breached_at   timestamptz,
    PRIMARY KEY (reference, id),
    CHECK (started_at <= ends)
);

-- A warn point or a breach that was noticed, once each: at is its true instant.
CREATE TABLE clock_alerts (
    reference   text        NOT NULL,
    clock       text        NOT NULL,
    act         text        NOT NULL CHECK (act IN ('warn', 'breach', 'expire')),
    at          timestamptz NOT NULL,
    detected_at timestamptz NOT NULL,
    PRIMARY KEY (reference, clock, act, at),
    FOREIGN KEY (reference, clock) REFERENCES clocks
);

CREATE TABLE tasks (
    id           text        PRIMARY KEY,
    reference    text        NOT NULL REFERENCES cases,
    number       integer     NOT NULL CHECK (number > 0),
    state        text        NOT NULL CHECK (state IN ('ready', 'reserved', 'completed')),
    role         text        NOT NULL,
    component    text        NOT NULL REFERENCES components,
    assignee     text        REFERENCES performers,
    sheet        jsonb       NOT NULL,
    due          timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    reserved_at  timestamptz,
    completed_at timestamptz,
    UNIQUE (reference, number),
    CHECK ((state = 'ready') = (assignee IS NULL)),
    CHECK ((state = 'completed') = (completed_at IS NOT NULL))
);
CREATE INDEX tasks_of_assignee ON tasks (assignee, due, id);

-- Unfinished work of a performer; never a fact of the case.
CREATE TABLE drafts (
    task       text        PRIMARY KEY REFERENCES tasks,
    version    bigint      NOT NULL CHECK (version > 0),
    saved_at   timestamptz NOT NULL,
    completion jsonb       NOT NULL
);

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

-- Who was considered for a task, who was excluded and why; chosen is null if nobody could be.
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

-- The mail ledger: a mail of a kind goes to an address once, whatever is repeated. about is the kind of the mail that
-- had no recipient, where operations are told of that.
CREATE TABLE mails (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference     text        REFERENCES cases,
    invoice       text        REFERENCES invoices,
    kind          text        NOT NULL CHECK (kind IN ('acknowledgement', 'task', 'nobody-eligible', 'sla-warning', 'sla-breach',
                                                       'component-outcome', 'outcome', 'invoice', 'no-recipient')),
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
    CHECK ((reference IS NULL) <> (invoice IS NULL)),
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
