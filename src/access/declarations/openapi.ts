/** OpenAPI tags and their descriptions. */
export const accessTags = {
  'API tokens': 'The credentials of people and programs.',
  organisations:
    'Tenants. Only the API tokens of an organisation see its configurations, tokens and sessions.',
  audit: 'Who changed what, and which tokens were rejected.',
  dashboard: 'Sign-in of a browser.',
};

/** OpenAPI security schemes: the API token, and the cookie of the dashboard. */
export const accessSecuritySchemes = {
  apiToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'wmt_<id>_<secret>',
    description: 'An API token. Each operation lists the scope that it needs.',
  },
  dashboard: {
    type: 'apiKey',
    in: 'cookie',
    name: 'watmeter_ui',
    description:
      'The cookie of a signed-in dashboard, with the scopes of its API token. Requests that change data must come from the origin of the dashboard.',
  },
};
