const configurations = '/api/v1/web-access-tokens/configurations';

/** Maps each changing route (method and path) to its action in the audit log. */
export const tokenActions = {
  [`POST ${configurations}`]: 'configuration.create',
  [`PATCH ${configurations}/:id`]: 'configuration.update',
  [`DELETE ${configurations}/:id`]: 'configuration.delete',
  [`POST ${configurations}/:id/rotate`]: 'configuration.rotate',
  'POST /api/v1/web-access-tokens/generate': 'token.generate',
  'POST /api/v1/auth/token': 'token.request',
  'POST /api/v1/auth/token/revoke': 'token.revoke',
  'DELETE /api/v1/auth/revocations/:id': 'revocation.end',
  'POST /api/v1/directory/subjects': 'directory.subjects.upsert',
  'POST /api/v1/directory/subjects/delete': 'directory.subjects.delete',
  'DELETE /api/v1/directory/subjects/:id': 'directory.subjects.delete',
  'POST /api/v1/directory/resources': 'directory.resources.upsert',
  'POST /api/v1/directory/resources/delete': 'directory.resources.delete',
  'DELETE /api/v1/directory/resources/:id': 'directory.resources.delete',
};
