-- Columns for the list of revocations and for revocations with an end.
-- id: NULL for an ended session, and for a row of an older version until the hourly job sets the id.
ALTER TABLE revocations ADD COLUMN id TEXT;
-- created_at: time of the first revocation, if it was repeated. The list is sorted by this time. NULL if the id is NULL.
ALTER TABLE revocations ADD COLUMN created_at BIGINT;
-- ends_at: time from which the tokens are valid again. NULL: the revocation is permanent.
ALTER TABLE revocations ADD COLUMN ends_at BIGINT;
-- revoked_by: principal of the last revocation. NULL: unknown.
ALTER TABLE revocations ADD COLUMN revoked_by TEXT;
-- subject: the revoked viewer, encrypted. NULL for other kinds of revocations, and for rows of older versions.
ALTER TABLE revocations ADD COLUMN subject TEXT;

UPDATE revocations SET id = 'r' || CAST(revision AS VARCHAR), created_at = revoked_at WHERE kind <> 'session';

CREATE UNIQUE INDEX revocations_by_id ON revocations (id);
CREATE INDEX revocations_listed ON revocations (created_at, id);
