import type { Clock } from '../../platform/clock.ts';
import { uuidv7 } from '../../platform/crypto/uuid.ts';
import type { Place } from '../../platform/http/paging.ts';
import type { ControlStore } from '../../platform/sql/schema.ts';
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
  record(transaction: ControlStore, entry: ActivityEntry): Promise<void>;
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

export function createApiTokenLog({ control, clock }: { control: ControlStore; clock: Clock }): ApiTokenLog {
  const failures = createFailureCounts();
  let waiting: Noted[] = [];
  let dropped = 0;
  let flushing: Promise<void> = Promise.resolve();
  let purgedAtMs = Number.NEGATIVE_INFINITY;

  async function storeWaiting(): Promise<void> {
    const batch = waiting;
    if (batch.length === 0) return;
    waiting = [];
    try {
      await control.transaction().execute(async (transaction) => {
        for (let from = 0; from < batch.length; from += rowsPerInsert)
          await insertActivities(transaction, batch.slice(from, from + rowsPerInsert).map(toActivity));
        for (const use of usesIn(batch)) await markUse(transaction, use);
      });
    } catch (error) {
      waiting = [...batch, ...waiting];
      throw error;
    }
    await purge();
  }

  async function purge(): Promise<void> {
    const nowMs = clock.nowMs();
    if (nowMs - purgedAtMs < purgeEveryMs) return;
    purgedAtMs = nowMs;
    await control
      .deleteFrom('api_token_log')
      .where('at', '<', nowMs - keepAuthenticationsMs)
      .where('activity', '=', 'AUTHENTICATE')
      .execute();
  }

  const log: ApiTokenLog = {
    dropped: () => dropped,

    note(authentication) {
      const atMs = clock.nowMs();
      const isTooMuch =
        !authentication.isOk && failures.count(authentication.tokenId, atMs) > maxFailuresPerMinute;
      if (isTooMuch || waiting.length >= maxWaiting) dropped += 1;
      else waiting.push({ ...authentication, id: uuidv7(), atMs });
    },

    async record(transaction, entry) {
      await insertActivities(transaction, [
        { ...entry, id: uuidv7(), atMs: clock.nowMs(), result: undefined },
      ]);
    },

    flush() {
      flushing = flushing.catch(() => undefined).then(storeWaiting);
      return flushing;
    },

    async list(tokenId, limit, after) {
      await log.flush();
      return readActivities(control, tokenId, limit, after);
    },
  };
  return log;
}

function toActivity({ id, tokenId, tokenName, isOk, atMs }: Noted): LoggedActivity {
  const who = { tokenId, tokenName, activityBy: tokenName };
  return { ...who, id, atMs, activity: 'AUTHENTICATE', result: isOk ? 'OK' : 'FAIL' };
}

/**
 * First and last use of each secret in a batch, which is in the order of time. In the order of tokens, so that two
 * processes do not wait for each other.
 */
function usesIn(batch: readonly Noted[]): Use[] {
  const uses = new Map<string, Use>();
  for (const { tokenId, secretDigest, isOk, atMs } of batch) {
    if (!isOk || secretDigest === undefined) continue;
    const firstMs = uses.get(secretDigest)?.firstMs ?? atMs;
    uses.set(secretDigest, { tokenId, secretDigest, firstMs, lastMs: atMs });
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
