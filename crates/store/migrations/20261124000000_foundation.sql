-- One text for SQLite and PostgreSQL: ids, words and JSON as TEXT, moments as BIGINT milliseconds
-- since 1970, counts as BIGINT. Names of constraints are known to src/constraint.rs.

-- The one row of numbers. Every writing transaction holds it, and its last statement updates it.
CREATE TABLE ledger_head (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    epoch BIGINT NOT NULL,
    event_seq BIGINT NOT NULL,
    audit_seq BIGINT NOT NULL,
    audit_hash TEXT NOT NULL
);
INSERT INTO ledger_head (one, epoch, event_seq, audit_seq, audit_hash)
VALUES (1, 1, 0, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- `entry` is the canonical JSON that is hashed; the columns beside it only serve searching.
CREATE TABLE audit (
    n BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    entry TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject_kind, subject_id, n);

CREATE TABLE events (
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    environment TEXT,
    view TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (epoch, seq)
);

CREATE TABLE installation (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Numbers for people. Counted here and not by a sequence, so that none is lost to a rollback.
CREATE TABLE numbers (
    series TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO numbers (series, last) VALUES ('proposal', 0), ('job', 0);

CREATE TABLE sessions (
    id_hash TEXT NOT NULL PRIMARY KEY,
    data TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    result TEXT NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT idempotency_key PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE environments (
    name TEXT NOT NULL,
    position BIGINT NOT NULL,
    colour TEXT NOT NULL,
    protected BOOLEAN NOT NULL,
    rule_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT environments_name PRIMARY KEY (name),
    CONSTRAINT environments_position UNIQUE (position)
);

-- Rules are never edited: proposals name the version that they were made under.
CREATE TABLE environment_rules (
    environment TEXT NOT NULL REFERENCES environments (name),
    version BIGINT NOT NULL,
    approvals BIGINT NOT NULL,
    run_within_ms BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT environment_rules_version PRIMARY KEY (environment, version)
);

CREATE TABLE accounts (
    number TEXT NOT NULL,
    alias TEXT NOT NULL,
    environment TEXT NOT NULL REFERENCES environments (name),
    position BIGINT NOT NULL,
    regions TEXT NOT NULL,
    reader TEXT NOT NULL,
    promoter TEXT NOT NULL,
    external_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT accounts_number PRIMARY KEY (number),
    CONSTRAINT accounts_alias UNIQUE (alias)
);

CREATE TABLE role_tests (
    account TEXT NOT NULL REFERENCES accounts (number) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    tested_at BIGINT NOT NULL,
    result TEXT NOT NULL,
    PRIMARY KEY (account, purpose)
);

-- The last look at each thing that is listed in AWS as a whole.
CREATE TABLE looks (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    looked_at BIGINT NOT NULL,
    seen_at BIGINT,
    error TEXT,
    PRIMARY KEY (kind, subject)
);

CREATE TABLE projects (
    arn TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    status TEXT NOT NULL,
    created BIGINT,
    seen_at BIGINT NOT NULL
);
CREATE INDEX projects_account ON projects (account, region);

CREATE TABLE model_versions (
    arn TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (arn) ON DELETE CASCADE,
    status TEXT NOT NULL,
    status_message TEXT,
    created BIGINT,
    f1 DOUBLE PRECISION,
    source TEXT,
    output_bucket TEXT,
    output_prefix TEXT,
    kms_key TEXT,
    seen_at BIGINT NOT NULL
);
CREATE INDEX model_versions_project ON model_versions (project);

CREATE TABLE project_policies (
    project TEXT NOT NULL REFERENCES projects (arn) ON DELETE CASCADE,
    name TEXT NOT NULL,
    revision TEXT NOT NULL,
    document TEXT NOT NULL,
    created BIGINT,
    updated BIGINT,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (project, name)
);

CREATE TABLE proposals (
    id TEXT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    word TEXT NOT NULL,
    state TEXT NOT NULL,
    environment TEXT NOT NULL REFERENCES environments (name),
    requester TEXT NOT NULL,
    reason TEXT,
    plan_number BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    row_version BIGINT NOT NULL,
    CONSTRAINT proposals_id PRIMARY KEY (id),
    CONSTRAINT proposals_number UNIQUE (number)
);

-- Every plan that a proposal had: approvals are given for one of them.
CREATE TABLE plans (
    proposal TEXT NOT NULL REFERENCES proposals (id),
    number BIGINT NOT NULL,
    canonical TEXT NOT NULL,
    digest TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (proposal, number)
);

CREATE TABLE approvals (
    proposal TEXT NOT NULL,
    plan_number BIGINT NOT NULL,
    actor TEXT NOT NULL,
    digest TEXT NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT approvals_once PRIMARY KEY (proposal, plan_number, actor),
    FOREIGN KEY (proposal, plan_number) REFERENCES plans (proposal, number)
);

CREATE TABLE jobs (
    id TEXT NOT NULL,
    number BIGINT NOT NULL,
    proposal TEXT NOT NULL REFERENCES proposals (id),
    kind TEXT NOT NULL,
    word TEXT NOT NULL,
    state TEXT NOT NULL,
    environment TEXT NOT NULL REFERENCES environments (name),
    source_account TEXT NOT NULL,
    destination_account TEXT,
    destination_project TEXT,
    version_name TEXT,
    claim BIGINT NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT,
    next_run_at BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    aws_status TEXT,
    aws_seen_at BIGINT,
    next_look_at BIGINT,
    aws_request_id TEXT,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    row_version BIGINT NOT NULL,
    CONSTRAINT jobs_id PRIMARY KEY (id),
    CONSTRAINT jobs_number UNIQUE (number),
    CONSTRAINT jobs_proposal UNIQUE (proposal)
);
-- At most one job at a time may bring a version of one name into one project.
CREATE UNIQUE INDEX jobs_active_copy ON jobs (destination_project, version_name)
    WHERE ended_at IS NULL;
CREATE INDEX jobs_due ON jobs (next_run_at) WHERE ended_at IS NULL;

CREATE TABLE job_steps (
    job TEXT NOT NULL REFERENCES jobs (id),
    step TEXT NOT NULL,
    position BIGINT NOT NULL,
    status TEXT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    attempt BIGINT NOT NULL,
    note TEXT,
    PRIMARY KEY (job, step)
);

CREATE TABLE job_calls (
    job TEXT NOT NULL REFERENCES jobs (id),
    n BIGINT NOT NULL,
    step TEXT NOT NULL,
    operation TEXT NOT NULL,
    answer TEXT NOT NULL,
    at BIGINT NOT NULL,
    took_ms BIGINT NOT NULL,
    request_id TEXT,
    PRIMARY KEY (job, n)
);
