-- The control store: SQLite (embedded) and PostgreSQL read the same files, which use only what both support.
-- Instants are milliseconds since the epoch, UTC. Secrets are encrypted under the master key, or hashed.

CREATE TABLE organisations (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  -- Key of the viewer pseudonyms, encrypted. Destroying it makes the viewers of past events unidentifiable.
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

-- Key pairs of configurations. A rotation adds one and sets the end of the old one.
CREATE TABLE configuration_keys (
  id TEXT PRIMARY KEY,
  configuration_id TEXT NOT NULL REFERENCES token_configurations (id),
  -- SHA-256 of the SubjectPublicKeyInfo: identifies a submitted public key without storing it.
  public_key_digest TEXT NOT NULL,
  private_key TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  accepted_until BIGINT
);

CREATE INDEX configuration_keys_of ON configuration_keys (configuration_id);

-- Keys that all processes share, by purpose. The newest encrypts, all decrypt.
CREATE TABLE shared_keys (
  id TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  secret TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

-- API tokens. Only a digest of the secret is stored. NULL as organisation means all organisations.
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

-- Signed-in dashboards. The id is the digest of the cookie's value.
CREATE TABLE ui_sessions (
  id TEXT PRIMARY KEY,
  api_token_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

-- Counts changes to configurations and their keys, so that other processes notice them (within 2 s).
CREATE TABLE revisions (
  topic TEXT PRIMARY KEY,
  revision BIGINT NOT NULL
);

INSERT INTO revisions (topic, revision) VALUES ('token_configurations', 0);

-- Facts about this store, such as the check value of the master key.
CREATE TABLE facts (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
