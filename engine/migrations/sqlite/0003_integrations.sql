-- Places that backups are exported to and adopted from. What uses one is found in the options of jobs.
CREATE TABLE integrations (
    id               TEXT PRIMARY KEY,
    name             TEXT NOT NULL UNIQUE,
    description      TEXT NOT NULL,
    provider         TEXT NOT NULL,
    storage          TEXT NOT NULL,
    identity         TEXT,
    created_at       BIGINT NOT NULL,
    sealed           BLOB NOT NULL
);
