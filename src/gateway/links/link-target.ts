/**
 * Returns the URL of a link's path below the address of the application, with the query string (empty, or beginning
 * with `?`). Returns undefined if the URL would leave that address, or could leave it in an application that parses
 * paths differently.
 */
export type LinkTarget = (path: string, query: string) => string | undefined;

/** The query parameter that carries the code of a hand-off (docs/reference/links.md). */
export const codeParameter = 'wat_code';

/** More layers of percent-encoding than this do not occur in real names, so the path counts as an attack. */
const maxDecodings = 3;

/** Matches a segment, decoded or not, that holds several segments, a dot segment or a control character. */
const unsafe = /[/\\\p{Cc}\uFFFD]|^[.\s]*(;|$)/u;
/** Matches printable ASCII without the characters that end a path. Every `%` must begin an encoded byte. */
const segmentShape = /^(?:[!"$&->@-~]|%[0-9A-Fa-f]{2})+$/;
const queryShape = /^(?:\?[!"$-~]*)?$/;

/**
 * Returns the target of links to `targetUrl`, an http or https URL. Pure. The path stays encoded as received, and an
 * empty path is the application itself. The path is appended to the prefix, not resolved as a relative reference
 * (RFC 3986, 5.2), and the resulting URL must be below the prefix.
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

/** Decodes leniently: text that is not an encoded byte stays, and bytes that are not UTF-8 become U+FFFD. */
function decodeOnce(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/**
 * Returns a target with the code in its query. It removes any other code from the query, because a link could use one to
 * inject another viewer's session.
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
