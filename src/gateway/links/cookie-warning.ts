export interface CookieWarningConfig {
  readonly publicUrl: string | undefined;
  readonly linkTargetUrl: string;
  readonly cookieDomain: string | undefined;
}

/** Logs a warning if browsers will not send the session cookie of a link on this host to the application. */
export type WarnOfLostCookie = (linkHost: string) => void;

/**
 * Logs a warning at once if the application is not below COOKIE_DOMAIN. Without COOKIE_DOMAIN, returns a function that
 * warns once, at the first link that a browser opened on the host of PUBLIC_URL, if the application is on another host.
 * PUBLIC_URL alone is no reason for a warning: it may be the address of the dashboard, and links may be on the host of
 * the application. The host of a link alone is no reason either, because a proxy may not forward it.
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
