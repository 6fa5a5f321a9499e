-- The audit as a chain: each line carries the hash of itself and of the line before it, and the head says how many there
-- must be. Lines of before get their hashes when the catalog is opened.

ALTER TABLE audit ADD COLUMN before TEXT;
ALTER TABLE audit ADD COLUMN after TEXT;
ALTER TABLE audit ADD COLUMN hash TEXT;
CREATE INDEX audit_by_time ON audit (at);

CREATE TABLE audit_head (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    lines BIGINT NOT NULL,
    hash  TEXT NOT NULL
);
INSERT INTO audit_head (one, lines, hash) VALUES (1, 0, '');

-- Nothing here changes or removes a line; whoever tries by mistake is told.
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit WHEN OLD.hash IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'lines of the audit are not changed'); END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'lines of the audit are not removed'); END;
