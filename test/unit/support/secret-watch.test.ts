import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TestProjectInlineConfiguration } from 'vitest/config';
import {
  expectNoSecretWritten,
  registerClaim,
  registerSecret,
  secretsIn,
  watch,
  watchOutput,
} from '../../support/secret-watch/secrets.ts';

const setupFile = 'test/support/secret-watch/setup.ts';

/** Restores the secret watch after the test, so that the secrets and outputs of one test do not affect other tests. */
function restoreAfterTest(): void {
  const needles = new Map(watch.needles);
  onTestFinished(() => {
    watch.needles.clear();
    for (const [needle, name] of needles) watch.needles.set(needle, name);
    watch.outputs.length = 0;
    watch.isOn = true;
  });
}

const secret = 'h+Q/9 "zwölf"\\ Xy7-_kept.to.oneself';

describe('secretsIn', () => {
  it.each([
    ['unchanged', (text: string) => text],
    ['in JSON', (text: string) => JSON.stringify({ text })],
    ['in a URL', (text: string) => `/a?x=${encodeURIComponent(text)}`],
    ['in base64', (text: string) => btoa(`a:${encodeURI(text)}`) + Buffer.from(text).toString('base64')],
    ['in base64 after one byte', (text: string) => Buffer.from(`:${text}:`).toString('base64')],
    ['in base64url after two bytes', (text: string) => Buffer.from(`u:${text}`).toString('base64url')],
    ['truncated', (text: string) => text.repeat(9).slice(0, 50)],
  ])('finds a secret %s', (form, write) => {
    restoreAfterTest();
    registerSecret('the secret', form === 'truncated' ? secret.repeat(9) : secret);
    expect(secretsIn(`{"level":30,"x":"${write(secret)}"}`)).toEqual(['the secret']);
    expect(secretsIn(`{"level":30,"x":"${write(secret.toUpperCase())}"}`)).toEqual([]);
  });

  it('finds a token by any of its parts except the header that tokens share', () => {
    restoreAfterTest();
    const parts = [
      'eyJhbGciOiJSU0EtT0FFUC0yNTYifQ',
      'a1B2c3D4e5F6g7H8i9',
      'iv0',
      'J0k1L2m3N4o5P6q7R8',
      'tag',
    ];
    registerSecret('token', parts.join('.'));
    expect(secretsIn(parts[0] ?? '')).toEqual([]);
    expect(secretsIn(`x ${parts[1]} x`)).toEqual(['token']);
    expect(secretsIn(`x ${parts[3]} x`)).toEqual(['token']);
  });

  it('finds a key by one line of its PEM text, and finds a short claim', () => {
    restoreAfterTest();
    registerSecret(
      'key',
      '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkq\nq1W2e3R4t5Z6u7I8\nx\n-----END PUBLIC KEY-----\n',
    );
    registerClaim('subject', 'alice');
    expect(secretsIn('MIIBIjANBgkq')).toEqual([]);
    expect(secretsIn('... q1W2e3R4t5Z6u7I8 alice')).toEqual(['subject that begins with "alice"', 'key']);
  });
});

describe('expectNoSecretWritten', () => {
  it('fails with the name of the written secret, without its value', async () => {
    restoreAfterTest();
    registerSecret('the admin token', secret);
    watchOutput('watmeter gateway', () => `{"msg":${JSON.stringify(secret)}}`);
    const error = await expectNoSecretWritten().catch((thrown: Error) => thrown);
    expect(String(error)).toContain('watmeter gateway has written the admin token');
    expect(String(error)).not.toContain(secret.slice(0, 5));
  });

  it('fails if a process ran and no secret was registered', async () => {
    restoreAfterTest();
    watch.needles.clear();
    watchOutput('watmeter', () => '');
    await expect(expectNoSecretWritten()).rejects.toThrow('no secret was registered');
  });

  it('searches for the secrets that HTTP requests and responses contained', async () => {
    restoreAfterTest();
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.setHeader('set-cookie', 'wat_session=cOoKiE-of-a-session-1; HttpOnly');
      response.end('{"webSessionToken":"sEsSiOn-token-12345","items":[{"token":"wmt_made-of-abcd-1"}]}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address() as { port: number };
    await fetch(`http://127.0.0.1:${address.port}/api/v1/thing`, {
      method: 'POST',
      headers: { authorization: 'Bearer bEaReR-of-an-api-token', initialiser: 'iNiTiAlIsEr-of-98' },
      body: '{"webAccessToken":"wEb-access-token-42","payload":{"sub":"mallory"}}',
    });
    await Promise.all(watch.pending);
    const text = [
      ...['cOoKiE-of-a-session-1', 'sEsSiOn-token-12345', 'wmt_made-of-abcd-1', 'bEaReR-of-an-api-token'],
      ...['iNiTiAlIsEr-of-98', 'wEb-access-token-42', 'mallory'],
    ];
    for (const secretText of text)
      expect([secretText, secretsIn(secretText).length]).toEqual([secretText, 1]);
  });

  it('runs in every project of every Vitest configuration, and no watmeter process can start while the watch is off', async () => {
    restoreAfterTest();
    const root = new URL('../../../', import.meta.url);
    const files = readdirSync(root).filter((name) => /^vitest\.(.+\.)?config\.ts$/.test(name));
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) {
      const { default: configuration } = await import(new URL(file, root).href);
      const projects: readonly TestProjectInlineConfiguration[] = configuration.test.projects;
      expect(projects.length).toBeGreaterThan(0);
      for (const { test } of projects)
        expect([file, test?.name, test?.setupFiles]).toEqual([file, test?.name, [setupFile]]);
    }
    expect(watch.isOn).toBe(true);
    watch.isOn = false;
    expect(() => watchOutput('watmeter', () => '')).toThrow('secrets are not watched');
  });
});
