-- The register: what the awarding body knew before anybody enquired. Natural keys throughout, so that an
-- import can be read beside its rows; a result alone has a number, because seven tables lean on it.
-- +goose Up

-- ranks is the body's order of seniority, the lowest first.
CREATE TABLE awarding_bodies (
    id    text   PRIMARY KEY,
    name  text   NOT NULL,
    ranks text[] NOT NULL DEFAULT '{examiner,team-leader,senior,principal,lead,chief}' CHECK (cardinality(ranks) > 0)
);

CREATE TABLE centres (
    number  text   PRIMARY KEY CHECK (number ~ '^[0-9]{5}$'),
    name    text   NOT NULL,
    address text[] NOT NULL DEFAULT '{}',
    nation  text   NOT NULL CHECK (nation IN ('england', 'wales', 'northern-ireland', 'scotland', 'other'))
);

-- A contact's subject is the identity provider's id of the person.
CREATE TABLE contacts (
    centre        text    NOT NULL REFERENCES centres,
    subject       text    NOT NULL,
    name          text    NOT NULL,
    email         text    NOT NULL,
    exams_officer boolean NOT NULL,
    PRIMARY KEY (centre, subject)
);

-- rules names the set of rules in the rulebook that governs the qualification.
CREATE TABLE qualifications (
    id       text    PRIMARY KEY,
    body     text    NOT NULL REFERENCES awarding_bodies,
    title    text    NOT NULL,
    level    integer NOT NULL CHECK (level BETWEEN 1 AND 8),
    subject  text    NOT NULL CHECK (subject <> ''),
    rules    text    NOT NULL CHECK (rules <> ''),
    family   text    NOT NULL CHECK (family IN ('gq', 'vq')),
    unitised boolean NOT NULL
);

-- A moderated component is marked by the centre; an external one by the body, which holds the scripts.
CREATE TABLE components (
    id            text    PRIMARY KEY,
    qualification text    NOT NULL REFERENCES qualifications,
    title         text    NOT NULL,
    max_mark      integer NOT NULL CHECK (max_mark > 0),
    weight        integer NOT NULL CHECK (weight > 0),
    assessment    text    NOT NULL CHECK (assessment IN ('external', 'moderated')),
    objective     boolean NOT NULL CHECK (NOT objective OR assessment = 'external'),
    tier          text    NOT NULL DEFAULT '' CHECK (tier IN ('', 'foundation', 'higher'))
);
CREATE INDEX components_of_qualification ON components (qualification);

-- Releases are instants: centres see results the day before candidates do. The days of GCSE and A level
-- results are London dates. month is
-- the one of the examinations.
CREATE TABLE series (
    id                text        PRIMARY KEY,
    body              text        NOT NULL REFERENCES awarding_bodies,
    title             text        NOT NULL,
    month             integer     NOT NULL CHECK (month BETWEEN 1 AND 12),
    centre_release    timestamptz NOT NULL,
    candidate_release timestamptz NOT NULL,
    gcse_release      date        NOT NULL,
    a_level_release   date,
    CHECK (centre_release <= candidate_release)
);

-- The last day on which a service may be asked for; a copy of a script has one more, for copies with priority.
CREATE TABLE key_dates (
    series   text    NOT NULL REFERENCES series,
    service  text    NOT NULL,
    priority boolean NOT NULL DEFAULT false CHECK (NOT priority OR service = 'script-copy'),
    last_day date    NOT NULL,
    PRIMARY KEY (series, service, priority)
);

CREATE TABLE award_boundaries (
    qualification text    NOT NULL REFERENCES qualifications,
    series        text    NOT NULL REFERENCES series,
    grade         text    NOT NULL,
    mark          integer NOT NULL CHECK (mark >= 0),
    PRIMARY KEY (qualification, series, grade)
);

-- The overall grade of the components that are marked so, where a qualification has one beside the award's.
CREATE TABLE part_boundaries (
    qualification text    NOT NULL REFERENCES qualifications,
    series        text    NOT NULL REFERENCES series,
    part          text    NOT NULL CHECK (part IN ('external', 'moderated')),
    grade         text    NOT NULL,
    mark          integer NOT NULL CHECK (mark >= 0),
    PRIMARY KEY (qualification, series, part, grade)
);

CREATE TABLE component_boundaries (
    component text    NOT NULL REFERENCES components,
    series    text    NOT NULL REFERENCES series,
    grade     text    NOT NULL,
    mark      integer NOT NULL CHECK (mark >= 0),
    PRIMARY KEY (component, series, grade)
);

CREATE TABLE candidates (
    centre text NOT NULL REFERENCES centres,
    number text NOT NULL CHECK (number ~ '^[0-9]{4}$'),
    name   text NOT NULL,
    uci    text NOT NULL,
    PRIMARY KEY (centre, number)
);

CREATE TABLE entries (
    centre        text NOT NULL,
    candidate     text NOT NULL,
    series        text NOT NULL REFERENCES series,
    qualification text NOT NULL REFERENCES qualifications,
    PRIMARY KEY (centre, candidate, series, qualification),
    FOREIGN KEY (centre, candidate) REFERENCES candidates
);

-- mark is today's; original_mark is what was published first and never changes. The indicator is the body's word on
-- the result: X there is none, # it was reached without part of the work, Q it is not final.
CREATE TABLE component_results (
    id            bigint  GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    centre        text    NOT NULL,
    candidate     text    NOT NULL,
    series        text    NOT NULL REFERENCES series,
    component     text    NOT NULL REFERENCES components,
    mark          integer NOT NULL CHECK (mark >= 0),
    original_mark integer NOT NULL CHECK (original_mark >= 0),
    indicator     text    NOT NULL DEFAULT '' CHECK (indicator IN ('', 'X', '#', 'Q')),
    UNIQUE (centre, candidate, series, component),
    FOREIGN KEY (centre, candidate) REFERENCES candidates
);

-- position is the order of the items on the paper, from 1.
CREATE TABLE item_marks (
    result        bigint  NOT NULL REFERENCES component_results,
    item          text    NOT NULL,
    position      integer NOT NULL CHECK (position > 0),
    max           integer NOT NULL CHECK (max > 0),
    mark          integer NOT NULL CHECK (mark BETWEEN 0 AND max),
    original_mark integer NOT NULL CHECK (original_mark BETWEEN 0 AND max),
    marker        text    NOT NULL,
    PRIMARY KEY (result, item),
    UNIQUE (result, position)
);

-- Everybody else who judged an item: they may not review it either.
CREATE TABLE item_checks (
    result  bigint NOT NULL,
    item    text   NOT NULL,
    checker text   NOT NULL,
    role    text   NOT NULL CHECK (role IN ('second-marker', 'back-reader', 'checker')),
    PRIMARY KEY (result, item, checker, role),
    FOREIGN KEY (result, item) REFERENCES item_marks
);

-- total and grade are today's; the original ones were published first and never change.
CREATE TABLE awards (
    id             bigint  GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    centre         text    NOT NULL,
    candidate      text    NOT NULL,
    series         text    NOT NULL,
    qualification  text    NOT NULL,
    total          integer NOT NULL CHECK (total >= 0),
    grade          text    NOT NULL,
    original_total integer NOT NULL CHECK (original_total >= 0),
    original_grade text    NOT NULL,
    indicator      text    NOT NULL DEFAULT '' CHECK (indicator IN ('', 'X', '#', 'Q')),
    UNIQUE (centre, candidate, series, qualification),
    FOREIGN KEY (centre, candidate, series, qualification) REFERENCES entries
);

-- A performer's id is the identity provider's subject. capacity is how many tasks a person takes in a week.
-- open_tasks, week and week_tasks are counted by the steps, never by an import: week is the Monday in London of the
-- week in which week_tasks were given. A person performs the components that are listed and every component of the
-- subjects that are; no tier listed means every tier.
CREATE TABLE performers (
    id             text        PRIMARY KEY,
    body           text        NOT NULL REFERENCES awarding_bodies,
    name           text        NOT NULL,
    email          text        NOT NULL,
    roles          text[]      NOT NULL CHECK (cardinality(roles) > 0
                               AND roles <@ ARRAY['reviewer', 'moderator', 'clerical', 'panel', 'independent']),
    rank           text        NOT NULL,
    leader         text        REFERENCES performers DEFERRABLE INITIALLY DEFERRED CHECK (leader <> id),
    subjects       text[]      NOT NULL DEFAULT '{}',
    tiers          text[]      NOT NULL DEFAULT '{}' CHECK (tiers <@ ARRAY['foundation', 'higher']),
    capacity       integer     NOT NULL CHECK (capacity >= 0),
    contract_from  date,
    contract_until date,
    trained_until  date,
    active         boolean     NOT NULL DEFAULT true,
    version        bigint      NOT NULL DEFAULT 1 CHECK (version > 0),
    open_tasks     integer     NOT NULL DEFAULT 0 CHECK (open_tasks >= 0),
    week           date,
    week_tasks     integer     NOT NULL DEFAULT 0 CHECK (week_tasks >= 0),
    idle_since     timestamptz,
    CHECK (contract_from <= contract_until)
);

CREATE TABLE performer_components (
    performer text NOT NULL REFERENCES performers,
    component text NOT NULL REFERENCES components,
    PRIMARY KEY (performer, component)
);
CREATE INDEX performers_of_component ON performer_components (component, performer);

-- Everybody of a subject is found at each allocation; the counters in the row are in no index, so that writing them
-- leaves this one alone.
CREATE INDEX performers_of_subject ON performers USING gin (subjects) WITH (fastupdate = off);

-- London days, both included. One that was called off or ended early keeps its row, so that an import of the same
-- folder does not bring it back: from ended_on the person is there.
CREATE TABLE absences (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    performer text   NOT NULL REFERENCES performers,
    from_day  date   NOT NULL,
    until_day date   NOT NULL,
    reason    text   NOT NULL CHECK (reason IN ('holiday', 'illness', 'other')),
    ended_on  date,
    UNIQUE (performer, from_day, until_day),
    CHECK (from_day <= until_day)
);
CREATE INDEX absences_of_day ON absences USING gist (daterange(from_day, until_day, '[]'));

-- A conflict is with a whole centre, or with one candidate of it. One that has ended still stands against what
-- happened before: it is kept, and only an entry made in error is taken back, with a line in roster_changes.
CREATE TABLE conflicts (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    performer text   NOT NULL REFERENCES performers,
    kind      text   NOT NULL CHECK (kind IN ('works-at', 'worked-at', 'related-to', 'other')),
    centre    text   NOT NULL REFERENCES centres,
    candidate text,
    UNIQUE NULLS NOT DISTINCT (performer, kind, centre, candidate),
    FOREIGN KEY (centre, candidate) REFERENCES candidates,
    CHECK (kind <> 'related-to' OR candidate IS NOT NULL)
);
CREATE INDEX conflicts_of_centre ON conflicts (centre, performer);

-- Who changed what about whom, an import included; facts hold names and values, the old ones too.
CREATE TABLE roster_changes (
    id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    performer text        NOT NULL REFERENCES performers,
    at        timestamptz NOT NULL,
    actor     jsonb       NOT NULL,
    what      text        NOT NULL,
    facts     jsonb       NOT NULL
);
CREATE INDEX roster_changes_of_performer ON roster_changes (performer, id);

-- The roster's version: every change that may make somebody eligible adds one, so that a case that waits in the pool
-- is told to look again exactly when that may help.
CREATE TABLE roster_version (
    id      boolean PRIMARY KEY DEFAULT true CHECK (id),
    version bigint  NOT NULL
);
INSERT INTO roster_version (version) VALUES (1);

-- Who may agree that a case of the body waits; id is the identity provider's subject. One who may no longer keeps the row,
-- because holds name them.
CREATE TABLE approvers (
    body   text    NOT NULL REFERENCES awarding_bodies,
    id     text    NOT NULL CHECK (id <> ''),
    name   text    NOT NULL,
    email  text    NOT NULL,
    active boolean NOT NULL DEFAULT true,
    PRIMARY KEY (body, id)
);

-- Who could agree on which day: each row is an approver as they were from an instant on.
CREATE TABLE approver_changes (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body     text        NOT NULL,
    approver text        NOT NULL,
    at       timestamptz NOT NULL,
    name     text        NOT NULL,
    email    text        NOT NULL,
    active   boolean     NOT NULL,
    FOREIGN KEY (body, approver) REFERENCES approvers (body, id)
);

CREATE TABLE component_files (
    series    text   NOT NULL REFERENCES series,
    component text   NOT NULL REFERENCES components,
    kind      text   NOT NULL CHECK (kind IN ('scheme', 'paper')),
    key       text   NOT NULL,
    version   text   NOT NULL,
    sha256    text   NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size      bigint NOT NULL CHECK (size > 0),
    PRIMARY KEY (series, component, kind)
);

-- The candidate's script as it was scanned, and the copy without cover page that a performer may see.
CREATE TABLE scripts (
    result             bigint PRIMARY KEY REFERENCES component_results,
    original_key       text   NOT NULL,
    original_version   text   NOT NULL,
    original_sha256    text   NOT NULL CHECK (original_sha256 ~ '^[0-9a-f]{64}$'),
    original_size      bigint NOT NULL CHECK (original_size > 0),
    anonymised_key     text   NOT NULL,
    anonymised_version text   NOT NULL,
    anonymised_sha256  text   NOT NULL CHECK (anonymised_sha256 ~ '^[0-9a-f]{64}$'),
    anonymised_size    bigint NOT NULL CHECK (anonymised_size > 0)
);

-- What was done about a centre's marks in a moderated component, and where the sample is by which it was decided.
CREATE TABLE moderations (
    centre    text    NOT NULL REFERENCES centres,
    component text    NOT NULL REFERENCES components,
    series    text    NOT NULL REFERENCES series,
    changed   boolean NOT NULL,
    sample    text    NOT NULL CHECK (sample IN ('held', 'returned', 'lost')),
    moderator text    NOT NULL,
    checker   text,
    PRIMARY KEY (centre, component, series)
);
