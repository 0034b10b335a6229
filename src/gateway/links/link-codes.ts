import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import { createSealer } from '../../platform/crypto/sealing.ts';
import type { GatewayStore } from '../declarations/tables.ts';
import type { Session } from '../sessions/sessions.ts';

/** Single-use codes for sessions. All processes on the same control store share them. */
export interface LinkCodes {
  /** Stores a session and returns its code. Resolves after the session is stored. */
  issue(session: Session): Promise<string>;
  /** Returns the session of a code to the first caller within 60 s, and undefined to every other caller. */
  redeem(code: string): Promise<Session | undefined>;
  /** Removes the sessions whose codes have expired. */
  removeExpired(): Promise<void>;
}

export const codeTtlMs = 60_000;
const codeBytes = 32;
const codeShape = /^[\w-]{43}$/;

/**
 * Returns link codes in the control store. The store holds a digest of the code, and the session sealed under the bytes
 * of the code as key. A reader of the store can neither redeem a code nor open a session. One key per code also keeps
 * random nonces far from their limit (NIST SP 800-38D, 8.3), which a single key for all links would reach.
 */
export function createLinkCodes({ control, clock }: { control: GatewayStore; clock: Clock }): LinkCodes {
  return {
    async issue(session) {
      const secret = randomBytes(codeBytes);
      const code = secret.toString('base64url');
      const digest = digestOf(code);
      const sealed = createSealer(secret).seal(Buffer.from(JSON.stringify(session)), contextOf(digest));
      await control
        .insertInto('link_codes')
        .values({ digest, sealed_session: sealed, expires_at: clock.nowMs() + codeTtlMs })
        .execute();
      return code;
    },

    // One statement reads and deletes the row, so that only one of several concurrent callers, in any process, gets it.
    async redeem(code) {
      if (!codeShape.test(code)) return undefined;
      const digest = digestOf(code);
      const row = await control
        .deleteFrom('link_codes')
        .where('digest', '=', digest)
        .where('expires_at', '>', clock.nowMs())
        .returning('sealed_session')
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const sealer = createSealer(Buffer.from(code, 'base64url'));
      return JSON.parse(sealer.open(row.sealed_session, contextOf(digest)).toString());
    },

    async removeExpired() {
      await control.deleteFrom('link_codes').where('expires_at', '<=', clock.nowMs()).execute();
    },
  };
}

function digestOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

function contextOf(digest: string): string {
  return `link_codes/${digest}`;
}
