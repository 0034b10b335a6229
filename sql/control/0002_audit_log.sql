-- Actions with their actor, time and result. Rows are only added.
CREATE TABLE audit_log (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  -- api-token:<id> or command-line:<operating system user>.
  actor TEXT NOT NULL,
  -- Action as noun.verb, for example integrity.repair.
  action TEXT NOT NULL,
  -- Object of the action, usually its id.
  target TEXT NOT NULL,
  -- STARTED, OK or FAIL.
  result TEXT NOT NULL,
  -- JSON object, which never contains a token, a secret or a claim.
  details TEXT NOT NULL
);

CREATE INDEX audit_log_newest ON audit_log (at, id);
