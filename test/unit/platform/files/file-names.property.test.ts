import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachmentOf, toFileName } from '../../../../src/platform/files/file-names.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom(...'./\\:*?"<>|%~$ \n\t\u0000\u202e\u200b\ud800é日\u{1f600}aCON1', 'nul', '..'),
    maxLength: 200,
  }),
);

describe('toFileName', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'watmeter-test-names-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('returns one path segment that a file system stores unchanged, for any text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const name = `${toFileName(text, 'configuration')}.pub`;
        expect(name).not.toMatch(/[/\\:*?"<>|\p{Cc}\p{Cf}]/u);
        expect(name).not.toMatch(/^[. ]|[. ]$/);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(210);
        writeFileSync(join(directory, name), '');
        expect(readdirSync(directory)).toEqual([name]);
        rmSync(join(directory, name));
      }),
    );
  });

  it.each([
    ['Portal Zoë 日本 \u{1f600} (1)', 'Portal Zoë 日本 \u{1f600} (1)'],
    ['../../etc/passwd', '__.._etc_passwd'],
    ['.ssh', '_ssh'],
    ['C:\\Windows', 'C__Windows'],
    ['con', '_con'],
    ['Nul.txt', '_Nul.txt'],
    ['console', 'console'],
    [' a. ', 'a'],
    ['...', '_'],
    ['a\u202egpj', 'a_gpj'],
    ['', 'configuration'],
    ['e\u0301', '\u00e9'],
  ])('returns the expected name for %j', (text, name) => {
    expect(toFileName(text, 'configuration')).toBe(name);
  });

  it('returns its own output unchanged', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const name = toFileName(text, 'configuration');
        expect(toFileName(name, 'configuration')).toBe(name);
      }),
    );
  });
});

describe('attachmentOf', () => {
  it('returns an ASCII header that contains the exact name', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const name = `${toFileName(text, 'configuration')}.pub`;
        const header = attachmentOf(name);
        const shape = /^attachment; filename="([^"%\\]*)"(?:; filename\*=UTF-8''([\w.!#$&+^`|~%-]*))?$/;
        const [, plain = '', extended] = shape.exec(header) ?? [];
        expect(header).toMatch(/^[\x20-\x7e]*$/);
        expect(plain).toMatch(/\.pub$/);
        expect(extended === undefined ? plain : decodeURIComponent(extended)).toBe(name);
      }),
    );
  });

  it('adds the encoded name if the name is not plain ASCII', () => {
    expect(attachmentOf('Portal.pub')).toBe('attachment; filename="Portal.pub"');
    expect(attachmentOf("Zoë 100% (a'b).pub")).toBe(
      `attachment; filename="Zo_ 100_ (a'b).pub"; filename*=UTF-8''Zo%C3%AB%20100%25%20%28a%27b%29.pub`,
    );
  });
});
