-- Requests to forget a viewer (docs/how-to/forget-a-viewer.md). `sealed` contains the viewer's pseudonym and the
-- random one that replaces it, encrypted. It is NULL after the replacement is erased. The subject is never stored.
CREATE TABLE forgotten_viewers (
  id TEXT PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  sealed TEXT,
  -- Time at which ClickHouse had the replacement. NULL: not yet.
  published_at BIGINT,
  -- Time after which no stored session had the pseudonym.
  replaced_at BIGINT,
  -- Time at which the replacement was erased.
  gone_at BIGINT
);

CREATE INDEX forgotten_viewers_newest ON forgotten_viewers (requested_at, id);

-- Start of the last run of each task that rewrites or drops stored sessions. Only one process at a time runs a task.
CREATE TABLE maintenance_runs (
  name TEXT PRIMARY KEY,
  started_at BIGINT NOT NULL
);

INSERT INTO maintenance_runs (name, started_at) VALUES ('forgotten viewers', 0), ('retention', 0);
