import { generateKeyPairSync, webcrypto } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { compactDecrypt, importPKCS8 } from 'jose';
import { openJwe, parseJwe } from '../../src/tokens/jwe/jwe.ts';
import { importPrivateKey } from '../../src/tokens/jwe/private-key.ts';
import { createDecryptPool } from '../../src/tokens/opening/decrypt-pool.ts';
import type { Decrypter } from '../../src/tokens/opening/decrypter.ts';
import { measureRsaLimit } from '../gateway/rsa-limit.ts';
import { claimsOf, createMinter } from '../load/mint.ts';
import type { Bench } from '../support/bench.ts';
import { measureRounds } from '../support/rounds.ts';
import { median, round, spread } from '../support/statistics.ts';

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
 * Compares ways to decrypt a token, without a server. The results explain why src/tokens decrypts tokens with its own
 * code on separate threads. WebCrypto (which jose uses) runs on libuv's thread pool. This pool has 4 threads unless
 * UV_THREADPOOL_SIZE is set.
 */
export const opening: Bench = async ({ rounds = defaultRounds }) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const mint = createMinter({ configurationId: '65f0c0ffee65f0c0ffee0001', publicKeyPem });
  const tokens = Array.from({ length: tokenCount }, (_, index) => mint(claimsOf(index)));
  const pool = createDecryptPool({ threads: availableParallelism() });
  const ways: Readonly<Record<string, Open>> = {
    joseOneKey: await openByJose(pem, 1),
    joseFourKeys: await openByJose(pem, 4),
    webCryptoOneKey: openByWebCrypto(await importShared(pkcs8, 1)),
    webCryptoFourKeys: openByWebCrypto(await importShared(pkcs8, 4)),
    webCryptoFourKeysLent: openByWebCrypto(await importLent(pkcs8, 4)),
    ownOneThread: openInline(pkcs8),
    own: openByPool(pool, pkcs8),
  };
  for (const open of Object.values(ways)) await measure(open, tokens);
  const { results, othersPercent } = await measureRounds(rounds, async () => {
    const rsaLimit = await measureRsaLimit();
    const measured: Record<string, Measured> = {};
    for (const [name, open] of Object.entries(ways)) measured[name] = await measure(open, tokens);
    return { rsaLimit, measured };
  });
  await pool.close();
  const summarise = (name: string) => ({
    perSecond: spread(results.map((each) => each.measured[name]?.perSecond ?? 0)),
    cpuUs: spread(results.map((each) => each.measured[name]?.cpuUs ?? 0)),
  });
  const rates = (name: string) => results.map((each) => each.measured[name]?.perSecond ?? 0);
  const ratioTo = (baseline: readonly number[]) =>
    round(median(rates('own').map((rate, index) => rate / (baseline[index] ?? Number.NaN))), 3);
  const limits = results.map(({ rsaLimit }) => rsaLimit);
  return {
    figures: {
      inFlight,
      tokenChars: tokens[0]?.length,
      threads: process.env['UV_THREADPOOL_SIZE'] ?? 'default',
      rsaLimit: {
        perSecond: spread(limits),
        cpuUs: spread(limits.map((limit) => (availableParallelism() * 1e6) / limit)),
      },
      ...Object.fromEntries(Object.keys(ways).map((name) => [name, summarise(name)])),
      othersPercent,
    },
    ratios: {
      ownVsJose: ratioTo(rates('joseOneKey')),
      ownVsRsaLimit: ratioTo(limits),
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
  // The timer keeps the process alive, because the threads of the pool do not.
  const alive = setInterval(() => {}, 1000);
  await Promise.all(Array.from({ length: inFlight }, worker));
  clearInterval(alive);
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

type Decrypt = (bytes: Uint8Array) => Promise<Uint8Array>;

/** Decrypts RSA with WebCrypto and the rest with watmeter's code, to show what WebCrypto's RSA and its lock cost. */
function openByWebCrypto(decrypt: Decrypt): Open {
  return async (token) => {
    const jwe = parseJwe(token);
    if (jwe === undefined) return undefined;
    const contentKey = await decrypt(jwe.encryptedKey);
    return openJwe(jwe, { decryptContentKey: () => contentKey });
  };
}

const rsaOaep256 = { name: 'RSA-OAEP', hash: 'SHA-256' } as const;

function importKeys(pkcs8: Uint8Array, count: number): Promise<webcrypto.CryptoKey[]> {
  const { subtle } = webcrypto;
  return Promise.all(
    Array.from({ length: count }, () => subtle.importKey('pkcs8', pkcs8, rsaOaep256, false, ['decrypt'])),
  );
}

async function decryptBy(key: webcrypto.CryptoKey, bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await webcrypto.subtle.decrypt(rsaOaep256, key, bytes));
}

/** Imports the same key several times. Successive calls use the imports in turn. */
async function importShared(pkcs8: Uint8Array, imports: number): Promise<Decrypt> {
  const keys = await importKeys(pkcs8, imports);
  let turn = 0;
  return (bytes) => {
    turn = (turn + 1) % imports;
    return decryptBy(keys[turn] as webcrypto.CryptoKey, bytes);
  };
}

/**
 * Imports the same key several times. Each import decrypts one token at a time. Further calls wait in JavaScript, so
 * threads never wait for a lock.
 */
async function importLent(pkcs8: Uint8Array, imports: number): Promise<Decrypt> {
  const free = await importKeys(pkcs8, imports);
  const waiting: ((key: webcrypto.CryptoKey) => void)[] = [];
  return async (bytes) => {
    const key = free.pop() ?? (await new Promise<webcrypto.CryptoKey>((resolve) => waiting.push(resolve)));
    try {
      return await decryptBy(key, bytes);
    } finally {
      const next = waiting.shift();
      if (next === undefined) free.push(key);
      else next(key);
    }
  };
}

/** Decrypts on the calling thread, to show the cost without another thread. */
function openInline(pkcs8: Uint8Array): Open {
  const key = importPrivateKey(pkcs8);
  return async (token) => {
    const jwe = parseJwe(token);
    return jwe && openJwe(jwe, key);
  };
}

function openByPool(decrypter: Decrypter, pkcs8: Uint8Array): Open {
  const key = { id: 'bench', pkcs8: () => pkcs8 };
  return async (token) => {
    const result = await decrypter.decrypt(token, key);
    return result.ok ? { sub: result.claims.subject } : undefined;
  };
}
