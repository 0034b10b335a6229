import type { GrantStore } from '../../../../src/gateway/sessions/sealed/grant-store.ts';
import type { SessionClaims } from '../../../../src/gateway/sessions/sealed/session-token.ts';
import { createSessionTokens } from '../../../../src/gateway/sessions/sealed/session-token.ts';
import { createSharedSealing } from '../../../../src/gateway/sessions/sealed/shared-sealing.ts';
import { createSessions } from '../../../../src/gateway/sessions/sessions.ts';
import type { Clock } from '../../../../src/platform/clock.ts';
import { AppError } from '../../../../src/platform/errors/errors.ts';
import { platformErrors } from '../../../../src/platform/errors/platform-errors.ts';
import { noRevocations, type Revocations } from '../../../../src/tokens/revocation/revocations.ts';

export const sharedKey = { id: 'session-token-1', secret: Buffer.alloc(32, 7) };

export const exampleClaims: SessionClaims = {
  sessionId: '01a1fd5f-7165-70a5-a1a5-5bedbfaea5db',
  configurationId: '65f0c0ffee65f0c0ffee0001',
  organisationId: 'default',
  subject: 'alice@example.com',
  tags: ['newsletter'],
  initialiser: '8CGS8A5iUQKTrjEAc7_RYw',
  startedAtMs: 1_795_000_000_000,
  expiresAtMs: 1_795_028_800_000,
  tokenDigest: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
  tokenTimes: { expiresAtS: 1_795_100_000.25, notBeforeS: undefined, issuedAtS: 1_794_999_999 },
  isLinkEntry: false,
  passthroughClaims: '{"grants":{"res":["dashboard:1"]},"lng":"en-US"}',
};

/** An in-memory grant store that several gateways can share. */
export interface MemoryGrantStore extends GrantStore {
  readonly rows: Map<string, string>;
  readonly endsAtMs: Map<string, number>;
  isDown: boolean;
}

/** Creates an empty grant store. It fails while `isDown` is true. */
export function createMemoryGrantStore(): MemoryGrantStore {
  const rows = new Map<string, string>();
  const endsAtMs = new Map<string, number>();
  const failIfDown = () => {
    if (grantStore.isDown) throw new AppError(platformErrors.control_store_unavailable);
  };
  const grantStore: MemoryGrantStore = {
    ...{ rows, endsAtMs, isDown: false },
    async save(sessionId, grantText, until) {
      failIfDown();
      rows.set(sessionId, grantText);
      endsAtMs.set(sessionId, until);
    },
    async find(sessionId) {
      failIfDown();
      return rows.get(sessionId);
    },
    async extend(sessionId, until) {
      failIfDown();
      endsAtMs.set(sessionId, until);
      return rows.has(sessionId);
    },
    async removeEnded() {},
  };
  return grantStore;
}

/** Creates the session service of one gateway. Several gateways can share a grant store. */
export function createTestSessions(options: {
  clock: Clock;
  sessionTtlMs?: number;
  sessionMaxMs?: number;
  revocations?: Revocations;
  grantStore?: MemoryGrantStore;
}) {
  const { clock, sessionTtlMs = 3_600_000, sessionMaxMs = 7 * 86_400_000 } = options;
  const { revocations = noRevocations, grantStore = createMemoryGrantStore() } = options;
  const tokens = createSessionTokens(createSharedSealing([sharedKey]));
  const sessions = createSessions(
    { sessionTtlMs, sessionMaxMs, linkHandOff: 'cookie' },
    {
      ...{ tokens, grantStore, revocations, clock },
      claimsBudget: { spend: () => {} },
    },
  );
  return { sessions, grantStore, tokens };
}
