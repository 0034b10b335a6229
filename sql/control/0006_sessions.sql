-- Claims of open sessions that do not fit into a session token, encrypted with the gateways' shared key. A
-- row is deleted after its session has ended.
CREATE TABLE session_claims (
  session_id TEXT PRIMARY KEY,
  claims TEXT NOT NULL,
  ends_at BIGINT NOT NULL
);

CREATE INDEX session_claims_ending ON session_claims (ends_at);

-- Link entries whose first page load was seen. That page load belongs to the entry's session; each later page load
-- counts as a session. A row is deleted when its session can no longer be open.
CREATE TABLE first_page_loads (
  session_id TEXT PRIMARY KEY,
  ends_at BIGINT NOT NULL
);

CREATE INDEX first_page_loads_ending ON first_page_loads (ends_at);
