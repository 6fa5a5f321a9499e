-- Projects. The first one is always there; what names no other belongs to it.

CREATE TABLE projects (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    plan       TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO projects (id, name, plan, created_at)
VALUES ('proj-0000000000000000000000', 'default', 'BusinessCritical', unixepoch() * 1000000);

ALTER TABLE clusters ADD COLUMN project_id TEXT NOT NULL DEFAULT 'proj-0000000000000000000000';
ALTER TABLE clusters ADD COLUMN cloud_region TEXT;
ALTER TABLE clusters ADD COLUMN deployment_option TEXT NOT NULL DEFAULT 'Dedicated';
CREATE INDEX clusters_by_project ON clusters (project_id);

ALTER TABLE integrations ADD COLUMN project_id TEXT NOT NULL DEFAULT 'proj-0000000000000000000000';

-- Backups outlive their clusters, and stay in the project.
ALTER TABLE backups ADD COLUMN project_id TEXT NOT NULL DEFAULT 'proj-0000000000000000000000';
CREATE INDEX backups_by_project ON backups (project_id, created_at, id, name_folded, state, cluster_id);

-- The job that ended badly and is done again by this one.
ALTER TABLE jobs ADD COLUMN retry_of TEXT REFERENCES jobs (id);
