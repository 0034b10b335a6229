import { linkPrefix } from '../../gateway/links/link-url.ts';

const ownPath = new RegExp(`^(${linkPrefix}|/api/v1/wat/|/\\.well-known/jwks\\.json)`);

/**
 * Whether a request is one that workers answer themselves: exchanges, links, sessions. However its target is spelled
 * (RFC 9112, 3.2; percent-encoding), as the router will read it: what is left to the main process opens tokens on the
 * thread that everybody waits for.
 */
export function isOwnTarget(target: string): boolean {
  if (ownPath.test(target)) return true;
  if (target.startsWith('/') && !target.includes('%')) return false;
  const [path = ''] = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, '').split('?', 1);
  try {
    return ownPath.test(decodeURIComponent(path));
  } catch {
    // Nobody can read it: the main process says so.
    return false;
  }
}
