-- +goose Up
-- What figures read of a case beside its row: each cycle, each lever pulled, each while in somebody's hands. They
-- are projected from the events and written with them. No foreign keys: they would cost every event a look
-- at its case, whose row the same transaction writes; recourse check looks for rows of no case.

CREATE TABLE facts (
    case_id             text COLLATE "C" NOT NULL,
    cycle               integer NOT NULL,
    began_at            timestamptz NOT NULL,
    ended_at            timestamptz,
    response_started_at timestamptz,
    response_ended_at   timestamptz,
    response_target     timestamptz,
    response_limit      timestamptz,
    response_end        text NOT NULL,
    response_gross      bigint NOT NULL, -- nanoseconds
    response_net        bigint NOT NULL,
    response_unpaused   timestamptz,
    response_department text COLLATE "C" NOT NULL, -- at the decisive moment
    response_person     text COLLATE "C" NOT NULL,
    feedback_started_at timestamptz,
    feedback_ended_at   timestamptz,
    feedback_target     timestamptz,
    feedback_limit      timestamptz,
    feedback_end        text NOT NULL,
    feedback_gross      bigint NOT NULL, -- nanoseconds
    feedback_net        bigint NOT NULL,
    feedback_unpaused   timestamptz,
    feedback_department text COLLATE "C" NOT NULL, -- at the decisive moment
    feedback_person     text COLLATE "C" NOT NULL,
    handling_started_at timestamptz,
    handling_ended_at   timestamptz,
    handling_target     timestamptz,
    handling_limit      timestamptz,
    handling_end        text NOT NULL,
    handling_gross      bigint NOT NULL, -- nanoseconds
    handling_net        bigint NOT NULL,
    handling_unpaused   timestamptz,
    handling_department text COLLATE "C" NOT NULL, -- at the decisive moment
    handling_person     text COLLATE "C" NOT NULL,
    solution_at         timestamptz,
    resolved_at         timestamptz,
    result_told_at      timestamptz,
    closed_at           timestamptz,
    interim             boolean NOT NULL,
    settled             boolean NOT NULL,
    missing             integer NOT NULL, -- steps, one bit each
    late                boolean NOT NULL,
    settled_at          timestamptz,
    interim_at          timestamptz,
    contact_at          timestamptz,
    proposed_at         timestamptz,
    minutes_at          timestamptz,
    approved_at         timestamptz,
    complete_at         timestamptz,
    called_at           timestamptz,
    confirmed_at        timestamptz,
    words               text, -- JSON: instants
    offered_at          timestamptz,
    answered_at         timestamptz,
    answered_by         text NOT NULL,
    process             integer NOT NULL,
    result              integer NOT NULL,
    speed               integer NOT NULL,
    attitude            integer NOT NULL,
    recommend           integer,
    PRIMARY KEY (case_id, cycle)
);

CREATE TABLE levers (
    case_id    text COLLATE "C" NOT NULL,
    seq        bigint NOT NULL, -- of the event
    move       integer NOT NULL, -- of an adopted event, from 1
    kind       text COLLATE "C" NOT NULL,
    cycle      integer NOT NULL,
    at         timestamptz NOT NULL,
    person     text COLLATE "C" NOT NULL,
    department text COLLATE "C" NOT NULL,
    bell       boolean NOT NULL,
    since      timestamptz,
    bound      timestamptz,
    PRIMARY KEY (case_id, seq, move, kind)
);

CREATE TABLE ownerships (
    case_id    text COLLATE "C" NOT NULL,
    part       integer NOT NULL,
    seq        bigint NOT NULL,
    cycle      integer NOT NULL,
    department text COLLATE "C" NOT NULL,
    person     text COLLATE "C" NOT NULL,
    pause      text NOT NULL,
    from_at    timestamptz NOT NULL,
    until_at   timestamptz,
    PRIMARY KEY (case_id, part)
);

-- Readers in memory follow what was written, by (touched_at, id).
DROP INDEX cases_touched;
CREATE INDEX cases_touched ON cases (touched_at, id);

-- +goose Down
DROP INDEX cases_touched;
CREATE INDEX cases_touched ON cases (touched_at);
DROP TABLE ownerships;
DROP TABLE levers;
DROP TABLE facts;
