-- Control store. SQLite (embedded) and PostgreSQL use the same files, which contain only SQL that both
-- support.
-- Instants are milliseconds since the epoch, UTC. Secrets are encrypted with the master key, or hashed.

CREATE TABLE organisations (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  -- Encrypted key for viewer pseudonyms. If it is deleted, the viewers of past events cannot be identified
  -- any more.
  viewer_key TEXT NOT NULL
);

CREATE TABLE token_configurations (
  id TEXT PRIMARY KEY,
  organisation_id TEXT NOT NULL REFERENCES organisations (id),
  name TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);

CREATE INDEX token_configurations_newest ON token_configurations (organisation_id, created_at, id);

-- Key pairs of configurations. A rotation adds a key pair and sets when the old pair expires.
CREATE TABLE configuration_keys (
  id TEXT PRIMARY KEY,
  configuration_id TEXT NOT NULL REFERENCES token_configurations (id),
  -- SHA-256 of the SubjectPublicKeyInfo. It identifies a submitted public key without storing the key.
  public_key_digest TEXT NOT NULL,
  private_key TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  accepted_until BIGINT
);

CREATE INDEX configuration_keys_of ON configuration_keys (configuration_id);

-- Keys that all processes share. The newest key of a purpose encrypts; all its keys decrypt.
CREATE TABLE shared_keys (
  id TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  secret TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

-- API tokens. Only a digest of the secret is stored. If the organisation is NULL, the token is valid for all
-- organisations.
CREATE TABLE api_tokens (
  id TEXT PRIMARY KEY,
  organisation_id TEXT REFERENCES organisations (id),
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  secret_digest TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT
);

-- Sessions of users who are signed in to the dashboard. The id is the digest of the cookie's value.
CREATE TABLE ui_sessions (
  id TEXT PRIMARY KEY,
  api_token_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

-- Change counters for configurations and their keys, so that other processes notice changes (within 2 s).
CREATE TABLE revisions (
  topic TEXT PRIMARY KEY,
  revision BIGINT NOT NULL
);

INSERT INTO revisions (topic, revision) VALUES ('token_configurations', 0);

-- Facts about this store, for example the check value of the master key.
CREATE TABLE facts (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
