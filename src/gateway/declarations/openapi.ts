/** OpenAPI tags and their descriptions. */
export const gatewayTags = {
  gateway: 'Exchange web access tokens for sessions. Each session is counted. The token is the credential.',
  session: 'Requests within a session. The session token is the credential, in headers or in a cookie.',
};

/** OpenAPI security schemes: the session in two headers, and the session in a cookie. */
export const gatewaySecuritySchemes = {
  webSession: {
    type: 'apiKey',
    in: 'header',
    name: 'authorization',
    description:
      'The `webSessionToken` of an exchange, bare or as Bearer, together with `initialiser`. It takes precedence over the cookie.',
  },
  initialiser: {
    type: 'apiKey',
    in: 'header',
    name: 'initialiser',
    description: 'The `initialiser` of the same exchange. The header can also be spelled `initializer`.',
  },
  sessionCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'wat_session',
    description: 'The `webSessionToken` in the cookie that a link has set.',
  },
};
