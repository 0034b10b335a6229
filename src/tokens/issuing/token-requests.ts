import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { KeyringEntry, KeyringKey } from '../configurations/configuration-store.ts';
import type { Keyring } from '../configurations/keyring.ts';
import { isWithin, type Reach } from '../configurations/token-scope.ts';
import { tokenErrors } from '../declarations/errors.ts';
import { hasErrors } from '../validation/findings.ts';
import { findLogicFaults } from '../validation/logic.ts';
import type { StructureCheck } from '../validation/structure.ts';
import { findLengthFaults, payloadInvalid } from './generate.ts';
import { sealClaims } from './mint.ts';

/** What a back end asks for: a token of a viewer, for a short while. */
export interface TokenRequest {
  readonly configurationId: string;
  readonly sub: string;
  readonly validityTimeInSec: number;
  /** Claims that the token carries as they are, once they are found to be right. */
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

/** Of as many keys the public half is kept: deriving it takes as long as making a token. */
const maxPublicKeys = 1000;

/** Makes tokens for back ends that hold an API token instead of a public key. It asks no store. */
export function createTokenRequests({ keyring, checkStructure, clock }: TokenRequestsDeps) {
  const publicKeys = new LRUCache<string, KeyObject>({ max: maxPublicKeys });

  function publicKeyOf(key: KeyringKey): KeyObject {
    const kept = publicKeys.get(key.id);
    if (kept !== undefined) return kept;
    const pkcs8 = Buffer.from(keyring.privateKey(key).pkcs8());
    const made = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
    publicKeys.set(key.id, made);
    return made;
  }

  async function findConfiguration(id: string, reach: Reach): Promise<KeyringEntry> {
    let entry = keyring.find(id);
    if (entry === undefined) {
      // It may have been made a moment ago, in another process.
      await keyring.refresh();
      entry = keyring.find(id);
    }
    if (entry === undefined || !isWithin(reach, entry))
      throw new AppError(tokenErrors.configuration_not_found);
    return entry;
  }

  return {
    /**
     * @throws AppError `configuration_not_found`, `configuration_disabled`, or `payload_invalid` with the findings.
     */
    async request(wanted: TokenRequest, reach: Reach): Promise<RequestedToken> {
      const { configurationId, sub, validityTimeInSec } = wanted;
      const { organisationId, usable, keys } = await findConfiguration(configurationId, reach);
      if (!usable) throw new AppError(tokenErrors.configuration_disabled, { detail: 'Enable it first.' });
      const createdAtMs = clock.nowMs();
      const key = keys.find(
        ({ acceptedUntilMs }) => acceptedUntilMs === undefined || createdAtMs < acceptedUntilMs,
      );
      if (key === undefined) throw new Error(`${configurationId} has no key that is accepted`);
      const expiresAtMs = createdAtMs + validityTimeInSec * 1000;
      const claims = {
        sub,
        // To the millisecond: in whole seconds it would be before a cut-off of its own second.
        iat: createdAtMs / 1000,
        exp: expiresAtMs / 1000,
        ...wanted.claims,
      };
      const findings = [...checkStructure(claims), ...findLogicFaults(claims, createdAtMs)];
      if (hasErrors(findings)) throw payloadInvalid(findings, '');
      const token = await sealClaims(publicKeyOf(key), configurationId, claims);
      const tooLong = findLengthFaults(token);
      if (hasErrors(tooLong)) throw payloadInvalid(tooLong, '');
      return { token, createdAtMs, expiresAtMs, subject: sub, configurationId, organisationId };
    },
  };
}
