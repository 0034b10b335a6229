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
  'admin',
];

export interface MadeToken {
  readonly id: string;
  readonly token: string;
  readonly headers: Record<string, string>;
}

/** A name that nobody else has. */
export function uniqueName(what: string): string {
  return `${what} ${randomBytes(5).toString('hex')}`;
}

/** Makes an API token over HTTP, without generating it; as the administrator or with the headers given. */
export async function createToken(
  instance: Instance,
  members: Record<string, unknown> = {},
  headers?: Record<string, string>,
): Promise<Answer> {
  const body = { name: uniqueName('Token'), scopes: ['tokens:read'], expiresIn: '30d', ...members };
  return instance.call('POST', tokensPath, { body, ...(headers && { headers }) });
}

/** Makes an API token and generates its secret. */
export async function makeToken(
  instance: Instance,
  members: Record<string, unknown> = {},
): Promise<MadeToken> {
  const { body } = await createToken(instance, members);
  return generate(instance, String(body['id']));
}

export async function generate(instance: Instance, id: string): Promise<MadeToken> {
  const { status, body, text } = await instance.call('POST', `${tokensPath}/${id}/generate`);
  if (status !== 200) throw new Error(`not generated: ${text}`);
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
