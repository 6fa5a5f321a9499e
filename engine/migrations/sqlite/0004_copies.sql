-- Repositories beside the one that backups are made in, and the copies of backups in them.

CREATE TABLE repositories (
    name             TEXT PRIMARY KEY,
    storage_url      TEXT NOT NULL,
    storage_endpoint TEXT,
    storage_region   TEXT,
    repository_id    TEXT NOT NULL UNIQUE,
    created_at       BIGINT NOT NULL,
    sealed           BLOB NOT NULL
);

-- A cache of what those repositories hold, with copies that are being made or failed.
CREATE TABLE backup_copies (
    backup_id   TEXT NOT NULL REFERENCES backups (id),
    repository  TEXT NOT NULL REFERENCES repositories (name),
    state       TEXT NOT NULL,
    job_id      TEXT,
    created_at  BIGINT NOT NULL,
    finished_at BIGINT,
    bytes       BIGINT NOT NULL DEFAULT 0,
    new_bytes   BIGINT NOT NULL DEFAULT 0,
    reason      TEXT,
    PRIMARY KEY (backup_id, repository)
);
CREATE INDEX backup_copies_by_repository ON backup_copies (repository, created_at);
