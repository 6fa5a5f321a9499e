-- Keys that sealed secrets once and do not any more, by what tells keys apart. Nothing is sealed with one again.

CREATE TABLE retired_keys (
    key_id     BLOB PRIMARY KEY,
    retired_at BIGINT NOT NULL
);
