import {
  defineSettings,
  type Environment,
  optional,
  type SettingRule,
  setting,
} from '../../platform/settings/define-settings.ts';
import { domainName, httpUrl, origins } from '../../platform/settings/network-setting-types.ts';
import { autoOr, dayMs, duration, integer, oneOf } from '../../platform/settings/setting-types.ts';

/** Settings of the exchange, links and sessions. */
export const gatewaySettings = defineSettings({
  GATEWAY_WORKERS: setting(autoOr(integer(0, 64)), {
    default: '0',
    doc: 'Processes that answer the gateway’s clients in place of this one, for machines of many cores (docs/how-to/scale-out.md). `auto` is one for each core, at most 8.',
  }),
  SESSION_TTL: setting(duration(60_000, 30 * dayMs), {
    default: '8h',
    doc: 'How long a session token is valid. Use renews it (docs/reference/sessions.md).',
  }),
  SESSION_MAX: setting(duration(60_000, 365 * dayMs), {
    default: '7d',
    doc: 'The longest that a session lives, however often it is renewed.',
  }),
  ALLOWED_ORIGINS: optional(origins(), {
    doc: 'Origins whose pages may exchange, redeem and renew from a browser (CORS), `https://portal.example` with commas. Without it, none.',
  }),
  LINK_TARGET_URL: optional(httpUrl(), {
    doc: 'The address of the application that links (`/wat/<token>/<path>`) lead to; their paths are taken below it (docs/reference/links.md). Without it links answer 404.',
  }),
  LINK_HANDOFF: setting(oneOf('cookie', 'code'), {
    default: 'cookie',
    doc: 'How the application gets the session of a link: `cookie` for one on the same host or below COOKIE_DOMAIN, `code` for others: it redeems `wat_code`, once.',
  }),
  COOKIE_SAMESITE: setting(oneOf('lax', 'strict', 'none'), {
    default: 'lax',
    doc: 'SameSite of the session cookie. `none` is for frames in pages of other sites: the cookie is Partitioned, and needs https. With `strict`, links from other sites do not arrive with their session.',
  }),
  COOKIE_DOMAIN: optional(domainName(), {
    doc: 'Domain of the session cookie, where the application is on another host below it. Without it only the host of the link gets the cookie.',
  }),
});

/** Browsers take a cookie with SameSite=None over https only. */
export const cookieSettingRule: SettingRule = (env) => {
  if (env['COOKIE_SAMESITE'] !== 'none' || mayBeHttps(env)) return [];
  const message =
    'must not be none without https: browsers refuse such cookies. Set PUBLIC_URL to an https address';
  return [{ path: 'COOKIE_SAMESITE', message }];
};

/** Returns whether browsers may use https: PUBLIC_URL has it, or a trusted proxy may report it. */
function mayBeHttps(env: Environment): boolean {
  const { PUBLIC_URL: url = '', TRUST_PROXY: proxy = '' } = env;
  return url === '' ? proxy !== '' && proxy !== 'false' : /^https:/i.test(url);
}
