/** The tags of the OpenAPI document, with what each one stands for. */
export const accessTags = {
  'API tokens': 'What programs sign in with.',
  organisations: 'Everything belongs to one, and is seen by its API tokens only.',
  audit: 'Who did what; which links are still in use after their end.',
  dashboard: 'Signing a browser in.',
};

/** How to authenticate, as OpenAPI names it. */
export const accessSecuritySchemes = {
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
};
