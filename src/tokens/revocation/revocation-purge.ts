import { sql } from 'kysely';
import type { TokenStore } from '../declarations/tables.ts';

const dayMs = 86_400_000;
/**
 * How long a revocation is kept after its token has expired, or after the revocation has ended. If the clock is set
 * back during this time, the revocation applies again.
 */
const keepExpiredMs = dayMs;
/**
 * How long a revocation is kept after it has ended sessions. Longer than the maximum lifetime of a session, including
 * renewals.
 */
const keepEndedSessionsMs = 400 * dayMs;

/**
 * Removes revocations without an effect: revocations of expired tokens, ended revocations, and revocations of
 * configurations that were deleted long ago. Adds an id to each row that a process of an older version has written.
 */
export async function purgeRevocations(control: TokenStore, nowMs: number): Promise<void> {
  const sessionsOverBeforeMs = nowMs - keepEndedSessionsMs;
  const overBeforeMs = nowMs - keepExpiredMs;
  await control
    .deleteFrom('revocations')
    .where(({ eb, or }) => or([eb('expires_at', '<', overBeforeMs), eb('ends_at', '<', overBeforeMs)]))
    .where(({ eb, or }) =>
      or([
        eb('sessions_ended_at', 'is', null),
        eb('sessions_ended_at', '<', sessionsOverBeforeMs),
        eb('kind', '=', 'session'),
      ]),
    )
    .execute();
  await control
    .deleteFrom('revocations')
    .where('configuration_id', 'in', (query) =>
      query.selectFrom('token_configurations').select('id').where('deleted_at', '<', sessionsOverBeforeMs),
    )
    .execute();
  await control
    .updateTable('revocations')
    .set({ id: sql`'r' || CAST(revision AS VARCHAR)`, created_at: sql`revoked_at` })
    .where('id', 'is', null)
    .where('kind', '!=', 'session')
    .execute();
}
