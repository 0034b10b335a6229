import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import type { ApiTokens } from '../api-tokens/api-tokens.ts';
import type { AccessStore } from '../declarations/tables.ts';
import type { Principal } from '../principal/principal.ts';

export interface UiSession {
  /** Value of the cookie. The store contains only its digest. */
  readonly id: string;
  readonly principal: Principal;
  readonly ttlMs: number;
  readonly expiresAtMs: number;
}

/** Manages dashboard sessions. The store contains only a digest of each cookie value. */
export interface UiSessions {
  /** Signs in with an API token. Returns undefined if the token is not valid. */
  open(apiToken: string): Promise<UiSession | undefined>;
  find(id: string): Promise<{ principal: Principal; expiresAtMs: number } | undefined>;
  close(id: string): Promise<void>;
}

export const uiSessionTtlMs = 12 * 3_600_000;

/**
 * Creates the service for dashboard sessions. A session lasts at most 12 hours, and ends earlier if its API token
 * expires or is revoked.
 */
export function createUiSessions(deps: {
  control: AccessStore;
  tokens: ApiTokens;
  clock: Clock;
}): UiSessions {
  const { control, tokens, clock } = deps;
  return {
    async open(apiToken) {
      const principal = await tokens.authenticate(apiToken);
      if (principal === undefined) return undefined;
      const id = randomBytes(32).toString('base64url');
      const nowMs = clock.nowMs();
      const expiresAtMs = Math.min(nowMs + uiSessionTtlMs, principal.expiresAtMs ?? Number.POSITIVE_INFINITY);
      await control.deleteFrom('ui_sessions').where('expires_at', '<=', nowMs).execute();
      await control
        .insertInto('ui_sessions')
        .values({
          id: digestOf(id),
          api_token_id: principal.tokenId,
          created_at: nowMs,
          expires_at: expiresAtMs,
        })
        .execute();
      return { id, principal, ttlMs: expiresAtMs - nowMs, expiresAtMs };
    },

    /** Checks the API token on each call, because a session must end together with its API token. */
    async find(id) {
      const row = await control
        .selectFrom('ui_sessions')
        .select(['api_token_id', 'expires_at'])
        .where('id', '=', digestOf(id))
        .executeTakeFirst();
      if (row === undefined || clock.nowMs() >= row.expires_at) return undefined;
      const principal = await tokens.find(row.api_token_id);
      return principal && { principal, expiresAtMs: Number(row.expires_at) };
    },

    async close(id) {
      await control.deleteFrom('ui_sessions').where('id', '=', digestOf(id)).execute();
    },
  };
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
