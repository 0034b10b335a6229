/**
 * Where a link leads: its path below the address of the application, its query string (with the `?`, or empty) along.
 * Undefined where it would lead elsewhere, or might for an application that reads paths in another way than we do.
 */
export type LinkTarget = (path: string, query: string) => string | undefined;

/** The parameter by which a hand-off by code tells the code (docs/reference/links.md). */
export const codeParameter = 'wat_code';

/** More layers of percent-encoding than this are no name but an attempt. */
const maxDecodings = 3;

/** What a segment must not be before or after it is decoded: several segments, a step, or a control character. */
const unsafe = /[/\\\p{Cc}\uFFFD]|^[.\s]*(;|$)/u;
/** Printable ASCII but what ends a path; every `%` begins an encoded byte. */
const segmentShape = /^(?:[!"$&->@-~]|%[0-9A-Fa-f]{2})+$/;
const queryShape = /^(?:\?[!"$-~]*)?$/;

/**
 * The target of links to `targetUrl`, an http or https URL. Pure. The path is taken as it came, still encoded: an
 * empty one is the application itself. Never resolved as a relative reference (RFC 3986, 5.2): it is put behind the
 * prefix, and what comes out must lie below it.
 */
export function createLinkTarget(targetUrl: string): LinkTarget {
  const base = new URL(targetUrl);
  const prefix = base.pathname.replace(/\/*$/, '/');

  return (path, query) => {
    if (!queryShape.test(query)) return undefined;
    if (path !== '' && !path.split('/').every(isSafeSegment)) return undefined;
    const url = new URL(`${base.origin}${prefix}${path}`);
    if (url.origin !== base.origin || !url.pathname.startsWith(prefix)) return undefined;
    return `${url.origin}${url.pathname}${query === '?' ? '' : query}`;
  };
}

function isSafeSegment(segment: string): boolean {
  if (!segmentShape.test(segment)) return false;
  let text = segment;
  for (let decodings = 0; decodings <= maxDecodings; decodings += 1) {
    if (unsafe.test(text)) return false;
    const decoded = decodeOnce(text);
    if (decoded === text) return true;
    text = decoded;
  }
  return false;
}

/** As a lenient reader would: what is no encoded byte stays. Bytes that are no UTF-8 become U+FFFD. */
function decodeOnce(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/** A target with a code in its query, and no other code beside it: that would be somebody else's. */
export function addCode(target: string, code: string): string {
  const [address = '', ...query] = target.split('?');
  const kept = query
    .join('?')
    .split('&')
    .filter((part) => part !== '' && !part.split(';').some(isCode));
  return `${address}?${[...kept, `${codeParameter}=${code}`].join('&')}`;
}

function isCode(parameter: string): boolean {
  const [name = ''] = decodeOnce(parameter).replaceAll('+', ' ').split('=');
  return name.trim().toLowerCase() === codeParameter;
}
