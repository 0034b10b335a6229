-- Who did what, when, and what came of it. Rows are only ever added.
CREATE TABLE audit_log (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  -- api-token:<id> or command-line:<user of the operating system>.
  actor TEXT NOT NULL,
  -- What was done, as noun.verb: integrity.repair.
  action TEXT NOT NULL,
  -- What it was done to.
  target TEXT NOT NULL,
  -- STARTED, OK or FAIL.
  result TEXT NOT NULL,
  -- JSON; never a token, a secret or a claim.
  details TEXT NOT NULL
);

CREATE INDEX audit_log_newest ON audit_log (at, id);
