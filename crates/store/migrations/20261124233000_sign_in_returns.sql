-- Sign-ins through a provider that have come back: each may do so once. A row is of no use after
-- `keep_until`, when its attempt would be refused for its age.
CREATE TABLE sign_in_returns (
    attempt TEXT NOT NULL PRIMARY KEY,
    keep_until BIGINT NOT NULL
);
CREATE INDEX sign_in_returns_keep_until ON sign_in_returns (keep_until);
