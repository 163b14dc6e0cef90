-- A person is (issuer, subject), whatever name or address they have at present. Service accounts
-- are rows of the issuer `service`. `version` rises when what they may, or whether they may come in,
-- changes; streams opened under an older one end.
CREATE TABLE people (
    id TEXT NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    signed_in_at BIGINT,
    CONSTRAINT people_subject UNIQUE (issuer, subject)
);

-- Names, apart from everything that is chained: the audit holds only `hash`, and a name can be
-- replaced without breaking the chain. The newest row is the name at present.
CREATE TABLE person_names (
    person TEXT NOT NULL REFERENCES people (id),
    hash TEXT NOT NULL,
    name TEXT NOT NULL,
    salt TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (person, hash)
);

-- `source` tells who keeps a row up to date: an admin (`given`) or the sign-in (`groups`).
CREATE TABLE person_roles (
    person TEXT NOT NULL REFERENCES people (id),
    assignment TEXT NOT NULL,
    source TEXT NOT NULL,
    given_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (person, assignment, source)
);

-- A person at one browser. A session of the cookie names one of these rows; without the row it is
-- signed out.
CREATE TABLE sign_ins (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    method TEXT NOT NULL,
    at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    address TEXT,
    browser TEXT NOT NULL
);
CREATE INDEX sign_ins_person ON sign_ins (person);
