-- Columns for the life cycle of API tokens (chosen expiry, generation, first and last use), and their log.
ALTER TABLE api_tokens ADD COLUMN name_key TEXT;

ALTER TABLE api_tokens ADD COLUMN expires_in TEXT NOT NULL DEFAULT 'never';

ALTER TABLE api_tokens ADD COLUMN generated_at BIGINT;

-- First use of the current secret. It is reset when a new secret is generated.
ALTER TABLE api_tokens ADD COLUMN activated_at BIGINT;

ALTER TABLE api_tokens ADD COLUMN last_used_at BIGINT;

UPDATE api_tokens SET generated_at = created_at WHERE secret_digest IS NOT NULL;

-- Name in lower case. It is unique within an organisation, also among revoked tokens. The administrator token has no
-- name_key (NULL), so its name may be used again.
CREATE UNIQUE INDEX api_tokens_name ON api_tokens ((COALESCE(organisation_id, '')), name_key);

CREATE INDEX api_tokens_newest ON api_tokens (created_at, id);

-- Changes of API tokens, and authentications with them. An empty token_id means an unknown token.
CREATE TABLE api_token_log (
  id TEXT PRIMARY KEY,
  token_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  token_name TEXT NOT NULL,
  -- CREATE, GENERATE, UPDATE, REVOKE or AUTHENTICATE.
  activity TEXT NOT NULL,
  activity_by TEXT NOT NULL,
  -- OK or FAIL for AUTHENTICATE, NULL otherwise.
  result TEXT
);

CREATE INDEX api_token_log_newest ON api_token_log (token_id, at, id);

CREATE INDEX api_token_log_oldest ON api_token_log (at);

ALTER TABLE organisations ADD COLUMN name_key TEXT;

UPDATE organisations SET name_key = LOWER(name) WHERE id = 'default';

CREATE UNIQUE INDEX organisations_name ON organisations (name_key);

-- Organisation of the action's object. NULL: the action concerns the whole installation.
ALTER TABLE audit_log ADD COLUMN organisation_id TEXT;

CREATE INDEX audit_log_newest_of ON audit_log (organisation_id, at, id);

-- Rejected exchanges of tokens with a known configuration, by reason and UTC day. The rows reveal links that are
-- still used after they have expired.
CREATE TABLE refused_exchanges (
  configuration_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  day BIGINT NOT NULL,
  organisation_id TEXT NOT NULL,
  refusals BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (configuration_id, reason, day)
);

CREATE INDEX refused_exchanges_newest ON refused_exchanges (day, configuration_id, reason);
