import { constants, createPrivateKey, generateKeyPairSync, privateDecrypt, webcrypto } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { compactDecrypt, importPKCS8 } from 'jose';
import { type OpeningKey, openJwe, parseJwe } from '../../src/tokens/jwe.ts';
import { importOpeningKey } from '../../src/tokens/opening-key.ts';
import { measureRsaLimit } from '../gateway/rsa-limit.ts';
import { claimsOf, createMinter } from '../load/mint.ts';
import type { Bench } from '../support/bench.ts';
import { report } from '../support/progress.ts';
import { median, ratiosOf, round, spread } from '../support/statistics.ts';

const inFlight = 64;
const tokenCount = 2000;
const openingsInRound = 8000;
const defaultRounds = 5;

type Open = (token: string) => Promise<unknown>;

interface Measured {
  readonly perSecond: number;
  readonly cpuUs: number;
}

/**
 * Ways to open a token, without a server around them: why src/tokens/jwe.ts and opening-key.ts are as they are.
 * The threads are as many as bin/watmeter.cjs sets (UV_THREADPOOL_SIZE, here by scripts/bench.mjs).
 */
export const opening: Bench = async ({ rounds = defaultRounds }) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const mint = createMinter({ configurationId: '65f0c0ffee65f0c0ffee0001', publicKeyPem });
  const tokens = Array.from({ length: tokenCount }, (_, index) => mint(claimsOf(index)));
  const ways: Readonly<Record<string, Open>> = {
    joseOneKey: await openByJose(pem, 1),
    joseFourKeys: await openByJose(pem, 4),
    ownOneKey: openBy(await importOnce(pkcs8)),
    own: openBy(await importOpeningKey('bench', pkcs8)),
    ownExclusive2: openBy(await importExclusive(pkcs8, 2)),
    ownExclusive4: openBy(await importExclusive(pkcs8, 4)),
    ownSynchronous: openBy(importSynchronous(pkcs8)),
  };
  const measured = new Map(Object.keys(ways).map((name) => [name, [] as Measured[]]));
  const limits: number[] = [];
  for (let index = -1; index < rounds; index += 1) {
    const limit = await measureRsaLimit(index < 0 ? 1 : 3);
    if (index >= 0) limits.push(limit);
    for (const [name, open] of Object.entries(ways)) {
      const result = await measure(open, tokens);
      if (index >= 0) measured.get(name)?.push(result);
    }
    report(`round ${index + 1} of ${rounds}, RSA limit ${round(limit)}/s`);
  }
  const ratesOf = (name: string) => measured.get(name)?.map(({ perSecond }) => perSecond) ?? [];
  const rsaUs = limits.map((limit) => (availableParallelism() * 1e6) / limit);
  return {
    figures: {
      inFlight,
      tokenChars: tokens[0]?.length,
      threads: process.env['UV_THREADPOOL_SIZE'] ?? 'default',
      rsaLimit: { perSecond: spread(limits), cpuUs: spread(rsaUs) },
      ...Object.fromEntries(
        [...measured].map(([name, results]) => [
          name,
          {
            perSecond: spread(results.map(({ perSecond }) => perSecond)),
            cpuUs: spread(results.map(({ cpuUs }) => cpuUs)),
          },
        ]),
      ),
    },
    ratios: {
      ownVsJose: round(median(ratiosOf(ratesOf('own'), ratesOf('joseOneKey'))), 3),
      ownVsRsaLimit: round(median(ratiosOf(ratesOf('own'), limits)), 3),
      exclusiveVsOwn: round(median(ratiosOf(ratesOf('ownExclusive4'), ratesOf('own'))), 3),
    },
  };
};

async function measure(open: Open, tokens: readonly string[]): Promise<Measured> {
  let begun = 0;
  async function worker(): Promise<void> {
    while (begun < openingsInRound) {
      begun += 1;
      const payload = (await open(tokens[begun % tokens.length] ?? '')) as { sub?: string } | undefined;
      if (payload?.sub === undefined) throw new Error('a token was not opened');
    }
  }
  const before = process.cpuUsage();
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: inFlight }, worker));
  const elapsedMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (openingsInRound / elapsedMs) * 1000, cpuUs: (user + system) / openingsInRound };
}

async function openByJose(pem: string, imports: number): Promise<Open> {
  const keys = await Promise.all(Array.from({ length: imports }, () => importPKCS8(pem, 'RSA-OAEP-256')));
  let turn = 0;
  return async (token) => {
    turn = (turn + 1) % imports;
    const { plaintext } = await compactDecrypt(token, keys[turn] as webcrypto.CryptoKey);
    return JSON.parse(new TextDecoder().decode(plaintext));
  };
}

function openBy(key: OpeningKey): Open {
  return async (token) => {
    const jwe = parseJwe(token);
    return jwe && openJwe(jwe, key);
  };
}

const rsaOaep256 = { name: 'RSA-OAEP', hash: 'SHA-256' } as const;

function importKey(pkcs8: Uint8Array): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', pkcs8, rsaOaep256, false, ['decrypt']);
}

async function importOnce(pkcs8: Uint8Array): Promise<OpeningKey> {
  const key = await importKey(pkcs8);
  return {
    id: 'one',
    decryptContentKey: async (bytes) =>
      new Uint8Array(await webcrypto.subtle.decrypt(rsaOaep256, key, bytes)),
  };
}

/** Each import does one decryption at a time and the others wait in JavaScript: nobody ever waits for a lock. */
async function importExclusive(pkcs8: Uint8Array, imports: number): Promise<OpeningKey> {
  const free = await Promise.all(Array.from({ length: imports }, () => importKey(pkcs8)));
  const waiting: ((key: webcrypto.CryptoKey) => void)[] = [];
  return {
    id: 'exclusive',
    async decryptContentKey(bytes) {
      const key = free.pop() ?? (await new Promise<webcrypto.CryptoKey>((resolve) => waiting.push(resolve)));
      try {
        return new Uint8Array(await webcrypto.subtle.decrypt(rsaOaep256, key, bytes));
      } finally {
        const next = waiting.shift();
        if (next === undefined) free.push(key);
        else next(key);
      }
    },
  };
}

function importSynchronous(pkcs8: Uint8Array): OpeningKey {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const options = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  return { id: 'synchronous', decryptContentKey: async (bytes) => privateDecrypt(options, bytes) };
}
