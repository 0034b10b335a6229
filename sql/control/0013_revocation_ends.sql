-- What the list of revocations shows, and the end of a revocation.
-- Random id. NULL for an ended session, and for a row of an older version until the hourly job sets it.
ALTER TABLE revocations ADD COLUMN id TEXT;
-- Time of the first of the repeated revocations. The list is sorted by it. NULL where the id is NULL.
ALTER TABLE revocations ADD COLUMN created_at BIGINT;
-- Time from which the tokens are valid again. NULL: the revocation has no end.
ALTER TABLE revocations ADD COLUMN ends_at BIGINT;
-- Principal of the last revocation. NULL: unknown.
ALTER TABLE revocations ADD COLUMN revoked_by TEXT;
-- The subject, encrypted. NULL for other kinds, and for rows of older versions.
ALTER TABLE revocations ADD COLUMN subject TEXT;

UPDATE revocations SET id = 'r' || CAST(revision AS VARCHAR), created_at = revoked_at WHERE kind <> 'session';

CREATE UNIQUE INDEX revocations_by_id ON revocations (id);
CREATE INDEX revocations_listed ON revocations (created_at, id);
