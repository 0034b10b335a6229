import { linkPrefix } from '../../gateway/links/link-url.ts';

const workerPath = new RegExp(`^(${linkPrefix}|/api/v1/wat/|/\\.well-known/jwks\\.json)`);

/**
 * Returns whether a worker handles a request itself: exchanges, links and sessions. It recognises every form of the
 * request target that the router accepts (RFC 9112, 3.2; percent-encoding). With a form that it did not recognise, a
 * client could make the main process decrypt tokens on its only thread.
 */
export function isWorkerTarget(target: string): boolean {
  if (workerPath.test(target)) return true;
  if (target.startsWith('/') && !target.includes('%')) return false;
  const [path = ''] = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, '').split('?', 1);
  try {
    return workerPath.test(decodeURIComponent(path));
  } catch {
    // The path cannot be decoded. The main process returns the error.
    return false;
  }
}
