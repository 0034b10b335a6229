import { Type } from 'typebox';
import { documentedKeyword } from '../../platform/http/routes/documented-keyword.ts';
import { strict } from '../../platform/http/routes/schemas.ts';
import { claimsDescription } from '../claims/claims-openapi.ts';
import type { JsonObject } from '../claims/json-size.ts';
import { tokenExamples } from '../declarations/examples.ts';
import { levels, severities } from '../validation/findings.ts';

const configurationId = tokenExamples.configurationId.value;
const publicKey = tokenExamples.publicKey.value;
const token = tokenExamples.webAccessToken.value;

const oneOf = <T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values] });
const Findings = Type.Array(
  Type.Object(
    {
      level: oneOf(levels),
      path: Type.String({ description: 'A JSON pointer into the payload, or `/header/...`, or `/token`' }),
      severity: oneOf(severities),
      message: Type.String(),
      fix: Type.String({ description: 'How to fix it' }),
    },
    { title: 'Finding' },
  ),
);

/** Schema that accepts any object as payload. The generator validates the claims and reports errors as findings. */
const Payload = Type.Unsafe<JsonObject>({
  type: 'object',
  additionalProperties: true,
  [documentedKeyword]: claimsDescription,
});

export const NewToken = Type.Object(
  {
    configurationId: Type.String({ maxLength: 64, description: 'The id of a token configuration' }),
    publicKey: Type.String({
      maxLength: 16_384,
      description: 'The public key as SPKI PEM, on one line or on several lines',
    }),
    payload: Payload,
  },
  {
    ...{ ...strict, title: 'NewToken' },
    examples: [
      {
        configurationId,
        publicKey,
        payload: {
          sub: 'alice@example.com',
          exp: 1924988400,
          grants: { res: ['dashboards/sales'], prm: ['filter'] },
          trc: ['newsletter'],
        },
      },
    ],
  },
);

export const GeneratedToken = Type.Object(
  {
    token: Type.String({ description: 'The web access token in compact form' }),
    findings: Findings,
  },
  { title: 'GeneratedToken', examples: [{ token, findings: [] }] },
);

export const TokenToTest = Type.Object(
  { token: Type.String({ description: 'A web access token' }) },
  { ...strict, title: 'TokenToTest', examples: [{ token }] },
);

export const TokenTest = Type.Object(
  {
    valid: Type.Boolean({ description: 'True if no finding is an error' }),
    header: Type.Unknown({ description: 'The protected header. null: it cannot be read' }),
    payload: Type.Unknown({ description: 'The claims. null: they cannot be read' }),
    findings: Findings,
  },
  {
    title: 'TokenTest',
    examples: [
      {
        valid: true,
        header: { alg: 'RSA-OAEP-256', enc: 'A128GCM', zip: 'DEF', kid: configurationId, typ: 'JWT' },
        payload: { sub: 'alice@example.com', exp: 1924988400, trc: ['newsletter'] },
        findings: [
          {
            level: 'data',
            path: '/sub',
            severity: 'warning',
            message: 'was not checked: no subjects are registered',
            fix: 'Register them with POST /api/v1/directory/subjects, or set DIRECTORY_URL.',
          },
        ],
      },
    ],
  },
);
