-- Revoked tokens, and cut-offs of subjects and configurations. A row only becomes stricter.
CREATE TABLE revocations (
  configuration_id TEXT NOT NULL REFERENCES token_configurations (id),
  -- token, subject or configuration.
  kind TEXT NOT NULL,
  -- The token's digest; SHA-256 of the subject; empty for a configuration.
  digest TEXT NOT NULL,
  -- For a subject and a configuration: the cut-off that iat is compared with.
  revoked_at BIGINT NOT NULL,
  -- NULL: open sessions continue.
  sessions_ended_at BIGINT,
  -- A token's exp. NULL: it never expires.
  expires_at BIGINT,
  -- The revision of the last write. Other processes read only rows that are newer than their own state.
  revision BIGINT NOT NULL,
  PRIMARY KEY (configuration_id, kind, digest)
);

CREATE INDEX revocations_newest ON revocations (revision);

INSERT INTO revisions (topic, revision) VALUES ('revocations', 0);

-- The configurations that an API token may request tokens of, separated by blanks. NULL: all of its organisation.
ALTER TABLE api_tokens ADD COLUMN configuration_ids TEXT;
