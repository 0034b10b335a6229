import type { Clock } from '../../platform/clock.ts';
import { isDeeperThan, type JsonObject } from '../claims/json-size.ts';
import { withoutNullClaims } from '../claims/null-claims.ts';
import type { KeyringEntry, KeyringKey, OrganisationFilter } from '../configurations/configuration-store.ts';
import type { Keyring } from '../configurations/keyring.ts';
import type { Directory } from '../directory/directory.ts';
import { decryptJwe, openJwe, type ParsedJwe, parseJwe, readPayload } from '../jwe/jwe.ts';
import { importPrivateKey } from '../jwe/private-key.ts';
import type { Revocations } from '../revocation/revocations.ts';
import { contentFault } from './content-faults.ts';
import { findDataFaults, questionOf } from './data-level.ts';
import { type Finding, hasErrors, limitFindings } from './findings.ts';
import { findHeaderFaults, readHeaderLoosely } from './header-faults.ts';
import { endingKeyFindings, replacedKey } from './key-findings.ts';
import { findLogicFaults, findNotYetValid } from './logic.ts';
import { revokedFindings } from './revocation-findings.ts';
import { maxPayloadDepth, type StructureCheck } from './structure.ts';

/** Result of testing a token. */
export interface TokenTest {
  /** True if no finding is an error: the token follows all rules and could be exchanged now. */
  readonly valid: boolean;
  readonly header: JsonObject | null;
  /** Null if the token cannot be decrypted, or if its payload is nested too deeply. */
  readonly payload: unknown;
  readonly findings: readonly Finding[];
}

export interface TokenTesterDeps {
  readonly keyring: Pick<Keyring, 'find' | 'privateKey' | 'decoy'>;
  readonly revocations: Pick<Revocations, 'isRevoked'>;
  readonly directory: Directory;
  readonly checkStructure: StructureCheck;
  readonly clock: Clock;
}

export type TokenTester = ReturnType<typeof createTokenTester>;

/**
 * Creates the token tester, which decrypts a token and validates it on all three levels. A test does not count a
 * session.
 */
export function createTokenTester(deps: TokenTesterDeps) {
  return {
    /**
     * Tests a token. The result for a token of another organisation is the same as for a token of an unknown
     * configuration.
     */
    async test(text: string, organisation: OrganisationFilter): Promise<TokenTest> {
      const token = text.trim();
      const header = readHeaderLoosely(token);
      const { payload, findings } = await examine(deps, token, header, organisation);
      return {
        valid: !hasErrors(findings),
        header: header ?? null,
        payload,
        findings: limitFindings(findings),
      };
    },
  };
}

/** The payload of a token, and the findings on the token. */
interface Examination {
  /** Null if the payload cannot be read. */
  readonly payload: unknown;
  readonly findings: readonly Finding[];
}

async function examine(
  deps: TokenTesterDeps,
  token: string,
  header: JsonObject | undefined,
  organisation: OrganisationFilter,
): Promise<Examination> {
  const { keyring, checkStructure } = deps;
  const jwe = parseJwe(token);
  if (jwe === undefined) return { payload: null, findings: findHeaderFaults(token, header) };
  const entry = keyring.find(jwe.kid);
  if (entry === undefined || (organisation !== undefined && entry.organisationId !== organisation)) {
    // Decrypting with the decoy takes as long as a real decryption. Otherwise the time would reveal tokens of other
    // organisations.
    openJwe(jwe, importPrivateKey(keyring.decoy.pkcs8()));
    return { payload: null, findings: [unknownConfiguration] };
  }
  const decrypted = decryptWithAny(keyring, jwe, entry.keys);
  if (decrypted === undefined) return { payload: null, findings: [notOpened] };
  const { content, key } = decrypted;
  const payload = readPayload(jwe, content);
  if (payload === undefined) return { payload: null, findings: [contentFault(content, jwe.isCompressed)] };
  if (isDeeperThan(payload, maxPayloadDepth)) return { payload: null, findings: checkStructure(payload) };
  const claims = withoutNullClaims(payload);
  const structure = checkStructure(claims);
  const rest = await findingsOf(deps, token, claims, { entry, key });
  return { payload, findings: [...structure, ...rest] };
}

function decryptWithAny(keyring: TokenTesterDeps['keyring'], jwe: ParsedJwe, keys: readonly KeyringKey[]) {
  for (const key of keys) {
    const content = decryptJwe(jwe, importPrivateKey(keyring.privateKey(key).pkcs8()));
    if (content !== undefined) return { content, key };
  }
  return undefined;
}

/** Returns the findings on a decrypted token, except those on its structure. */
async function findingsOf(
  deps: TokenTesterDeps,
  token: string,
  payload: unknown,
  { entry, key }: { readonly entry: KeyringEntry; readonly key: KeyringKey },
): Promise<Finding[]> {
  const nowMs = deps.clock.nowMs();
  return [
    ...stateFindings(entry, key, nowMs),
    ...revokedFindings(deps.revocations, token, entry.configurationId, payload),
    ...findNotYetValid(payload, nowMs),
    ...findLogicFaults(payload, nowMs),
    ...(await dataFindings(deps, payload, entry.organisationId)),
  ];
}

/** Returns the findings on the token's configuration and key. */
function stateFindings(entry: KeyringEntry, key: KeyringKey, nowMs: number): Finding[] {
  const isReplaced = key.acceptedUntilMs !== undefined && nowMs >= key.acceptedUntilMs;
  return [...(entry.isUsable ? [] : [disabled]), ...(isReplaced ? [replacedKey] : endingKeyFindings(key))];
}

async function dataFindings(
  { directory }: TokenTesterDeps,
  payload: unknown,
  organisationId: string,
): Promise<Finding[]> {
  const question = questionOf(payload);
  if (question === undefined) return [notAsked];
  return findDataFaults(payload, await directory.ask({ organisationId, ...question }));
}

const disabled: Finding = {
  level: 'logic',
  path: '/header/kid',
  severity: 'error',
  message: 'names a disabled token configuration',
  fix: 'Enable the configuration, or create the token with another one.',
};
const unknownConfiguration: Finding = {
  level: 'structure',
  path: '/header/kid',
  severity: 'error',
  message: 'is not the id of a token configuration',
  fix: 'Set `kid` to the id of a configuration that has not been deleted.',
};
const notOpened: Finding = {
  level: 'structure',
  path: '/token',
  severity: 'error',
  message: 'cannot be opened: it was created with another key or a replaced key, or it was changed',
  fix: 'Create it with the public key of the configuration that `kid` names, and copy the complete token.',
};
const notAsked: Finding = {
  level: 'data',
  path: '/sub',
  severity: 'info',
  message: 'was not checked: the payload has no subject',
  fix: 'Fix the structure errors first.',
};
