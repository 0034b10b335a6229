import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { mintToken } from '../../tokens/issuing/mint.ts';
import type { Command } from '../support/command.ts';

export const mint: Command = {
  name: 'mint',
  usage: 'watmeter mint --configuration FILE --sub SUBJECT [--tag TAG]... [--expires-in SECONDS] [--bare]',
  summary:
    'make a web access token with the public key in FILE (what the API answered when it made the configuration; - is standard input)',
  async run({ args, print, printError, readStdin }) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        configuration: { type: 'string' },
        sub: { type: 'string' },
        tag: { type: 'string', multiple: true },
        'expires-in': { type: 'string' },
        bare: { type: 'boolean' },
      },
    });
    const { configuration: path, sub, tag, 'expires-in': expiresIn, bare } = values;
    if (path === undefined || sub === undefined || !/^\d*$/.test(expiresIn ?? '')) {
      printError(`usage: ${this.usage}`);
      return 2;
    }
    const { id, publicKey } = readKey(path === '-' ? await readStdin() : await readFile(path, 'utf8'), path);
    const iat = Math.floor(Date.now() / 1000);
    const claims = {
      sub,
      iat,
      ...(expiresIn !== undefined && { exp: iat + Number(expiresIn) }),
      ...(tag !== undefined && { trc: tag }),
    };
    const token = await mintToken({ configurationId: id, publicKeyPem: publicKey, claims });
    print(bare === true ? token : JSON.stringify({ webAccessToken: token }));
    return 0;
  },
};

function readKey(text: string, path: string): { id: string; publicKey: string } {
  const { id, publicKey } = JSON.parse(text) as Record<string, unknown>;
  if (typeof id === 'string' && typeof publicKey === 'string') return { id, publicKey };
  throw new Error(`${path} holds no id and publicKey: it must be the answer that made the configuration`);
}
