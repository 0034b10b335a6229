import { randomUUID } from 'node:crypto';
import { fastify } from 'fastify';
import { compactDecrypt, EncryptJWT, importPKCS8, type JWTPayload, SignJWT } from 'jose';

/**
 * The service that most teams would write, for comparison: Fastify, jose, one key object, no storage. It decrypts a
 * token, checks its expiry and returns a session token. SESSION_TOKEN decides whether the session token is signed
 * (the default) or encrypted. The service does not count, cache or check other claims, and it does not hide why it
 * rejects a token.
 */
const { PORT, PRIVATE_KEY = '', SESSION_TOKEN = 'signed' } = process.env;
const privateKey = await importPKCS8(PRIVATE_KEY, 'RSA-OAEP-256');
const sessionKey = new TextEncoder().encode('session-key-of-the-plain-service');

function makeSessionToken(payload: JWTPayload): Promise<string> {
  return SESSION_TOKEN === 'signed'
    ? new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('8h').sign(sessionKey)
    : new EncryptJWT(payload)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setExpirationTime('8h')
        .encrypt(sessionKey);
}

const text = { type: 'string' } as const;
const server = fastify();

server.get('/health', async () => ({ status: 'ready' }));

server.post<{ Body: { webAccessToken: string } }>(
  '/api/v1/wat/sessionToken',
  {
    schema: {
      body: { type: 'object', required: ['webAccessToken'], properties: { webAccessToken: text } },
      response: { 200: { type: 'object', properties: { sessionId: text, webSessionToken: text } } },
    },
  },
  async (request, reply) => {
    const { plaintext } = await compactDecrypt(request.body.webAccessToken, privateKey);
    const claims = JSON.parse(new TextDecoder().decode(plaintext));
    if (typeof claims.exp === 'number' && claims.exp * 1000 <= Date.now()) {
      return reply.code(401).send({ error: 'expired' });
    }
    const sessionId = randomUUID();
    const { sub, grants, trc } = claims;
    return { sessionId, webSessionToken: await makeSessionToken({ sub, grants, trc, jti: sessionId }) };
  },
);

await server.listen({ host: '127.0.0.1', port: Number(PORT) });
