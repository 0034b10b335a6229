import { defineSettings, optional, setting } from '../settings/define-settings.ts';
import { httpUrl, trustedProxies } from '../settings/network-setting-types.ts';
import { integer, text } from '../settings/setting-types.ts';

/** Settings for the HTTP server. */
export const httpSettings = defineSettings({
  HOST: setting(text(), { default: '127.0.0.1', doc: 'Address to listen on.' }),
  PORT: setting(integer(0, 65_535), { default: '8080', doc: 'Port to listen on. 0 selects a free port.' }),
  PUBLIC_URL: optional(httpUrl(), {
    doc: 'The address of the web pages in browsers, if it differs from HOST and PORT. watmeter then rejects sign-in from pages at any other address. An https address makes cookies Secure.',
  }),
  TRUST_PROXY: setting(trustedProxies(), {
    default: 'false',
    doc: 'Reverse proxies whose headers X-Forwarded-For and X-Forwarded-Proto are trusted. With `true`, every client can claim any address.',
  }),
  METRICS_TOKEN: optional(text({ minLength: 16 }), {
    secret: true,
    doc: 'Bearer token for GET /metrics. Without it, only programs on this machine can read the metrics. If it is set, they need it too.',
  }),
});
