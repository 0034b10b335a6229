import { chunksOf } from '../../platform/background/batching.ts';
import { createBufferedWriter } from '../../platform/background/buffered-writer.ts';
import type { Clock } from '../../platform/clock.ts';
import { uuidv7 } from '../../platform/crypto/uuid.ts';
import type { CursorPosition } from '../../platform/http/routes/paging.ts';
import type { AccessStore } from '../declarations/tables.ts';
import {
  type ActivityEntry,
  insertActivities,
  type LoggedActivity,
  markUse,
  readActivities,
  type Use,
} from './api-token-log-rows.ts';

/** An attempt to authenticate with an API token. The id and the name are empty if the API token is unknown. */
export interface Authentication {
  readonly tokenId: string;
  readonly tokenName: string;
  readonly isOk: boolean;
  /** Digest of the secret. An API token can get a new secret, and the first use is recorded for each secret. */
  readonly secretDigest?: string | undefined;
}

/** Logs changes to API tokens and authentications with them. */
export interface ApiTokenLog {
  /** Buffers an authentication and returns immediately. `flush` stores it. */
  note(authentication: Authentication): void;
  /** Stores an activity in the transaction of the change. */
  record(transaction: AccessStore, entry: ActivityEntry): Promise<void>;
  /**
   * Stores all authentications buffered before this call. If the write fails, they stay buffered for the next flush.
   */
  flush(): Promise<void>;
  /** Flushes the buffer of this process, then returns activities, newest first. */
  list(tokenId: string, limit: number, after?: CursorPosition): Promise<LoggedActivity[]>;
  /**
   * Returns how many authentications were not logged because the buffer was full or a token had too many failures.
   */
  dropped(): number;
}

/** Maximum number of buffered authentications, to bound the memory while the store is unavailable. */
const maxWaiting = 20_000;
/**
 * Maximum number of failures that are logged per token and minute. Further failures are only counted, so that token
 * guessing does not fill the disk.
 */
const maxFailuresPerMinute = 1000;
const rowsPerInsert = 500;
/** Authentications are deleted after 90 days. Changes to tokens are kept without limit. */
const keepAuthenticationsMs = 90 * 86_400_000;
const purgeEveryMs = 3_600_000;

interface BufferedAuthentication extends Authentication {
  /**
   * Id of the row. It is assigned only once, so that a retry after an unknown outcome does not store the row twice.
   */
  readonly id: string;
  readonly atMs: number;
}

/** Creates the token log. It buffers authentications and deletes them after 90 days. */
export function createApiTokenLog({ control, clock }: { control: AccessStore; clock: Clock }): ApiTokenLog {
  const failures = createFailureCounts();
  const writer = createBufferedWriter<BufferedAuthentication>({
    maxItems: maxWaiting,
    afterFlush: createPurge(control, clock),
    async write(batch) {
      await control.transaction().execute(async (transaction) => {
        for (const part of chunksOf(batch, rowsPerInsert))
          await insertActivities(transaction, part.map(toActivity));
        for (const use of summarizeUses(batch)) await markUse(transaction, use);
      });
    },
  });
  let dropped = 0;

  return {
    dropped: () => dropped,

    note(authentication) {
      const atMs = clock.nowMs();
      const isOverLimit =
        !authentication.isOk && failures.count(authentication.tokenId, atMs) > maxFailuresPerMinute;
      if (isOverLimit || !writer.add({ ...authentication, id: uuidv7(), atMs })) dropped += 1;
    },

    async record(transaction, entry) {
      await insertActivities(transaction, [
        { ...entry, id: uuidv7(), atMs: clock.nowMs(), result: undefined },
      ]);
    },

    flush: writer.flush,

    async list(tokenId, limit, after) {
      await writer.flush();
      return readActivities(control, tokenId, limit, after);
    },
  };
}

/** Returns a function that deletes old authentications from the log, at most once per hour. */
function createPurge(control: AccessStore, clock: Clock): () => Promise<void> {
  let purgedAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const nowMs = clock.nowMs();
    if (nowMs - purgedAtMs < purgeEveryMs) return;
    purgedAtMs = nowMs;
    await control
      .deleteFrom('api_token_log')
      .where('at', '<', nowMs - keepAuthenticationsMs)
      .where('activity', '=', 'AUTHENTICATE')
      .execute();
  };
}

function toActivity({ id, tokenId, tokenName, isOk, atMs }: BufferedAuthentication): LoggedActivity {
  const actor = { tokenId, tokenName, activityBy: tokenName };
  return { ...actor, id, atMs, activity: 'AUTHENTICATE', result: isOk ? 'OK' : 'FAIL' };
}

/**
 * Returns the first and last use of each secret in a batch. The result is sorted by token, so that two processes
 * update rows in the same order and do not block each other. The batch itself may not be in time order, because a
 * failed write appends its authentications to the buffer again, after newer ones.
 */
function summarizeUses(batch: readonly BufferedAuthentication[]): Use[] {
  const uses = new Map<string, Use>();
  for (const { tokenId, secretDigest, isOk, atMs } of batch) {
    if (!isOk || secretDigest === undefined) continue;
    const { firstMs = atMs, lastMs = atMs } = uses.get(secretDigest) ?? {};
    uses.set(secretDigest, {
      ...{ tokenId, secretDigest },
      firstMs: Math.min(firstMs, atMs),
      lastMs: Math.max(lastMs, atMs),
    });
  }
  return [...uses.values()].sort((a, b) => (a.tokenId < b.tokenId ? -1 : 1));
}

/** Creates a counter of failures per token. All counts restart every minute. */
function createFailureCounts() {
  let minute = 0;
  let counts = new Map<string, number>();
  return {
    count(tokenId: string, atMs: number): number {
      const currentMinute = Math.floor(atMs / 60_000);
      if (currentMinute !== minute) {
        minute = currentMinute;
        counts = new Map();
      }
      const count = (counts.get(tokenId) ?? 0) + 1;
      counts.set(tokenId, count);
      return count;
    },
  };
}
