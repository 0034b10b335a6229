export interface CookieWarningConfig {
  readonly publicUrl: string | undefined;
  readonly linkTargetUrl: string;
  readonly cookieDomain: string | undefined;
}

/**
 * Called with the host of each opened link. Logs a warning if browsers will not send the session cookie from that
 * host to the application.
 */
export type WarnOfLostCookie = (linkHost: string) => void;

/**
 * Checks whether browsers will send the session cookie of a link to the application.
 *
 * If COOKIE_DOMAIN is set and the application is not below it, this function logs a warning immediately. Without
 * COOKIE_DOMAIN, the returned function warns once, at the first link that a browser opens on the host of PUBLIC_URL,
 * if the application is on another host.
 *
 * PUBLIC_URL alone does not justify a warning: it may be the address of the dashboard, while links are on the
 * application's host. The host of a link alone does not either, because a proxy may not forward the original host.
 */
export function createCookieWarning(
  { publicUrl, linkTargetUrl, cookieDomain }: CookieWarningConfig,
  logger: { warn(text: string): unknown },
): WarnOfLostCookie {
  const target = new URL(linkTargetUrl).hostname;
  if (cookieDomain !== undefined) {
    if (!isBelow(target, cookieDomain))
      logger.warn(
        'Browsers will not send the session cookie to LINK_TARGET_URL, which is not below COOKIE_DOMAIN: change COOKIE_DOMAIN, or set LINK_HANDOFF=code',
      );
    return () => {};
  }
  const publicHost = publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
  let isDone = publicHost === target;
  return (linkHost) => {
    if (isDone || linkHost !== publicHost) return;
    isDone = true;
    logger.warn(
      'Browsers do not send the session cookie of this link to LINK_TARGET_URL, which is on another host than the link: set COOKIE_DOMAIN, or LINK_HANDOFF=code',
    );
  };
}

function isBelow(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
