import { chunksOf } from '../../platform/background/batching.ts';
import { createBufferedWriter } from '../../platform/background/buffered-writer.ts';
import type { Clock } from '../../platform/clock.ts';
import { uuidv7 } from '../../platform/crypto/uuid.ts';
import type { Place } from '../../platform/http/paging.ts';
import type { AccessStore } from '../declarations/tables.ts';
import {
  type ActivityEntry,
  insertActivities,
  type LoggedActivity,
  markUse,
  readActivities,
  type Use,
} from './api-token-log-rows.ts';

/** Somebody came with a token. Of no token that we know: id and name are empty. */
export interface Authentication {
  readonly tokenId: string;
  readonly tokenName: string;
  readonly isOk: boolean;
  /** Which secret it was: first use is said of one secret, not of one that came after it. */
  readonly secretDigest?: string | undefined;
}

/** What was done to API tokens, and every authentication with them. */
export interface ApiTokenLog {
  /** Remembers it and returns at once; `flush` stores it. */
  note(authentication: Authentication): void;
  /** Stored with the change that it tells of. */
  record(transaction: AccessStore, entry: ActivityEntry): Promise<void>;
  /** Stores all that was noted before this call; what cannot be stored now is kept for the next time. */
  flush(): Promise<void>;
  /** The newest first, with what was noted in this process up to now. */
  list(tokenId: string, limit: number, after?: Place): Promise<LoggedActivity[]>;
  /** How many were not stored: too many at once, or too many failures with one token. */
  dropped(): number;
}

/** An outage of the store must not fill the memory. */
const maxWaiting = 20_000;
/** Who guesses must not fill the disk: of so many failures with one token in a minute, the rest is only counted. */
const maxFailuresPerMinute = 1000;
const rowsPerInsert = 500;
/** Authentications are kept so long; what was done to a token, for ever. */
const keepAuthenticationsMs = 90 * 86_400_000;
const purgeEveryMs = 3_600_000;

interface Noted extends Authentication {
  /** Given once: what is stored again, since nobody knows whether it was, is stored once. */
  readonly id: string;
  readonly atMs: number;
}

export function createApiTokenLog({ control, clock }: { control: AccessStore; clock: Clock }): ApiTokenLog {
  const failures = createFailureCounts();
  const writer = createBufferedWriter<Noted>({
    maxItems: maxWaiting,
    afterFlush: createPurge(control, clock),
    async write(batch) {
      await control.transaction().execute(async (transaction) => {
        for (const part of chunksOf(batch, rowsPerInsert))
          await insertActivities(transaction, part.map(toActivity));
        for (const use of usesIn(batch)) await markUse(transaction, use);
      });
    },
  });
  let dropped = 0;

  return {
    dropped: () => dropped,

    note(authentication) {
      const atMs = clock.nowMs();
      const isTooMuch =
        !authentication.isOk && failures.count(authentication.tokenId, atMs) > maxFailuresPerMinute;
      if (isTooMuch || !writer.add({ ...authentication, id: uuidv7(), atMs })) dropped += 1;
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

/** Returns how to remove old authentications from the log. It does so at most once an hour. */
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

function toActivity({ id, tokenId, tokenName, isOk, atMs }: Noted): LoggedActivity {
  const who = { tokenId, tokenName, activityBy: tokenName };
  return { ...who, id, atMs, activity: 'AUTHENTICATE', result: isOk ? 'OK' : 'FAIL' };
}

/**
 * Returns the first and last use of each secret in a batch, ordered by token, so that two processes do not block each
 * other. The batch is in any order: a failed write puts older authentications behind newer ones.
 */
function usesIn(batch: readonly Noted[]): Use[] {
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
  return [...uses.values()].sort((one, other) => (one.tokenId < other.tokenId ? -1 : 1));
}

/** Failures by token in the current minute. */
function createFailureCounts() {
  let minute = 0;
  let counts = new Map<string, number>();
  return {
    count(tokenId: string, atMs: number): number {
      const now = Math.floor(atMs / 60_000);
      if (now !== minute) {
        minute = now;
        counts = new Map();
      }
      const count = (counts.get(tokenId) ?? 0) + 1;
      counts.set(tokenId, count);
      return count;
    },
  };
}
