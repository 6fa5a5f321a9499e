-- What Hozon remembers. Times are microseconds since 1970 (UTC); states, kinds and codes are the words of the
-- model; lists and documents are JSON. A manual backup is one that a person asked for.

CREATE TABLE clusters (
    id               TEXT PRIMARY KEY,
    name             TEXT NOT NULL UNIQUE,
    address          TEXT NOT NULL,
    username         TEXT,
    storage_url      TEXT NOT NULL,
    storage_endpoint TEXT,
    storage_region   TEXT,
    created_at       BIGINT NOT NULL,
    milvus_version   TEXT,
    sealed           BLOB NOT NULL
);

-- A cache of what repositories hold, and the line that stays of a backup that is gone.
-- No foreign key to clusters: backups outlive them.
CREATE TABLE backups (
    id             TEXT PRIMARY KEY,
    name           TEXT NOT NULL,
    name_folded    TEXT NOT NULL,
    cluster_id     TEXT NOT NULL,
    cluster_name   TEXT NOT NULL,
    state          TEXT NOT NULL,
    scope          TEXT NOT NULL,
    method         TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    finished_at    BIGINT,
    bytes          BIGINT NOT NULL DEFAULT 0,
    new_bytes      BIGINT NOT NULL DEFAULT 0,
    row_count      BIGINT NOT NULL DEFAULT 0,
    file_count     BIGINT NOT NULL DEFAULT 0,
    proof_level    TEXT,
    proof_at       BIGINT,
    job_id         TEXT,
    milvus_version TEXT,
    collection_count BIGINT NOT NULL DEFAULT 0,
    reason         TEXT
);
CREATE UNIQUE INDEX backups_name_in_use ON backups (name) WHERE state NOT IN ('FAILED', 'DELETED');

-- One for each order of the list that people look at; the folded name is in each, so that a search reads the index alone.
CREATE INDEX backups_by_created ON backups (created_at, id, name_folded) WHERE state <> 'DELETED';
CREATE INDEX backups_by_name ON backups (name_folded, id) WHERE state <> 'DELETED';
CREATE INDEX backups_by_bytes ON backups (bytes, id, name_folded) WHERE state <> 'DELETED';
CREATE INDEX backups_by_rows ON backups (row_count, id, name_folded) WHERE state <> 'DELETED';
CREATE INDEX backups_by_cluster ON backups (cluster_id, created_at, id, name_folded, state);
CREATE INDEX backups_by_state ON backups (state, created_at, id, name_folded);

-- Apart from the list's rows, which stay small.
CREATE TABLE backup_collections (
    backup_id       TEXT PRIMARY KEY REFERENCES backups (id),
    collection_list TEXT NOT NULL
);

CREATE TABLE backup_proofs (
    id        INTEGER PRIMARY KEY,
    backup_id TEXT NOT NULL REFERENCES backups (id),
    level     TEXT NOT NULL,
    at        BIGINT NOT NULL
);
CREATE INDEX backup_proofs_by_backup ON backup_proofs (backup_id, at);

-- `seq` is the order of the queue. `fence` grows with every claim. `settled` tells whether what depended on a job
-- that ended without success was put right; until `settling_until` somebody is about it.
CREATE TABLE jobs (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    id             TEXT NOT NULL UNIQUE,
    kind           TEXT NOT NULL,
    state          TEXT NOT NULL,
    manual         BOOLEAN NOT NULL,
    options        TEXT NOT NULL,
    backup_id      TEXT NOT NULL REFERENCES backups (id),
    cluster_id     TEXT,
    cluster_name   TEXT,
    created_by     TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    started_at     BIGINT,
    finished_at    BIGINT,
    attempts       BIGINT NOT NULL DEFAULT 0,
    owner          TEXT,
    lease_until    BIGINT,
    fence          BIGINT NOT NULL DEFAULT 0,
    progress       TEXT NOT NULL,
    checkpoint     TEXT,
    reason         TEXT,
    settled        BOOLEAN NOT NULL DEFAULT FALSE,
    settling_until BIGINT
);
CREATE UNIQUE INDEX jobs_one_manual_backup ON jobs (cluster_id)
    WHERE kind = 'BACKUP' AND manual AND state IN ('PENDING', 'IN_PROGRESS', 'CANCELING');
CREATE INDEX jobs_unfinished ON jobs (seq) WHERE state IN ('PENDING', 'IN_PROGRESS', 'CANCELING');
CREATE INDEX jobs_unsettled ON jobs (seq) WHERE NOT settled AND state IN ('FAILED', 'CANCELED');
CREATE INDEX jobs_by_created ON jobs (created_at, seq);
CREATE INDEX jobs_by_backup ON jobs (backup_id, created_at, seq);
CREATE INDEX jobs_by_cluster ON jobs (cluster_id, created_at, seq);
CREATE INDEX jobs_by_state ON jobs (state, created_at, seq);

CREATE TABLE job_log (
    id     INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs (id),
    at     BIGINT NOT NULL,
    level  TEXT NOT NULL,
    text   TEXT NOT NULL
);
CREATE INDEX job_log_by_job ON job_log (job_id, id);

CREATE TABLE users (
    name          TEXT PRIMARY KEY,
    role          TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    password_hash TEXT
);

-- Sessions and one-time links, by the hash of their secret.
CREATE TABLE tickets (
    hash       TEXT PRIMARY KEY,
    is_link    BOOLEAN NOT NULL,
    user_name  TEXT NOT NULL REFERENCES users (name),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    origin     TEXT NOT NULL
);
CREATE INDEX tickets_by_user ON tickets (user_name);
CREATE INDEX tickets_by_end ON tickets (expires_at);

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    origin  TEXT NOT NULL,
    action  TEXT NOT NULL,
    target  TEXT NOT NULL,
    outcome TEXT NOT NULL
);
