import { api, call } from '../../api/client.ts';
import { ApiError } from '../../api/errors.ts';
import type { components } from '../../api/schema.ts';

type Schemas = components['schemas'];
export type Finding = Schemas['Finding'];
export type TokenTest = Schemas['TokenTest'];
type Payload = Schemas['NewToken']['payload'];

/** A created token, or the findings because of which its claims were rejected. */
export interface Generation {
  readonly token: string | undefined;
  readonly findings: readonly Finding[];
}

/** Creates a token. If the claims are rejected, it returns the findings and does not throw. */
export async function generateToken(
  configurationId: string,
  publicKey: string,
  payload: object,
): Promise<Generation> {
  try {
    const body = { configurationId, publicKey, payload: payload as Payload };
    return await call(api.POST('/api/v1/web-access-tokens/generate', { body }));
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'payload_invalid')) throw error;
    const { findings } = error.problem as { findings?: Finding[] };
    return { token: undefined, findings: findings ?? [] };
  }
}

/** Decrypts and validates a token. It does not count a session. */
export function testToken(token: string): Promise<TokenTest> {
  return call(api.POST('/api/v1/web-access-tokens/test', { body: { token } }));
}
