-- What lets somebody make the first user, by the hash of its secret: that of the newest start, gone with the first user.

CREATE TABLE set_up (
    hash    TEXT PRIMARY KEY,
    made_at BIGINT NOT NULL
);
