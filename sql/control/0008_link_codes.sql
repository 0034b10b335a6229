-- Sessions of links that an application redeems with a code (docs/reference/links.md). The code is the key that
-- encrypts the session. The table stores only the digest of the code.
CREATE TABLE link_codes (
  digest TEXT PRIMARY KEY,
  sealed_session TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX link_codes_oldest ON link_codes (expires_at);
