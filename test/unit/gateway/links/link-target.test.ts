import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCode, createLinkTarget } from '../../../../src/gateway/links/link-target.ts';
import { readLink, readLocation } from '../../../../src/gateway/links/link-url.ts';

const bases = [
  'https://app.example',
  'https://app.example/',
  'https://app.example/bi',
  'https://app.example/bi/',
  'http://app.example:8080/a/b',
  'http://[2001:db8::1]:8080/x',
];
const prefixOf = (base: string) => `${base.replace(/\/+$/, '')}/`;

describe('createLinkTarget', () => {
  it.each(bases)('appends the path and query of a link to the target %s', (base) => {
    const target = createLinkTarget(base);
    const prefix = prefixOf(base);
    for (const path of [
      '',
      'dashboards/42',
      'a%20b',
      'caf%C3%A9',
      "a:b@c;d=e,f!$&'()*+=~_-.x",
      '100%25',
      'dashboards/42/',
      'v1..2',
    ]) {
      expect(target(path, '')).toBe(prefix + path);
      expect(target(path, '?a=1&b=%2F..%2F&c')).toBe(`${prefix}${path}?a=1&b=%2F..%2F&c`);
    }
    expect(target('a', '?')).toBe(`${prefix}a`);
  });

  it('keeps a URL-like path inside the target', () => {
    const [bare, below] = [
      createLinkTarget('https://app.example'),
      createLinkTarget('https://app.example/bi'),
    ];
    for (const path of [
      '@evil.com',
      '.evil.com',
      ':80@evil.com',
      'https:evil.com',
      'javascript:alert(1)',
      'evil.com',
    ]) {
      expect(bare(path, '')).toBe(`https://app.example/${path}`);
      expect(below(path, '')).toBe(`https://app.example/bi/${path}`);
    }
  });

  const escapes = [
    ...[
      '/',
      '//',
      '//evil.com',
      '/evil.com',
      '///evil.com',
      'a//b',
      'a//',
      '//a/',
      '../',
      '/a',
      'https://evil.com',
      '/\\evil.com',
    ],
    ...['.', '..', '../admin', 'a/../../admin', 'a/..', 'a/./b', './a', '...', 'a/.../b'],
    ...['%2e', '%2e%2e/admin', '.%2e/admin', '%2E%2E/admin', 'a/%2e%2e', '%2e%2e%2fadmin', '..%2fadmin'],
    ...['%2F%2Fevil.com', '%2fevil.com', 'a%2Fb', '%2F', '..%2F..%2Fadmin', '%2f..', 'a%2f%2e%2e%2fadmin'],
    ...['\\', '\\\\evil.com', '..\\admin', '%5c', '%5C%5Cevil.com', '..%5cadmin', 'a\\..\\b', '%5c..%5c..'],
    ...[
      '%252e%252e/admin',
      '%252f%252fevil.com',
      '%255c',
      '%25252e%25252e/a',
      '%2525252525252e',
      '%25%32%65%25%32%65',
    ],
    ...[
      '%00',
      'a%00b',
      '%0d%0aSet-Cookie:a=b',
      'a%0a',
      '%09',
      '%7f',
      '%1f',
      '%C2%85',
      'a%2500',
      'a\u0000',
      'a\r\nb',
      'a\tb',
    ],
    ...[
      '..;/admin',
      '..;a=b/admin',
      '%2e%2e;/admin',
      '..%3b/admin',
      ';a',
      ';',
      '.;',
      ' ',
      '%20',
      '..%20',
      '%20..',
    ],
    ...[
      '%c0%ae%c0%ae/admin',
      '%c0%af',
      '%e0%80%af',
      '%FF',
      '%',
      '%2',
      '%zz',
      'a%',
      'a b',
      'é',
      '\ud800',
      'a#b',
      'a?b',
    ],
  ];
  it.each(escapes)('returns undefined for a path that could leave the target: %j', (path) => {
    for (const base of bases) expect(createLinkTarget(base)(path, '?a=1')).toBeUndefined();
  });

  it('returns undefined if any segment of a path could leave the target', () => {
    const segment = fc.constantFrom('a', 'b%20c', '%25', 'd.e', '@', '..f');
    const bad = fc.constantFrom(
      '',
      '.',
      '..',
      '%2e%2e',
      '..;x',
      'a%2Fb',
      'a\\b',
      '%5c',
      'x%00',
      '%252e',
      '..%252f',
    );
    fc.assert(
      fc.property(
        fc.array(segment, { maxLength: 4 }),
        bad,
        fc.array(segment, { minLength: 1, maxLength: 4 }),
        (before, step, after) => {
          const path = [...before, step, ...after].join('/');
          expect(createLinkTarget('https://app.example/bi')(path, '')).toBeUndefined();
          const last = step === '' ? '/' : step;
          expect(createLinkTarget('https://app.example')([...after, last].join('/'), '')).toBeUndefined();
        },
      ),
    );
  });

  const nasty = fc.string({
    unit: fc.constantFrom(
      ...[
        '/',
        '\\',
        '.',
        '..',
        '%2e',
        '%2E',
        '%2f',
        '%5c',
        '%25',
        '%',
        '@',
        ':',
        ';',
        '?',
        '#',
        'a',
        'evil.com',
        ' ',
      ],
      ...[
        '\t',
        '\n',
        '\u0000',
        '%00',
        '%c0%ae',
        '%252e',
        'é',
        '\uff0f',
        '\u3002',
        '[',
        ']',
        '|',
        '"',
        '<',
        '//',
        'https:',
      ],
    ),
    maxLength: 12,
  });

  it('returns only URLs that a browser resolves inside the target', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...bases),
        fc.oneof(nasty, fc.string()),
        fc.oneof(fc.constant(''), nasty),
        (base, path, query) => {
          const address = createLinkTarget(base)(path, query === '' ? '' : `?${query}`);
          if (address === undefined) return;
          const url = new URL(address);
          const prefix = new URL(prefixOf(base));
          expect(url.origin).toBe(prefix.origin);
          expect([url.username, url.password, url.hash]).toEqual(['', '', '']);
          expect(url.pathname.startsWith(prefix.pathname)).toBe(true);
          // The browser neither removes nor adds a path segment.
          const segments = path === '' ? [''] : path.split('/');
          expect(url.pathname.slice(prefix.pathname.length).split('/')).toHaveLength(segments.length);
          // Decoding once or twice more does not turn a segment into a dot segment or into several segments.
          const decoded = segments.map(lenient);
          for (const text of [...decoded, ...decoded.map(lenient)])
            expect(text).not.toMatch(/^\.+$|[/\\]|\p{Cc}/u);
          expect(address).toMatch(/^[!-~]+$/);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('preserves path segments with any text', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => !/[/\\\p{Cc}\ufffd%]|^[.\s]*(;|$)/u.test(text) && text.isWellFormed());
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        const address =
          createLinkTarget('https://app.example/bi')(names.map(encodeURIComponent).join('/'), '') ?? '';
        const path = new URL(address).pathname.slice('/bi/'.length);
        expect(path.split('/').map(decodeURIComponent)).toEqual(names);
      }),
    );
  });

  it('returns within 200 ms for 16 KiB of worst-case input', () => {
    const target = createLinkTarget('https://app.example');
    for (const part of ['%25', '%2525', '.', '%20', ';', '%', 'a;', '%2e']) {
      const startMs = performance.now();
      target(part.repeat(16_384 / part.length), '');
      target(`${part.repeat(8000 / part.length)}/`.repeat(2), '');
      expect(performance.now() - startMs).toBeLessThan(200);
    }
  });
});

function lenient(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

describe('addCode', () => {
  it.each([
    ['https://app.example/', 'https://app.example/?wat_code=C'],
    ['https://app.example/a?x=1', 'https://app.example/a?x=1&wat_code=C'],
    ['https://app.example/a?x=1&x=2&&y', 'https://app.example/a?x=1&x=2&y&wat_code=C'],
    ['https://app.example/a?x=?&y=/', 'https://app.example/a?x=?&y=/&wat_code=C'],
  ])('appends the code to the existing query: %s', (target, expected) => {
    expect(addCode(target, 'C')).toBe(expected);
  });

  it.each([
    ...[
      'wat_code=evil',
      'wat_code',
      'wat%5Fcode=evil',
      '%77at_code=evil',
      'WAT_CODE=evil',
      'wat_code=a&wat_code=b',
    ],
    ...['x=1;wat_code=evil', '+wat_code=evil', 'wat_code%20=evil', 'wat_code=evil;x=1'],
  ])('replaces a code that the link already contains: %s', (query) => {
    const address = addCode(`https://app.example/a?y=2&${query}`, 'C');
    expect(address).toBe('https://app.example/a?y=2&wat_code=C');
  });
});

describe('readLink and readLocation', () => {
  it.each([
    ['/wat/T/a/b?x=1', { token: 'T', path: 'a/b', query: '?x=1' }],
    ['/wat/T', { token: 'T', path: '', query: '' }],
    ['/wat/T/', { token: 'T', path: '', query: '' }],
    ['/wat/T?x=/y', { token: 'T', path: '', query: '?x=/y' }],
    ['/wat/T//evil.com', { token: 'T', path: '/evil.com', query: '' }],
    ['/wat/%20T%2E%20/%2Fa', { token: ' T. ', path: '%2Fa', query: '' }],
    ['/wat/', { token: '', path: '', query: '' }],
    ['http://watmeter.example/wat/T/a?x', { token: 'T', path: 'a', query: '?x' }],
  ])('split a link and decode only its token (readLink): %s', (url, expected) => {
    expect(readLink(url)).toEqual(expected);
  });

  it('reject other spellings of the path prefix /wat/', () => {
    for (const url of ['/%77at/T/a', '//wat/T/a', '/WAT/T/a', 'http://h/%77at/T/a'])
      for (const read of [readLink, readLocation]) expect(() => read(url)).toThrow(/path/);
  });

  it('return the path and query of a link whose token is in the request body (readLocation)', () => {
    expect(readLocation('/wat/a/b?x')).toEqual({ path: 'a/b', query: '?x' });
    expect(readLocation('/wat/?x')).toEqual({ path: '', query: '?x' });
  });
});
