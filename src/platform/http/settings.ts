import { defineSettings, optional, setting } from '../settings/define-settings.ts';
import { httpUrl, trustedProxies } from '../settings/network-setting-types.ts';
import { integer, text } from '../settings/setting-types.ts';

/** Settings of the HTTP server. */
export const httpSettings = defineSettings({
  HOST: setting(text(), { default: '127.0.0.1', doc: 'Address to listen on.' }),
  PORT: setting(integer(0, 65_535), { default: '8080', doc: 'Port to listen on; 0 takes a free one.' }),
  PUBLIC_URL: optional(httpUrl(), {
    doc: 'The address that browsers use, where it differs from HOST and PORT. An https address makes cookies Secure.',
  }),
  TRUST_PROXY: setting(trustedProxies(), {
    default: 'false',
    doc: 'Which reverse proxies to believe when they say where a request comes from (X-Forwarded-For).',
  }),
  METRICS_TOKEN: optional(text({ minLength: 16 }), {
    secret: true,
    doc: 'Bearer token for GET /metrics from other machines; without it only loopback may read metrics.',
  }),
});
