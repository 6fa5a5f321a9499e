-- Copies that policies make: those alone expire by themselves.

ALTER TABLE backup_copies ADD COLUMN automatic BOOLEAN NOT NULL DEFAULT FALSE;
-- When one is older than its cluster's policy asks for there; NULL without a policy at work that names the repository.
ALTER TABLE backup_copies ADD COLUMN expires_at BIGINT;
