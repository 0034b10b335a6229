import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { JsonObject } from '../claims/json-size.ts';
import { withoutNullClaims } from '../claims/null-claims.ts';
import type { ConfigurationKeys } from '../configurations/configuration-keys.ts';
import type { OrganisationFilter } from '../configurations/configuration-store.ts';
import type { Configurations } from '../configurations/configurations.ts';
import { tokenErrors } from '../declarations/errors.ts';
import type { Revocations } from '../revocation/revocations.ts';
import { type Finding, hasErrors, limitFindings } from '../validation/findings.ts';
import { endingKeyFindings } from '../validation/key-findings.ts';
import { findLogicFaults } from '../validation/logic.ts';
import { cutOffFindings } from '../validation/revocation-findings.ts';
import type { StructureCheck } from '../validation/structure.ts';
import { mintToken } from './mint.ts';
import { readPublicKey } from './public-key.ts';

export interface GenerateRequest {
  readonly configurationId: string;
  readonly publicKey: string;
  readonly payload: JsonObject;
}

export interface GeneratedToken {
  readonly token: string;
  /** Findings of the severities warning and info. An error would have prevented the token. */
  readonly findings: readonly Finding[];
}

export interface TokenGeneratorDeps {
  readonly configurations: Pick<Configurations, 'get'>;
  readonly keys: Pick<ConfigurationKeys, 'accepted'>;
  readonly revocations: Pick<Revocations, 'isRevoked'>;
  readonly checkStructure: StructureCheck;
  readonly clock: Clock;
}

export type TokenGenerator = ReturnType<typeof createTokenGenerator>;

/**
 * Maximum length of a token for an exchange. The limit of the request body leaves room for the JSON around the token.
 */
export const maxTokenChars = 255 * 1024;
/** Maximum length of a token in a link. Longer tokens must be sent by POST. */
export const maxLinkTokenChars = 12 * 1024;

/**
 * Creates the service that generates tokens for callers with a public key. It validates the structure and the logic
 * of the claims before it creates a token.
 */
export function createTokenGenerator(deps: TokenGeneratorDeps) {
  const { configurations, keys, revocations, checkStructure, clock } = deps;
  return {
    /**
     * Returns a token. An exchange accepts the token from `nbf` on, while its configuration is enabled.
     * @throws AppError `configuration_not_found`, `invalid_public_key`, or `payload_invalid` with the findings.
     */
    async generate(request: GenerateRequest, organisation: OrganisationFilter): Promise<GeneratedToken> {
      const { configurationId, payload } = request;
      const claims = withoutNullClaims(payload);
      const { enabled } = await configurations.get(configurationId, organisation);
      const key = readPublicKey(request.publicKey);
      const accepted = await keys.accepted(configurationId, clock.nowMs());
      const acceptedKey = accepted.find(({ publicKeyDigest }) => publicKeyDigest === key?.digest);
      if (key === undefined || acceptedKey === undefined) throw invalidPublicKey();

      const findings = [...checkStructure(claims), ...findLogicFaults(claims, clock.nowMs())];
      findings.push(...(enabled ? [] : [disabled]), ...endingKeyFindings(acceptedKey));
      findings.push(...cutOffFindings(revocations, configurationId, payload));
      if (hasErrors(findings)) throw payloadInvalid(findings, '/payload');
      const token = await mintToken({ configurationId, publicKeyPem: key.pem, claims: payload });
      findings.push(...findLengthFaults(token));
      if (hasErrors(findings)) throw payloadInvalid(findings, '/payload');
      return { token, findings: limitFindings(findings) };
    },
  };
}

const disabled: Finding = {
  level: 'logic',
  path: '/header/kid',
  severity: 'warning',
  message: 'names a disabled token configuration: the token is rejected until the configuration is enabled',
  fix: 'Enable the configuration.',
};

/** Path of findings that concern the whole token. */
const tokenPath = '/token';

/** Returns a finding if a token is too long for a link or for an exchange. */
export function findLengthFaults({ length }: string): Finding[] {
  if (length <= maxLinkTokenChars) return [];
  const isTooLong = length > maxTokenChars;
  const limit = isTooLong
    ? `an exchange accepts at most ${maxTokenChars}`
    : `a link accepts at most ${maxLinkTokenChars}`;
  return [
    {
      level: 'structure',
      path: tokenPath,
      severity: isTooLong ? 'error' : 'warning',
      message: `has ${length} characters: ${limit}`,
      fix: isTooLong
        ? 'Shorten the claims.'
        : 'Send the token by POST instead of in a link, or shorten the claims.',
    },
  ];
}

function invalidPublicKey(): AppError {
  return new AppError(tokenErrors.invalid_public_key, {
    detail: 'Invalid public key',
    faults: [
      {
        path: '/publicKey',
        message: 'must be a currently accepted public key of this configuration, as SPKI PEM',
      },
    ],
  });
}

/**
 * Creates the error for invalid claims.
 * @param place path of the claims in the request body.
 */
export function payloadInvalid(allFindings: readonly Finding[], place: string): AppError {
  const findings = limitFindings(allFindings);
  const faults = findings
    .filter(({ severity }) => severity === 'error')
    .map(({ path, message }) => ({ path: path === tokenPath ? place : `${place}${path}`, message }));
  return new AppError(tokenErrors.payload_invalid, {
    detail: 'See findings.',
    faults,
    members: { findings },
  });
}
