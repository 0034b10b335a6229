-- Sessions of links that an application redeems with a code (docs/reference/links.md). The session is
-- encrypted with the code itself, of which only a digest is stored.
CREATE TABLE link_codes (
  digest TEXT PRIMARY KEY,
  sealed_session TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX link_codes_oldest ON link_codes (expires_at);
