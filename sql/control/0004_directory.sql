-- Viewers and resources of the application, registered through the API. Token tests compare tokens with them
-- (docs/reference/tokens.md).
CREATE TABLE directory_subjects (
  organisation_id TEXT NOT NULL REFERENCES organisations (id),
  id TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, id)
);

CREATE TABLE directory_resources (
  organisation_id TEXT NOT NULL REFERENCES organisations (id),
  id TEXT NOT NULL,
  -- JSON array with the titles of the resource's data sources.
  data_sources TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, id)
);
