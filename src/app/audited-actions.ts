const configurations = '/api/v1/web-access-tokens/configurations';
const apiTokens = '/api/v1/api-tokens';

/** What the audit log calls the routes that change something. */
export const auditedActions: Readonly<Record<string, string>> = {
  [`POST ${configurations}`]: 'configuration.create',
  [`PATCH ${configurations}/:id`]: 'configuration.update',
  [`DELETE ${configurations}/:id`]: 'configuration.delete',
  [`POST ${apiTokens}`]: 'api-token.create',
  [`PATCH ${apiTokens}/:id`]: 'api-token.update',
  [`POST ${apiTokens}/:id/generate`]: 'api-token.generate',
  [`POST ${apiTokens}/:id/revoke`]: 'api-token.revoke',
  'POST /api/v1/organisations': 'organisation.create',
  'POST /api/v1/web-access-tokens/generate': 'token.generate',
  'POST /api/v1/auth/token': 'token.request',
  'POST /api/v1/auth/token/revoke': 'token.revoke',
  'POST /api/v1/directory/subjects': 'directory.subjects.upsert',
  'POST /api/v1/directory/subjects/delete': 'directory.subjects.delete',
  'DELETE /api/v1/directory/subjects/:id': 'directory.subjects.delete',
  'POST /api/v1/directory/resources': 'directory.resources.upsert',
  'POST /api/v1/directory/resources/delete': 'directory.resources.delete',
  'DELETE /api/v1/directory/resources/:id': 'directory.resources.delete',
};

/** A route without a name of its own is told as it is: a change must not go untold because somebody forgot a name. */
export function actionOf(method: string, route: string): string {
  const key = `${method} ${route}`;
  return auditedActions[key] ?? key;
}
