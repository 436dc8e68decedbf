-- +goose Up
-- What figures read of a case beside its row: each cycle, each lever pulled, each while in somebody's hands. They
-- are projected from the events and written with them. No foreign keys: they would cost every event a look
-- at its case, whose row the same transaction writes; recourse check looks for rows of no case.

CREATE TABLE facts (
    case_id             text NOT NULL,
    cycle               integer NOT NULL,
    began_at            datetime NOT NULL,
    ended_at            datetime,
    response_started_at datetime,
    response_ended_at   datetime,
    response_target     datetime,
    response_limit      datetime,
    response_end        text NOT NULL,
    response_gross      integer NOT NULL, -- nanoseconds
    response_net        integer NOT NULL,
    response_unpaused   datetime,
    response_department text NOT NULL, -- at the decisive moment
    response_person     text NOT NULL,
    feedback_started_at datetime,
    feedback_ended_at   datetime,
    feedback_target     datetime,
    feedback_limit      datetime,
    feedback_end        text NOT NULL,
    feedback_gross      integer NOT NULL, -- nanoseconds
    feedback_net        integer NOT NULL,
    feedback_unpaused   datetime,
    feedback_department text NOT NULL, -- at the decisive moment
    feedback_person     text NOT NULL,
    handling_started_at datetime,
    handling_ended_at   datetime,
    handling_target     datetime,
    handling_limit      datetime,
    handling_end        text NOT NULL,
    handling_gross      integer NOT NULL, -- nanoseconds
    handling_net        integer NOT NULL,
    handling_unpaused   datetime,
    handling_department text NOT NULL, -- at the decisive moment
    handling_person     text NOT NULL,
    solution_at         datetime,
    resolved_at         datetime,
    result_told_at      datetime,
    closed_at           datetime,
    interim             boolean NOT NULL,
    settled             boolean NOT NULL,
    missing             integer NOT NULL, -- steps, one bit each
    late                boolean NOT NULL,
    settled_at          datetime,
    interim_at          datetime,
    contact_at          datetime,
    proposed_at         datetime,
    minutes_at          datetime,
    approved_at         datetime,
    complete_at         datetime,
    called_at           datetime,
    confirmed_at        datetime,
    words               text, -- JSON: instants
    offered_at          datetime,
    answered_at         datetime,
    answered_by         text NOT NULL,
    process             integer NOT NULL,
    result              integer NOT NULL,
    speed               integer NOT NULL,
    attitude            integer NOT NULL,
    recommend           integer,
    PRIMARY KEY (case_id, cycle)
);

CREATE TABLE levers (
    case_id    text NOT NULL,
    seq        integer NOT NULL, -- of the event
    move       integer NOT NULL, -- of an adopted event, from 1
    kind       text NOT NULL,
    cycle      integer NOT NULL,
    at         datetime NOT NULL,
    person     text NOT NULL,
    department text NOT NULL,
    bell       boolean NOT NULL,
    since      datetime,
    bound      datetime,
    PRIMARY KEY (case_id, seq, move, kind)
);

CREATE TABLE ownerships (
    case_id    text NOT NULL,
    part       integer NOT NULL,
    seq        integer NOT NULL,
    cycle      integer NOT NULL,
    department text NOT NULL,
    person     text NOT NULL,
    pause      text NOT NULL,
    from_at    datetime NOT NULL,
    until_at   datetime,
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
