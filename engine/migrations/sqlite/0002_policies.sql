-- Automatic backups: the policy of a cluster, what it did, and what keeps a backup from expiring.

ALTER TABLE backups ADD COLUMN pinned BOOLEAN NOT NULL DEFAULT FALSE;
-- A name given afterwards is known here alone; the manifest keeps the first one.
ALTER TABLE backups ADD COLUMN renamed BOOLEAN NOT NULL DEFAULT FALSE;
-- When an automatic backup is older than its cluster's policy asks for; NULL without a policy at work.
ALTER TABLE backups ADD COLUMN expires_at BIGINT;

-- Runs due after `counted_from` have not been made. Whoever makes one moves it on: of two servers only one can.
CREATE TABLE policies (
    cluster_id   TEXT PRIMARY KEY REFERENCES clusters (id) ON DELETE CASCADE,
    state        TEXT NOT NULL,
    options      TEXT NOT NULL,
    counted_from BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL,
    changed_by   TEXT NOT NULL
);

-- A run without a job was left out, because the one before it had not ended.
CREATE TABLE policy_runs (
    id         INTEGER PRIMARY KEY,
    cluster_id TEXT NOT NULL REFERENCES clusters (id) ON DELETE CASCADE,
    due_at     BIGINT NOT NULL,
    made_at    BIGINT NOT NULL,
    cause      TEXT NOT NULL,
    job_id     TEXT REFERENCES jobs (id),
    UNIQUE (cluster_id, due_at)
);
