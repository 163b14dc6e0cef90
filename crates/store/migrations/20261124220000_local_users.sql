-- Passwords of people of this installation, as PHC strings of argon2id.
CREATE TABLE local_credentials (
    person TEXT NOT NULL PRIMARY KEY,
    password_hash TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- One-time links, by the SHA-256 of their token. A row goes when it is used. `person` is empty while
-- the link is for somebody who does not exist yet: the administrator that it makes.
CREATE TABLE setup_links (
    token_hash TEXT NOT NULL PRIMARY KEY,
    person TEXT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX setup_links_person ON setup_links (person);

-- How much of an allowance of tries is used: all of it is back at `full_at`, and a row whose moment
-- has passed says the same as none. Keys are hashes; what somebody typed is not kept.
CREATE TABLE sign_in_throttle (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    full_at BIGINT NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE INDEX sign_in_throttle_full_at ON sign_in_throttle (full_at);

-- Browsers that a person has signed in from, by the SHA-256 of their cookie.
CREATE TABLE known_devices (
    token_hash TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX known_devices_person ON known_devices (person, expires_at);
