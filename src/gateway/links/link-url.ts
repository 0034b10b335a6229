import { AppError } from '../../platform/errors/errors.ts';
import { gatewayErrors } from '../declarations/errors.ts';

/** Everything below is a link. */
export const linkPrefix = '/wat/';

/** Where in the application a link leads, as it came: nothing is decoded. */
export interface LinkPlace {
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
}

/**
 * The token and the place of a link whose URL is `/wat/{token}/{path}`, in origin or absolute form (RFC 9112, 3.2).
 * @throws AppError `link_path_invalid`.
 */
export function readLink(url: string): LinkPlace & { readonly token: string } {
  const { path, query } = readPlace(url);
  const slash = path.indexOf('/');
  const token = decodeURIComponent(slash < 0 ? path : path.slice(0, slash));
  return { token, path: slash < 0 ? '' : path.slice(slash + 1), query };
}

/** The same where the token comes in the body: `/wat/{path}`. @throws AppError `link_path_invalid`. */
export function readPlace(url: string): LinkPlace {
  const own = url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/]*/i, '');
  // The router has decoded what it has looked at. Written in another way, there is no telling where a token is.
  if (!own.startsWith(linkPrefix)) throw new AppError(gatewayErrors.link_path_invalid);
  const mark = own.indexOf('?');
  const end = mark < 0 ? own.length : mark;
  return { path: own.slice(linkPrefix.length, end), query: own.slice(end) };
}
