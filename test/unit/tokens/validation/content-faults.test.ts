import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contentFault } from '../../../../src/tokens/validation/content-faults.ts';

const claims = JSON.stringify({ sub: 'Zoë', secret: 'marker-7f3a' });
const latin1 = Buffer.from(claims, 'latin1');
const unfinished = deflateRawSync(claims.repeat(9)).subarray(0, -4);

describe('contentFault', () => {
  it.each([
    ['a zlib header', deflateSync(claims), true, /zlib header/],
    ['an unfinished zlib stream', deflateSync(claims).subarray(0, -6), true, /zlib header/],
    ['gzip', gzipSync(claims), true, /gzip/],
    ['an unfinished DEFLATE stream', unfinished, true, /not finished/],
    ['no compression', Buffer.from(claims), true, /is not compressed/],
    ['compressed Latin-1', deflateRawSync(latin1), true, /not UTF-8 but probably ISO 8859-1/],
    ['compressed text', deflateRawSync('a marker-7f3a'), true, /not JSON/],
    ['inflated content that is too large', deflateRawSync('x'.repeat(600_000)), true, /more than 512 KiB/],
    ['random bytes', Buffer.from('ffffffffffffffffffff', 'hex'), true, /not DEFLATE/],
    ['Latin-1', latin1, false, /not UTF-8 but probably ISO 8859-1/],
    ['text', Buffer.from('a marker-7f3a'), false, /not JSON/],
    ['no content', Buffer.alloc(0), false, /not JSON/],
    ['bytes that are no text', Buffer.from('fffe00', 'hex'), false, /not UTF-8$/],
    ['raw DEFLATE without zip', deflateRawSync(claims), false, /is compressed, although/],
    ['gzip without zip', gzipSync(claims), false, /is compressed, although/],
    ['content that is too large', Buffer.alloc(600_000, 'x'), false, /more than 512 KiB/],
  ])('says that a token was opened and contains %s', (_, content, isCompressed, message) => {
    const finding = contentFault(content, isCompressed);
    expect(finding).toMatchObject({ level: 'structure', path: '/token', severity: 'error' });
    expect(finding.message).toMatch(/^was opened, but /);
    expect(finding.message).toMatch(message);
    expect(finding.fix).toMatch(/\.$/);
    expect(JSON.stringify(finding)).not.toContain('marker');
  });
});
