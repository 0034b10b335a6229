import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { withoutNullClaims } from '../claims/null-claims.ts';
import type { KeyringEntry, KeyringKey } from '../configurations/configuration-store.ts';
import type { Keyring } from '../configurations/keyring.ts';
import { isInScope, type TokenScope } from '../configurations/token-scope.ts';
import { tokenErrors } from '../declarations/errors.ts';
import { hasErrors } from '../validation/findings.ts';
import { findLogicFaults } from '../validation/logic.ts';
import type { StructureCheck } from '../validation/structure.ts';
import { findLengthFaults, payloadInvalid } from './generate.ts';
import { encryptClaims } from './mint.ts';

/** Request of a back end for a short-lived token of a viewer. */
export interface TokenRequest {
  readonly configurationId: string;
  readonly sub: string;
  readonly validityTimeInSec: number;
  /** Claims that the token contains unchanged, after validation. */
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface RequestedToken {
  readonly token: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly subject: string;
  readonly configurationId: string;
  readonly organisationId: string;
}

export interface TokenRequestsDeps {
  readonly keyring: Pick<Keyring, 'find' | 'privateKey' | 'refresh'>;
  readonly checkStructure: StructureCheck;
  readonly clock: Clock;
}

export type TokenRequests = ReturnType<typeof createTokenRequests>;

/**
 * Maximum number of cached public keys. Without the cache, a token would take twice as long, because its public key
 * would be derived from the private key.
 */
const maxPublicKeys = 1000;

/**
 * Creates the service that creates tokens for back ends, which have an API token instead of a public key. It reads
 * configurations from memory, and from the store only if a configuration is unknown.
 */
export function createTokenRequests({ keyring, checkStructure, clock }: TokenRequestsDeps) {
  const publicKeys = new LRUCache<string, KeyObject>({ max: maxPublicKeys });

  function publicKeyOf(key: KeyringKey): KeyObject {
    const cached = publicKeys.get(key.id);
    if (cached !== undefined) return cached;
    const pkcs8 = Buffer.from(keyring.privateKey(key).pkcs8());
    const publicKey = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
    publicKeys.set(key.id, publicKey);
    return publicKey;
  }

  async function findConfiguration(id: string, scope: TokenScope): Promise<KeyringEntry> {
    let entry = keyring.find(id);
    if (entry === undefined) {
      // Another process may just have created the configuration.
      await keyring.refresh();
      entry = keyring.find(id);
    }
    if (entry === undefined || !isInScope(scope, entry))
      throw new AppError(tokenErrors.configuration_not_found);
    return entry;
  }

  return {
    /**
     * Creates a token that expires after `validityTimeInSec` seconds.
     * @throws AppError `configuration_not_found`, `configuration_disabled`, or `payload_invalid` with the findings.
     */
    async request(tokenRequest: TokenRequest, scope: TokenScope): Promise<RequestedToken> {
      const { configurationId, sub, validityTimeInSec } = tokenRequest;
      const { organisationId, isUsable, keys } = await findConfiguration(configurationId, scope);
      if (!isUsable)
        throw new AppError(tokenErrors.configuration_disabled, {
          detail: 'Enable the token configuration first.',
        });
      const createdAtMs = clock.nowMs();
      const key = keys.find(
        ({ acceptedUntilMs }) => acceptedUntilMs === undefined || createdAtMs < acceptedUntilMs,
      );
      if (key === undefined) throw new Error(`${configurationId} has no key that is accepted`);
      const expiresAtMs = createdAtMs + validityTimeInSec * 1000;
      const claims = {
        sub,
        // `iat` has milliseconds, because an `iat` in whole seconds would be earlier than a revocation in the same
        // second, and the new token would be revoked.
        iat: createdAtMs / 1000,
        exp: expiresAtMs / 1000,
        ...tokenRequest.claims,
      };
      const present = withoutNullClaims(claims);
      const findings = [...checkStructure(present), ...findLogicFaults(present, createdAtMs)];
      if (hasErrors(findings)) throw payloadInvalid(findings, '');
      const token = await encryptClaims(publicKeyOf(key), configurationId, claims);
      const lengthFaults = findLengthFaults(token);
      if (hasErrors(lengthFaults)) throw payloadInvalid(lengthFaults, '');
      return { token, createdAtMs, expiresAtMs, subject: sub, configurationId, organisationId };
    },
  };
}
