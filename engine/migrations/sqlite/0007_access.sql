-- Who may do what. Grants are JSON: a role, and the project or the clusters it holds for; without those, for everything.

ALTER TABLE users ADD COLUMN grants TEXT NOT NULL DEFAULT '[]';
UPDATE users SET grants = '[{"role":"organization_owner"}]' WHERE role = 'organization_owner';
ALTER TABLE users DROP COLUMN role;

CREATE TABLE roles (
    name        TEXT PRIMARY KEY,
    description TEXT NOT NULL,
    privileges  TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);

-- By the hash of their secret.
CREATE TABLE api_keys (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    hash         TEXT NOT NULL UNIQUE,
    grants       TEXT NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    last_used_at BIGINT
);

-- By the hash of the name that was typed, which may be a password in the wrong field.
CREATE TABLE sign_in_failures (
    name_hash TEXT PRIMARY KEY,
    failures  BIGINT NOT NULL,
    last_at   BIGINT NOT NULL
);
