-- The one switch that stops new writes to AWS; a row means that it is on.
CREATE TABLE pause (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- What one process at a time does for all of them. `claim` grows with every new holder.
CREATE TABLE duties (
    name TEXT NOT NULL PRIMARY KEY,
    claim BIGINT NOT NULL,
    holder TEXT NOT NULL,
    lease_until BIGINT NOT NULL
);
