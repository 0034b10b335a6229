const apiTokens = '/api/v1/api-tokens';

/** What the audit log calls the routes that change something. */
export const accessActions = {
  [`POST ${apiTokens}`]: 'api-token.create',
  [`PATCH ${apiTokens}/:id`]: 'api-token.update',
  [`POST ${apiTokens}/:id/generate`]: 'api-token.generate',
  [`POST ${apiTokens}/:id/revoke`]: 'api-token.revoke',
  'POST /api/v1/organisations': 'organisation.create',
};
