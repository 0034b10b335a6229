import type { CursorPosition } from '../../platform/http/routes/paging.ts';
import type { AccessStore } from '../declarations/tables.ts';

export type Activity = 'CREATE' | 'GENERATE' | 'UPDATE' | 'REVOKE' | 'AUTHENTICATE';

export interface ActivityEntry {
  readonly tokenId: string;
  readonly tokenName: string;
  readonly activity: Activity;
  /** Name of the API token that performed the activity. */
  readonly activityBy: string;
}

export interface LoggedActivity extends ActivityEntry {
  readonly id: string;
  readonly atMs: number;
  readonly result: 'OK' | 'FAIL' | undefined;
}

/** The first and last use of one secret. */
export interface Use {
  readonly tokenId: string;
  readonly secretDigest: string;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Inserts activities. Activities whose id already exists are skipped, so that a retry does not store them twice. */
export async function insertActivities(
  control: AccessStore,
  activities: readonly LoggedActivity[],
): Promise<void> {
  await control
    .insertInto('api_token_log')
    .values(
      activities.map(({ id, tokenId, atMs, tokenName, activity, activityBy, result }) => ({
        id,
        token_id: tokenId,
        at: atMs,
        token_name: tokenName,
        activity,
        activity_by: activityBy,
        result: result ?? null,
      })),
    )
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/**
 * Stores a use of a token. Only the secret that was used becomes active, because the token may have a newer secret by
 * now.
 */
export async function markUse(control: AccessStore, use: Use): Promise<void> {
  const { tokenId, secretDigest, firstMs, lastMs } = use;
  await control
    .updateTable('api_tokens')
    .set({ last_used_at: lastMs })
    .where('id', '=', tokenId)
    .where(({ eb, or }) => or([eb('last_used_at', 'is', null), eb('last_used_at', '<', lastMs)]))
    .execute();
  await control
    .updateTable('api_tokens')
    .set({ activated_at: firstMs })
    .where('id', '=', tokenId)
    .where('secret_digest', '=', secretDigest)
    .where('activated_at', 'is', null)
    .execute();
}

/** Returns the activities of a token, newest first. */
export async function readActivities(
  control: AccessStore,
  tokenId: string,
  limit: number,
  after?: CursorPosition,
): Promise<LoggedActivity[]> {
  let query = control.selectFrom('api_token_log').selectAll().where('token_id', '=', tokenId);
  if (after !== undefined) {
    query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('at', 'id'), '<', tuple(...after)));
  }
  const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    id: row.id,
    tokenId: row.token_id,
    atMs: Number(row.at),
    tokenName: row.token_name,
    activity: row.activity as Activity,
    activityBy: row.activity_by,
    result: (row.result as LoggedActivity['result'] | null) ?? undefined,
  }));
}
