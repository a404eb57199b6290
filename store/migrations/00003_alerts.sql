-- What is told to other systems and what is looked for from outside Temporal.
-- +goose Up

-- Clocks that count at this moment: neither met nor given up, and no hold lasts for which they stand still.
CREATE VIEW counting_clocks AS
SELECT c.reference, c.id, c.kind, c.ends, c.breached_at
FROM clocks c
WHERE c.met_at IS NULL AND c.cancelled_at IS NULL
  AND NOT EXISTS (SELECT FROM holds h WHERE h.reference = c.reference AND h.ended_at IS NULL AND h.cause = ANY (c.paused_by));

-- Where events are sent. The secret is derived from the installation's key, the id and generation, and never stored.
CREATE TABLE webhooks (
    id         text        PRIMARY KEY,
    url        text        NOT NULL,
    events     text[]      NOT NULL CHECK (cardinality(events) > 0),
    generation integer     NOT NULL DEFAULT 1 CHECK (generation > 0),
    made_by    text        NOT NULL,
    made_at    timestamptz NOT NULL,
    active     boolean     NOT NULL DEFAULT true
);

-- One event for one webhook, written with what it tells of. body is the CloudEvent as it is signed and sent, to the byte.
CREATE TABLE webhook_deliveries (
    id           text        PRIMARY KEY,
    webhook      text        NOT NULL REFERENCES webhooks,
    event        text        NOT NULL,
    reference    text,
    body         text        NOT NULL,
    made_at      timestamptz NOT NULL,
    state        text        NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
    attempts     integer     NOT NULL DEFAULT 0,
    first_at     timestamptz,
    next_at      timestamptz NOT NULL,
    last_status  integer,
    last_error   text        NOT NULL DEFAULT '',
    delivered_at timestamptz,
    replays      integer     NOT NULL DEFAULT 0,
    CHECK ((state = 'delivered') = (delivered_at IS NOT NULL))
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook, next_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_dead ON webhook_deliveries (made_at) WHERE state = 'dead';
CREATE INDEX webhook_deliveries_of_webhook ON webhook_deliveries (webhook, made_at DESC, id);
CREATE INDEX webhook_deliveries_over ON webhook_deliveries (coalesce(delivered_at, next_at)) WHERE state <> 'pending';

-- What the watcher has found and not seen mended yet, once each: an unrecorded deadline, a case that does not move. lot is
-- the first of the findings that one mail tells of together.
CREATE TABLE findings (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference  text        NOT NULL REFERENCES cases,
    kind       text        NOT NULL CHECK (kind IN ('clock-unrecorded', 'workflow-failing', 'activity-failing', 'no-progress', 'no-workflow',
                                                       'holder-conflicted')),
    about      text        NOT NULL,
    detail     text        NOT NULL,
    found_at   timestamptz NOT NULL,
    lot        bigint      REFERENCES findings,
    told_at    timestamptz,
    cleared_at timestamptz,
    CHECK (told_at IS NULL OR lot IS NOT NULL)
);
CREATE UNIQUE INDEX findings_once ON findings (reference, kind, about) WHERE cleared_at IS NULL;
CREATE INDEX findings_untold ON findings (id) WHERE told_at IS NULL;
CREATE INDEX findings_told ON findings (told_at) WHERE told_at IS NOT NULL;
CREATE INDEX findings_of_lot ON findings (lot) WHERE lot IS NOT NULL;
CREATE INDEX findings_over ON findings (cleared_at) WHERE cleared_at IS NOT NULL;

-- What a case was asked to do by a signal and has not done yet: it is not asked again at each look.
CREATE TABLE signals (
    reference text        NOT NULL REFERENCES cases,
    name      text        NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (name, reference)
);

-- When each round of the watcher last ended well, and the last day of what is done once a day.
CREATE TABLE watches (
    name text        PRIMARY KEY,
    at   timestamptz NOT NULL,
    day  date
);

-- Several cases told the same at once. digest is that of what somebody looked at and agreed to.
CREATE TABLE batches (
    id       text        PRIMARY KEY,
    action   text        NOT NULL CHECK (action IN ('hold', 'resume', 'reassign', 'nudge')),
    command  jsonb       NOT NULL,
    digest   text        NOT NULL,
    made_at  timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX batches_newest ON batches (made_at DESC, id);
CREATE INDEX batches_unended ON batches (made_at, id) WHERE ended_at IS NULL;

-- task and holder are those of a reassignment, as they were agreed to.
CREATE TABLE batch_items (
    batch     text        NOT NULL REFERENCES batches,
    position  integer     NOT NULL CHECK (position > 0),
    reference text        NOT NULL REFERENCES cases,
    task      text        REFERENCES tasks,
    holder    text        REFERENCES performers,
    state     text        NOT NULL CHECK (state IN ('waiting', 'done', 'refused')),
    why       text        NOT NULL DEFAULT '',
    at        timestamptz,
    PRIMARY KEY (batch, position),
    UNIQUE (batch, reference),
    CHECK ((state = 'waiting') = (at IS NULL)),
    CHECK ((state = 'refused') = (why <> ''))
);
