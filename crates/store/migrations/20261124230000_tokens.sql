-- What programs come in with, each for one person or service account. The token itself is not kept:
-- `hash` is its SHA-256. A revoked or expired one keeps its row, so that the list shows it.
CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    scope TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT,
    CONSTRAINT tokens_hash UNIQUE (hash)
);
CREATE INDEX tokens_person ON tokens (person);
