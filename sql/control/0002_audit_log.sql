-- Who did what, when, and with which result. Rows are only added.
CREATE TABLE audit_log (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  -- api-token:<id> or command-line:<user of the operating system>.
  actor TEXT NOT NULL,
  -- The action as noun.verb, for example integrity.repair.
  action TEXT NOT NULL,
  -- The object of the action.
  target TEXT NOT NULL,
  -- STARTED, OK or FAIL.
  result TEXT NOT NULL,
  -- JSON; never a token, a secret or a claim.
  details TEXT NOT NULL
);

CREATE INDEX audit_log_newest ON audit_log (at, id);
