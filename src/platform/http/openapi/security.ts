import type { AccessRule } from '../access-rule.ts';

/** Every way to be somebody, as OpenAPI names it. */
export const securitySchemes = {
  apiToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'wmt_<id>_<secret>',
    description: 'An API access token. An operation names the scope that it needs.',
  },
  dashboard: {
    type: 'apiKey',
    in: 'cookie',
    name: 'watmeter_ui',
    description:
      'The dashboard’s session, with the scopes of its API token. Unsafe methods need the same Origin.',
  },
  webSession: {
    type: 'apiKey',
    in: 'header',
    name: 'authorization',
    description:
      '`webSessionToken` of an exchange, bare or as Bearer; together with `initialiser`. Where it is there, the cookie does not count.',
  },
  initialiser: {
    type: 'apiKey',
    in: 'header',
    name: 'initialiser',
    description: '`initialiser` of the same exchange; the header may also be spelled `initializer`.',
  },
  sessionCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'wat_session',
    description: 'The `webSessionToken` that a link has set as a cookie.',
  },
  metricsToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'The setting METRICS_TOKEN.',
  },
} as const;

/** The security requirement of an access rule: any one of the list is enough. */
export function securityOf(access: AccessRule | undefined) {
  if (access === undefined || access === 'public') return [];
  const scopes = access === 'signed-in' ? [] : [access.scope];
  return [{ apiToken: scopes }, { dashboard: scopes }];
}
