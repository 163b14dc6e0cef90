-- Statements in our policies that bear a Sid of ours and that no job of this database put: after a
-- restore they are those of jobs that it does not know. They are listed for a person and never
-- removed: another installation that was restored from the same backup may own them.
CREATE TABLE stray_statements (
    project TEXT NOT NULL,
    sid TEXT NOT NULL,
    policy TEXT NOT NULL,
    ends_at BIGINT,
    first_seen_at BIGINT NOT NULL,
    PRIMARY KEY (project, sid)
);
