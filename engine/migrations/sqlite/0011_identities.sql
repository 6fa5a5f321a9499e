-- Who an identity provider vouches for, by what it never gives to anybody else: its issuer and their subject. One of each
-- provider for a user.

CREATE TABLE identities (
    issuer    TEXT NOT NULL,
    subject   TEXT NOT NULL,
    user_name TEXT NOT NULL REFERENCES users (name),
    bound_at  BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE UNIQUE INDEX identities_by_user ON identities (user_name, issuer);
