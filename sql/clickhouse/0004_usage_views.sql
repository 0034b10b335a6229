-- Views for BI tools (docs/reference/sql-views.md). Their columns are stable: later versions add columns only at the end.
-- They contain neither viewers nor producers. A view reads with the rights of the user who queries it, so row policies
-- of session_events apply to it.
CREATE VIEW IF NOT EXISTS usage_by_quarter_hour {on_cluster} AS
SELECT organisation_id, configuration_id, tags, quarter AS quarter_hour, count() AS sessions, max(time) AS last_used
FROM {database}.session_events
GROUP BY organisation_id, configuration_id, tags, quarter;

CREATE VIEW IF NOT EXISTS usage_by_day {on_cluster} AS
SELECT organisation_id, configuration_id, tags, day, count() AS sessions, max(time) AS last_used
FROM {database}.session_events
GROUP BY organisation_id, configuration_id, tags, day;

CREATE VIEW IF NOT EXISTS sessions {on_cluster} AS
SELECT session_id, time, organisation_id, configuration_id, tags
FROM {database}.session_events;
