-- +goose Up
-- The record and all that is derived from it. What a column means stands with its field in
-- models/rows.go. Bytes are NULL when empty; words are '' when unknown, so no query needs a COALESCE. Ids compare
-- by bytes (COLLATE "C"), so that lists are ordered alike in both databases.

CREATE TABLE meta (
    key   text NOT NULL PRIMARY KEY,
    value text NOT NULL
);

-- Numbers of cases; gaps are allowed.
CREATE SEQUENCE case_numbers AS bigint;

-- Keys outlive what was sealed with them: an erased key stays as a row without bytes.
CREATE TABLE keys (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    wrapped    bytea,
    created_at timestamptz NOT NULL,
    erased_at  timestamptz
);

CREATE TABLE customers (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    key_id     text COLLATE "C" NOT NULL REFERENCES keys (id),
    language   text NOT NULL,
    zone       text NOT NULL,
    profile    bytea,
    created_at timestamptz NOT NULL,
    erased_at  timestamptz
);
CREATE INDEX customers_erased ON customers (erased_at) WHERE erased_at IS NOT NULL;

CREATE TABLE customer_digests (
    digest      text COLLATE "C" NOT NULL PRIMARY KEY,
    customer_id text COLLATE "C" NOT NULL REFERENCES customers (id),
    kind        text NOT NULL
);
CREATE INDEX customer_digests_customer ON customer_digests (customer_id);

CREATE TABLE people (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    name        text NOT NULL,
    email       text NOT NULL,
    language    text NOT NULL,
    service     boolean NOT NULL,
    sample      boolean NOT NULL,
    roles       text, -- JSON
    departments text, -- JSON
    created_at  timestamptz NOT NULL,
    disabled_at timestamptz
);

CREATE TABLE departments (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    name_zh     text NOT NULL,
    name_en     text NOT NULL,
    supervising text NOT NULL,
    sample      boolean NOT NULL,
    created_at  timestamptz NOT NULL,
    disabled_at timestamptz
);

CREATE TABLE categories (
    id      text COLLATE "C" NOT NULL PRIMARY KEY,
    parent  text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    sample  boolean NOT NULL
);

CREATE TABLE tokens (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    person_id  text COLLATE "C" NOT NULL REFERENCES people (id),
    hash       bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    used_at    timestamptz
);
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);
CREATE INDEX tokens_person ON tokens (person_id);

CREATE TABLE cases (
    id                  text COLLATE "C" NOT NULL PRIMARY KEY,
    number              text COLLATE "C" NOT NULL,
    seq                 bigint NOT NULL,
    hash                bytea,
    state               text NOT NULL,
    severity            text NOT NULL,
    nature              text NOT NULL,
    attribution         text NOT NULL,
    cause               text NOT NULL,
    outcome             text NOT NULL,
    channel             text NOT NULL,
    category            text COLLATE "C" NOT NULL,
    region              text NOT NULL,
    product             text NOT NULL,
    model               text NOT NULL,
    language            text NOT NULL,
    zone                text NOT NULL,
    customer_id         text COLLATE "C" NOT NULL, -- '' when anonymous
    key_id              text COLLATE "C" NOT NULL REFERENCES keys (id),
    department          text COLLATE "C" NOT NULL,
    supervising         text COLLATE "C" NOT NULL,
    assignee            text COLLATE "C" NOT NULL,
    recorded_by         text COLLATE "C" NOT NULL,
    anonymous           boolean NOT NULL,
    confidential        boolean NOT NULL,
    mystery_shopper     boolean NOT NULL,
    sample              boolean NOT NULL,
    policy              text NOT NULL,
    cycle               bigint NOT NULL,
    reworks             bigint NOT NULL,
    breached            boolean NOT NULL,
    escalated           boolean NOT NULL,
    close_reason        text NOT NULL,
    next_due            timestamptz,
    received_at         timestamptz NOT NULL,
    recorded_at         timestamptz NOT NULL,
    first_reply_at      timestamptz,
    first_dispatched_at timestamptz,
    first_accepted_at   timestamptz,
    first_solution_at   timestamptz,
    first_resolved_at   timestamptz,
    resolved_at         timestamptz,
    result_told_at      timestamptz,
    closed_at           timestamptz,
    archived_at         timestamptz,
    response_limit_at   timestamptz NOT NULL,
    response_target_at  timestamptz,
    feedback_limit_at   timestamptz NOT NULL,
    handling_due_at     timestamptz NOT NULL,
    result_score        bigint NOT NULL,
    offered             bigint NOT NULL,
    answered            bigint NOT NULL,
    snapshot            bytea,
    updated_at          timestamptz NOT NULL
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
    case_id    text COLLATE "C" NOT NULL REFERENCES cases (id),
    seq        bigint NOT NULL,
    id         text COLLATE "C" NOT NULL,
    kind       text NOT NULL,
    cycle      bigint NOT NULL,
    command    text NOT NULL,
    decided_at timestamptz NOT NULL,
    body       bytea NOT NULL,
    hash       bytea NOT NULL,
    PRIMARY KEY (case_id, seq)
);
CREATE UNIQUE INDEX entries_id ON entries (id);

CREATE TABLE texts (
    ref       text COLLATE "C" NOT NULL PRIMARY KEY,
    case_id   text COLLATE "C" NOT NULL REFERENCES cases (id),
    key_id    text COLLATE "C" NOT NULL REFERENCES keys (id),
    command   text COLLATE "C" NOT NULL,
    name      text NOT NULL,
    sealed    bytea,
    digest    text NOT NULL,
    seq       bigint NOT NULL, -- 0: staged only
    staged_at timestamptz NOT NULL
);
CREATE INDEX texts_case ON texts (case_id, seq);
CREATE INDEX texts_key ON texts (key_id);
CREATE INDEX texts_staged ON texts (staged_at) WHERE seq = 0;

CREATE TABLE start_intents (
    case_id      text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES cases (id),
    severity     text NOT NULL,
    restart      text NOT NULL,
    attempts     bigint NOT NULL,
    created_at   timestamptz NOT NULL,
    next_at      timestamptz NOT NULL,
    started_at   timestamptz,
    last_failure text NOT NULL
);
CREATE INDEX start_intents_next ON start_intents (next_at) WHERE started_at IS NULL;
CREATE INDEX start_intents_severity ON start_intents (severity, next_at) WHERE started_at IS NULL;
CREATE INDEX start_intents_oldest ON start_intents (created_at) WHERE started_at IS NULL;

CREATE TABLE idempotency_keys (
    principal  text COLLATE "C" NOT NULL,
    route      text COLLATE "C" NOT NULL,
    key        text COLLATE "C" NOT NULL,
    body_hash  bytea,
    state      text NOT NULL,
    status     bigint NOT NULL,
    answer     bytea,
    created_at timestamptz NOT NULL,
    lease_at   timestamptz NOT NULL,
    PRIMARY KEY (principal, route, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

CREATE TABLE alerts (
    id              text COLLATE "C" NOT NULL PRIMARY KEY,
    case_id         text COLLATE "C" NOT NULL REFERENCES cases (id),
    key             text COLLATE "C" NOT NULL,
    seq             bigint NOT NULL,
    clock           text NOT NULL,
    bound           text NOT NULL,
    rung            bigint NOT NULL,
    repeat          bigint NOT NULL,
    roles           text, -- JSON
    severity        text NOT NULL,
    department      text COLLATE "C" NOT NULL,
    assignee        text COLLATE "C" NOT NULL,
    due_at          timestamptz NOT NULL,
    fired_at        timestamptz NOT NULL,
    ack_by          timestamptz,
    superseded      boolean NOT NULL,
    late_by         bigint NOT NULL, -- nanoseconds
    late_reason     text NOT NULL,
    acknowledged_at timestamptz,
    acknowledged_by text NOT NULL,
    ended_at        timestamptz
);
CREATE UNIQUE INDEX alerts_key ON alerts (case_id, key);
CREATE INDEX alerts_fired ON alerts (fired_at, id);

CREATE TABLE messages (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    case_id    text COLLATE "C" NOT NULL REFERENCES cases (id),
    seq        bigint NOT NULL,
    template   text NOT NULL,
    channel    text NOT NULL,
    person     text COLLATE "C" NOT NULL, -- '': the customer, or roles or a department's head not yet resolved
    roles      text, -- JSON
    department text COLLATE "C" NOT NULL,
    language   text NOT NULL,
    state      text NOT NULL,
    attempts   bigint NOT NULL,
    next_at    timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    sent_at    timestamptz,
    read_at    timestamptz,
    last_error text NOT NULL,
    key_id     text COLLATE "C" NOT NULL, -- '' while there is no body
    body       bytea
);
CREATE INDEX messages_case ON messages (case_id, seq);
CREATE INDEX messages_person ON messages (person, created_at, id) WHERE person <> '';
CREATE INDEX messages_next ON messages (next_at) WHERE state = 'pending';

CREATE TABLE surveys (
    case_id     text COLLATE "C" NOT NULL REFERENCES cases (id),
    cycle       bigint NOT NULL,
    offered_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    answered_at timestamptz,
    PRIMARY KEY (case_id, cycle)
);

CREATE TABLE links (
    hash       text COLLATE "C" NOT NULL PRIMARY KEY,
    case_id    text COLLATE "C" NOT NULL REFERENCES cases (id),
    kind       text NOT NULL,
    cycle      bigint NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz
);
CREATE INDEX links_case ON links (case_id);

CREATE TABLE incomings (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    case_id     text COLLATE "C" NOT NULL REFERENCES cases (id),
    verb        text NOT NULL,
    cycle       bigint NOT NULL,
    command     bytea,
    state       text NOT NULL,
    refusal     text NOT NULL,
    attempts    bigint NOT NULL,
    received_at timestamptz NOT NULL,
    next_at     timestamptz NOT NULL,
    passed_at   timestamptz
);
CREATE INDEX incomings_case ON incomings (case_id, received_at, id);
CREATE INDEX incomings_next ON incomings (next_at) WHERE state = 'pending';

CREATE TABLE call_tasks (
    case_id    text COLLATE "C" NOT NULL REFERENCES cases (id),
    cycle      bigint NOT NULL,
    attempt    bigint NOT NULL,
    caller     text COLLATE "C" NOT NULL,
    not_before timestamptz NOT NULL,
    until      timestamptz NOT NULL,
    script     text NOT NULL,
    outcome    text NOT NULL,
    done_at    timestamptz,
    PRIMARY KEY (case_id, cycle, attempt)
);
CREATE INDEX call_tasks_open ON call_tasks (not_before) WHERE done_at IS NULL;

CREATE TABLE archives (
    case_id   text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES cases (id),
    seq       bigint NOT NULL,
    head      bytea,
    digest    bytea,
    document  bytea,
    sealed_at timestamptz NOT NULL
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
DROP SEQUENCE case_numbers;
DROP TABLE meta;
