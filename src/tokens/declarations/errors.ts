import { defineErrors } from '../../platform/errors/define-errors.ts';

/** Errors of token configurations, and of requests that create or look up tokens. */
export const tokenErrors = defineErrors({
  configuration_not_found: {
    kind: 'not_found',
    title: 'No such token configuration',
    detail: 'GET /api/v1/web-access-tokens/configurations lists the token configurations.',
  },
  configuration_disabled: {
    kind: 'conflict',
    title: 'The token configuration is disabled',
  },
  too_many_keys: {
    kind: 'conflict',
    title: 'The token configuration has too many accepted keys',
  },
  web_access_token_not_found: {
    kind: 'not_found',
    title: 'No such web access token',
    detail: 'Send a token that one of your token configurations can decrypt.',
  },
  revocation_not_found: {
    kind: 'not_found',
    title: 'No such revocation',
    detail: 'GET /api/v1/auth/revocations lists the revocations that are in effect.',
  },
  payload_invalid: {
    kind: 'meaning',
    title: 'The payload is not valid',
    members: {
      findings: {
        type: 'array',
        description: 'Only with `payload_invalid`. Same form as in the response of generateToken',
        items: { type: 'object' },
      },
    },
  },
  invalid_public_key: {
    kind: 'meaning',
    title: 'Invalid public key',
  },
});
