-- The second step of signing in. The secret that an authenticator app shares is sealed; `confirmed` once a code of it was
-- typed. `last_step` is the time step (of 30 s) of the newest code that was taken: none is taken twice, nor an older one.

CREATE TABLE totp (
    user_name TEXT PRIMARY KEY REFERENCES users (name),
    sealed    BLOB NOT NULL,
    begun_at  BIGINT NOT NULL,
    confirmed BOOLEAN NOT NULL DEFAULT FALSE,
    last_step BIGINT NOT NULL DEFAULT 0
);

-- By the hash of the code.
CREATE TABLE recovery_codes (
    user_name TEXT NOT NULL REFERENCES users (name),
    hash      TEXT NOT NULL,
    PRIMARY KEY (user_name, hash)
);

-- Whose password was right and whose code is waited for, by the hash of the secret that their browser holds. Kept apart
-- from sessions, so that none of these is ever taken for one.
CREATE TABLE second_steps (
    hash       TEXT PRIMARY KEY,
    user_name  TEXT NOT NULL REFERENCES users (name),
    expires_at BIGINT NOT NULL,
    tries      BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX second_steps_by_user ON second_steps (user_name);
CREATE INDEX second_steps_by_end ON second_steps (expires_at);
