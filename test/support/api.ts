import { mintToken } from '../../src/tokens/issuing/mint.ts';
import { adminToken } from './app-process.ts';
import { registerClaim, registerSecret } from './secret-watch/secrets.ts';

export interface TestConfiguration {
  readonly id: string;
  readonly publicKey: string;
}

/** Calls a running instance with the administrator token, or with the given headers. */
export async function call(
  url: string,
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: Headers; body: Record<string, unknown>; text: string }> {
  const { body, headers = { authorization: `Bearer ${adminToken}` } } = options;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : {}, text };
}

/** Creates a token configuration over HTTP. @throws Error if the API rejects it. */
export async function createConfiguration(url: string, name = 'Test'): Promise<TestConfiguration> {
  const { status, body } = await call(url, 'POST', '/api/v1/web-access-tokens/configurations', {
    body: { name },
  });
  if (status !== 201) throw new Error(`the configuration was not created: ${status}`);
  return { id: String(body['id']), publicKey: String(body['publicKey']) };
}

/** Creates a Web Access Token for a configuration, and registers its secrets with the secret watch. */
export async function mint(
  configuration: TestConfiguration,
  claims: Record<string, unknown>,
): Promise<string> {
  const { id, publicKey } = configuration;
  const token = await mintToken({ configurationId: id, publicKeyPem: publicKey, claims });
  registerSecret('a minted token', token);
  registerClaim('the subject of a minted token', claims['sub']);
  for (const tag of [claims['trc']].flat()) registerClaim('a tag of a minted token', tag);
  return token;
}

/** Exchanges a token without any other credentials. */
export function exchange(url: string, webAccessToken: unknown) {
  return call(url, 'POST', '/api/v1/wat/sessionToken', { body: { webAccessToken }, headers: {} });
}
