import { poll } from '../../platform/background/poll.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Sealer } from '../../platform/crypto/sealing.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import type { WatClaims } from '../claims/claims.ts';
import type { ConfigurationStore, KeyringEntry } from '../configurations/configuration-store.ts';
import type { Keyring } from '../configurations/keyring.ts';
import { isInScope, type TokenScope } from '../configurations/token-scope.ts';
import { tokenErrors } from '../declarations/errors.ts';
import { canonicalText, readKid } from '../jwe/jwe.ts';
import { importPrivateKey } from '../jwe/private-key.ts';
import { decryptToken } from '../opening/decrypter.ts';
import { digestOfToken } from '../opening/token-cache.ts';
import { subjectContext } from './revocation-rows.ts';
import { digestOfSubject, type Revocation, type RevocationKey } from './revocation-rules.ts';
import type { RevocationStore, StoredRevocation } from './revocation-store.ts';

/** What to revoke: one token, all tokens of a viewer, or all tokens of a configuration. */
export type RevocationTarget =
  | { readonly token: string }
  | { readonly configurationId: string; readonly subject: string | undefined };

export interface Revoked {
  readonly revocation: StoredRevocation;
  readonly organisationId: string;
}

export interface RevocationServiceDeps {
  readonly store: Pick<RevocationStore, 'save'>;
  readonly sealer: Pick<Sealer, 'seal'>;
  /** The cache of this process. A revocation takes effect when it has been added. */
  readonly cache: { add(revocation: StoredRevocation): Promise<void> | void };
  readonly keyring: Pick<Keyring, 'find' | 'privateKey' | 'decoy'>;
  readonly configurations: Pick<ConfigurationStore, 'find'>;
  readonly clock: Clock;
}

/** Optional terms of a revocation. */
export interface RevocationTerms {
  /** When the revocation ends. Undefined if the revocation is permanent. */
  readonly untilMs?: number | undefined;
  /** Principal of the revocation, as in the audit log. */
  readonly revokedBy?: string | undefined;
}

export type RevocationService = ReturnType<typeof createRevocationService>;

/**
 * Maximum wait for the next millisecond. It is needed if the clock does not advance, or if a process whose clock is
 * ahead has set the revocation time.
 */
const maxWaitMs = 5;

type ResolvedTarget = RevocationKey & Pick<Revoked, 'organisationId'> & Pick<Revocation, 'expiresAtMs'>;

/**
 * Creates the service that revokes tokens. A revocation takes effect for exchanges in this process before the call
 * resolves. Other processes poll the store's revision, and the revocation takes effect there within 2 s. A revocation
 * is permanent unless its terms contain `untilMs`. It can be repeated, also by two processes simultaneously.
 */
export function createRevocationService(deps: RevocationServiceDeps) {
  const { store, cache, clock } = deps;
  return {
    /**
     * Revokes a target. Resolves after the revocation is durable.
     * @throws AppError `web_access_token_not_found` if the text is not a token in scope, `configuration_not_found`,
     * or `control_store_unavailable`. In the last case, the revocation took effect either completely or not at all.
     */
    async revoke(
      target: RevocationTarget,
      endSessions: boolean,
      scope: TokenScope,
      { untilMs, revokedBy }: RevocationTerms = {},
    ): Promise<Revoked> {
      requireFuture(untilMs, clock.nowMs());
      const { organisationId, ...key } =
        'token' in target
          ? findToken(deps, target.token, scope)
          : await findConfiguration(deps, target.configurationId, target.subject, scope);
      const sealedSubject =
        'token' in target || target.subject === undefined
          ? undefined
          : deps.sealer.seal(Buffer.from(target.subject), subjectContext(key));
      const revocation = await store.save(() => {
        const nowMs = clock.nowMs();
        const sessionsEndedAtMs = endSessions ? nowMs : undefined;
        return { ...key, revokedAtMs: nowMs, sessionsEndedAtMs, untilMs, revokedBy, sealedSubject };
      });
      // The cache gets the stored result, without another read. If such a read failed, the revocation would not take
      // effect immediately.
      await cache.add(revocation);
      await waitUntilPast(revocation.revokedAtMs, clock);
      return { revocation, organisationId };
    },
  };
}

function requireFuture(untilMs: number | undefined, nowMs: number): void {
  if (untilMs === undefined || untilMs > nowMs) return;
  throw new AppError(platformErrors.invalid_request, {
    faults: [{ path: '/until', message: 'must be in the future' }],
  });
}

function findToken({ keyring }: RevocationServiceDeps, text: string, scope: TokenScope): ResolvedTarget {
  const token = canonicalText(text.trim());
  const known = keyring.find(readKid(token) ?? '');
  const entry = known !== undefined && isInScope(scope, known) ? known : undefined;
  const claims = claimsOf(keyring, token, entry);
  if (entry === undefined || claims === undefined) throw new AppError(tokenErrors.web_access_token_not_found);
  const { configurationId, organisationId } = entry;
  const expiresAtMs = toStoredInstant(claims.expiresAtS);
  return { kind: 'token', digest: digestOfToken(token), configurationId, organisationId, expiresAtMs };
}

/**
 * Returns the claims of a token with a known configuration. A token with an unknown configuration takes as long, so
 * that the time does not reveal which configurations exist.
 */
function claimsOf(
  keyring: RevocationServiceDeps['keyring'],
  token: string,
  entry: KeyringEntry | undefined,
): WatClaims | undefined {
  const keys = entry === undefined ? [keyring.decoy] : entry.keys.map(keyring.privateKey);
  for (const key of keys) {
    const opened = decryptToken(token, importPrivateKey(key.pkcs8()));
    if (entry !== undefined && opened.ok) return opened.claims;
  }
  return undefined;
}

/**
 * Finds a configuration for a revocation. The configuration may be deleted, because its sessions continue until a
 * revocation ends them.
 */
async function findConfiguration(
  { configurations }: RevocationServiceDeps,
  configurationId: string,
  subject: string | undefined,
  scope: TokenScope,
): Promise<ResolvedTarget> {
  const configuration = await configurations.find(configurationId, scope.organisationId);
  if (configuration === undefined) throw new AppError(tokenErrors.configuration_not_found);
  const { organisationId } = configuration;
  if (!isInScope(scope, { configurationId, organisationId }))
    throw new AppError(tokenErrors.configuration_not_found);
  const common = { configurationId, organisationId, expiresAtMs: undefined };
  return subject === undefined
    ? { ...common, kind: 'configuration', digest: '' }
    : { ...common, kind: 'subject', digest: digestOfSubject(subject) };
}

/**
 * Waits until the millisecond of the revocation has passed, so that a token created after the response is not
 * revoked.
 */
async function waitUntilPast(instantMs: number, clock: Clock): Promise<void> {
  await poll(() => clock.nowMs() > instantMs || undefined, { everyMs: 1, timeoutMs: maxWaitMs });
}

/**
 * The latest instant that a `Date` can represent. A token with a later `exp` is treated as one that never expires.
 */
const maxInstantMs = 8.64e15;

function toStoredInstant(seconds: number | undefined): number | undefined {
  const ms = Math.ceil((seconds ?? Number.POSITIVE_INFINITY) * 1000);
  return ms > maxInstantMs ? undefined : Math.max(ms, 0);
}
