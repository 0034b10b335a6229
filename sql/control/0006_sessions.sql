-- Claims of open sessions that do not fit into a session token, sealed under the gateways' shared key. A row goes when
-- its session has ended.
CREATE TABLE session_claims (
  session_id TEXT PRIMARY KEY,
  claims TEXT NOT NULL,
  ends_at BIGINT NOT NULL
);

CREATE INDEX session_claims_ending ON session_claims (ends_at);

-- Link entries whose first page load was seen: that one belongs to the entry's session, every later one counts. A row
-- goes when its session cannot be open any more.
CREATE TABLE first_page_loads (
  session_id TEXT PRIMARY KEY,
  ends_at BIGINT NOT NULL
);

CREATE INDEX first_page_loads_ending ON first_page_loads (ends_at);
