-- +goose Up
-- The record and all that is derived from it. What a column means stands with its field in
-- models/rows.go. Bytes are NULL when empty; words are '' when unknown, so no query needs a COALESCE.

CREATE TABLE meta (
    key   text NOT NULL PRIMARY KEY,
    value text NOT NULL
);

-- Numbers of cases; gaps are allowed.
CREATE TABLE case_numbers (
    id    integer NOT NULL PRIMARY KEY CHECK (id = 1),
    value integer NOT NULL -- the last one given out
);
INSERT INTO case_numbers (id, value) VALUES (1, 0);

-- Keys outlive what was sealed with them: an erased key stays as a row without bytes.
CREATE TABLE keys (
    id         text NOT NULL PRIMARY KEY,
    wrapped    blob,
    created_at datetime NOT NULL,
    erased_at  datetime
);

CREATE TABLE customers (
    id         text NOT NULL PRIMARY KEY,
    key_id     text NOT NULL REFERENCES keys (id),
    language   text NOT NULL,
    zone       text NOT NULL,
    profile    blob,
    created_at datetime NOT NULL,
    erased_at  datetime
);
CREATE INDEX customers_erased ON customers (erased_at) WHERE erased_at IS NOT NULL;

CREATE TABLE customer_digests (
    digest      text NOT NULL PRIMARY KEY,
    customer_id text NOT NULL REFERENCES customers (id),
    kind        text NOT NULL
);
CREATE INDEX customer_digests_customer ON customer_digests (customer_id);

CREATE TABLE people (
    id          text NOT NULL PRIMARY KEY,
    name        text NOT NULL,
    email       text NOT NULL,
    language    text NOT NULL,
    service     boolean NOT NULL,
    sample      boolean NOT NULL,
    roles       text, -- JSON
    departments text, -- JSON
    created_at  datetime NOT NULL,
    disabled_at datetime
);

CREATE TABLE departments (
    id          text NOT NULL PRIMARY KEY,
    name_zh     text NOT NULL,
    name_en     text NOT NULL,
    supervising text NOT NULL,
    sample      boolean NOT NULL,
    created_at  datetime NOT NULL,
    disabled_at datetime
);

CREATE TABLE categories (
    id      text NOT NULL PRIMARY KEY,
    parent  text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    sample  boolean NOT NULL
);

CREATE TABLE tokens (
    id         text NOT NULL PRIMARY KEY,
    person_id  text NOT NULL REFERENCES people (id),
    hash       blob NOT NULL,
    created_at datetime NOT NULL,
    expires_at datetime NOT NULL,
    revoked_at datetime,
    used_at    datetime
);
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);
CREATE INDEX tokens_person ON tokens (person_id);

CREATE TABLE cases (
    id                  text NOT NULL PRIMARY KEY,
    number              text NOT NULL,
    seq                 integer NOT NULL,
    hash                blob,
    state               text NOT NULL,
    severity            text NOT NULL,
    nature              text NOT NULL,
    attribution         text NOT NULL,
    cause               text NOT NULL,
    outcome             text NOT NULL,
    channel             text NOT NULL,
    category            text NOT NULL,
    region              text NOT NULL,
    product             text NOT NULL,
    model               text NOT NULL,
    language            text NOT NULL,
    zone                text NOT NULL,
    customer_id         text NOT NULL, -- '' when anonymous
    key_id              text NOT NULL REFERENCES keys (id),
    department          text NOT NULL,
    supervising         text NOT NULL,
    assignee            text NOT NULL,
    recorded_by         text NOT NULL,
    anonymous           boolean NOT NULL,
    confidential        boolean NOT NULL,
    mystery_shopper     boolean NOT NULL,
    sample              boolean NOT NULL,
    policy              text NOT NULL,
    cycle               integer NOT NULL,
    reworks             integer NOT NULL,
    breached            boolean NOT NULL,
    escalated           boolean NOT NULL,
    close_reason        text NOT NULL,
    next_due            datetime,
    received_at         datetime NOT NULL,
    recorded_at         datetime NOT NULL,
    first_reply_at      datetime,
    first_dispatched_at datetime,
    first_accepted_at   datetime,
    first_solution_at   datetime,
    first_resolved_at   datetime,
    resolved_at         datetime,
    result_told_at      datetime,
    closed_at           datetime,
    archived_at         datetime,
    response_limit_at   datetime NOT NULL,
    response_target_at  datetime,
    feedback_limit_at   datetime NOT NULL,
    handling_due_at     datetime NOT NULL,
    result_score        integer NOT NULL,
    offered             integer NOT NULL,
    answered            integer NOT NULL,
    snapshot            blob,
    updated_at          datetime NOT NULL
);
CREATE UNIQUE INDEX cases_number ON cases (number);
CREATE INDEX cases_received ON cases (received_at, id);
CREATE INDEX cases_state ON cases (state, received_at, id);
CREATE INDEX cases_department ON cases (department, received_at, id);
CREATE INDEX cases_assignee ON cases (assignee, received_at, id);
CREATE INDEX cases_recorded_by ON cases (recorded_by, received_at, id);
CREATE INDEX cases_customer ON cases (customer_id);
CREATE INDEX cases_live ON cases (id) WHERE state <> 'archived';

CREATE TABLE entries (
    case_id    text NOT NULL REFERENCES cases (id),
    seq        integer NOT NULL,
    id         text NOT NULL,
    kind       text NOT NULL,
    cycle      integer NOT NULL,
    command    text NOT NULL,
    decided_at datetime NOT NULL,
    body       blob NOT NULL,
    hash       blob NOT NULL,
    PRIMARY KEY (case_id, seq)
);
CREATE UNIQUE INDEX entries_id ON entries (id);

CREATE TABLE texts (
    ref       text NOT NULL PRIMARY KEY,
    case_id   text NOT NULL REFERENCES cases (id),
    key_id    text NOT NULL REFERENCES keys (id),
    command   text NOT NULL,
    name      text NOT NULL,
    sealed    blob,
    digest    text NOT NULL,
    seq       integer NOT NULL, -- 0: staged only
    staged_at datetime NOT NULL
);
CREATE INDEX texts_case ON texts (case_id, seq);
CREATE INDEX texts_key ON texts (key_id);
CREATE INDEX texts_staged ON texts (staged_at) WHERE seq = 0;

CREATE TABLE start_intents (
    case_id      text NOT NULL PRIMARY KEY REFERENCES cases (id),
    severity     text NOT NULL,
    restart      text NOT NULL,
    attempts     integer NOT NULL,
    created_at   datetime NOT NULL,
    next_at      datetime NOT NULL,
    started_at   datetime,
    last_failure text NOT NULL
);
CREATE INDEX start_intents_next ON start_intents (next_at) WHERE started_at IS NULL;
CREATE INDEX start_intents_severity ON start_intents (severity, next_at) WHERE started_at IS NULL;
CREATE INDEX start_intents_oldest ON start_intents (created_at) WHERE started_at IS NULL;

CREATE TABLE idempotency_keys (
    principal  text NOT NULL,
    route      text NOT NULL,
    key        text NOT NULL,
    body_hash  blob,
    state      text NOT NULL,
    status     integer NOT NULL,
    answer     blob,
    created_at datetime NOT NULL,
    lease_at   datetime NOT NULL,
    PRIMARY KEY (principal, route, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

CREATE TABLE alerts (
    id              text NOT NULL PRIMARY KEY,
    case_id         text NOT NULL REFERENCES cases (id),
    key             text NOT NULL,
    seq             integer NOT NULL,
    clock           text NOT NULL,
    bound           text NOT NULL,
    rung            integer NOT NULL,
    repeat          integer NOT NULL,
    roles           text, -- JSON
    severity        text NOT NULL,
    department      text NOT NULL,
    assignee        text NOT NULL,
    due_at          datetime NOT NULL,
    fired_at        datetime NOT NULL,
    ack_by          datetime,
    superseded      boolean NOT NULL,
    late_by         integer NOT NULL, -- nanoseconds
    late_reason     text NOT NULL,
    acknowledged_at datetime,
    acknowledged_by text NOT NULL,
    ended_at        datetime
);
CREATE UNIQUE INDEX alerts_key ON alerts (case_id, key);
CREATE INDEX alerts_fired ON alerts (fired_at, id);

CREATE TABLE messages (
    id         text NOT NULL PRIMARY KEY,
    case_id    text NOT NULL REFERENCES cases (id),
    seq        integer NOT NULL,
    template   text NOT NULL,
    channel    text NOT NULL,
    person     text NOT NULL, -- '': the customer, or roles or a department's head not yet resolved
    roles      text, -- JSON
    department text NOT NULL,
    language   text NOT NULL,
    state      text NOT NULL,
    attempts   integer NOT NULL,
    next_at    datetime NOT NULL,
    created_at datetime NOT NULL,
    sent_at    datetime,
    read_at    datetime,
    last_error text NOT NULL,
    key_id     text NOT NULL, -- '' while there is no body
    body       blob
);
CREATE INDEX messages_case ON messages (case_id, seq);
CREATE INDEX messages_person ON messages (person, created_at, id) WHERE person <> '';
CREATE INDEX messages_next ON messages (next_at) WHERE state = 'pending';

CREATE TABLE surveys (
    case_id     text NOT NULL REFERENCES cases (id),
    cycle       integer NOT NULL,
    offered_at  datetime NOT NULL,
    expires_at  datetime NOT NULL,
    answered_at datetime,
    PRIMARY KEY (case_id, cycle)
);

CREATE TABLE links (
    hash       text NOT NULL PRIMARY KEY,
    case_id    text NOT NULL REFERENCES cases (id),
    kind       text NOT NULL,
    cycle      integer NOT NULL,
    created_at datetime NOT NULL,
    expires_at datetime
);
CREATE INDEX links_case ON links (case_id);

CREATE TABLE incomings (
    id          text NOT NULL PRIMARY KEY,
    case_id     text NOT NULL REFERENCES cases (id),
    verb        text NOT NULL,
    cycle       integer NOT NULL,
    command     blob,
    state       text NOT NULL,
    refusal     text NOT NULL,
    attempts    integer NOT NULL,
    received_at datetime NOT NULL,
    next_at     datetime NOT NULL,
    passed_at   datetime
);
CREATE INDEX incomings_case ON incomings (case_id, received_at, id);
CREATE INDEX incomings_next ON incomings (next_at) WHERE state = 'pending';

CREATE TABLE call_tasks (
    case_id    text NOT NULL REFERENCES cases (id),
    cycle      integer NOT NULL,
    attempt    integer NOT NULL,
    caller     text NOT NULL,
    not_before datetime NOT NULL,
    until      datetime NOT NULL,
    script     text NOT NULL,
    outcome    text NOT NULL,
    done_at    datetime,
    PRIMARY KEY (case_id, cycle, attempt)
);
CREATE INDEX call_tasks_open ON call_tasks (not_before) WHERE done_at IS NULL;

CREATE TABLE archives (
    case_id   text NOT NULL PRIMARY KEY REFERENCES cases (id),
    seq       integer NOT NULL,
    head      blob,
    digest    blob,
    document  blob,
    sealed_at datetime NOT NULL
);

-- +goose Down
DROP TABLE archives;
DROP TABLE call_tasks;
DROP TABLE incomings;
DROP TABLE links;
DROP TABLE surveys;
DROP TABLE messages;
DROP TABLE alerts;
DROP TABLE idempotency_keys;
DROP TABLE start_intents;
DROP TABLE texts;
DROP TABLE entries;
DROP TABLE cases;
DROP TABLE tokens;
DROP TABLE categories;
DROP TABLE departments;
DROP TABLE people;
DROP TABLE customer_digests;
DROP TABLE customers;
DROP TABLE keys;
DROP TABLE case_numbers;
DROP TABLE meta;
