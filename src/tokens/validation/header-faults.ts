import { isObject, type JsonObject } from '../claims/json-size.ts';
import type { Finding } from './findings.ts';

const maxHeaderChars = 4096;
/** Ignores a leading byte order mark, as the decoder for exchanges does (src/tokens/jwe/encoding.ts). */
const utf8 = new TextDecoder();

/**
 * Parses the header of a text that may be a token. It does not check the parameters. Returns undefined if the header
 * is not readable.
 */
export function readHeaderLoosely(token: string): JsonObject | undefined {
  const [first = ''] = token.split('.', 1);
  if (first.length > maxHeaderChars) return undefined;
  try {
    const header: unknown = JSON.parse(utf8.decode(Buffer.from(first, 'base64url')));
    return isObject(header) ? header : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Shapes of a link: a URL with the path of a link, or a token that the rest of a link follows. The last part of a
 * token has 22 characters.
 */
const linkShapes = [/^(https?:\/\/[^/]*)?\/wat\//i, /^[\w-]+(\.[\w-]*){3}\.[\w-]{22}[/?#]/];

/** Returns the reasons why `parseJwe` rejects a token. The list is never empty. Pure. */
export function findHeaderFaults(token: string, header: JsonObject | undefined): Finding[] {
  if (linkShapes.some((shape) => shape.test(token))) {
    return [
      fault(
        '/token',
        'is a link, not a token: the token is the part between /wat/ and the next /',
        'Copy only that part.',
      ),
    ];
  }
  const parts = token.split('.', 6);
  if (parts.length !== 5) {
    return [
      fault(
        '/token',
        'is not a compact JWE: it must have five parts, separated by dots',
        'Copy the complete token.',
      ),
    ];
  }
  const isMisspelt = parts.some((part) => Buffer.from(part, 'base64url').toString('base64url') !== part);
  const faults = [
    ...(isMisspelt
      ? [fault('/token', 'is not canonical base64url', 'Encode it without padding (RFC 4648, section 5).')]
      : []),
    ...(header === undefined ? [fault('/header', 'is not a JSON object', 'Send a protected header.')] : []),
    ...(header === undefined ? [] : parameterFaults(header)),
  ];
  return faults.length > 0
    ? faults
    : [
        fault(
          '/token',
          'has an initialisation vector or tag of the wrong length',
          'Use AES-GCM with a 12-byte vector and a 16-byte tag.',
        ),
      ];
}

function parameterFaults({ alg, enc, zip, kid, crit }: JsonObject): Finding[] {
  const rules: readonly (readonly [name: string, holds: boolean, rule: string, fix: string])[] = [
    ['alg', alg === 'RSA-OAEP-256', 'must be RSA-OAEP-256', 'Encrypt the key with RSA-OAEP and SHA-256.'],
    [
      'enc',
      enc === 'A128GCM' || enc === 'A256GCM',
      'must be A128GCM or A256GCM',
      'Encrypt the claims with AES-GCM.',
    ],
    [
      'zip',
      zip === undefined || zip === 'DEF',
      'must be DEF, or absent',
      'Compress with DEFLATE, or not at all.',
    ],
    [
      'kid',
      typeof kid === 'string',
      'must be the id of a token configuration',
      'Set `kid` to the id of the configuration.',
    ],
    ['crit', crit === undefined, 'is not supported', 'Remove the parameter.'],
  ];
  return rules
    .filter(([, holds]) => !holds)
    .map(([name, , rule, fix]) => fault(`/header/${name}`, rule, fix));
}

function fault(path: string, message: string, fix: string): Finding {
  return { level: 'structure', path, severity: 'error', message, fix };
}
