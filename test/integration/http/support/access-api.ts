import { randomBytes } from 'node:crypto';
import type { Scope } from '../../../../src/platform/http/routes/access-rule.ts';
import type { Answer, Instance } from './instance.ts';

export const tokensPath = '/api/v1/api-tokens';
export const allScopes: Scope[] = [
  'tokens:read',
  'tokens:write',
  'tokens:request',
  'usage:read',
  'ops',
  'ops:write',
  'admin',
];

export interface ActiveApiToken {
  readonly id: string;
  readonly token: string;
  readonly headers: Record<string, string>;
}

/** Returns a unique name that starts with the prefix. */
export function uniqueName(prefix: string): string {
  return `${prefix} ${randomBytes(5).toString('hex')}`;
}

/** Creates an API token over HTTP, without a secret. The administrator creates it unless `headers` are given. */
export async function createToken(
  instance: Instance,
  members: Record<string, unknown> = {},
  headers?: Record<string, string>,
): Promise<Answer> {
  const body = { name: uniqueName('Token'), scopes: ['tokens:read'], expiresIn: '30d', ...members };
  return instance.call('POST', tokensPath, { body, ...(headers && { headers }) });
}

/** Creates an API token and generates its secret, so that it authenticates. */
export async function createActiveToken(
  instance: Instance,
  members: Record<string, unknown> = {},
): Promise<ActiveApiToken> {
  const { body } = await createToken(instance, members);
  return generate(instance, String(body['id']));
}

export async function generate(instance: Instance, id: string): Promise<ActiveApiToken> {
  const { status, body, text } = await instance.call('POST', `${tokensPath}/${id}/generate`);
  if (status !== 200) throw new Error(`the secret of the API token was not generated: ${text}`);
  const token = String(body['token']);
  return { id, token, headers: { authorization: `Bearer ${token}` } };
}

export async function createOrganisation(instance: Instance): Promise<{ id: string; name: string }> {
  const name = uniqueName('Organisation');
  const { body } = await instance.call('POST', '/api/v1/organisations', { body: { name } });
  return { id: String(body['id']), name };
}

export function itemsOf({ body }: Answer): Record<string, unknown>[] {
  return body['items'] as Record<string, unknown>[];
}
