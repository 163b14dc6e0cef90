-- Who, what and in which phase, beside the text of an entry, for searching. Empty in rows of before:
-- the program fills them from the text when it opens the database to serve it.
ALTER TABLE audit ADD COLUMN actor TEXT;
ALTER TABLE audit ADD COLUMN action TEXT;
ALTER TABLE audit ADD COLUMN phase TEXT;
CREATE INDEX audit_unfilled ON audit (n) WHERE phase IS NULL;
CREATE INDEX audit_actor ON audit (actor, n);
CREATE INDEX audit_action ON audit (action, n);
CREATE INDEX audit_phase ON audit (phase, n);
-- The last refusal of one person and action, asked for before another one is written.
CREATE INDEX audit_refused ON audit (actor, action, n) WHERE phase = 'refused';
-- No two kinds of things share an id, and people search by id alone.
DROP INDEX audit_subject;
CREATE INDEX audit_subject ON audit (subject_id, n);
