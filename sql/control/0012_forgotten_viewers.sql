-- Requests to forget a viewer (docs/how-to/forget-a-viewer.md). `sealed` contains the viewer's pseudonym and the random
-- pseudonym that replaces it, encrypted. It is NULL after the replacement is erased. The subject is never stored.
CREATE TABLE forgotten_viewers (
  id TEXT PRIMARY KEY,
  organisation_id TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  sealed TEXT,
  -- Time at which the replacement was stored in ClickHouse. NULL: not stored yet.
  published_at BIGINT,
  -- Time from which no stored session contains the pseudonym. NULL: not replaced yet.
  replaced_at BIGINT,
  -- Time at which the replacement was erased. NULL: not erased yet.
  gone_at BIGINT
);

CREATE INDEX forgotten_viewers_newest ON forgotten_viewers (requested_at, id);

-- Start of the last run of each task that rewrites or drops stored sessions. A process starts a run only if no process
-- has started one within the interval of the task.
CREATE TABLE maintenance_runs (
  name TEXT PRIMARY KEY,
  started_at BIGINT NOT NULL
);

INSERT INTO maintenance_runs (name, started_at) VALUES ('forgotten viewers', 0), ('retention', 0);
