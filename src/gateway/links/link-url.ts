import { AppError } from '../../platform/errors/errors.ts';
import { gatewayErrors } from '../declarations/errors.ts';

/** The path prefix of all links. */
export const linkPrefix = '/wat/';

/** Path and query that a link opens in the application. They are not decoded. */
export interface LinkLocation {
  readonly path: string;
  /** Query string. It starts with `?`, or is empty. */
  readonly query: string;
}

/**
 * Parses the URL `/wat/{token}/{path}` of a link. The URL is in origin form or absolute form (RFC 9112, 3.2).
 * @throws AppError `link_path_invalid` if the URL does not start with the literal prefix `/wat/`.
 */
export function readLink(url: string): LinkLocation & { readonly token: string } {
  const { path, query } = readLocation(url);
  const slash = path.indexOf('/');
  const token = decodeURIComponent(slash < 0 ? path : path.slice(0, slash));
  return { token, path: slash < 0 ? '' : path.slice(slash + 1), query };
}

/**
 * Parses the URL `/wat/{path}` of a link whose token is in the request body.
 * @throws AppError `link_path_invalid` if the URL does not start with the literal prefix `/wat/`.
 */
export function readLocation(url: string): LinkLocation {
  const originForm = url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/]*/i, '');
  // The router matches the decoded URL. If the prefix is encoded, the position of the token is unknown.
  if (!originForm.startsWith(linkPrefix)) throw new AppError(gatewayErrors.link_path_invalid);
  const queryStart = originForm.indexOf('?');
  const end = queryStart < 0 ? originForm.length : queryStart;
  return { path: originForm.slice(linkPrefix.length, end), query: originForm.slice(end) };
}
