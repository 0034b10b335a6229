-- Sessions that a link has begun and an application is about to fetch by a code (docs/reference/links.md). What is sealed can be
-- opened by the code alone, of which only a digest lies here.
CREATE TABLE link_codes (
  digest TEXT PRIMARY KEY,
  sealed_session TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX link_codes_oldest ON link_codes (expires_at);
