import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import { createSealer } from '../../platform/crypto/sealing.ts';
import type { GatewayStore } from '../declarations/tables.ts';
import type { Session } from '../sessions/sessions.ts';

/** Sessions that wait to be fetched by a code, once. Every process on the same control store knows all codes. */
export interface LinkCodes {
  issue(session: Session): Promise<string>;
  /** The session of a code, to the first who asks, within 60 s; undefined for all others. */
  redeem(code: string): Promise<Session | undefined>;
  removeExpired(): Promise<void>;
}

export const codeTtlMs = 60_000;
const codeBytes = 32;
const codeShape = /^[\w-]{43}$/;

/**
 * The store has a digest of the code, and the session sealed under a key that is made from the code itself: who reads
 * the store can neither redeem a code nor open a session. A key of its own for each also keeps random nonces far from
 * their limit (NIST SP 800-38D, 8.3), which one key for every link that is ever opened would reach.
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

    // One statement finds and takes it: of two who ask at once, in whatever processes, one gets the row.
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
