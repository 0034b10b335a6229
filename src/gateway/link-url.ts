/** Everything below is a link. */
export const linkPrefix = '/wat/';

/** A link as it came: nothing but the token is decoded. */
export interface Link {
  readonly token: string;
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
}

/** The parts of a link's URL, in origin or absolute form (RFC 9112, 3.2), whose path begins with `/wat/`. */
export function readLink(url: string): Link {
  const { path, query } = readPath(url);
  const slash = path.indexOf('/');
  const token = slash < 0 ? path : path.slice(0, slash);
  return { token: decodeURIComponent(token), path: slash < 0 ? '' : path.slice(slash + 1), query };
}

/** The same where the token comes in the body. */
export function readPath(url: string): Omit<Link, 'token'> {
  const own = url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/]*/i, '');
  const mark = own.indexOf('?');
  const end = mark < 0 ? own.length : mark;
  return { path: own.slice(linkPrefix.length, end), query: own.slice(end) };
}
