import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import type { TokenKey } from '../load/mint.ts';
import { projectRoot, type ServerProcess, startServer } from '../support/processes.ts';

/** The plain service in a separate process, and the key that creates tokens for it. */
export interface PlainService extends ServerProcess {
  readonly key: TokenKey;
}

export async function startPlainService(sessionToken: 'signed' | 'encrypted'): Promise<PlainService> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const server = await startServer({
    command: process.execPath,
    args: [join(projectRoot, 'dist', 'bench', 'plain-service', 'server.js')],
    env: {
      PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      SESSION_TOKEN: sessionToken,
    },
    readyPath: '/health',
  });
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { ...server, key: { configurationId: 'plain'.padEnd(24, '0'), publicKeyPem } };
}
