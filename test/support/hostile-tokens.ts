/**
 * A malicious token header and the required result. `opens` is true if a token with this header must be accepted,
 * for example because RFC 7516 requires readers to ignore a member. Otherwise the token must be rejected.
 */
export interface HostileHeader {
  /** The protected header as text, because libraries would not produce most of these headers. */
  readonly text: string;
  readonly opens: boolean;
}

/**
 * Returns headers by name. A test adds each header to an otherwise valid token, which is encrypted to the right key and
 * has an authentication tag for this header.
 */
export function hostileHeaders(kid: string): Readonly<Record<string, HostileHeader>> {
  const good = { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid };
  const plain = JSON.stringify(good);
  const refused = (members: object): HostileHeader => ({
    text: JSON.stringify({ ...good, ...members }),
    opens: false,
  });
  const ignored = (members: object): HostileHeader => ({ ...refused(members), opens: true });
  const text = (json: string, opens = false): HostileHeader => ({ text: json, opens });
  const lists: Record<string, HostileHeader> = {};
  for (const alg of otherAlgorithms) lists[`alg ${alg}`] = refused({ alg, p2c: 2 ** 31 - 1, p2s: 'AAAA' });
  for (const enc of otherEncryptions) lists[`enc ${JSON.stringify(enc)}`] = refused({ enc });
  for (const zip of otherCompressions) lists[`zip ${JSON.stringify(zip)}`] = refused({ zip });
  for (const crit of [[], ['b64'], ['exp'], null, 'b64', {}, false, 0, Array(200).fill('x')])
    lists[`crit ${JSON.stringify(crit).slice(0, 20)}`] = refused({ crit, b64: false, exp: 1 });
  for (const kind of [null, 7, true, [kid], { toString: kid }, { [kid]: 1 }])
    lists[`kid ${JSON.stringify(kind).slice(0, 20)}`] = refused({ kid: kind });
  return {
    ...lists,
    'b64 without crit': ignored({ b64: false }),
    'p2c with another algorithm': ignored({ p2c: 2 ** 31 - 1, p2s: 'AAAA' }),
    'an enormous p2c': ignored({ p2c: 1e308 }),
    'URLs of keys': ignored({ jku: 'http://127.0.0.1:1/', x5u: 'http://127.0.0.1:1/', jwk: {} }),
    'cty JWT around plain claims': ignored({ cty: 'JWT', typ: 'JWT' }),
    'names of Object.prototype members': ignored({ toString: 1, constructor: { prototype: { alg: 'dir' } } }),
    'an enormous kid': refused({ kid: 'f'.repeat(2900) }),
    'a header beyond its limit': refused({ x: 'y'.repeat(4096) }),
    'a kid with a blank': refused({ kid: `${kid} ` }),
    'a kid in capitals': refused({ kid: kid.toUpperCase() }),
    'a kid with a NUL': refused({ kid: `${kid}\0` }),
    'a kid with a lone surrogate': text(plain.replace(kid, `${kid}\\ud800`)),
    'a kid in full-width digits': refused({ kid: kid.replace(/\d/g, (digit) => fullWidth(digit)) }),
    'no kid': text('{"alg":"RSA-OAEP-256","enc":"A256GCM"}'),
    'members by __proto__': text(`{"__proto__":${plain}}`),
    '__proto__ before the members': text(
      plain.replace('{', '{"__proto__":{"crit":["x"],"zip":"DEF"},'),
      true,
    ),
    'alg twice, the last wrong': text(plain.replace(/}$/, ',"alg":"dir"}')),
    'alg twice, the last right': text(plain.replace('{', '{"alg":"dir",'), true),
    'kid twice, the last unknown': text(plain.replace(/}$/, `,"kid":"${'f'.repeat(24)}"}`)),
    'crit twice, the last null': text(plain.replace('{', '{"crit":["x"],"crit":null,')),
    'escaped names': text(plain.replace('"alg"', '"\\u0061lg"'), true),
    'names in capitals': text(plain.replace('"alg"', '"ALG"')),
    '1,000 deep': text(plain.replace('{', `{"x":${'['.repeat(1000)}${']'.repeat(1000)},`), true),
    'huge numbers': text(plain.replace('{', '{"x":1e999999,"y":-1e400,"z":99999999999999999999999,'), true),
    'white space around': text(` \r\n\t${plain}\n`, true),
    'a byte order mark': text(`\ufeff${plain}`, true),
    'two byte order marks': text(`\ufeff\ufeff${plain}`),
    'a character after the object': text(`${plain}x`),
    'two objects': text(plain + plain),
    'a comment': text(`${plain}/**/`),
    'a NUL after the object': text(`${plain}\0`),
    'single quotes': text(plain.replaceAll('"', "'")),
    'an empty object': text('{}'),
    'an empty text': text(''),
    'a list': text(`[${plain}]`),
    'a JSON string': text(JSON.stringify(plain)),
    null: text('null'),
    'a number': text('1e400'),
  };
}

const otherAlgorithms = [
  'none',
  'dir',
  'RSA1_5',
  'RSA-OAEP',
  'RSA-OAEP-384',
  'RSA-OAEP-512',
  'rsa-oaep-256',
  'RSA-OAEP-256 ',
  'RSA-OAEP-256\0',
  'A128KW',
  'A256GCMKW',
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'PBES2-HS256+A128KW',
  'PBES2-HS384+A192KW',
  'PBES2-HS512+A256KW',
  'HS256',
  'RS256',
  '__proto__',
];
const otherEncryptions = [
  'A192GCM',
  'A128CBC-HS256',
  'A256CBC-HS512',
  'a256gcm',
  'A256GCM ',
  'A128GCM',
  'none',
  '',
  '__proto__',
  'constructor',
  'toString',
  null,
  16,
  ['A256GCM'],
  { A256GCM: 1 },
];
const otherCompressions = ['GZ', 'def', 'DEF ', 'DEFLATE', 'ZIP', 'br', '', null, true, 1, ['DEF'], {}];

function fullWidth(digit: string): string {
  return String.fromCharCode(digit.charCodeAt(0) + 0xfee0);
}

/** Characters that lenient base64url decoders skip or misread. */
const skippedTexts = [' ', '\t', '\n', '\r\n', '\0', '\u00a0', '\u200b', '\ufeff', '%0A', '!'];

/** Returns texts that a lenient decoder accepts as the same token: variants of every part and of the whole token. */
export function otherSpellings(token: string): readonly string[] {
  const parts = token.split('.');
  const ofParts = parts.flatMap((part, place) =>
    spellingsOf(part).map((other) => parts.with(place, other).join('.')),
  );
  const whole = [
    parts.map((part) => part + '='.repeat((4 - (part.length % 4)) % 4)).join('.'),
    parts.join('. '),
    parts.join('.\n'),
    parts.join('%2E'),
    `${token}.`,
    `.${token}`,
    parts.join('..'),
    parts.join('\u3002'),
    `"${token}"`,
    `Bearer ${token}`,
    `${token}\0`,
  ];
  return [...new Set([...ofParts, ...whole])].filter((other) => other !== token);
}

function spellingsOf(part: string): string[] {
  const middle = Math.floor(part.length / 2);
  const bytes = Buffer.from(part, 'base64url');
  return [
    `${part}=`,
    `${part}==`,
    bytes.toString('base64'),
    part.replaceAll('-', '+'),
    part.replaceAll('_', '/'),
    part.replaceAll('-', '%2D').replaceAll('_', '%5F'),
    ...otherEnds(part),
    ...skippedTexts.map((skipped) => part.slice(0, middle) + skipped + part.slice(middle)),
  ];
}

/** Returns texts whose last character differs only in bits that are not part of a byte (RFC 4648, section 3.5). */
function otherEnds(part: string): string[] {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const spareBits = { 2: 4, 3: 2 }[part.length % 4] ?? 0;
  const last = alphabet.indexOf(part.at(-1) ?? '');
  return Array.from(
    { length: 2 ** spareBits - 1 },
    (_, bits) => part.slice(0, -1) + alphabet[last + bits + 1],
  );
}

/** Returns one altered token per character position. The kind of change depends on the position and the round. */
export function mutate(token: string, round: number): readonly string[] {
  const others = ['.', '=', '+', '/', ' ', '\n', '\0', 'é', '\ufeff', '\ud800', '😀', '%', '"', '\\'];
  return Array.from(token, (given, at) => {
    const replaced = (by: string) => token.slice(0, at) + by + token.slice(at + 1);
    const other = others[(at + round) % others.length] as string;
    const kinds = [
      () => replaced(given === 'A' ? 'B' : 'A'),
      () => replaced(other === given ? '' : other),
      () => replaced(''),
      () => replaced(given + given),
      () => token.slice(0, at) + other + token.slice(at),
    ];
    return (kinds[(at + round) % kinds.length] as () => string)();
  }).filter((changed) => changed.trim() !== token);
}
