-- A copy job holds a place in its destination project from its grant until its copy has ended. One
-- that is held waits for something else than its turn and stands in nobody's way. `interrupted`
-- says that the present claim took over from a worker that never gave the job back.
ALTER TABLE jobs ADD COLUMN holds_place BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE jobs ADD COLUMN held BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE jobs ADD COLUMN interrupted BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE jobs SET holds_place = TRUE
    WHERE kind = 'copy' AND ended_at IS NULL AND word IN ('Granting', 'Copying', 'Needs operator');
CREATE INDEX jobs_queue ON jobs (destination_project, number) WHERE ended_at IS NULL;

ALTER TABLE job_steps ADD COLUMN deadline_at BIGINT;

-- Tries of a step that did not bring it to its end.
CREATE TABLE job_attempts (
    job TEXT NOT NULL REFERENCES jobs (id),
    n BIGINT NOT NULL,
    step TEXT NOT NULL,
    outcome TEXT NOT NULL,
    cause TEXT,
    at BIGINT NOT NULL,
    next_at BIGINT,
    PRIMARY KEY (job, n)
);

-- What operators ask of jobs. The engine answers each; until then it is open.
CREATE TABLE job_requests (
    job TEXT NOT NULL REFERENCES jobs (id),
    n BIGINT NOT NULL,
    verb TEXT NOT NULL,
    actor TEXT NOT NULL,
    version TEXT,
    vouched BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    answered_at BIGINT,
    accepted BOOLEAN,
    answer TEXT,
    PRIMARY KEY (job, n)
);

-- Source projects that a grant was ever intended for. Each is looked through from time to time for
-- statements whose job has ended.
CREATE TABLE policy_sweeps (
    project TEXT NOT NULL PRIMARY KEY,
    claim BIGINT NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT,
    next_run_at BIGINT NOT NULL,
    intent TEXT,
    swept_at BIGINT,
    error TEXT
);
CREATE INDEX policy_sweeps_due ON policy_sweeps (next_run_at);
-- Grants from before this table lie on projects that are known.
INSERT INTO policy_sweeps (project, claim, next_run_at) SELECT arn, 0, 0 FROM projects;
