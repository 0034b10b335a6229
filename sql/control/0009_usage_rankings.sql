-- Rankings of usage lists whose readers are between two pages (docs/reference/usage.md), so that every page shows the
-- counts of the first one and each item once. Every API process reads them. `items` is compressed.
CREATE TABLE usage_rankings (
  id TEXT PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  request_digest TEXT NOT NULL,
  items TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE INDEX usage_rankings_oldest ON usage_rankings (organisation_id, created_at);
