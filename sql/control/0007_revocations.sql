-- Revoked tokens, and revocation times for subjects and configurations. Updates only make a row stricter.
CREATE TABLE revocations (
  configuration_id TEXT NOT NULL REFERENCES token_configurations (id),
  -- token, subject or configuration.
  kind TEXT NOT NULL,
  -- Digest of the token, SHA-256 of the subject, or empty for a configuration.
  digest TEXT NOT NULL,
  -- Time of the revocation. A revocation of a subject or configuration applies to tokens whose iat is not later than
  -- this time.
  revoked_at BIGINT NOT NULL,
  -- Time at which open sessions were ended. NULL: open sessions continue.
  sessions_ended_at BIGINT,
  -- The token's exp. NULL: the token does not expire.
  expires_at BIGINT,
  -- Revision of the last write. Other processes read only rows with a newer revision than their own state.
  revision BIGINT NOT NULL,
  PRIMARY KEY (configuration_id, kind, digest)
);

CREATE INDEX revocations_newest ON revocations (revision);

INSERT INTO revisions (topic, revision) VALUES ('revocations', 0);

-- Configurations for which an API token may request tokens, separated by spaces. NULL: all configurations of its
-- organisation.
ALTER TABLE api_tokens ADD COLUMN configuration_ids TEXT;
