import {
  defineSettings,
  type Environment,
  optional,
  type SettingRule,
  setting,
} from '../../platform/settings/define-settings.ts';
import { domainName, httpUrl, origins } from '../../platform/settings/network-setting-types.ts';
import { autoOr, byteSize, dayMs, duration, integer, oneOf } from '../../platform/settings/setting-types.ts';

/** Settings for exchanges, links and sessions. */
export const gatewaySettings = defineSettings({
  GATEWAY_WORKERS: setting(autoOr(integer(0, 64)), {
    default: '0',
    doc: 'Number of worker processes that serve the gateway’s clients, for machines with many cores (docs/how-to/scale-out.md). With `0`, the gateway process serves them. `auto` is one worker for each core, at most 8.',
  }),
  SESSION_TTL: setting(duration(60_000, 30 * dayMs), {
    default: '8h',
    doc: 'How long a session token is valid. Use of the session renews it (docs/reference/sessions.md).',
  }),
  SESSION_MAX: setting(duration(60_000, 365 * dayMs), {
    default: '7d',
    doc: 'Maximum lifetime of a session, including all renewals.',
  }),
  CLAIMS_BUDGET: setting(byteSize(1024 ** 2, 64 * 1024 ** 3), {
    default: '32MiB',
    doc: 'How many bytes of new claims that are too large for a session token (over about 2 KiB) one token configuration may store in the control store per minute, in each gateway process. Claims of the same token are stored once. Beyond it, exchanges with such claims return 429 `claims_budget_exceeded`.',
  }),
  ALLOWED_ORIGINS: optional(origins(), {
    doc: 'Origins whose pages may call exchange, redeem, renew and claims from a browser (CORS). Without it, no other origin may.',
  }),
  LINK_TARGET_URL: optional(httpUrl(), {
    doc: 'Address of the application that links open. The path of a link (`/wat/<token>/<path>`) is appended to this address (docs/reference/links.md). Without it, links return 404.',
  }),
  LINK_HANDOFF: setting(oneOf('cookie', 'code'), {
    default: 'cookie',
    doc: 'How the application receives the session of a link. `cookie` is for an application on the same host or below COOKIE_DOMAIN. `code` is for other hosts: the application redeems `wat_code` once.',
  }),
  LINK_BOTS: setting(oneOf('refuse', 'open'), {
    default: 'refuse',
    doc: 'What a self-declared bot gets from a link, such as a crawler or the link preview of a chat program. `refuse`: a neutral page without a session. `open`: a session, like a person.',
  }),
  LINK_CONFIRM: setting(oneOf('never', 'always'), {
    default: 'never',
    doc: '`always` shows a page with a button before a link starts a session. It keeps mail scanners, which do not name themselves, from starting sessions.',
  }),
  LINK_CHECK_RESOURCES: setting(oneOf('true', 'false'), {
    default: 'false',
    doc: '`true` rejects links whose path is outside the `res` of their token, before a session is counted.',
  }),
  COOKIE_SAMESITE: setting(oneOf('lax', 'strict', 'none'), {
    default: 'lax',
    doc: 'SameSite attribute of the session cookie. `none` is for frames in pages of other sites: the cookie is Partitioned and needs https. With `strict`, links on other sites open the application without their session.',
  }),
  COOKIE_DOMAIN: optional(domainName(), {
    doc: 'Domain of the session cookie, if the application is on another host below this domain. Without it, only the host of the link receives the cookie.',
  }),
});

/** Rejects COOKIE_SAMESITE=none without https, because browsers accept such a cookie only over https. */
export const cookieSettingRule: SettingRule = (env) => {
  if (env['COOKIE_SAMESITE'] !== 'none' || mayBeHttps(env)) return [];
  const message =
    'must not be none without https: browsers reject such cookies. Set PUBLIC_URL to an https address';
  return [{ path: 'COOKIE_SAMESITE', message }];
};

/** Returns whether browsers may use https: PUBLIC_URL is an https address, or a trusted proxy may report https. */
function mayBeHttps(env: Environment): boolean {
  const { PUBLIC_URL: url = '', TRUST_PROXY: proxy = '' } = env;
  return url === '' ? proxy !== '' && proxy !== 'false' : /^https:/i.test(url);
}
