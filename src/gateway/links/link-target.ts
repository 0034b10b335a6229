/**
 * Returns the URL to which a link redirects: the path of the link below the application's address, with the query
 * string (empty, or starting with `?`). Returns undefined if the URL would be outside that address, or if an
 * application that parses paths differently could read it so.
 */
export type LinkTarget = (path: string, query: string) => string | undefined;

/** Query parameter that contains the code (docs/reference/links.md). */
export const codeParameter = 'wat_code';

/**
 * Maximum number of times that a segment is decoded. Real names are not percent-encoded more often, so a segment that
 * can still be decoded after that is rejected as an attack.
 */
const maxDecodings = 3;

/** Matches a segment, decoded or not, that contains a separator or a control character, or is a dot segment. */
const unsafe = /[/\\\p{Cc}\uFFFD]|^[.\s]*(;|$)/u;
/** Matches printable ASCII without the characters that end a path segment. Every `%` must start an encoded byte. */
const segmentShape = /^(?:[!"$&->@-~]|%[0-9A-Fa-f]{2})+$/;
const queryShape = /^(?:\?[!"$-~]*)?$/;

/**
 * Creates the link target for `targetUrl`, an http or https URL. The path stays encoded as received. An empty path
 * leads to `targetUrl` itself. The path is appended to `targetUrl`, not resolved as a relative reference (RFC 3986,
 * 5.2), and the result must be below `targetUrl`. Pure.
 */
export function createLinkTarget(targetUrl: string): LinkTarget {
  const base = new URL(targetUrl);
  const prefix = base.pathname.replace(/\/*$/, '/');

  return (path, query) => {
    if (!queryShape.test(query)) return undefined;
    if (path !== '' && !withoutFinalSlash(path).split('/').every(isSafeSegment)) return undefined;
    const url = new URL(`${base.origin}${prefix}${path}`);
    if (url.origin !== base.origin || !url.pathname.startsWith(prefix)) return undefined;
    return `${url.origin}${url.pathname}${query === '?' ? '' : query}`;
  };
}

/** Removes a final slash from a path with a segment before it. Applications can treat `a` and `a/` differently. */
function withoutFinalSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
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

/** Decodes percent-encoding once. Invalid escapes are kept, and bytes that are not UTF-8 become U+FFFD. */
function decodeOnce(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/**
 * Adds a code to the target's query and removes any other code. Otherwise a link could contain the code of another
 * viewer's session, and the application would redeem it.
 */
export function addCode(target: string, code: string): string {
  const [address = '', ...query] = target.split('?');
  const parameters = query
    .join('?')
    .split('&')
    .filter((part) => part !== '' && !part.split(';').some(isCode));
  return `${address}?${[...parameters, `${codeParameter}=${code}`].join('&')}`;
}

function isCode(parameter: string): boolean {
  const [name = ''] = decodeOnce(parameter).replaceAll('+', ' ').split('=');
  return name.trim().toLowerCase() === codeParameter;
}
