-- Rankings of usage lists, kept between requests for pages (docs/reference/usage.md). All pages use the
-- counts of the first page and contain each item once. Every API process reads them. `items` is compressed.
CREATE TABLE usage_rankings (
  id TEXT PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  request_digest TEXT NOT NULL,
  items TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE INDEX usage_rankings_oldest ON usage_rankings (organisation_id, created_at);
