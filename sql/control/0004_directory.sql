-- What the application in front of which watmeter stands knows: viewers and resources, registered through the API.
-- Tests of tokens ask it (docs/reference/tokens.md).
CREATE TABLE directory_subjects (
  organisation_id TEXT NOT NULL REFERENCES organisations (id),
  id TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, id)
);

CREATE TABLE directory_resources (
  organisation_id TEXT NOT NULL REFERENCES organisations (id),
  id TEXT NOT NULL,
  -- JSON list of the titles of the data sources that it shows.
  data_sources TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, id)
);
