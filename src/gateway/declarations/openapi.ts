/** The tags of the OpenAPI document, with what each one stands for. */
export const gatewayTags = {
  gateway: 'Web access tokens become sessions, each one counted. The token is the credential.',
  session: 'Requests of a running session. Its session token is the credential, in headers or as a cookie.',
};

/** How to authenticate, as OpenAPI names it. */
export const gatewaySecuritySchemes = {
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
};
