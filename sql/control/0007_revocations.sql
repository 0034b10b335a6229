-- Revoked tokens, and cut-offs of subjects and configurations. A row only ever gets stricter.
CREATE TABLE revocations (
  configuration_id TEXT NOT NULL REFERENCES token_configurations (id),
  -- token, subject or configuration.
  kind TEXT NOT NULL,
  -- What the token is known by; SHA-256 of the subject; empty for a configuration.
  digest TEXT NOT NULL,
  -- For a subject and a configuration: the cut-off that iat is held against.
  revoked_at BIGINT NOT NULL,
  -- Nothing: sessions that are open go on.
  sessions_ended_at BIGINT,
  -- Of a token: its exp. Nothing: it never expires.
  expires_at BIGINT,
  -- The revision that the row was last written with: others read only what is newer than what they know.
  revision BIGINT NOT NULL,
  PRIMARY KEY (configuration_id, kind, digest)
);

CREATE INDEX revocations_newest ON revocations (revision);

INSERT INTO revisions (topic, revision) VALUES ('revocations', 0);

-- The configurations that an API token may request tokens of, with blanks between. Nothing: all of its organisation.
ALTER TABLE api_tokens ADD COLUMN configuration_ids TEXT;
