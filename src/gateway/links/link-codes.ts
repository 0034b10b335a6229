import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import { createSealer } from '../../platform/crypto/sealing.ts';
import type { GatewayStore } from '../declarations/tables.ts';
import type { Session } from '../sessions/sessions.ts';

/** Codes that can be redeemed once for a session. All processes with the same control store share the codes. */
export interface LinkCodes {
  /** Stores a session and returns its code. Resolves after the session is stored. */
  issue(session: Session): Promise<string>;
  /** Returns the session to the first caller within 60 s. Returns undefined to all other callers. */
  redeem(code: string): Promise<Session | undefined>;
  /** Deletes the sessions whose codes have expired. */
  removeExpired(): Promise<void>;
}

export const codeTtlMs = 60_000;
const codeBytes = 32;
const codeShape = /^[\w-]{43}$/;

/**
 * Creates link codes in the control store. A row contains a digest of the code, and the session, which is encrypted
 * with the code as the key. Read access to the store is therefore not enough to redeem a code or decrypt a session.
 * Each code is a separate key, because random nonces are safe only for a limited number of texts per key (NIST SP
 * 800-38D, 8.3), which one key for all links would exceed.
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

    // One SQL statement reads and deletes the row, so that only one of several concurrent callers gets the session,
    // also if they are in different processes.
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
